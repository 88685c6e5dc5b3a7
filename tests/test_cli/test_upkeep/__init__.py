"""Tests of cli/upkeep."""
