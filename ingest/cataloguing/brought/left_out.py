"""Rows that an import leaves out, and the list of its rows that is kept in place of tables with such rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from archives.findings import Finding, Severity, error, note
from archives.message import listed, message
from ingest.batch.secrets import Marked
from ingest.cataloguing.brought.beside import with_volumes_beside
from ingest.cataloguing.brought.tables import Imported
from ingest.cataloguing.rows import place_in, place_of
from ingest.profiles.markings import row_markings
from ingest.profiles.reading import ProfiledRow
from ingest.profiles.spec import SecretRows
from ingest.sheets.markings import Markings
from ingest.tables.row_list import ROWS_FILE as ROWS_FILE
from ingest.tables.row_list import LeftOut as LeftOut
from ingest.tables.row_list import line_of
from ingest.tables.table import TableRow

_STOP: SecretRows = "stop"
_UNKNOWN_HERE = message(
    "此格说不清这一行是否涉密，原文不在此照录",
    "this cell does not tell whether its row is a state secret; its words are not repeated here",
)
_TOLD: Mapping[LeftOut, Finding] = MappingProxyType(
    {
        LeftOut.SECRET: error(
            "row-secret",
            message(
                "{n} 行是国家秘密，未导入，原表也因此不予保存，只存各行去向：{places}",
                "{n} rows are state secrets and were left out; for that the tables themselves are not kept, only a list of their rows: {places}",
            ),
        ),
        LeftOut.PURGED: error(
            "row-purged",
            message(
                "{n} 行所说单元的数据已清除，未导入，原表也因此不予保存，只存各行去向：{places}",
                "{n} rows are about units whose data were purged and were left out; for that the tables themselves are not kept, only a list of their rows: {places}",
            ),
        ),
        LeftOut.DEPENDS: error(
            "row-takes-from-left-out",
            message(
                "{n} 行有值（同上、合并的单元格）取自未导入的行，也未导入：{places}",
                "{n} rows take a value (ditto, a merged cell) from rows that were left out, and were left out, too: {places}",
            ),
        ),
    }
)
"""What is told of the rows that are left out for a reason: where they stand, and no word of them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a row says of secrecy, the places that mark it as a state secret, and why it is left out, if it is."""

    marked: Markings
    places: tuple[Marked, ...]
    left_out: LeftOut | None


class RowsLeftOut:
    """The rows of an import that are left out, each with why, by their places (``place_of``)."""

    def __init__(self) -> None:
        self.reasons: dict[str, LeftOut] = {}

    def leave(self, row: ProfiledRow, why: LeftOut) -> None:
        """Leave a row out."""
        self.reasons[place_of(row)] = why

    def is_source_of(self, row: TableRow, read: ProfiledRow) -> bool:
        """Say whether a row that is left out is where a text of this one is written."""
        return any(place_in(read.file, read.worksheet, number) in self.reasons for number in row.taken_from)

    def told(self) -> Iterator[Finding]:
        """Yield what was left out, and what becomes of the tables for it."""
        for why, found in _TOLD.items():
            if places := [place for place, reason in self.reasons.items() if reason is why]:
                said = message(found.message.zh, found.message.en, n=len(places), places=listed(places))
                yield replace(found, message=said)
        if LeftOut.UNKNOWN in self.reasons.values() and not {LeftOut.SECRET, LeftOut.PURGED} & {*self.reasons.values()}:
            said = message(
                "有不知是否涉密的行未导入，原表因此不予保存，只存各行去向；弄清密级后请重新导入",
                "rows were left out of which nobody can tell whether they are state secrets, so the tables themselves are not kept, only a list of their rows: import them again when that is plain",
            )
            yield note("tables-not-kept", said)


def judge(table: Imported, cells: TableRow, row: ProfiledRow, *, today: date, not_secret: Mapping[str, str]) -> Judged:
    """Judge a row before anything else is made of it; ``not_secret`` are places that are no markings, and why."""
    marked = row_markings(cells, row, today=today)
    places = tuple(Marked(f"{table.name} {cell}", row.code, row.code) for cell in marked.classified_cells)
    left_out = None
    if table.profile.secret_rows != _STOP and any(place.place not in not_secret for place in places):
        left_out = LeftOut.SECRET
    elif any(found.severity is Severity.ERROR for found in marked.findings):
        left_out = LeftOut.UNKNOWN
    return Judged(marked, places, left_out)


def told_of_unknown(judged: Judged) -> Iterator[Finding]:
    """Yield what is told of a row of which nobody can tell whether it is a state secret: the places, none of its words."""
    for found in judged.marked.findings:
        if found.severity is Severity.ERROR:
            yield replace(found, message=_UNKNOWN_HERE)


def write_rows(tables: Sequence[Imported], left_out: Mapping[str, LeftOut], path: Path) -> None:
    """Write the list of all rows of these tables, a line each, in their order; ``left_out`` are those, by place, of which no word is written."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        for one in with_volumes_beside(tables):
            for _, row in one.rows():
                why = left_out.get(place_of(row))
                file.write(line_of(row.file, place_of(row), row.number, row.code, why))
