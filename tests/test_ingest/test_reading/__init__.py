"""Tests of the room ingest/reading."""
