"""Tests of preservation/disposal."""
