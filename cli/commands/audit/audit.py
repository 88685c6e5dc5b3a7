"""The audit command: what is to be read, how far it is, what was found and what is said of it."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Annotated

from archives.errors import (
    IntegrityError,
    JinkuiError,
    StorageError,
    ToolError,
    UsageProblem,
    worst_exit_code,
)
from archives.message import Message, message
from cli import wiring
from cli.commands.audit.limits import parse_budget, parse_share
from cli.commands.record.rendering import duration_text, size_text
from cli.commands.shared import LOOKS, Throttle, no_good_copy
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, as_data, listing
from cli.frame.output import Output, Result, Table
from cli.frame.parameters import Option
from cli.home.home import Home, home_of
from cli.upkeep.alarms import raise_alarms
from cli.upkeep.clock import OnDuty, on_duty
from cli.upkeep.duties import AUDIT
from cli.upkeep.names import NO_NAMES, Names, name_fields, names_of
from preservation.actions.audit import AuditRequest, JournalLost, Progress, audit
from preservation.audit.audit import AuditResult
from preservation.audit.plan import largest_damaged_share
from preservation.audit.verdicts import FileVerdict, Verdict
from preservation.stores.presence import Presence, StorePresence
from preservation.vault.replication import OwedCopy

_PLACE: tuple[Field[FileVerdict], ...] = (
    Field("store", message("存储", "store"), lambda one: one.store),
    Field("package_id", None, lambda one: one.package_id),
)
_FOUND: tuple[Field[FileVerdict], ...] = (
    Field("verdict", message("判定", "verdict"), lambda one: one.verdict.value, lambda one: one.verdict.label),
    Field("file", message("文件", "file"), lambda one: one.file),
    Field("reason", message("原因", "reason"), lambda one: one.reason, lambda one: one.why),
)
_OWED_PLACE: tuple[Field[OwedCopy], ...] = (
    Field("store", None, lambda one: one.store),
    Field("package_id", None, lambda one: one.package_id),
)
_OWED_SIZE: tuple[Field[OwedCopy], ...] = (Field("size_bytes", None, lambda one: one.size_bytes),)


@command(example="jinkui audit --due --budget 2h", exits=(*LOOKS, ToolError, FINDINGS))
def audit_copies(
    call: Call,
    *,
    all_: Annotated[bool, Option(message("全部（默认）", "everything (the default)"))] = False,
    due: Annotated[bool, Option(message("只核查到期的副本", "only the copies that are due"))] = False,
    package: Annotated[
        str | None,
        Option(message("只核查一件（档号或信息包标识）", "only one package (archival code or identifier)")),
    ] = None,
    store: Annotated[str | None, Option(message("只核查一个存储", "only one store"))] = None,
    budget: Annotated[
        str | None, Option(message("时间或数据量限额，如 2h、500GiB", "stop after so much, such as 2h or 500GiB"))
    ] = None,
    sample: Annotated[str | None, Option(message("随机抽样，如 1%", "a random sample, such as 1%"))] = None,
    restart: Annotated[bool, Option(message("从头开始，不接续中断的核查", "begin anew after a stopped audit"))] = False,
    throttle: Throttle = None,
) -> Result:
    """Read copies again, byte by byte, and say what is not as it should be."""
    if all_ and (due or sample or package or store):
        raise UsageProblem(
            message("--all 不能与其他选择并用", "--all does not go with another selection"), subject="--all"
        )
    home = home_of(call, throttle=throttle)
    request = AuditRequest(
        interval_days=home.settings.audit.interval_days if due else None,
        package=package,
        store=store,
        sample=parse_share(sample),
        budget=parse_budget(budget),
        restart=restart,
    )
    with on_duty(home, AUDIT) if not (package or store or sample) else nullcontext(OnDuty()) as duty:
        found = audit(home.archive, request, workers=workers_of(home), watch=watch_audit(call.output))
        if isinstance(found, JournalLost):
            raise_alarms(home, found.problems, [], [])
            return told_lost(found.problems, found.broken)
        duty.is_done = found.not_recorded is None
        read_only = [
            one
            for one in map(home.archive.presence, home.vault.stores)
            if one.presence is Presence.READ_ONLY and store in (None, one.store.name)
        ]
        names = names_of(
            home, [*(one.package_id for one in found.result.problems), *(one.package_id for one in found.owed)]
        )
        answer = told(
            found.result,
            found.owed,
            names,
            hopeless=found.hopeless,
            not_recorded=found.not_recorded,
            read_only=read_only,
            is_behind=found.behind > 0,
        )
        away = [one.store.name for one in (*found.result.away, *read_only)]
        alarms = raise_alarms(home, found.result.problems, away, found.owed, behind=found.behind)
    return replace(answer, exit_code=answer.exit_code or alarms.exit_code)


def workers_of(home: Home) -> int:
    """Return how many copies are read at the same time."""
    return home.settings.audit.workers or wiring.processors()


def watch_audit(output: Output) -> Callable[[Progress], None]:
    """Return what tells a person how far an audit is and how long it will take."""

    def tell(done: Progress) -> None:
        left = max(0, done.of_bytes - done.size_bytes)
        eta = left / (done.size_bytes / done.seconds) if done.size_bytes and done.seconds > 0 else 0.0
        output.progress(
            message(
                "已核查 {n}/{of} 份、{size}，约余 {eta}",
                "checked {n} of {of} copies, {size}, about {eta} left",
                n=done.copies,
                of=done.of_copies,
                size=size_text(done.size_bytes),
                eta=duration_text(eta),
            )
        )

    return tell


def told_lost(lost: tuple[FileVerdict, ...], broken: IntegrityError) -> Result:
    """Return the answer when no store holds the journal whole."""
    error = {"code": broken.code, "message": broken.message, "subject": broken.subject, "advice": broken.advice}
    data = {"checked_files": 0, "checked_bytes": 0, "copies": [verdict_data(p) for p in lost], "error": error}
    table = verdict_table([replace(found, reason=broken.message) for found in lost])
    unread = message(
        "没有读任何副本：应有哪些，要由日志说", "no copies were read: the journal says which there should be"
    )
    lines = tuple(said for said in (broken.message, unread, broken.advice) if said is not None)
    return Result(data, (table,), lines, exit_code=IntegrityError.exit_code)


def told(
    result: AuditResult,
    owed: Sequence[OwedCopy],
    names: Names = NO_NAMES,
    *,
    hopeless: int,
    not_recorded: JinkuiError | None,
    read_only: Sequence[StorePresence] = (),
    is_behind: bool = False,
) -> Result:
    """Return the answer of an audit, its exit code that of the worst it has to say.

    ``is_behind`` says that ``not_recorded`` is that stores hold what this home does not know, which is told here.
    """
    lines = [
        message(
            "核查了 {copies} 份副本、{files} 个文件、{bytes} 字节，{n} 处不正常",
            "checked {copies} {copies:copy|copies}, {files} {files:file|files}, {bytes} {bytes:byte|bytes}; {n} are not as they should be",
            copies=len(result.plan.tasks) - result.not_reached,
            files=result.checked_files,
            bytes=result.checked_bytes,
            n=len(result.problems),
        ),
        *_more_lines(result, owed),
        *(said for one in read_only for said in (one.reason, one.advice) if said is not None),
    ]
    if hopeless:
        lines.append(no_good_copy(hopeless))
    if is_behind and not_recorded is not None:
        lines += [said for said in (not_recorded.message, not_recorded.advice) if said is not None]
    tables = (verdict_table(result.problems, names),) if result.problems else ()
    exit_code = worst_exit_code(
        (
            *(found.verdict.exit_code for found in result.problems),
            IntegrityError.exit_code if hopeless or is_behind else 0,
            StorageError.exit_code if result.away or read_only else 0,
            FINDINGS.code if owed else 0,
        )
    )
    if not_recorded is not None and not result.problems:
        exit_code = not_recorded.exit_code
    data = {
        **_data(result, owed, names),
        "read_only_stores": [one.store.name for one in read_only],
        "home_is_behind": is_behind,
    }
    return Result(data, tables, tuple(lines), exit_code=exit_code)


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
    lines += [said for one in result.away for said in (one.reason, one.advice) if said is not None]
    if owed:
        lines.append(
            message(
                "尚欠 {n} 份副本，请运行 jinkui replicate",
                "{n} {n:copy|copies} {n:is|are} owed; run jinkui replicate",
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


def _data(result: AuditResult, owed: Sequence[OwedCopy], names: Names) -> dict[str, object]:
    plan = result.plan
    owed_fields = (*_OWED_PLACE, *name_fields(names, lambda one: one.package_id), *_OWED_SIZE)
    data: dict[str, object] = {
        "selection": plan.selection.name,
        "checked_copies": len(plan.tasks) - result.not_reached,
        "checked_files": result.checked_files,
        "checked_bytes": result.checked_bytes,
        "not_due": plan.not_due,
        "not_reached": result.not_reached,
        "resumed": result.resumed,
        "copies": [
            *(verdict_data(found, names) for found in result.problems),
            *(verdict_data(FileVerdict(one.store.name, None, "", Verdict.NOT_CHECKED)) for one in result.away),
        ],
        "absent_stores": [one.store.name for one in result.away],
        "stores_away": [
            {"store": one.store.name, "presence": one.presence.value, "reason": one.reason, "advice": one.advice}
            for one in result.away
        ],
        "owed": [as_data(owed_fields, one) for one in owed],
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


def verdict_table(problems: Sequence[FileVerdict], names: Names = NO_NAMES) -> Table:
    """Return the files that are not OK as a table, each with what people call its package."""
    return listing(message("不正常的文件", "files that are not OK"), _fields(names), problems)[0]


def verdict_data(found: FileVerdict, names: Names = NO_NAMES) -> dict[str, object]:
    """Return one verdict as JSON holds it."""
    return as_data(_fields(names), found)


def _fields(names: Names) -> tuple[Field[FileVerdict], ...]:
    return (*_PLACE, *name_fields(names, lambda one: one.package_id), *_FOUND)
