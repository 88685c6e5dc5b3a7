"""Volumes with their items: which rows are a volume, which pages belong to which item."""
