"""The order in which lines are read: rows left to right, columns of vertical text right to left."""

from collections.abc import Callable, Sequence
from statistics import median

from archives.text.page import Direction, Line
from ingest.page.ocr.engine import Reading

_TALL = 1.5
_SAME_ROW = 0.5


def order_lines(lines: Sequence[Line]) -> Reading:
    """Return lines in reading order, and whether the page is horizontal or vertical.

    A page is vertical when most of its characters stand in boxes that are clearly taller than wide.
    """
    several = [line for line in lines if len(line.text) > 1]
    tall = sum(len(line.text) for line in several if line.box.height > _TALL * line.box.width)
    direction: Direction = (
        "vertical" if several and tall * 2 > sum(len(line.text) for line in several) else "horizontal"
    )
    ordered = _columns(lines) if direction == "vertical" else _rows(lines)
    return Reading(tuple(ordered), direction)


def _rows(lines: Sequence[Line]) -> list[Line]:
    if not lines:
        return []
    usual = median(line.box.height for line in lines)
    rows: list[list[Line]] = []
    for line in sorted(lines, key=_middle):
        if rows and _middle(line) - _mean(rows[-1], _middle) < _SAME_ROW * min(usual, line.box.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box.left)]


def _columns(lines: Sequence[Line]) -> list[Line]:
    usual = median(line.box.width for line in lines)
    columns: list[list[Line]] = []
    for line in sorted(lines, key=_centre, reverse=True):
        if columns and _mean(columns[-1], _centre) - _centre(line) < _SAME_ROW * usual:
            columns[-1].append(line)
        else:
            columns.append([line])
    return [line for column in columns for line in sorted(column, key=lambda line: line.box.top)]


def _middle(line: Line) -> float:
    return line.box.top + line.box.height / 2


def _centre(line: Line) -> float:
    return line.box.left + line.box.width / 2


def _mean(lines: Sequence[Line], place: Callable[[Line], float]) -> float:
    return sum(place(line) for line in lines) / len(lines)
