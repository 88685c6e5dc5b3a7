"""Tests of preservation/journal."""
