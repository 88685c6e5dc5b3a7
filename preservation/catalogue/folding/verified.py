"""When a copy was last found whole, as its row says it."""

from datetime import datetime

UNREAD = "0001-01-01T00:00:00+00:00"
"""Stands where a copy was not read since its store was moved or set back: earlier than any moment, so that it is due first."""


def read_at(text: str) -> datetime | None:
    """Return when a copy was last found whole where it lies, None where that is not known."""
    return None if text == UNREAD else datetime.fromisoformat(text)
