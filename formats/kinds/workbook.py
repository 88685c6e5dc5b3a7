"""Workbooks (XLSX, ISO/IEC 29500): every sheet is a page of tab-separated rows under its name."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from archives.errors import FormatError
from archives.exchange.xml import parse_xml
from archives.message import message
from formats.kinds.kind import Hidden, Kind
from formats.unpack import Container

if TYPE_CHECKING:
    from openpyxl import Workbook

_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_COLUMNS = 1000
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


def _read(path: Path) -> Iterator[str]:
    with opened_workbook(path) as book:
        for sheet in book.worksheets:
            rows = (_line(row) for row in sheet.iter_rows(values_only=True))
            yield "\n".join([sheet.title, *(row for row in rows if row)])


def _line(row: Sequence[object]) -> str:
    """Return the text of a row; where it is so wide that only a bomb can be, its empty cells are left out."""
    if len(row) > _MOST_COLUMNS:
        return "\t".join(str(cell) for cell in row if cell is not None)
    return "\t".join("" if cell is None else str(cell) for cell in row).rstrip()


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


KIND = Kind(endings={_MIME: (".xlsx",)}, look=None, draw=None, read=_read, hides=_hides)
