"""Workbooks in OpenDocument (ISO/IEC 26300-1 §9), row by row: the text of a cell in the file is what is seen of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from pathlib import Path

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import parse_xml, stream_xml
from archives.message import message
from formats.part_words import words_in, words_of
from formats.spreadsheet.cells import LAST_ROW, How, Merged, SeenCell, SeenRow, Worksheet, column_letters
from formats.spreadsheet.number_format import GENERAL, shown
from formats.unpack import Container, ContainerLimits

_CONTENT, _MANIFEST, _STYLES, _META = "content.xml", "META-INF/manifest.xml", "styles.xml", "meta.xml"
_PROPERTIES = ("title", "subject", "keyword", "description")
_HEADINGS = ("header", "header-left", "header-first", "footer", "footer-left", "footer-first")
_LAST_COLUMN = 1 << 14
_APART = ("tracked-changes", "content-validations", "named-expressions", "database-ranges", "forms", "dde-links")
_NUMBERS = ("float", "percentage", "currency")
_BESIDE = ("annotation", "frame", "custom-shape", "g", "rect", "text-box")


class OpenDocumentWorkbook:
    """An opened workbook."""

    def __init__(self, container: Container, name: str) -> None:
        self._container = container
        self._name = name
        if container.has(_MANIFEST) and b"encryption-data" in container.read(_MANIFEST):
            said = message("工作簿已加密", "the workbook is encrypted")
            advice = message("请去掉密码后另存", "take its password away and save it again")
            raise FormatError(said, subject=name, advice=advice)

    def worksheets(self) -> Iterator[Worksheet]:
        """Yield the worksheets in their order; each must be read before the next is asked for."""
        hidden: set[str] = set()
        headings = [*self._headings()]
        for table, elements in groupby(self._elements(), key=_table_of):
            if table is not None:
                worksheet = Worksheet(_of(table, "name"), _of(table, "style-name") in hidden, iter(()), beside=headings)
                headings = []
                worksheet.rows = _Rows(worksheet).read(elements)
                yield worksheet
            else:
                for style in elements:
                    if any(_of(one, "display") == "false" for one in style.iter("{*}table-properties")):
                        hidden.add(_of(style, "name"))

    def unseen(self) -> Iterator[tuple[str, str, str]]:
        """Yield the words of all other parts, and of the content what stands in no row: validations, names, what was deleted."""
        yield from words_of(self._container, but=(_CONTENT,))
        tags = tuple("{*}" + one for one in (*_APART, "table-row"))
        with self._container.stream(_CONTENT) as stream:
            for one in stream_xml(stream, tags, subject=self._name):
                if _local(one) in _APART:
                    yield from words_in(one, _local(one))

    def readings(self) -> Iterator[str]:
        """Yield nothing: how words are pronounced stands in the cells."""
        return iter(())

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield what the workbook says of itself (ISO/IEC 26300-1 §4.3)."""
        if self._container.has(_META):
            root = parse_xml(self._container.read(_META), subject=self._name)
            for one in root.iter(*("{*}" + name for name in _PROPERTIES)):
                if text := "".join(map(str, one.itertext())).strip():
                    yield _local(one), text

    def _headings(self) -> Iterator[tuple[str, str]]:
        """Yield what stands at head and foot of the printed pages; the first worksheet tells it for all."""
        if self._container.has(_STYLES):
            root = parse_xml(self._container.read(_STYLES), subject=self._name)
            for one in root.iter(*("{*}" + name for name in _HEADINGS)):
                if text := _text(one):
                    yield _local(one), text

    def _elements(self) -> Iterator[etree._Element]:
        tags = ("{*}style", "{*}table-column", "{*}table-row", "{*}shapes")
        with self._container.stream(_CONTENT) as stream:
            yield from stream_xml(stream, tags, subject=self._name)


@contextmanager
def opened_open_document(path: Path, limits: ContainerLimits | None = None) -> Iterator[OpenDocumentWorkbook]:
    """Open a workbook; raises ``FormatError``, now or when what is wrong is reached."""
    with Container(path, limits) as container:
        yield OpenDocumentWorkbook(container, path.name)


@dataclass(slots=True)
class _Rows:
    """Reads the rows of a table, and says on its worksheet what stands beside them."""

    sheet: Worksheet
    column: int = field(default=1)
    number: int = field(default=1)

    def read(self, elements: Iterator[etree._Element]) -> Iterator[SeenRow]:
        for element in elements:
            kind = _local(element)
            times = _times(element, f"number-{'columns' if kind == 'table-column' else 'rows'}-repeated", LAST_ROW)
            is_hidden = _of(element, "visibility") in ("collapse", "filter")
            if kind == "table-column":
                if is_hidden:
                    self.sheet.hidden_columns.append((self.column, self.column + times - 1))
                self.column += times
            elif kind == "shapes":
                self.sheet.beside += (("shapes", text) for text in [_text(element)] if text)
            else:
                yield from self._row(element, times, is_hidden=is_hidden)

    def _row(self, row: etree._Element, times: int, *, is_hidden: bool) -> Iterator[SeenRow]:
        cells = tuple(self._cells(row))
        for number in range(self.number, self.number + (times if cells else 0)):
            yield SeenRow(number, cells, is_hidden)
        self.number += times

    def _cells(self, row: etree._Element) -> Iterator[SeenCell]:
        column = 1
        for cell in row:
            if _local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            times = _times(cell, "number-columns-repeated", _LAST_COLUMN)
            place = f"{column_letters(column)}{self.number}"
            self.sheet.beside += ((place, text) for one in _beside(cell) if (text := _text(one)))
            down, across = (_times(cell, f"number-{what}-spanned", LAST_ROW) for what in ("rows", "columns"))
            if max(down, across) > 1:
                self.sheet.merged.append(Merged(self.number, column, self.number + down - 1, column + across - 1))
            text, how = _seen(cell)
            if _local(cell) == "covered-table-cell":
                self.sheet.beside += [(place, text)] if text else []
            elif text or how:
                yield from (SeenCell(column + more, text, how) for more in range(times))
            column += times


def _seen(cell: etree._Element) -> tuple[str, How]:
    text = "\n".join(_text(one) for one in cell.iterchildren("{*}p", "{*}h"))
    kind = _of(cell, "value-type")
    if _is_error(cell) or (kind in ("", "string") and text.startswith("#") and text.endswith(("!", "?", "/A"))):
        return text, How.ERROR
    if kind in _NUMBERS:
        return _number(_of(cell, "value"), " ".join(text.split()))
    if kind == "date":
        return _date(_of(cell, "date-value"), text)
    if kind == "time":
        return text, How.SHOWN
    if not text and kind == "string":
        text = _of(cell, "string-value")
    has_no_value = not text and not kind and bool(_of(cell, "formula"))
    return text, How.NO_VALUE if has_no_value else How.WRITTEN


def _is_error(cell: etree._Element) -> bool:
    """Say whether the program that wrote a cell calls it an error, beside the type that the standard knows."""
    return any(str(key).endswith("}value-type") and value == "error" for key, value in cell.attrib.items())


def _number(stored: str, text: str) -> tuple[str, How]:
    try:
        value = Decimal(stored)
        plain, how = shown(float(value), GENERAL)
    except (InvalidOperation, ValueError, OverflowError):
        return text or stored, How.ODD
    if not text or text == plain or how is How.LONG:
        return plain, how
    digits = text.replace(",", "")
    try:
        seen = Decimal(digits.removesuffix("%")) / (100 if digits.endswith("%") else 1)
    except InvalidOperation:
        return text, How.SHOWN
    return text, How.SHOWN if seen == Decimal(plain) else How.ROUNDED


def _date(stored: str, text: str) -> tuple[str, How]:
    """Return as much of a date as its text shows, largest part first."""
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return text or stored, How.DATE
    clock = moment.strftime(" %H:%M:%S" if moment.second else " %H:%M") if ":" in text else ""
    parts = [int(one) for one in re.findall(r"\d+", re.sub(r"\d+:[\d:.]+", "", text))]
    if not parts:
        return moment.date().isoformat() + clock, How.DATE
    year = next(
        (one for one in parts if one in (moment.year, moment.year % 100) and (one > 31 or len(parts) > 2)), None
    )
    year = year if year is not None else next((one for one in parts if one == moment.year % 100), None)
    if year is None or (
        moment.year not in parts and len(parts) == 2 and sorted(parts) == sorted((moment.month, moment.day))
    ):
        return text, How.YEARLESS
    parts.remove(year)
    in_words = bool(re.search(r"[A-Za-z]{3}|[一二三四五六七八九十]月", text))
    shows_month = in_words or bool(parts)
    shows_day = len(parts) > (0 if in_words else 1)
    form = "%Y-%m-%d" if shows_day else "%Y-%m" if shows_month else "%Y"
    return moment.strftime(form) + (clock if shows_day else ""), How.DATE


def _beside(cell: etree._Element) -> Iterator[etree._Element]:
    return (one for one in cell.iter() if _local(one) in _BESIDE)


def _text(element: etree._Element) -> str:
    """Return the text of a paragraph, or of all paragraphs of what stands beside; notes in a paragraph are not its text."""
    if _local(element) in ("p", "h"):
        return "".join(_inline(element))
    return "\n".join("".join(_inline(one)) for one in element.iter("{*}p", "{*}h"))


def _inline(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        name = _local(part)
        if name == "s":
            yield " " * _times(part, "c", 200)
        elif name in ("tab", "line-break"):
            yield "\t" if name == "tab" else "\n"
        elif name not in _BESIDE:
            yield from _inline(part)
        yield part.tail or ""


def _table_of(element: etree._Element) -> etree._Element | None:
    """Return the outermost table that an element is of; None for one of none."""
    return next((one for one in reversed([*element.iterancestors("{*}table")])), None)


def _times(element: etree._Element, name: str, most: int) -> int:
    stated = _of(element, name)
    return min(max(int(stated), 1), most) if stated.isascii() and stated.isdigit() and len(stated) < 9 else 1


def _of(element: etree._Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
