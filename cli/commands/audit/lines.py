"""What an audit found, as lines for people: what was in the way, what is owed, and at the end how many copies were read."""

from collections.abc import Iterator, Sequence

from archives.errors import JinkuiError
from archives.message import Message, message
from preservation.audit.audit import AuditResult
from preservation.audit.plan import largest_damaged_share
from preservation.stores.presence import StorePresence
from preservation.vault.replication import OwedCopy


def lines_of(
    result: AuditResult,
    owed: Sequence[OwedCopy],
    *,
    not_recorded: JinkuiError | None,
    read_only: Sequence[StorePresence],
    is_behind: bool,
) -> Iterator[Message]:
    """Yield what is said of an audit but for what was read; nothing that kept its result from the journal twice."""
    if result.plan.selection.sample is not None:
        yield _sampled(result)
    if result.resumed:
        yield message(
            "有 {n} 份由上次没有记入日志的核查读过，此后未被改动",
            "{n} {n:copy|copies} {n:was|were} read by the audit before, which is not in the journal, and nobody wrote to them since",
            n=result.resumed,
        )
    for one in (*result.away, *read_only):
        if not (one.reason and not_recorded and _is_said(one.reason, not_recorded)):
            yield from (said for said in (one.reason, one.advice) if said is not None)
    if not_recorded is not None:
        yield not_recorded.message if is_behind else _not_recorded(not_recorded)
        if not_recorded.advice is not None:
            yield not_recorded.advice
    if owed:
        yield message(
            "尚欠 {n} 份副本，请运行 jinkui replicate",
            "{n} {n:copy|copies} {n:is|are} owed; run jinkui replicate",
            n=len(owed),
        )
    if result.not_reached:
        yield message("{left} 份未轮到", "{left} not reached", left=result.not_reached)
    if result.plan.selection.interval_days is not None:
        yield message(
            "{n} 份已核查，{m} 份未到期",
            "{n} checked, {m} not due",
            n=len(result.plan.tasks) - result.not_reached,
            m=result.plan.not_due,
        )


def read_in_all(result: AuditResult) -> Message:
    """Return how many copies were read, or that none were and why."""
    copies = len(result.plan.tasks) - result.not_reached
    if copies:
        return message(
            "核查了 {copies} 份副本、{files} 个文件、{bytes} 字节，{n} 处不正常",
            "checked {copies} {copies:copy|copies}, {files} {files:file|files}, {bytes} {bytes:byte|bytes}; {n} are not as they should be",
            copies=copies,
            files=result.checked_files,
            bytes=result.checked_bytes,
            n=len(result.problems),
        )
    return message(
        "没有读任何副本：{why}；核查了其他 {files} 个文件（日志等），{n} 处不正常",
        "no copies were read: {why}; checked {files} other {files:file|files} (the journal and the like); {n} are not as they should be",
        why=_why_none(result),
        files=result.checked_files,
        n=len(result.problems),
    )


def _why_none(result: AuditResult) -> Message:
    if result.not_reached:
        return message("没有轮到", "none was reached")
    if result.plan.not_due:
        return message("都未到期", "none is due")
    if result.away:
        return message("所在的存储都不在", "the stores that hold them could not be judged")
    return message("日志中没有这样的副本", "the journal knows of none")


def _not_recorded(failure: JinkuiError) -> Message:
    return message(
        "核查结果未能记入日志：{reason}", "the journal could not take the result: {reason}", reason=failure.message
    )


def _is_said(reason: Message, failure: JinkuiError) -> bool:
    return reason.text("en") in failure.message.text("en")


def _sampled(result: AuditResult) -> Message:
    plan = result.plan
    return message(
        "抽样 {n}/{of} 份：若样本全好，可有 95% 把握受损副本不超过 {share}",
        "sampled {n} of {of} copies: if all are whole, with 95 % confidence at most {share} of the copies are damaged",
        n=len(plan.tasks),
        of=plan.population,
        share=f"{largest_damaged_share(len(plan.tasks), plan.population):.2%}",
    )
