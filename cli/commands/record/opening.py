"""Commands that open and close records; nothing else opens anything."""

from typing import Annotated

from archives.errors import FormatError
from archives.findings import Finding, error
from archives.message import message
from archives.record.holding import Holding
from archives.record.rights import OpeningDecision
from cli import wiring
from cli.commands.record.rendering import finding_table, term
from cli.commands.shared import WRITES, Code, InRepository, Sheet
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from ingest.sheets.decisions import DECISION_HEADINGS, REQUIRED, read_decisions
from ingest.sheets.table import read_sheet
from preservation.actions.describe import require_repository
from preservation.actions.opening import AskedDecision, apply_decisions
from preservation.actions.opening import withdraw as withdraw_opening

_FIELDS: tuple[Field[tuple[Holding, OpeningDecision]], ...] = (
    Field("repository", message("馆代码", "repository"), lambda one: one[0].key.repository),
    Field("archival_code", message("档号", "archival code"), lambda one: one[0].description.code.written),
    Field(
        "conclusion",
        message("结论", "conclusion"),
        lambda one: one[1].conclusion.value,
        lambda one: term(one[1].conclusion.value),
    ),
    Field(
        "online_scope",
        message("网上范围", "online"),
        lambda one: one[1].scope.value,
        lambda one: term(one[1].scope.value),
    ),
)


@command(example="jinkui opening apply decisions-2026.xlsx", exits=(*WRITES, FormatError, FINDINGS))
def apply(call: Call, *, sheet: Sheet, repository: InRepository = None) -> Result:
    """Apply a sheet of opening decisions: what can be applied is, the rest is named."""
    home = home_of(call)
    table = read_sheet(sheet, DECISION_HEADINGS, required=REQUIRED, reader=home.sheet_reader(sheet.parent))
    require_repository(home.archive, repository)
    rows = read_decisions(table)
    asked = {
        row.number: AskedDecision(row.code_text, row.repository or repository, row.decision)
        for row in rows
        if row.decision
    }
    outcomes = dict(zip(asked, apply_decisions(home.archive, asked.values()), strict=True))
    if any(one.is_new for one in outcomes.values()):
        home.follow()
    findings: list[tuple[str, Finding]] = []
    for row in rows:
        findings += [(row.code_text, found) for found in row.findings]
        if row.number in outcomes and (unknown := outcomes[row.number].failure):
            found = error(unknown.code, unknown.message, file=table.name, row=row.number, cell=row.cell)
            findings.append((row.code_text, found))
    applied = [(one.holding, one.asked.decision) for one in outcomes.values() if one.holding]
    done, data = listing(message("已执行的决定", "decisions applied"), _FIELDS, applied)
    tables = (done, finding_table(findings)) if findings else (done,)
    answer = {"applied": data, "findings": [found for _, found in findings]}
    return Result(answer, tables, exit_code=FINDINGS.code if findings else 0)


@command(example='jinkui opening withdraw J019-WS·2014·Y·BGS-0101 --reason "names a living person"', exits=WRITES)
def withdraw(
    call: Call,
    *,
    code: Code,
    reason: Annotated[str, Option(message("理由", "why"))],
    repository: InRepository = None,
) -> Result:
    """Take an opening back; the record is gone from everything public when this returns."""
    home = home_of(call)
    done = withdraw_opening(home.archive, code, repository=repository, reason=reason)
    holding = done.holding
    home.follow()
    written, state = holding.description.code.written, holding.access_on(wiring.today()).openness.value
    said = message("已撤回 {code} 的开放", "{code} is closed", code=written)
    if not done.was_open:
        said = message(
            "{code} 本来就没有开放；撤回已记入日志", "{code} was not open; the withdrawal is recorded", code=written
        )
    data = {"archival_code": written, "repository": holding.key.repository, "openness": state}
    return Result({**data, "was_open": done.was_open}, lines=(said,))
