"""Tests of formats/picture."""
