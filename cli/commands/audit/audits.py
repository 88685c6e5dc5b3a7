"""The audit: what is to be read, how far it is, what was found, what the journal remembers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from archives.errors import IntegrityError, JinkuiError, UsageProblem
from archives.message import message
from archives.record.identifiers import PackageId
from cli import wiring
from cli.commands.audit.verdict_telling import told, told_lost
from cli.commands.record.rendering import BYTES, duration_text, size_text, the_record
from cli.frame.commands import Call
from cli.frame.output import Result
from cli.home.home import Home, home_of
from cli.upkeep.alarms import raise_alarms
from cli.upkeep.metrics import update_metrics_file
from preservation.audit.audit import AuditResult, Budget, audit, present_stores
from preservation.audit.plan import AuditPlan, AuditSelection, plan_audit
from preservation.audit.remembered import AuditRun, RememberedCopy
from preservation.audit.repair import RepairAction, plan_repair
from preservation.audit.verdicts import CopyAudit, FileVerdict, Verdict
from preservation.vault.replication import plan_replication

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
    home = home_of(call)
    if throttle is not None:
        home.throttle_mib_per_second = throttle
    options = AuditOptions(due, package, store, budget, sample, restart)
    try:
        result = look(home, options, memory=AuditRun(home.work, _selection(home, options).name))
    except IntegrityError as broken:
        lost = _without_journal(home, broken)
        raise_alarms(home, lost, [], [])
        return told_lost(lost, broken)
    hopeless = any(
        step.action is RepairAction.NO_GOOD_COPY
        for step in plan_repair(home.vault, home.archive.fresh_reading, result.problems)
    )
    owed = plan_replication(home.archive.fresh_reading.anchors, home.vault.promise, _online(home), store=store)
    not_recorded = _record(home, result)
    answer = told(result, owed, hopeless=hopeless, not_recorded=not_recorded)
    alarms = raise_alarms(home, result.problems, [one.store.name for one in result.away], owed)
    update_metrics_file(home)
    return replace(
        answer, exit_code=answer.exit_code if answer.exit_code in (9, 10) else alarms.exit_code or answer.exit_code
    )


def look(home: Home, options: AuditOptions, *, memory: AuditRun | None = None) -> AuditResult:
    """Run an audit; changes nothing but the working state by which a stopped audit goes on (with ``memory``)."""
    reading = home.archive.fresh_reading
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
    verified_at = home.archive.fresh_reading.anchors.verified_at
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
        stores = frozenset({home.vault.store(options.store).name})
    return AuditSelection(
        interval_days=home.settings.audit.interval_days if options.due else None,
        sample=parse_share(options.sample),
        package_ids=None if options.package is None else frozenset({_package_id(home, options.package)}),
        stores=stores,
    )


def _package_id(home: Home, named: str) -> str:
    """Return the identifier of a package that was named by it or by an archival code."""
    if named in home.archive.fresh_reading.anchors.versions:
        return PackageId(named).value
    return the_record(home, named, None).package_id.value


def _online(home: Home) -> list[str]:
    return [one.name for one in home.vault.stores if one.name not in home.vault.promise.offline]


def _record(home: Home, result: AuditResult) -> JinkuiError | None:
    """Let the journal remember the audit; return why it could not, which hides nothing of what was found."""
    try:
        home.begin_writing()
        home.vault.ledger.append(result.facts(home.archive.fresh_reading.refresh()))
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
