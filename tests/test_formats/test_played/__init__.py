"""Tests of formats/played."""
