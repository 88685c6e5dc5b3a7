"""The text of a PDF: its words in their places, a second reader of its letters, and what of a page is scanned."""
