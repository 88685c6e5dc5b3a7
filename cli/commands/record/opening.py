"""Commands that open and close records; nothing else opens anything."""

from typing import Annotated, NamedTuple

from archives.errors import AmbiguousError, FormatError, NotFoundError
from archives.findings import Finding, error
from archives.journal.facts import Fact, OpeningDecided, OpeningWithdrawn
from archives.message import message
from archives.record.rights import OpeningDecision, Withdrawal
from cli import wiring
from cli.commands.record.rendering import finding_table, term, the_record
from cli.commands.shared import WRITES, Code, InRepository, Sheet
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from ingest.sheets.decisions import DECISION_HEADINGS, REQUIRED, read_decisions
from ingest.sheets.table import read_sheet


class _Applied(NamedTuple):
    repository: str
    code: str
    decision: OpeningDecision


_FIELDS: tuple[Field[_Applied], ...] = (
    Field("repository", message("馆代码", "repository"), lambda one: one.repository),
    Field("archival_code", message("档号", "archival code"), lambda one: one.code),
    Field(
        "conclusion",
        message("结论", "conclusion"),
        lambda one: one.decision.conclusion.value,
        lambda one: term(one.decision.conclusion.value),
    ),
    Field(
        "online_scope",
        message("网上范围", "online"),
        lambda one: one.decision.scope.value,
        lambda one: term(one.decision.scope.value),
    ),
)


@command(example="jinkui opening apply decisions-2026.xlsx", exits=(*WRITES, FormatError, FINDINGS))
def apply(call: Call, *, sheet: Sheet, repository: InRepository = None) -> Result:
    """Apply a sheet of opening decisions: what can be applied is, the rest is named."""
    home = home_of(call)
    table = read_sheet(sheet, DECISION_HEADINGS, required=REQUIRED)
    facts: list[Fact] = []
    applied: list[_Applied] = []
    findings: list[tuple[str, Finding]] = []
    for row in read_decisions(table):
        findings += [(row.code_text, found) for found in row.findings]
        if row.decision is None:
            continue
        try:
            holding = the_record(home, row.code_text, row.repository or repository)
        except (NotFoundError, AmbiguousError) as unknown:
            found = error(unknown.code, unknown.message, file=table.name, row=row.number, cell=row.cell)
            findings.append((row.code_text, found))
            continue
        one = _Applied(holding.key.repository, holding.description.code.written, row.decision)
        if holding.decisions[-1:] != (row.decision,):
            facts.append(OpeningDecided(*one))
        applied.append(one)
    if facts:
        home.begin_writing()
        home.vault.ledger.append(facts)
        home.follow()
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
    holding = the_record(home, code, repository)
    home.begin_writing()
    written = holding.description.code.written
    home.vault.ledger.append([OpeningWithdrawn(holding.key.repository, written, Withdrawal(reason))])
    home.follow()
    state = home.refresh().find(written, repository=holding.key.repository).access_on(wiring.today()).openness.value
    said = message("已撤回 {code} 的开放", "{code} is closed", code=written)
    return Result({"archival_code": written, "repository": holding.key.repository, "openness": state}, lines=(said,))
