"""Commands about batches that were stopped: going on with one, and giving one up."""

from typing import Annotated

from archives.errors import ConflictError, FormatError, NotFoundError, RefusedError, ToolError, UsageProblem
from archives.message import message
from cli.commands.batch.batches import Named, is_remembered, options_of, source_of, what_stays
from cli.commands.record.ingest import foreseen, plan_of, take_in
from cli.commands.shared import WRITES, DryRun
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from preservation.actions.overview.batches import Batch, BatchState, close_batch, content_of, find_batch


@command(
    example="jinkui batch resume d5a05743d95709c6c57ba9ab",
    exits=(*WRITES, RefusedError, ToolError, FormatError, FINDINGS),
)
def resume(call: Call, *, batch: Named, dry_run: DryRun = False) -> Result:
    """Go on with a batch that was stopped, from its folder and with its options of before; what is in already is left alone."""
    home = home_of(call)
    found = find_batch(home.archive, batch)
    if found.state is BatchState.UNDER_WAY:
        said = message("批次 {id} 正在接收", "the batch {id} is under way", id=found.batch_id)
        advice = message("请等它结束", "wait until it has ended")
        raise ConflictError(said, subject=found.batch_id, advice=advice)
    if found.state is not BatchState.UNFINISHED:
        said = message(
            "批次 {id} {state}，没有可继续的", "the batch {id} is {state}: nothing is left", id=found.batch_id, state=found.state.said
        )  # fmt: skip
        return Result({"batch_id": found.batch_id, "state": found.state.value}, lines=(said,))
    if found.intake is None or not is_remembered(found):
        raise _nobody_remembers(found)
    asked = found.intake.asked
    if not asked.folder.is_dir():
        raise _folder_is_gone(found, len(content_of(home.archive, found).records))
    plan = plan_of(home, asked)
    if plan.batch_id != found.batch_id:
        raise _is_another(found)
    home.output.say(
        message(
            "继续接收 {folder}{options}",
            "going on with {folder}{options}",
            folder=source_of(found),
            options=_with(found),
        )
    )
    return foreseen(home, plan, asked) if dry_run else take_in(home, plan, asked)


@command(example='jinkui batch close d5a05743d95709c6c57ba9ab --reason "the disk it was on is lost"', exits=WRITES)
def close(call: Call, *, batch: Named, reason: Annotated[str, Option(message("理由", "why"))]) -> Result:
    """Give up going on with an unfinished batch: what is in stays, and nothing waits for the rest any more."""
    if not reason.strip():
        raise UsageProblem(message("请用 --reason 写明理由", "say why with --reason"), subject="--reason")
    home = home_of(call)
    found = find_batch(home.archive, batch)
    if found.state is not BatchState.UNFINISHED:
        said = message("批次 {id} {state}", "the batch {id} is {state}", id=found.batch_id, state=found.state.said)
        advice = message("只有未完成的批次可以放弃", "only an unfinished batch can be given up")
        raise ConflictError(said, subject=found.batch_id, advice=advice)
    close_batch(home.archive, found, reason=reason)
    said = message("不再继续接收批次 {id}", "the batch {id} is not gone on with", id=found.batch_id)
    content = content_of(home.archive, found)
    data = {"batch_id": found.batch_id, "reason": reason, "records": len(content.records)}
    return Result(data, lines=(said, *what_stays(found, content)))


def _with(one: Batch) -> str:
    return f" ({options})" if (options := options_of(one)) else ""


def _nobody_remembers(one: Batch) -> NotFoundError:
    return NotFoundError(
        message(
            "此处没有记录批次 {id} 来自哪个文件夹、用了哪些选项",
            "from which folder the batch {id} came, and with which options, is not remembered here",
            id=one.batch_id,
        ),
        subject=one.batch_id,
        advice=message(
            "请对它的文件夹再运行一次 jinkui ingest：已入库的不会重复",
            "run jinkui ingest on its folder again: what is in already is left alone",
        ),
    )


def _folder_is_gone(one: Batch, records: int) -> NotFoundError:
    folder = source_of(one)
    return NotFoundError(
        message(
            "批次的文件夹 {folder} 不在了；{n} 件已入库，{of} 件可接收；{kept}",
            "the folder of the batch, {folder}, is not there any more; {n} {n:record|records} {n:is|are} in of {of} that could be taken in; {kept}",
            folder=folder,
            n=records,
            of=one.receipt.records if one.receipt else "—",
            kept=message("目录表和其他文件已随接收包保存", "its sheet and other files are kept in its submission")
            if one.submission
            else message("目录表和没有对应行的文件尚未保存", "its sheet, and files no row names, are not kept yet"),
        ),
        subject=str(folder),
        advice=message(
            "请把文件夹放回原处再继续；已入库的见 jinkui batch show {id}；找不回来的，用 jinkui batch close {id} --reason 理由",
            "put the folder back where it was and go on; jinkui batch show {id} has what is in; if it is lost for good, "
            "jinkui batch close {id} --reason WHY",
            id=one.batch_id,
        ),
    )


def _is_another(one: Batch) -> ConflictError:
    folder = source_of(one)
    return ConflictError(
        message(
            "{folder} 中的内容已与中断时不同，是另一个批次",
            "what lies in {folder} is not what it was when the ingest was stopped: it is another batch",
            folder=folder,
        ),
        subject=one.batch_id,
        advice=message(
            "要按现在的内容接收，请运行 jinkui ingest {folder}{options}：已入库的不会重复，完成后此批次不再列为未完成",
            "to take it in as it is now run jinkui ingest {folder}{options}: what is in already is left alone, and this batch "
            "is unfinished no more when that has ended",
            folder=folder,
            options=f" {options}" if (options := options_of(one)) else "",
        ),
    )
