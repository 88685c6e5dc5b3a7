"""Rows that an import leaves out for secrecy, and the list of its rows that is kept in place of tables with such rows.

Of a row that is left out the list says where it stood, its fonds and 目录 by number, and why: no word of it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from archives.findings import Severity
from archives.message import Message, message
from archives.record.identifiers import reference_code
from archives.units.by_rule import series_number
from ingest.batch.secrets import Marked
from ingest.cataloguing.brought.beside import with_volumes_beside
from ingest.cataloguing.brought.tables import Imported
from ingest.cataloguing.rows import place_of
from ingest.profiles.markings import row_markings
from ingest.profiles.reading import ProfiledRow
from ingest.profiles.spec import SecretRows
from ingest.sheets.markings import Markings
from ingest.tables.table import TableRow

ROWS_FILE = "rows.jsonl"
_STOP: SecretRows = "stop"
_NUMBER = re.compile(r"[0-9A-Za-z·]{0,32}")
"""What may be told of a code: the numbers of fonds and 目录, of which nothing secret can be made."""


class LeftOut(StrEnum):
    """Why a row is left out."""

    SECRET = "state-secret"  # noqa: S105 - a reason
    UNKNOWN = "secrecy-unknown"

    @property
    def said(self) -> Message:
        """The same for people."""
        return _SAID[self]


_SAID: Mapping[LeftOut, Message] = MappingProxyType(
    {
        LeftOut.SECRET: message("国家秘密，未导入", "a state secret, which was left out"),
        LeftOut.UNKNOWN: message(
            "不知是否涉密，未导入；弄清密级后请重新导入",
            "nobody can tell whether it is a state secret, so it was left out; import it again when that is plain",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a row says of secrecy, the places that mark it as a state secret, and why it is left out, if it is."""

    marked: Markings
    places: tuple[Marked, ...]
    left_out: LeftOut | None


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of the list: of one that was left out no code, but fonds and 目录 by number."""

    file: str
    place: str
    number: int
    code: str = ""
    fonds: str = ""
    series: str = ""
    left_out: LeftOut | None = None


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


def write_rows(tables: Sequence[Imported], path: Path, *, today: date, not_secret: Mapping[str, str]) -> None:
    """Write the list of all rows of these tables, a line each, in their order."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        for one in with_volumes_beside(tables):
            for cells, row in one.rows():
                said: dict[str, object] = {"file": row.file, "place": place_of(row), "row": row.number}
                left_out = judge(one, cells, row, today=today, not_secret=not_secret).left_out
                said |= {"code": row.code} if left_out is None else {"left_out": left_out, **_numbers(row.code)}
                file.write(json.dumps(said, ensure_ascii=False) + "\n")


def read_rows(path: Path) -> Iterator[ListedRow]:
    """Yield the rows of such a list."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            said = json.loads(line)
            left_out = LeftOut(said["left_out"]) if "left_out" in said else None
            of_code = (said.get("code", ""), said.get("fonds", ""), said.get("series", ""))
            yield ListedRow(said["file"], said["place"], said["row"], *of_code, left_out)


def _numbers(text: str) -> dict[str, str]:
    code = reference_code(text)
    known = {"fonds": code.fonds, "series": series_number(code)}
    return known if all(map(_NUMBER.fullmatch, known.values())) else {}
