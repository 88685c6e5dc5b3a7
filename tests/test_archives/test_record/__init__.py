"""Tests of archives/record."""
