"""Commands about batches: list, show, resume."""

from typing import Annotated

from archives.advice import advice_on
from archives.errors import ConflictError, FormatError, NotFoundError, RefusedError, ToolError
from archives.message import Message, message
from archives.text.harmless import harmless
from cli.commands.record.ingest import foreseen, plan_of, take_in
from cli.commands.shared import LOOKS, WRITES, DryRun
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, as_data, listing, local_time
from cli.frame.output import Result, Table
from cli.frame.parameters import Argument
from cli.home.home import home_of
from cli.upkeep.names import name_fields, names_of
from preservation.actions.overview.batches import (
    Batch,
    BatchContent,
    BatchState,
    all_batches,
    content_of,
    find_batch,
    numbers_by_batch,
    place_of,
    rows_of,
)
from preservation.catalogue.findings import KeptFinding

_Batch = Annotated[
    str,
    Argument(
        message("批次号（或其开头）、批次文件夹名", "identifier of the batch, its beginning, or its folder's name")
    ),
]
_BATCH: tuple[Field[Batch], ...] = (
    Field("batch_id", message("批次号", "batch"), lambda one: one.batch_id),
    Field("name", None, lambda one: one.name or None),
    Field(
        "source",
        message("来源", "source"),
        lambda one: str(one.intake.asked.folder) if one.intake else None,
        lambda one: _source(one),
    ),
    Field("repository", message("馆代码", "repository"), lambda one: _repository(one)),
    Field(
        "began_at",
        message("接收时间", "received at"),
        lambda one: one.began_at.isoformat() if one.began_at else None,
        lambda one: local_time(one.began_at) if one.began_at else "",
    ),
    Field("person", message("接收人", "by"), lambda one: one.person or None),
    Field("rows", message("可接收的件数", "to take in"), lambda one: one.receipt.records if one.receipt else None),
    Field("state", message("状态", "state"), lambda one: one.state.value, lambda one: one.state.said),
    Field("submission", None, lambda one: one.submission.package_id if one.submission else None),
)
_MORE: tuple[Field[Batch], ...] = (
    Field("", message("选项", "options"), lambda one: _options(one)),
    Field("", message("接收包", "its submission"), lambda one: _kept(one)),
)
_FOUND: tuple[Field[KeptFinding], ...] = (
    Field("id", message("编号", "id"), lambda one: one.identifier),
    Field("about", None, lambda one: one.archival_code or None),
    Field("code", message("代码", "code"), lambda one: one.finding.code),
    Field("file", message("文件", "file"), lambda one: one.finding.file),
    Field("row", message("行", "row"), lambda one: one.finding.row),
    Field("message", message("发现", "finding"), lambda one: one.finding.message),
    Field("advice", message("办法", "what to do"), lambda one: advice_on(one.finding)),
)
_REFUSED: tuple[Field[KeptFinding], ...] = (
    Field("", message("档号", "archival code"), lambda one: one.finding.about),
    *_FOUND,
)


@command(example="jinkui batch list --report batches.xlsx", exits=LOOKS)
def list_batches(call: Call) -> Result:
    """List the batches that came, the newest last: from where, when, by whom, how many records, how far."""
    home = home_of(call)
    batches = all_batches(home.archive)
    stored, refused = numbers_by_batch(home.archive)
    numbers: tuple[Field[Batch], ...] = (
        Field("records", message("已入库", "in"), lambda one: stored.get(one.batch_id, 0)),
        Field("refused", message("退回", "refused"), lambda one: refused.get(one.batch_id, 0)),
    )
    table, data = listing(message("批次", "batches"), (*_BATCH, *numbers), batches)
    unfinished = [one for one in batches if one.state is BatchState.UNFINISHED]
    lines = [message("{n} 个批次", "{n} batches", n=len(batches)), *map(_to_resume, unfinished)]
    return Result({"batches": data}, (table,) if batches else (), tuple(lines))


@command(example="jinkui batch show d5a05743d95709c6c57ba9ab", exits=(*LOOKS, ConflictError))
def show(call: Call, *, batch: _Batch) -> Result:
    """Show a batch: what was asked, its records, the rows that were refused, files no row names, what else was found."""
    home = home_of(call)
    found = find_batch(home.archive, batch)
    content = content_of(home.archive, found)
    names = names_of(home, content.records)
    named: tuple[Field[str], ...] = name_fields(names, _itself)
    of_record: tuple[Field[str], ...] = (
        *named,
        Field("package_id", message("信息包", "package"), lambda one: one),
        Field("version", message("版本", "version"), lambda one: content.records[one]),
    )
    records, record_data = listing(message("已入库的档案", "records that it brought"), of_record, content.records)
    refused, refused_data = listing(message("退回的行", "rows that were refused"), _REFUSED, content.refused)
    loose, loose_data = listing(message("没有对应行的文件", "files no row names"), _FOUND, content.loose)
    others, other_data = listing(message("其他问题", "other findings"), _FOUND, content.others)
    about = Table(
        message("批次 {id}", "batch {id}", id=found.batch_id),
        (message("项目", "element"), message("内容", "value")),
        tuple((one.heading, one.cell(found)) for one in (*_BATCH, *_MORE) if one.heading and one.cell(found)),
    )
    data = {
        **as_data(_BATCH, found),
        "asked": _asked_data(found),
        "records": record_data,
        "refused": refused_data,
        "files_without_row": loose_data,
        "findings": other_data,
    }
    shown = ((records, record_data), (refused, refused_data), (loose, loose_data), (others, other_data))
    tables = (about, *(table for table, rows in shown if rows))
    return Result(data, tables, tuple(_summary(found, content)))


@command(
    example="jinkui batch resume d5a05743d95709c6c57ba9ab",
    exits=(*WRITES, RefusedError, ToolError, FormatError, FINDINGS),
)
def resume(call: Call, *, batch: _Batch, dry_run: DryRun = False) -> Result:
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
    if found.intake is None:
        raise _nobody_remembers(found)
    asked = found.intake.asked
    if not asked.folder.is_dir():
        raise _folder_is_gone(found, len(content_of(home.archive, found).records))
    plan = plan_of(home, asked)
    if plan.batch_id != found.batch_id:
        raise _is_another(found)
    home.output.say(
        message(
            "继续接收 {folder}{options}", "going on with {folder}{options}", folder=_source(found), options=_with(found)
        )
    )
    return foreseen(home, plan, update=asked.update) if dry_run else take_in(home, plan, asked)


def _itself(package_id: str) -> str | None:
    return package_id


def _repository(one: Batch) -> str | None:
    return one.receipt.repository if one.receipt else one.intake.asked.repository if one.intake else None


def _source(one: Batch) -> str | Message:
    return harmless(str(one.intake.asked.folder)) if one.intake else message("此处没有记录", "not remembered here")


def _options(one: Batch) -> str:
    if one.intake is None:
        return ""
    asked = one.intake.asked
    words = ["--update"] if asked.update else []
    words += ["--sheet", asked.sheet] if asked.sheet else []
    words += [part for answer in asked.not_secret for part in ("--not-secret", answer)]
    return harmless(" ".join(words))


def _with(one: Batch) -> str:
    return f" ({options})" if (options := _options(one)) else ""


def _asked_data(one: Batch) -> dict[str, object] | None:
    if one.intake is None:
        return None
    asked = one.intake.asked
    return {
        "folder": str(asked.folder),
        "repository": asked.repository,
        "sheet": asked.sheet,
        "not_secret": asked.not_secret,
        "update": asked.update,
        "begun_at": one.intake.begun_at.isoformat(),
        "ended_at": one.intake.ended_at.isoformat() if one.intake.ended_at else None,
    }


def _kept(one: Batch) -> str | Message:
    if one.submission is None:
        return message("尚未保存", "not kept yet")
    if one.submission.is_gone:
        return message("已销毁", "disposed of")
    return f"{one.submission.package_id} ({place_of(one.submission)})"


def _to_resume(one: Batch) -> Message:
    return message(
        "批次 {id} {name}未完成；继续：jinkui batch resume {id}",
        "the batch {id} {name}is unfinished; go on with it: jinkui batch resume {id}",
        id=one.batch_id,
        name=f"{harmless(one.name)} " if one.name else "",
    )


def _summary(one: Batch, content: BatchContent) -> list[Message]:
    living = len(content.refused) + len(content.loose) + len(content.others)
    lines = [
        message(
            "{n} 件已入库，{m} 行退回，{k} 个文件没有对应行",
            "{n} records are in, {m} rows were refused, {k} files are named by no row",
            n=len(content.records),
            m=rows_of(content.refused),
            k=len(content.loose),
        )
    ]
    if one.state is BatchState.UNFINISHED:
        lines.append(_to_resume(one))
    if living:
        lines.append(
            message(
                "{n} 个问题未了结：jinkui findings list --batch {id}",
                "{n} findings to settle: jinkui findings list --batch {id}",
                n=living,
                id=one.batch_id,
            )
        )
    return lines


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
    folder = _source(one)
    return NotFoundError(
        message(
            "批次的文件夹 {folder} 不在了；{n} 件已入库，{of} 件可接收；{kept}",
            "the folder of the batch, {folder}, is not there any more; {n} records are in of {of} that could be taken in; {kept}",
            folder=folder,
            n=records,
            of=one.receipt.records if one.receipt else "—",
            kept=message("目录表和其他文件已随接收包保存", "its sheet and other files are kept in its submission")
            if one.submission
            else message("目录表和没有对应行的文件尚未保存", "its sheet, and files no row names, are not kept yet"),
        ),
        subject=str(folder),
        advice=message(
            "请把文件夹放回原处再继续；已入库的见 jinkui batch show {id}",
            "put the folder back where it was and go on; jinkui batch show {id} has what is in",
            id=one.batch_id,
        ),
    )


def _is_another(one: Batch) -> ConflictError:
    folder = _source(one)
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
            options=f" {options}" if (options := _options(one)) else "",
        ),
    )
