"""Tests of the room ingest/readers."""
