"""Units with their files and with what was decided about them: records, items of volumes, what has no content."""
