"""The markings of secrecy in a row: under any heading, in any column, merged or not."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from archives.errors import FormatError
from archives.findings import Finding, error, note
from archives.message import message
from archives.record.elements import DAY
from archives.record.secrecy import SecurityClassification, is_classifying, marking_of, marking_of_object
from ingest.sheets.doubts import NO_TEXT
from ingest.sheets.table import Sheet, SheetCell, SheetRow

_TITLES = frozenset(("code", "title", "files", "author"))
_LEVELS = list(SecurityClassification)


@dataclass(frozen=True, slots=True)
class Markings:
    """What a row says of secrecy: the highest level that a cell is, whether that is over, and what to tell.

    ``classified_cells`` name the cells of state secrets that was not declassified.
    """

    highest: SecurityClassification | None
    classified_cells: tuple[str, ...]
    is_declassified: bool
    findings: tuple[Finding, ...]


def markings_of(sheet: Sheet, row: SheetRow, *, today: date, not_secret: Collection[str] = ()) -> Markings:
    """Return the markings of a row but for the cells that are ``not_secret``; its declassification holds for all of them, if it has a date and a basis."""
    is_declassified = _is_declassified(row, today)
    found = [(cell, level) for cell, level in _levels(sheet, row) if level and cell.name not in not_secret]
    secrets = [cell.name for cell, level in found if level.is_state_secret]
    findings = [
        note(
            "never-open",
            message(
                "“{text}”不是国家秘密：照常接收，但不予开放",
                "“{text}” is no state secret: it is taken in and will not be opened",
                text=cell.text,
            ),
            file=sheet.name,
            row=row.number,
            cell=cell.name,
        )
        for cell, level in found
        if level.is_withheld
    ]
    return Markings(
        max((level for _, level in found), key=_LEVELS.index, default=None),
        () if is_declassified else tuple(secrets),
        is_declassified,
        (*findings, *_without_value(sheet, row)),
    )


def higher(one: SecurityClassification | None, other: SecurityClassification | None) -> SecurityClassification | None:
    """Return the higher of two levels."""
    return max((level for level in (one, other) if level), key=_LEVELS.index, default=None)


def _levels(sheet: Sheet, row: SheetRow) -> Iterator[tuple[SheetCell, SecurityClassification | None]]:
    for column, cell in row.cells.items():
        level = marking_of(cell.text, heading=sheet.headings.get(column, column))
        if column == "opening_proposal" and level and level.is_withheld:
            continue  # whether to open it is what this column is about
        yield cell, level or (None if column in _TITLES else marking_of_object(cell.text))


def _without_value(sheet: Sheet, row: SheetRow) -> Iterator[Finding]:
    for column, cell in row.cells.items():
        if cell.how in NO_TEXT and is_classifying(sheet.headings.get(column, column)):
            said = message(
                "密级单元格没有值，此行不接收；请填写后再接收",
                "the cell of the classification has no value, so the row is not taken in: fill it in",
            )
            yield error("security-unknown", said, file=sheet.name, row=row.number, cell=cell.name)


def _is_declassified(row: SheetRow, today: date) -> bool:
    try:
        day = DAY.parse(row.text("declassified_on")) if DAY.parse and row.text("declassified_on") else None
    except FormatError:
        return False
    return day is not None and day <= today and bool(row.text("declassification_basis"))
