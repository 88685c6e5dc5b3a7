"""Commands that tell of batches: which came, and what became of one."""

from typing import Annotated

from archives.advice import advice_on
from archives.errors import ConflictError
from archives.journal.facts import BatchSum
from archives.message import Message, listed, message
from archives.text.harmless import harmless
from cli.commands.shared import LOOKS
from cli.frame.commands import Call, command
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

Named = Annotated[
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
        lambda one: str(one.first.asked.folder) if one.first and not one.first.asked.is_forgotten else None,
        lambda one: _came_from(one),
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
    Field("", message("选项", "options"), lambda one: options_of(one)),
    Field("", message("接收包", "its submission"), lambda one: _kept(one)),
    Field("", message("放弃的理由", "given up because"), lambda one: one.closed.reason if one.closed else ""),
)
_NOT_KEPT = {
    BatchState.CLOSED: message("未保存：批次已放弃", "not kept: the batch was given up"),
    BatchState.OVERTAKEN: message("随改动后的批次保存", "kept with the batch that it was taken in as"),
}
"""Why there is nothing, and will be nothing, that a batch came with."""
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
    numbers_of = numbers_by_batch(home.archive, batches)
    numbers: tuple[Field[Batch], ...] = (
        Field("records", message("已入库", "in"), lambda one: numbers_of[one.batch_id][0]),
        Field("refused", message("退回", "refused"), lambda one: numbers_of[one.batch_id][1]),
        Field("removed", message("已移除", "removed"), lambda one: one.removed, lambda one: one.removed or ""),
    )
    table, data = listing(message("批次", "batches"), (*_BATCH, *numbers), batches)
    unfinished = [one for one in batches if one.state is BatchState.UNFINISHED]
    lines = [message("{n} 个批次", "{n} {n:batch|batches}", n=len(batches)), *map(_to_resume, unfinished)]
    return Result({"batches": data}, (table,) if batches else (), tuple(lines))


@command(example="jinkui batch show d5a05743d95709c6c57ba9ab", exits=(*LOOKS, ConflictError))
def show(call: Call, *, batch: Named) -> Result:
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
        "before_removal": _before_data(content.before),
    }
    shown = ((records, record_data), (refused, refused_data), (loose, loose_data), (others, other_data))
    tables = (about, *(table for table, rows in shown if rows))
    return Result(data, tables, tuple(_summary(found, content)))


def _itself(package_id: str) -> str | None:
    return package_id


def _repository(one: Batch) -> str | None:
    return one.receipt.repository if one.receipt else one.intake.asked.repository if one.intake else None


def source_of(one: Batch) -> str | Message:
    """Return from which folder a batch came, as people read it."""
    if one.intake is None or not is_remembered(one):
        return message("此处没有记录", "not remembered here")
    return harmless(str(one.intake.asked.folder))


def _came_from(one: Batch) -> str | Message:
    """Return from which folder a batch first came; the same may have come again from another."""
    if one.first is None or one.first.asked.is_forgotten:
        return message("此处没有记录", "not remembered here")
    return harmless(str(one.first.asked.folder))


def is_remembered(one: Batch) -> bool:
    """Say whether it is known here from which folder a batch came, and with which options."""
    return one.intake is not None and not one.intake.asked.is_forgotten


def options_of(one: Batch) -> str:
    """Return the options that an ingest was given, as they are typed."""
    if one.intake is None or not is_remembered(one):
        return ""
    asked = one.intake.asked
    words = ["--update"] if asked.update else []
    words += ["--removed-too"] if asked.removed_too else []
    words += ["--sheet", asked.sheet] if asked.sheet else []
    words += [part for answer in asked.not_secret for part in ("--not-secret", answer)]
    return harmless(" ".join(words))


def _asked_data(one: Batch) -> dict[str, object] | None:
    if one.intake is None or not is_remembered(one):
        return None
    asked = one.intake.asked
    return {
        "folder": str(asked.folder),
        "repository": asked.repository,
        "sheet": asked.sheet,
        "not_secret": asked.not_secret,
        "update": asked.update,
        "removed_too": asked.removed_too,
        "begun_at": one.intake.begun_at.isoformat(),
        "ended_at": one.intake.ended_at.isoformat() if one.intake.ended_at else None,
    }


def _before_data(before: BatchSum | None) -> dict[str, object] | None:
    return (
        None if before is None else {"records": before.records, "refused": before.refused, "kinds": dict(before.kinds)}
    )


def _kept(one: Batch) -> str | Message:
    if one.submission is None:
        return _NOT_KEPT.get(one.state, message("尚未保存", "not kept yet"))
    if one.submission.is_gone:
        day = one.submission.gone_at.date().isoformat() if one.submission.gone_at else ""
        return message("已移除 {day}", "removed {day}", day=day)
    return f"{one.submission.package_id} ({place_of(one.submission)})"


def _to_resume(one: Batch) -> Message:
    return message(
        "批次 {id} {name}未完成；继续：jinkui batch resume {id}",
        "the batch {id} {name}is unfinished; go on with it: jinkui batch resume {id}",
        id=one.batch_id,
        name=f"{harmless(one.name)} " if one.name else "",
    )


def what_stays(one: Batch, content: BatchContent) -> list[Message]:
    """Return what a batch that was given up leaves in the archive, and how that leaves it, too."""
    if not content.records:
        return [message("没有档案入库，没有保留", "no record of it is in: nothing stays")]
    return [
        message(
            "已入库的 {n} 件保留不动（jinkui batch show {id}）；不该保留的：jinkui dispose plan --mistake 理由 --batch {id}",
            "{n} {n:record|records} {n:is|are} stored and {n:stays|stay} (jinkui batch show {id}); where they should not: "
            "jinkui dispose plan --mistake WHY --batch {id}",
            n=len(content.records),
            id=one.batch_id,
        )
    ]


def _summary(one: Batch, content: BatchContent) -> list[Message]:
    living = len(content.refused) + len(content.loose) + len(content.others)
    if one.state is BatchState.REMOVED:
        return [_as_it_was(content.before), _removed(one)]
    lines = [
        message(
            "{n} 件已入库，{m} 行退回，{k} 个文件没有对应行",
            "{n} {n:record|records} {n:is|are} in, {m} {m:row|rows} {m:was|were} refused, {k} {k:file|files} {k:is|are} named by no row",
            n=len(content.records),
            m=rows_of(content.refused),
            k=len(content.loose),
        )
    ]
    if one.removed:
        lines.append(
            message(
                "{n} 件属误接收，已移除：jinkui explain BATCH-{id}",
                "{n} {n:record|records} {n:was|were} removed as taken in by mistake: jinkui explain BATCH-{id}",
                n=one.removed,
                id=one.batch_id,
            )
        )
    if content.begun:
        lines.append(
            message(
                "另有 {n} 件在中断时正在写入，继续接收或放弃此批次时即知哪些完整",
                "{n} more were being written when it was stopped: going on with it, or giving it up, tells which are whole",
                n=content.begun,
            )
        )
    if one.state is BatchState.UNFINISHED:
        lines.append(_to_resume(one))
    if one.state is BatchState.CLOSED:
        lines += what_stays(one, content)
    if living:
        lines.append(
            message(
                "{n} 个问题未了结：jinkui findings list --batch {id}",
                "{n} {n:finding|findings} to settle: jinkui findings list --batch {id}",
                n=living,
                id=one.batch_id,
            )
        )
    return lines


def _as_it_was(before: BatchSum | None) -> Message:
    """Return what had become of a batch before it was removed; where nobody wrote that down, that it is so."""
    if before is None:
        return message(
            "移除前入库多少、退回多少，当时没有记下",
            "how many records were in and how many rows were refused before it was removed, nobody wrote down",
        )
    kinds = listed([f"{kind} {number}" for kind, number in before.kinds])
    return message(
        "移除前：{n} 件已入库，{m} 行退回{kinds}",
        "before it was removed: {n} {n:record|records} {n:was|were} in, {m} {m:row|rows} {m:was|were} refused{kinds}",
        n=before.records,
        m=before.refused,
        kinds=message("（{kinds}）", " ({kinds})", kinds=kinds) if kinds else "",
    )


def _removed(one: Batch) -> Message:
    return message(
        "已按计划 {plan} 移除，它的问题随之移除；经过：jinkui explain BATCH-{id}",
        "it was removed under the plan {plan}, and its findings left with it; what happened: jinkui explain BATCH-{id}",
        plan=one.submission.plan_id if one.submission else "",
        id=one.batch_id,
    )
