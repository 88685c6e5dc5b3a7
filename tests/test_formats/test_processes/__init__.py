"""Tests of formats/processes."""
