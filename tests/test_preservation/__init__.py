"""Tests of the room preservation."""
