"""Sheets of codes: an old one and a new one in each row."""

from archives.errors import FormatError
from archives.findings import Finding, error
from archives.message import message
from ingest.cataloguing.corrections import CORRECTION_HEADINGS
from ingest.sheets.decisions import BESIDE
from ingest.sheets.doubts import doubts_of
from ingest.sheets.headings import fold_heading, with_kind
from ingest.sheets.remarks import unheeded
from ingest.sheets.table import Sheet
from preservation.actions.units.renumbering_plan import Asked
from preservation.handouts.catalogue_sheet import is_catalogue_sheet

_OLD, _NEW, _EITHER, _UNIT_ID = "old", "new", "code", "unit_id"
_NAMES = {
    _OLD: ("原档号", "旧档号", "原档案号", "改前档号", "old code", "former code", "old", "old reference", "from"),
    _NEW: ("新档号", "改后档号", "改为", "新档案号", "new code", "new", "new reference", "to"),
    _EITHER: ("档号", "现档号", "现在的档号", "archival code", "code", "reference code", "reference"),
    _UNIT_ID: ("单元标识", "unit_id", "unit identifier"),
}
RENUMBERING_HEADINGS = {fold_heading(name): field for field, names in _NAMES.items() for name in names}
"""Headings of a sheet of codes. 档号 alone is the old one beside 新档号, and the new one beside 原档号."""


def read_renumbering(sheet: Sheet) -> tuple[tuple[Asked, ...], tuple[Finding, ...]]:
    """Return what a sheet asks for, and a finding for every row without one of the two codes, and for doubtful cells.

    Raises ``FormatError`` where the two columns are not there. What an exported catalogue says beside them is for people.
    """
    old = _OLD if _OLD in sheet.fields else _EITHER
    new = _NEW if _NEW in sheet.fields else _EITHER
    if not {old, _UNIT_ID} & {*sheet.fields} or new not in sheet.fields or old == new:
        raise _without_columns(sheet)
    asked: list[Asked] = []
    beside = BESIDE | CORRECTION_HEADINGS.keys() if is_catalogue_sheet(sheet.headings.values()) else BESIDE
    findings: list[Finding] = [
        *unheeded(sheet.findings, beside, spelled=[name for names in _NAMES.values() for name in names])
    ]
    for row in sheet.rows:
        findings += doubts_of(row, sheet=sheet.name, dates=(), identifiers=(old, new), known=sheet.fields)
        texts = row.text(old), row.text(new), row.text(_UNIT_ID)
        if not texts[1] or not (texts[0] or texts[2]):
            said = message("缺少原档号或新档号", "old or new code is missing")
            findings.append(error("code-missing", said, file=sheet.name, row=row.number))
            continue
        cells = row.cell_name(old) or row.cell_name(_UNIT_ID), row.cell_name(new)
        asked.append(Asked(*texts, row.number, *cells))
    return tuple(asked), tuple(findings)


def _without_columns(sheet: Sheet) -> FormatError:
    said = message(
        "{file}：第 {row} 行的表头须有“原档号”和“新档号”两列",
        "{file}: the headings in row {row} need two columns: old code and new code",
        file=sheet.name,
        row=sheet.header_row,
    )
    advice = message("请修改第 {row} 行的表头", "mend the headings in row {row}", row=sheet.header_row)
    return FormatError(
        said, subject=sheet.name, advice=with_kind(advice, [*sheet.headings.values()], RENUMBERING_HEADINGS)
    )
