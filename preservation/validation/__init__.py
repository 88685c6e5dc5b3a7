"""Anybody's package against its specification."""
