"""Which unit each row of a sheet of corrections means: the one of its identifier, else the only one of its code."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from archives.findings import Finding, error, note, warning
from archives.message import message
from archives.record.description import Description
from archives.record.identifiers import ArchivalCode, archival_code_key
from archives.units.former_codes import former_keys
from archives.units.state import State
from archives.units.unit import Unit
from ingest.cataloguing.former import had_by_several, taken_for
from ingest.sheets.catalogue import CatalogueRow
from ingest.sheets.table import Sheet, SheetCell
from preservation.actions.units.history import Mark, parse_mark
from preservation.catalogue.levels.wanted import Listed
from preservation.catalogue.units import Units

UNIT_ID = "unit_id"
Earlier = Callable[[Mapping[str, Mark]], Mapping[str, Unit]]
"""Finds units as they were at marks."""


class Meant:
    """Which unit each row of a sheet means: the one of its identifier, else the only one of its code."""

    def __init__(
        self,
        sheet: Sheet,
        units: Units,
        repository: str,
        earlier: Earlier,
    ) -> None:
        self._by_row: Mapping[int, str] = {
            row.number: row.text(UNIT_ID) for row in sheet.rows if UNIT_ID in sheet.fields and row.text(UNIT_ID)
        }
        self._codes = {row.number: row.text("code") for row in sheet.rows}
        self._said_by: dict[str, int] = {}
        self._by_id = units.get(self._by_row.values())
        others = [row.text("code") for row in sheet.rows if row.number not in self._by_row]
        unwritten = units.unwritten(repository, [*self._codes.values()])
        asked = {*self._by_row.values()}
        self._by_id |= {one.unit.unit_id: one for one in unwritten.values() if one.unit.unit_id in asked}
        self._by_code = {
            **units.by_former_code(repository, others),
            **{key: (one,) for key, one in unwritten.items()},
            **units.by_code(repository, others),
        }
        own = {one.unit.description.code.key: (one,) for one in self._by_id.values()}
        self._known: Mapping[str, Sequence[Listed]] = {**self._by_code, **own}
        self._marks = {row.number: mark for row in sheet.rows if (mark := parse_mark(row.text("revision")))}
        self._rows, self._unread = self._said_since(sheet, units, earlier)

    def _said_since(
        self, sheet: Sheet, units: Units, earlier: Earlier
    ) -> tuple[Mapping[str, Sequence[Unit]], Collection[str]]:
        """Return what was said of units from when the sheet was written until now, where that is more than what stands.

        Second, the units of which nothing that is kept says what was said then.
        """
        stated: dict[str, tuple[Mark, Unit]] = {}
        for row in sheet.rows:
            if row.number in self._marks and (one := self._plain(row.number)):
                stated[one.unit.unit_id] = self._marks[row.number], one.unit
        versions = units.packages.versions(stated)
        old = {
            key: mark
            for key, (mark, unit) in stated.items()
            if mark.revision < unit.revision or (not unit.revision and 0 < mark.version < versions.get(key, 0))
        }
        said = {key: [unit] for key, unit in (earlier(old) if old else {}).items()}
        while asked := {
            key: Mark(rows[-1].revision + 1)
            for key, rows in said.items()
            if rows[-1].revision + 1 < stated[key][1].revision
        }:
            found = earlier(asked)
            for key, mark in asked.items():  # of a row that nobody can read, who said what is not told
                said[key].append(found.get(key) or replace(said[key][-1], revision=mark.revision))
        return {key: (*rows, stated[key][1]) for key, rows in said.items()}, old.keys() - said.keys()

    def _plain(self, row: int) -> Listed | None:
        """Return the unit that a row names and no other."""
        if (unit_id := self._by_row.get(row)) is not None:
            return self._by_id.get(unit_id)
        known = self._by_code.get(archival_code_key(self._codes[row]), ())
        return known[0] if len(known) == 1 else None

    def by_identifiers(self, sheet: Sheet) -> Sheet:
        """Return the sheet with the rows of units whose identifiers it names under these: their codes may be doubled, or none."""
        rows = [
            replace(row, cells={**row.cells, "code": SheetCell(unit_id, row.cell_name("code") or "")})
            if (unit_id := self._by_row.get(row.number, "")) in self._by_id
            else row
            for row in sheet.rows
        ]
        return replace(sheet, rows=tuple(rows))

    def description_of(self, code: ArchivalCode) -> Description | None:
        """Return what was said of the unit of a code, or of an identifier, when the sheet was written."""
        if one := self._by_id.get(code.written):
            return self._base(one).description
        known = self._known.get(code.key, ())
        return self._base(known[0]).description if known else None

    def rows_of(self, listed: Listed) -> Sequence[Unit]:
        """Return what was said of a unit from when the sheet was written until now."""
        return self._rows.get(listed.unit.unit_id, (listed.unit,))

    def _base(self, listed: Listed) -> Unit:
        return self.rows_of(listed)[0]

    def unmarked(self, listed: Listed, row: int) -> Iterator[Finding]:
        """Yield that a row of an exported sheet does not say any more at which state of its unit it was written."""
        is_as_it_came = listed.unit.revision <= bool(listed.unit.import_id)
        if row in self._by_row and row not in self._marks and not is_as_it_came:
            said = message(
                "表中没有“修订号”，看不出导出之后别人改过什么",
                "the sheet has no revision any more: what others changed since it was written cannot be told",
            )
            yield note("export-unmarked", said)

    def about_code(self, listed: Listed, row: int) -> tuple[Finding, ...]:
        """Return what is to be said of the code of a row."""
        return (*self.other_code(listed, row), *self.former_code(listed, row))

    def other_code(self, listed: Listed, row: int) -> Iterator[Finding]:
        """Yield that a row has another code than its unit."""
        text, own = self._codes[row], (listed.unit.description.code, self._base(listed).description.code)
        known = {*(one.key for one in own), *former_keys(listed.unit.description)}
        if row in self._by_row and text and archival_code_key(text) not in known:
            said = message(
                "档号 {old} 未改为 {new}：改档号请用 jinkui renumber",
                "the code {old} was not changed to {new}: jinkui renumber does that",
                old=own[0].written or "—",
                new=text,
            )
            yield warning("code-kept", said)

    def former_code(self, listed: Listed, row: int) -> Iterator[Finding]:
        """Yield that a row names its unit by a code that it had before."""
        if row not in self._by_row and self._codes[row] and self._is_former(self._codes[row], listed):
            yield taken_for(self._codes[row], listed)

    @staticmethod
    def _is_former(text: str, listed: Listed) -> bool:
        return archival_code_key(text) != listed.unit.description.code.key

    def unit_of(self, row: CatalogueRow) -> Listed | Finding:
        """Return the unit that a row means, or why there is none; of two rows that can be read the first has it."""
        found = self._unit_of(row)
        if isinstance(found, Finding) or row.description is None:
            return found
        if found.unit.state is State.TAKEN_BACK:
            return _gone(found)
        if found.unit.unit_id in self._unread and found.unit.state is not State.PURGED:  # which refuses the whole sheet
            return _unread(found)
        first = self._said_by.setdefault(found.unit.unit_id, row.number)
        return found if first == row.number else _twice(first)

    def _unit_of(self, row: CatalogueRow) -> Listed | Finding:
        if (unit_id := self._by_row.get(row.number)) is not None:
            return self._by_id.get(unit_id) or _unknown(unit_id)
        key = row.description.code.key if row.description else archival_code_key(row.code_text)
        known = self._by_code.get(key, ())
        if len(known) > 1 and self._is_former(row.code_text, known[0]):
            return had_by_several(row.code_text, known)
        if len(known) > 1:
            said = message(
                "档号 {code} 有 {n} 个著录单元，请用“单元标识”列写明是哪一个",
                "the code {code} has {n} units; say which one in a column unit_id",
                code=row.code_text,
                n=len(known),
            )
            return error("unit-ambiguous", said)
        return known[0] if known else _unknown(row.code_text)


def _twice(row: int) -> Finding:
    return error("unit-twice", message("第 {row} 行说的也是这个单元", "row {row} is of this unit, too", row=row))


def _gone(listed: Listed) -> Finding:
    unit = listed.unit
    said = message(
        "{code} {state}（{who}，{at}：{why}），此行未改动任何内容",
        "{code} is {state} ({who}, {at}: {why}); this row changes nothing",
        code=unit.description.code.written or unit.unit_id,
        state=unit.state.label,
        who=unit.person or "—",
        at=unit.at[:16] or "—",
        why=unit.reason or "—",
    )
    return error("unit-gone", said)


def _unread(listed: Listed) -> Finding:
    said = message(
        "{code} 在导出之后改过，导出时的内容读不到，此行未改动任何内容",
        "{code} was described anew since the sheet was written, and what was said then cannot be read; this row changes nothing",
        code=listed.unit.description.code.written or listed.unit.unit_id,
    )
    return error("export-unread", said)


def _unknown(text: str) -> Finding:
    said = message(
        "目录中没有 {code}，此行未改动任何内容",
        "the catalogue has no {code}; this row changes nothing",
        code=text or "—",
    )
    return error("unit-unknown", said)
