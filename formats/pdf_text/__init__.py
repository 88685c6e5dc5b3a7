"""The text of a PDF: its words in their places, and a second reader of its letters."""
