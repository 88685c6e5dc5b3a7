"""Units of the catalogue: what is described, at every level, with content or without."""
