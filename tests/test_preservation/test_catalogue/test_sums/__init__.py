"""Tests of preservation/catalogue/sums."""
