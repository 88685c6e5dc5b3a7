"""Tests of preservation/digests."""
