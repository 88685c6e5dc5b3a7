"""Tests of preservation/vault."""
