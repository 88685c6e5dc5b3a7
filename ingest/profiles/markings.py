"""The markings of secrecy in a row of a long table, judged as those of every batch are: each cell in its own place.

Judged is what stands in the cells, and what a profile makes of it: constants, what a map stands for, what was joined.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from archives.errors import FormatError
from archives.findings import Finding, error
from archives.message import message
from archives.record.description import parse_security
from archives.record.elements.table import ELEMENTS
from archives.record.marked import marking_in_code
from archives.record.secrecy import is_classifying
from formats.spreadsheet.cells import How
from ingest.profiles.reading import ProfiledRow
from ingest.sheets.markings import Markings, markings_of
from ingest.sheets.table import Sheet, SheetCell, SheetRow
from ingest.tables.table import TableRow

_MEANT = ("security", "declassified_on")
"""What counts as the profile has it; what stands in the cell is judged beside it."""
_CLASSIFY = message(
    "请改正这一格，或在方案（profile）的 maps 中写明代码所指，再导入一次",
    "correct the cell, or say in the maps of the profile what the code stands for, and import the table again",
)
_NAMES = {element.key: element.name for element in ELEMENTS}


def row_markings(row: TableRow, read: ProfiledRow, *, today: date) -> Markings:
    """Return what a row says of secrecy, in whichever column; its findings name file, row and cell.

    What a profile puts where no cell is has the place that its column would have: ``密级7``. An error among the findings says
    that nobody can tell whether the row is a state secret: it must not be taken in.
    """
    judged = _Judged()
    _take_cells(judged, row, read)
    _take_read(judged, frozenset(row.texts), row, read)
    sheet = Sheet(row.columns.file, 0, (), (), (), judged.headings)
    marked = markings_of(sheet, SheetRow(row.number, judged.cells, row.is_hidden), today=today)
    found = (*marked.findings, *_unreadable(row, read))
    if not found:
        return marked
    told = (
        replace(one, advice=_CLASSIFY) if one.code == "security-unknown" and not one.advice else one for one in found
    )
    return replace(marked, findings=tuple(told))


@dataclass(slots=True)
class _Judged:
    """The texts of a row, none in the place of another, each with what stands above it."""

    cells: dict[str, SheetCell] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, text: str, name: str, heading: str, how: How = How.WRITTEN) -> None:
        while key in self.cells:
            key += " *"
        self.cells[key] = SheetCell(text, name, how)
        self.headings[key] = heading


def _take_cells(judged: _Judged, row: TableRow, read: ProfiledRow) -> None:
    """Take every cell under the key of its element, where it is the first of one, else under its own name."""
    keys = {cell: key for key, cell in read.cells.items() if " " not in key}
    above = row.columns.headings
    for place, text in enumerate(row.texts):
        if not text and place not in row.hows:
            continue
        name, heading = row.cell_name(place), above[place] if place < len(above) else ""
        key = keys.get(name, name)
        how = row.hows.get(place, How.WRITTEN) if row.hows else How.WRITTEN
        said = read.values.get(key, text) if key in _MEANT else text
        judged.add(key, said, name, "密级" if key == "security" and not is_classifying(heading) else heading, how)
        if said != text:
            judged.add(name, text, name, "")
    for place, text in row.alone.items():
        judged.add(row.cell_name(place), text, row.cell_name(place), above[place])


def _take_read(judged: _Judged, in_cells: frozenset[str], row: TableRow, read: ProfiledRow) -> None:
    """Take what stands in no cell as it is: what was mapped, joined, put together, or is the same for all rows."""
    for key, text in read.values.items():
        is_elsewhere = text in in_cells and key != "security"  # which is judged by what heads it
        if not is_elsewhere and (key not in judged.cells or judged.cells[key].text != text):
            heading = _NAMES.get(key, key)
            judged.add(key, text, read.cells.get(key) or f"{heading}{row.number}", heading)
    for name, text in (*read.rest, *read.persons):
        if text not in in_cells or (is_classifying(name) and not _is_column(name, row)):
            judged.add(f"field {name}", text, read.cells.get(f"field {name}") or f"{name}{row.number}", name)
    if read.image and (
        level := marking_in_code(read.image)
    ):  # folders and files of images are named like parts of a code
        judged.add("field image", level.value, read.cells.get("image") or f"image{row.number}", "")
    if read.code and read.code not in in_cells:
        judged.add("code", read.code, read.cells.get("code") or f"{_NAMES['code']}{row.number}", _NAMES["code"])


def _is_column(name: str, row: TableRow) -> bool:
    return any(heading.rstrip(" *") == name for heading in row.columns.headings)


def _unreadable(row: TableRow, read: ProfiledRow) -> Iterator[Finding]:
    """Find a classification that cannot be read, such as a code that no map knows."""
    said = read.values.get("security", "")
    try:
        parse_security(said)
    except FormatError as cause:
        yield error(
            "security-unknown", cause.message, file=row.columns.file, row=row.number, cell=read.cells.get("security")
        )
