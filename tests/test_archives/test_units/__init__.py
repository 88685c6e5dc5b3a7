"""Tests of archives/units."""
