"""What may go, who decided it, and the register of it."""
