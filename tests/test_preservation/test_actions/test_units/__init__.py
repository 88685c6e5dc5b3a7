"""Tests of preservation/actions/units."""
