"""The audit: what is to be read, how far it is, what was found, what the journal remembers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from archives.errors import IntegrityError, JinkuiError, UsageProblem
from archives.identifiers import PackageId
from archives.message import Message, message
from cli import wiring
from cli.alarms import raise_alarms
from cli.commands.rendering import BYTES, duration_text, size_text, the_record
from cli.frame import Call
from cli.home import Home, open_home
from cli.metrics import update_metrics_file
from cli.output import Result, Table
from cli.stores import no_store
from preservation.audit_plan import AuditPlan, AuditSelection, largest_damaged_share, plan_audit
from preservation.audit_run import AuditRun, RememberedCopy
from preservation.fixity import AuditResult, Budget, audit, present_stores
from preservation.repair import RepairAction, plan_repair
from preservation.replication import OwedCopy, plan_replication
from preservation.verdicts import CopyAudit, FileVerdict, Verdict

_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What the command line asked of an audit."""

    due: bool = False
    package: str | None = None
    store: str | None = None
    budget: str | None = None
    sample: str | None = None
    restart: bool = False


def audit_copies(
    call: Call,
    *,
    all: bool,  # noqa: A002 - the option's name
    due: bool,
    package: str | None,
    store: str | None,
    budget: str | None,
    sample: str | None,
    restart: bool,
    throttle: float | None,
) -> Result:
    """Read copies again, byte by byte, and say what is not as it should be."""
    if all and (due or sample or package or store):
        raise UsageProblem(
            message("--all 不能与其他选择并用", "--all does not go with another selection"), subject="--all"
        )
    home = open_home(call.home, call.output)
    if throttle is not None:
        home.throttle_mib_per_second = throttle
    options = AuditOptions(due, package, store, budget, sample, restart)
    try:
        result = look(home, options, memory=AuditRun(home.work, _selection(home, options).name))
    except IntegrityError as broken:
        lost = _without_journal(home, broken)
        raise_alarms(home, lost, [], [])
        return _told_lost(lost, broken)
    hopeless = any(
        step.action is RepairAction.NO_GOOD_COPY for step in plan_repair(home.vault, home.reading, result.problems)
    )
    owed = plan_replication(home.reading.anchors, home.vault.promise, _online(home), store=store)
    not_recorded = _record(home, result)
    told = _told(result, owed, hopeless=hopeless, not_recorded=not_recorded)
    alarms = raise_alarms(home, result.problems, [one.store.name for one in result.away], owed)
    update_metrics_file(home)
    return replace(told, exit_code=told.exit_code if told.exit_code in (9, 10) else alarms.exit_code or told.exit_code)


def look(home: Home, options: AuditOptions, *, memory: AuditRun | None = None) -> AuditResult:
    """Run an audit; changes nothing but the working state by which a stopped audit goes on (with ``memory``)."""
    reading = home.reading
    there, _ = present_stores(home.vault, reading.anchors)
    plan = plan_audit(
        reading.anchors,
        _selection(home, options),
        there=frozenset(one.name for one in there),
        now=wiring.now(),
        draw=wiring.draw,
    )
    return audit(
        home.vault,
        reading,
        plan,
        workers=home.settings.audit.workers or wiring.processors(),
        clock=wiring.seconds,
        budget=parse_budget(options.budget),
        memory=(lambda whole: memory.remember(whole, wiring.now())) if memory else None,
        remembered=_remembered(home, memory, restart=options.restart) if memory else {},
        progress=_Progress(home, plan),
    )


def _remembered(home: Home, memory: AuditRun, *, restart: bool) -> Mapping[tuple[str, str], RememberedCopy]:
    if restart:
        memory.end()
    verified_at = home.reading.anchors.verified_at
    remembered = {
        copy: kept
        for copy, kept in memory.begin(wiring.now()).items()
        if verified_at.get(copy, kept.read_at) < kept.read_at
    }
    if remembered:
        home.output.say(
            message(
                "继续上次中断的核查：{n} 份副本已读过，此后未被改动的不再读（--restart 从头开始）",
                "going on with an audit that was stopped: {n} copies were read; those nobody wrote to since are not read again (--restart begins anew)",
                n=len(remembered),
            )
        )
    return remembered


def parse_budget(text: str | None) -> Budget:
    """Read ``2h``, ``90min``, ``500GiB``; raises ``UsageProblem``."""
    if text is None:
        return Budget()
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)", text)
    if found and found[2] in BYTES:
        return Budget(size_bytes=int(float(found[1]) * BYTES[found[2]]))
    if found and found[2] in _SECONDS:
        return Budget(seconds=float(found[1]) * _SECONDS[found[2]])
    raise UsageProblem(
        message("看不懂的限额：{text}", "not a budget: {text}", text=text),
        subject=text,
        advice=message("例如 2h、90min、500GiB", "for example 2h, 90min, 500GiB"),
    )


def parse_share(text: str | None) -> float | None:
    """Read ``1%`` or ``0.5%`` as a share above 0 and at most 1; raises ``UsageProblem``."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text)
    if found and 0 < float(found[1]) <= 100:
        return float(found[1]) / 100
    raise UsageProblem(
        message("抽样比例应写作 1% 到 100%：{text}", "a sample is a share such as 1%: {text}", text=text), subject=text
    )


def _selection(home: Home, options: AuditOptions) -> AuditSelection:
    stores = None
    if options.store is not None:
        if options.store not in {s.name for s in home.vault.stores}:
            raise no_store(options.store, home.vault.stores)
        stores = frozenset({options.store})
    return AuditSelection(
        interval_days=home.settings.audit.interval_days if options.due else None,
        sample=parse_share(options.sample),
        package_ids=None if options.package is None else frozenset({_package_id(home, options.package)}),
        stores=stores,
    )


def _package_id(home: Home, named: str) -> str:
    """Return the identifier of a package that was named by it or by an archival code."""
    if named in home.reading.anchors.versions:
        return PackageId(named).value
    return the_record(home, named, None).package_id.value


def _online(home: Home) -> list[str]:
    return [one.name for one in home.vault.stores if one.name not in home.vault.promise.offline]


def _record(home: Home, result: AuditResult) -> JinkuiError | None:
    """Let the journal remember the audit; return why it could not, which hides nothing of what was found."""
    try:
        home.begin_writing()
        home.vault.ledger.append(result.facts(home.reading.refresh()))
        home.refresh()
    except JinkuiError as failure:
        home.output.say(
            message(
                "核查结果未能记入日志：{reason}",
                "the journal could not take the result: {reason}",
                reason=failure.message,
            )
        )
        return failure
    AuditRun(home.work, result.plan.selection.name).end()
    return None


class _Progress:
    """Says how far an audit is and how long it will take."""

    def __init__(self, home: Home, plan: AuditPlan) -> None:
        self._output = home.output
        self._plan = plan
        self._begun = wiring.seconds()
        self._copies = 0
        self._bytes = 0

    def __call__(self, done: CopyAudit) -> None:
        """Take one judged copy."""
        self._copies += done.package_id is not None
        self._bytes += done.checked_bytes
        spent = wiring.seconds() - self._begun
        left = max(0, self._plan.size_bytes - self._bytes)
        eta = left / (self._bytes / spent) if self._bytes and spent > 0 else 0.0
        self._output.progress(
            message(
                "已核查 {n}/{of} 份、{size}，约余 {eta}",
                "checked {n} of {of} copies, {size}, about {eta} left",
                n=self._copies,
                of=len(self._plan.tasks),
                size=size_text(self._bytes),
                eta=duration_text(eta),
            )
        )


def _without_journal(home: Home, broken: IntegrityError) -> tuple[FileVerdict, ...]:
    """Return what is known when no store holds the journal whole: nothing can be judged."""
    return tuple(FileVerdict(s.name, None, broken.subject, Verdict.DAMAGED) for s in home.vault.stores)


def _told_lost(lost: tuple[FileVerdict, ...], broken: IntegrityError) -> Result:
    error = {"code": broken.code, "message": broken.message, "subject": broken.subject, "advice": broken.advice}
    data = {"checked_files": 0, "checked_bytes": 0, "copies": [problem_data(p) for p in lost], "error": error}
    return Result(data, (problem_table(lost),), (broken.message,), exit_code=IntegrityError.exit_code)


def _told(result: AuditResult, owed: Sequence[OwedCopy], *, hopeless: bool, not_recorded: JinkuiError | None) -> Result:
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
    tables = (problem_table(result.problems),) if result.problems else ()
    unreadable = any(found.verdict is Verdict.UNREADABLE for found in result.problems)
    codes = (
        (10, hopeless),
        (not_recorded.exit_code if not_recorded else 0, not_recorded is not None and not result.problems),
        (9, bool(result.away) or unreadable),
        (12, bool(result.problems or owed)),
    )
    exit_code = next((code for code, holds in codes if holds), 0)
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
            *(problem_data(found) for found in result.problems),
            *(problem_data(FileVerdict(one.store.name, None, "", Verdict.NOT_CHECKED)) for one in result.away),
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


def problem_table(problems: Sequence[FileVerdict]) -> Table:
    """Return the files that are not OK as a table."""
    columns = (
        message("存储", "store"),
        message("判定", "verdict"),
        message("文件", "file"),
        message("原因", "reason"),
    )
    return Table(
        message("不正常的文件", "files that are not OK"),
        columns,
        tuple((f.store, f.verdict.value, f.file, f.reason or "") for f in problems),
    )


def problem_data(found: FileVerdict) -> dict[str, object]:
    """Return one verdict as JSON holds it."""
    return {
        "store": found.store,
        "package_id": found.package_id,
        "file": found.file,
        "verdict": found.verdict.value,
        "reason": found.reason,
    }
