"""Tests of preservation/actions."""
