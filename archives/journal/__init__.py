"""What is remembered for ever: facts, one type a kind, in a chain that shows every change."""
