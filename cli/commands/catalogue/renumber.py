"""The command that gives units other codes: one, or a whole fonds by a sheet."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, IdentifierError, RefusedError, UsageProblem
from archives.findings import Finding
from archives.message import Message, message
from archives.record.identifiers import ArchivalCode
from archives.record.marked import marking_in_code
from cli.commands.catalogue.units import repository_of_unit
from cli.commands.record.rendering import finding_lines
from cli.commands.shared import WRITES, DryRun, InRepository
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from ingest.cataloguing.renumbering import RENUMBERING_HEADINGS, read_renumbering
from ingest.sheets.remarks import require_kind
from ingest.sheets.table import read_sheet
from preservation.actions.describe import named_repository
from preservation.actions.units.describing import Said
from preservation.actions.units.renumbering import carry_out, renumber_one, was_carried_out
from preservation.actions.units.renumbering_plan import (
    Asked,
    Move,
    Parse,
    RenumberingPlan,
    plan_renumbering,
    renumbering_number,
)

_FIELDS: tuple[Field[Move], ...] = (
    Field("row", message("行", "row"), lambda one: one.asked.row if one.asked else None, lambda one: _row(one)),
    Field("level", message("层次", "level"), lambda one: one.unit.level.value, lambda one: one.unit.level.label),
    Field("former_code", message("原档号", "old code"), lambda one: one.unit.description.code.written),
    Field("archival_code", message("新档号", "new code"), lambda one: one.code.written),
    Field("unit_id", None, lambda one: one.unit.unit_id),
)
_MOST_SHOWN = 200


@command(
    example='jinkui renumber J019-WS·2014·Y·BGS-0101 J019-WS·2014·Y·BGS-0201 --reason "filed twice"',
    exits=(*WRITES, RefusedError, IdentifierError, FormatError, FINDINGS),
)
def renumber(
    call: Call,
    *,
    old: Annotated[str | None, Argument(message("现在的档号", "its code now"))] = None,
    new: Annotated[str | None, Argument(message("新的档号", "its new code"))] = None,
    sheet: Annotated[
        Path | None,
        Option(message("改号表：原档号、新档号两列，可以对调", "a sheet: old code, new code; swaps are allowed")),
    ] = None,
    reason: Annotated[str, Option(message("理由", "why"))] = "",
    again: Annotated[
        bool, Option(message("同一张表已办过，再办一次", "the same sheet was carried out before: do it once more"))
    ] = False,
    dry_run: DryRun = False,
    repository: InRepository = None,
) -> Result:
    """Give other archival codes: to one record or volume, or by a sheet to a whole fonds at once; every old code finds it."""
    home = home_of(call)
    if (sheet is None) is (old is None or new is None) or (sheet is not None and (old, new) != (None, None)):
        said = message(
            "写原档号和新档号，或用 --sheet 给一张表", "give the old and the new code, or a sheet with --sheet"
        )
        raise UsageProblem(said, subject="renumber")
    if sheet is not None:
        return _by_sheet(home, sheet, repository, reason, again=again, dry_run=dry_run)
    assert old is not None and new is not None
    return _one(home, old, new, repository, reason, dry_run=dry_run)


def _judging(parse: Parse) -> Parse:
    """Return what reads a code by the rule of its repository and refuses one of which a part is a marking of state secrets."""

    def read(code: str) -> ArchivalCode:
        if level := marking_in_code(code):
            raise RefusedError(
                message(
                    "新档号 {code} 中的“{level}”是国家秘密的标志，未改号",
                    "the new code {code} says “{level}”, which is a marking of state secrets; nothing was renumbered",
                    code=code,
                    level=level.value,
                ),
                subject=code,
                advice=message(
                    "档号是公开的，请另取一个不含密级的档号",
                    "codes are public: choose one that says no level of secrecy",
                ),
            )
        return parse(code)

    return read


def _one(home: Home, old: str, new: str, repository: str | None, reason: str, *, dry_run: bool) -> Result:
    place, unit = repository_of_unit(home, old, repository)
    old = unit.description.code.written
    if dry_run:
        asked = [Asked(old, new, unit.unit_id)]
        plan = plan_renumbering(home.catalogue, place.code.value, asked, parse=_judging(place.codes.parse), number="")
        return _told(plan, plan.findings, _would(len(plan.moves)))
    plan = renumber_one(
        home.archive, place, old, new, reason=reason, parse=_judging(place.codes.parse), unit_id=unit.unit_id
    )
    home.follow()
    first = plan.moves[0]
    said = message(
        "{old} 已改号为 {new}，{n} 个下级单元随之改号；原有的档号都能找到",
        "{old} is now {new}, and {n} {n:unit|units} below it follow; every code that they had finds them",
        old=first.unit.description.code.written,
        new=first.code.written,
        n=len(plan.moves) - 1,
    )
    data = {
        "former_code": first.unit.description.code.written,
        "archival_code": first.code.written,
        "package_id": first.unit.unit_id,
        "revision": first.unit.revision + 1,
    }
    told = _told(plan, plan.findings, said)
    return Result(
        {**told.data, **data}, told.tables if len(plan.moves) > 1 else (), told.lines, exit_code=told.exit_code
    )


def _by_sheet(home: Home, path: Path, repository: str | None, reason: str, *, again: bool, dry_run: bool) -> Result:
    code = named_repository(home.archive, repository)
    place = next(one for one in home.catalogue.repositories() if one.code == code)
    table = read_sheet(path, RENUMBERING_HEADINGS, required=(), reader=home.sheet_reader(path.parent))
    require_kind(table.name, table.headings.values(), RENUMBERING_HEADINGS)
    asked, read = read_renumbering(table)
    if not dry_run:
        home.begin_writing()
    number = renumbering_number(code.value, asked)
    if was_carried_out(home.archive, number):
        if not again:
            return _done_before(number)
        number = home.archive.world.new_identifier()
    plan = plan_renumbering(home.catalogue, code.value, asked, parse=_judging(place.codes.parse), number=number)
    findings = (
        *read,
        *(one.at(file=table.name, row=one.row, cell=one.cell) if one.row else one for one in plan.findings),
    )
    if not plan.may_go or any(one.severity == "error" for one in read):
        return _told(
            replace(plan, moves=()),
            findings,
            message(
                "有错误，一个档号也未改；改正后再运行",
                "there are errors: no code was changed; mend them and run it again",
            ),
        )
    if dry_run or not plan.moves:
        return _told(plan, findings, _would(len(plan.moves)))
    carry_out(home.archive, place, plan, Said(number, home.operator, reason), sheet=table.name)
    home.follow()
    done = message(
        "{n} 个单元已同时改号，原有的档号都能找到",
        "{n} {n:unit|units} {n:has|have} their new codes; every code that they had finds them",
        n=len(plan.moves),
    )
    return _told(plan, findings, done)


def _told(plan: RenumberingPlan, findings: tuple[Finding, ...], said: Message) -> Result:
    _, data = listing(message("改号", "renumbered"), _FIELDS, plan.moves)
    table, _ = listing(message("改号", "renumbered"), _FIELDS, plan.moves[:_MOST_SHOWN])
    more = len(plan.moves) - _MOST_SHOWN
    lines = (
        (said, message("另有 {n} 个未列出（--json 有全部）", "{n} more are not listed here (--json has all)", n=more))
        if more > 0
        else (said,)
    )
    answer = {
        "number": plan.number,
        "renumbered": len(plan.moves),
        "unchanged": plan.unchanged,
        "codes": data,
        "findings": findings,
    }
    exit_code = FINDINGS.code if any(one.severity != "note" for one in findings) else 0
    return Result(answer, (table,) if plan.moves else (), (*lines, *finding_lines(findings)), exit_code=exit_code)


def _done_before(number: str) -> Result:
    said = message(
        "这张表已经办过（{number}），未再改动；确要再办一次，请加 --again",
        "this sheet was carried out already ({number}): nothing was changed; to do it once more add --again",
        number=number,
    )
    return Result({"number": number, "renumbered": 0, "unchanged": 0, "codes": [], "findings": []}, lines=(said,))


def _would(number: int) -> Message:
    return message("将给 {n} 个单元改号", "{n} {n:unit|units} would get other codes", n=number)


def _row(move: Move) -> str | Message:
    return str(move.asked.row or "") if move.asked else message("随上级", "follows")
