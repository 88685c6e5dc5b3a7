"""Commands of disposal (鉴定销毁): plan, approve, run; two registered people approve, two others watch."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, RefusedError, ToolError, UsageProblem
from archives.message import message
from archives.record.holding import Holding
from cli import wiring
from cli.commands.audit.audit import verdict_data, verdict_table
from cli.commands.person.passphrase import passphrase_of
from cli.commands.shared import WRITES, DryRun, InRepository, Yes
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import home_of
from cli.upkeep.names import names_of
from ingest.leaving.destruction_register import pack_register
from preservation.actions.disposal import dispose
from preservation.actions.disposal.propose import propose, propose_removal
from preservation.disposal.plan import Obstacle, PlannedDisposal
from preservation.handouts.fonts import NO_FONT

PlanFile = Annotated[Path, Argument(message("销毁计划文件", "file of the plan"))]
By = Annotated[str, Option(message("人员标识（见 jinkui person list）", "a registered person (jinkui person list)"))]

_PROPOSED: tuple[Field[PlannedDisposal], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one.archival_code),
    Field("", message("题名", "title"), lambda one: one.title),
    Field("", message("保管期限", "retention"), lambda one: one.retention),
    Field("package_id", None, lambda one: one.package_id),
)
_EXCLUDED: tuple[Field[tuple[Holding, Obstacle]], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one[0].description.code.written),
    Field("reason", message("理由", "why"), lambda one: one[1].value, lambda one: one[1].said),
)


@command(
    example='jinkui dispose plan --by wang --out plan.json --opinion "no further use"',
    exits=(*WRITES, RefusedError),
)
def plan(
    call: Call,
    *,
    by: By,
    out: Annotated[Path, Option(message("计划写到哪个文件", "file the plan is written to"))],
    code: Annotated[
        tuple[str, ...], Option(message("只列这些档号（可多次）", "only these records (may be repeated)"))
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
    batch: Annotated[str | None, Option(message("误接收的整个批次", "the whole batch taken in by mistake"))] = None,
    repository: InRepository = None,
) -> Result:
    """Propose what is to go: what was named, all whose retention period has run out, or what came in by mistake."""
    archive = home_of(call).archive
    if mistake is None and batch is not None:
        raise UsageProblem(message("--batch 须与 --mistake 同用", "--batch goes with --mistake"), subject="--batch")
    if mistake is None:
        day = due_on or wiring.today()
        made = propose(archive, by=by, codes=code, opinion=opinion, day=day, repository=repository, out=out)
    else:
        made = propose_removal(
            archive, by=by, codes=code, batch_id=batch, mistake=mistake, repository=repository, out=out
        )
    proposed, records = listing(message("拟销毁", "proposed"), _PROPOSED, made.plan.records if made.plan else ())
    left_out, excluded = listing(message("不可销毁", "left out"), _EXCLUDED, made.excluded)
    lines = [message("拟销毁 {n} 件", "{n} records are proposed", n=len(records))]
    if made.plan:
        lines.append(
            message(
                "计划：{path}，SHA-256 {digest}",
                "the plan: {path}, SHA-256 {digest}",
                path=str(out),
                digest=made.plan.sha256,
            )
        )
    data = {
        "plan_id": made.plan.plan_id if made.plan else None,
        "plan_sha256": made.plan.sha256 if made.plan else None,
        "records": records,
        "excluded": excluded,
    }
    return Result(data, tuple(table for table in (proposed, left_out) if table.rows), tuple(lines))


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
    exits=(*WRITES, RefusedError, FormatError, ToolError, FINDINGS),
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
    number = len(ready.plan.records)
    question = message("销毁 {n} 件，不可恢复。继续？[y/N]", "destroy {n} records for good? [y/N]", n=number)
    if dry_run or not (yes or call.output.confirm(question)):
        said = message("将销毁 {n} 件", "{n} records would be destroyed", n=number)
        data["would_dispose"] = [record.archival_code for record in ready.plan.records]
        return Result(data, lines=(said,), exit_code=0 if dry_run else RefusedError.exit_code)
    done = dispose.carry_out(home.archive, ready, out=out, pack=partial(pack_register, home.archive))
    home.follow()
    return _ran(done)


def _ran(done: dispose.Disposed) -> Result:
    files = [str(path) for path in done.files]
    said = message(
        "已销毁 {n} 件，清册：{files}",
        "destroyed {n} records; the register: {files}",
        n=len(done.archival_codes),
        files="、".join(files),
    )
    data = {
        "plan_id": done.plan.plan_id,
        "disposed": done.archival_codes,
        "already_disposed": len(done.plan.records) - len(done.archival_codes),
        "register": files,
    }
    without_page = not any(path.suffix == ".pdf" for path in done.files)
    return Result(
        data,
        lines=(said, NO_FONT) if without_page else (said,),
        exit_code=ToolError.exit_code if without_page else 0,
    )
