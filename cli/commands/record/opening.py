"""Commands that open and close records; nothing else opens anything."""

from pathlib import Path

from archives.errors import AmbiguousError, NotFoundError
from archives.findings import Finding, error
from archives.journal.facts import Fact, OpeningDecided, OpeningWithdrawn
from archives.message import message
from archives.record.rights import Withdrawal
from cli import wiring
from cli.commands.record.rendering import finding_table, term, the_record
from cli.frame.commands import Call
from cli.frame.output import Result, Table
from cli.home.home import home_of
from ingest.sheets.decisions import DECISION_HEADINGS, REQUIRED, read_decisions
from ingest.sheets.table import read_sheet


def apply(call: Call, *, sheet: Path, repository: str | None) -> Result:
    """Apply a sheet of opening decisions: what can be applied is, the rest is named."""
    home = home_of(call)
    table = read_sheet(sheet, DECISION_HEADINGS, required=REQUIRED)
    facts: list[Fact] = []
    applied: list[dict[str, object]] = []
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
        if holding.decisions[-1:] != (row.decision,):
            facts.append(OpeningDecided(holding.key.repository, holding.description.code.written, row.decision))
        access = row.decision.conclusion.value
        applied.append(
            {
                "archival_code": holding.description.code.written,
                "repository": holding.key.repository,
                "conclusion": access,
                "online_scope": row.decision.scope.value,
            }
        )
    if facts:
        home.begin_writing()
        home.vault.ledger.append(facts)
        home.follow()
    columns = (
        message("馆代码", "repository"),
        message("档号", "archival code"),
        message("结论", "conclusion"),
        message("网上范围", "online"),
    )
    rows = tuple(
        (str(a["repository"]), str(a["archival_code"]), term(str(a["conclusion"])), term(str(a["online_scope"])))
        for a in applied
    )
    tables = [Table(message("已执行的决定", "decisions applied"), columns, rows)]
    if findings:
        tables.append(finding_table(findings))
    data = {"applied": applied, "findings": [found for _, found in findings]}
    return Result(data, tuple(tables), exit_code=12 if findings else 0)


def withdraw(call: Call, *, code: str, reason: str, repository: str | None) -> Result:
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
