"""Workbooks to be filled in: which columns there are, what goes into each, and an example that comes in as it stands."""
