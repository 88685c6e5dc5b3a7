"""Tests of search/published/indexed."""
