"""What a person should know of a table as a whole: that it cannot be read, worksheets and columns not known, what is hidden."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from archives.errors import FormatError, NotFoundError
from archives.findings import Finding, note, warning
from archives.message import Message, joined, listed, message
from formats.spreadsheet.cells import column_letters
from ingest.sheets.grid import Grid, GridSheet, first_text
from ingest.sheets.headings import (
    FOREIGN,
    OF_LINES,
    called,
    field_of,
    fold_heading,
    kind_like,
    nearest,
    one_of,
    wanted,
    with_kind,
)
from ingest.sheets.layout import are_of_units, is_choice
from preservation.handouts.explanations import explains, is_as_we_wrote_it

_OF_COLUMNS = frozenset(("column-unknown", "column-without-heading", "column-twice"))


class ReadRow(Protocol):
    """A record of a table."""

    def text(self, field: str) -> str:
        """Return the text of a column."""


class Read(Protocol):
    """What was read of a table."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it has."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """The columns that stand for no field."""

    @property
    def headings(self) -> Mapping[str, str]:
        """What stands above each column."""

    @property
    def heading_cells(self) -> Mapping[str, str]:
        """The cell in which the heading of each column stands."""

    @property
    def header_row(self) -> int:
        """The number of the row of headings."""

    @property
    def last_header_row(self) -> int:
        """The number of the second row of headings, else of the only one."""

    @property
    def rows(self) -> Sequence[ReadRow]:
        """The records."""

    @property
    def beside(self) -> tuple[int, ...]:
        """The numbers of rows among the records that are none."""


def about_worksheets(name: str, grid: Grid, chosen: int, headed: Collection[int]) -> Iterator[Finding]:
    """Yield a finding for every other worksheet that has text, for a doubtful encoding, for what is hidden and merged."""
    read = grid[chosen]
    yield from (one.at(file=name) for one in read.doubts)
    if read.is_hidden:
        said = message(
            "目录在隐藏的工作表“{sheet}”中", "the records stand in the hidden worksheet “{sheet}”", sheet=read.name
        )
        yield warning("worksheet-hidden", said, file=name)
    for place, one in enumerate(grid):
        if place != chosen and one.rows and not is_as_we_wrote_it(first_text(one), len(one.rows)):
            yield _not_read(name, one, read, has_headings=place in headed or explains(first_text(one)))
    if read.hidden_columns:
        said = message(
            "隐藏的列也已读取：{columns}",
            "hidden columns were read like the others: {columns}",
            columns=listed([column_letters(number) for number in read.hidden_columns]),
        )
        yield warning("columns-hidden", said, file=name)
    if read.merged:
        said = message(
            "合并的单元格，其值用于所合并的每一行：{ranges}",
            "merged cells; their value counts for every row of them: {ranges}",
            ranges=listed(read.merged),
        )
        yield note("cells-merged", said, file=name)


def about_columns(name: str, read: Read, names: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for every column that stands for no field, with the known one that is nearest."""
    for column in read.unknown:
        if are_of_units(read.headings, column, [row.text(column) for row in read.rows]):
            continue
        heading, cell = read.headings.get(column, ""), read.heading_cells.get(column)
        if not heading:
            said = message("有内容而没有列名的列，照录", "a column with text and without a heading; kept as written")
            yield warning("column-without-heading", said, file=name, row=read.header_row, cell=cell)
            continue
        if fold_heading(heading) in OF_LINES and "code" in read.fields:
            continue
        if (same := field_of(heading, names)) in read.fields:
            said = message(
                "列“{heading}”与另一列指同一项（{field}），该项按另一列录入，此列照录",
                "the column “{heading}” stands for the same as another ({field}), which was taken; this one is kept as written",
                heading=heading,
                field=same or "",
            )
            yield note("column-twice", said, file=name, row=read.header_row, cell=cell)
            continue
        meant = None if is_choice(heading) else nearest(heading, names)
        if meant is None:
            said = message(
                "不认识的列“{heading}”，照录",
                "the column “{heading}” is not known and is kept as written",
                heading=heading,
            )
            yield note("column-unknown", said, file=name, row=read.header_row, cell=cell)
            continue
        said = message(
            "不认识的列“{heading}”，照录；最接近的列名是“{nearest}”，如指此项请改列名",
            "the column “{heading}” is not known and is kept as written; the nearest known is “{nearest}”: name it so if it is meant",
            heading=heading,
            nearest=meant,
        )
        make = warning if names[meant] not in read.fields else note
        yield make("column-unknown", said, file=name, row=read.header_row, cell=cell)


def about_rows(name: str, read: Read) -> Iterator[Finding]:
    """Yield that there is no record, a note for a second row of headings, and one for the rows among records that are none."""
    if not len(read.rows):
        said = message("只有列名，没有一行档案", "it has headings and not one row of a record")
        yield warning("sheet-without-rows", said, file=name, row=read.last_header_row)
    if read.last_header_row > read.header_row:
        said = message("此行是表头的第二行", "it is the second row of the headings")
        yield note("headings-in-two-rows", said, file=name, row=read.last_header_row)
    if read.beside:
        said = message(
            "第 {rows} 行是重复的表头、栏号、合计或落款，不作为档案",
            "rows {rows} are headings again, numbers of columns, totals or signatures, and no records",
            rows=listed(read.beside),
        )
        yield note("rows-beside-records", said, file=name, row=read.beside[0])


def unheeded(
    found: Iterable[Finding],
    beside: Collection[str] = (),
    *,
    spelled: Collection[str] = (),
    meant: Callable[[str], str | None] = lambda heading: None,
) -> Iterator[Finding]:
    """Yield what a person should know of a table of which a command keeps nothing that it does not understand.

    A column that stands for no field is a warning: nothing is done with what it says. ``beside`` are the headings (folded)
    that stand in such sheets for people to read, and are passed over. ``spelled`` are the known headings as one writes
    them, ``meant`` names one of them where none is near by its letters.
    """
    as_spelled = {fold_heading(name): name for name in spelled}
    for one in found:
        values = dict(one.message.values)
        heading = str(values.get("heading", ""))
        if one.code == "column-unknown" and (near := values.get("nearest") or meant(heading)):
            values["nearest"] = as_spelled.get(str(near), near)
        if one.code not in _OF_COLUMNS:
            if one.severity != "note":
                yield one
        elif not heading or fold_heading(heading) not in beside:
            yield warning("column-ignored", _ignored(heading, values), file=one.file, row=one.row, cell=one.cell)


def require_kind(file: str, headings: Iterable[str], names: Mapping[str, str]) -> None:
    """Raise ``FormatError`` for a sheet whose headings are more those of another command's than of the one that reads ``names``."""
    kind = kind_like([*headings], names, FOREIGN)
    if kind is not None:
        said = message(
            "{file}：像是{kind}，未读取", "{file}: it looks like {kind}, and was not read", file=file, kind=kind.said
        )
        raise FormatError(
            said, subject=file, advice=message("那要用：{command}", "that is for: {command}", command=kind.command)
        )


def no_headings(
    file: str,
    rows: Sequence[tuple[str, int, Sequence[str]]],
    names: Mapping[str, str],
    required: Collection[str],
    *,
    advice: Message,
) -> FormatError:
    """Return the error that no row heads a table: which row is most like one, what of it is not known, what the sheet seems to be.

    ``rows`` are the first of each worksheet: the worksheet's name, the row's number, its texts. ``advice`` is what helps
    where it is the right sheet.
    """
    if not any(text for _, _, texts in rows for text in texts):
        said = message("{file}：表是空的", "{file}: the sheet is empty", file=file)
        return FormatError(
            said, subject=file, advice=message("请核对是否为所指的文件", "see whether it is the file that is meant")
        )

    def likeness(one: tuple[str, int, Sequence[str]]) -> tuple[int, bool, int]:
        known = {found for text in one[2] if (found := field_of(text, names))}
        return len(known), kind_like(one[2], names) is not None, sum(map(bool, one[2]))

    worksheet, number, texts = max(rows, key=likeness)
    has = {field_of(text, names) for text in texts}
    fields = [field for field in required or wanted(names, has) if field not in has]
    others = [field for field in dict.fromkeys(names.values()) if field not in has]
    said = message(
        "{file}：找不到表头行；最像表头的是{sheet}第 {row} 行：{read}；缺少列：{missing}",
        "{file}: no row of headings was found; most like one is row {row}{sheet}: {read}; missing columns: {missing}",
        file=file,
        sheet=message("工作表“{name}”", " of the worksheet “{name}”", name=worksheet) if worksheet else "",
        row=number,
        read=listed([f"“{text}”" for text in texts if text]),
        missing=joined([called(one) for one in fields]) if fields else one_of(others, names),
    )
    return FormatError(said, subject=file, advice=with_kind(advice, texts, names))


def unreadable(name: str, cause: FormatError) -> FormatError:
    """Return the error that a table cannot be read, with its file's name and what to do."""
    said = message(
        "{file}：读不了这个表：{reason}", "{file}: the table cannot be read: {reason}", file=name, reason=cause.message
    )
    return FormatError(
        said,
        subject=name,
        advice=cause.advice
        or message(
            "请用表格软件打开它，另存为 XLSX，或 UTF-8 编码的 CSV",
            "open it in a spreadsheet program, and save it as XLSX, or as CSV in UTF-8",
        ),
    )


def absent(path: Path) -> NotFoundError:
    """Return the error that a table is not there."""
    return NotFoundError(
        message("没有这个文件：{path}", "there is no such file: {path}", path=str(path)),
        subject=str(path),
        advice=message(
            "请核对路径和文件名；须是一个文件，不是文件夹", "check the path and the name; it must be a file, no folder"
        ),
    )


def _not_read(name: str, one: GridSheet, read: GridSheet, *, has_headings: bool) -> Finding:
    said = message(
        "工作表“{sheet}”有 {n} 行未作为目录读取（只读“{read}”）；其中若有档案，请另作一批",
        "the worksheet “{sheet}” has {n} rows that were not read for records (only “{read}” was): put records of it into a batch of their own",
        sheet=one.name,
        n=len(one.rows),
        read=read.name,
    )
    make = warning if has_headings else note
    return make("worksheet-not-read", said, file=name)


def _ignored(heading: str, values: Mapping[str, object]) -> Message:
    if not heading:
        return message(
            "有内容而没有列名的列，未使用", "a column with text and without a heading; nothing is done with it"
        )
    if meant := values.get("nearest"):
        return message(
            "不认识的列“{heading}”，未使用；最接近的列名是“{nearest}”，如指此项请改列名",
            "the column “{heading}” is not known, and nothing is done with it; the nearest known is “{nearest}”: name it so if it is meant",
            heading=heading,
            nearest=str(meant),
        )
    if "field" in values:
        return message(
            "列“{heading}”与另一列指同一项，未使用",
            "the column “{heading}” stands for the same as another, and nothing is done with it",
            heading=heading,
        )
    return message(
        "不认识的列“{heading}”，未使用",
        "the column “{heading}” is not known, and nothing is done with it",
        heading=heading,
    )
