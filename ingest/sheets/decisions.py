"""Decision sheets of the opening review (开放审核): one row a record, its conclusion and from when it holds."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from archives.errors import FormatError
from archives.findings import Finding, error
from archives.message import Message, message
from archives.record.dates.parse import parse_record_date
from archives.record.identifiers import archival_code_key
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision, same_name
from ingest.sheets.doubts import doubts_of
from ingest.sheets.headings import OF_LINES, fold_heading
from ingest.sheets.remarks import unheeded
from ingest.sheets.table import Sheet, SheetRow

Value = TypeVar("Value")

COLUMNS = {
    "code": ("档号", "archival_code", "archival code"),
    "repository": ("馆代码", "档案馆代码", "repository"),
    "conclusion": ("结论", "开放审核结论", "conclusion"),
    "basis": ("依据", "basis"),
    "joint_unit": ("会同单位", "joint_unit", "joint unit"),
    "reviewer": ("审核人", "reviewer"),
    "approver": ("批准人", "approver"),
    "reviewed_on": ("审核日期", "reviewed_on", "reviewed on"),
    "takes_effect_on": ("开放日期", "opens_on", "opens on"),
    "closes_on": ("关闭日期", "closes_on", "closes on"),
    "postponed_until": ("延期至", "postponed_until", "postponed until"),
    "reviewed": ("审核摘要", "reviewed_digest", "reviewed digest"),
    "scope": ("网上范围", "online_scope", "online scope"),
    "public_title": ("公开题名", "public_title", "public title"),
}
_SPELLED = tuple(name for names in COLUMNS.values() for name in names)
DECISION_HEADINGS = {fold_heading(name): field for field, names in COLUMNS.items() for name in names}
REQUIRED = ("code", "conclusion")
_TO_READ = (
    *(
        "题名",
        "title",
        "日期",
        "date",
        "层次",
        "level",
        "开放状态",
        "openness",
        "单元标识",
        "unit_id",
        "unit identifier",
        "图像有变",
        "images changed",
    ),
    *("页数", "pages", "问题数", "findings", "备注", "附注", "remarks", "notes", *OF_LINES),
)
BESIDE = frozenset(map(fold_heading, _TO_READ))
"""Headings of columns that lists of records have for people to read (``opening due``, ``review``, ``preview``), and decide nothing."""
_MEANT = (
    (re.compile("(公开|开放|网上|上网).*范围"), "网上范围"),
    (re.compile("(公开|开放).*(日|时间)"), "开放日期"),
    (re.compile("(公开|开放).*(结论|结果|意见)"), "结论"),
    (re.compile("题|公开|对外"), "公开题名"),
    (re.compile("tit(le|el)|public", re.IGNORECASE), "public title"),
)
"""What a column of decisions is meant for that is not known, by its words, where it is near none by its letters."""
NOT_UNDERSTOOD = "column-ignored"
_KEEPS_CLOSED = message(
    "请改正列名，或删去此列，再执行一次；有此列时，凡会公开的行都不执行，不公开的行照常执行",
    "correct the heading, or take the column out, and run the command again; until then no row that would make something public is applied, those that close are",
)
_DECIDED = tuple(field for field in COLUMNS if field not in {"code", "repository", "reviewed"})
_DAYS = frozenset(("reviewed_on", "takes_effect_on", "closes_on", "postponed_until"))
_NEEDED = {
    "code": message("缺少档号", "the archival code is missing"),
    "conclusion": message("缺少结论", "the conclusion is missing"),
    "basis": message("缺少依据", "the basis is missing"),
    "reviewer": message("缺少审核人", "the reviewer is missing"),
    "approver": message("缺少批准人", "the approver is missing"),
    "reviewed_on": message("缺少审核日期", "the date of the review is missing"),
}
_DAY_NEEDED = message("结论为开放时须填开放日期", "a record to be opened needs its opening date")
_ENGLISH = {
    "open": "开放",
    "postponed": "延期开放",
    "controlled": "控制使用",
    "closed": "不开放",
    "full text": "全文",
    "catalogue only": "仅目录",
    "not online": "不上网",
}


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A row; ``decision`` is None when it cannot be applied, and a finding says why.

    ``reviewed`` is the digest of what the reviewer saw, where the sheet carries it; ``title_cell`` is that of its public title.
    """

    number: int
    code_text: str
    repository: str | None
    decision: OpeningDecision | None
    findings: tuple[Finding, ...]
    cell: str | None
    reviewed: str = ""
    title_cell: str | None = None


def filled_in(sheet: Sheet) -> tuple[Sheet, int]:
    """Return a sheet without the rows in which nothing was decided, and how many those are.

    The sheet that ``opening due`` writes names what waits, with and without a code; a reviewer fills in some of it and
    hands it in.
    """
    rows = tuple(row for row in sheet.rows if any(row.text(field) for field in _DECIDED))
    return replace(sheet, rows=rows), len(sheet.rows) - len(rows)


def about_sheet(sheet: Sheet) -> tuple[Finding, ...]:
    """Return what a person should know of a decision sheet as a whole, with every column of which nothing is understood."""
    found = unheeded(sheet.findings, BESIDE, spelled=_SPELLED, meant=_meant)
    return tuple(replace(one, advice=_KEEPS_CLOSED) if one.code == NOT_UNDERSTOOD else one for one in found)


def read_decisions(sheet: Sheet, *, today: date) -> tuple[DecisionRow, ...]:
    """Read every row of a decision sheet; rows that decide about one archival code are all unusable.

    What opens a record was reviewed by one person and approved by another, not later than today, before it opens; what
    closes one is never kept from it by that. What is reviewed again, as its digest tells, may have opened before. Beside
    a column that is not understood nothing opens: it may be the one that says what the public is told, or until when.
    """
    ignored = [one for one in about_sheet(sheet) if one.code == NOT_UNDERSTOOD]
    rows = [_implausible(sheet, _with_doubts(sheet, row, _read(sheet, row)), today) for row in sheet.rows]
    rows = [_unless_understood(sheet, row, ignored) for row in rows]
    places = Counter((row.repository, archival_code_key(row.code_text)) for row in rows)
    return tuple(
        _doubled(sheet, row) if places[row.repository, archival_code_key(row.code_text)] > 1 else row for row in rows
    )


def _with_doubts(sheet: Sheet, row: SheetRow, read: DecisionRow) -> DecisionRow:
    doubts = doubts_of(row, sheet=sheet.name, dates=_DAYS, identifiers=("code",), known=sheet.fields)
    return replace(read, findings=(*read.findings, *doubts))


def _unless_understood(sheet: Sheet, row: DecisionRow, ignored: Sequence[Finding]) -> DecisionRow:
    """Return a row without its decision where that would make something public beside columns that are not understood."""
    decision = row.decision
    if not ignored or decision is None or decision.conclusion is not Conclusion.OPEN:
        return row
    if decision.scope is OnlineScope.NOT_ONLINE:
        return row
    found = (
        error(
            "column-not-understood",
            message("未执行，不公开：{why}", "not applied, nothing of it is opened: {why}", why=one.message),
            file=sheet.name,
            row=row.number,
            cell=one.cell,
        )
        for one in ignored
    )
    return replace(row, decision=None, findings=(*row.findings, *found))


def _doubled(sheet: Sheet, row: DecisionRow) -> DecisionRow:
    said = message("同一档号有几行决定，都未执行", "several rows decide about one archival code; none was applied")
    found = error("code-twice", said, file=sheet.name, row=row.number, cell=row.cell)
    return replace(row, decision=None, findings=(*row.findings, found))


def _implausible(sheet: Sheet, row: DecisionRow, today: date) -> DecisionRow:
    """Return a row without its opening decision where it cannot have been made like that."""
    decision = row.decision
    if decision is None or decision.conclusion is not Conclusion.OPEN:
        return row
    found = [
        error(code, said, file=sheet.name, row=row.number, cell=row.cell)
        for code, said in _doubts(row, decision, today)
    ]
    return replace(row, decision=None, findings=(*row.findings, *found)) if found else row


def _doubts(row: DecisionRow, decision: OpeningDecision, today: date) -> Iterator[tuple[str, Message]]:
    if same_name(decision.reviewer, decision.approver):
        yield (
            "approver-is-reviewer",
            message(
                "审核人和批准人须是两个人，这里都是 {name}",
                "the reviewer and the approver must be two different people; both are {name}",
                name=decision.approver,
            ),
        )
    if decision.reviewed_on > today:
        yield "reviewed-on-in-future", message("审核日期在今天之后", "the date of the review is after today")
    was_open = bool(row.reviewed)  # reviewed again: it opened on the day that was decided before
    if not was_open and decision.takes_effect_on is not None and decision.takes_effect_on < decision.reviewed_on:
        yield (
            "takes-effect-before-review",
            message("开放日期早于审核日期", "it would have opened before it was reviewed"),
        )


def _read(sheet: Sheet, row: SheetRow) -> DecisionRow:
    findings: list[Finding] = []

    def parsed(field: str, parse: Callable[[str], Value], default: Value) -> Value:
        text = row.text(field)
        if not text:
            return default
        try:
            return parse(_ENGLISH.get(text.strip().lower(), text.strip()))
        except (ValueError, FormatError):
            said = message("不认识的值：{value}", "a value that is not known: {value}", value=text)
            findings.append(
                error(
                    f"{field.replace('_', '-')}-unreadable",
                    said,
                    file=sheet.name,
                    row=row.number,
                    cell=row.cell_name(field),
                )
            )
            return default

    def need(field: str, said: Message) -> None:
        if not row.text(field):
            found = error(f"{field.replace('_', '-')}-missing", said, file=sheet.name, row=row.number)
            findings.append(found)

    conclusion = parsed("conclusion", Conclusion, None)
    for field, said in _NEEDED.items():
        need(field, said)
    if conclusion is Conclusion.OPEN:
        need("takes_effect_on", _DAY_NEEDED)
    reviewed_on, takes_effect_on = parsed("reviewed_on", _day, None), parsed("takes_effect_on", _day, None)
    closes_on, postponed_until = parsed("closes_on", _day, None), parsed("postponed_until", _day, None)
    scope = parsed("scope", OnlineScope, OnlineScope.NOT_ONLINE)
    decision = None
    if not findings and conclusion and reviewed_on:
        decision = OpeningDecision(
            conclusion=conclusion,
            basis=row.text("basis"),
            joint_unit=row.text("joint_unit"),
            reviewer=row.text("reviewer"),
            approver=row.text("approver"),
            reviewed_on=reviewed_on,
            takes_effect_on=takes_effect_on,
            postponed_until=postponed_until,
            scope=scope,
            closes_on=closes_on,
            public_title=(row.text("public_title").strip() or None) if conclusion is Conclusion.OPEN else None,
        )
    return DecisionRow(
        row.number,
        row.text("code"),
        row.text("repository") or None,
        decision,
        tuple(findings),
        row.cell_name("code"),
        row.text("reviewed").strip().lower(),
        row.cell_name("public_title") or _empty_cell(sheet, row, "public_title"),
    )


def _meant(heading: str) -> str | None:
    folded = fold_heading(heading)
    return next((name for words, name in _MEANT if words.search(folded)), None)


def _empty_cell(sheet: Sheet, row: SheetRow, field: str) -> str | None:
    """Return what the spreadsheet calls a cell that holds nothing, by its column's heading; None without such a column."""
    heading = sheet.heading_cells.get(field)
    return f"{heading.rstrip('0123456789')}{row.number}" if heading else None


def _day(text: str) -> date:
    day = parse_record_date(text)
    if day.earliest != day.latest:
        raise FormatError(message("须写明日", "a day is needed"), subject=text)
    return day.earliest
