"""Rows of a sheet that are files of one record: put together to its one row, with the part of the document that each is.

Sheets of electronic documents (GB/T 39362) may have a row a file: the code repeated, beside it 文件 and 角色 or 稿本.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from archives.record.identifiers import archival_code_key, fonds_of_key
from archives.record.names import role_named
from ingest.sheets.headings import fold_heading
from ingest.sheets.table import Sheet, SheetCell, SheetRow
from preservation.handouts.catalogue_sheet import is_catalogue_sheet

_HEADINGS = frozenset(map(fold_heading, ("角色", "文件角色", "组成部分", "文件类别", "role", "file role", "component")))
_OF_FILES = frozenset(("title", "pages", "page_range", "sequence"))
"""What each file may say for itself."""
_MAIN = ("正本", "复文", "来文")


def rows_of_records(sheet: Sheet) -> Sheet:
    """Return a sheet with a row a record: files of one put together, of an exported sheet without its rows of fonds."""
    if not is_catalogue_sheet(sheet.headings.values()):
        return one_row_a_record(sheet)
    keys = ((row, archival_code_key(row.text("code"))) for row in sheet.rows)
    return replace(sheet, rows=tuple(row for row, key in keys if not key or key != fonds_of_key(key)))


def one_row_a_record(sheet: Sheet) -> Sheet:
    """Return a sheet in which the rows that are files of one record are one row; any other row stays as it is.

    Only rows that all name a file and its part, and contradict each other in nothing else, are put together. Their order
    is that of their 顺序号 where all have one, else that of the rows; a title of a 附件 becomes one of the record's annexes.
    """
    column = next((one for one in sheet.unknown if fold_heading(one) in _HEADINGS), "")
    column = column or ("draft" if "draft" in sheet.fields else "")
    if not column or "files" not in sheet.fields:
        return sheet
    groups: dict[str, list[SheetRow]] = {}
    for row in sheet.rows:
        groups.setdefault(archival_code_key(row.text("code")) or f"#{row.number}", []).append(row)
    together = {rows[0].number: rows for rows in groups.values() if _are_files_of_one(rows, column)}
    left = {row.number: rows[0].number for rows in together.values() for row in rows[1:]}
    rows = [
        _one_row(together[row.number], column) if row.number in together else row
        for row in sheet.rows
        if row.number not in left
    ]
    return replace(sheet, rows=tuple(_taking_from_whole(row, left) for row in rows)) if together else sheet


def _taking_from_whole(row: SheetRow, left: Mapping[int, int]) -> SheetRow:
    """Return a row that takes from the rows in which others were put together (``left``), not from those."""
    return replace(row, taken_from=frozenset(left.get(one, one) for one in row.taken_from))


def _are_files_of_one(rows: Sequence[SheetRow], column: str) -> bool:
    if not all(row.text("files") and row.text(column) for row in rows):
        return False
    if len(rows) == 1:
        return column != "draft" and bool(role_named(rows[0].text(column)))
    own = {*_OF_FILES, "files", "code", column}
    others = {key for row in rows for key in row.cells} - own
    is_known = column != "draft" or all(role_named(row.text(column)) for row in rows)
    return is_known and all(len({text for row in rows if (text := row.text(key))}) < 2 for key in others)


def _one_row(rows: Sequence[SheetRow], column: str) -> SheetRow:
    main = next((row for role in _MAIN for row in rows if role_named(row.text(column)) == role), rows[0])
    cells = {key: cell for row in (*reversed(rows), main) for key, cell in row.cells.items() if row.text(key)}
    del cells[column]
    if len(rows) > 1:
        cells.pop("sequence", None)
    cells["files"] = replace(cells["files"], text="；".join(_named(rows, column)))
    for key in ("pages", "page_range"):
        cells |= _counted(rows, key, column)
    if titles := [*_titles_of_annexes(rows, main, column)]:
        cells.setdefault("attachments", SheetCell("；".join(titles), cells["title"].name))
    taken_from = frozenset(one for row in rows for one in row.taken_from)
    return SheetRow(rows[0].number, cells, rows[0].is_hidden, taken_from)


def _named(rows: Sequence[SheetRow], column: str) -> Iterator[str]:
    numbers = [row.text("sequence") for row in rows]
    ordered = sorted(rows, key=lambda row: int(row.text("sequence"))) if all(map(_is_number, numbers)) else rows
    return (f"{row.text(column)}={row.text('files')}" for row in ordered)


def _counted(rows: Sequence[SheetRow], key: str, column: str) -> dict[str, SheetCell]:
    """Return the pages of all parts as one cell: their sum, of 页号 what each part says."""
    said = [row for row in rows if row.text(key)]
    if len(said) < 2:
        return {}
    if key == "pages" and all(_is_number(row.text(key)) for row in said):
        text = str(sum(int(row.text(key)) for row in said))
    else:
        text = "；".join(f"{row.text(column)} {row.text(key)}" for row in said)
    return {key: replace(said[0].cells[key], text=text)}


def _titles_of_annexes(rows: Sequence[SheetRow], main: SheetRow, column: str) -> Iterator[str]:
    for row in rows:
        title = row.text("title")
        if title and title != main.text("title"):
            is_annex = role_named(row.text(column)) == "附件"
            yield title if is_annex else f"{row.text(column)}：{title}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 7
