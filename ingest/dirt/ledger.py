"""What is remembered of all rows while they pass: a database on disk that goes when it is closed, never all in memory."""

import json
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from ingest.dirt.kinds import DirtRow
from ingest.dirt.one_row import Found
from ingest.profiles.reading import ProfiledRow

_AT_ONCE = 2_000
_TABLES = """
create table sheet (id integer primary key, file text, worksheet text);
create table unit (
  id integer primary key, sheet integer, number integer, level text, code text, key text, alike text, above text,
  fonds text, last integer, least integer, most integer, first_day integer, last_day integer, first_page integer,
  last_page integer, pages integer, items integer, cells text, parts text
);
create table dirt (kind text, sheet integer, number integer, cell text, code text, element text, written text, proposed text, beside text, compared integer);
"""


class Unit(NamedTuple):
    """What is remembered of a row.

    ``key`` is the matching form of its code, ``alike`` the same without leading zeros, ``above`` that of the unit above it,
    ``fonds`` the first part of its code and ``last`` the last, if it is a number (else -1). ``least`` and ``most`` are the years of its retention, days are ordinals,
    0 for what is not said (-1 for pages and items).
    """

    id: int
    sheet: int
    number: int
    level: str
    code: str
    key: str
    alike: str
    above: str
    fonds: str
    last: int
    least: int
    most: int
    first_day: int
    last_day: int
    first_page: int
    last_page: int
    pages: int
    items: int
    cells: str
    parts: str

    def cell(self, key: str) -> str:
        """Return the name of the cell of an element."""
        cells: dict[str, str] = json.loads(self.cells)
        return cells.get(key, "")


class Ledger:
    """Rows and the dirt in them; to be closed."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)  # a file of its own that nobody sees, gone at the end
        self._base.executescript(
            f"pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-20000; {_TABLES} begin;"
        )
        self._sheets: dict[tuple[str, str], int] = {}
        self._units: list[Unit] = []
        self._dirt: list[tuple[object, ...]] = []
        self._untold: set[int] = set()
        self.count = 0

    def close(self) -> None:
        """Give the file up."""
        self._base.close()

    def sheet_of(self, row: ProfiledRow) -> int:
        """Return the number of the table that a row stands in."""
        key = (row.file, row.worksheet)
        if key not in self._sheets:
            self._sheets[key] = len(self._sheets) + 1
            self._base.execute("insert into sheet values (?, ?, ?)", (self._sheets[key], *key))
        return self._sheets[key]

    def add(self, unit: Unit, *, is_told: bool = True) -> None:
        """Remember a row; of one that is not told others are compared with it, and it with none."""
        self.count += 1
        if not is_told:
            self._untold.add(unit.id)
        self._units.append(unit)
        if len(self._units) >= _AT_ONCE:
            self._flush()

    def note(self, sheet: int, number: int, code: str, found: Found, cell: str, beside: str = "") -> None:
        """Remember what was found in a row by itself, or beside a unit that is described."""
        said = (found.element, found.written, found.proposed, beside, False)
        self._note((found.kind, sheet, number, cell, code, *said))

    def note_compared(self, unit: Unit, found: Found, beside: str = "") -> None:
        """Remember what was found in a row beside others, unless nothing is told of it."""
        if unit.id in self._untold:
            return
        cell = unit.cell(found.element) or unit.cell(f"part {found.element}") or unit.cell("code")
        said = (found.element, found.written, found.proposed, beside, True)
        self._note((found.kind, unit.sheet, unit.number, cell, unit.code, *said))

    def _note(self, dirt: tuple[object, ...]) -> None:
        self._dirt.append(dirt)
        if len(self._dirt) >= _AT_ONCE:
            self._flush()

    def units(self, where: str = "1", order: str = "id") -> Iterator[Unit]:
        """Yield rows in an order; what is noted meanwhile does not disturb it."""
        self._flush()
        cursor = self._base.execute(f"select * from unit where {where} order by {order}")
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from (Unit(*row) for row in rows)

    def rows(self, question: str, *values: object) -> Iterator[tuple[object, ...]]:
        """Yield the answer to a question in SQL."""
        self._flush()
        cursor = self._base.execute(question, values)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows

    def compare_anew(self) -> None:
        """Make ready for comparisons; what earlier ones found is forgotten."""
        self._flush()
        self._base.execute("delete from dirt where compared")
        self._base.execute("create index if not exists unit_alike on unit (alike, level)")
        self._base.execute("create index if not exists unit_above on unit (level, above, last)")

    def dirt(self, kind: str, most: int = -1) -> Iterator[DirtRow]:
        """Yield the rows of a kind in the order of the tables."""
        question = (
            "select file, worksheet, number, cell, code, element, written, proposed, beside from dirt join sheet on sheet.id = dirt.sheet"
            " where kind = ? order by dirt.sheet, number limit ?"
        )
        for row in self.rows(question, kind, most):
            file, worksheet, number, *rest = row
            yield DirtRow(str(file), str(worksheet), int(str(number)), *map(str, rest))

    def elements(self, kind: str) -> tuple[str, ...]:
        """Return what the rows of a kind are of, each once, in the order of the rows."""
        return tuple(str(one) for (one,) in self.rows("select distinct element from dirt where kind = ?", kind))

    def counts(self) -> dict[str, int]:
        """Return how often each kind was found."""
        return {str(kind): int(str(n)) for kind, n in self.rows("select kind, count(*) from dirt group by kind")}

    def _flush(self) -> None:
        if self._units:
            self._base.executemany(f"insert into unit values ({','.join('?' * 20)})", self._units)
            self._units.clear()
        if self._dirt:
            self._base.executemany("insert into dirt values (?,?,?,?,?,?,?,?,?,?)", self._dirt)
            self._dirt.clear()
