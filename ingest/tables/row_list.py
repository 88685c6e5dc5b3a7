"""The list of rows that is kept in place of tables which may not be kept, because rows were left out of them.

Of a row that was left out the list says where it stood, its fonds and 目录 by number, and why: no word of it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from archives.message import Message, message
from archives.record.identifiers import reference_code
from archives.units.by_rule import series_number

ROWS_FILE = "rows.jsonl"
_NUMBER = re.compile(r"[0-9A-Za-z·]{0,32}")
"""What may be told of a code: the numbers of fonds and 目录, of which nothing secret can be made."""


class LeftOut(StrEnum):
    """Why a row is left out."""

    SECRET = "state-secret"  # noqa: S105 - a reason
    UNKNOWN = "secrecy-unknown"
    PURGED = "purged"
    DEPENDS = "takes-from-left-out"

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
        LeftOut.PURGED: message(
            "所说单元的数据已清除，未导入",
            "the data of the unit that it is about were purged, so it was left out",
        ),
        LeftOut.DEPENDS: message(
            "有值（同上、合并的单元格）取自未导入的行，也未导入",
            "it takes a value (ditto, a merged cell) from a row that was left out, so it was left out, too",
        ),
    }
)


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


def line_of(file: str, place: str, number: int, code: str, left_out: LeftOut | None) -> str:
    """Return a row as the list has it."""
    said: dict[str, object] = {"file": file, "place": place, "row": number}
    said |= {"code": code} if left_out is None else {"left_out": left_out, **_numbers(code)}
    return json.dumps(said, ensure_ascii=False) + "\n"


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
