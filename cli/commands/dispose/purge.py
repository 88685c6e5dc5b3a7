"""Commands of purges: the data of units planned to go and destroyed, in every package, store and index that has some."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, RefusedError, SearchError, UsageProblem
from archives.journal.facts import PackageStored
from archives.message import Message, message
from archives.record.record import PackageKind
from archives.units.unit import Unit
from cli.commands.catalogue.units import unit_named
from cli.commands.dispose.disposal import By, PlanFile
from cli.commands.record.rendering import finding_lines
from cli.commands.shared import NOT_CONFIRMED, WRITES, DryRun, InRepository, Yes
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import Home, home_of
from cli.home.indexes import follow_wholly
from ingest.cataloguing.corrections import CORRECTION_HEADINGS
from ingest.cataloguing.meant import UNIT_ID
from ingest.leaving.other_tables import other_tables
from ingest.leaving.succession import refound, staying
from ingest.sheets.decisions import BESIDE
from ingest.sheets.remarks import require_kind, unheeded
from ingest.sheets.table import Sheet, read_sheet
from preservation.actions.purging.carry_out import carry_out_purge
from preservation.actions.purging.prepare import prepare_purge
from preservation.actions.purging.propose import propose_purge

_UNITS: tuple[Field[Unit], ...] = (
    Field("unit_id", None, lambda one: one.unit_id),
    Field("code", message("档号", "code"), lambda one: one.description.code.written),
    Field("title", message("题名", "title"), lambda one: one.description.title),
)
_KINDS = {
    PackageKind.DESCRIPTION: message("著录包，重写", "rows, written anew without it"),
    PackageKind.SUBMISSION: message("随批次接收的表格，移除", "tables that came with a batch, removed"),
    PackageKind.RECORD: message("案卷，去除此件后重立", "volume, packaged anew without it"),
}
_WHOLE = message("档案，整个移除", "record, removed whole")
_PACKAGES: tuple[Field[tuple[PackageStored, bool]], ...] = (
    Field("package_id", None, lambda one: one[0].package_id),
    Field("code", message("名称", "name"), lambda one: one[0].archival_code),
    Field(
        "fate",
        message("处理", "what happens"),
        lambda one: "removed" if one[1] else one[0].kind.value,
        lambda one: _WHOLE if one[1] else _KINDS[one[0].kind],
    ),
)


@command(
    example='jinkui purge plan --by wang --sheet 名单.xlsx --reason "data protection request 12" --out purge.json',
    exits=(*WRITES, RefusedError, FormatError, FINDINGS),
)
def plan(
    call: Call,
    *,
    by: By,
    reason: Annotated[
        str, Option(message("理由，永远留在日志里，不写姓名", "why; it stays in the journal for ever: name nobody"))
    ],
    out: Annotated[Path, Option(message("计划写到哪个文件", "file the plan is written to"))],
    code: Annotated[
        tuple[str, ...], Option(message("档号或单元标识（可多次）", "a code, or a unit's identifier (may be repeated)"))
    ] = (),
    sheet: Annotated[
        Path | None, Option(message("有“档号”或“单元标识”列的表格", "a sheet with a column of codes or of unit_id"))
    ] = None,
    table: Annotated[
        tuple[str, ...],
        Option(message("表格一并移除的其他导入号（可多次）", "another import whose tables go, too (may be repeated)")),
    ] = (),
    repository: InRepository = None,
) -> Result:
    """Propose to destroy all that is said of units, and their content, in every package; two others sign the plan."""
    home = home_of(call)
    listed = _sheet(home, sheet)
    named = {unit_named(home, one, repository).unit.unit_id for one in (*code, *_listed(listed))}
    about = tuple(unheeded(listed.findings, BESIDE)) if listed else ()
    if not named:
        raise UsageProblem(message("请写明 --code 或 --sheet", "name --code or --sheet"), subject="--code")
    made = propose_purge(home.archive, by=by, unit_ids=named, reason=reason, out=out, tables=table)
    others = other_tables(home.archive, made.reach, lambda folder: home.children(1, (folder,)))
    beyond = tuple(dict.fromkeys((*others, *staying(home.archive, made.reach), *made.beyond)))
    units, data = listing(message("要清除的", "what is to be purged"), _UNITS, made.reach.units)
    fates = [(one, one.package_id in made.reach.whole) for one in made.reach.packages]
    packages, package_data = listing(message("所在的信息包", "where it lies"), _PACKAGES, fates)
    lines = (
        message(
            "计划：{path}，SHA-256 {digest}",
            "the plan: {path}, SHA-256 {digest}",
            path=str(out),
            digest=made.plan.sha256,
        ),
        *finding_lines(about),
        *made.beside,
        *_told(beyond),
        message(
            "由另外两位登记人员 jinkui dispose approve，再 jinkui purge run",
            "two other registered persons sign it (jinkui dispose approve), then jinkui purge run",
        ),
    )
    answer = {
        "plan_id": made.plan.plan_id,
        "plan_sha256": made.plan.sha256,
        "units": data,
        "packages": package_data,
        "beside": list(made.beside),
        "beyond": list(beyond),
        "findings": about,
    }
    return Result(answer, (units, packages), lines, exit_code=FINDINGS.code if about else 0)


@command(
    example="jinkui purge run purge.json",
    exits=(*WRITES, RefusedError, FormatError, SearchError, FINDINGS),
)
def run(call: Call, *, plan: PlanFile, dry_run: DryRun = False, yes: Yes = False) -> Result:
    """Carry an approved purge out; where it was stopped, running it again finishes it. Tells what it does not reach."""
    home = home_of(call)
    ready = prepare_purge(home.archive, plan)
    number = len(ready.plan.purged)
    question = message(
        "清除 {n} 个单元的全部数据，不可恢复。继续？[y/N]",
        "purge all data of {n} {n:unit|units} for good? [y/N]",
        n=number,
    )
    if dry_run or not (yes or call.output.confirm(question)):
        said = message("将清除 {n} 个单元的数据", "the data of {n} {n:unit|units} would be purged", n=number)
        data = {"plan_id": ready.plan.plan_id, "would_purge": list(ready.plan.purged)}
        if dry_run:
            return Result(data, lines=(said,))
        return Result({**data, "refused": NOT_CONFIRMED}, lines=(said, NOT_CONFIRMED), exit_code=RefusedError.exit_code)

    def progress(removed: int) -> None:
        home.output.progress(message("已移除 {n} 个信息包", "{n} {n:package|packages} removed", n=removed))

    left = tuple(staying(home.archive, ready.reach))  # told again by a run that goes on with one that was stopped
    done = carry_out_purge(home.archive, ready, refound=partial(refound, home.archive), progress=progress)
    follow_wholly(home)
    for index in (
        home.staff_index,
        home.public.index,
    ):  # of a volume some words stay, and the others are only struck out
        index.purge()
    beyond = tuple(dict.fromkeys((*done.beyond, *left)))
    said = message(
        "已清除 {n} 个单元的数据：移除 {old} 个信息包，其中 {new} 个另有不含这些数据的新包",
        "the data of {n} {n:unit|units} are purged: {old} {old:package|packages} removed, {new} of them with a new one without the data",
        n=number,
        old=len(done.plan.records),
        new=done.succeeded,
    )
    answer = {
        "plan_id": done.plan.plan_id,
        "purged": list(done.plan.purged),
        "removed": done.removed,
        "succeeded": done.succeeded,
        "beside": list(done.beside),
        "beyond": list(beyond),
    }
    return Result(answer, lines=(said, *done.beside, *_told(beyond)))


def _sheet(home: Home, path: Path | None) -> Sheet | None:
    if path is None:
        return None
    table = read_sheet(path, CORRECTION_HEADINGS, required=(), reader=home.sheet_reader(path.parent))
    require_kind(table.name, table.headings.values(), CORRECTION_HEADINGS)
    return table


def _listed(table: Sheet | None) -> Iterator[str]:
    """Yield what the rows of a sheet name: the unit's identifier, else its code."""
    if table is None:
        return
    for row in table.rows:
        if named := (row.text(UNIT_ID) if UNIT_ID in table.fields else "") or row.text("code"):
            yield named


def _told(beyond: tuple[Message, ...]) -> Iterator[Message]:
    for one in beyond:
        yield message("不在清除之列：{what}", "not reached: {what}", what=one)
