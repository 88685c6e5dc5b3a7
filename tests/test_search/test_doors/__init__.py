"""Tests of search/doors."""
