"""Tests of search/published."""
