"""Volumes compared with their items, and items of one volume with one another: numbers, pages, dates, retention."""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from ingest.dirt.ledger import Ledger, Unit
from ingest.dirt.one_row import Found

_LEAST_DENSE = 0.5
_MOST_MISSING = 1000
_GROUPS = """
select level, above, min(last), max(last), count(distinct last), count(*) = sum(first_page = last) from unit
where level in ('件', '案卷') and above != '' and last >= 0 group by level, above
"""
_COUNTED = """
select volume.id, volume.items,
(select count(*) from unit as item where item.level = '件' and item.above = volume.alike) from unit as volume
where volume.level = '案卷' and volume.items > 0 and volume.alike != ''
"""
_IN_ORDER = "level, above, last, id"
Noted = tuple[Unit, Found, str]


class _Group(NamedTuple):
    """What is known of the rows of one unit above before they are looked at: their numbers, from the first to the last.

    ``by_pages``: the last part of each code is the first page, as codes of before 1994 have it.
    """

    first: int
    last: int
    distinct: int
    by_pages: bool

    @property
    def has_gaps(self) -> bool:
        """Whether some numbers are missing, and not most of them."""
        missing = self.last - self.first + 1 - self.distinct
        wide = self.last - self.first + 1
        return not self.by_pages and 0 < missing <= min(_MOST_MISSING, (1 - _LEAST_DENSE) * wide)


def compare_volumes(
    ledger: Ledger, is_held: Callable[[str], bool], strays: frozenset[int], titled: Collection[str]
) -> None:
    """Note what does not go together in a volume, and which numbers are missing; ``strays`` are rows of another fonds.

    ``titled`` are volumes whose title stands above their items, and which must therefore be volumes.
    """
    series = {
        str(above) for (above,) in ledger.rows("select distinct above from unit where level = '案卷' and above != ''")
    }
    groups = {}
    for level, above, first, last, count, by_pages in ledger.rows(_GROUPS):
        numbers = [int(str(one)) for one in (first, last, count)]
        groups[str(level), str(above)] = _Group(numbers[0], numbers[1], numbers[2], by_pages == 1)
    where = "level in ('件', '案卷') and above != ''"
    with_items = set()
    for (level, above), units in groupby(ledger.units(where, _IN_ORDER), key=lambda one: (one.level, one.above)):
        volume = _volume(ledger, above) if level == "件" else None
        parent = above[: max(above.rfind(sign) for sign in "-·/. ,")] if level == "件" else ""
        is_missing = level == "件" and volume is None and (parent in series or above in titled)
        with_items.add(parent)
        previous: Unit | None = None
        for unit in units:
            if is_missing and unit.id not in strays and not is_held(unit.code[: _cut(unit.code)]):
                ledger.note_compared(unit, Found("volume-missing", "code", unit.code))
            for noted in _beside_others(unit, previous, volume, groups.get((level, above))):
                ledger.note_compared(*noted)
            previous = unit if unit.last >= 0 else previous
    _count_items(ledger, with_items)


def _volume(ledger: Ledger, alike: str) -> Unit | None:
    quoted = alike.replace("'", "''")
    return next(ledger.units(f"alike = '{quoted}' and level = '案卷'"), None)


def _cut(code: str) -> int:
    return max(0, *(code.rfind(sign) for sign in "-·/. ,"))


def _beside_others(unit: Unit, previous: Unit | None, volume: Unit | None, group: _Group | None) -> Iterator[Noted]:
    if previous is not None and group is not None and group.has_gaps:
        for lost in range(previous.last + 1, unit.last):
            yield unit, Found("number-gap", "code", unit.code, str(lost)), str(previous.number)
    if volume is not None:
        yield from _beside_volume(unit, volume)
    if unit.level == "件" and unit.last >= 0 and previous is not None:
        yield from _pages(previous, unit)


def _beside_volume(unit: Unit, volume: Unit) -> Iterator[Noted]:
    beside = str(volume.number)
    if unit.most and volume.most:
        if unit.most < volume.least:
            yield unit, Found("retention-below-volume", "retention", _years(unit), _years(volume)), beside
        elif unit.least > volume.most:
            yield unit, Found("retention-above-volume", "retention", _years(unit), _years(volume)), beside
    is_before = unit.last_day and volume.first_day and unit.last_day < volume.first_day
    is_after = unit.first_day and volume.last_day and unit.first_day > volume.last_day
    if is_before or is_after:
        yield unit, Found("date-outside-volume", "date", _days(unit), _days(volume)), beside
    if unit.first_page and 0 < volume.pages < max(unit.first_page, unit.last_page):
        yield unit, Found("page-beyond-volume", "page_range", _range(unit), str(volume.pages)), beside


def _days(unit: Unit) -> str:
    """Return the days that a date can mean, the first and the last."""
    ends = [date.fromordinal(one).isoformat() if one else "" for one in (unit.first_day, unit.last_day)]
    return ends[0] if ends[0] == ends[1] else "至".join(ends)


def _years(unit: Unit) -> str:
    if unit.least >= 1000:
        return "永久"
    return str(unit.least) if unit.least == unit.most else f"{unit.least}-{unit.most}"


def _pages(before: Unit, unit: Unit) -> Iterator[Noted]:
    """Yield where page numbers go down, overlap, or do not go with the number of pages.

    Two items may share a page. An item of which only the first page is written ends where the next one begins.
    """
    if not before.first_page or not unit.first_page:
        return
    between = unit.first_page - before.first_page
    if between < 0:
        yield unit, Found("page-range-descends", "page_range", _range(unit)), str(before.number)
    elif before.last_page and unit.first_page < before.last_page:
        yield unit, Found("page-range-overlaps", "page_range", _range(unit)), str(before.number)
    elif not before.last_page and before.pages > 0 and between and before.pages not in (between, between + 1):
        yield before, Found("pages-differ", "pages", str(before.pages), str(between)), str(unit.number)


def _range(unit: Unit) -> str:
    return f"{unit.first_page}-{unit.last_page}" if unit.last_page else str(unit.first_page)


def _count_items(ledger: Ledger, with_items: set[str]) -> None:
    """Note volumes whose number of items is not that of the rows, where items of their series are listed at all."""
    for number, stated, count in [*ledger.rows(_COUNTED)]:
        unit = next(ledger.units(f"id = {number}"))
        if count == stated or unit.above not in with_items:
            continue
        kind = "item-count-differs" if count else "items-missing"
        ledger.note_compared(unit, Found(kind, "item_count", str(stated), str(count)))
