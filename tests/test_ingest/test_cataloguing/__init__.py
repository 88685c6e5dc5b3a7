"""Tests of ingest/cataloguing."""
