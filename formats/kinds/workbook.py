"""Workbooks (XLSX, ISO/IEC 29500; XLSB, XLS): every sheet is a page of tab-separated rows under its name, as it is seen.

What stands beside the cells (notes, boxes, heads and feet) follows the rows, each under the place that it stands at; how words are
pronounced, which programs show on request only, follows the sheets.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.compound import MAGIC, encrypted, opened_compound
from formats.kinds.embedded import embedded, unread_pictures
from formats.kinds.kind import Enclosed, Hidden, Kind, Look, Reading
from formats.ooxml import drawn_words, opened_package, recognised_package
from formats.spreadsheet.cells import How, SeenRow
from formats.spreadsheet.opening import opened_spreadsheet
from formats.unpack import Container

_XLS = "application/vnd.ms-excel"
_MIMES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template": (".xltx",),
    "application/vnd.ms-excel.sheet.macroEnabled.12": (".xlsm",),
    "application/vnd.ms-excel.template.macroEnabled.12": (".xltm",),
    "application/vnd.ms-excel.sheet.binary.macroEnabled.12": (".xlsb",),
    _XLS: (".xls", ".xlt", ".et", ".ett"),
}
_MOST_COLUMNS = 1000
_CELL = re.compile(r"[A-Z]{1,3}[0-9]+(?::[A-Z]{1,3}[0-9]+)?")
_DRAWN = re.compile(r"(?i)/(?:diagrams/data|charts/chart)\w*\.xml$")
_FILE_PASS, _MOST_RECORDS = 0x2F, 50  # [MS-XLS] 2.4.117: it stands behind the first few


def _recognised(path: Path) -> FormatIdentification | None:
    return recognised_package(path, _MIMES, "Microsoft Excel Workbook")


def _looked(path: Path) -> Look:
    """Raise ``FormatError`` for one that is encrypted or damaged."""
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
    if _is_compound(path):
        with opened_compound(path) as compound:
            stream = next((name for name in ("Workbook", "Book") if compound.has(name)), None)
            if compound.has("EncryptedPackage") or (stream and _has_password(compound.stream(stream))):
                raise encrypted(path.name)
    elif head.startswith(b"PK") or not head.startswith(b"\x09"):  # those of before 1993 are no container
        with Container(path):
            pass
    return Look()


def _read(path: Path) -> Reading:
    with opened_spreadsheet(path) as book:
        for sheet in book.worksheets():
            lines, uncomputed = [sheet.name], 0
            for row in sheet.rows:
                lines.append(_line(row))
                uncomputed += sum(cell.how is How.NO_VALUE for cell in row.cells)
            yield "\n".join([*filter(None, lines), *(f"{place}\t{words}" for place, words in sheet.beside)])
            if uncomputed:
                yield _uncomputed(sheet.name, uncomputed)
        beside = [*(() if _is_compound(path) else _drawn_words(path)), *dict.fromkeys(book.readings())]
    if any(beside):
        yield "\n".join(filter(None, beside))
    yield from _embedded(path)


def _embedded(path: Path) -> Reading:
    """Yield the files that are embedded in the sheets, and that there are others; nothing of what is no package."""
    if _is_compound(path):
        with opened_compound(path) as compound:
            yield from embedded(compound, within="MBD")
        return
    with suppress(FormatError), opened_package(path) as package:
        for sheet in package.related(package.main, "worksheet"):
            for part in package.related(sheet, "package", "oleObject"):
                yield Enclosed(PurePosixPath(part).name, package.read(part))
        yield from unread_pictures(package)


def _is_compound(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _drawn_words(path: Path) -> Iterator[str]:
    """Yield what diagrams and charts say, which no sheet holds itself; nothing of what is no package."""
    try:
        with opened_package(path) as package:
            for name in package.names:
                if _DRAWN.search(name):
                    yield drawn_words(package.xml(name))
    except FormatError:
        return


def _line(row: SeenRow) -> str:
    """Return the text of a row; where it is so wide that only a bomb can be, its empty cells are left out."""
    if not row.cells or row.cells[-1].column > _MOST_COLUMNS:
        return "\t".join(cell.text for cell in row.cells)
    texts = [""] * row.cells[-1].column
    for cell in row.cells:
        texts[cell.column - 1] = cell.text
    return "\t".join(texts).rstrip()


def _uncomputed(title: str, cells: int) -> Finding:
    said = message(
        "工作表“{title}”有 {n} 个公式没有保存计算结果，无法读出；请用表格软件打开并重新保存",
        "{n} formulas in the sheet “{title}” have no value to read; open it in a spreadsheet program and save it anew",
        title=title,
        n=cells,
    )
    return warning("formula-without-value", said)


def _hides(path: Path) -> Iterator[Hidden]:
    with opened_spreadsheet(path) as book:
        for sheet in book.worksheets():
            hidden_rows = sum(row.is_hidden for row in sheet.rows)
            if sheet.is_hidden:
                said = message("隐藏的工作表：{name}", "a hidden sheet: {name}", name=sheet.name)
                yield Hidden("hidden-sheet", said)
                continue
            if hidden_rows:
                said = message(
                    "工作表“{name}”有 {n} 个隐藏行",
                    "{n} hidden rows in the sheet “{name}”",
                    name=sheet.name,
                    n=hidden_rows,
                )
                yield Hidden("hidden-rows", said)
            if sheet.hidden_columns:
                said = message("工作表“{name}”有隐藏列", "hidden columns in the sheet “{name}”", name=sheet.name)
                yield Hidden("hidden-columns", said)
            if any(place == "comments" or _CELL.fullmatch(place) for place, _ in sheet.beside):
                said = message("工作表“{name}”有批注", "comments in the sheet “{name}”", name=sheet.name)
                yield Hidden("comment", said)


def _has_password(stream: bytes) -> bool:
    place = 0
    for _ in range(_MOST_RECORDS):
        if place + 4 > len(stream):
            return False
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == _FILE_PASS:
            return True
        place += 4 + length
    return False


KIND = Kind(
    endings=_MIMES,
    recognise=_recognised,
    perhaps=lambda ends: ends.are_of_a_zip,
    look=_looked,
    draw=None,
    read=_read,
    hides=_hides,
)
