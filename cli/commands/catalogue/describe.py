"""The command that corrects descriptions by sheet alone."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated

from archives.errors import FormatError, RefusedError, UsageProblem
from archives.message import Message, message
from archives.record.identifiers import RepositoryCode
from archives.units.merging import Conflict, told_person
from archives.units.unit import Unit
from cli import wiring
from cli.commands.record.rendering import finding_lines, settled_lines
from cli.commands.shared import WRITES, DryRun, InRepository, NotSecret, Sheet, judged_places
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import Home, home_of
from ingest.cataloguing.corrections import CORRECTION_HEADINGS, Correction, Corrections, Difference, corrections_of
from ingest.sheets.remarks import require_kind
from ingest.sheets.table import read_sheet
from preservation.actions.describe import named_repository
from preservation.actions.overview.waiting import number_waiting
from preservation.actions.settling.described import settle_corrected
from preservation.actions.units.describing import Said, describe_units
from preservation.actions.units.history import states_at

_FIELDS: tuple[Field[tuple[Correction, Difference]], ...] = (
    Field("row", message("行", "row"), lambda one: one[0].row),
    Field("code", message("档号", "code"), lambda one: one[0].change.unit.description.code.written),
    Field("element", message("著录项", "element"), lambda one: one[1].element),
    Field("before", message("原为", "before"), lambda one: one[1].before),
    Field("after", message("改为", "after"), lambda one: one[1].after),
)

_CONFLICTS: tuple[Field[tuple[int, Unit, Conflict]], ...] = (
    Field("row", message("行", "row"), lambda one: one[0]),
    Field("code", message("档号", "code"), lambda one: one[1].description.code.written),
    Field("element", message("著录项", "element"), lambda one: one[2].since.label),
    Field("exported", message("导出时", "when exported"), lambda one: one[2].since.was),
    Field("now", message("现为", "now"), lambda one: one[2].since.now),
    Field(
        "by", message("何人所改", "by"), lambda one: one[2].since.by.person, lambda one: told_person(one[2].since.by)
    ),
    Field("at", None, lambda one: one[2].since.by.at),
    Field("reason", message("理由", "why"), lambda one: one[2].since.by.reason),
    Field("yours", message("本表", "this sheet"), lambda one: one[2].mine),
    Field("written", message("写入", "written"), lambda one: one[2].is_written, lambda one: _yes(one[2].is_written)),
)


@command(
    example='jinkui describe corrections.xlsx --reason "titles as on the covers"',
    exits=(*WRITES, RefusedError, FormatError, FINDINGS),
)
def describe(
    call: Call,
    *,
    sheet: Sheet,
    reason: Annotated[str, Option(message("更正的理由", "why"))],
    by: Annotated[
        str | None, Option(message("由谁更正（默认为操作人）", "who corrects (default: the operator)"))
    ] = None,
    over_newer: Annotated[
        bool,
        Option(
            message(
                "表中的改动覆盖别人在导出之后的改动",
                "let what the sheet changes be written over what others changed since it was exported",
            )
        ),
    ] = False,
    not_secret: NotSecret = (),
    repository: InRepository = None,
    dry_run: DryRun = False,
) -> Result:
    """Correct descriptions by a sheet: only the columns in it change, and only where a cell says something."""
    if not reason.strip():
        raise UsageProblem(message("请用 --reason 写明理由", "say why with --reason"), subject="--reason")
    home = home_of(call)
    code = named_repository(home.archive, repository)
    table = read_sheet(sheet, CORRECTION_HEADINGS, required=(), reader=home.sheet_reader(sheet.parent))
    require_kind(table.name, table.headings.values(), CORRECTION_HEADINGS)
    language = "zh-Hans" if call.output.language == "zh" else "en"
    answers = judged_places(not_secret)
    found = corrections_of(
        table,
        home.catalogue.units,
        code.value,
        today=wiring.today(),
        language=language,
        not_secret=answers,
        earlier=partial(states_at, home.archive),
        over_newer=over_newer,
    )
    settled = 0
    if found.corrections and not dry_run:
        said = Said(home.archive.world.new_identifier(), by or home.operator, reason)
        settled = _correct(home, code, found.corrections, said)
    said_now = {one.change.unit.unit_id: one.change.unit.description for one in found.corrections}
    return _told(found, settled, number_waiting(home.archive, said_now), dry_run=dry_run)


def _told(found: Corrections, settled: int, waiting: int, *, dry_run: bool) -> Result:
    shown = [(one, difference) for one in found.corrections for difference in one.differences]
    changes, data = listing(_title(dry_run), _FIELDS, shown)
    others, conflicts = listing(message("别人已改过的", "changed by others, too"), _CONFLICTS, found.conflicts)
    number = len(found.corrections)
    done = message("已更正", "{n:is|are} corrected", n=number)
    lines = (
        message(
            "{n} 条著录{done}，{same} 行没有改动",
            "{n} {n:unit|units} {done}, {same} {same:row changes|rows change} nothing",
            n=number,
            done=message("将更正", "would be corrected") if dry_run else done,
            same=found.unchanged,
        ),
        *_wait(waiting, dry_run=dry_run),
        *settled_lines(settled),
        *finding_lines(found.findings),
    )
    answer = {
        "corrected": len(found.corrections),
        "unchanged": found.unchanged,
        "settled": settled,
        "would_wait" if dry_run else "waiting": waiting,
        "changes": data,
        "conflicts": conflicts,
        "findings": found.findings,
    }
    code_of_exit = FINDINGS.code if any(one.severity != "note" for one in found.findings) else 0
    tables = (*((changes,) if shown else ()), *((others,) if conflicts else ()))
    return Result(answer, tables, (*lines, *_next_steps(found)), exit_code=code_of_exit)


def _wait(waiting: int, *, dry_run: bool) -> Iterator[Message]:
    """Yield how many open units are not any more what was reviewed."""
    if waiting and dry_run:
        yield message(
            "其中 {n} 个已开放，更正后待复审，其间公众看不到更正后的内容",
            "{n} of them are open: corrected, they wait for another review, and the public sees nothing of it until then",
            n=waiting,
        )
    elif waiting:
        yield message(
            "其中 {n} 个已开放，现待复审，其间公众看不到更正后的内容：jinkui opening review",
            "{n} of them are open and wait for another review now; the public sees nothing of what was corrected until then: jinkui opening review",
            n=waiting,
        )


def _next_steps(found: Corrections) -> Iterator[Message]:
    if found.unchanged and not found.corrections:
        yield message(
            "空格，以及导出后没有改动、与目录相同的单元格，不起作用：导出多久都不会把旧值写回",
            "cells that are empty, as they were exported, or as the catalogue has them say nothing: they put nothing back",
        )
    if left := sum(not one.is_written for _, _, one in found.conflicts):
        yield message(
            "{n} 处别人已改过，没有写入：重新导出后再改，或确认本表为准后加 --over-newer",
            "{n} {n:cell|cells} that others changed since were left: export again and correct there, or say that this sheet is right: --over-newer",
            n=left,
        )


def _correct(home: Home, code: RepositoryCode, corrections: Sequence[Correction], said: Said) -> int:
    """Write corrections; returns how many findings are settled with them."""
    home.begin_writing()
    place = next(one for one in home.catalogue.repositories() if one.code == code)
    for _ in describe_units(home.archive, place, (one.change for one in corrections), said):
        pass
    changed = [one.change.unit for one in corrections]
    settled = settle_corrected(home.archive, changed, reason=said.reason, settled_by=said.person)
    home.follow()
    return settled


def _yes(is_so: bool) -> Message:
    return message("是", "yes") if is_so else message("否", "no")


def _title(dry_run: bool) -> Message:
    return (
        message("将更正的著录", "what would be corrected") if dry_run else message("更正的著录", "what was corrected")
    )
