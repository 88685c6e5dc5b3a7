"""Workbooks in other formats (XLSB, odd XLS), by a library: their values, without the formats of numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, WorksheetNotFound

from archives.errors import FormatError
from archives.message import message
from formats.spreadsheet.cells import How, Merged, SeenCell, SeenRow, Worksheet
from formats.spreadsheet.number_format import GENERAL, shown


class OtherWorkbook:
    """An opened workbook."""

    def __init__(self, book: CalamineWorkbook) -> None:
        self._book = book

    def worksheets(self) -> Iterator[Worksheet]:
        """Yield the worksheets in their order."""
        for place, one in enumerate(self._book.sheets_metadata):
            if one.typ is SheetTypeEnum.WorkSheet:
                sheet = self._book.get_sheet_by_index(place)
                merged = [Merged(a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in sheet.merged_cell_ranges or ()]
                rows = self._rows(place)
                yield Worksheet(one.name, one.visible is not SheetVisibleEnum.Visible, rows, merged=merged)

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield nothing: the library does not tell them."""
        return iter(())

    def _rows(self, place: int) -> Iterator[SeenRow]:
        for number, row in enumerate(self._book.get_sheet_by_index(place).to_python(skip_empty_area=False), 1):
            cells = (SeenCell(column, *_seen(value)) for column, value in enumerate(row, 1) if value not in ("", None))
            yield SeenRow(number, tuple(cells))


@contextmanager
def opened_other(path: Path) -> Iterator[OtherWorkbook]:
    """Open a workbook; whatever the library raises, now or then, becomes ``FormatError``."""
    try:
        with path.open("rb") as file:
            yield OtherWorkbook(CalamineWorkbook.from_filelike(file))
    except (CalamineError, WorksheetNotFound, OSError, ValueError) as cause:
        raise _damaged(path) from cause
    except BaseException as cause:
        if type(cause).__name__ == "PanicException":  # the library's, which is no Exception
            raise _damaged(path) from cause
        raise


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
