"""The package on disk: a BagIt bag in an OCFL object."""
