"""Tests of formats/kinds/media."""
