"""Repairs: what an audit found, mended file by file from a copy that is verified in the same operation.

The source of every mended file is judged by the journal's anchors, never by a majority. The damaged file goes to
quarantine, the result is read again where it lies. Where no store has a good copy nothing is changed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from archives.errors import IntegrityError, NotFoundError
from archives.facts import CopyRepaired
from archives.identifiers import PackageId
from archives.message import message
from preservation.fixity import (
    Expectation,
    FileVerdict,
    JournalReading,
    Verdict,
    expected_files,
    expected_outside_packages,
    judge_file,
)
from preservation.store import QUARANTINE, WORK, EntryKind, Store
from preservation.vault import Vault


class RepairAction(StrEnum):
    """What is done about one file."""

    COPY = "copy from a good store"
    REWRITE = "write again"
    SET_ASIDE = "move to quarantine"
    NO_GOOD_COPY = "no good copy"


_MENDABLE = (Verdict.DAMAGED, Verdict.MISSING, Verdict.UNTRACKED)


@dataclass(frozen=True, slots=True)
class RepairStep:
    """One file of one copy and what is to be done about it; ``from_store`` names the good copy."""

    store: str
    package_id: str | None
    file: str
    verdict: Verdict
    from_store: str | None
    action: RepairAction
    expected: Expectation | None


def plan_repair(vault: Vault, problems: Iterable[FileVerdict]) -> tuple[RepairStep, ...]:
    """Return what can be done about each file that an audit found not to be OK; changes nothing.

    The stores' own files come first, because nothing can be recorded in a journal that is broken.
    """
    planner = _Planner(vault)
    steps = [planner.step(problem) for problem in problems if problem.verdict in _MENDABLE]
    return tuple(sorted(steps, key=lambda step: step.package_id is not None))


def repair(
    vault: Vault, plan: Sequence[RepairStep], *, stamp: str, progress: Callable[[RepairStep], None] = lambda _: None
) -> tuple[RepairStep, ...]:
    """Carry out a plan and return the steps that were done; the journal remembers each.

    A source is read and judged again while it is copied. Raises ``IntegrityError`` when it is no longer good; the
    file in question then stays as it was. ``stamp`` names this repair's folder in quarantine.
    """
    done: list[RepairStep] = []
    facts: list[CopyRepaired] = []
    for step in plan:
        if step.action is RepairAction.NO_GOOD_COPY:
            continue
        if step.package_id is not None and facts:
            vault.ledger.append(facts)
            facts = []
        facts.append(_carry_out(vault, step, stamp))
        done.append(step)
        progress(step)
    if facts:
        vault.ledger.append(facts)
    return tuple(done)


class _Planner:
    """Knows what must lie where, worked out once a package and once a store."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._reading = JournalReading(vault)
        self._packages: dict[str, dict[PurePosixPath, Expectation]] = {}
        self._stores: dict[str, dict[PurePosixPath, Expectation]] = {}

    def step(self, problem: FileVerdict) -> RepairStep:
        """Return what can be done about one file."""
        path = PurePosixPath(problem.file)
        expected = self._expected(problem).get(path)
        source = None
        if problem.verdict is Verdict.UNTRACKED:
            action = RepairAction.SET_ASIDE
        elif expected is None:
            action = RepairAction.NO_GOOD_COPY
        elif expected.data is not None:
            action = RepairAction.REWRITE
        else:
            source = self._good_source(problem.store, path, expected)
            action = RepairAction.COPY if source else RepairAction.NO_GOOD_COPY
        return RepairStep(problem.store, problem.package_id, problem.file, problem.verdict, source, action, expected)

    def _expected(self, problem: FileVerdict) -> dict[PurePosixPath, Expectation]:
        if problem.package_id is None:
            if problem.store not in self._stores:
                store = _store(self._vault, problem.store)
                self._stores[problem.store] = expected_outside_packages(store, self._vault, self._reading.anchors)
            return self._stores[problem.store]
        if problem.package_id not in self._packages:
            versions = self._reading.anchors.versions[problem.package_id]
            try:
                self._packages[problem.package_id] = expected_files(self._vault, versions)
            except IntegrityError:
                self._packages[problem.package_id] = {}
        return self._packages[problem.package_id]

    def _good_source(self, damaged: str, path: PurePosixPath, expected: Expectation) -> str | None:
        others = (store for store in self._vault.stores if store.name != damaged)
        return next((store.name for store in others if judge_file(store, path, expected)[0] is Verdict.OK), None)


def _carry_out(vault: Vault, step: RepairStep, stamp: str) -> CopyRepaired:
    if step.package_id is None:
        return _mend(vault, step, stamp)
    with vault.locks.package_exclusive(PackageId(step.package_id)):
        return _mend(vault, step, stamp)


def _mend(vault: Vault, step: RepairStep, stamp: str) -> CopyRepaired:
    store = _store(vault, step.store)
    path = PurePosixPath(step.file)
    fresh = WORK / f"repair-{stamp}" / path
    if step.action is RepairAction.SET_ASIDE:
        _require_lone(store, step, path)
    else:
        _write_fresh(vault, store, step, fresh)
    aside = QUARANTINE / f"repair-{stamp}" / path
    try:
        store.move(path, aside)
        quarantined: str | None = str(aside)
    except NotFoundError:
        quarantined = None
    if step.action is not RepairAction.SET_ASIDE:
        store.move(fresh, path)
    return CopyRepaired(step.store, step.package_id, step.file, step.action, step.from_store, quarantined)


def _require_lone(store: Store, step: RepairStep, path: PurePosixPath) -> None:
    """Refuse to move a folder that holds something: an audit names files and empty folders only."""
    if any(entry.kind is not EntryKind.EMPTY_FOLDER for entry in store.walk(path)):
        raise _no_longer_good(step)


def _write_fresh(vault: Vault, store: Store, step: RepairStep, fresh: PurePosixPath) -> None:
    """Write the good bytes beside the copy and read them again from where they lie."""
    expected = step.expected
    if expected is None:
        raise _no_longer_good(step)
    if expected.data is not None:
        store.create(fresh, [expected.data])
    else:
        store.create(fresh, _store(vault, step.from_store or "").read(PurePosixPath(step.file)))
    store.flush([fresh])
    if judge_file(store, fresh, expected)[0] is not Verdict.OK:
        raise _no_longer_good(step)


def _store(vault: Vault, name: str) -> Store:
    return next(store for store in vault.stores if store.name == name)


def _no_longer_good(step: RepairStep) -> IntegrityError:
    return IntegrityError(
        message(
            "修复来源“{store}”中的 {file} 不再完好，未作改动",
            "{file} in the source “{store}” is no longer good; nothing was changed",
            store=step.from_store or "",
            file=step.file,
        ),
        subject=step.file,
        advice=message("请重新审计后再修复", "audit again, then repair"),
    )
