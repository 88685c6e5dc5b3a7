"""Tests of ingest/profiles."""
