"""Tests of cli/home/backup."""
