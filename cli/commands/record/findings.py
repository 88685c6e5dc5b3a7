"""Commands of findings: what was found wrong with what came in, until somebody settles it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from archives.advice import ADVICE, advice_on
from archives.errors import NotFoundError, UsageProblem
from archives.message import Message, message
from archives.record.identifiers import PackageId
from cli.commands.record.rendering import the_record
from cli.commands.shared import LOOKS, WRITES, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, as_data, listing, local_time
from cli.frame.output import Result, Table
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from preservation.actions.disposal.batches import number_named
from preservation.actions.disposal.gone import removal_of
from preservation.actions.overview.batches import TABLES_PREFIX
from preservation.actions.settling.by_person import settle_findings
from preservation.actions.settling.mended import mended_by_version
from preservation.actions.settling.reasons import told_reason
from preservation.catalogue.findings import KeptFinding, Wanted

Record = Annotated[
    str | None, Option(message("只看这件档案（档号）", "of this record only (archival code, or REPOSITORY:CODE)"))
]
Batch = Annotated[
    str | None,
    Option(
        message(
            "只看这个批次或导入（编号或其开头、BATCH-…、文件夹名）",
            "of this batch or import only (its number or its beginning, BATCH-…, its folder's name)",
        )
    ),
]
Kind = Annotated[str | None, Option(message("只看这一种（问题代码）", "of this kind only (the code of the finding)"))]
Identifiers = Annotated[tuple[str, ...], Argument(message("问题编号", "identifiers of findings"))]

_FIELDS: tuple[Field[KeptFinding], ...] = (
    Field("id", message("编号", "id"), lambda one: one.identifier),
    Field("repository", None, lambda one: one.repository),
    Field(
        "archival_code",
        message("对象", "about"),
        lambda one: one.archival_code or None,
        lambda one: one.archival_code or message("批次 {id}", "batch {id}", id=one.batch_id),
    ),
    Field("title", message("题名", "title"), lambda one: one.title or None),
    Field("batch_id", None, lambda one: one.batch_id),
    Field("code", message("代码", "code"), lambda one: one.finding.code),
    Field("severity", None, lambda one: one.finding.severity.value),
    Field("file", message("文件", "file"), lambda one: one.finding.file),
    Field("row", message("行", "row"), lambda one: one.finding.row),
    Field("cell", message("单元格", "cell"), lambda one: one.finding.cell),
    Field("message", message("发现", "finding"), lambda one: one.finding.message),
    Field("advice", message("办法", "what to do"), lambda one: advice_on(one.finding)),
    Field(
        "settled",
        message("状态", "state"),
        lambda one: _settled_data(one),
        lambda one: _state(one),
    ),
)
_OF_ONE = tuple(field for field in _FIELDS if field.key not in ("archival_code", "title"))


@command(example="jinkui findings list --batch d5a05743d95709c6c57ba9ab --report findings.xlsx", exits=LOOKS)
def list_found(
    call: Call,
    *,
    record: Record = None,
    batch: Batch = None,
    kind: Kind = None,
    settled: Annotated[bool, Option(message("已了结的也列出", "the settled ones, too"))] = False,
    repository: InRepository = None,
) -> Result:
    """List the findings of intake that nobody settled, of a record, a batch or a kind."""
    home = home_of(call)
    wanted = _wanted(home, record, batch, kind, repository)
    found = home.catalogue.findings.of(wanted)
    if settled:
        found += tuple(mended_by_version(home.archive, wanted))
    if not found:
        _require_known(home, kind)
    shown = [one for one in found if (settled or one.settlement is None) and repository in (None, one.repository)]
    table, data = listing(message("发现的问题", "findings"), _FIELDS, shown)
    said = message("{n} 个问题", "{n} {n:finding|findings}", n=len(shown))
    return Result({"findings": data}, (table,) if shown else (), (said,))


@command(example="jinkui findings show 3f2a71c80b4d", exits=LOOKS)
def show_found(
    call: Call, *, finding: Annotated[str, Argument(message("问题编号", "identifier of the finding"))]
) -> Result:
    """Show a finding: what it is about, where it is, what it says, who settled it."""
    home, wanted = home_of(call), Wanted(identifiers=(finding,))
    found = home.catalogue.findings.of(wanted) or tuple(mended_by_version(home.archive, wanted))
    if not found:
        raise NotFoundError(
            message("没有问题 {id}", "there is no finding {id}", id=finding),
            subject=finding,
            advice=message(
                "用 jinkui findings list --settled 列出；后来的版本已无的，加 --record 或 --batch",
                "jinkui findings list --settled lists them; with --record or --batch also those that a later version has no more",
            ),
        )
    table = Table(
        message("问题 {id}", "finding {id}", id=finding),
        (message("项目", "element"), message("内容", "value")),
        tuple((field.heading, field.cell(found[0])) for field in _FIELDS if field.heading and field.cell(found[0])),
    )
    return Result(as_data(_FIELDS, found[0]), (table,))


@command(
    example='jinkui findings settle 3f2a71c80b4d --reason "the page is blank on paper, too" --by 王敏', exits=WRITES
)
def settle(
    call: Call,
    *,
    findings: Identifiers = (),
    record: Record = None,
    batch: Batch = None,
    kind: Kind = None,
    reason: Annotated[str, Option(message("理由", "why"))],
    by: Annotated[
        str | None, Option(message("由谁了结（默认为操作人）", "who settles them (default: the operator)"))
    ] = None,
    repository: InRepository = None,
) -> Result:
    """Settle findings: by identifier, or all of a record, a batch or a kind."""
    if not (findings or record or batch or kind):
        raise UsageProblem(
            message(
                "请写明问题编号，或用 --record、--batch、--kind 选定",
                "name findings, or choose them with --record, --batch or --kind",
            ),
            subject="findings settle",
        )
    if not reason.strip():
        raise UsageProblem(message("请用 --reason 写明理由", "say why with --reason"), subject="--reason")
    home = home_of(call)
    wanted = _wanted(home, record, batch, kind, repository, findings)
    chosen = settle_findings(home.archive, wanted, reason=reason, settled_by=by or home.archive.operator)
    done = [one for one in chosen if one.settlement is None]
    said = [message("已了结 {n} 个问题", "{n} {n:finding|findings} {n:is|are} settled", n=len(done))]
    said += (
        message("{id} 此前{state}", "{id} was before: {state}", id=one.identifier, state=_state(one))
        for one in chosen
        if findings and one.settlement
    )
    return Result({"settled": [one.identifier for one in done], "reason": reason}, lines=tuple(said))


def findings_of(home: Home, package_id: PackageId) -> tuple[tuple[Table, ...], list[dict[str, object]]]:
    """Return the findings about a package, settled ones too, as tables (none where there is none) and as JSON."""
    found = home.catalogue.findings.of(Wanted(package_id=package_id.value))
    table, data = listing(message("发现的问题", "findings"), _OF_ONE, found)
    return ((table,) if found else ()), data


def _number_of(home: Home, batch: str) -> str:
    """Return the number of a batch or import that somebody names; raises ``NotFoundError``, also for one that was removed."""
    if gone := removal_of(home.archive, batch.removeprefix(TABLES_PREFIX)):
        advice = message(
            "它的问题随之移除；经过见 jinkui explain BATCH-{id}",
            "its findings left with it; jinkui explain BATCH-{id} tells what happened",
            id=batch.removeprefix(TABLES_PREFIX),
        )
        raise NotFoundError(gone, subject=batch, advice=advice)
    return number_named(home.archive, batch)


def _require_known(home: Home, kind: str | None) -> None:
    """Raise ``NotFoundError`` when no finding is of such a kind."""
    if kind and kind not in ADVICE and not home.catalogue.findings.of(Wanted(kind=kind)):
        raise NotFoundError(
            message("没有这一种问题：{kind}", "there is no kind of finding {kind}", kind=kind),
            subject=kind,
            advice=message(
                "问题代码见 jinkui findings list 的“代码”一栏",
                "the column code of jinkui findings list has the kinds",
            ),
        )


def _wanted(
    home: Home,
    record: str | None,
    batch: str | None,
    kind: str | None,
    repository: str | None,
    identifiers: tuple[str, ...] = (),
) -> Wanted:
    chosen = Wanted("", _number_of(home, batch) if batch else "", kind or "", identifiers)
    if not record:
        return chosen
    try:
        return replace(chosen, package_id=the_record(home, record, repository).package_id.value)
    except NotFoundError:
        rejected = replace(chosen, about=record.rpartition(":")[2])
        if home.catalogue.findings.of(rejected):
            return rejected
        raise


def _state(one: KeptFinding) -> Message:
    if one.settlement is None:
        return message("未了结", "open")
    return message(
        "已由 {who} 于 {when} 了结：{why}",
        "settled by {who} at {when}: {why}",
        who=one.settlement.settled_by,
        when=local_time(one.settlement.at),
        why=told_reason(one.settlement.reason),
    )


def _settled_data(one: KeptFinding) -> Mapping[str, str] | None:
    if one.settlement is None:
        return None
    return {"at": one.settlement.at.isoformat(), "by": one.settlement.settled_by, "reason": one.settlement.reason}
