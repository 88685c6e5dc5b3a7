"""Tests of archives/record/volume."""
