"""Tests of preservation/actions/purging."""
