"""Digests of files and folders, as fast as the processors allow."""
