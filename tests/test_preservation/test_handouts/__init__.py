"""Tests of preservation/handouts."""
