"""Catalogue sheets (案卷/文件目录): one row a record, read into descriptions, every doubt named by its cell."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from archives.errors import FormatError, IdentifierError
from archives.findings import Finding, error, warning
from archives.message import message
from archives.record.description import (
    Description,
    SecurityClassification,
    parse_language,
    parse_record_date,
    parse_retention,
)
from archives.record.identifiers import ArchivalCode, parse_archival_code
from ingest.sheets.table import Sheet, SheetRow, fold_heading

Value = TypeVar("Value")

_HEADINGS = {
    "code": ("档号", "archival_code", "archival code", "reference code"),
    "title": ("题名", "文件题名", "title"),
    "author": ("责任者", "author"),
    "document_number": ("文号", "发文字号", "文件编号", "document_number", "document number"),
    "date": ("日期", "成文日期", "date"),
    "year": ("年度", "year"),
    "retention": ("保管期限", "retention", "retention period"),
    "security": ("密级", "security_classification", "security classification"),
    "declassified_on": ("解密日期", "declassified_on", "declassified on"),
    "declassification_basis": ("解密依据", "declassification_basis", "declassification basis"),
    "opening_proposal": ("开放审核意见", "opening_proposal", "opening proposal"),
    "pages": ("页数", "pages"),
    "language": ("语种", "language"),
    "files": ("文件", "files"),
    "note": ("备注", "附注", "note"),
}
CATALOGUE_HEADINGS = {fold_heading(name): field for field, names in _HEADINGS.items() for name in names}
REQUIRED: tuple[str, ...] = ()
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
            rows=", ".join(map(str, numbers)),
        ),
        file=sheet.name,
        row=row.number,
        cell=_cell(sheet, row.number, "code"),
    )
    return replace(row, description=None, findings=(*row.findings, found))


def _cell(sheet: Sheet, number: int, field: str) -> str | None:
    return next((row.cell_name(field) for row in sheet.rows if row.number == number), None)


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
        description = self._description(code, title) if code and title else None
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

    def _description(self, code: ArchivalCode, title: str) -> Description:
        retention = self._parsed("retention", parse_retention) or (
            parse_retention(code.retention) if code.retention else None
        )
        year = self._number("year")
        self._compare_with_code(code, year)
        formed, pages = self._parsed("date", parse_record_date), self._number("pages")
        return Description(
            code=code,
            title=title,
            author=self._row.text("author"),
            document_number=self._row.text("document_number"),
            formed=formed,
            year=year if year is not None else code.year,
            retention=retention,
            security=self._security(),
            declassified_on=self._declassified_on(),
            declassification_basis=self._row.text("declassification_basis"),
            opening_proposal=self._row.text("opening_proposal"),
            pages=pages,
            language=self._parsed("language", parse_language) or self._language,
            note=self._row.text("note"),
            other=(
                *((name, self._row.text(name)) for name in self._sheet.unknown if self._row.text(name)),
                *self._unread,
            ),
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

    def _compare_with_code(self, code: ArchivalCode, year: int | None) -> None:
        stated = self._parsed("retention", parse_retention)
        if stated and code.retention and stated != parse_retention(code.retention):
            self._warn(
                "retention-differs",
                "retention",
                "保管期限“{value}”与档号中的“{code}”不一致",
                "the retention period {value} is not the archival code's {code}",
                value=self._row.text("retention"),
                code=code.retention,
            )
        if year is not None and code.year is not None and year != code.year:
            self._warn(
                "year-differs",
                "year",
                "年度 {value} 与档号中的 {code} 不一致",
                "the year {value} is not the archival code's {code}",
                value=year,
                code=code.year,
            )

    def _security(self) -> SecurityClassification | None:
        text = unicodedata.normalize("NFKC", self._row.text("security")).split("★")[0].strip()
        if not text:
            return None
        english = {"public": "公开", "internal": "内部", "confidential": "秘密", "secret": "机密", "top secret": "绝密"}
        try:
            return SecurityClassification(english.get(text.lower(), text))
        except ValueError:
            if not any(found.code == "security-unknown" for found in self._findings):
                self._error(
                    "security-unknown",
                    "security",
                    "不认识的密级：{value}",
                    "unknown security classification: {value}",
                    value=text,
                )
            return None

    def _is_secret(self) -> bool:
        """Whether anything in the cell speaks of a state secret and its declassification does not hold today."""
        if not _SECRET.search(unicodedata.normalize("NFKC", self._row.text("security"))):
            return False
        declassified = self._declassified_on()
        return declassified is None or declassified > self._today or not self._row.text("declassification_basis")

    def _declassified_on(self) -> date | None:
        formed = self._parsed("declassified_on", parse_record_date)
        return formed.latest if formed else None

    def _number(self, field: str) -> int | None:
        text = unicodedata.normalize("NFKC", self._row.text(field)).strip().removesuffix("年").removesuffix("页")
        if not text:
            return None
        if text.isascii() and text.isdigit():
            return int(text)
        self._keep_unread(field)
        self._warn(
            "number-unreadable",
            field,
            "“{value}”不是数字，已照录",
            "“{value}” is not a number; kept as written",
            value=text,
        )
        return None

    def _parsed(self, field: str, parse: Callable[[str], Value]) -> Value | None:
        text = self._row.text(field)
        if not text:
            return None
        try:
            return parse(text)
        except FormatError as cause:
            make = warning if field == "date" else error
            found = self._placed(make(f"{field.replace('_', '-')}-unreadable", cause.message), field)
            if field == "date":
                self._keep_unread(field)
            if found not in self._findings:
                self._findings.append(found)
            return None

    def _keep_unread(self, field: str) -> None:
        """Keep what was written where it cannot be understood."""
        pair = (field, self._row.text(field))
        if pair not in self._unread:
            self._unread.append(pair)

    def _warn_of_lost_zeros(self) -> None:
        for field in ("code", "document_number"):
            cell = self._row.cells.get(field)
            if cell and cell.was_number:
                self._warn(
                    "zeros-lost",
                    field,
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


def _file_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("；", ";").split(";") if name.strip())
