"""Sheets as people write them, read cell by cell."""
