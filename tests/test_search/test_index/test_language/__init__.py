"""Tests of search/index/language."""
