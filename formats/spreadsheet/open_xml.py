"""Workbooks in Office Open XML (ISO/IEC 29500-1 §18, transitional and strict), whoever wrote them, row by row.

Only what a cell says is read: values, number formats, what is hidden and merged. Fonts, fills and names of styles, in which
many programs are careless, are not looked at.
"""

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import parse_xml, stream_xml
from archives.message import message
from formats.ooxml import run_text, spoken_text, unescaped
from formats.part_words import words_of
from formats.spreadsheet.cells import (
    LAST_ROW,
    How,
    Merged,
    SeenCell,
    SeenRow,
    Worksheet,
    about_cell_twice,
    about_places_twice,
    column_letters,
    head_parts,
)
from formats.spreadsheet.number_format import BUILT_IN, GENERAL, shown, shown_text
from formats.unpack import Container, ContainerLimits

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_HEADS_AND_FEET = tuple(f"{{*}}{page}{place}" for page in ("odd", "even", "first") for place in ("Header", "Footer"))
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_ASIDE_SAYS = {
    "dataValidation": ("prompt", "promptTitle", "error", "errorTitle"),
    "hyperlink": ("tooltip", "display", "location"),
    "protectedRange": ("name",),
}
"""What is said of cells and seen by who points at them, by element and attribute."""
_ASIDE = tuple("{*}" + name for name in _ASIDE_SAYS)
_REPEATS = re.compile(r"/(?:tables|pivotcache|pivottables|charts|slicers|slicercaches|querytables)/")
"""Parts that say again what stands in cells, where it was judged in its place."""
_OF_LEVELS = re.compile("密|秘|㊙|secret|confid", re.IGNORECASE)
_PROPERTIES = ("title", "subject", "category", "keywords", "description", "contentStatus")
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_TRUE = ("1", "true", "on")
_NOT_A_BOOK = message("不是 XLSX 工作簿", "not an XLSX workbook")


@dataclass(frozen=True, slots=True)
class _Listed:
    name: str
    is_hidden: bool
    part: str


class OpenXmlWorkbook:
    """An opened workbook."""

    def __init__(self, container: Container, name: str) -> None:
        self._container = container
        self._name = name
        self._parts = {_plain(one).lower(): one for one in container.names}
        self._book = self._main()
        book = self._xml(self._book)
        properties = next(iter(book.iter("{*}workbookPr")), None)
        self._from_1904 = properties is not None and properties.get("date1904") in _TRUE
        self._listed = tuple(self._sheets(book))
        self._codes = self._number_formats()
        self._strings: list[str] | None = None
        self._used: set[int] = set()
        self._inline: set[str] = set()
        self._readings: list[str] = []

    def worksheets(self) -> Iterator[Worksheet]:
        """Yield the worksheets in their order; each must be read before the next is asked for."""
        for listed in self._listed:
            sheet = Worksheet(listed.name, listed.is_hidden, iter(()), beside=list(self._beside(listed.part)))
            sheet.rows = self._rows(listed.part, sheet)
            yield sheet

    def unseen(self) -> Iterator[tuple[str, str, str]]:
        """Yield the words of all parts but its worksheets, and the strings of no cell; what only repeats cells is left out."""
        strings = [part.lower() for part in self._related(self._book, "sharedStrings")]
        every = [*enumerate(self._strings or self._shared_strings())]
        seen = self._inline | {one for n, one in every if n in self._used}
        yield from (("sharedStrings", one, "") for n, one in every if n not in self._used)
        but = {*strings, *(one.part.lower() for one in self._listed)}
        for place, text, heading in words_of(self._container, but=but):
            if text not in seen or not _REPEATS.search(place.lower()):
                yield place, text, heading
        yield from (("readings", text, "") for text in self._readings)

    def readings(self) -> Iterator[str]:
        """Yield how words of the cells that were read are pronounced, as far as the workbook says so (§18.4.6)."""
        return iter(self._readings)

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield what the workbook says of itself (ISO/IEC 29500-2 §8.3)."""
        for part in self._related("", "core-properties"):
            for one in self._xml(part).iter(*(f"{{*}}{name}" for name in _PROPERTIES)):
                if text := (one.text or "").strip():
                    yield etree.QName(one).localname, text

    def _main(self) -> str:
        """Return the part that is the workbook; one that names none has it where everybody puts it."""
        root = self._related("", "officeDocument")
        found = root[0] if root else "xl/workbook.xml"
        if found.lower() not in self._parts:
            raise FormatError(_NOT_A_BOOK, subject=self._name)
        return found

    def _sheets(self, book: etree._Element) -> Iterator[_Listed]:
        relations = dict(self._relations(self._book))
        for one in book.iter("{*}sheet"):
            identifier = next((str(v) for k, v in one.attrib.items() if str(k).endswith("}id")), "")
            kind, part = relations.get(identifier, ("", ""))
            if kind == "worksheet" and part.lower() in self._parts:
                yield _Listed(one.get("name", ""), one.get("state", "visible") != "visible", part)

    def _number_formats(self) -> tuple[str, ...]:
        """Return the code of the number format of every style of cells, in their order."""
        place = self._related(self._book, "styles")
        if not place:
            return ()
        styles = self._xml(place[0])
        own = {one.get("numFmtId"): one.get("formatCode", GENERAL) for one in styles.iter("{*}numFmt")}
        codes = []
        for group in styles.iter("{*}cellXfs"):
            for one in group.iterchildren("{*}xf"):
                number = one.get("numFmtId", "0")
                codes.append(own.get(number) or BUILT_IN.get(_whole_number(number), GENERAL))
        return tuple(codes)

    def _string(self, index: int) -> str:
        if self._strings is None:
            self._strings = list(self._shared_strings())
        self._used.add(index)
        return self._strings[index] if 0 <= index < len(self._strings) else ""

    def _shared_strings(self) -> Iterator[str]:
        for part in self._related(self._book, "sharedStrings"):
            with self._container.stream(self._parts[part.lower()]) as stream:
                for item in stream_xml(stream, ("{*}si",), subject=self._name):
                    self._readings += spoken_text(item)
                    yield run_text(item)

    def _rows(self, part: str, sheet: Worksheet) -> Iterator[SeenRow]:
        tags = ("{*}row", "{*}col", "{*}mergeCell", *_HEADS_AND_FEET, *_ASIDE)
        last, twice = 0, list[int]()
        with self._container.stream(self._parts[part.lower()]) as stream:
            for element in stream_xml(stream, tags, subject=self._name):
                kind = etree.QName(element).localname
                if kind == "row":
                    number = _whole_number(element.get("r", "")) or last + 1
                    twice += [number] if number <= last else []
                    last = number if last < number <= LAST_ROW else last + 1
                    cells = {one.column: one for one in self._cells(element, last, sheet)}
                    yield SeenRow(last, tuple(cells.values()), _is_hidden(element, "ht"))
                elif kind == "col":
                    if _is_hidden(element, "width"):
                        first, end = (_whole_number(element.get(name, "")) for name in ("min", "max"))
                        sheet.hidden_columns.append((first, end))
                elif kind == "mergeCell":
                    sheet.merged += _merged(element.get("ref", ""))
                elif kind in _ASIDE_SAYS:
                    said = (
                        (element.get("sqref") or element.get("ref") or kind, element.get(name, ""))
                        for name in _ASIDE_SAYS[kind]
                    )
                    sheet.unseen += ((place, text, "") for place, text in said if text)
                else:
                    sheet.beside += ((kind, text) for text in head_parts(element.text or ""))
        sheet.findings += about_places_twice(twice)

    def _cells(self, row: etree._Element, number: int, sheet: Worksheet) -> Iterator[SeenCell]:
        column = 0
        known: dict[int, str] = {}
        for cell in row.iterchildren("{*}c"):
            reference = _REFERENCE.fullmatch(cell.get("r", ""))
            column = column_number(reference[1]) if reference else column + 1
            text, how = self._seen(cell)
            if column in known and known[column] != text:
                sheet.findings.append(about_cell_twice(f"{column_letters(column)}{number}"))
                sheet.unseen.append((f"{column_letters(column)}{number}", known[column], ""))
            known[column] = text
            if text or how:
                yield SeenCell(column, text, how)

    def _seen(self, cell: etree._Element) -> tuple[str, How]:
        kind = cell.get("t", "n")
        parts = {str(one.tag).rpartition("}")[2]: one for one in cell}
        raw = (parts["v"].text if "v" in parts else None) or ""
        style = _whole_number(cell.get("s", ""))
        code = self._codes[style] if style < len(self._codes) else GENERAL
        if kind == "inlineStr":
            self._readings += spoken_text(parts["is"]) if "is" in parts else ()
            text = run_text(parts["is"]) if "is" in parts else ""
            self._inline.update([text] if _OF_LEVELS.search(text) else ())
            return shown_text(text, code) if text else "", How.WRITTEN
        if kind == "s":
            return shown_text(self._string(_whole_number(raw)), code) if raw else "", How.WRITTEN
        if not raw and "f" in parts and (literal := _LITERAL.fullmatch(parts["f"].text or "")):
            return literal[1].replace('""', '"'), How.WRITTEN
        if not raw and kind != "str":
            return "", How.NO_VALUE if "f" in parts else How.WRITTEN
        if kind == "str":
            return shown_text(unescaped(raw), code), How.WRITTEN
        if kind == "b":
            return "TRUE" if raw.strip() in _TRUE else "FALSE", How.WRITTEN
        if kind == "e":
            return raw, How.ERROR
        if kind == "d":
            return raw.removesuffix("T00:00:00"), How.DATE
        try:
            return shown(float(raw), code, from_1904=self._from_1904)
        except (ValueError, OverflowError):
            return raw, How.ODD

    def _beside(self, part: str) -> Iterator[tuple[str, str]]:
        """Yield what stands beside the cells of a worksheet: comments with their cells, the words of drawings."""
        for kind, target in (one for _, one in self._relations(part)):
            if kind in ("comments", "threadedComment", "drawing", "vmlDrawing") and target.lower() in self._parts:
                try:
                    root = self._xml(target)
                except FormatError:
                    continue
                for one in root.iter("{*}comment", "{*}threadedComment"):
                    yield one.get("ref", ""), "".join(text.text or "" for text in one.iter("{*}t", "{*}text")).strip()
                for one in root.iter("{*}p"):
                    if words := "".join(text.text or "" for text in one.iter("{*}t")).strip():
                        yield kind, words

    def _related(self, part: str, kind: str) -> tuple[str, ...]:
        return tuple(to for _, (of, to) in self._relations(part) if of == kind and to.lower() in self._parts)

    def _relations(self, part: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield the relations of a part, each with its identifier, the last word of its type, and where it leads."""
        folder, name = posixpath.split(part)
        place = posixpath.join(folder, "_rels", f"{name}.rels")
        if place.lower() not in self._parts:
            return
        for one in self._xml(place).iter("{*}Relationship"):
            if one.get("TargetMode") != "External":
                to = posixpath.normpath(posixpath.join("/", folder, _plain(one.get("Target", "")))).lstrip("/")
                if one.get("Target", "").startswith(("/", "\\")):
                    to = _plain(one.get("Target", ""))
                yield one.get("Id", ""), (one.get("Type", "").rpartition("/")[2], to)

    def _xml(self, part: str) -> etree._Element:
        return parse_xml(self._container.read(self._parts[part.lower()]), subject=self._name)


@contextmanager
def opened_open_xml(path: Path, limits: ContainerLimits | None = None) -> Iterator[OpenXmlWorkbook]:
    """Open a workbook; raises ``FormatError``, now or when what is wrong is reached."""
    with Container(path, limits) as container:
        yield OpenXmlWorkbook(container, path.name)


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """Return the number of a column, from 1 for A."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _merged(reference: str) -> Iterator[Merged]:
    if found := _RANGE.fullmatch(reference.replace("$", "")):
        yield Merged(int(found[2]), column_number(found[1]), int(found[4]), column_number(found[3]))


def _is_hidden(element: etree._Element, size: str) -> bool:
    return element.get("hidden") in _TRUE or element.get(size) in ("0", "0.0")


def _whole_number(text: str | None) -> int:
    return int(text) if text and text.strip().isascii() and text.strip().isdigit() else 0


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")
