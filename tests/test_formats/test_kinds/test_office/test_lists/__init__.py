"""Tests of formats/kinds/office/lists."""
