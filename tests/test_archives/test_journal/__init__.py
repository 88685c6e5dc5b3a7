"""Tests of archives/journal."""
