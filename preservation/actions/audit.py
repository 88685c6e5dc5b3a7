"""The audit of an archive: copies read again, what was found remembered by the journal and by a next, stopped run."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from archives.errors import IntegrityError, JinkuiError, NotFoundError, StorageError
from archives.journal.concern import UNREAD
from archives.journal.facts import StoreMoved, StoreSetRight
from archives.message import message
from archives.record.identifiers import PackageId
from preservation.actions.journal.reconcile import OtherBranch, other_branches
from preservation.archive import Archive
from preservation.audit.audit import AuditResult, Budget, present_stores
from preservation.audit.audit import audit as read_copies
from preservation.audit.plan import AuditPlan, AuditSelection, plan_audit
from preservation.audit.remembered import AuditRun, RememberedCopy
from preservation.audit.repair import RepairAction, plan_repair
from preservation.audit.unread import remember_unread
from preservation.audit.verdicts import CopyAudit, FileVerdict, Verdict
from preservation.catalogue.naming import named_apart, named_record
from preservation.journal.refusals import not_done_while_behind, retired
from preservation.stores.store import JOURNAL
from preservation.vault.replication import OwedCopy, plan_replication


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """What is to be read: everything, or what is named here (``package`` by its identifier or an archival code).

    ``interval_days``: only copies not found whole within so many days; ``sample``: a share of the copies, drawn at random;
    ``restart``: a stopped audit is not gone on with.
    """

    interval_days: int | None = None
    package: str | None = None
    store: str | None = None
    sample: float | None = None
    budget: Budget = field(default_factory=Budget)
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found, and what is owed to the online stores.

    ``hopeless``: of so many files no good copy is left. ``not_recorded`` is why the journal could not remember the audit;
    ``behind`` is from which entry on stores hold what this home does not know, 0 where they do not: what such entries
    explain was not judged, and nothing is recorded.
    """

    result: AuditResult
    owed: tuple[OwedCopy, ...]
    hopeless: int
    not_recorded: JinkuiError | None
    behind: int = 0


@dataclass(frozen=True, slots=True)
class JournalLost:
    """No store holds the journal whole, so that nothing can be judged."""

    problems: tuple[FileVerdict, ...]
    broken: IntegrityError


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an audit is: copies and bytes read, of how many, in how many seconds."""

    copies: int
    of_copies: int
    size_bytes: int
    of_bytes: int
    seconds: float


_STOPPED = message("继续上次中断的核查", "going on with an audit that was stopped")
_UNRECORDED = message(
    "上次核查的结果没能记入日志，接着进行", "going on from the audit before, whose result the journal could not take"
)

Watch = Callable[[Progress], None]
"""Is told after every copy."""


def audit(archive: Archive, request: AuditRequest, *, workers: int, watch: Watch) -> Audited | JournalLost:
    """Read copies again and let the journal remember what was found; an audit that was stopped goes on.

    Raises ``NotFoundError`` for a package or store that is not known, ``ConfigurationError`` before anything is read in a
    home that retired: its archive is audited where it goes on.
    """
    if archive.memory.is_there and (since := archive.memory.retired_at):
        raise retired(since)
    try:
        selection = _selection(archive, request)
        run = AuditRun(archive.work, selection.name)
        if request.restart:
            run.end()
        result = _read(archive, selection, request.budget, workers, watch, run)
    except IntegrityError as broken:
        stores = archive.vault.stores
        return JournalLost(tuple(FileVerdict(s.name, None, broken.subject, Verdict.DAMAGED) for s in stores), broken)
    with suppress(StorageError):  # that it cannot be kept takes nothing from what was found
        remember_unread(archive.work, result)
    branches = _branches(archive, result)
    result = _without_what_explains(result, branches)
    steps = plan_repair(archive.vault, archive.fresh_reading, result.problems)
    promise = archive.vault.promise
    online = [one.name for one in archive.vault.stores if one.name not in promise.offline]
    owed = plan_replication(archive.fresh_reading.anchors, promise, online, store=request.store)
    hopeless = len({step.file for step in steps if step.action is RepairAction.NO_GOOD_COPY})
    if branches:
        not_judged = message(
            "由它们而来的没有核查，结果没有记入日志", "what comes of them was not judged, and nothing is recorded"
        )
        names, first = [one.store.name for one in branches], min(one.first for one in branches)
        run.leave_unrecorded(archive.world.now())
        return Audited(result, owed, hopeless, not_done_while_behind(not_judged, names, first), behind=first)
    not_recorded = _record(archive, result)
    if not_recorded is None:
        run.end()
    else:
        run.leave_unrecorded(archive.world.now())
    return Audited(result, owed, hopeless, not_recorded)


def look(archive: Archive, request: AuditRequest, *, workers: int, watch: Watch) -> AuditResult:
    """Read copies again and change nothing at all.

    Raises ``IntegrityError`` when no store holds the journal whole, ``NotFoundError`` for what is not known.
    """
    return _read(archive, _selection(archive, request), request.budget, workers, watch, None)


def _selection(archive: Archive, request: AuditRequest) -> AuditSelection:
    return AuditSelection(
        interval_days=request.interval_days,
        sample=request.sample,
        package_ids=None if request.package is None else frozenset({_package_id(archive, request.package)}),
        stores=None if request.store is None else frozenset({archive.vault.store(request.store).name}),
    )


def _package_id(archive: Archive, named: str) -> str:
    if named in archive.fresh_reading.anchors.versions:
        return PackageId(named).value
    try:
        return named_record(archive.catalogue, named, None).package_id.value
    except NotFoundError:
        if (apart := named_apart(archive.catalogue, named, None)) is None:
            raise
        return apart.package_id


def _read(
    archive: Archive, selection: AuditSelection, budget: Budget, workers: int, watch: Watch, run: AuditRun | None
) -> AuditResult:
    world, reading = archive.world, archive.fresh_reading
    reading.refresh()
    there, _ = present_stores(archive.vault, reading.anchors)
    names = frozenset(one.name for one in there)
    plan = plan_audit(reading.anchors, selection, there=names, now=world.now(), draw=world.draw)
    return read_copies(
        archive.vault,
        reading,
        plan,
        workers=workers,
        clock=world.seconds,
        budget=budget,
        memory=(lambda whole: run.remember(whole, world.now())) if run else None,
        remembered=_remembered(archive, run) if run else {},
        progress=_Tally(plan, world.seconds, watch),
    )


def _branches(archive: Archive, result: AuditResult) -> tuple[OtherBranch, ...]:
    """Return what stores hold that this home does not know, looked for where something of a journal is not as it should be."""
    of_journals = any(found.package_id is None and found.file.startswith(f"{JOURNAL}/") for found in result.problems)
    return other_branches(archive) if of_journals or archive.vault.ledger.is_behind() else ()


def _without_what_explains(result: AuditResult, branches: Sequence[OtherBranch]) -> AuditResult:
    """Return what an audit found but for what entries explain that this home does not know: of that it can say nothing."""
    explains = {one.store.name: one.explains() for one in branches}
    left = [
        found
        for found in result.problems
        if found.store not in explains or not explains[found.store](found.package_id, found.file)
    ]
    return replace(result, problems=tuple(left))


def _remembered(archive: Archive, run: AuditRun) -> Mapping[tuple[str, str], RememberedCopy]:
    """Return what an audit before, of which the journal does not know, had found whole and nobody verified since."""
    verified_at, unread_since = archive.fresh_reading.anchors.verified_at, _unread_since(archive)
    never = datetime.min.replace(tzinfo=UTC)
    was_stopped = not run.was_left_unrecorded()
    remembered = {
        copy: kept
        for copy, kept in run.begin(archive.world.now()).items()
        if max(verified_at.get(copy, never), unread_since.get(copy[0], never)) < kept.read_at
    }
    if remembered:
        said = _STOPPED if was_stopped else _UNRECORDED
        archive.world.tell(
            message(
                "{said}：{n} 份副本已读过，此后未被改动的不再读（--restart 从头开始）",
                "{said}: {n} {n:copy|copies} {n:was|were} read; those nobody wrote to since are not read again (--restart begins anew)",
                said=said,
                n=len(remembered),
            )
        )
    return remembered


def _unread_since(archive: Archive) -> Mapping[str, datetime]:
    """Return when stores were moved or set back: what was read in them before is read again."""
    about = archive.fresh_reading.entries_about(UNREAD)
    return {one.fact.store: one.at for one in about if isinstance(one.fact, StoreMoved | StoreSetRight)}


def _record(archive: Archive, result: AuditResult) -> JinkuiError | None:
    """Let the journal remember the audit; return why it could not, which hides nothing of what was found."""
    try:
        archive.begin_writing(told=[one.store.name for one in result.away])
        archive.vault.ledger.append(result.facts(archive.fresh_reading.refresh()))
        archive.refresh()
    except JinkuiError as failure:
        return failure
    return None


class _Tally:
    """Counts what was judged and tells how far the audit is."""

    def __init__(self, plan: AuditPlan, clock: Callable[[], float], watch: Watch) -> None:
        self._plan = plan
        self._clock = clock
        self._watch = watch
        self._begun = clock()
        self._copies = 0
        self._bytes = 0

    def __call__(self, done: CopyAudit) -> None:
        """Take one judged copy."""
        self._copies += done.package_id is not None
        self._bytes += done.checked_bytes
        spent = self._clock() - self._begun
        self._watch(Progress(self._copies, len(self._plan.tasks), self._bytes, self._plan.size_bytes, spent))
