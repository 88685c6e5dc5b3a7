"""What is doubtful in all rows of an import: each row by itself while it passes, all of them compared at the end."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from types import TracebackType
from typing import Self

from archives.message import Message, listed, message
from archives.record.identifiers import archival_code_key
from ingest.dirt.codes import compare_codes
from ingest.dirt.kinds import KINDS, WITH_CONSTANT, DirtKind, DirtRow
from ingest.dirt.ledger import Ledger, Unit
from ingest.dirt.one_row import Found, ReadCode, dirt_of
from ingest.dirt.places import Places
from ingest.dirt.values import count_of, days_of, pages_of, retention_years
from ingest.dirt.volumes import compare_volumes
from ingest.profiles.codes.parts import part_names
from ingest.profiles.reading import ProfiledRow
from ingest.tables.above import volume_title

_TOLD_ROWS = 200
_TOLD_TITLES = 10
_PART = re.compile(r"[-·/.\s,]+")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def _never(code: str) -> bool:
    del code
    return False


class Dirt:
    """Takes rows one after another, and tells every kind of dirt once; used as a context, at whose end its rows are gone.

    ``fonds`` are the known ones (none: whichever most rows are of). ``is_held`` says whether a volume is in the catalogue
    already, ``read_code`` is the repository's rule for codes. May be told more than once, and take rows in between.
    """

    def __init__(
        self,
        *,
        today: date,
        fonds: Collection[str] = (),
        is_held: Callable[[str], bool] = _never,
        read_code: ReadCode | None = None,
    ) -> None:
        self._today = today
        self._fonds = frozenset(map(archival_code_key, fonds))
        self._is_held = is_held
        self._read_code = read_code
        self._ledger = Ledger()
        self._titled: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ledger.close()

    def take(self, row: ProfiledRow) -> None:
        """Look at a row, and remember of it what others are compared with."""
        ledger = self._ledger
        sheet = ledger.sheet_of(row)
        for found in dirt_of(row, today=self._today, read_code=self._read_code):
            self.note(row, found)
        unit = _unit(row, ledger.count + 1, sheet)
        ledger.add(unit)
        if row.level == "件" and row.parent and (title := volume_title(row.rest)):
            self._titled.setdefault(unit.above, f"{row.parent} {title}")

    def pass_over(self, row: ProfiledRow) -> None:
        """Count a row that does not go in, so that no other is told that it is missing; of itself nothing is told."""
        unit = _unit(row, self._ledger.count + 1, self._ledger.sheet_of(row))
        self._ledger.add(unit._replace(code="", cells="{}", parts="{}"), is_told=False)

    def note(self, row: ProfiledRow, found: Found, *, beside: str = "") -> None:
        """Remember what was found of a row; ``beside`` is the unit that says otherwise, where one does."""
        cell = found.cell or row.cells.get(found.element, "")
        self._ledger.note(self._ledger.sheet_of(row), row.number, row.code, found, cell, beside)

    def told(self) -> tuple[DirtKind, ...]:
        """Return the kinds that were found, in the order in which they matter."""
        ledger = self._ledger
        ledger.compare_anew()
        strays = compare_codes(ledger, self._fonds)
        compare_volumes(ledger, self._is_held, strays, self._titled.keys())
        counts = ledger.counts()
        return tuple(
            DirtKind(
                code,
                said.severity,
                self._message(code, said.message),
                WITH_CONSTANT if code == "code-part-missing" and "QZH" in self._wanting() else said.advice,
                counts[code],
                tuple(ledger.dirt(code, _TOLD_ROWS)),
                self._places(code),
            )
            for code, said in KINDS.items()
            if counts.get(code)
        )

    def _message(self, kind: str, said: Message) -> Message:
        """Return what is said of a kind, with the names of the parts or the titles of the volumes that are wanting."""
        if kind == "volume-missing" and (titles := self._titles_of_missing()):
            return message("{said}：{titles}", "{said}: {titles}", said=said, titles=listed(titles, most=_TOLD_TITLES))
        if kind != "code-part-missing":
            return said
        return message("{said}：{parts}", "{said}: {parts}", said=said, parts=part_names(self._wanting()))

    def _wanting(self) -> list[str]:
        """Return the names of the parts that are wanting somewhere."""
        wanting = (name for names in self._ledger.elements("code-part-missing") for name in names.split(","))
        return [*dict.fromkeys(wanting)]

    def _titles_of_missing(self) -> list[str]:
        codes = (alike_key(one.code) for one in self._ledger.dirt("volume-missing"))
        return [
            *dict.fromkeys(self._titled[above] for key in codes if (above := key[: _last_cut(key)]) in self._titled)
        ]

    def _places(self, kind: str) -> Message:
        places = Places()
        for row in self._ledger.dirt(kind):
            places.add(row.where, row.number, row.cell)
        return places.told()

    def rows(self, kind: str) -> Iterator[DirtRow]:
        """Yield all rows of a kind that was told, for a sheet to correct."""
        return self._ledger.dirt(kind)


def alike_key(code: str) -> str:
    """Return the form in which two codes are one if they differ in leading zeros only."""
    return _ZEROS.sub("", archival_code_key(code))


def _unit(row: ProfiledRow, number: int, sheet: int) -> Unit:
    key = archival_code_key(row.code) if row.code else ""
    parts = [one for one in _PART.split(key) if one]
    above = alike_key(row.parent or key[: _last_cut(key)])
    last = parts[-1] if parts else ""
    values = row.values
    days = days_of(values["date"]) if "date" in values else None
    pages = pages_of(values["page_range"]) if "page_range" in values else None
    least, most = (retention_years(values["retention"]) if "retention" in values else None) or (0, 0)
    count, items = count_of(values.get("pages", "")), count_of(row.item_count)
    stated = "code" in row.cells
    return Unit(
        number, sheet, row.number, row.level, row.code, key, alike_key(key), above,
        _fonds(row, parts, is_stated=stated),
        int(last) if last.isascii() and last.isdigit() and len(last) < 10 else -1,
        least, most,
        days.first if days and not days.dirt else 0, days.last if days and not days.dirt else 0,
        pages.first if pages and not pages.dirt else 0, pages.last if pages and not pages.dirt else 0,
        -1 if count is None else count, -1 if items is None else items,
        json.dumps(dict(row.cells)),
        json.dumps({f"{len(parts)}.{place}": part for place, part in enumerate(parts)} if stated or not row.parts else dict(row.parts)),
    )  # fmt: skip


def _last_cut(key: str) -> int:
    """Return where the last part of a code is cut off; 0 where it has one part."""
    return max((one.start() for one in _PART.finditer(key)), default=0)


def _fonds(row: ProfiledRow, parts: Sequence[str], *, is_stated: bool) -> str:
    """Return the number of a row's fonds: what its own code says, before what stands beside it or above the table."""
    own = parts[0] if len(parts) > 1 else ""
    return own if is_stated and own else archival_code_key(row.parts["QZH"]) if "QZH" in row.parts else own
