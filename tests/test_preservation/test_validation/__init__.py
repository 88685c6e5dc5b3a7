"""Tests of preservation/validation."""
