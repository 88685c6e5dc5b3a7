"""Tests of formats/kinds/bundles."""
