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
from archives.message import message
from cli import wiring
from cli.commands.audit.limits import parse_budget, parse_share
from cli.commands.audit.lines import lines_of, read_in_all
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
    data = {
        "checked_files": 0,
        "checked_bytes": 0,
        "copies": [verdict_data(p) for p in lost],
        "error": _error_data(broken),
    }
    table = verdict_table([replace(found, reason=broken.message) for found in lost])
    unread = message(
        "没有读任何副本：应有哪些，要由日志说", "no copies were read: the journal says which there should be"
    )
    lines = tuple(said for said in (broken.message, broken.advice, unread) if said is not None)
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
        *lines_of(result, owed, not_recorded=not_recorded, read_only=read_only, is_behind=is_behind),
        *([no_good_copy(hopeless)] if hopeless else []),
        read_in_all(result),
    ]
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
        "not_recorded": not_recorded and _error_data(not_recorded),
    }
    return Result(data, tables, tuple(lines), exit_code=exit_code)


def _error_data(failure: JinkuiError) -> dict[str, object]:
    return {"code": failure.code, "message": failure.message, "subject": failure.subject, "advice": failure.advice}


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
