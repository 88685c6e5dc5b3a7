"""The cells of a table as text, read as a stream within limits, where nothing but that table can be read.

A table that is over a limit is refused, so that no row of it is left out in silence.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from archives.errors import FormatError, NotFoundError, ToolFailedError
from archives.findings import Finding
from archives.message import Message, listed, message
from archives.record.marked import is_secret
from archives.text.harmless import from_spreadsheet
from formats.encoding.decoding import decode, doubts
from formats.identify import require_table
from formats.processes.child import apart
from formats.processes.opened import Opened
from formats.spreadsheet.cells import How, Merged, SeenRow, Worksheet, column_letters
from formats.spreadsheet.opening import ENDINGS, opened_spreadsheet
from ingest.sheets import delimited
from ingest.sheets.headings import fold_heading

TABLES = (*ENDINGS, ".csv", ".tsv", ".tab")
"""What the names of tables end with."""

Cell = str | tuple[str, str]
"""A cell's text; in a pair with its ``How`` where it was not simply written there."""
_CHARACTERS = message("字符数", "characters")
_BYTES = message("字节数", "bytes")
_COLUMNS = message("列数", "columns")
_ROWS = message("行数", "rows")
_EMPTY = message("连续空行数", "empty rows in a row")
_MOST_BESIDE = 10_000
_QUOTED = re.compile(r'="((?:[^"]|"")*)"')
"""How programs write a text that a spreadsheet would take for a number (``="0007"``)."""
_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!")


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row that has text, by its number in the table (from 1), without the empty cells at its end.

    ``merged``: the places (from 0) of cells that are merged with one above, each with the number of its row.
    """

    number: int
    cells: tuple[Cell, ...]
    is_hidden: bool = False
    merged: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class GridSheet:
    """One worksheet, or a whole CSV file: its rows, and what else a reader should know of it.

    ``merged`` are the ranges whose value was put into every row; ``beside`` texts that stand in no cell, with their
    places; ``doubts`` are about the encoding of a text.
    """

    name: str
    rows: tuple[GridRow, ...]
    is_hidden: bool = False
    hidden_columns: tuple[int, ...] = ()
    merged: tuple[str, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    doubts: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class GridLimits:
    """How much the worksheets of a table may hold together before it is refused."""

    rows: int = 500_000
    columns: int = 1_000
    characters: int = 48 << 20
    empty_rows: int = 1 << 20
    bytes: int = 160 << 20


Grid = tuple[GridSheet, ...]
GridReader = Callable[[Opened], Grid]
"""How a table is read; a command hands in one that reads it in a child."""


def name_in(file: str, grid: Grid, worksheet: int) -> str:
    """Return what a table is called: its file, with its worksheet where that is not the first one that anybody sees."""
    seen = [place for place, one in enumerate(grid) if not one.is_hidden] or [0]
    return f"{file}!{grid[worksheet].name}" if worksheet != seen[0] and grid[worksheet].name else file


def file_in(name: str, grid: Grid, worksheet: int) -> str:
    """Return the file of a table that is called so, by whichever of the two names."""
    return name.removesuffix(f"!{grid[worksheet].name}") if grid and grid[worksheet].name else name


def worksheets_called(worksheet: str, grid: Grid, file: str) -> tuple[int, ...]:
    """Return the places of the worksheets of a name: the very one, else all that differ from it in writing only.

    Raises ``NotFoundError`` where there is none.
    """
    exact = tuple(place for place, one in enumerate(grid) if one.name == worksheet)
    alike = tuple(place for place, one in enumerate(grid) if fold_heading(one.name) == fold_heading(worksheet))
    if found := exact or alike:
        return found
    raise NotFoundError(
        message(
            "{file} 没有工作表“{sheet}”，现有：{names}",
            "{file} has no worksheet “{sheet}”; it has: {names}",
            file=file,
            sheet=worksheet,
            names=listed([one.name for one in grid if one.name]) or "—",
        ),
        subject=worksheet,
        advice=message("请用 --sheet 写其中一个名称", "give one of these names with --sheet"),
    )


def grid_of(opened: Opened) -> Grid:
    """Return the worksheets of a table; raises ``FormatError``, also for what defeats its reader."""
    try:
        return apart(read_grid, opened)
    except ToolFailedError as failure:
        raise FormatError(failure.message, subject=opened.name) from failure


def read_grid(path: Path) -> Grid:
    """Return the worksheets of a table with the rows that have text; a CSV file is one without a name.

    Raises ``FormatError`` when it cannot be read or is over a limit.
    """
    gauge = _Gauge(path.name, GridLimits())
    require_table(path, is_text=path.suffix.lower() in delimited.ENDINGS)
    if path.suffix.lower() in delimited.ENDINGS:
        return (_of_text(path, gauge),)
    with opened_spreadsheet(path) as book:
        sheets = [_of_worksheet(sheet, gauge) for sheet in book.worksheets()]
        told = {text for one in sheets for text in (one.name, *(text for _, text in one.beside))}
        of_itself = tuple(book.properties())
        of_itself += marked_unseen(book.unseen(), but={*told, *(text for _, text in of_itself)})
        return tuple(replace(one, beside=(*of_itself, *one.beside)) if one is sheets[0] else one for one in sheets)


def cell_text(cell: Cell) -> str:
    """Return the text of a cell."""
    return cell if isinstance(cell, str) else cell[0]


def first_text(sheet: GridSheet) -> str:
    """Return what stands in the first cell of a worksheet."""
    first = sheet.rows[0] if sheet.rows else None
    return cell_text(first.cells[0]) if first and first.number == 1 else ""


def cell_how(cell: Cell) -> How:
    """Return how the text of a cell came about."""
    return How.WRITTEN if isinstance(cell, str) else How(cell[1])


def seen_cells(row: SeenRow) -> list[Cell]:
    """Return the cells of a row from the first column on, empty where nothing is seen."""
    cells: list[Cell] = []
    for one in row.cells:
        if one.text.strip() or one.how is How.NO_VALUE:
            cells += [""] * (one.column - len(cells))
            text = from_spreadsheet(one.text.strip())
            cells[one.column - 1] = (text, one.how.value) if one.how else text
    return cells


def written_cell(text: str) -> Cell:
    """Return the text of a cell of a CSV file; the signs of line ends and errors that programs write are known."""
    plain = from_spreadsheet(text.replace("_x000D_", "").strip())
    if quoted := _QUOTED.fullmatch(plain):
        plain = quoted[1].replace('""', '"').strip()
    is_error = plain.startswith("#") and plain in _ERRORS
    return (plain, How.ERROR.value) if is_error or (plain and not plain.strip("#") and len(plain) > 2) else plain


def told_beside(sheet: Worksheet) -> tuple[tuple[str, str], ...]:
    """Return what stands beside the cells of a worksheet: so much of it as people read, and whatever is marked."""
    return tuple(one for n, one in enumerate(sheet.beside) if one[1] and (n < _MOST_BESIDE or is_secret(one[1])))


def marked_unseen(unseen: Iterable[tuple[str, str, str]], *, but: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
    """Return what is marked as a state secret of what no program shows: the place and the words, each once.

    ``but`` are words that were found elsewhere, and need one answer only.
    """
    found = ((place, text) for place, text, heading in unseen if text and text not in but and is_secret(text, heading))
    return tuple(dict.fromkeys(found))


class _Gauge:
    """Counts what was read, and refuses what is over a limit."""

    def __init__(self, name: str, limits: GridLimits) -> None:
        self._name = name
        self._limits = limits
        self._rows = self._characters = self._empty = 0

    def within(self, rows: Iterable[tuple[int, list[Cell], bool]]) -> Iterator[GridRow]:
        """Yield those rows that have text, without the empty cells at their ends."""
        for number, cells, is_hidden in rows:
            while cells and not cells[-1]:
                cells.pop()
            self._count(cells)
            if cells:
                yield GridRow(number, tuple(cells), is_hidden)

    def add(self, characters: int) -> None:
        """Count characters that are put in afterwards."""
        self._characters += characters
        self._check(self._characters, self._limits.characters, _CHARACTERS)

    def require_bytes(self, size: int) -> None:
        """Refuse a text that is too long to be taken into memory."""
        self._check(size, self._limits.bytes, _BYTES)

    def require_column(self, number: int) -> None:
        """Refuse a row that is too wide."""
        self._check(number, self._limits.columns, _COLUMNS)

    def _count(self, cells: list[Cell]) -> None:
        self._empty = 0 if cells else self._empty + 1
        self._rows += bool(cells)
        self.require_column(len(cells))
        self._check(self._rows, self._limits.rows, _ROWS)
        self._check(self._empty, self._limits.empty_rows, _EMPTY)
        self.add(sum(len(cell_text(cell)) for cell in cells))

    def _check(self, found: int, most: int, what: Message) -> None:
        if found > most:
            raise FormatError(
                message("{what}超过 {most}", "more than {most} {what}", what=what, most=most),
                subject=self._name,
                advice=message("请分成几个批次", "divide it into several batches"),
            )


def _of_text(path: Path, gauge: _Gauge) -> GridSheet:
    gauge.require_bytes(path.stat().st_size)
    decoded = decode(path.read_bytes())
    try:
        rows = enumerate(delimited.table_rows(decoded.text.removeprefix("\ufeff")), 1)
        kept = tuple(gauge.within((number, [written_cell(text) for text in row], False) for number, row in rows))
    except delimited.BrokenRowError as broken:
        raise broken.told(path.name) from broken
    return GridSheet("", kept, doubts=tuple(doubts(decoded)))


def _of_worksheet(sheet: Worksheet, gauge: _Gauge) -> GridSheet:
    rows = tuple(gauge.within(_across(row, gauge) for row in sheet.rows))
    wide = max((len(row.cells) for row in rows), default=0)
    hidden = {n for first, last in sheet.hidden_columns for n in range(first, min(last, wide) + 1)}
    down = [one for one in sheet.merged if one.last_row > one.first_row]
    return GridSheet(
        sheet.name,
        _filled(rows, down, gauge) if down else rows,
        sheet.is_hidden,
        tuple(sorted(hidden)),
        tuple(_range(one) for one in islice(down, 1000)),
        (*told_beside(sheet), *marked_unseen(sheet.unseen)),
        tuple(sheet.findings),
    )


def _across(row: SeenRow, gauge: _Gauge) -> tuple[int, list[Cell], bool]:
    gauge.require_column(max((one.column for one in row.cells if one.text.strip()), default=0))
    return row.number, seen_cells(row), row.is_hidden


def _filled(rows: tuple[GridRow, ...], merged: Iterable[Merged], gauge: _Gauge) -> tuple[GridRow, ...]:
    """Return rows in which what is merged over several of them stands in each, as it is seen."""
    places = {row.number: place for place, row in enumerate(rows)}
    numbers = [row.number for row in rows]
    answer = list(rows)
    for one in merged:
        first = places.get(one.first_row)
        if first is None or one.first_column > len(answer[first].cells):
            continue
        value = answer[first].cells[one.first_column - 1]
        place = first + 1
        while value and place < len(rows) and numbers[place] <= one.last_row:
            cells = list(answer[place].cells)
            cells += [""] * (one.first_column - len(cells))
            if not cells[one.first_column - 1]:
                gauge.add(len(cell_text(value)))
                cells[one.first_column - 1] = value
                taken = (*answer[place].merged, (one.first_column - 1, one.first_row))
                answer[place] = replace(answer[place], cells=tuple(cells), merged=taken)
            place += 1
    return tuple(answer)


def _range(merged: Merged) -> str:
    first, last = (column_letters(column) for column in (merged.first_column, merged.last_column))
    return f"{first}{merged.first_row}:{last}{merged.last_row}"
