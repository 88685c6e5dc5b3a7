"""Tests of search/published/files."""
