"""The text of a sheet as rows of cells, as spans of it: what stands above them, the headings of columns where it has them."""

import re
from dataclasses import dataclass

Span = tuple[int, int]

_LINE = re.compile(r"[^\n]+")
_NUMBER = re.compile(r"\s*[-+−]?[¥￥$€£]?\d[\d,， ]*(?:\.\d+)?(?:[eE][-+]?\d+)?\s*[%‰]?\s*")


@dataclass(frozen=True, slots=True)
class Grid:
    """A text in spans of it: the lines above the first row, the headings of columns (none: nothing says them), the rows.

    A line without a tab below the first row is a row of one cell that goes over all columns.
    """

    above: tuple[Span, ...]
    headings: tuple[Span, ...]
    rows: tuple[tuple[Span, ...], ...]
    columns: int


def is_table(text: str) -> bool:
    """Say whether a text is rows of cells: most of its lines have a tab."""
    lines = [text[start:end] for start, end in _lines(text)]
    return 2 * sum("\t" in line for line in lines) > len(lines)


def grid_of(text: str) -> Grid:
    """Return the rows and cells of a text; nothing but tabs and ends of lines is left out."""
    lines = _lines(text)
    first = next((number for number, (start, end) in enumerate(lines) if "\t" in text[start:end]), len(lines))
    rows = [_cells(text, line) for line in lines[first:]]
    columns = max(map(len, rows), default=0)
    is_headed = len(rows) > 1 and len(rows[0]) == columns and all(_names(text[slice(*cell)]) for cell in rows[0])
    headings, below = (rows[0], rows[1:]) if is_headed else ((), rows)
    return Grid(tuple(lines[:first]), headings, tuple(below), columns)


def is_number(text: str) -> bool:
    """Say whether a cell is a number, an amount or a part of a hundred."""
    return _NUMBER.fullmatch(text) is not None


def _names(text: str) -> bool:
    return bool(text.strip()) and not is_number(text)


def _lines(text: str) -> list[Span]:
    """Return the lines of a text in which something stands."""
    return [found.span() for found in _LINE.finditer(text) if found[0].strip()]


def _cells(text: str, line: Span) -> tuple[Span, ...]:
    start, end = line
    cells: list[Span] = []
    while (tab := text.find("\t", start, end)) >= 0:
        cells.append((start, tab))
        start = tab + 1
    return (*cells, (start, end))
