"""Tests of preservation/stores."""
