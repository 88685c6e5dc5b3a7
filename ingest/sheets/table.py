"""Tables that people keep: XLSX and CSV (UTF-8 with or without mark, GB18030), read as text with the name of each cell."""

import os
import re
import stat
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from openpyxl.utils import get_column_letter

from archives.errors import FormatError, NotFoundError
from archives.message import Message, message
from formats.processes.opened import Opened
from ingest.sheets.grid import Cell, Grid, GridReader, GridRow, grid_of

_HEADER_WITHIN = 10


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as text; ``name`` is the spreadsheet's own (``C7``); ``was_number`` when the sheet held no text there."""

    text: str
    name: str
    was_number: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by its number in the sheet (from 1); cells by the column's field, or by its heading where unknown."""

    number: int
    cells: Mapping[str, SheetCell]

    def text(self, field: str) -> str:
        """Return a cell's text, empty when the row has none."""
        cell = self.cells.get(field)
        return cell.text if cell else ""

    def cell_name(self, field: str) -> str | None:
        """Return what the spreadsheet calls the cell."""
        cell = self.cells.get(field)
        return cell.name if cell else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its file's name, the fields it has, headings that stand for no field, and its rows."""

    name: str
    header_row: int
    fields: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_sheet(
    path: Path, names: Mapping[str, str], *, required: Collection[str], reader: GridReader = grid_of
) -> Sheet:
    """Read a table from a file of our own choice; raises ``NotFoundError``, and as ``sheet_of`` does."""
    try:
        opened = Opened.at(path)
    except OSError as cause:
        raise _absent(path) from cause
    with opened:
        if not stat.S_ISREG(os.fstat(opened.handle).st_mode):
            raise _absent(path)
        return sheet_of(opened, names, required=required, reader=reader)


def sheet_of(
    opened: Opened, names: Mapping[str, str], *, required: Collection[str], reader: GridReader = grid_of
) -> Sheet:
    """Read a table whose headings are known by ``names`` (folded heading to field).

    Rows above the header (a merged title) are passed over. Raises ``FormatError`` when the file cannot be read, has no
    header or lacks a required field. Where two headings stand for one field the first counts, the other is unknown.
    """
    name = PurePosixPath(opened.name).name
    grid = _grid(opened, name, reader)
    for index, row in enumerate(grid):
        if row.number > _HEADER_WITHIN:
            break
        known = [_field_of(_text(cell), names) for cell in row.cells]
        if len({field for field in known if field}) >= min(2, len(names)):
            return _sheet(name, grid[index:], known, required)
    raise _unusable(
        name,
        message("找不到表头行", "no row of headings was found"),
        message("前 {n} 行中须有“档号”等列名", "put the column names in one of the first {n} rows", n=_HEADER_WITHIN),
    )


def fold_heading(text: str) -> str:
    """Return the form in which headings are compared: no blanks, no width, no case, no bracketed remark."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).lower().strip("*")
    return plain.split("(")[0].replace("_", "").replace("-", "")


def _field_of(heading: str, names: Mapping[str, str]) -> str | None:
    """Return the field a heading stands for; it may hold both languages (``档号 archival_code``, ``题名/Title``)."""
    plain = unicodedata.normalize("NFKC", heading)
    parts = [plain, *re.findall(r"[㐀-鿿]+|[A-Za-z_ ]+", plain)]
    found = [names[folded] for part in parts if (folded := fold_heading(part)) in names]
    return found[0] if found and (names.get(fold_heading(plain)) or len(set(found)) == 1) else None


def _sheet(name: str, grid: Grid, known: list[str | None], required: Collection[str]) -> Sheet:
    heading = grid[0]
    missing = [field for field in required if field not in known]
    if missing:
        raise _unusable(
            name,
            message("缺少列：{names}", "a column is missing: {names}", names=", ".join(missing)),
            message("请修改第 {row} 行的表头", "mend the headings in row {row}", row=heading.number),
        )
    columns: list[str] = []
    unheaded = max(len(row.cells) for row in grid) - len(known)
    known = [*known, *[None] * unheaded]
    for number, (field, cell) in enumerate(zip(known, (*heading.cells, *[""] * unheaded), strict=True), 1):
        column = (
            field if field and field not in columns else _text(cell) or f"{get_column_letter(number)}{heading.number}"
        )
        while column in columns:
            column += " *"
        columns.append(column)
    fields = tuple(column for column, field in zip(columns, known, strict=True) if column == field)
    rows = tuple(made for row in grid[1:] if (made := _row(row, columns)).cells)
    return Sheet(name, heading.number, fields, tuple(c for c in columns if c not in fields), rows)


def _row(row: GridRow, columns: Sequence[str]) -> SheetRow:
    cells = {
        column: SheetCell(_text(cell), f"{get_column_letter(place)}{row.number}", isinstance(cell, tuple))
        for place, (column, cell) in enumerate(zip(columns, row.cells, strict=False), 1)
        if cell
    }
    return SheetRow(row.number, cells)


def _grid(opened: Opened, name: str, reader: GridReader) -> Grid:
    try:
        return reader(opened)
    except FormatError as cause:
        if name.lower().endswith(".csv"):
            raise _unusable(
                name,
                message("读不了这个 CSV 文件：{reason}", "the CSV file cannot be read: {reason}", reason=cause.message),
                cause.advice
                or message(
                    "请另存为 UTF-8 或 GB18030 编码的 CSV，或 XLSX", "save it as CSV in UTF-8 or GB18030, or as XLSX"
                ),
            ) from cause
        raise _unusable(
            name,
            message("读不了这个 XLSX 文件：{reason}", "the XLSX file cannot be read: {reason}", reason=cause.message),
            cause.advice or message("请用表格软件打开并重新保存", "open it in a spreadsheet program and save it again"),
        ) from cause


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]


def _absent(path: Path) -> NotFoundError:
    return NotFoundError(
        message("没有这个文件：{path}", "there is no such file: {path}", path=str(path)), subject=str(path)
    )


def _unusable(name: str, reason: Message, advice: Message) -> FormatError:
    return FormatError(
        message("{file}：{reason}", "{file}: {reason}", file=name, reason=reason), subject=name, advice=advice
    )
