"""Workbooks in other formats (XLSB, odd XLS), by a library: their values, without the formats of numbers.

What stands beside the cells is told of all sheets together, with the first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, WorksheetNotFound

from archives.errors import FormatError
from archives.message import message
from formats.ooxml import drawn_words, opened_package
from formats.part_words import words_of
from formats.spreadsheet import binary_parts, binary_records
from formats.spreadsheet.binary_records import stream_of, words_beside
from formats.spreadsheet.cells import How, Merged, SeenCell, SeenRow, Worksheet
from formats.spreadsheet.number_format import GENERAL, shown
from formats.unpack import Container


class OtherWorkbook:
    """An opened workbook."""

    def __init__(self, book: CalamineWorkbook, path: Path) -> None:
        self._book = book
        self._path = path

    def worksheets(self) -> Iterator[Worksheet]:
        """Yield the worksheets in their order."""
        beside = list(self._beside())
        for place, one in enumerate(self._book.sheets_metadata):
            if one.typ is SheetTypeEnum.WorkSheet:
                sheet = self._book.get_sheet_by_index(place)
                merged = [Merged(a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in sheet.merged_cell_ranges or ()]
                rows = self._rows(place)
                is_hidden = one.visible is not SheetVisibleEnum.Visible
                yield Worksheet(one.name, is_hidden, rows, merged=merged, beside=beside)
                beside = []

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield nothing: the library does not tell them."""
        return iter(())

    def unseen(self) -> Iterator[tuple[str, str, str]]:
        """Yield the words of the parts that are XML: its properties, charts, caches."""
        if _is_package(self._path):
            with Container(self._path) as container:
                yield from words_of(container)

    def readings(self) -> Iterator[str]:
        """Yield how words of the cells are pronounced, as far as the workbook says so."""
        if not _is_package(self._path):
            yield from binary_records.readings(stream_of(self._path))
            return
        with opened_package(self._path) as package:
            for part in package.related(package.main, "sharedStrings"):
                yield from binary_parts.readings(package.read(part))

    def _beside(self) -> Iterator[tuple[str, str]]:
        """Yield what stands beside the cells of all sheets, each under its kind."""
        if not _is_package(self._path):
            for words in words_beside(stream_of(self._path)).values():
                yield from words
            return
        with opened_package(self._path) as package:
            for sheet in package.related(package.main, "worksheet", "chartsheet"):
                yield from binary_parts.heads_and_feet(package.read(sheet))
                for part in package.related(sheet, "drawing"):
                    yield from (("drawing", line) for line in drawn_words(package.xml(part)).split("\n") if line)
                for part in package.related(sheet, "comments"):
                    yield from (("comments", text) for text in binary_parts.comments(package.read(part)))

    def _rows(self, place: int) -> Iterator[SeenRow]:
        for number, row in enumerate(self._book.get_sheet_by_index(place).to_python(skip_empty_area=False), 1):
            cells = (SeenCell(column, *_seen(value)) for column, value in enumerate(row, 1) if value not in ("", None))
            yield SeenRow(number, tuple(cells))


@contextmanager
def opened_other(path: Path) -> Iterator[OtherWorkbook]:
    """Open a workbook; whatever the library raises, now or then, becomes ``FormatError``."""
    try:
        with path.open("rb") as file:
            yield OtherWorkbook(CalamineWorkbook.from_filelike(file), path)
    except (CalamineError, WorksheetNotFound, OSError, ValueError) as cause:
        raise _damaged(path) from cause
    except BaseException as cause:
        if type(cause).__name__ == "PanicException":  # the library's, which is no Exception
            raise _damaged(path) from cause
        raise


def _is_package(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _damaged(path: Path) -> FormatError:
    said = message("工作簿损坏，或不是表格文件", "the workbook is damaged, or no spreadsheet")
    return FormatError(said, subject=path.name)


def _seen(value: str | float | bool | date | time | timedelta) -> tuple[str, How]:
    if isinstance(value, bool):
        return str(value).upper(), How.WRITTEN
    if isinstance(value, int | float):
        return shown(float(value), GENERAL)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes").removesuffix(" 00:00"), How.DATE
    if isinstance(value, date):
        return value.isoformat(), How.DATE
    if isinstance(value, str):
        return value, How.ERROR if value.startswith("#") and value.endswith(("!", "?", "/A")) else How.WRITTEN
    return str(value), How.SHOWN
