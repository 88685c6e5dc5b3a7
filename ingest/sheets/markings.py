"""The markings of secrecy in a row: under any heading, in any column, merged or not."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from archives.errors import FormatError
from archives.findings import Finding, Severity, error, note, warning
from archives.message import message
from archives.record.elements.kinds import DAY
from archives.record.marked import marking_in_code
from archives.record.secrecy import (
    SecurityClassification,
    is_classifying,
    marking_of,
    marking_of_object,
    parse_marking,
)
from ingest.sheets.doubts import NO_TEXT
from ingest.sheets.table import Sheet, SheetCell, SheetRow

_CODES = frozenset(("code", "number"))
_TITLES = frozenset(("code", "title", "files", "author"))
_LEVELS = list(SecurityClassification)
_ABOUT_LEVELS = re.compile(
    r"[人员者]$|依据|日期|时间|单位|机关|部门|责任|说明|备注|变更|期限|解密|原|旧|scheme|basis|date|authority|by$",
    re.IGNORECASE,
)
"""Headings of what is said of a level, which itself is another column's business."""
_OF_TERMS = re.compile(r"(?:保密|涉密|密级|定密)期限|term of secrecy|classified until", re.IGNORECASE)
_TERM = re.compile(r"[1-9]\d*(?:年|个月|日)?|长期|永久|[(（]?(?:19|20)\d\d.{2,12}")
_YES_OR_NO = re.compile(r"[是否有无yYnN√×✓✗xX01/\\\-—]|yes|no|true|false", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Markings:
    """What a row says of secrecy: the highest level that a cell is, whether that is over, and what to tell.

    ``classified_cells`` name the cells of state secrets that was not declassified, ``judged_cells`` those that would be
    a marking of any level, had it not been judged that they are none.
    """

    highest: SecurityClassification | None
    classified_cells: tuple[str, ...]
    is_declassified: bool
    findings: tuple[Finding, ...]
    judged_cells: tuple[str, ...] = ()


def markings_of(sheet: Sheet, row: SheetRow, *, today: date, not_secret: Collection[str] = ()) -> Markings:
    """Return the markings of a row but for the cells that are ``not_secret``; its declassification holds for all of them, if it has a date and a basis."""
    is_declassified = _is_declassified(row, today)
    levels = [(cell, level) for cell, level in _levels(sheet, row) if level]
    found = [(cell, level) for cell, level in levels if cell.name not in not_secret]
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
        (
            *findings,
            *_without_value(sheet, row),
            *_not_understood(sheet, row),
            *_term_alone(sheet, row, found, is_declassified),
        ),
        tuple(cell.name for cell, _ in levels if cell.name in not_secret),
    )


def is_of_unknown_secrecy(findings: Collection[Finding]) -> bool:
    """Say whether nobody can tell of a row in which this was found whether it is a state secret."""
    return any(one.code == "security-unknown" and one.severity is Severity.ERROR for one in findings)


def higher(one: SecurityClassification | None, other: SecurityClassification | None) -> SecurityClassification | None:
    """Return the higher of two levels."""
    return max((level for level in (one, other) if level), key=_LEVELS.index, default=None)


def _levels(sheet: Sheet, row: SheetRow) -> Iterator[tuple[SheetCell, SecurityClassification | None]]:
    for column, cell in row.cells.items():
        level = marking_of(cell.text, heading=sheet.headings.get(column, column))
        if level is None and column in _CODES:
            level = marking_in_code(cell.text)
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


def _not_understood(sheet: Sheet, row: SheetRow) -> Iterator[Finding]:
    """Find what stands under a heading of levels beside the column that is read, and is none that is known (``密级代码``: 3).

    Where the row says its level elsewhere, it goes in.
    """
    said_elsewhere = bool(row.text("security")) and parse_marking(row.text("security")) is not None
    for column, cell in row.cells.items():
        heading = sheet.headings.get(column, column)
        if column == "security" or cell.how in NO_TEXT or not is_classifying(heading) or _ABOUT_LEVELS.search(heading):
            continue
        is_answer = bool(_YES_OR_NO.fullmatch(cell.text.strip())) and not re.search(
            r"代码|code", heading, re.IGNORECASE
        )
        if parse_marking(cell.text) is None and not is_answer:
            said = message(
                "“{heading}”下的“{text}”不是认识的密级；请写 公开、秘密、机密、绝密 等",
                "“{text}” below “{heading}” is no level that is known: write public, confidential, secret or top secret",
                heading=heading,
                text=cell.text,
            )
            make = warning if said_elsewhere else error
            yield make("security-unknown", said, file=sheet.name, row=row.number, cell=cell.name)


def _term_alone(
    sheet: Sheet, row: SheetRow, found: Collection[tuple[SheetCell, SecurityClassification]], is_declassified: bool
) -> Iterator[Finding]:
    """Find a term of secrecy (保密期限) of a row that says no level: only what is classified has one."""
    if is_declassified or any(level.is_state_secret for _, level in found):
        return
    for column, cell in row.cells.items():
        if _OF_TERMS.search(sheet.headings.get(column, column)) and _TERM.fullmatch("".join(cell.text.split())):
            said = message(
                "写有保密期限 {text} 而没有密级：请写明密级；已解密的，补齐解密日期和解密依据",
                "a term of secrecy ({text}) without a level: write the level, and date and basis of its declassification if that is over",
                text=cell.text,
            )
            make = warning if row.text("security") else error
            yield make("security-unknown", said, file=sheet.name, row=row.number, cell=cell.name)


def _is_declassified(row: SheetRow, today: date) -> bool:
    try:
        day = DAY.parse(row.text("declassified_on")) if DAY.parse and row.text("declassified_on") else None
    except FormatError:
        return False
    return day is not None and day <= today and bool(row.text("declassification_basis"))
