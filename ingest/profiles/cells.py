"""Cells of a row that were not simply written."""

from collections.abc import Iterator, Mapping

from archives.findings import Finding
from formats.spreadsheet.cells import How
from ingest.profiles.spec import ELEMENT_KEYS
from ingest.sheets.doubts import doubts_of
from ingest.sheets.table import SheetCell, SheetRow
from ingest.tables.table import TableRow

_DOUBTFUL = frozenset((How.NO_VALUE, How.ERROR, How.ROUNDED, How.ODD, How.LONG, How.YEARLESS, How.DATE))
_DAYS = frozenset(("date", "declassified_on"))
_NO_DAYS = ELEMENT_KEYS - _DAYS


def doubtful_cells(row: TableRow, named: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is doubtful about cells that were not simply written: errors, values not saved, digits not seen.

    ``named`` are the names of cells by the keys of elements.
    """
    fields = {cell: key for key, cell in named.items() if " " not in key}
    cells: dict[str, SheetCell] = {}
    for place, how in row.hows.items():
        if how in _DOUBTFUL:
            name = row.cell_name(place)
            heading = row.columns.headings[place] if place < len(row.columns.headings) else name
            cells[fields.get(name, heading)] = SheetCell(row.texts[place], name, how)
    found = SheetRow(row.number, cells)
    yield from doubts_of(found, sheet=row.columns.file, dates=_DAYS, identifiers=(), known=_NO_DAYS) if cells else ()
