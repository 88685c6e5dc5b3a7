"""The text of pages, and how it is folded and cut for search."""
