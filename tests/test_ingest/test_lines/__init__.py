"""Tests of the room ingest/lines."""
