"""Repairs: what an audit found, mended file by file from a copy that is verified in the same operation.

The source of every mended file is judged by the journal's anchors, never by a majority. The damaged file goes to
quarantine, the result is read again where it lies. Where no store has a good copy nothing is changed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import assert_never

from archives.consequences import WithConsequences
from archives.errors import IntegrityError, NotFoundError, StorageError
from archives.journal.facts import CopyRepaired, PackageStored
from archives.message import Message, message
from archives.record.identifiers import PackageId
from preservation.audit.expectation import Expectation, expect, expected_copy, expected_own_files
from preservation.audit.verdicts import PERMISSIONS_LOST, FileVerdict, Mending, Verdict, is_whole
from preservation.catalogue.journal_fold import JournalReading
from preservation.journal.chain import HEAD, group_path
from preservation.package.ocfl import INVENTORY, package_at
from preservation.stores.store import JOURNAL, QUARANTINE, WORK, EntryKind, Store
from preservation.vault.vault import Vault

_OUT_OF_REACH = message("完好的副本暂不可及", "the good copy is out of reach")


class RepairAction(WithConsequences):
    """What is done about one file: in words, and whether it changes anything."""

    said: Message
    changes: bool

    COPY = "copy from a good store", message("从完好的副本复制", "copy from a good store"), True
    REWRITE = "write again", message("重新写入", "write again"), True
    SET_ASIDE = "move to quarantine", message("移入隔离区", "move to quarantine"), True
    REOPEN = "open to its owner again", message("恢复所有者的权限", "open to its owner again"), True
    NO_GOOD_COPY = "no good copy", message("没有完好的副本，不作改动", "no good copy; nothing is changed"), False
    OUT_OF_REACH = "the good copy is out of reach", _OUT_OF_REACH, False


@dataclass(frozen=True, slots=True)
class RepairStep:
    """One file of one copy and what is to be done about it.

    ``from_store`` names the store of the good copy, ``from_file`` its path there when that is another one.
    """

    store: str
    package_id: str | None
    file: str
    verdict: Verdict
    from_store: str | None
    action: RepairAction
    expected: Expectation | None
    from_file: str = ""


def plan_repair(
    vault: Vault, reading: JournalReading, problems: Iterable[FileVerdict], *, beside: Sequence[Store] = ()
) -> tuple[RepairStep, ...]:
    """Return what can be done about each file that an audit found not to be OK; changes nothing.

    ``beside`` are places that are no stores of the archive, such as an old disk: they are judged as the stores are.

    The stores' own files come first, because nothing can be recorded in a journal that is broken. A folder whose
    owner was locked out is opened again; what lies in it could not be judged, so another audit follows. A file that
    still cannot be read (a bad sector) is set aside like a damaged one.
    """
    planner = _Planner(vault, reading, beside)
    steps = filter(None, map(planner.step, problems))
    return tuple(sorted(steps, key=lambda step: step.package_id is not None))


def repair(
    vault: Vault,
    plan: Sequence[RepairStep],
    *,
    reading: JournalReading,
    stamp: str,
    beside: Sequence[Store] = (),
    progress: Callable[[RepairStep], None] = lambda _: None,
) -> tuple[RepairStep, ...]:
    """Carry out a plan and return the steps that were done; the journal remembers each.

    A step is passed over when the journal says by now that something else must lie there: a newer version, a disposal,
    a copy that was replicated. A source is read and judged again while it is copied. Raises ``IntegrityError`` when it is no longer good; the
    file in question then stays as it was. ``stamp`` names this repair's folder in quarantine.
    """
    done: list[RepairStep] = []
    facts: list[CopyRepaired] = []
    present = _Present(vault, reading)
    for step in plan:
        if not step.action.changes:
            continue
        if step.package_id is not None and facts:
            vault.ledger.append(facts)
            facts = []
        if (repaired := _carry_out(vault, step, stamp, present, beside)) is None:
            continue
        facts.append(repaired)
        done.append(step)
        progress(step)
    vault.ledger.append(facts)
    return tuple(done)


class _Planner:
    """Knows what must lie where, worked out once a package and once a store."""

    def __init__(self, vault: Vault, reading: JournalReading, beside: Sequence[Store]) -> None:
        self._vault = vault
        self._beside = tuple(beside)
        self._anchors = reading.anchors
        self._known: dict[tuple[str, str | None], dict[str, Expectation]] = {}

    def step(self, problem: FileVerdict) -> RepairStep | None:
        """Return what is to be done about one file, or about a folder whose owner was locked out; None for nothing."""
        match problem.verdict.mending:
            case Mending.NOTHING:
                return None
            case Mending.SET_ASIDE:
                return _step(problem, RepairAction.SET_ASIDE)
            case Mending.REPLACE | Mending.REPLACE_IF_KNOWN as mending:
                expected = self._expected(problem).get(problem.file)
                if expected is not None:
                    return self._replacing(problem, expected)
                if problem.reason == PERMISSIONS_LOST:
                    return _step(problem, RepairAction.REOPEN)
                return _step(problem, RepairAction.NO_GOOD_COPY) if mending is Mending.REPLACE else None
            case _:
                assert_never(problem.verdict.mending)

    def _replacing(self, problem: FileVerdict, expected: Expectation) -> RepairStep:
        if expected.data is not None:
            return _step(problem, RepairAction.REWRITE, expected)
        out_of_reach = False
        for store, file in self._places(problem.store, problem.file):
            try:
                if is_whole(store, PurePosixPath(file), expected):
                    step = _step(problem, RepairAction.COPY, expected)
                    return replace(step, from_store=store.name, from_file=file if file != problem.file else "")
            except StorageError:
                out_of_reach = True
        return _step(problem, RepairAction.OUT_OF_REACH if out_of_reach else RepairAction.NO_GOOD_COPY, expected)

    def _places(self, damaged: str, path: str) -> Iterator[tuple[Store, str]]:
        """Yield where the same bytes may lie: the path in other stores, and an inventory's twin in every store."""
        yield from ((store, path) for store in (*self._vault.stores, *self._beside) if store.name != damaged)
        folder, _, name = path.rpartition("/")
        if name == str(INVENTORY):
            above, _, version = folder.rpartition("/")
            twins = (
                [f"{above}/{name}"]
                if version.startswith("v")
                else [f"{folder}/v{number}/{name}" for number in range(1, self._newest(folder) + 1)]
            )
            yield from ((store, twin) for store in self._vault.stores for twin in twins)

    def _newest(self, folder: str) -> int:
        """Return how many versions the package in a folder has."""
        package_id = package_at(PurePosixPath(folder))
        return len(self._anchors.versions.get(package_id.value, ())) if package_id else 0

    def _expected(self, problem: FileVerdict) -> dict[str, Expectation]:
        key = problem.store, problem.package_id
        if key not in self._known:
            try:
                self._known[key] = self._work_out(*key)
            except IntegrityError:
                self._known[key] = {}
        return self._known[key]

    def _work_out(self, store: str, package_id: str | None) -> dict[str, Expectation]:
        if package_id is not None:
            return expected_copy(self._vault, self._anchors.copy_versions(store, package_id))
        expected = expected_own_files(self._anchors.stores[store])
        end = None
        for group in self._vault.ledger.raw_groups():
            expected[str(group_path(group.first))] = expect(group.data)
            end = group.end
        if end is not None:
            expected[str(HEAD)] = expect(end.encoded())
        return expected


class _Present:
    """What the journal says now, asked under the lock of what a step is about to change."""

    def __init__(self, vault: Vault, reading: JournalReading) -> None:
        self._vault = vault
        self._reading = reading
        self._known: dict[tuple[str, int], dict[str, Expectation]] = {}

    def still_wants(self, step: RepairStep) -> bool:
        """Return whether what the plan says must lie in the step's place must still lie there."""
        anchors = self._reading.refresh()
        path = PurePosixPath(step.file)
        if step.package_id is None:
            if path == HEAD and step.expected is not None:
                return step.expected == expect(self._vault.ledger.head().encoded())
            return not any(path == folder or folder in path.parents for folder in anchors.folders(step.store))
        if step.package_id in anchors.disposals or not anchors.held.get(step.package_id, {}).get(step.store):
            return False
        versions = anchors.copy_versions(step.store, step.package_id)
        key = step.package_id, len(versions)
        if key not in self._known:
            self._known = {key: self._work_out(versions)}  # a plan goes package by package
        return self._known[key].get(step.file) == step.expected or step.action is RepairAction.REOPEN

    def _work_out(self, versions: Sequence[PackageStored]) -> dict[str, Expectation]:
        try:
            return expected_copy(self._vault, versions)
        except IntegrityError:
            return {}  # as for the plan: nobody knows what must lie there


def _carry_out(
    vault: Vault, step: RepairStep, stamp: str, present: _Present, beside: Sequence[Store]
) -> CopyRepaired | None:
    path = PurePosixPath(step.file)
    package_id = PackageId(step.package_id) if step.package_id else package_at(path)
    with ExitStack() as held:
        if package_id is not None:
            held.enter_context(vault.locks.package_exclusive(package_id))
        if JOURNAL in path.parents:
            held.enter_context(vault.locks.journal())
        return _mend(vault, step, stamp, beside) if present.still_wants(step) else None


def _mend(vault: Vault, step: RepairStep, stamp: str, beside: Sequence[Store]) -> CopyRepaired:
    store = vault.store(step.store)
    path = PurePosixPath(step.file)
    fresh = WORK / f"repair-{stamp}" / path
    aside = QUARANTINE / f"repair-{stamp}" / path
    quarantined = None
    match step.action:
        case RepairAction.REOPEN:
            store.move(path, aside)
            store.move(aside, path)
        case RepairAction.SET_ASIDE:
            _require_lone(store, step, path)
            quarantined = _set_aside(store, path, aside)
        case RepairAction.COPY | RepairAction.REWRITE:
            _write_fresh((*vault.stores, *beside), store, step, fresh)
            quarantined = _set_aside(store, path, aside)
            store.move(fresh, path)
        case RepairAction.NO_GOOD_COPY | RepairAction.OUT_OF_REACH:
            raise _no_longer_good(step)
        case _:
            assert_never(step.action)
    return CopyRepaired(step.store, step.package_id, step.file, step.action, step.from_store, quarantined)


def _set_aside(store: Store, path: PurePosixPath, aside: PurePosixPath) -> str | None:
    """Move a file to quarantine and return where it is; None where nothing stands."""
    try:
        store.move(path, aside)
    except NotFoundError:
        return None
    return str(aside)


def _require_lone(store: Store, step: RepairStep, path: PurePosixPath) -> None:
    """Refuse to move a folder that holds something: an audit names files and empty folders only."""
    if any(e.kind is not EntryKind.EMPTY_FOLDER and e.place != step.file for e in store.walk(path)):
        raise _no_longer_good(step)


def _write_fresh(sources: Sequence[Store], store: Store, step: RepairStep, fresh: PurePosixPath) -> None:
    """Write the good bytes beside the copy and read them again from where they lie."""
    expected = step.expected
    if expected is None:
        raise _no_longer_good(step)
    if expected.data is not None:
        store.create(fresh, [expected.data])
    else:
        source = next(one for one in sources if one.name == step.from_store)
        store.create(fresh, source.read(PurePosixPath(step.from_file or step.file)))
    store.flush([fresh])
    if not is_whole(store, fresh, expected):
        raise _no_longer_good(step)


def _step(problem: FileVerdict, action: RepairAction, expected: Expectation | None = None) -> RepairStep:
    return RepairStep(problem.store, problem.package_id, problem.file, problem.verdict, None, action, expected)


def _no_longer_good(step: RepairStep) -> IntegrityError:
    return IntegrityError(
        message(
            "修复来源“{store}”中的 {file} 不再完好，未作改动",
            "{file} in the source “{store}” is no longer good; nothing was changed",
            store=step.from_store or step.store,
            file=step.file,
        ),
        subject=step.file,
        advice=message("请重新审计后再修复", "audit again, then repair"),
    )
