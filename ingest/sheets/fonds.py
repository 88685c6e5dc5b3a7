"""Sheets of fonds (全宗): one row a fonds, who made it, from when to when, and its introduction."""

from archives.findings import Finding, error
from archives.message import message
from archives.record.description import Fonds
from archives.record.identifiers import RepositoryCode, archival_code_key, is_fonds_number
from ingest.sheets.doubts import doubts_of
from ingest.sheets.headings import fold_heading
from ingest.sheets.table import Sheet

_HEADINGS = {
    "number": ("全宗号", "fonds_number", "fonds number", "全宗编号"),
    "name": ("全宗名称", "fonds_name", "fonds name"),
    "creator": ("立档单位", "立档单位名称", "creator"),
    "years": ("起止年", "起止年代", "years"),
    "history": ("全宗介绍", "history", "introduction"),
}
FONDS_HEADINGS = {fold_heading(name): field for field, names in _HEADINGS.items() for name in names}
REQUIRED = ("number", "name")


def read_fonds(sheet: Sheet, repository: RepositoryCode) -> tuple[tuple[Fonds, ...], tuple[Finding, ...]]:
    """Return the fonds of a sheet, and a finding for every row without a name or without a number that an archival code can have."""
    fonds: list[Fonds] = []
    findings: list[Finding] = [found for found in sheet.findings if found.severity != "note"]
    for row in sheet.rows:
        findings += doubts_of(row, sheet=sheet.name, dates=(), identifiers=("number",), known=sheet.fields)
        number, name = archival_code_key(row.text("number")), row.text("name")
        if number and not is_fonds_number(number):
            said = message(
                "全宗号“{number}”不能写进档号：不能有空格、连字号、/ \\ : ; 等",
                "no archival code can begin with the number “{number}”: no blanks, hyphens, / \\ : ; and the like",
                number=number,
            )
            findings.append(error("fonds-number", said, file=sheet.name, row=row.number))
        elif number and name:
            fonds.append(Fonds(repository, number, name, row.text("creator"), row.text("years"), row.text("history")))
        else:
            said = message("缺少全宗号或全宗名称", "number or name of the fonds is missing")
            findings.append(error("fonds-incomplete", said, file=sheet.name, row=row.number))
    return tuple(fonds), tuple(findings)
