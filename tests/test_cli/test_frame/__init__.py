"""Tests of cli/frame."""
