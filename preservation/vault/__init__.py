"""All stores as one: writing, reading, copying, completing and removing packages."""
