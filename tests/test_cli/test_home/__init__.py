"""Tests of cli/home."""
