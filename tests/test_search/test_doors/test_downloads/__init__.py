"""Tests of search/doors/portal/downloads."""
