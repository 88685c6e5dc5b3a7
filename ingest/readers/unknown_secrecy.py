"""Rows of which nobody can tell whether they are state secrets: what is told of them, and what is kept of their sheets.

No word of such a row is kept: its findings say where it stands, and a list of rows takes the place of the sheets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from archives.findings import Finding, Severity, error, note
from archives.message import message
from ingest.sheets.catalogue import CatalogueRow
from ingest.sheets.markings import is_of_unknown_secrecy
from ingest.sheets.table import Sheet
from ingest.tables.row_list import LeftOut, line_of
from ingest.volumes.sheets import VolumeSheets

_TAKES = "row-takes-from-left-out"


def without_texts(sheet: Sheet, rows: Sequence[CatalogueRow]) -> tuple[CatalogueRow, ...]:
    """Return rows of which those of unknown secrecy tell nothing but that, and where; left out with them is what takes from them."""
    out = {row.number for row in rows if is_of_unknown_secrecy(row.findings)}
    taking = {row.number for row in sheet.rows if row.taken_from & out} - out
    answer = []
    for row in rows:
        if row.number in out:
            row = replace(row, findings=tuple(_places(row)), unread=None)
        elif row.number in taking:
            found = _takes().at(file=sheet.name, row=row.number, cell=row.code_cell)
            row = replace(row, description=None, findings=(found,), unread=None)
        answer.append(row)
    return tuple(answer)


def _takes() -> Finding:
    said = message(
        "有值（同上、合并的单元格）取自未接收的行，也未接收",
        "it takes a value (ditto, a merged cell) from a row that was left out, so it was left out, too",
    )
    return error(_TAKES, said)


def _why(row: CatalogueRow) -> LeftOut | None:
    if is_of_unknown_secrecy(row.findings):
        return LeftOut.UNKNOWN
    return LeftOut.DEPENDS if any(one.code == _TAKES for one in row.findings) else None


def row_list(read: VolumeSheets) -> str:
    """Return the list of all rows of a batch's sheets, a line each; nothing where the sheets may be kept themselves."""
    if not any(is_of_unknown_secrecy(row.findings) for rows in read.rows for row in rows):
        return ""
    lines = []
    for at, (sheet, rows) in enumerate(zip(read.joined.sheets, read.rows, strict=True)):
        for row in rows:
            if at == 0 and row.number in read.joined.implied:
                continue
            lines.append(line_of(sheet.file, f"{sheet.name} {row.number}", row.number, row.code_text, _why(row)))
    return "".join(lines)


def may_be_told(volume: int, read: VolumeSheets) -> bool:
    """Say whether the code of a volume that is made of those of its items may be told: not where nobody can tell of one."""
    items = (item for row in read.rows[0] if row.number == volume for item, _ in read.items(row))
    return not any(is_of_unknown_secrecy(item.findings) for item in items)


def about_sheets(sheet_name: str) -> Finding:
    """Return what becomes of sheets with such rows."""
    said = message(
        "有不知是否涉密的行未接收，目录表因此不予保存，只存各行去向；弄清密级后请重新接收",
        "rows were left out of which nobody can tell whether they are state secrets, so the sheets are not kept, only a list of their rows: take the batch in again when that is plain",
    )
    return note("tables-not-kept", said, file=sheet_name)


def _places(row: CatalogueRow) -> Iterator[Finding]:
    said = message(
        "不知是否涉密，此行不接收，所写不予记录；请写明密级",
        "nobody can tell whether it is a state secret: the row is not taken in, and nothing of it is noted down; write its level",
    )
    for one in row.findings:
        if is_of_unknown_secrecy([one]):
            yield replace(one, message=said, advice=None, severity=Severity.ERROR)
