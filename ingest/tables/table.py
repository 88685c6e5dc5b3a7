"""A long table as rows under its headings: found among the first rows, cells as people see them, each with its name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from archives.findings import Finding, note, warning
from archives.message import listed, message
from formats.spreadsheet.cells import How, column_letters
from ingest.sheets.grid import GridRow, cell_text
from ingest.sheets.headings import field_of, fold_heading
from ingest.sheets.layout import headings_across, is_ditto, second_headings
from ingest.sheets.remarks import no_headings
from ingest.tables.above import about_labels, about_rows_above, labels_above, later_labels, more_labels
from ingest.tables.packed import PackedSheet, PackedTable, rows_on
from ingest.tables.survey import are_other_headings, survey
from ingest.tables.surveyed import Survey
from preservation.handouts.catalogue_sheet import is_catalogue_sheet
from preservation.handouts.explanations import explains, is_as_we_wrote_it

_HEADER_WITHIN = 20
_TOLD = 20
_NAME_COLUMNS = message(
    "请在前 {n} 行之一写明列名；列名不同的，用 jinkui catalogue profile 文件 起草方案，再用 --profile 导入",
    "put the column names in one of the first {n} rows; where yours are others, jinkui catalogue profile FILE drafts a profile for --profile",
    n=_HEADER_WITHIN,
)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What all rows of a table share: where it stands, what heads its columns, and what is written above them.

    ``headings`` are those of the columns in their order, each there once; ``above`` what rows over the headings say with
    a label (``全宗号：J019``). The last ``labelled`` of the headings are such labels that are no element of a row: each has
    what they say. ``level_heading`` heads a column of levels that is not called so. Two are the same only if they are one.
    """

    file: str
    worksheet: str
    headings: tuple[str, ...]
    above: Mapping[str, str] = field(default_factory=dict)
    labelled: tuple[str, ...] = ()
    level_heading: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row by its number as the spreadsheet shows it (record n of a DBF table is row n + 1).

    ``texts`` are those of its cells from the first column to the last that has one; ``hows`` say by the place of a cell
    (from 0) how its text came about, where it was not simply written there; ``alone`` what stood in a cell to which the
    rest of its text was joined from the rows below; ``taken_from`` the rows in which what it has by 同上 or merged is written.
    """

    columns: Columns
    number: int
    texts: tuple[str, ...]
    hows: Mapping[int, How] = field(default_factory=dict)
    is_hidden: bool = False
    alone: Mapping[int, str] = field(default_factory=dict)
    taken_from: frozenset[int] = frozenset()

    def text(self, place: int) -> str:
        """Return the text of a cell by its place, empty when there is none, or an error in its place."""
        if place >= len(self.texts) or (self.hows and self.hows.get(place) is How.ERROR):
            return ""
        return self.texts[place]

    def cell_name(self, place: int) -> str:
        """Return what the spreadsheet calls a cell."""
        return f"{column_letters(place + 1)}{self.number}"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A worksheet with headings; its rows can be taken as often as wanted, and are never all in memory.

    ``row_count`` counts all rows that have text, those above the first record too. ``without_texts`` are the findings, none
    of which holds what stands in a row or beside one.
    """

    columns: Columns
    header_row: int
    last_header_row: int
    row_count: int
    findings: tuple[Finding, ...]
    without_texts: tuple[Finding, ...]
    _packed: PackedSheet
    _survey: Survey
    _lists: tuple[tuple[int, Columns], ...] = ()

    def rows(self, beside: list[int] | None = None) -> Iterator[TableRow]:
        """Yield the rows of records; ``beside`` gets the numbers of those among them that are none.

        A cell that says 同上 has the text of the one above it and says so (``How.DITTO``), but for a catalogue that was
        exported, in which every cell is what it says. Raises ``ToolFailedError``.
        """
        passed: list[int] = [] if beside is None else beside
        above: dict[int, tuple[str, int]] = {}
        is_exact = is_catalogue_sheet(self.columns.headings)
        columns, waiting = self.columns, [*reversed(self._lists)]
        for row, is_record in self._judged():
            while waiting and waiting[-1][0] <= row.number:
                columns, above = waiting.pop()[1], {}
            if is_record:
                yield self._continued(_row(columns, row, above if not is_exact else {}))
            elif row.number > self.last_header_row:
                passed.append(row.number)

    def outside(self) -> Iterator[GridRow]:
        """Yield the rows that are no records': the headings, what is above them, and what stands among records."""
        return (row for row, is_record in self._judged() if not is_record)

    def has_text_below(self, column: int) -> bool:
        """Say whether any record has something in a column (from 1)."""
        return any(row.text(column - 1) for row in self.rows())

    def is_of(self, sheet: PackedSheet) -> bool:
        """Say whether this is the table on a worksheet."""
        return self._packed is sheet

    def _continued(self, row: TableRow) -> TableRow:
        """Return a row with the rest of its title, where that stands in the rows below it."""
        rest, place = self._survey.continued.get(row.number), self._survey.title
        if rest is None or place is None or place >= len(row.texts):
            return row
        sign = " " if row.texts[place].isascii() else ""
        texts = (*row.texts[:place], f"{row.texts[place]}{sign}{rest}", *row.texts[place + 1 :])
        return replace(row, texts=texts, alone={place: row.texts[place]})

    def _judged(self) -> Iterator[tuple[GridRow, bool]]:
        """Yield every row, with whether it is a record's."""
        first, beside = self.last_header_row + 1, self._survey.beside
        return ((row, row.number >= first and row.number not in beside) for row in rows_on(self._packed))


def tables_of(packed: PackedTable, names: Mapping[str, str], *, file: str) -> tuple[Table, ...]:
    """Return the worksheets that have headings known by ``names`` (folded heading to field), in their order.

    The first of them tells what else is to be known of the file. Raises ``FormatError`` when there is none.
    """
    found = [(sheet, _headed(sheet, names, file)) for sheet in packed.sheets]
    tables = [table for _, table in found if table is not None]
    if not tables:
        top = ((one.name, row) for one in packed.sheets for row in islice(rows_on(one), _HEADER_WITHIN))
        first = [(name, row.number, [*map(cell_text, row.cells)]) for name, row in top if row.number <= _HEADER_WITHIN]
        raise no_headings(file, first, names, (), advice=_NAME_COLUMNS)
    rest = [sheet for sheet, table in found if table is None and sheet.row_count]
    without = [sheet for sheet in rest if not is_as_we_wrote_it(_first_text(sheet), sheet.row_count)]
    return tuple(tables) if not without else (_telling(tables[0], without, file), *tables[1:])


def _headed(sheet: PackedSheet, names: Mapping[str, str], file: str) -> Table | None:
    first = [row for row in islice(rows_on(sheet), _HEADER_WITHIN + 1) if row.number <= _HEADER_WITHIN + 1]
    place = 0 if sheet.has_names and first else _header(first, names)
    if place is None or place >= len(first) or explains(_first_text(sheet)):
        return None
    heading, below = first[place], first[place + 1] if place + 1 < len(first) else None
    two = None if sheet.has_names else second_headings(heading, below, names)
    texts = headings_across(heading.number, two or [*map(cell_text, heading.cells)], sheet.across, names)
    last = below.number if two and below else heading.number
    width = sheet.width or max((len(row.cells) for row in first), default=0)
    headings = _headings(texts, width)
    labels, where = labels_above(first[:place]), f"{file}!{sheet.name}" if sheet.name else file
    found = Survey()
    if not is_catalogue_sheet(headings):
        titles = [text for row in first[:place] for cell in row.cells if (text := cell_text(cell))]
        below_them = (row for row in rows_on(sheet) if row.number > last)
        found = survey(below_them, headings, names, titles, heading if two else None)
    own = {fold_heading(one) for one in headings}
    level = headings[found.level] if found.level is not None else ""
    columns = _columns(Columns(file, sheet.name, headings, labels, level_heading=level), names)
    lists: list[tuple[int, Columns]] = []
    for block in found.blocks:
        labels = later_labels(labels, block.labels)
        headings = _headings(block.headings, width) if block.headings else headings
        lists.append((block.first, _columns(Columns(file, sheet.name, headings, labels, level_heading=level), names)))
    told, without_texts = (
        (
            *_remarks(replace(sheet, beside=beside), file),
            *about_labels(columns.above, more_labels(columns.above, own, names), own, where),
            *about_rows_above(first[:place], where),
            *one.findings(where),
        )
        for one, beside in ((found, sheet.beside), (found.without_texts(), tuple((n, "") for n, _ in sheet.beside)))
    )
    return Table(columns, heading.number, last, sheet.row_count, told, without_texts, sheet, found, tuple(lists))


def _first_text(sheet: PackedSheet) -> str:
    first = next(iter(rows_on(sheet)), None)
    return cell_text(first.cells[0]) if first and first.number == 1 and first.cells else ""


def _columns(columns: Columns, names: Mapping[str, str]) -> Columns:
    """Return columns with one more for every label above them that names nothing known and heads none of them."""
    more = more_labels(columns.above, {fold_heading(one) for one in columns.headings}, names)
    return replace(columns, headings=(*columns.headings, *more), labelled=tuple(more.values()))


def _header(rows: Sequence[GridRow], names: Mapping[str, str]) -> int | None:
    """Return the place of the row of headings: of those under one another that name as much, the last.

    Where records stand between it and headings above, those begin a list of their own, of which none may be lost.
    """
    best, place = 0, None
    texts = [[text for cell in row.cells if (text := cell_text(cell))] for row in rows]
    fields = [{found for text in one if (found := field_of(text, names))} for one in texts]
    for index, known in enumerate(map(len, fields)):
        if known >= 2 and (known > best or (known == best and place == index - 1)):
            best, place = known, index
    if place is None or not are_other_headings(texts[place], names):
        return place
    above = (n for n in range(place) if len(fields[n]) >= 2 and len(fields[n]) * 2 > len(texts[n]))
    lists = (n for n in above if fields[n] & {"title", "code"} and any(_is_record(one) for one in texts[n + 1 : place]))
    return next(lists, place)


def _is_record(texts: Sequence[str]) -> bool:
    """Say whether a row above headings may be a record: of several texts, none of which is a label."""
    return len(texts) > 1 and not any(sign in text for text in texts for sign in ":：")


def _headings(texts: Sequence[str], width: int) -> tuple[str, ...]:
    """Return what heads each column: its text, the letter of the column where there is none, never the same twice."""
    answer: list[str] = []
    for place in range(max(width, len(texts))):
        text = " ".join(texts[place].split()) if place < len(texts) else ""
        heading = text or column_letters(place + 1)
        while heading in answer:
            heading += " *"
        answer.append(heading)
    return tuple(answer)


def _row(columns: Columns, row: GridRow, above: dict[int, tuple[str, int]]) -> TableRow:
    """Return a row, and remember what the next one may mean by 同上, and in which row that is written."""
    taken = dict(row.merged)
    hows = {place: How(cell[1]) for place, cell in enumerate(row.cells) if not isinstance(cell, str)}
    texts = [cell if isinstance(cell, str) else cell[0] for cell in row.cells]
    for place, text in enumerate(texts):
        if text and len(text) < 10 and place in above and is_ditto(text):
            (texts[place], taken[place]), hows[place] = above[place], How.DITTO
        if text:
            above[place] = texts[place], taken.get(place, row.number)
    if columns.labelled:
        width = len(columns.headings) - len(columns.labelled)
        texts = [*texts[:width], *[""] * (width - len(texts)), *columns.labelled]
    return TableRow(columns, row.number, tuple(texts), hows, row.is_hidden, taken_from=frozenset(taken.values()))


def _remarks(sheet: PackedSheet, file: str) -> Iterator[Finding]:
    where = f"{file}!{sheet.name}" if sheet.name else file
    yield from (found.at(file=where) for found in sheet.findings)
    if sheet.is_hidden:
        yield warning(
            "worksheet-hidden", message("隐藏的工作表，也已读取", "a hidden worksheet; it was read, too"), file=where
        )
    if sheet.hidden_columns:
        letters = [
            column_letters(n) for first, last in sheet.hidden_columns for n in range(first, min(last, first + 20) + 1)
        ]
        said = message(
            "隐藏的列也已读取：{columns}",
            "hidden columns were read like the others: {columns}",
            columns=listed(letters, most=_TOLD),
        )
        yield warning("columns-hidden", said, file=where)
    if sheet.merged:
        ranges = [f"{column_letters(one[1])}{one[0]}:{column_letters(one[3])}{one[2]}" for one in sheet.merged[:1000]]
        said = message(
            "合并的单元格，其值用于所合并的每一行：{ranges}",
            "merged cells; their value counts for every row of them: {ranges}",
            ranges=listed(ranges, most=_TOLD),
        )
        yield note("cells-merged", said, file=where)
    if sheet.beside:
        said = message(
            "单元格之外还有 {n} 处文字（批注、页眉等），未读入：{places}",
            "{n} texts stand beside the cells (comments, heads of pages) and were not read: {places}",
            n=len(sheet.beside),
            places=listed([f"{place}: {text[:40]}" if text else place for place, text in sheet.beside], most=5),
        )
        yield note("text-beside-cells", said, file=where)


def _telling(table: Table, without: Sequence[PackedSheet], file: str) -> Table:
    findings: list[Finding] = []
    for one in without:
        said = message(
            "工作表“{sheet}”没有认识的表头，其 {n} 行未读入；其中若有档案，请写明列名，或在方案（profile）中写明",
            "the worksheet “{sheet}” has no headings that are known; its {n} rows were not read: name its columns, or say in a profile what they are",
            sheet=one.name,
            n=one.row_count,
        )
        findings.append(warning("worksheet-not-read", said, file=f"{file}!{one.name}"))
    return replace(table, findings=(*table.findings, *findings), without_texts=(*table.without_texts, *findings))
