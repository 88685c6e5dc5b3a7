"""Tests of preservation/package."""
