"""Tests of formats/kinds/office."""
