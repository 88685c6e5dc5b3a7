"""Commands about fonds."""

from datetime import date
from typing import Annotated

from archives.errors import FormatError, RefusedError, UsageProblem
from archives.findings import Severity
from archives.message import message
from archives.record.description import Fonds, Repository
from cli import wiring
from cli.commands.record.rendering import finding_lines, settled_lines
from cli.commands.shared import LOOKS, WRITES, InRepository, NotSecret, Sheet, judged_places
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, as_data, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from ingest.batch.secrets import without_secrets
from ingest.sheets.fonds import FONDS_HEADINGS, REQUIRED, read_fonds
from ingest.sheets.table import read_sheet
from preservation.actions.describe import named_repository
from preservation.actions.settling.described import settle_known_fonds
from preservation.actions.units.describing import Said
from preservation.actions.units.fonds import (
    FondsCalled,
    FondsSaid,
    correct_fonds,
    describe_fonds,
    fonds_history,
    rename_fonds,
)

Number = Annotated[str, Argument(message("全宗号", "number of the fonds"))]
Reason = Annotated[str, Option(message("理由", "why"))]
By = Annotated[str | None, Option(message("由谁更改（默认为操作人）", "who says it (default: the operator)"))]

_FIELDS: tuple[Field[Fonds], ...] = (
    Field("repository", message("馆代码", "repository"), lambda one: one.repository.value),
    Field("number", message("全宗号", "fonds"), lambda one: one.number),
    Field("name", message("名称", "name"), lambda one: one.name),
    Field("creator", message("立档单位", "creator"), lambda one: one.creator),
    Field("years", message("起止年", "years"), lambda one: one.years),
    Field("kind", message("属类", "kind"), lambda one: one.kind),
    Field("state", message("状态", "state"), lambda one: one.state),
    Field("names", message("名称沿革", "names, with dates"), lambda one: one.names),
    Field("relations", message("演变关联情况", "related fonds"), lambda one: one.relations),
)

_SAID: tuple[Field[FondsSaid], ...] = (
    Field("repository", message("馆代码", "repository"), lambda one: one.fonds.repository.value),
    Field("number", message("全宗号", "fonds"), lambda one: one.fonds.number),
    Field("name", message("名称", "name"), lambda one: one.fonds.name),
    Field("creator", message("立档单位", "creator"), lambda one: one.fonds.creator),
    Field("names", message("名称沿革", "names, with dates"), lambda one: one.fonds.names),
    Field("at", message("登记时间", "said at"), lambda one: one.at),
    Field("person", message("何人", "by"), lambda one: one.person),
    Field("reason", message("理由", "why"), lambda one: one.reason),
)


@command(
    example="jinkui fonds import fonds.xlsx --repository 419001", exits=(*WRITES, RefusedError, FormatError, FINDINGS)
)
def import_sheet(call: Call, *, sheet: Sheet, not_secret: NotSecret = (), repository: InRepository = None) -> Result:
    """Describe fonds from a sheet, with their names and dates, kind, state and relations."""
    home = home_of(call)
    code = named_repository(home.archive, repository)
    table = read_sheet(sheet, FONDS_HEADINGS, required=REQUIRED, reader=home.sheet_reader(sheet.parent))
    place = next(one for one in home.catalogue.repositories() if one.code == code)
    table, judged = without_secrets(table, judged_places(not_secret), number="number", today=wiring.today())
    fonds, read = read_fonds(table, code, place.codes)
    findings = (*judged, *read, *(one.at(file=table.name) for one in describe_fonds(home.archive, place, fonds)))
    settled = settle_known_fonds(home.archive, settled_by=home.operator)
    home.follow()
    said = message("已登记 {n} 个全宗", "{n} fonds are described", n=len(fonds))
    data = {"repository": code.value, "fonds": [f.number for f in fonds], "findings": findings, "settled": settled}
    is_clean = all(one.severity is Severity.NOTE for one in findings)
    lines = (said, *settled_lines(settled), *finding_lines(findings))
    return Result(data, lines=lines, exit_code=0 if is_clean else FINDINGS.code)


@command(example='jinkui fonds correct J019 --name 水利局全宗 --reason "a letter was wrong"', exits=WRITES)
def correct(
    call: Call,
    *,
    number: Number,
    name: Annotated[str | None, Option(message("正确的全宗名称", "the right name of the fonds"))] = None,
    creator: Annotated[str | None, Option(message("正确的立档单位", "the right name of its creator"))] = None,
    since: Annotated[date | None, Option(message("正确的启用日期", "the right day from which on it holds"))] = None,
    was: Annotated[
        str | None, Option(message("写错的是哪个名称（默认现名）", "which name was wrong (the present one)"))
    ] = None,
    reason: Reason,
    by: By = None,
    repository: InRepository = None,
) -> Result:
    """Correct a name of a fonds or its creator, or the day it began, that was a mistake: it never held, and what is right did."""
    home, place, said = _saying(call, reason, by, repository)
    after = correct_fonds(home.archive, place, number, FondsCalled(name, creator, since), was=was, said=said)
    return _named(home, after)


@command(
    example="jinkui fonds rename J019 --name 水务局全宗 --creator 市水务局 --since 1984-03-01 --reason …", exits=WRITES
)
def rename(
    call: Call,
    *,
    number: Number,
    name: Annotated[str | None, Option(message("新的全宗名称", "the new name of the fonds"))] = None,
    creator: Annotated[str | None, Option(message("新的立档单位名称", "the new name of its creator"))] = None,
    since: Annotated[date, Option(message("从哪一天起", "from which day on"))],
    reason: Reason,
    by: By = None,
    repository: InRepository = None,
) -> Result:
    """Say that a fonds or its creator has another name from a day on; a record of before says the name of then."""
    home, place, said = _saying(call, reason, by, repository)
    after = rename_fonds(home.archive, place, number, FondsCalled(name, creator), since=since, said=said)
    return _named(home, after)


@command(example="jinkui fonds list --history", exits=LOOKS)
def list_fonds(
    call: Call,
    *,
    history: Annotated[bool, Option(message("列出历次登记", "with all that was ever said of them"))] = False,
    repository: InRepository = None,
) -> Result:
    """List fonds, or what was said of each from first to last."""
    home = home_of(call)
    every = [one for one in home.catalogue.fonds() if repository in (None, one.repository.value)]
    if history:
        told = [said for one in every for said in fonds_history(home.archive, one)]
        table, data = listing(message("全宗的历次登记", "what was said of fonds"), _SAID, told)
        return Result({"said": data}, (table,))
    table, data = listing(message("全宗", "fonds"), _FIELDS, every)
    return Result({"fonds": data}, (table,))


def _saying(call: Call, reason: str, by: str | None, repository: str | None) -> tuple[Home, Repository, Said]:
    if not reason.strip():
        raise UsageProblem(message("请用 --reason 写明理由", "say why with --reason"), subject="--reason")
    home = home_of(call)
    code = named_repository(home.archive, repository)
    place = next(one for one in home.catalogue.repositories() if one.code == code)
    return home, place, Said(home.archive.world.new_identifier(), by or home.archive.operator, reason.strip())


def _named(home: Home, after: Fonds) -> Result:
    home.follow()
    said = message(
        "全宗 {number} 现名为 {name}（{creator}）",
        "the fonds {number} is {name} now ({creator})",
        number=after.number,
        name=after.name,
        creator=after.creator or "—",
    )
    return Result({"fonds": as_data(_FIELDS, after)}, lines=(said,))
