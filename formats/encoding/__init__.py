"""Which encoding a text is in, told or judged."""
