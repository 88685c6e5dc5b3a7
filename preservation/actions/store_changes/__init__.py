"""Stores that leave for good: another place takes over their name, or none does."""
