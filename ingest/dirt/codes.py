"""Codes compared with one another: doubled, alike but for zeros, of different width, of another fonds."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from ingest.dirt.ledger import Ledger, Unit
from ingest.dirt.one_row import Found

_MAIN_SHARE, _STRAY_SHARE, _MOST_STRAY = 0.9, 0.02, 200
_NUMBERED = ("MLH", "AJH", "JH", "ZH")


def compare_codes(ledger: Ledger, fonds: frozenset[str]) -> frozenset[int]:
    """Note what is wrong with codes beside one another; returns the rows of other fonds.

    ``fonds`` are the known ones, if they are.
    """
    strays = set()
    for unit, found, beside in _of_other_fonds(ledger, fonds):
        ledger.note_compared(unit, found, beside)
        strays.add(unit.id)
    for unit, found, beside in chain(_unwritten(ledger), _doubled(ledger), _short(ledger), _zeros(ledger)):
        ledger.note_compared(unit, found, beside)
    return frozenset(strays)


def _unwritten(ledger: Ledger) -> Iterator[tuple[Unit, Found, str]]:
    """Yield rows whose code was put together of its parts, in tables that write the codes of most rows."""
    written = "instr(cells, '\"code\":') > 0"
    counted = ledger.rows(f"select sheet, sum({written}), count(*) from unit where key != '' group by sheet")
    for sheet, stated, count in [*counted]:
        if int(str(count)) > int(str(stated)) > int(str(count)) / 2:
            for unit in ledger.units(f"sheet = {sheet} and key != '' and not {written}"):
                yield unit, Found("code-missing", "code", "", unit.code), ""


def _doubled(ledger: Ledger) -> Iterator[tuple[Unit, Found, str]]:
    """Yield rows whose code another has before them, or one that differs in zeros only."""
    several = "alike != '' and alike in (select alike from unit where alike != '' group by alike having count(*) > 1)"
    first: dict[str, Unit] = {}
    alike = ""
    for unit in ledger.units(several, "alike, id"):
        if unit.alike != alike:
            alike, first = unit.alike, {}
        if unit.key in first:
            yield unit, Found("code-twice", "code", unit.code), str(first[unit.key].number)
            continue
        if first:
            yield unit, Found("code-alike", "code", unit.code), str(next(iter(first.values())).number)
        first[unit.key] = unit


def _of_other_fonds(ledger: Ledger, known: frozenset[str]) -> Iterator[tuple[Unit, Found, str]]:
    """Yield rows of a fonds that is not known; where none is known, those few that differ from nearly all others of the table."""
    counted: dict[int, Counter[str]] = {}
    for sheet, fonds, n in ledger.rows(
        "select sheet, fonds, count(*) from unit where fonds != '' group by sheet, fonds"
    ):
        counted.setdefault(int(str(sheet)), Counter())[str(fonds)] = int(str(n))
    for sheet, numbers in counted.items():
        main, most = numbers.most_common(1)[0]
        total = numbers.total()
        for fonds, n in numbers.items():
            is_unknown = bool(known) and fonds not in known
            is_stray = (
                fonds != main and most >= _MAIN_SHARE * total and n <= min(_MOST_STRAY, max(1, _STRAY_SHARE * total))
            )
            if is_unknown or is_stray:
                kind = "fonds-differs" if is_stray else "fonds-unknown"
                quoted = fonds.replace("'", "''")
                for unit in ledger.units(f"sheet = {sheet} and fonds = '{quoted}'"):
                    yield (
                        unit,
                        Found(kind, "QZH" if unit.cell("part QZH") else "code", fonds, main if is_stray else ""),
                        "",
                    )


def _short(ledger: Ledger) -> Iterator[tuple[Unit, Found, str]]:
    """Yield rows whose code has fewer parts than nearly all others of their level in the table."""
    dashes = "length(key) - length(replace(key, '-', ''))"
    counted: dict[tuple[int, str], Counter[int]] = {}
    question = f"select sheet, level, {dashes}, count(*) from unit where key != '' group by 1, 2, 3"
    for sheet, level, number, n in ledger.rows(question):
        counted.setdefault((int(str(sheet)), str(level)), Counter())[int(str(number))] = int(str(n))
    for (sheet, level), numbers in counted.items():
        usual, most = numbers.most_common(1)[0]
        few = sum(n for number, n in numbers.items() if number < usual)
        if few and most >= _MAIN_SHARE * numbers.total() and few <= max(1, _STRAY_SHARE * numbers.total()):
            for unit in ledger.units(f"sheet = {sheet} and level = '{level}' and key != '' and {dashes} < {usual}"):
                yield unit, Found("code-short", "code", unit.code), ""


def _zeros(ledger: Ledger) -> Iterator[tuple[Unit, Found, str]]:
    """Yield rows with a number of another width than those of its place in one fonds and 目录 that are padded with zeros."""
    widths: dict[tuple[int, str, str, str], Counter[int]] = {}
    for unit in ledger.units("code != ''"):
        for series, place, text in _numbers(unit):
            width = -len(text) if text[0] == "0" and len(text) > 1 else len(text)
            widths.setdefault((unit.sheet, unit.level, series, place), Counter())[width] += 1
    mixed = {key: wanted for key, counts in widths.items() if (wanted := _wanted(counts)) is not None}
    for unit in ledger.units("code != ''") if mixed else ():
        for series, place, text in _numbers(unit):
            wanted = mixed.get((unit.sheet, unit.level, series, place))
            if wanted is None:
                continue
            right = (text.lstrip("0") or "0").rjust(wanted, "0")
            if right != text:
                element = place if place in _NUMBERED else "code"
                yield unit, Found("zeros-lost", element, text, right), ""


def _numbers(unit: Unit) -> Iterator[tuple[str, str, str]]:
    """Yield the numbers of a code: of which fonds and 目录 (of the number of a 目录 itself: which fonds), where, and which."""
    parts: dict[str, str] = json.loads(unit.parts)
    tokens = [*parts.values()]
    for at, (place, text) in enumerate(parts.items()):
        if not (text.isascii() and text.isdigit()):
            continue
        if place in _NUMBERED:
            yield f"{unit.fonds}-{parts.get('MLH', '') if place != 'MLH' else ''}", place, text
        elif place[0].isdigit() and at:
            yield "-".join(tokens[: min(at, 2)]), place, text


def _wanted(widths: Counter[int]) -> int | None:
    """Return to how many digits the numbers of a place should be padded (0: to none); None where all are alike."""
    padded = {-width: n for width, n in widths.items() if width < 0}
    if not padded:
        return None
    width = max(padded, key=lambda one: padded[one])
    shorter = sum(n for one, n in widths.items() if 0 < one < width)
    others = sum(padded.values()) - padded[width]
    if not shorter and not others:
        return None
    return width if sum(padded.values()) >= shorter else 0
