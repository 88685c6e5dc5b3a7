"""What an audit answers: the files that are not OK, what was read, what is owed, and the exit code."""

from collections.abc import Sequence
from dataclasses import replace

from archives.errors import FOUND_EXIT_CODE, IntegrityError, JinkuiError, StorageError, worst_exit_code
from archives.message import Message, message
from cli.frame.listing import Field, as_data, listing
from cli.frame.output import Result, Table
from preservation.audit.audit import AuditResult
from preservation.audit.plan import largest_damaged_share
from preservation.audit.verdicts import FileVerdict, Verdict
from preservation.vault.replication import OwedCopy

_FIELDS: tuple[Field[FileVerdict], ...] = (
    Field("store", message("存储", "store"), lambda one: one.store),
    Field("package_id", None, lambda one: one.package_id),
    Field("verdict", message("判定", "verdict"), lambda one: one.verdict.value),
    Field("file", message("文件", "file"), lambda one: one.file),
    Field("reason", message("原因", "reason"), lambda one: one.reason, lambda one: one.why),
)


def told_lost(lost: tuple[FileVerdict, ...], broken: IntegrityError) -> Result:
    """Return the answer when no store holds the journal whole."""
    error = {"code": broken.code, "message": broken.message, "subject": broken.subject, "advice": broken.advice}
    data = {"checked_files": 0, "checked_bytes": 0, "copies": [verdict_data(p) for p in lost], "error": error}
    table = verdict_table([replace(found, reason=broken.message) for found in lost])
    return Result(data, (table,), (broken.message,), exit_code=IntegrityError.exit_code)


def told(result: AuditResult, owed: Sequence[OwedCopy], *, hopeless: bool, not_recorded: JinkuiError | None) -> Result:
    """Return the answer of an audit, its exit code that of the worst it has to say."""
    lines = [
        message(
            "核查了 {copies} 份副本、{files} 个文件、{bytes} 字节，{n} 处不正常",
            "checked {copies} copies, {files} files, {bytes} bytes; {n} are not as they should be",
            copies=len(result.plan.tasks) - result.not_reached,
            files=result.checked_files,
            bytes=result.checked_bytes,
            n=len(result.problems),
        ),
        *_more_lines(result, owed),
    ]
    if hopeless:
        lines.append(message("有文件已没有任何完好的副本", "a file has no good copy left"))
    tables = (verdict_table(result.problems),) if result.problems else ()
    exit_code = worst_exit_code(
        (
            *(found.verdict.exit_code for found in result.problems),
            IntegrityError.exit_code if hopeless else 0,
            StorageError.exit_code if result.away else 0,
            FOUND_EXIT_CODE if owed else 0,
        )
    )
    if not_recorded is not None and not result.problems:
        exit_code = not_recorded.exit_code
    return Result(_data(result, owed), tables, tuple(lines), exit_code=exit_code)


def _more_lines(result: AuditResult, owed: Sequence[OwedCopy]) -> list[Message]:
    lines: list[Message] = []
    if result.plan.selection.sample is not None:
        lines.append(
            message(
                "抽样 {n}/{of} 份：若样本全好，可有 95% 把握受损副本不超过 {share}",
                "sampled {n} of {of} copies: if all are whole, with 95 % confidence at most {share} of the copies are damaged",
                n=len(result.plan.tasks),
                of=result.plan.population,
                share=f"{largest_damaged_share(len(result.plan.tasks), result.plan.population):.2%}",
            )
        )
    if result.resumed:
        lines.append(
            message(
                "其中 {n} 份由上次中断的核查读过，此后未被改动",
                "{n} of them were read by the audit that was stopped, and nobody wrote to them since",
                n=result.resumed,
            )
        )
    lines += [one.reason for one in result.away if one.reason is not None]
    if owed:
        lines.append(
            message(
                "尚欠 {n} 份副本，请运行 jinkui replicate",
                "{n} copies are owed; run jinkui replicate",
                n=len(owed),
            )
        )
    if result.not_reached:
        lines.append(message("{left} 份未轮到", "{left} not reached", left=result.not_reached))
    if result.plan.selection.interval_days is not None or result.not_reached:
        lines.append(
            message(
                "{n} 份已核查，{m} 份未到期",
                "{n} checked, {m} not due",
                n=len(result.plan.tasks) - result.not_reached,
                m=result.plan.not_due,
            )
        )
    return lines


def _data(result: AuditResult, owed: Sequence[OwedCopy]) -> dict[str, object]:
    plan = result.plan
    data: dict[str, object] = {
        "selection": plan.selection.name,
        "checked_copies": len(plan.tasks) - result.not_reached,
        "checked_files": result.checked_files,
        "checked_bytes": result.checked_bytes,
        "not_due": plan.not_due,
        "not_reached": result.not_reached,
        "resumed": result.resumed,
        "copies": [
            *(verdict_data(found) for found in result.problems),
            *(verdict_data(FileVerdict(one.store.name, None, "", Verdict.NOT_CHECKED)) for one in result.away),
        ],
        "absent_stores": [one.store.name for one in result.away],
        "stores_away": [
            {"store": one.store.name, "presence": one.presence.value, "reason": one.reason} for one in result.away
        ],
        "owed": [{"store": o.store, "package_id": o.package_id, "size_bytes": o.size_bytes} for o in owed],
    }
    if plan.selection.sample is not None:
        share = largest_damaged_share(len(plan.tasks), plan.population)
        data["sample"] = {
            "copies": len(plan.tasks),
            "population": plan.population,
            "confidence": 0.95,
            "largest_damaged_share": share,
        }
    return data


def verdict_table(problems: Sequence[FileVerdict]) -> Table:
    """Return the files that are not OK as a table."""
    return listing(message("不正常的文件", "files that are not OK"), _FIELDS, problems)[0]


def verdict_data(found: FileVerdict) -> dict[str, object]:
    """Return one verdict as JSON holds it."""
    return as_data(_FIELDS, found)
