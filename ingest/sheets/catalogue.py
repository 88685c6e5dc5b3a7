"""Catalogue sheets (案卷/文件目录): one row a record, read into descriptions, every doubt named by its cell."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from archives.errors import FormatError, IdentifierError
from archives.findings import Finding, error, warning
from archives.message import listed, message
from archives.record.description import Description
from archives.record.elements import DAY, ELEMENTS, Element, Kind, describe
from archives.record.identifiers import ArchivalCode, parse_archival_code
from ingest.sheets.table import Sheet, SheetRow, fold_heading

Value = TypeVar("Value")

_HEADINGS = {"files": ("文件", "files"), **{element.key: element.headings for element in ELEMENTS}}
CATALOGUE_HEADINGS = {fold_heading(name): key for key, names in _HEADINGS.items() for name in names}
REQUIRED: tuple[str, ...] = ()
_IN_CODE = tuple(element for element in reversed(ELEMENTS) if element.in_code)
_IN_CELLS = tuple(element for element in ELEMENTS if element.headings and not element.in_code and element.key != "code")
_SECRET = re.compile("[秘机機绝絕]密|\\bconfidential\\b|\\bsecret\\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A row of the sheet; ``description`` is None when the row cannot be used, and a finding says why.

    ``classified_cell`` names the cell of a state secret that was not declassified.
    """

    number: int
    code_text: str
    code_cell: str | None
    description: Description | None
    files: tuple[str, ...]
    classified_cell: str | None
    findings: tuple[Finding, ...]


def read_catalogue(sheet: Sheet, *, default_language: str, today: date) -> tuple[CatalogueRow, ...]:
    """Read every row; rows that share an archival code are all unusable."""
    rows = [_Row(sheet, row, default_language, today).read() for row in sheet.rows]
    places: dict[str, list[int]] = {}
    for row in rows:
        if row.description:
            places.setdefault(row.description.code.key, []).append(row.number)
    return tuple(_without_twins(sheet, row, places) for row in rows)


def _without_twins(sheet: Sheet, row: CatalogueRow, places: dict[str, list[int]]) -> CatalogueRow:
    numbers = places.get(row.description.code.key, []) if row.description else []
    if len(numbers) < 2:
        return row
    found = error(
        "code-twice",
        message(
            "档号 {code} 出现在第 {rows} 行，每个档号只能有一行",
            "the archival code {code} stands in rows {rows}; each may stand in one only",
            code=row.code_text,
            rows=listed(numbers),
        ),
        file=sheet.name,
        row=row.number,
        cell=row.code_cell,
    )
    return replace(row, description=None, findings=(*row.findings, found))


class _Row:
    """Reads one row and collects what is wrong with it."""

    def __init__(self, sheet: Sheet, row: SheetRow, default_language: str, today: date) -> None:
        self._sheet = sheet
        self._row = row
        self._language = default_language
        self._today = today
        self._unread: list[tuple[str, str]] = []
        self._findings: list[Finding] = []

    def read(self) -> CatalogueRow:
        """Return the row's description, or None with the findings that stand in its way."""
        code = self._code()
        title = self._row.text("title")
        if not title:
            self._error("title-missing", "title", "缺少题名", "the title is missing")
        self._warn_of_lost_zeros()
        description = self._description(code) if code and title else None
        if any(found.severity == "error" for found in self._findings):
            description = None
        return CatalogueRow(
            number=self._row.number,
            code_text=self._row.text("code"),
            code_cell=self._row.cell_name("code"),
            description=description,
            files=_file_names(self._row.text("files")),
            classified_cell=self._row.cell_name("security") if self._is_secret() else None,
            findings=tuple(self._findings),
        )

    def _description(self, code: ArchivalCode) -> Description:
        """Return what the row says; what the archival code says too is read and compared with it first."""
        stated = {element.field: self._parsed(element.key, element.kind) for element in _IN_CODE}
        for element in _IN_CODE:
            self._compare_with_code(element, stated[element.field], code)
        stated |= {element.field: self._parsed(element.key, element.kind) for element in _IN_CELLS}
        unknown = ((name, self._row.text(name)) for name in self._sheet.unknown if self._row.text(name))
        return describe(
            {element.field: element.kind.read(()) for element in _IN_CELLS}
            | {element.field: _said_by(code, element) for element in _IN_CODE}
            | {"language": self._language}
            | {field: value for field, value in stated.items() if value is not None}
            | {"code": code, "other": (*unknown, *self._unread)}
        )

    def _code(self) -> ArchivalCode | None:
        text = self._row.text("code")
        if not text:
            self._error("code-missing", "code", "缺少档号", "the archival code is missing")
            return None
        try:
            return parse_archival_code(text)
        except IdentifierError:
            self._error(
                "code-unreadable", "code", "不是合规的档号：{value}", "not an archival code: {value}", value=text
            )
            return None

    def _compare_with_code(self, element: Element, stated: object, code: ArchivalCode) -> None:
        implied = _said_by(code, element)
        if element.in_code and None not in (stated, implied) and stated != implied:
            self._warn(
                f"{element.key}-differs",
                element.key,
                element.in_code.differs.zh,
                element.in_code.differs.en,
                value=stated if isinstance(stated, int) else self._row.text(element.key),
                code=element.in_code.part(code) or "",
            )

    def _is_secret(self) -> bool:
        """Whether anything in the cell speaks of a state secret and its declassification does not hold today."""
        if not _SECRET.search(unicodedata.normalize("NFKC", self._row.text("security"))):
            return False
        declassified = self._parsed("declassified_on", DAY)
        return declassified is None or declassified > self._today or not self._row.text("declassification_basis")

    def _parsed(self, key: str, kind: Kind[Value]) -> Value | None:
        text = self._row.text(key)
        if not text or kind.parse is None:
            return None
        try:
            return kind.parse(text)
        except FormatError as cause:
            make = warning if kind.is_kept else error
            found = self._placed(make(kind.unreadable or f"{key.replace('_', '-')}-unreadable", cause.message), key)
            if kind.is_kept:
                self._unread.append((key, text))
            if found not in self._findings:
                self._findings.append(found)
            return None

    def _warn_of_lost_zeros(self) -> None:
        for element in ELEMENTS:
            cell = self._row.cells.get(element.key)
            if element.kind.has_zeros and cell and cell.was_number:
                self._warn(
                    "zeros-lost",
                    element.key,
                    "单元格是数字，前导零可能已丢失：{value}",
                    "the cell holds a number; leading zeros may be lost: {value}",
                    value=cell.text,
                )

    def _error(self, finding: str, field: str, zh: str, en: str, /, **values: str | int) -> None:
        self._findings.append(self._placed(error(finding, message(zh, en, **values)), field))

    def _warn(self, finding: str, field: str, zh: str, en: str, /, **values: str | int) -> None:
        self._findings.append(self._placed(warning(finding, message(zh, en, **values)), field))

    def _placed(self, found: Finding, field: str) -> Finding:
        return found.at(file=self._sheet.name, row=self._row.number, cell=self._row.cell_name(field))


def _said_by(code: ArchivalCode, element: Element) -> object:
    """Return what the archival code says of an element, None where it says nothing that can be read."""
    part = element.in_code.part(code) if element.in_code else None
    try:
        return element.kind.parse(str(part)) if part and element.kind.parse else None
    except FormatError:
        return None


def _file_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("；", ";").split(";") if name.strip())
