"""Audits: the copies of a plan are read again, byte by byte, and what is not as it should be is named.

An audit looks and changes nothing. A store that goes away while it is read is named once; its other copies are not
checked.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from archives.errors import JinkuiError, StorageError
from archives.journal.facts import AuditCompleted, DamageFound, Fact, FixityChecked, StoreReading
from archives.pipeline import Failed, run
from preservation.audit.judge_copy import audit_copy, audit_store, mark_of_copy
from preservation.audit.plan import AuditPlan, CopyTask
from preservation.audit.remembered import RememberedCopy
from preservation.audit.verdicts import CopyAudit, FileVerdict
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.journal_fold import JournalReading
from preservation.stores.presence import StorePresence, presence_of, unavailable
from preservation.stores.store import Store
from preservation.vault.vault import Vault

_PACKAGES_AN_ENTRY = 1000
_COPIES_A_SAVE = 50
_BYTES_A_SAVE = 1 << 30


Remember = Callable[[Sequence[CopyAudit]], None]
"""Keeps copies that were found whole, so that an audit that is stopped goes on."""


@dataclass(frozen=True, slots=True)
class Budget:
    """When an audit stops before its end: after so many seconds or bytes; None for no limit."""

    seconds: float | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class AuditResult:
    """A whole audit.

    ``problems``: every file that is not OK. ``away``: stores that could not be judged, and why. ``not_reached``: copies
    the budget left or whose store went away. ``resumed``: copies that an audit stopped before had read and nobody wrote
    to since.
    """

    plan: AuditPlan
    checked_files: int
    checked_bytes: int
    problems: tuple[FileVerdict, ...]
    away: tuple[StorePresence, ...]
    good_copies: tuple[tuple[str, str], ...]
    not_reached: int
    resumed: int
    readings: tuple[StoreReading, ...]

    def facts(self, anchors: Anchors) -> tuple[Fact, ...]:
        """Return what the journal is to remember; damage that it knows of already is not told again."""
        facts = facts_about(self.good_copies, self.problems, anchors)
        completed = AuditCompleted(self.plan.selection.name, len(self.problems), self.readings)
        return (*facts, completed) if self.readings else facts


def facts_of(copies: Iterable[CopyAudit], anchors: Anchors) -> tuple[Fact, ...]:
    """Return what the journal is to remember of single copies that were judged."""
    judged = tuple(copies)
    good = tuple((one.store, one.package_id) for one in judged if one.package_id and not one.problems)
    return facts_about(good, tuple(found for one in judged for found in one.problems), anchors)


def facts_about(
    good_copies: Sequence[tuple[str, str]], problems: Sequence[FileVerdict], anchors: Anchors
) -> tuple[Fact, ...]:
    """Return which copies were found whole, and which damage is new to the journal."""
    facts: list[Fact] = []
    known = anchors.damage
    for store in sorted({name for name, _ in good_copies}):
        packages = [package for name, package in good_copies if name == store]
        for start in range(0, len(packages), _PACKAGES_AN_ENTRY):
            facts.append(FixityChecked(store, tuple(packages[start : start + _PACKAGES_AN_ENTRY])))
    facts += [
        DamageFound(found.store, found.package_id, found.file, found.verdict)
        for found in problems
        if found.verdict.is_damage and (found.store, found.package_id, found.file, found.verdict) not in known
    ]
    return tuple(facts)


@dataclass(slots=True)
class _Tally:
    """What an audit has found so far; ``unsaved`` are whole copies that the working state does not know of yet."""

    results: list[CopyAudit] = field(default_factory=list)
    gone: dict[str, StorePresence] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)
    unsaved: list[CopyAudit] = field(default_factory=list)
    size_bytes: int = 0
    done: int = 0
    resumed: int = 0


def present_stores(vault: Vault, anchors: Anchors) -> tuple[tuple[Store, ...], tuple[StorePresence, ...]]:
    """Return the stores that can be judged, and those that cannot with the reason.

    A sealed offline set that is not there and not due is neither: it is not expected.
    """
    looked = [presence_of(store, anchors.stores.get(store.name)) for store in vault.stores]
    there = tuple(one.store for one in looked if one.is_there)
    away = tuple(one for one in looked if not one.is_there and one.store.name not in vault.promise.sealed)
    return there, away


def audit(
    vault: Vault,
    reading: JournalReading,
    plan: AuditPlan,
    *,
    workers: int,
    clock: Callable[[], float],
    budget: Budget = Budget(),
    memory: Remember | None = None,
    remembered: Mapping[tuple[str, str], RememberedCopy] | None = None,
    progress: Callable[[CopyAudit], None] = lambda _: None,
) -> AuditResult:
    """Judge the stores' own files and journals and every copy of the plan.

    ``clock`` gives seconds that only go forward. ``memory`` keeps what was found whole as the audit goes on, and
    ``remembered`` is what it kept of a run that was stopped. Raises ``IntegrityError`` when the journal has no whole
    copy, ``StorageError`` when no store is there.
    """
    begun = clock()
    there, away = present_stores(vault, reading.anchors)
    tally = _Tally()
    for store in there:
        if plan.selection.stores is None or store.name in plan.selection.stores:
            _take_store(vault, store, reading, tally, progress)

    def judge(task: CopyTask) -> tuple[CopyAudit, float, bool]:
        moment = clock()
        store = vault.store(task.store)
        known = (remembered or {}).get((task.store, task.package_id))
        if known and _is_untouched(vault, store, task, known, reading):
            result = CopyAudit(task.store, task.package_id, 0, 0, (), known.version, known.mark)
            return result, clock() - moment, True
        return audit_copy(vault, store, task.package_id, reading=reading), clock() - moment, False

    def tasks() -> Iterator[CopyTask]:
        for task in plan.tasks:
            if budget.seconds is not None and clock() - begun >= budget.seconds:
                return
            if budget.size_bytes is not None and tally.size_bytes >= budget.size_bytes:
                return
            if task.store not in tally.gone:
                yield task

    for outcome in run(judge, tasks(), executor_factory=lambda: ThreadPoolExecutor(workers), window=2 * workers):
        if isinstance(outcome, Failed):
            _take_failure(vault, outcome, tally)
        else:
            _take(outcome.result, tally, memory)
            progress(outcome.result[0])
    _save(tally, memory)
    return _result(plan, tally, away, workers)


def _take_store(
    vault: Vault, store: Store, reading: JournalReading, tally: _Tally, progress: Callable[[CopyAudit], None]
) -> None:
    try:
        result = audit_store(vault, store, reading=reading)
    except StorageError as failure:
        tally.gone[store.name] = unavailable(store, failure)
        return
    tally.results.append(result)
    progress(result)


def _take(judged: tuple[CopyAudit, float, bool], tally: _Tally, memory: Remember | None) -> None:
    result, seconds, resumed = judged
    tally.results.append(result)
    tally.size_bytes += result.checked_bytes
    tally.done += 1
    tally.resumed += resumed
    tally.spent[result.store] = tally.spent.get(result.store, 0.0) + seconds
    if not result.problems and not resumed:
        tally.unsaved.append(result)
    full = sum(one.checked_bytes for one in tally.unsaved) >= _BYTES_A_SAVE
    if full or len(tally.unsaved) >= _COPIES_A_SAVE:
        _save(tally, memory)


def _save(tally: _Tally, memory: Remember | None) -> None:
    """Keep what was found whole; that it cannot be kept takes nothing from what was found."""
    if memory is not None and tally.unsaved:
        with contextlib.suppress(StorageError):
            memory(tally.unsaved)
    tally.unsaved.clear()


def _take_failure(vault: Vault, failed: Failed[CopyTask], tally: _Tally) -> None:
    """A store that is gone is named once; what is no fault of a store ends the audit."""
    task, failure = failed.item, failed.error
    if not isinstance(failure, StorageError):
        raise failure
    store = vault.store(task.store)
    tally.gone.setdefault(task.store, unavailable(store, failure))


def _is_untouched(vault: Vault, store: Store, task: CopyTask, known: RememberedCopy, reading: JournalReading) -> bool:
    versions = reading.anchors.copy_versions(task.store, task.package_id)
    try:
        return versions[-1].version == known.version and mark_of_copy(vault, store, task.package_id) == known.mark
    except JinkuiError:
        return False


def _each_once(results: Sequence[CopyAudit]) -> Iterator[FileVerdict]:
    """Yield what is not OK; what shuts both the rest of a store and packages out is told of the packages alone."""
    of_packages = {(one.store, found.file) for one in results if one.package_id for found in one.problems}
    for result in results:
        for found in result.problems:
            if result.package_id or (found.store, found.file) not in of_packages:
                yield found


def _result(plan: AuditPlan, tally: _Tally, away: Sequence[StorePresence], workers: int) -> AuditResult:
    copies = [result for result in tally.results if result.package_id is not None]
    readings = tuple(
        StoreReading(
            store=name,
            copies=len(mine),
            files=sum(result.checked_files for result in mine),
            size_bytes=sum(result.checked_bytes for result in mine),
            seconds=round(seconds / workers, 3),
        )
        for name, seconds in sorted(tally.spent.items())
        if (mine := [result for result in copies if result.store == name])
    )
    return AuditResult(
        plan=plan,
        checked_files=sum(result.checked_files for result in tally.results),
        checked_bytes=sum(result.checked_bytes for result in tally.results),
        problems=tuple(_each_once(tally.results)),
        away=(*away, *tally.gone.values()),
        good_copies=tuple((r.store, r.package_id) for r in copies if r.package_id and not r.problems),
        not_reached=len(plan.tasks) - tally.done,
        resumed=tally.resumed,
        readings=readings,
    )
