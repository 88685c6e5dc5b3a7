"""Tests of preservation/printing."""
