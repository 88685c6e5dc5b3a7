"""Tests of archives/proof."""
