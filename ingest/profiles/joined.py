"""Archival codes put together for a sheet that has their parts alone (全宗号, 目录号, 案卷号), as imports put them together."""

from dataclasses import replace

from archives.findings import error
from archives.message import message
from ingest.profiles.profile import load_profile
from ingest.sheets.table import Sheet, SheetCell, SheetRow
from ingest.tables.table import Columns, TableRow


def with_codes(sheet: Sheet) -> Sheet:
    """Return a sheet whose rows have the codes that their parts make; its columns of parts are understood then.

    Where no row has a code the sheet has none, and says so, instead of what it says of its columns.
    """
    names = tuple(sheet.headings)
    columns, profile = Columns(sheet.name, "", tuple(sheet.headings.values())), load_profile("usual")
    rows: list[SheetRow] = []
    for row in sheet.rows:
        read = profile.read(TableRow(columns, row.number, tuple(row.text(column) for column in names)))
        cell = next((row.cells[column] for column in names if column in row.cells), None)
        code = {"code": SheetCell(read.code, cell.name)} if read.code and cell else {}
        rows.append(replace(row, cells={**code, **row.cells}))
    if not any("code" in row.cells for row in rows):
        said = message(
            "表中没有“档号”一列，也没有能组成档号的列（全宗号、目录号、案卷号、件号等）",
            "the sheet has no column of archival codes, and none that make them (numbers of fonds, series, volume, item)",
        )
        return replace(sheet, rows=(), findings=(error("column-missing", said, file=sheet.name, row=sheet.header_row),))
    parts = profile.part_headings(columns)
    unknown = tuple(one for one in sheet.unknown if sheet.headings.get(one, one) not in parts)
    told = (one for one in sheet.findings if parts.isdisjoint(map(str, dict(one.message.values).values())))
    return replace(sheet, fields=("code", *sheet.fields), unknown=unknown, rows=tuple(rows), findings=tuple(told))
