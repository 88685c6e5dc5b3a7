"""A home kept elsewhere: what of it is backed up, the backup as a folder, a home restored from it."""
