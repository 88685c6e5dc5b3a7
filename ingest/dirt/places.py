"""Where things stand in tables, told as people read it: file, worksheet and cells; those under one another as one run."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from archives.message import Message, message

MOST_RUNS = 2_000
"""How many runs of cells are told at most: a kind of dirt is nearly always in one column, or in few rows."""
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


class _Run(NamedTuple):
    where: str
    column: str
    first: int
    last: int


class Places:
    """Takes places one after another, each table from the first row to the last."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []
        self._newest: dict[tuple[str, str], int] = {}
        self.count = 0

    def add(self, where: str, row: int, cell: str = "") -> None:
        """Take in a cell of a table (``where``: its file and worksheet), or a row of which no cell is named."""
        found = _CELL.fullmatch(cell)
        column, row = (found[1], int(found[2])) if found else ("", row)
        self.count += 1
        newest = self._newest.get((where, column))
        if newest is not None and (run := self._runs[newest]).first <= row <= run.last + 1:
            self._runs[newest] = run._replace(last=max(row, run.last))
        else:
            self._newest[where, column] = len(self._runs)
            self._runs.append(_Run(where, column, row, row))

    def told(self, *, most: int = MOST_RUNS) -> Message:
        """Return them: ``目录.xlsx!案卷 F9, F12–F40; 卷内.csv 第 3 行``; how many there are where not all are told."""
        runs = self._runs[:most]
        said = message(_joined(runs, _ROW_ZH), _joined(runs, _ROW_EN))
        if len(runs) == len(self._runs):
            return said
        return message("{places} …（共 {n} 处）", "{places} … ({n} in all)", places=said, n=self.count)


def place_of_cell(where: str, row: int, cell: str) -> Message:
    """Return one place as it is told."""
    one = Places()
    one.add(where, row, cell)
    return one.told()


def table_name(file: str, worksheet: str) -> str:
    """Return what people call a table: its file, and its worksheet where it has one with a name."""
    return f"{file}!{worksheet}" if worksheet else file


_ROW_ZH, _ROW_EN = ("第 {} 行", "第 {}–{} 行"), ("row {}", "rows {}–{}")


def _joined(runs: Sequence[_Run], rows: tuple[str, str]) -> str:
    parts: list[str] = []
    before = None
    for run in runs:
        single, several = rows if not run.column else (f"{run.column}{{}}", f"{run.column}{{}}–{run.column}{{}}")
        said = single.format(run.first) if run.first == run.last else several.format(run.first, run.last)
        if run.where != before:
            parts.append(f"{'; ' if parts else ''}{run.where} {said}".replace("{", "{{").replace("}", "}}"))
        else:
            parts.append(f", {said}")
        before = run.where
    return "".join(parts)
