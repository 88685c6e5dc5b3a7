"""Workbooks (XLSX, ISO/IEC 29500): every sheet is a page of tab-separated rows under its name."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from archives.errors import FormatError
from archives.exchange.xml import parse_xml
from archives.findings import Finding, warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.kinds.kind import Hidden, Kind, Reading
from formats.ooxml import Package, drawn_words, opened_package, recognised_package
from formats.unpack import Container

if TYPE_CHECKING:
    from openpyxl import Workbook

_MIMES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template": (".xltx",),
    "application/vnd.ms-excel.sheet.macroEnabled.12": (".xlsm",),
    "application/vnd.ms-excel.template.macroEnabled.12": (".xltm",),
}
_MOST_COLUMNS = 1000
_HEADING = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)[^>]*>([^<]+)<")
_CODES = re.compile(r'&(?:"[^"]*"|\d+|K[0-9A-F]{6}|.)')  # ISO/IEC 29500-1 §18.3.1.39
_WITHOUT_VALUE = re.compile(rb"<c\b(?![^>]*/>)[^>]*><f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl raises for a workbook that is not as Excel writes it (its own errors are of these)."""


@contextmanager
def opened_workbook(path: Path) -> "Iterator[Workbook]":
    """Open a workbook to be read as a stream; whatever openpyxl raises, now or then, becomes ``FormatError``."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with Container(path), path.open("rb") as file, warnings.catch_warnings():  # bombs are refused before
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
    except (InvalidFileException, *_BROKEN) as cause:
        said = message(
            "工作簿损坏，或不合规范（{kind}）",
            "the workbook is damaged or not as it should be written ({kind})",
            kind=type(cause).__name__,
        )
        raise FormatError(said, subject=path.name) from cause


def _read(path: Path) -> Reading:
    with opened_workbook(path) as book, opened_package(path) as package:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # many programs write A1, whatever there is
            rows = (_line(row) for row in sheet.iter_rows(values_only=True))
            member = _member(sheet)
            yield "\n".join([sheet.title, *(row for row in rows if row), *_beside(package, member)])
            yield from _uncomputed(sheet.title, package.read(member))


def _line(row: Sequence[object]) -> str:
    """Return the text of a row; where it is so wide that only a bomb can be, its empty cells are left out."""
    if len(row) > _MOST_COLUMNS:
        return "\t".join(_shown(cell) for cell in row if cell is not None)
    return "\t".join(map(_shown, row)).rstrip()


def _shown(cell: object) -> str:
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return str(cell.date())
    if isinstance(cell, float):
        return f"{cell:.15g}"  # as many digits as spreadsheets have
    return "" if cell is None else str(cell)


def _beside(package: Package, sheet: str) -> Iterator[str]:
    """Yield what a sheet says beside its cells: notes under the name of their cell, boxes, charts, its heading and foot."""
    threads = package.related(sheet, "threadedComment")
    for part in threads or package.related(sheet, "comments"):
        for one in package.xml(part).iter("{*}threadedComment" if threads else "{*}comment"):
            words = "".join(text.text or "" for text in one.iter("{*}text" if threads else "{*}t"))
            yield f"{one.get('ref', '')}\t{words}"
    for drawing in package.related(sheet, "drawing"):
        yield from filter(None, (drawn_words(package.xml(drawing)),))
        yield from filter(None, (drawn_words(package.xml(chart)) for chart in package.related(drawing, "chart")))
    for heading in _HEADING.findall(package.read(sheet)):
        yield _CODES.sub(" ", unescape(heading.decode("utf-8", "replace"))).strip()


def _uncomputed(title: str, sheet: bytes) -> Iterator[Finding]:
    """Yield that cells have a formula and no value: the program that wrote them computed nothing."""
    cells = len(_WITHOUT_VALUE.findall(sheet))
    if cells:
        said = message(
            "工作表“{title}”有 {n} 个公式没有保存计算结果，无法读出；请用表格软件打开并重新保存",
            "{n} formulas in the sheet “{title}” have no value to read; open it in a spreadsheet program and save it anew",
            title=title,
            n=cells,
        )
        yield warning("formula-without-value", said)


def _hides(path: Path) -> Iterator[Hidden]:
    with Container(path) as container, opened_workbook(path) as book:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                yield Hidden(
                    "hidden-sheet", message("隐藏的工作表：{name}", "a hidden sheet: {name}", name=sheet.title)
                )
                continue
            rows, columns = _hidden_parts(container.read(_member(sheet)))
            if rows:
                said = message(
                    "工作表“{name}”有 {n} 个隐藏行",
                    "{n} hidden rows in the sheet “{name}”",
                    name=sheet.title,
                    n=rows,
                )
                yield Hidden("hidden-rows", said)
            if columns:
                said = message("工作表“{name}”有隐藏列", "hidden columns in the sheet “{name}”", name=sheet.title)
                yield Hidden("hidden-columns", said)


def _member(sheet: object) -> str:
    """Return the name of a sheet's member; the library keeps it for itself."""
    return str(vars(sheet)["_worksheet_path"]).lstrip("/")


def _hidden_parts(data: bytes) -> tuple[int, bool]:
    """Return how many rows of a sheet are hidden, and whether any column is (ISO/IEC 29500-1 §18.3.1.73, §18.3.1.13)."""
    root = parse_xml(data, subject="sheet")
    hidden = [str(one.tag).rpartition("}")[2] for one in root.iter() if one.get("hidden") in ("1", "true")]
    return hidden.count("row"), "col" in hidden


def _recognised(path: Path) -> FormatIdentification | None:
    return recognised_package(path, _MIMES, "Microsoft Excel Workbook")


KIND = Kind(endings=_MIMES, recognise=_recognised, look=None, draw=None, read=_read, hides=_hides)
