"""Tests of ingest/batch."""
