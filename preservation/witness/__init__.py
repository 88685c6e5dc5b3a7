"""What an outside client may ask about copies, and what it asked."""
