"""Tests of formats/kinds."""
