"""A date of formation: as it is written, and the first and last day that it can mean (DA/T 18-2022, 7.6; EDTF)."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Literal

Certainty = Literal["", "考证", "约", "存疑"]
"""How sure a date is: stated on the record, inferred by whoever described it (in brackets), approximate, doubtful."""

_QUALIFIERS: dict[Certainty, str] = {"": "", "考证": "", "约": "~", "存疑": "?"}


@dataclass(frozen=True, slots=True)
class RecordDate:
    """A date of formation. A side that is open, or a date that is not known, reaches to ``date.min`` or ``date.max``."""

    written: str
    earliest: date
    latest: date
    certainty: Certainty = ""

    @property
    def is_known(self) -> bool:
        """Whether it means any days at all: “undated” does not."""
        return (self.earliest, self.latest) != (date.min, date.max)

    @property
    def edtf(self) -> str:
        """The date in EDTF (ISO 8601-2:2019, level 1): a year, a month, a day or an interval; empty if not known."""
        first, last = self.earliest, self.latest
        if not self.is_known:
            return ""
        mark = _QUALIFIERS[self.certainty]
        if first == last:
            return f"{first.isoformat()}{mark}"
        if first == first.replace(month=1, day=1) and last == last.replace(month=12, day=31):
            years = (_side(f"{first.year:04}", first, mark), _side(f"{last.year:04}", last, mark))
            return years[0] if first.year == last.year else "/".join(years)
        if first.day == 1 and last == month_end(first):
            return f"{first.year:04}-{first.month:02}{mark}"
        return "/".join((_side(first.isoformat(), first, mark), _side(last.isoformat(), last, mark)))


def certainty_of(text: str) -> Certainty:
    """Return what was written of a certainty; raises ``ValueError`` for any other word."""
    for known in _QUALIFIERS:
        if text == known:
            return known
    raise ValueError(text)


def _side(text: str, day: date, mark: str) -> str:
    return ".." if day in (date.min, date.max) else f"{text}{mark}"


def month_end(day: date) -> date:
    """Return the last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
