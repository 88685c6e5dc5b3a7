"""The names that a fonds and its creator had, one after the other (GB/T 13967-2026): which one holds on a record's date.

Written as one text, so that a cell, an XML element and a row of JSON hold it alike: ``1953.5—1984.3 水利局全宗｜县水利局；1984.3— 水务局全宗``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from archives.errors import FormatError
from archives.record.dates.parse import parse_record_date
from archives.record.dates.record_date import RecordDate

_ENTRY = re.compile(r"\s*(?P<first>[^\s—]*)—(?P<last>[^\s—]*)\s+(?P<name>[^｜]+?)\s*(?:｜\s*(?P<creator>.*?))?\s*")
_BETWEEN = re.compile(r"[；;\n]")
_STILL = frozenset({"", "今", "至今", "现在", "now", "present"})


@dataclass(frozen=True, slots=True)
class FondsName:
    """A name of a fonds, that of its creator, and from when to when they held, as written; empty is not known."""

    name: str
    creator: str = ""
    first: str = ""
    last: str = ""

    @property
    def begins(self) -> date | None:
        """The first day that the beginning can mean, None where it is not known."""
        read = _read(self.first)
        return read.earliest if read else None

    @property
    def ends(self) -> date | None:
        """The last day that the end can mean, None where there is none or it is not known."""
        read = _read(self.last)
        return read.latest if read else None


def names_text(names: Sequence[FondsName]) -> str:
    """Return names as one text; blanks and line breaks that would part it elsewhere are folded."""
    return "；".join(
        f"{''.join(one.first.split())}—{''.join(one.last.split())} {' '.join(one.name.split())}"
        + (f"｜{' '.join(one.creator.split())}" if one.creator else "")
        for one in names
    )


def parse_names(text: str) -> tuple[FondsName, ...]:
    """Return the names of a text, in their order; what has no period is a name of which none is known."""
    names: list[FondsName] = []
    for entry in filter(str.strip, _BETWEEN.split(text)):
        found = _ENTRY.fullmatch(entry)
        if found is None:
            name, _, creator = entry.partition("｜")
            names.append(FondsName(name.strip(), creator.strip()))
        else:
            names.append(FondsName(found["name"], found["creator"] or "", found["first"], found["last"]))
    return tuple(names)


def in_order(names: Sequence[FondsName]) -> tuple[FondsName, ...]:
    """Return names in the order in which they began; those of which that is not known come first, as they stand."""
    return tuple(sorted(names, key=lambda one: one.begins or one.ends or date.min))


def span_of(names: Sequence[FondsName]) -> str:
    """Return from when to when names held, as it is written; empty where no beginning and no end is known."""
    ordered = in_order(names)
    first = next((one.first for one in ordered if one.first), "")
    last = ordered[-1].last if ordered else ""
    return f"{first}—{last}" if first or last else ""


def joined_names(new: Sequence[FondsName], old: Sequence[FondsName]) -> tuple[FondsName, ...]:
    """Return the names that are said now with those known before; an entry said anew stands once, as it is said now.

    An entry is told by its name with its beginning, or with its creator where only one each bears both: the same name may
    have held several times, under one creator or several.
    """
    left = list(old)
    joined: list[FondsName] = []
    for one in new:
        before = _said_anew(one, new, left)
        if before is not None:
            left.remove(before)
            one = replace(
                one,
                creator=one.creator or before.creator,
                first=one.first or before.first,
                last=one.last or before.last,
            )
        joined.append(one)
    return in_order([*left, *joined])


def _said_anew(one: FondsName, new: Sequence[FondsName], old: Sequence[FondsName]) -> FondsName | None:
    """Return which of the names known before an entry says anew, None where it says one more."""
    called = [other for other in old if other.name == one.name]
    begun = [other for other in called if one.first and (other.first == one.first or one.begins == other.begins)]
    same = [other for other in called if other == one] or [other for other in begun if other.first]
    if same:
        return same[0]
    beside = [other for other in new if other.name == one.name and _may_be_of(other, one)]
    alike = [other for other in called if _may_be_of(other, one)]
    if len(alike) == 1 and (len(beside) == 1 or not alike[0].first):
        return alike[0]
    return None


def _may_be_of(other: FondsName, one: FondsName) -> bool:
    """Return whether two entries of one name may be of one creator."""
    return not other.creator or not one.creator or other.creator == one.creator


def names_on(names: Sequence[FondsName], formed: RecordDate | None, year: int | None) -> tuple[FondsName, ...]:
    """Return the names that may have held when something was formed: one where that is plain, several or none where not.

    Without a date every name may. A name without an end ends where the next one begins, for a creator has one at a time.
    """
    days = (formed.earliest, formed.latest) if formed and formed.is_known else None
    if days is None and year:
        days = (date(year, 1, 1), date(year, 12, 31))
    if days is None:
        return tuple(names)
    ordered = in_order(names)
    ends = [one.ends or _day_before(after.begins) for one, after in pairwise(ordered)]
    ends += [one.ends for one in ordered[-1:]]
    return tuple(
        one
        for one, end in zip(ordered, ends, strict=True)
        if (one.begins or date.min) <= days[1] and (end or date.max) >= days[0]
    )


def _day_before(day: date | None) -> date | None:
    return day - timedelta(days=1) if day and day > date.min else None


def _read(text: str) -> RecordDate | None:
    if text.strip().casefold() in _STILL:
        return None
    try:
        read = parse_record_date(text)
    except FormatError:
        return None
    return read if read.is_known else None


def is_period_end(text: str) -> bool:
    """Return whether a text is a date, or says that there is no end yet."""
    return text.strip().casefold() in _STILL or _read(text) is not None
