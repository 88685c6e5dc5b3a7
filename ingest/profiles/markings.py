"""The markings of secrecy in a row of a long table, judged as those of every batch are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from archives.errors import FormatError
from archives.findings import Finding, error
from archives.record.description import parse_security
from archives.record.secrecy import is_classifying
from ingest.profiles.reading import ProfiledRow
from ingest.sheets.markings import Markings, markings_of
from ingest.sheets.table import Sheet, SheetCell, SheetRow
from ingest.tables.table import Columns, TableRow


def row_markings(row: TableRow, read: ProfiledRow, *, today: date) -> Markings:
    """Return what a row says of secrecy, in whichever column; its findings name file, row and cell.

    An error among them says that nobody can tell whether the row is a state secret: it must not be taken in.
    """
    fields = {cell: key for key, cell in read.cells.items() if " " not in key}
    cells: dict[str, SheetCell] = {}
    headings: dict[str, str] = {}
    for place, text in enumerate(row.texts):
        if text or place in row.hows:
            name = row.cell_name(place)
            heading = row.columns.headings[place] if place < len(row.columns.headings) else ""
            column = fields.get(name, heading)
            headings[column] = "密级" if column == "security" and not is_classifying(heading) else heading
            said = read.values.get(column, text) if column in ("security", "declassified_on") else text
            cells[column] = SheetCell(said, name, row.hows[place]) if place in row.hows else SheetCell(said, name)
    marked = markings_of(_sheet(row.columns, headings), SheetRow(row.number, cells, row.is_hidden), today=today)
    more = tuple(_unreadable(row, read))
    return replace(marked, findings=(*marked.findings, *more)) if more else marked


def _unreadable(row: TableRow, read: ProfiledRow) -> Iterator[Finding]:
    """Find a classification that cannot be read, such as a code that no map knows."""
    said = read.values.get("security", "")
    try:
        parse_security(said)
    except FormatError as cause:
        yield error(
            "security-unknown", cause.message, file=row.columns.file, row=row.number, cell=read.cells.get("security")
        )


def _sheet(columns: Columns, headings: dict[str, str]) -> Sheet:
    return Sheet(columns.file, 0, (), (), (), headings)
