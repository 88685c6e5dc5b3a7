"""Tests of archives/exchange."""
