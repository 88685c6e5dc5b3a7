"""Tests of ``formats/encoding``."""
