"""Tests of Jinkui: real bytes, real stores, real files."""
