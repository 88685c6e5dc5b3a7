"""A table on its way out of the process that reads it: its rows as compressed lines of JSON, one worksheet a piece.

What is known of a worksheet only at its end (merged cells, hidden columns) comes before its rows this way.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from archives.errors import FormatError, ToolFailedError
from archives.findings import Finding
from archives.message import Message, message
from formats.identify import require_table
from formats.processes.answers import Blob
from formats.processes.child import apart
from formats.processes.opened import Opened
from formats.spreadsheet.cells import Worksheet
from formats.spreadsheet.opening import ENDINGS, opened_spreadsheet
from formats.unpack import ContainerLimits
from ingest.sheets import delimited
from ingest.sheets.grid import Cell, GridRow, cell_text, marked_unseen, seen_cells, told_beside, written_cell
from ingest.tables import ead
from ingest.tables.text import about_odd_lines, text_table

LONG_TABLES = (*ENDINGS, ".dbf", *delimited.ENDINGS, *ead.ENDINGS)
"""What the names of tables end with that can be read here."""

_LEVEL = 1  # which is quick, and makes a fifth of a catalogue
_PIECE = 1 << 16
_NEAR_TOP = 30
_LONGEST_LINE = 8 << 20
_LARGEST_WORKBOOK = ContainerLimits(member_bytes=1 << 30, total_bytes=8 << 30)
_CHARACTERS = message("字符数", "characters")
_COLUMNS = message("列数", "columns")
_ROWS = message("行数", "rows")
_EMPTY = message("连续空行数", "empty rows in a row")


@dataclass(frozen=True, slots=True)
class PackedSheet:
    """One worksheet, or a whole text or DBF table.

    ``merged`` are ranges over several rows (first row and column, last row and column, from 1); ``beside`` texts that
    stand in no cell, ``marked`` such as no program shows and as are markings of state secrets. ``has_names``: the first row are the names of fields and nothing else can be. ``rows`` are
    ``row_count`` lines of JSON, compressed (RFC 1950): number, whether it is hidden, cells; ``width`` of the widest, 0 where
    nobody counted. ``across`` are cells near the top that are merged over two columns (row and first column, from 1).
    """

    name: str
    is_hidden: bool
    hidden_columns: tuple[tuple[int, int], ...]
    merged: tuple[tuple[int, int, int, int], ...]
    beside: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    has_names: bool
    row_count: int
    rows: Blob
    width: int = 0
    marked: tuple[tuple[str, str], ...] = ()
    across: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PackedTable:
    """All worksheets of a table."""

    sheets: tuple[PackedSheet, ...]


@dataclass(frozen=True, slots=True)
class TableLimits:
    """How much a table may hold before it is refused, so that no row of it is left out in silence."""

    rows: int = 5_000_000
    columns: int = 1_000
    characters: int = 2 << 30
    empty_rows: int = 1 << 20


class TableReader(Protocol):
    """How a long table is read; a command hands in one that reads it in a child."""

    def __call__(self, opened: Opened, memo: Opened | None = None, /) -> PackedTable:
        """Return the table; ``memo`` is the file with the memos of a DBF table."""


def packed_table(opened: Opened, memo: Opened | None = None) -> PackedTable:
    """Return a table as it travels; raises ``FormatError``, also for what defeats its reader.

    ``memo`` is the file with the memos of a DBF table (``memo_names``), opened too.
    """
    try:
        return apart(pack_table, opened, memo)
    except ToolFailedError as failure:
        raise FormatError(failure.message, subject=opened.name) from failure


def pack_table(path: Path, memo: Opened | None = None) -> PackedTable:
    """Read a table from the first row to the last, row by row; raises ``FormatError``."""
    gauge = _Gauge(path.name, TableLimits())
    require_table(path, is_text=path.suffix.lower() in delimited.ENDINGS)
    if path.suffix.lower() in delimited.ENDINGS:
        return PackedTable((_of_text(path, gauge),))
    if path.suffix.lower() in ead.ENDINGS:
        return PackedTable((_of_ead(path, gauge),))
    with opened_spreadsheet(path, limits=_LARGEST_WORKBOOK, memo=memo) as book:
        is_dbf = path.suffix.lower() == ".dbf"
        sheets = tuple(_of_worksheet(sheet, gauge, has_names=is_dbf) for sheet in book.worksheets())
        told = {text for one in sheets for text in (one.name, *(text for _, text in one.beside))}
        marked = marked_unseen(book.unseen(), but=told)
        return PackedTable(
            tuple(replace(one, marked=(*one.marked, *marked)) if one is sheets[0] else one for one in sheets)
        )


def unpacked(sheet: PackedSheet) -> Iterator[tuple[int, bool, list[Cell]]]:
    """Yield the rows of a worksheet; raises ``ToolFailedError`` where they are not what was promised."""
    count = 0
    for count, line in enumerate(_lines(sheet.rows), 1):
        try:
            number, is_hidden, cells = json.loads(line)
            is_plain = {*map(type, cells)} == {str}
            is_sane = (
                isinstance(number, int) and isinstance(is_hidden, bool) and (is_plain or all(map(_is_cell, cells)))
            )
        except (ValueError, TypeError, RecursionError) as cause:
            raise _nonsense() from cause
        if not is_sane or count > sheet.row_count or (sheet.width and len(cells) > sheet.width):
            raise _nonsense()
        yield number, is_hidden, cells if is_plain else [_cell(one) for one in cells]
    if count != sheet.row_count:
        raise _nonsense()


def rows_on(sheet: PackedSheet) -> Iterator[GridRow]:
    """Yield rows in which what is merged over several of them stands in each, as it is seen."""
    waiting = sorted(sheet.merged, reverse=True)
    active: list[tuple[int, int, Cell, int]] = []
    for number, is_hidden, cells in unpacked(sheet):
        while waiting and waiting[-1][0] < number:
            waiting.pop()
        active = [one for one in active if one[0] >= number]
        taken: list[tuple[int, int]] = []
        for _, column, value, first in active:
            cells += [""] * (column - len(cells))
            if not cells[column - 1]:
                cells[column - 1] = value
                taken.append((column - 1, first))
        while waiting and waiting[-1][0] == number:
            _, column, last, _ = waiting.pop()
            if column <= len(cells) and cells[column - 1]:
                active.append((last, column, cells[column - 1], number))
        yield GridRow(number, tuple(cells), is_hidden, tuple(taken))


def _lines(packed: bytes) -> Iterator[bytes]:
    rest = b""
    view = memoryview(packed)
    unpack = zlib.decompressobj()
    for start in range(0, len(view), _PIECE):
        piece: bytes = bytes(view[start : start + _PIECE])
        while piece:
            try:
                rest += unpack.decompress(piece, 1 << 20)
            except zlib.error as cause:
                raise _nonsense() from cause
            piece = unpack.unconsumed_tail
            *whole, rest = rest.split(b"\n")
            yield from whole
            if len(rest) > _LONGEST_LINE:
                raise _nonsense()


class _Gauge:
    """Counts what was read, and refuses what is over a limit."""

    def __init__(self, name: str, limits: TableLimits) -> None:
        self._name = name
        self._limits = limits
        self._rows = self._characters = self._empty = 0

    def count(self, cells: list[Cell]) -> None:
        """Count a row; raises ``FormatError``."""
        self._rows += bool(cells)
        self._empty = 0 if cells else self._empty + 1
        self._characters += sum(len(cell_text(one)) for one in cells)
        limits = self._limits
        self._check(len(cells), limits.columns, _COLUMNS)
        self._check(self._rows, limits.rows, _ROWS)
        self._check(self._empty, limits.empty_rows, _EMPTY)
        self._check(self._characters, limits.characters, _CHARACTERS)

    def _check(self, found: int, most: int, what: Message) -> None:
        if found > most:
            raise FormatError(
                message("{what}超过 {most}", "more than {most} {what}", what=what, most=most),
                subject=self._name,
                advice=message("请分成几个文件", "divide it into several files"),
            )


class _Packer:
    """Packs rows as they come."""

    def __init__(self, gauge: _Gauge) -> None:
        self._gauge = gauge
        self._compressor = zlib.compressobj(_LEVEL)
        self._packed: list[bytes] = []
        self._waiting: list[str] = []
        self.count = self.width = 0

    def take(self, rows: Iterable[tuple[int, list[Cell], bool]]) -> None:
        for number, cells, is_hidden in rows:
            while cells and not cells[-1]:
                cells.pop()
            self._gauge.count(cells)
            if cells:
                self.count += 1
                self.width = max(self.width, len(cells))
                self._waiting.append(_encoded((number, is_hidden, cells)))
                if len(self._waiting) >= 1000:
                    self._pack()

    def packed(self) -> bytes:
        self._pack()
        self._packed.append(self._compressor.flush())
        return b"".join(self._packed)

    def _pack(self) -> None:
        lines = "".join(f"{one}\n" for one in self._waiting)
        self._packed.append(self._compressor.compress(lines.encode("utf-8", "replace")))
        self._waiting.clear()


_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def _of_text(path: Path, gauge: _Gauge) -> PackedSheet:
    table = text_table(path)
    odd: list[int] = []
    packer = _Packer(gauge)
    packer.take((number, [written_cell(one) for one in row], False) for number, row in enumerate(table.rows(odd), 1))
    findings = (*table.findings, *about_odd_lines(odd))
    return PackedSheet("", False, (), (), (), findings, False, packer.count, packer.packed(), packer.width)


def _of_ead(path: Path, gauge: _Gauge) -> PackedSheet:
    table = ead.EadTable(path)
    packer = _Packer(gauge)
    packer.take((number, [*row], False) for number, row in enumerate(table.rows(), 1))
    findings, rows = tuple(table.findings), packer.packed()
    return PackedSheet("", False, (), (), (), findings, True, packer.count, rows, packer.width, tuple(table.marked))


def _of_worksheet(sheet: Worksheet, gauge: _Gauge, *, has_names: bool) -> PackedSheet:
    packer = _Packer(gauge)
    packer.take((row.number, seen_cells(row), row.is_hidden) for row in sheet.rows)
    down = (one for one in sheet.merged if one.last_row > one.first_row)
    pairs = (one for one in sheet.merged if one.last_column == one.first_column + 1 and one.first_row <= _NEAR_TOP)
    return PackedSheet(
        sheet.name,
        sheet.is_hidden,
        tuple(islice(sheet.hidden_columns, 1000)),
        tuple((one.first_row, one.first_column, one.last_row, one.last_column) for one in down),
        told_beside(sheet),
        tuple(sheet.findings),
        has_names,
        packer.count,
        packer.packed(),
        packer.width,
        marked_unseen(sheet.unseen),
        tuple((one.first_row, one.first_column) for one in pairs),
    )


def _is_cell(one: object) -> bool:
    return isinstance(one, str) or (isinstance(one, list) and len(one) == 2 and all(isinstance(p, str) for p in one))


def _cell(one: str | list[str]) -> Cell:
    return one if isinstance(one, str) else (one[0], one[1])


def _nonsense() -> ToolFailedError:
    return ToolFailedError(
        message("处理它的进程给出的答复无法采信", "the process working on it gave an answer that cannot be taken")
    )
