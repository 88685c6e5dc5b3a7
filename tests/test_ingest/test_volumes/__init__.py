"""Tests of ingest/volumes."""
