"""What becomes of a county once it is in: corrected, renumbered, opened by unit, purged; each by a sheet or a plan.

Sheets are made from one home and used in the other, too: what an import describes has the same identifiers in both.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.county_home import UNIT_ID, CountyHome

CORRECTED = 1_000
CODE, LEVEL, TITLE = "archival code", "level of description", "title"
OPEN_LABELS = [f"{page:03}" for page in range(34, 42)]
_SWAPPED = 10
_DECISION = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
_PERSONS = ("planner", "li", "wang")


def write_corrections(rows: Sequence[Mapping[str, str]], sheet: Path) -> None:
    """Write the exported sheet with another title for the first thousand units."""
    chosen = [dict(row) for row in rows]
    for row in chosen[:CORRECTED]:
        row[TITLE] += "（已核）"
    _write(sheet, [*rows[0]], [[*row.values()] for row in chosen])


def write_new_codes(rows: Sequence[Mapping[str, str]], fonds: Sequence[str], sheet: Path) -> None:
    """Write other codes for two fonds: volumes exchange theirs or go into another 目录, items filed by year pass theirs on."""
    volumes = sorted(row[CODE] for row in rows if row[LEVEL] == "案卷" and row[CODE].startswith(f"{fonds[0]}-"))
    filed = sorted(row[CODE] for row in rows if row[CODE].startswith(f"{fonds[1]}-"))
    swapped, moved = volumes[:_SWAPPED], volumes[_SWAPPED:]
    new = dict(zip(swapped, reversed(swapped), strict=True))
    for code in moved:
        number, series, volume = code.split("-")
        new[code] = f"{number}-{int(series) + 20}-{volume}"
    new |= dict(zip(filed, [*filed[1:], filed[0]], strict=True))
    _write(sheet, ["原档号", "新档号"], [list(pair) for pair in new.items()])


@dataclass
class Renumbered:
    """What every unit that was renumbered was called, and is."""

    codes: list[tuple[str, str]] = field(default_factory=list)

    def take(self, before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]) -> None:
        """Compare an export of before with one of after."""
        now = {row[UNIT_ID]: row[CODE] for row in after}
        self.codes = [(row[CODE], now[row[UNIT_ID]]) for row in before if row[CODE] != now[row[UNIT_ID]]]

    def wrong(self, home: CountyHome) -> Iterator[str]:
        """Yield old codes by which ``show`` or the staff's search does not find the record."""
        current = {new for _, new in self.codes}
        for old, new in self.codes:
            shown = home.ask("show", old)
            if new not in shown.replace("\n", ""):
                yield f"show {old} does not lead to {new}: {shown[:200]}"
            elif old not in current and new not in home.ask("search", old, "--limit", "50").replace("\n", ""):
                yield f"the staff's search for {old} does not find {new}"


def write_decisions(sheet: Path, volume: str, fully: Sequence[str], by_description: Sequence[str]) -> None:
    """Write a sheet that opens items of a volume with their pages, the volume's cover, and others by their descriptions."""
    said = ("开放", "期满", "甲", "乙", "2021-09-01", "2021-10-01")
    rows = [[code, *said, "全文"] for code in (volume, *fully)] + [[code, *said, "仅目录"] for code in by_description]
    _write(sheet, [*_DECISION], rows)


def add_persons(home: CountyHome) -> None:
    """Register three persons, one of whom plans and two of whom sign."""
    (home.folder / "pass").write_text("correct horse")
    keys = [given for one in _PERSONS for given in ("--id", one, "--key-file", str(home.folder / f"{one}.key"))]
    names = [f"{one} 某" for one in _PERSONS]
    home.run("person", "add", *names, *keys, "--passphrase-file", str(home.folder / "pass"))


def plan_purge(home: CountyHome, units: Sequence[str]) -> str:
    """Propose a purge, let two persons sign it, and return the plan."""
    plan = str(home.folder / "purge.json")
    named = [given for one in units for given in ("--code", one)]
    home.run("purge", "plan", "--by", "planner", "--reason", "依申请", "--out", plan, *named, codes=(0, 12))
    for person in _PERSONS[1:]:
        key = ("--key-file", str(home.folder / f"{person}.key"), "--passphrase-file", str(home.folder / "pass"))
        home.run("dispose", "approve", plan, "--by", person, *key)
    return plan


def _write(sheet: Path, head: list[str], rows: Sequence[Sequence[str]]) -> None:
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
