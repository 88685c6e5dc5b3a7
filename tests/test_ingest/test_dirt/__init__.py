"""Tests of ingest/dirt."""
