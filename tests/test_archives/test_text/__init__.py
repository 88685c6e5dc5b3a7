"""Tests of archives/text."""
