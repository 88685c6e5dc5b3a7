"""A scanned page: made ready, read, and written as a searchable PDF."""
