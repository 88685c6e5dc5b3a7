"""Tests of ingest/sheets."""
