"""Tests of ingest/page."""
