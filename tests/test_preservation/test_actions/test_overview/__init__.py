"""Tests of preservation/actions/overview."""
