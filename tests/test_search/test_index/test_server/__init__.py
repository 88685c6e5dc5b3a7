"""Tests of search/index/server."""
