"""Values of one cell, judged: each text once, however many rows have it."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from archives.errors import FormatError
from archives.message import message
from archives.record.dates.parse import parse_record_date
from archives.record.description import (
    Retention,
    parse_count,
    parse_language,
    parse_retention,
    parse_security,
)
from archives.record.volume.page_cell import parse_page_spans
from archives.units.state import State

_PLAIN_DAY = re.compile(r"(1[5-9]\d\d|20\d\d)[-./]?(\d\d)[-./]?(\d\d)")
_RANGE = re.compile(
    r"\s*(?:第\s*)?0*(\d{1,6})\s*[页張张叶]?\s*(?:[-—–~～至到－]+\s*(?:第\s*)?0*(\d{1,6})\s*[页張张叶]?)?\s*"
)
_YEARS = {"永久": (1000, 1000), "长期": (16, 50), "短期": (1, 15)}
_NO_DAY = "there is no such day"
_REVERSED = "the range ends before it begins"


class Days(NamedTuple):
    """The first and the last day that a date means, as ordinals (0 for open), or the kind of dirt that it is."""

    first: int = 0
    last: int = 0
    dirt: str = ""


class Pages(NamedTuple):
    """The first and the last page of a range (the last 0 where it is not said), or the kind of dirt that it is."""

    first: int = 0
    last: int = 0
    dirt: str = ""


@lru_cache(maxsize=50_000)
def days_of(text: str) -> Days:
    """Return the days of a date."""
    if found := _PLAIN_DAY.fullmatch(text):
        try:
            day = date(*map(int, found.groups())).toordinal()
        except ValueError:
            pass  # 19830200 may mean a month: the reader of all dates knows
        else:
            return Days(day, day)
    try:
        read = parse_record_date(text)
    except FormatError as cause:
        said = cause.message.en
        kind = (
            "date-impossible"
            if said.startswith(_NO_DAY)
            else "date-reversed"
            if said.startswith(_REVERSED)
            else "date-unreadable"
        )
        return Days(dirt=kind)
    first = 0 if read.earliest == date.min else read.earliest.toordinal()
    return Days(first, 0 if read.latest == date.max else read.latest.toordinal())


@lru_cache(maxsize=20_000)
def pages_of(text: str) -> Pages:
    """Return the pages of a 页号, as volumes are read by it: ``12``, ``012—015``, 第12页, ``34,36-41``, ``12v``, ``34(共3页)``."""
    if found := _RANGE.fullmatch(text):
        first, last = int(found[1]), int(found[2] or 0)
        return Pages(first, last, "page-range-reversed" if found[2] and last < first else "")
    try:
        spans = parse_page_spans(text)
    except FormatError:
        return Pages(dirt="page-range-unreadable")
    if not spans:
        return Pages()
    first_page, end = spans[0].first, spans[-1].last or (spans[-1].first if len(spans) > 1 else None)
    return Pages(first_page.number or 0, (end.number or 0) if end else 0)


@lru_cache(maxsize=5_000)
def retention_years(text: str) -> tuple[int, int] | None:
    """Return the fewest and the most years of a retention period; None for one that cannot be read.

    长期 is 16 to 50 years, 短期 15 at most (国档发〔1987〕27号, in force until 2006).
    """
    try:
        read: Retention = parse_retention(text)
    except FormatError:
        return None
    return (read.years, read.years) if read.years else _YEARS[read.kind]


@lru_cache(maxsize=20_000)
def count_of(text: str) -> int | None:
    """Return a whole number, None for what is none."""
    try:
        return parse_count(text)
    except FormatError:
        return None


@lru_cache(maxsize=20_000)
def is_readable(key: str, text: str) -> bool:
    """Say whether the value of an element can be read."""
    parse = _PARSERS.get(key)
    try:
        if parse is not None:
            parse(text)
    except FormatError:
        return False
    return True


def _parse_state(text: str) -> State:
    if (state := State.stated(text)) is None:
        raise FormatError(message("没有这样的状态", "there is no such state"), subject=text)
    return state


_PARSERS: dict[str, Callable[[str], object]] = {
    "retention": parse_retention,
    "security": parse_security,
    "language": parse_language,
    "state": _parse_state,
    "pages": parse_count,
    "year": parse_count,
}
