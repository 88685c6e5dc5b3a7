"""Tests of ingest/leaving."""
