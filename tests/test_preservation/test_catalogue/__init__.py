"""Tests of preservation/catalogue."""
