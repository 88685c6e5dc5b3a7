"""Tests of ingest/tables."""
