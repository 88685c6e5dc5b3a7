"""Workbooks in the binary format of before 2007 ([MS-XLS], XLS), by a library: values under the formats of their numbers."""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import olefile
import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from archives.errors import FormatError
from archives.message import message
from formats.spreadsheet.binary_records import readings, stream_of, words_beside, worksheet_places
from formats.spreadsheet.cells import How, Merged, SeenCell, SeenRow, Worksheet
from formats.spreadsheet.number_format import BUILT_IN, GENERAL, shown, shown_text

_FIRST_OWN_FORMAT = 164
_EXCEL_5 = 50
"""The version from which on formats with a number of their own need not stand in the file."""
_PROPERTIES = ("title", "subject", "category", "keywords", "comments")
_UTF8_PAGE = 65001
BROKEN = (
    XLRDError,
    CompDocError,
    struct.error,
    AssertionError,
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    MemoryError,
)
"""What the library raises at files that it does not understand."""


class BinaryWorkbook:
    """An opened workbook; everything of it is in memory."""

    def __init__(self, path: Path) -> None:
        data, name = path.read_bytes(), path.name
        try:
            self._book: Any = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        except BROKEN as cause:
            said = message("工作簿损坏，或不是表格文件", "the workbook is damaged, or no spreadsheet")
            raise FormatError(said, subject=name) from cause

        self._data = data
        self._records = stream_of(path)

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield what the workbook says of itself ([MS-OLEPS] 2.25.1); nothing where there is no such stream."""
        if not olefile.isOleFile(data=self._data):
            return
        try:
            with olefile.OleFileIO(io.BytesIO(self._data)) as file:
                said = file.get_metadata()
        except (OSError, ValueError, LookupError, TypeError, struct.error):
            return
        for name in _PROPERTIES:
            if text := _text_of(getattr(said, name), said.codepage):
                yield name, text

    def unseen(self) -> Iterator[tuple[str, str, str]]:
        """Yield what it says of itself, and its names."""
        yield from ((name, text, "") for name, text in self.properties())
        yield from (("names", one.name, "") for one in self._book.name_obj_list)

    def worksheets(self) -> Iterator[Worksheet]:
        """Yield the worksheets in their order, the last with what sheets of charts say."""
        beside = words_beside(self._records)
        places = worksheet_places(self._records)
        for number, sheet in enumerate(self._book.sheets(), 1):
            hidden = [(n + 1, n + 1) for n, one in sorted(sheet.colinfo_map.items()) if one.hidden or one.width == 0]
            merged = [Merged(top + 1, left + 1, end, last) for top, end, left, last in sheet.merged_cells]
            notes = [
                (f"{xlrd.colname(column)}{row + 1}", one.text) for (row, column), one in sheet.cell_note_map.items()
            ]
            own = beside.pop(places[number - 1], []) if number <= len(places) else []
            if number == self._book.nsheets:
                own += [one for other in beside.values() for one in other]
            known = {text for _, text in notes}
            notes += [(kind, text) for kind, text in own if text not in known]
            yield Worksheet(sheet.name, bool(sheet.visibility), self._rows(sheet), hidden, merged, notes)

    def readings(self) -> Iterator[str]:
        """Yield how words of the cells are pronounced, as far as the workbook says so."""
        return readings(self._records)

    def _rows(self, sheet: Any) -> Iterator[SeenRow]:
        for number in range(sheet.nrows):
            info = sheet.rowinfo_map.get(number)
            seen = (self._seen(cell) for cell in sheet.row(number))
            cells = tuple(SeenCell(column, *one) for column, one in enumerate(seen, 1) if one[0] or one[1])
            yield SeenRow(number + 1, cells, bool(info and (info.hidden or info.height == 0)))

    def _seen(self, cell: Any) -> tuple[str, How]:
        match cell.ctype:
            case xlrd.XL_CELL_TEXT:
                return shown_text(cell.value, self._code(cell)), How.WRITTEN
            case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
                try:
                    return shown(cell.value, self._code(cell), from_1904=self._book.datemode == 1)
                except (ValueError, OverflowError):
                    return str(cell.value), How.ODD
            case xlrd.XL_CELL_BOOLEAN:
                return "TRUE" if cell.value else "FALSE", How.WRITTEN
            case xlrd.XL_CELL_ERROR:
                return xlrd.error_text_from_code.get(cell.value, "#N/A"), How.ERROR
        return "", How.WRITTEN

    def _code(self, cell: Any) -> str:
        """Return the code of a cell's number format; those that have a number are as Excel shows them in Chinese."""
        styles = self._book.xf_list
        key = styles[cell.xf_index].format_key if cell.xf_index is not None and cell.xf_index < len(styles) else 0
        own = self._book.format_map.get(key)
        if key < _FIRST_OWN_FORMAT and key in BUILT_IN and self._book.biff_version >= _EXCEL_5:
            return BUILT_IN[key]
        return own.format_str if own else GENERAL


def _text_of(value: str | bytes | None, code_page: int | None) -> str:
    """Return a property's text; without its code page, or in one that is not known, as Chinese programs wrote it."""
    if not isinstance(value, bytes):
        return (value or "").strip()
    page = (code_page or 0) & 0xFFFF
    try:
        return value.decode("utf-8" if page == _UTF8_PAGE else f"cp{page}").strip()
    except (LookupError, ValueError):
        return value.decode("gb18030", "replace").strip()
