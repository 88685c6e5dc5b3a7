"""Tests of preservation/witness."""
