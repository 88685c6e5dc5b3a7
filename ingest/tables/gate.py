"""The gate before an import: what is marked as a state secret outside the rows of units stops it, as it stops a batch.

Looked at are the names of the tables, what stands above headings, among and beside rows, and worksheets without headings.
"""

from collections.abc import Iterator, Mapping, Sequence

from archives.errors import RefusedError
from archives.findings import Finding, note
from archives.message import listed, message
from ingest.batch.secrets import Marked, heads_of_choices, marked_names, marked_on, may_be_marked
from ingest.sheets.grid import GridSheet
from ingest.tables.packed import PackedTable, rows_on
from ingest.tables.table import Table


def marked_outside(file: str, packed: PackedTable, tables: Sequence[Table]) -> Iterator[Marked]:
    """Yield what is marked in a file and in no row of a record of its tables; a place begins with the file's name."""
    yield from marked_names({file: False})
    for sheet in packed.sheets:
        name = f"{file}!{sheet.name}" if sheet.name else file
        table = next((one for one in tables if one.is_of(sheet)), None)
        outside = tuple(row for row in (table.outside() if table else rows_on(sheet)) if may_be_marked(row))
        heads = None
        if table is not None:
            headings = [row for row in outside if table.header_row <= row.number <= table.last_header_row]
            heads = heads_of_choices(headings, table.has_text_below)
        yield from marked_on(GridSheet(sheet.name, outside, beside=sheet.beside), f"{name} ", heads)
        yield from (Marked(f"{name} {place}", text) for place, text in sheet.marked)


def require_none_marked(marked: Sequence[Marked], judged: Mapping[str, str]) -> tuple[Finding, ...]:
    """Raise ``RefusedError`` when anything is marked that nobody judged to be no marking; return what was judged so.

    ``judged`` are places, each with the reason.
    """
    if stops := [one for one in marked if one.place not in judged]:
        raise _stopped(stops)
    return tuple(_judged(one, judged[one.place]) for one in marked)


def _stopped(stops: Sequence[Marked]) -> RefusedError:
    first = stops[0]
    said = message(
        "{place}（{said}）是国家秘密，没有解密日期和解密依据，整次导入停止，未写入任何内容；共 {n} 处：{places}",
        "{place} ({said}) is a state secret without date and basis of declassification: the import is stopped, nothing was written; marked places ({n}): {places}",
        place=first.place,
        said=first.said[:40],
        n=len(stops),
        places=listed([one.place for one in stops]),
    )
    advice = message(
        "涉密条目请移出本表（只想略过这些行的，可在方案中写 secret-rows = \"leave out\"）；如果只是用词而非密级标志，请由档案人员加 --not-secret '{place}=理由' 再运行",
        "take these rows out of the table (a profile that says secret-rows = \"leave out\" passes rows over); if the word is no marking, run it again with --not-secret '{place}=WHY'",
        place=first.place,
    )
    return RefusedError(said, subject=first.place, advice=advice)


def _judged(one: Marked, reason: str) -> Finding:
    said = message(
        "{place}“{said}”经判断不是密级标志：{reason}",
        "{place} “{said}” was judged to be no marking of secrecy: {reason}",
        place=one.place,
        said=one.said[:40],
        reason=reason,
    )
    return note("judged-not-secret", said)
