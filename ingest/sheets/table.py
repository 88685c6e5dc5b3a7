"""Tables that people keep, XLSX, CSV and others: read as text under known headings, with the name of each cell."""

import os
import stat
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from archives.errors import FormatError
from archives.findings import Finding
from archives.message import Message, joined, listed, message
from archives.text.harmless import writable
from formats.processes.opened import Opened
from formats.spreadsheet.cells import How, column_letters
from ingest.sheets.grid import (
    Grid,
    GridReader,
    GridRow,
    GridSheet,
    cell_how,
    cell_text,
    file_in,
    first_text,
    grid_of,
    name_in,
    worksheets_called,
)
from ingest.sheets.headings import called, field_of, is_of_practice, rank_of, with_kind
from ingest.sheets.layout import is_beside_records, is_ditto, is_tick_column, second_headings
from ingest.sheets.remarks import about_columns, about_rows, about_worksheets, absent, no_headings, unreadable
from preservation.handouts.catalogue_sheet import is_catalogue_sheet
from preservation.handouts.explanations import explains

_HEADER_WITHIN = 10
_IDENTIFYING = ("code", "number")
_NAME_COLUMNS = message(
    "请在前 {n} 行之一写明列名；jinkui template 写出有列名的空表",
    "put the column names in one of the first {n} rows; jinkui template writes an empty sheet that has them",
    n=_HEADER_WITHIN,
)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as text; ``name`` is the spreadsheet's own (``C7``); ``how`` says how the text came about."""

    text: str
    name: str
    how: How = How.WRITTEN

    @property
    def was_number(self) -> bool:
        """Whether the sheet held a number there, and no format that would show its leading zeros."""
        return self.how in (How.NUMBER, How.LONG)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by its number in the sheet (from 1); cells by the column's field, or by its heading where unknown.

    ``taken_from`` are the rows in which what it has by 同上 or merged is written.
    """

    number: int
    cells: Mapping[str, SheetCell]
    is_hidden: bool = False
    taken_from: frozenset[int] = frozenset()

    def text(self, field: str) -> str:
        """Return a cell's text as it is kept, empty when the row has none, or an error in its place."""
        cell = self.cells.get(field)
        return writable(cell.text) if cell and cell.how is not How.ERROR else ""

    def cell_name(self, field: str) -> str | None:
        """Return what the spreadsheet calls the cell."""
        cell = self.cells.get(field)
        return cell.name if cell else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its file's name, the fields it has, headings that stand for no field, and its rows.

    ``headings`` are what stands above each column, ``heading_cells`` where; ``findings`` what a person should know of the table as a whole;
    ``grid`` is everything that the file holds, ``worksheet`` the place in it of the one that was read. The headings may
    stand in two rows, of which ``last_header_row`` is the second. ``used_columns`` are those (from 1) in which a record
    has something; ``beside`` are rows among the records that are none.
    """

    name: str
    header_row: int
    fields: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    headings: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    grid: Grid = ()
    worksheet: int = 0
    last_header_row: int = 0
    used_columns: frozenset[int] = frozenset()
    beside: tuple[int, ...] = ()
    heading_cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name of its file alone."""
        return file_in(self.name, self.grid, self.worksheet)


def read_sheet(
    path: Path, names: Mapping[str, str], *, required: Collection[str], reader: GridReader = grid_of
) -> Sheet:
    """Read a table from a file of our own choice; raises ``NotFoundError``, and as ``sheet_of`` does."""
    try:
        opened = Opened.at(path)
    except OSError as cause:
        raise absent(path) from cause
    with opened:
        if not stat.S_ISREG(os.fstat(opened.handle).st_mode):
            raise absent(path)
        return sheet_of(opened, names, required=required, reader=reader)


def sheet_of(
    opened: Opened,
    names: Mapping[str, str],
    *,
    required: Collection[str],
    reader: GridReader = grid_of,
    worksheet: str | None = None,
) -> Sheet:
    """Read a table whose headings are known by ``names`` (folded heading to field).

    Rows above the header (a merged title) are passed over. Raises ``FormatError`` when the file cannot be read, has no
    header or lacks a required field, ``NotFoundError`` when it has no worksheet of the name that is asked for. Where two
    headings stand for one field the first counts, the other is unknown.
    """
    name = PurePosixPath(opened.name).name
    grid = _grid(opened, name, reader)
    headed = {place: start for place, one in enumerate(grid) if (start := _header(one, names)) is not None}
    asked = worksheets_called(worksheet, grid, name) if worksheet else (*headed,)
    if not headed.keys() & {*asked}:
        rows = [
            (grid[place].name, row.number, [*map(cell_text, row.cells)])
            for place in (asked or range(len(grid)))
            for row in grid[place].rows
            if row.number <= _HEADER_WITHIN
        ]
        called_so = f"{name}!{worksheet}" if worksheet else name
        raise no_headings(called_so, rows, names, required, advice=_NAME_COLUMNS)
    chosen = min(headed.keys() & {*asked}, key=lambda place: (grid[place].is_hidden, place))
    own = name_in(name, grid, chosen)
    sheet = _sheet(own, grid[chosen], headed[chosen], names, required)
    findings = (
        *about_worksheets(name, grid, chosen, headed),
        *about_columns(own, sheet, names),
        *about_rows(own, sheet),
    )
    return replace(sheet, findings=findings, grid=grid, worksheet=chosen)


def other_sheets(sheet: Sheet, names: Mapping[str, str]) -> tuple[Sheet, ...]:
    """Return the other worksheets of a table that have headings, each as ``sheet_of`` would have read it."""
    headed = ((place, one, _header(one, names)) for place, one in enumerate(sheet.grid) if place != sheet.worksheet)
    found = (
        (place, _sheet(f"{sheet.file}!{one.name}", one, start, names, ()))
        for place, one, start in headed
        if start is not None
    )
    return tuple(
        replace(
            one,
            findings=(*about_columns(one.name, one, names), *about_rows(one.name, one)),
            grid=sheet.grid,
            worksheet=place,
        )
        for place, one in found
    )


def _header(sheet: GridSheet, names: Mapping[str, str]) -> int | None:
    """Return the place of the row of headings: of those under one another that name as much, the last."""
    best, place = None, 0
    if explains(first_text(sheet)):
        return None
    for index, row in enumerate(sheet.rows):
        if row.number > _HEADER_WITHIN:
            break
        texts = [cell_text(cell) for cell in row.cells]
        known = len({found for text in texts if (found := field_of(text, names))})
        if known == 1 and sum(map(is_of_practice, texts)) > 1:  # 全宗号, 目录号, 案卷号 in the place of a code
            known += 1
        if [field_of(text, names) for text in texts if text] == ["code"]:  # files are hooked by their codes alone
            known += 1
        if known >= min(2, len(names)) and (best is None or (known >= best and place == index - 1)):
            best, place = known, index
    return None if best is None else place


def _sheet(name: str, grid: GridSheet, start: int, names: Mapping[str, str], required: Collection[str]) -> Sheet:
    heading, *following = grid.rows[start:]
    two = second_headings(heading, following[0] if following else None, names)
    last = following.pop(0) if two else heading
    texts = list(two or map(cell_text, heading.cells))
    texts += [""] * (max((len(row.cells) for row in following), default=0) - len(texts))
    tops = [cell_text(cell) for cell in heading.cells] + [""] * (len(texts) - len(heading.cells))
    known = [
        field_of(text, names) or (None if is_tick_column(text, top) else field_of(top, names))
        for text, top in zip(texts, tops, strict=True)
    ]
    missing = [field for field in required if field not in known]
    if missing:
        raise _unusable(
            name,
            message(
                "第 {row} 行的表头（{read}）缺少列：{names}",
                "the headings in row {row} ({read}) lack a column: {names}",
                row=heading.number,
                read=listed([f"“{text}”" for text in texts if text]),
                names=joined([called(field) for field in missing]),
            ),
            with_kind(
                message("请修改第 {row} 行的表头", "mend the headings in row {row}", row=heading.number), texts, names
            ),
        )
    columns = _columns(texts, known, names, heading.number)
    fields = tuple(dict.fromkeys(field for field in known if field))
    is_exact = is_catalogue_sheet(texts)  # every row of which is a record, every cell what it says
    beside = [] if is_exact else [row for row in following if is_beside_records(row, texts, last.number + 1)]
    rows = _rows([row for row in following if row not in beside], columns, is_exact=is_exact)
    used = frozenset(place for place, column in enumerate(columns, 1) if any(column in row.cells for row in rows))
    unknown = (c for place, c in enumerate(columns, 1) if c not in fields and (texts[place - 1] or place in used))
    headings = {column: text for column, text in zip(columns, texts, strict=True) if text}
    return Sheet(
        name,
        heading.number,
        fields,
        tuple(unknown),
        rows,
        headings,
        last_header_row=last.number,
        used_columns=used,
        beside=tuple(row.number for row in beside),
        heading_cells={one: f"{column_letters(n)}{heading.number}" for n, one in enumerate(columns, 1)},
    )


def _columns(
    texts: Sequence[str], known: Sequence[str | None], names: Mapping[str, str], header_row: int
) -> tuple[str, ...]:
    """Return what each column is called: the field that it is, else its heading, else the cell of its heading."""
    best = {
        field: min(_places(known, field), key=lambda place: rank_of(texts[place], names)) for field in known if field
    }
    columns: list[str] = []
    for place, (one, text) in enumerate(zip(known, texts, strict=True)):
        column = one if one and best[one] == place else text or f"{column_letters(place + 1)}{header_row}"
        while column in columns or (column in best and best.get(column) != place):
            column += " *"
        columns.append(column)
    return tuple(columns)


def _places(known: Sequence[str | None], field: str) -> list[int]:
    return [place for place, one in enumerate(known) if one == field]


def _rows(rows: Sequence[GridRow], columns: Sequence[str], *, is_exact: bool) -> tuple[SheetRow, ...]:
    """Return records; a cell that says 同上 says what the one above it says, but for what tells records apart."""
    answer: list[SheetRow] = []
    before: dict[str, int] = {}
    for row in rows:
        cells = {
            column: SheetCell(cell_text(cell), f"{column_letters(place)}{row.number}", cell_how(cell))
            for place, (column, cell) in enumerate(zip(columns, row.cells, strict=False), 1)
            if cell
        }
        taken = {columns[place]: number for place, number in row.merged}
        above = answer[-1].cells if answer and not is_exact else {}
        for column, cell in cells.items():
            if is_ditto(cell.text) and column in above and column not in _IDENTIFYING:
                cells[column] = SheetCell(above[column].text, cell.name, How.DITTO)
                taken[column] = before.get(column, answer[-1].number)
        if cells:
            answer.append(SheetRow(row.number, cells, row.is_hidden, frozenset(taken.values())))
            before = taken
    return tuple(answer)


def _grid(opened: Opened, name: str, reader: GridReader) -> Grid:
    try:
        return reader(opened)
    except FormatError as cause:
        raise unreadable(name, cause) from cause


def _unusable(name: str, reason: Message, advice: Message) -> FormatError:
    return FormatError(
        message("{file}：{reason}", "{file}: {reason}", file=name, reason=reason), subject=name, advice=advice
    )
