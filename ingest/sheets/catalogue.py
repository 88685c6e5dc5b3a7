"""Catalogue sheets (案卷/文件目录): one row a record, read into descriptions, every doubt named by its cell."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from archives.errors import FormatError, IdentifierError
from archives.findings import Finding, error, warning
from archives.message import listed, message
from archives.record.dates.year import year_after
from archives.record.description import Description, SecurityClassification, as_written
from archives.record.elements.kinds import DATE, DAY
from archives.record.elements.security import AS_WRITTEN, term_kept
from archives.record.elements.table import ELEMENTS, Element, describe
from archives.record.identifiers import ArchivalCode, CodeRule, reference_code
from ingest.sheets.doubts import DATE_DOUBTS, UNREAD_ROW, doubts_about_date, doubts_of
from ingest.sheets.headings import FILE_HEADINGS, fold_heading
from ingest.sheets.languages import Languages, LanguageSource
from ingest.sheets.layout import about_cut, is_as_before, is_cleared, is_of_unit
from ingest.sheets.markings import Markings, higher, markings_of
from ingest.sheets.table import Sheet, SheetRow
from preservation.handouts.catalogue_sheet import cells_of, is_catalogue_sheet

COLUMNS = {
    "files": FILE_HEADINGS,
    **{element.key: element.headings for element in ELEMENTS},
}
CATALOGUE_HEADINGS = {fold_heading(name): key for key, names in COLUMNS.items() for name in names}
REQUIRED: tuple[str, ...] = ()
_IN_CODE = tuple(element for element in reversed(ELEMENTS) if element.in_code)
_IN_CELLS = tuple(element for element in ELEMENTS if element.headings and not element.in_code and element.key != "code")
_DATES = frozenset(element.key for element in ELEMENTS if element.kind in (DATE, DAY))
_IDENTIFIERS = frozenset(element.key for element in ELEMENTS if element.kind.has_zeros)
CLEARED = message("（清空）", "(clear)")
"""What a cell says that empties an element of a record which is kept; an empty cell leaves it as it is."""


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A row of the sheet; ``description`` is None when the row cannot be used, and a finding says why: then ``unread`` is what of it can be read.

    ``classified_cells`` name the cells of a state secret that was not declassified; ``is_declassified`` when the row
    says that it was one; ``judged_cells`` would be markings, had nobody judged that they are none. ``files`` is what its cell names, undivided. ``is_held``: a record of this code is kept, and
    the row says only what changes of it.
    """

    number: int
    code_text: str
    code_cell: str | None
    description: Description | None
    files: str
    classified_cells: tuple[str, ...]
    findings: tuple[Finding, ...]
    is_declassified: bool = False
    is_held: bool = False
    language_from: LanguageSource = "stated"
    files_cell: str | None = None
    judged_cells: tuple[str, ...] = ()
    unread: Description | None = None


def read_catalogue(
    sheet: Sheet,
    *,
    languages: Languages,
    today: date,
    held: Callable[[ArchivalCode], Description | None] = lambda _: None,
    not_secret: Collection[str] = (),
    codes: CodeRule = CodeRule.DA_T,
) -> tuple[CatalogueRow, ...]:
    """Read every row, its code by the repository's rule; rows that share an archival code are all unusable.

    What a row leaves out of a record that is ``held`` stays as it is. The cells named by ``not_secret`` are no markings.
    """
    marked = [markings_of(sheet, row, today=today, not_secret=not_secret) for row in sheet.rows]
    every = zip(sheet.rows, marked, strict=True)
    rows = [_Row(sheet, row, languages, held, codes, one).read(today) for row, one in every]
    places: dict[str, list[int]] = {}
    for row in (one for one in rows if one.description):
        places.setdefault(row.description.code.key if row.description else "", []).append(row.number)
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
    return replace(row, description=None, unread=row.description, findings=(*row.findings, found))


class _Row:
    """Reads one row and collects what is wrong with it."""

    def __init__(
        self,
        sheet: Sheet,
        row: SheetRow,
        languages: Languages,
        held: Callable[[ArchivalCode], Description | None],
        codes: CodeRule,
        marked: Markings,
    ) -> None:
        self._sheet = sheet
        self._row = row
        self._languages = languages
        self._marked = marked
        self._held = held
        self._codes = codes
        self._unread: list[tuple[Element, str]] = []
        self._findings: list[Finding] = []
        self._language_from: LanguageSource = "stated"

    def read(self, today: date) -> CatalogueRow:
        """Return the row's description, or None with the findings that stand in its way."""
        code = self._code()
        kept = self._held(code) if code else None
        if kept and is_catalogue_sheet(self._sheet.headings.values()):
            self._row = self._said_anew(kept)
        title = self._said("title") or (kept.title if kept else "")
        if not title and kept:
            self._warn("title-missing", "title", "缺少题名", "the title is missing")
        elif not title:
            self._error("title-missing", "title", "缺少题名", "the title is missing")
        elif kept and self._is_cleared("title"):
            self._warn(
                "title-kept", "title", "题名不能清空，保持原题名", "a title cannot be emptied; it stays as it is"
            )
        fields = (*self._sheet.fields, *CATALOGUE_HEADINGS.values())
        self._findings += doubts_of(
            self._row, sheet=self._sheet.name, dates=_DATES, identifiers=_IDENTIFIERS, known=frozenset(fields)
        )
        marked = self._marked
        self._findings += marked.findings
        written = self._row.text("code")
        said = self._description(code or reference_code(written), title or ("" if kept else written), kept)
        if said.formed and self._row.text("date"):
            doubts = doubts_about_date(said.formed, year_in_code=said.code.year, today=today)
            self._findings += (self._placed(one, "date") for one in doubts)
        is_unread = any(found.severity == "error" for found in self._findings)
        return CatalogueRow(
            number=self._row.number,
            code_text=written,
            code_cell=self._row.cell_name("code"),
            description=None if is_unread else said,
            files=self._row.text("files") if self._row.text("files").strip("；; \n") else "",
            classified_cells=marked.classified_cells,
            findings=tuple(self._findings),
            is_declassified=marked.is_declassified,
            is_held=kept is not None,
            language_from=self._language_from,
            files_cell=self._row.cell_name("files"),
            judged_cells=marked.judged_cells,
            unread=said if is_unread else None,
        )

    def _said_anew(self, kept: Description) -> SheetRow:
        """Return an exported row without the cells that are what stood there, or that change what the sheet had a part of."""
        stood, others = cells_of(kept), dict(kept.other)
        cells = {"code": self._row.cells["code"]}
        for column, cell in self._row.cells.items():
            before = (stood if column in self._sheet.fields else others).get(column, "")
            cut = about_cut(self._sheet.name, cell.text, before)
            self._findings += [self._placed(cut, column)] if cut else []
            if not (cut or is_as_before(cell.text, before)):
                cells[column] = cell
        return replace(self._row, cells=cells)

    def _description(self, code: ArchivalCode, title: str, kept: Description | None) -> Description:
        """Return what the row says; what the archival code says too is read and compared with it first."""
        stated = {element.field: self._parsed(element) for element in _IN_CODE}
        for element in _IN_CODE:
            self._compare_with_code(element, stated[element.field], code)
        stated |= {element.field: self._parsed(element) for element in _IN_CELLS}
        empty = {element.field: element.kind.read(()) for element in (*_IN_CELLS, *_IN_CODE)}
        implied = {element.field: _said_by(code, element) for element in _IN_CODE}
        before: dict[str, object] = {element.field: element.of(kept) for element in ELEMENTS} if kept else {}
        cleared = {e.field: empty[e.field] for e in (*_IN_CELLS, *_IN_CODE) if self._is_cleared(e.key)}
        answer = empty | implied | before | {field: value for field, value in stated.items() if value is not None}
        answer |= cleared | {"code": code, "title": title, "other": self._other(kept)}
        said = cast("SecurityClassification | None", stated["security"])
        answer["security"] = higher(self._marked.highest, said) or answer["security"]
        if stated["language"] is None and not (kept and self._is_cleared("language")):
            answer["language"] = kept.language or self._languages.batch or "" if kept else self._language(title)
        return year_after(describe(answer), kept)

    def _language(self, title: str) -> str:
        language, self._language_from = self._languages.of(f"{title} {self._said('author')}")
        return language

    def _other(self, kept: Description | None) -> tuple[tuple[str, str], ...]:
        """Return what stands beside the elements: what a record has already, changed by what the row says."""
        pairs = dict(kept.other) if kept else {}
        if self._said("title"):
            pairs.pop(UNREAD_ROW, None)
        for element in (*_IN_CODE, *_IN_CELLS):
            if (text := self._row.text(element.key)) and not (kept and text == element.text(kept)):
                pairs.pop(as_written(element.name), None)
                pairs.pop(element.key, None)  # as it was named before
        for name in self._sheet.unknown:
            if self._is_cleared(name):
                pairs.pop(name, None)
            elif (text := self._row.text(name)) and not is_of_unit(self._sheet.headings, name, text):
                pairs[name] = text
        if term := term_kept(self._row.text("security")):
            pairs[AS_WRITTEN] = term
        pairs |= {as_written(element.name): text for element, text in self._unread}
        return tuple(pairs.items())

    def _is_cleared(self, column: str) -> bool:
        return is_cleared(self._row.text(column))

    def _said(self, column: str) -> str:
        """Return what a cell says; nothing for the mark that empties an element."""
        return "" if self._is_cleared(column) else self._row.text(column)

    def _code(self) -> ArchivalCode | None:
        text = self._row.text("code")
        if not text:
            self._error("code-missing", "code", "缺少档号", "the archival code is missing")
            return None
        try:
            return self._codes.parse(text)
        except IdentifierError:
            if self._held(code := reference_code(text)) is not None:
                return code
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

    def _parsed(self, element: Element) -> object:
        key, kind, text = element.key, element.kind, self._said(element.key)
        if not text or kind.parse is None:
            return None
        try:
            return kind.parse(text)
        except FormatError as cause:
            make = warning if kind.is_kept else error
            found = self._placed(make(_unreadable(element), cause.message), key)
            if kind.is_kept:
                self._unread.append((element, text))
            if found not in self._findings:
                self._findings.append(found)
            return None

    def _error(self, finding: str, field: str, zh: str, en: str, /, **values: str | int) -> None:
        self._findings.append(self._placed(error(finding, message(zh, en, **values)), field))

    def _warn(self, finding: str, field: str, zh: str, en: str, /, **values: str | int) -> None:
        self._findings.append(self._placed(warning(finding, message(zh, en, **values)), field))

    def _placed(self, found: Finding, field: str) -> Finding:
        return found.at(file=self._sheet.name, row=self._row.number, cell=self._row.cell_name(field))


def is_mended(found: Finding, description: Description) -> bool:
    """Say whether a finding is about what a cell said, and the description says something else of that by now."""
    if found.code in DATE_DOUBTS:
        return description.formed is None or description.formed.written not in found.message.text("zh")
    elements = [one for one in (*_IN_CODE, *_IN_CELLS) if _unreadable(one) == found.code]
    kept = dict(description.other)
    return bool(elements) and not any(as_written(one.name) in kept or one.key in kept for one in elements)


def _unreadable(element: Element) -> str:
    return element.kind.unreadable or f"{element.key.replace('_', '-')}-unreadable"


def _said_by(code: ArchivalCode, element: Element) -> object:
    """Return what the archival code says of an element, None where it says nothing that can be read."""
    part = element.in_code.part(code) if element.in_code else None
    try:
        return element.kind.parse(str(part)) if part and element.kind.parse else None
    except FormatError:
        return None
