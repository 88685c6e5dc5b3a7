"""Tests of search/index."""
