"""Tests of preservation/audit."""
