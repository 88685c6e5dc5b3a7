"""What a spreadsheet holds, as it is seen: worksheets, rows, cells, and what is peculiar about each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from archives.findings import Finding, warning
from archives.message import listed, message

LAST_ROW = 1 << 20
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|[A-Za-z&])')
_PARTS = re.compile("&[LCR]")


class How(StrEnum):
    """How the text of a cell came about, where it was not simply written there.

    ``NUMBER``: a number without a format, whose leading zeros would be lost. ``SHOWN``: a number under a format, all of
    which is seen. ``ROUNDED``: more digits are stored than are seen. ``ODD``: a format that is not understood; the
    stored number is given. ``LONG``: a number with more digits than a spreadsheet keeps. ``DATE``: a date, in ISO 8601
    as far as it is seen. ``YEARLESS``: a date of which the year is not seen. ``NO_VALUE``: a formula whose value is
    not in the file. ``ERROR``: an error such as ``#REF!``. ``DITTO``: it stands for the cell above it, whose text it has.
    """

    WRITTEN = ""
    NUMBER = "number"
    SHOWN = "shown"
    ROUNDED = "rounded"
    ODD = "odd"
    LONG = "long"
    DATE = "date"
    YEARLESS = "yearless"
    NO_VALUE = "no-value"
    ERROR = "error"
    DITTO = "ditto"


@dataclass(frozen=True, slots=True)
class SeenCell:
    """A cell that has something in it, by the number of its column (from 1)."""

    column: int
    text: str
    how: How = How.WRITTEN


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row by its number (from 1) with those of its cells that have something in them, in their order."""

    number: int
    cells: tuple[SeenCell, ...]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are shown as one: rows and columns from 1, the last ones included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class Worksheet:
    """A worksheet; its rows can be taken once, and what else is known of it is complete when they were.

    ``beside`` are texts that stand in no cell (comments, text boxes, heads and feet), each with its place; ``unseen`` those
    that the file holds and no program shows (what was deleted, what other parts say), each with place, text, and what stands
    above it; ``findings`` what else a reader of it should know.
    """

    name: str
    is_hidden: bool
    rows: Iterator[SeenRow]
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unseen: list[tuple[str, str, str]] = field(default_factory=list)


class Spreadsheet(Protocol):
    """A file of worksheets, open."""

    def worksheets(self) -> Iterator[Worksheet]:
        """Yield the worksheets in their order; each must be read before the next is asked for."""

    def readings(self) -> Iterator[str]:
        """Yield how words of the cells are pronounced (furigana), which cells do not show; complete when all rows were read."""

    def unseen(self) -> Iterator[tuple[str, str, str]]:
        """Yield what the file holds and no program shows, as ``Worksheet.unseen`` does; complete when all rows were read."""

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield what the file says of itself: its title, its keywords and the like, each with its name."""


@lru_cache(maxsize=1 << 14)
def column_letters(column: int) -> str:
    """Return what a column is called, by its number from 1: A … Z, AA … (ISO/IEC 29500-1 18.18.62)."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def head_parts(text: str) -> Iterator[str]:
    """Yield what stands left, in the middle and right of a head or foot of printed pages, each part that says something.

    The codes between are left out (ISO/IEC 29500-1 §18.3.1.46).
    """
    parts = (_CODES.sub(" ", part).strip() for part in _PARTS.split(text))
    return (part for part in parts if part)


def about_places_twice(numbers: Sequence[int]) -> Iterator[Finding]:
    """Yield that rows have numbers that stand above them already; they are counted on, so that none is lost."""
    if numbers:
        said = message(
            "行号重复或不按顺序：{rows}；此后的行按次序编号，都已读入",
            "rows are numbered twice or out of order: {rows}; from there on they are counted as they come, and all were read",
            rows=listed(numbers, most=20),
        )
        yield warning("rows-numbered-twice", said)


def about_cell_twice(cell: str) -> Finding:
    """Return that a cell stands in the file twice; what it says that does not count may be of a row that is left out."""
    said = message(
        "单元格 {cell} 在文件中出现两次，取后一次，前一次未读入",
        "the cell {cell} stands in the file twice: the last counts, the first was not read",
        cell=cell,
    )
    return warning("cell-twice", said)
