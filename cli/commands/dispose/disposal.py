"""Commands of disposal (鉴定销毁): plan, approve, run; two registered people approve, two others watch."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, RefusedError, SearchError, ToolError, UsageProblem
from archives.message import Message, joined, message
from archives.record.holding import Holding
from archives.record.rights import term
from cli import wiring
from cli.commands.audit.audit import verdict_data, verdict_table
from cli.commands.dispose.done_before import told_done_before
from cli.commands.person.passphrase import passphrase_of
from cli.commands.shared import NOT_CONFIRMED, WRITES, DryRun, InRepository, Yes
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from cli.home.indexes import follow_wholly
from cli.upkeep.names import names_of
from ingest.leaving.destruction_register import pack_register
from preservation.actions.disposal import dispose
from preservation.actions.disposal.mistakes import left_of_batch, propose_removal
from preservation.actions.disposal.propose import Going, Proposal, Staying, propose
from preservation.disposal.plan import Obstacle, PlannedDisposal
from preservation.handouts.fonts import NO_FONT

PlanFile = Annotated[Path, Argument(message("销毁计划文件", "file of the plan"))]
By = Annotated[str, Option(message("人员标识（见 jinkui person list）", "a registered person (jinkui person list)"))]

_PROPOSED: tuple[Field[Going], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one.planned.archival_code),
    Field("what", message("类型", "what"), lambda one: one.what.en, lambda one: one.what),
    Field("", message("题名", "title"), lambda one: one.planned.title),
    Field(
        "", message("保管期限", "retention"), lambda one: one.planned.retention, lambda one: term(one.planned.retention)
    ),
    Field("items", message("件数", "items"), lambda one: one.items, lambda one: one.items or ""),
    Field("files", message("文件数", "files"), lambda one: one.planned.files, lambda one: one.planned.files or ""),
    Field("version", message("版本", "version"), lambda one: one.planned.version),
    Field("public", message("公众可见", "public"), lambda one: one.is_public, lambda one: _yes(one.is_public)),
    Field("described", None, lambda one: one.described),
    Field("package_id", None, lambda one: one.planned.package_id),
)
_EXCLUDED: tuple[Field[tuple[Holding, Obstacle]], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one[0].description.code.written),
    Field("reason", message("理由", "why"), lambda one: one[1].value, lambda one: one[1].said),
    Field("package_id", None, lambda one: one[0].package_id.value),
)
_STAYING: tuple[Field[Staying], ...] = (
    Field("archival_code", message("档号", "code"), lambda one: one.archival_code),
    Field("why", message("理由", "why"), lambda one: one.why),
    Field("package_id", None, lambda one: one.package_id),
)

_PLANNED: tuple[Field[PlannedDisposal], ...] = (
    Field("", message("档号", "archival code"), lambda one: one.archival_code),
    Field("", message("题名", "title"), lambda one: one.title),
    Field("", message("版本", "version"), lambda one: one.version),
)


@dataclass(frozen=True, slots=True)
class _Words:
    """What is asked and said of a plan that is carried out, in both languages."""

    question: tuple[str, str]
    would: tuple[str, str]
    done: tuple[str, str]


_DESTROYED = _Words(
    ("销毁 {n} 件，不可恢复。继续？[y/N]", "destroy {n} {n:record|records} for good? [y/N]"),
    ("将销毁 {n} 件", "{n} {n:record|records} would be destroyed"),
    ("已销毁 {n} 件，清册：{files}", "destroyed {n} {n:record|records}; the register: {files}"),
)
_REMOVED = _Words(
    (
        "移除误接收的 {n} 个信息包，不可恢复。继续？[y/N]",
        "remove {n} {n:package|packages} for good, taken in by mistake? [y/N]",
    ),
    ("将移除 {n} 个信息包", "{n} {n:package|packages} would be removed"),
    ("已移除 {n} 个信息包，清册：{files}", "removed {n} {n:package|packages}; the register: {files}"),
)


@command(
    example='jinkui dispose plan --by wang --out plan.json --mistake "not ours" --batch 2026-03',
    exits=(*WRITES, RefusedError),
)
def plan(
    call: Call,
    *,
    by: Annotated[
        str | None, Option(message("人员标识（见 jinkui person list）", "a registered person (jinkui person list)"))
    ] = None,
    out: Annotated[Path | None, Option(message("计划写到哪个文件", "file the plan is written to"))] = None,
    code: Annotated[
        tuple[str, ...],
        Option(message("只列这些档号或接收包（可多次）", "only these records or submissions (may be repeated)")),
    ] = (),
    opinion: Annotated[str, Option(message("鉴定意见", "opinion of the appraisal"))] = "",
    due_on: Annotated[
        date | None, Option(message("到哪一天期满（默认今天）", "whose period has run out on this day (today)"))
    ] = None,
    mistake: Annotated[
        str | None,
        Option(
            message(
                "移除误接收的档案，写明原因（不论保管期限；冻结的除外）",
                "remove what was taken in by mistake, and why (retention does not count, holds do)",
            )
        ),
    ] = None,
    batch: Annotated[
        str | None,
        Option(
            message(
                "误接收的整个批次：批次号、BATCH-… 或文件夹名",
                "the whole batch taken in by mistake: its number, BATCH-… or the name of its folder",
            )
        ),
    ] = None,
    repository: InRepository = None,
    dry_run: DryRun = False,
) -> Result:
    """Propose what is to go: what was named, all whose retention period has run out, or what came in by mistake."""
    if mistake is None and batch is not None:
        raise UsageProblem(message("--batch 须与 --mistake 同用", "--batch goes with --mistake"), subject="--batch")
    if not dry_run and (by is None or out is None):
        raise UsageProblem(
            message("须写明 --by 和 --out；只看一看，用 --dry-run", "give --by and --out, or look with --dry-run"),
            subject="--out" if by else "--by",
        )
    archive = home_of(call).archive
    place = None if dry_run else out
    if mistake is None:
        day = due_on or wiring.today()
        made = propose(archive, by=by or "", codes=code, opinion=opinion, day=day, repository=repository, out=place)
    else:
        made = propose_removal(
            archive, by=by or "", codes=code, batch=batch, mistake=mistake, repository=repository, out=place
        )
    return _told(made, place)


def _told(made: Proposal, out: Path | None) -> Result:
    """Return what is proposed and what stays; without a file nothing was written."""
    plan = made.plan
    proposed, records = listing(message("拟移除", "proposed"), _PROPOSED, made.going if plan else ())
    left_out, excluded = listing(message("不可移除", "left out"), _EXCLUDED, made.excluded)
    others, staying = listing(message("另有不移除的", "what else stays"), _STAYING, made.staying)
    lines = [message("拟移除 {n} 个信息包", "{n} {n:package|packages} {n:is|are} proposed", n=len(records))]
    lines += _about_units(made) if plan else ()
    if plan and out:
        lines.append(
            message(
                "计划：{path}，SHA-256 {digest}；下一步：两人各运行 jinkui dispose approve {path}",
                "the plan: {path}, SHA-256 {digest}; next: two people run jinkui dispose approve {path}",
                path=str(out),
                digest=plan.sha256,
            )
        )
    elif plan:
        lines.append(message("没有写入任何内容", "nothing was written"))
    else:
        lines.append(message("没有可移除的，没有写计划", "nothing may go, and no plan was written"))
    data = {
        "plan_id": plan.plan_id if plan and out else None,
        "plan_sha256": plan.sha256 if plan and out else None,
        "batch": plan.batch if plan else "",
        "records": records,
        "excluded": excluded,
        "staying": staying,
    }
    return Result(data, tuple(table for table in (proposed, left_out, others) if table.rows), tuple(lines))


def _about_units(made: Proposal) -> Iterator[Message]:
    """Yield what becomes of what is said of the units, and of what the public sees."""
    if public := sum(one.is_public for one in made.going):
        yield message(
            "其中 {n} 个公众现在仍可见，执行时才撤回；立即封闭：jinkui opening withdraw CODE --reason WHY",
            "{n} of them {n:is|are} still public until the plan is carried out; close now: jinkui opening withdraw CODE --reason WHY",
            n=public,
        )
    if described := sum(one.described for one in made.going):
        yield message(
            "{n} 个单元在接收之前已有著录，著录留在目录中，没有内容",
            "{n} {n:unit|units} {n:was|were} described before: their descriptions stay in the catalogue, without content",
            n=described,
        )


def _yes(is_so: bool) -> Message:
    return message("是", "yes") if is_so else message("", "")


@command(
    example="jinkui dispose approve plan.json --by li --key-file li.pem",
    exits=(*WRITES, RefusedError, FormatError),
)
def approve(
    call: Call,
    *,
    plan: PlanFile,
    by: By,
    key_file: Annotated[Path | None, Option(message("私钥文件", "file of the private key"))] = None,
    passphrase_file: Annotated[
        str | None, Option(message("口令文件，- 为标准输入", "file with the passphrase, - for the input"))
    ] = None,
) -> Result:
    """Sign a plan as a registered person who did not plan it."""
    archive = home_of(call).archive
    approver = dispose.choose_approver(archive, plan, by=by)
    key_file = key_file or dispose.usual_key(archive, approver.person)
    secret = passphrase_of(call.output, passphrase_file, key_file)
    dispose.approve(archive, approver, key_file=key_file, passphrase=secret)
    number = approver.given + 1
    said = message(
        "{name} 已批准，共 {n} 人批准", "{name} approved; {n} people have", name=approver.person.name, n=number
    )
    return Result({"plan_id": approver.plan.plan_id, "approvals": number}, lines=(said,))


@command(
    example="jinkui dispose run plan.json --supervisor Qian --supervisor Sun --out register",
    exits=(*WRITES, RefusedError, FormatError, ToolError, SearchError, FINDINGS),
)
def run(
    call: Call,
    *,
    plan: PlanFile,
    out: Annotated[Path, Option(message("清册写到哪个文件夹", "folder of the register"))],
    supervisor: Annotated[tuple[str, ...], Option(message("监销人（写两位）", "who watches (name two)"))] = (),
    dry_run: DryRun = False,
    yes: Yes = False,
) -> Result:
    """Carry an approved plan out: verify every copy, remove it everywhere, write the register of destruction."""
    home = home_of(call)
    ready = dispose.prepare(home.archive, plan, supervisors=supervisor)
    data: dict[str, object] = {"plan_id": ready.plan.plan_id, "disposed": []}
    if ready.problems:
        names = names_of(home, [one.package_id for one in ready.problems])
        data["copies"] = [verdict_data(one, names) for one in ready.problems]
        return Result(data, (verdict_table(ready.problems, names),), (dispose.NOT_WHOLE,), exit_code=FINDINGS.code)
    if done_at := dispose.done_before(home.archive, ready.plan):
        follow_wholly(home)
        return told_done_before(ready.plan, done_at)
    words = _REMOVED if ready.plan.mistake else _DESTROYED
    number = len(ready.plan.records)
    if dry_run or not (yes or call.output.confirm(message(*words.question, n=number))):
        table, _ = listing(message("计划所列", "what the plan names"), _PLANNED, ready.plan.records)
        data["would_dispose"] = [record.archival_code for record in ready.plan.records]
        would = message(*words.would, n=number)
        if dry_run:
            return Result(data, (table,), (would,))
        return Result({**data, "refused": NOT_CONFIRMED}, (table,), (would, NOT_CONFIRMED), RefusedError.exit_code)
    pack, close = partial(pack_register, home.archive), partial(_close, home)
    done = dispose.carry_out(home.archive, ready, out=out, pack=pack, close=close)
    follow_wholly(home)
    return _ran(done, left_of_batch(home.archive, done.plan.batch) if done.plan.batch else ())


def _close(home: Home, unit_ids: Collection[str]) -> None:
    """Take back what the public sees of units that the journal closed; raises what is in the way, and nothing is removed."""
    for trouble in home.follow().troubles:
        if trouble.package_id in unit_ids:
            raise trouble.failure


def _ran(done: dispose.Disposed, left: tuple[Staying, ...]) -> Result:
    files = [str(path) for path in done.files]
    words = _REMOVED if done.plan.mistake else _DESTROYED
    said = message(*words.done, n=len(done.archival_codes), files=joined(files))
    data: dict[str, object] = {
        "plan_id": done.plan.plan_id,
        "disposed": done.archival_codes,
        "already_disposed": len(done.plan.records) - len(done.archival_codes),
        "register": files,
    }
    others, data["staying"] = listing(message("此批次未移除的", "what stays of the batch"), _STAYING, left)
    stay = message(
        "此批次另有 {n} 个未移除，理由见表",
        "{n} of the batch {n:stays|stay}, for the reasons in the table",
        n=len(left),
    )
    lines = [said, *([stay] if left else [])]
    without_page = not any(path.suffix == ".pdf" for path in done.files)
    return Result(
        data,
        (others,) if left else (),
        lines=(*lines, NO_FONT) if without_page else tuple(lines),
        exit_code=ToolError.exit_code if without_page else 0,
    )
