"""Tests of ingest/page/ocr."""
