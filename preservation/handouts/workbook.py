"""Tables as a workbook: what an archivist or an auditor takes away from an archive."""

import re
import time
from collections.abc import Iterable, Sequence
from html import escape
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from archives.exchange.xml import xml_text

if TYPE_CHECKING:
    from openpyxl import Workbook

_FIRST_YEAR = 1980
"""The first year that a ZIP can say (PKWARE APPNOTE 4.4.6)."""

LONGEST_CELL = 32_767
"""How many characters a cell of a workbook holds (Excel specifications and limits)."""

_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NO_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")
_DIMENSION = re.compile(rb"<dimension [^>]*>")
"""Which cells a worksheet has, as openpyxl writes it before it knows of the rows; nobody needs it."""


def cell_string(text: str) -> str:
    """Return a text as it is written into a workbook: what XML cannot hold is replaced, what would be read as an escape is escaped.

    Source: ST_Xstring, ISO/IEC 29500-1 §22.9.2.19.
    """
    return _LIKE_AN_ESCAPE.sub("_x005F_", xml_text(text))


def worksheet_name(text: str) -> str:
    """Return a text as a worksheet may be called: 31 characters at most, none of ``[]:*?/\\`` (Excel specifications and limits)."""
    return re.sub(r"[\[\]:*?/\\]", " ", xml_text(text))[:31].strip()


def workbook(sheets: Iterable[tuple[str, Iterable[Sequence[str | int]]]]) -> bytes:
    """Return an XLSX with a sheet for each title and its rows, whatever the clock of the machine says.

    A text is written as it is given: one that a spreadsheet would compute is quoted by the caller.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([cell_string(cell) if isinstance(cell, str) else cell for cell in row])
    out = BytesIO()
    save_workbook(book, out)
    return out.getvalue()


def save_workbook(book: "Workbook", out: IO[bytes] | Path) -> None:
    """Write a workbook, whatever the clock of the machine says."""
    from openpyxl.writer.excel import ExcelWriter

    ExcelWriter(book, _AnyClock(out, "w", ZIP_DEFLATED, strict_timestamps=False)).save()


def write_texts(out: IO[bytes], title: str, rows: Iterable[Sequence[str]]) -> None:
    """Write an XLSX of one worksheet, row by row, whose cells are text, also once somebody writes into them.

    The first row stays in sight. Everything but the rows is openpyxl's; it would keep all of them in a file of its own
    first. Texts must be such that XML can hold them, no longer than ``LONGEST_CELL``.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    cells = iter(rows)
    first = next(cells, ())
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title, sheet.freeze_panes = title, "A2"
    look = WriteOnlyCell(sheet)
    look.number_format = "@"
    letters = [get_column_letter(number) for number in range(1, len(first) + 1)]
    for letter in letters:
        sheet.column_dimensions[letter].number_format = "@"
    empty = BytesIO()
    save_workbook(book, empty)
    with ZipFile(empty) as made, ZipFile(out, "w", ZIP_DEFLATED) as whole:
        for part in made.infolist():
            before, *after = _NO_ROWS.split(_DIMENSION.sub(b"", made.read(part)))
            with whole.open(_entry(part.filename), "w", force_zip64=True) as file:
                file.write(before)
                if after:
                    file.write(b"<sheetData>")
                    for number, row in enumerate(chain((first,), cells), 1):
                        file.write(_row_xml(number, row, letters, look.style_id).encode())
                    file.write(b"</sheetData>" + after[0])


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _row_xml(number: int, row: Sequence[str], letters: Sequence[str], style: int) -> str:
    """Return a row with its texts in it (ISO/IEC 29500-1 18.3.1.73, 18.3.1.53); what is empty is left out."""
    cells = "".join(
        f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(cell_string(text), quote=False)}</t></is></c>'
        for letter, text in zip(letters, row, strict=True)
        if text
    )
    return f'<row r="{number}">{cells}</row>'


class _AnyClock(ZipFile):
    """A ZIP that is written on a machine whose clock stands before the first year of the format, too."""

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *args: Any, **options: Any) -> None:
        if isinstance(zinfo_or_arcname, str):
            now = time.localtime()[:6]
            moment = now if now[0] >= _FIRST_YEAR else (_FIRST_YEAR, 1, 1, 0, 0, 0)
            zinfo_or_arcname = ZipInfo(zinfo_or_arcname, moment)
            zinfo_or_arcname.compress_type = self.compression
        super().writestr(zinfo_or_arcname, data, *args, **options)
