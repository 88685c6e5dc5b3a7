"""The cells of a table as text, read as a stream within limits, where nothing but that table can be read.

A table that is over a limit is refused, so that no row of it is left out in silence.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archives.errors import FormatError, ToolFailedError
from archives.message import Message, message
from archives.text.harmless import from_spreadsheet
from formats.kinds.plain_text import read_plain_text
from formats.kinds.workbook import opened_workbook
from formats.processes.child import apart
from formats.processes.opened import Opened

Cell = str | tuple[str]
"""A cell's text; alone in a tuple when the table held a number there."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row that has text, by its number in the table (from 1), without the empty cells at its end."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GridLimits:
    """How much a table may hold before it is refused."""

    rows: int = 500_000
    columns: int = 1_000
    characters: int = 48 << 20
    empty_rows: int = 1 << 20


Grid = tuple[GridRow, ...]
GridReader = Callable[[Opened], Grid]
"""How a table is read; a command hands in one that reads it in a child."""


def grid_of(opened: Opened) -> Grid:
    """Return the rows of a table that have text; raises ``FormatError``, also for what defeats its reader."""
    try:
        return apart(read_grid, opened)
    except ToolFailedError as failure:
        raise FormatError(failure.message, subject=opened.name) from failure


def read_grid(path: Path) -> Grid:
    """Return the rows of a table that have text: of a CSV file, or of the first sheet of an XLSX file.

    Raises ``FormatError`` when it cannot be read or is over a limit.
    """
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _xlsx_rows(path)
    return tuple(_within(GridLimits(), rows, path.name))


def _within(limits: GridLimits, rows: Iterable[Iterable[object]], name: str) -> Iterator[GridRow]:
    kept = characters = empty = 0
    for number, row in enumerate(rows, 1):
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            empty += 1
        else:
            kept, empty = kept + 1, 0
            characters += sum(len(cell) if isinstance(cell, str) else len(cell[0]) for cell in cells)
        for found, most, what in (
            (kept, limits.rows, message("行数", "rows")),
            (len(cells), limits.columns, message("列数", "columns")),
            (characters, limits.characters, message("字符数", "characters")),
            (empty, limits.empty_rows, message("连续空行数", "empty rows in a row")),
        ):
            if found > most:
                raise _too_large(name, what, most)
        if cells:
            yield GridRow(number, tuple(cells))


def _csv_rows(path: Path) -> Iterator[Iterable[object]]:
    try:
        (text,) = read_plain_text(path)
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as cause:
        raise FormatError(
            message("不是完好的 CSV：{reason}", "not a whole CSV file: {reason}", reason=str(cause)), subject=path.name
        ) from cause


def _xlsx_rows(path: Path) -> Iterator[Iterable[object]]:
    with opened_workbook(path) as book:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        whole = isinstance(value, int) or value.is_integer()
        return (str(int(value)) if whole else str(value),)
    return from_spreadsheet(str(value).strip())


def _too_large(name: str, what: Message, most: int) -> FormatError:
    return FormatError(
        message("{what}超过 {most}", "more than {most} {what}", what=what, most=most),
        subject=name,
        advice=message("请分成几个批次", "divide it into several batches"),
    )
