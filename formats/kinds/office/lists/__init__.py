"""Numbers that office programs put before paragraphs: lists read from documents of three formats, and counted."""
