"""The vault against a model of it: stores come and go, processes die, copies rot; what was acknowledged stays."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from archives.errors import ConflictError, JinkuiError, StorageError
from archives.journal.facts import HomeInitialised, PackageStored
from archives.message import message
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.decisions import Decisions
from preservation.catalogue.journal_fold import JournalReading
from preservation.journal.ledger import Ledger
from preservation.locks import Locks
from preservation.package.new_package import PlannedVersion
from preservation.stores.promise import Promise
from preservation.stores.store import PACKAGES, Store, StoreEntry
from preservation.vault.founding import found_store
from preservation.vault.recovery import recover, sweep, welcome
from preservation.vault.removal import remove_package
from preservation.vault.replication import plan_replication, replicate
from preservation.vault.vault import Vault
from preservation.vault.writing import Writing, write_versions
from tests.support.disposal import approve_disposal
from tests.support.memory_store import MemoryStore
from tests.support.vaults import MOMENT, ORIGINAL, audit_all, make_memory, make_package, repair_all, unasked

NAMES = ("a", "b", "c")
NEVER = 10**9


class _DeathError(Exception):
    """The process is gone."""


class MortalStore(MemoryStore):
    """A store in memory that outlives processes, one of which may die before any change.

    ``survives`` counts the changes that the store itself still takes; then it is unplugged, or fails (``failing``).
    """

    def __init__(self, name: str, life: list[int]) -> None:
        super().__init__(name)
        self.life = life
        self.survives = NEVER
        self.failing = False

    def mend(self) -> None:
        """Let the store be there and take everything again."""
        self.present = True
        self.survives = NEVER
        self.failing = False

    def _change(self) -> None:
        self.life[0] -= 1
        if self.life[0] < 0:
            raise _DeathError
        self.survives -= 1
        if self.survives < 0:
            self.present = self.failing
            if self.failing:
                raise StorageError(message("坏了", "it fails"), subject=self.name)

    def create(self, path: PurePosixPath, blocks: Iterable[bytes]) -> None:
        """See ``Store.create``."""
        self._change()
        super().create(path, blocks)

    def put(self, path: PurePosixPath, data: bytes, *, over: bytes | None) -> None:
        """See ``Store.put``."""
        self._change()
        super().put(path, data, over=over)

    def move(self, source: PurePosixPath, target: PurePosixPath) -> None:
        """See ``Store.move``."""
        self._change()
        super().move(source, target)

    def remove(self, path: PurePosixPath) -> None:
        """See ``Store.remove``."""
        self._change()
        super().remove(path)

    def walk(
        self, folder: PurePosixPath, *, passing_over: Collection[PurePosixPath] = frozenset()
    ) -> Iterator[StoreEntry]:
        """See ``Store.walk``."""
        return super().walk(folder, passing_over=passing_over)


@dataclass(frozen=True)
class Trouble:
    """What happens to a store: after so many changes of its own it is unplugged, or it fails until it is mended."""

    store: str
    after: int
    failing: bool


TROUBLES = st.one_of(st.none(), st.builds(Trouble, st.sampled_from(NAMES), st.integers(0, 20), st.booleans()))
UNPLUGGED = st.one_of(st.none(), st.sampled_from(NAMES))


class SequentialWriting(Writing):
    """Versions that were written to one store after another before anybody could wait for them."""

    def __init__(self, stores: Sequence[Store], plans: Sequence[PlannedVersion]) -> None:
        self._failures = {store: write_versions(store, plans) for store in stores}

    def failures(self) -> dict[Store, tuple[JinkuiError | None, ...]]:
        """See ``Writing.failures``."""
        return self._failures


class SequentialVault(Vault):
    """A vault that writes to one store after another, so that a death always comes at the same change."""

    def _writing(self, stores: Sequence[Store], plans: Sequence[PlannedVersion]) -> Writing:
        return SequentialWriting(stores, plans)


def _welcomed(vault: Vault, reading: JournalReading, names: frozenset[str]) -> None:
    welcome(vault, reading, names)


class VaultModel(RuleBasedStateMachine):
    """What the vault acknowledged (package number to its contents, a version each), and what it does with it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.life = [NEVER]
        self.stores = tuple(MortalStore(name, self.life) for name in NAMES)
        self.kept: dict[int, list[bytes]] = {}
        self.pending: dict[int, bytes] = {}
        self.condemned: set[int] = set()
        self.number = 0
        self.minimum = self.copies = 3
        self.seconds = 0

    def teardown(self) -> None:
        """Take the locks away."""
        shutil.rmtree(self.folder)

    @initialize(minimum=st.integers(1, 3), copies=st.integers(2, 3))
    def found(self, minimum: int, copies: int) -> None:
        """Found three stores, which promise so many copies."""
        self.minimum, self.copies = minimum, max(minimum, copies)
        vault = self.process()
        facts = [found_store(store, store_id=f"id-{store.name}", home_id="home") for store in self.stores]
        vault.ledger.append([HomeInitialised("home"), *facts])

    @rule(
        size=st.integers(0, 3000), survives=st.one_of(st.none(), st.integers(0, 60)), trouble=TROUBLES, gone=UNPLUGGED
    )
    def put(self, size: int, survives: int | None, trouble: Trouble | None, gone: str | None) -> None:
        """Store a package; the process may die, a store may fail meanwhile, another may be unplugged afterwards."""
        self.number += 1
        content = bytes([self.number % 256]) * size

        def act(vault: Vault) -> object:
            return vault.put(make_package(self.number, content=content), note="put")

        self.write(self.number, content, act, survives, trouble, gone)

    @precondition(lambda self: self.kept)
    @rule(
        data=st.data(),
        size=st.integers(0, 3000),
        survives=st.one_of(st.none(), st.integers(0, 50)),
        trouble=TROUBLES,
        gone=UNPLUGGED,
    )
    def put_next(
        self, data: st.DataObject, size: int, survives: int | None, trouble: Trouble | None, gone: str | None
    ) -> None:
        """Store another version, with all that may happen to ``put``."""
        number = data.draw(st.sampled_from(sorted(self.kept)))
        content = bytes([len(self.kept[number])]) * size
        package = make_package(number, content=content)

        def act(vault: Vault) -> object:
            anchors = JournalReading(vault.ledger).anchors
            previous = anchors.versions[package.package_id.value][-1]
            holders = anchors.holders(previous.package_id, previous.version)
            require = partial(require_ended, anchors)
            return vault.put_next(package, previous, holders=holders, note="next", require_newest=require)

        self.write(number, content, act, survives, trouble, gone)

    @precondition(lambda self: self.kept and self.all_there())
    @rule(data=st.data(), survives=st.one_of(st.none(), st.integers(0, 30)), trouble=TROUBLES)
    def dispose(self, data: st.DataObject, survives: int | None, trouble: Trouble | None) -> None:
        """Remove a package for good; the process may die, a store may fail, and recovery ends it."""
        number = data.draw(st.sampled_from(sorted(self.kept)))
        package_id = make_package(number).package_id.value

        def act(vault: Vault) -> object:
            return remove_package(vault, JournalReading(vault.ledger).anchors, package_id, plan_id=plan_id)

        plan_id = f"plan-{self.seconds}"
        approve_disposal(self.recovering(), package_id, plan_id=plan_id)
        self.condemned.add(number)
        self.act(act, survives, trouble)
        self.settle(None)

    @precondition(lambda self: self.all_there())
    @rule(name=st.sampled_from(NAMES))
    def store_goes_away(self, name: str) -> None:
        """Unplug a store."""
        next(store for store in self.stores if store.name == name).present = False

    @precondition(lambda self: not self.all_there())
    @rule()
    def store_comes_back(self) -> None:
        """Plug the store in again; before anything is recovered, an audit already has nothing to say."""
        self.mend()
        assert audit_all(self.process()).problems == ()
        self.take_over(self.recovering())

    @precondition(lambda self: self.all_there())
    @rule(survives=st.one_of(st.none(), st.integers(0, 60)), trouble=TROUBLES)
    def replicate(self, survives: int | None, trouble: Trouble | None) -> None:
        """Write what is owed; the process may die, a store may fail."""

        def act(vault: Vault) -> object:
            reading = JournalReading(vault.ledger)
            return list(replicate(vault, reading, plan_replication(reading.anchors, vault.promise, NAMES)))

        self.act(act, survives, trouble)
        self.settle(None)
        if survives is None and trouble is None:
            vault = self.recovering()
            assert plan_replication(JournalReading(vault.ledger).anchors, vault.promise, NAMES) == ()

    @precondition(lambda self: self.kept and self.all_there())
    @rule(data=st.data())
    def rot(self, data: st.DataObject) -> None:
        """Let a file of one copy rot where another copy is whole: found, named, mended."""
        vault = self.recovering()
        anchors = JournalReading(vault.ledger).anchors
        whole = [p for p in anchors.versions if len(anchors.holders(p, anchors.versions[p][-1].version)) > 1]
        if not whole:
            return
        package_id = data.draw(st.sampled_from(sorted(whole)))
        name = data.draw(st.sampled_from(anchors.holders(package_id, anchors.versions[package_id][-1].version)))
        store = next(store for store in self.stores if store.name == name)
        files = sorted(path for path in store.files if PACKAGES in path.parents and package_id in str(path))
        path = data.draw(st.sampled_from(files))
        store.files[path] += b"!"
        assert [(p.store, p.file) for p in audit_all(vault).problems] == [(name, str(path))]
        repair_all(vault, audit_all(vault).problems)

    @invariant()
    def what_was_acknowledged_is_whole_and_nothing_is_alarmed(self) -> None:
        """Everything kept can be read in every version, nothing else is there, an audit finds nothing."""
        if not self.number or not self.all_there():
            return
        vault = self.recovering()
        result = audit_all(vault)
        assert (result.problems, result.away) == ((), ())
        anchors = JournalReading(vault.ledger).anchors
        assert anchors.versions.keys() == {make_package(number).package_id.value for number in self.kept}
        for number, contents in self.kept.items():
            versions = anchors.versions[make_package(number).package_id.value]
            assert len(versions) == len(contents)
            inventory = vault.inventory(versions[-1])
            for version, content in enumerate(contents, 1):
                assert vault.read(inventory, ORIGINAL, version=version) == content
        for store in self.stores:
            names = {path.parts[4] for path in store.files if path.parts[0] == "packages" and len(path.parts) > 5}
            assert names <= {f"urn%3auuid%3a{package_id}" for package_id in anchors.versions}

    def all_there(self) -> bool:
        """Return whether no store is away."""
        return all(store.present for store in self.stores)

    def mend(self) -> None:
        """Let every store be there and take everything."""
        for store in self.stores:
            store.mend()

    def process(self) -> Vault:
        """Return the vault as a new process opens it."""
        locks = Locks(self.folder / "locks")
        memory = make_memory(self.folder)
        ledger = Ledger(self.stores, locks, memory, now=self.now, agent="model", minimum=self.minimum)
        return SequentialVault(self.stores, ledger, locks, now=self.now, promise=Promise(self.copies, self.minimum))

    def now(self) -> datetime:
        """Return a moment that comes after every other."""
        self.seconds += 1
        return MOMENT + timedelta(seconds=self.seconds)

    def recovering(self) -> Vault:
        """Return the vault of a process that has done what every writing command begins with."""
        self.life[0] = NEVER
        vault = self.process()
        reading = JournalReading(vault.ledger)
        vault.ledger.level_stores(before_return=lambda names: _welcomed(vault, reading, names))
        recover(vault, reading, today=MOMENT.date())
        sweep(vault, tuple(reading.refresh().tombstones), Decisions(reading).judge_tombstone)
        return vault

    def act(self, act: Callable[[Vault], object], survives: int | None, trouble: Trouble | None = None) -> bool:
        """Do something in a process of its own; return whether it was acknowledged."""
        try:
            vault = self.recovering()
            self.life[0] = NEVER if survives is None else survives
            for store in self.stores:
                if trouble and store.name == trouble.store and self.all_there():
                    store.survives, store.failing = trouble.after, trouble.failing
            act(vault)
        except (_DeathError, StorageError, ConflictError):
            return False
        finally:
            self.life[0] = NEVER
        return True

    def write(
        self,
        number: int,
        content: bytes,
        act: Callable[[Vault], object],
        survives: int | None,
        trouble: Trouble | None,
        gone: str | None,
    ) -> None:
        """Write a version, and take over what recovery makes of it when it was not acknowledged."""
        if self.act(act, survives, trouble):
            self.kept.setdefault(number, []).append(content)
        else:
            self.pending.setdefault(number, content)
        self.settle(gone)

    def settle(self, gone: str | None) -> None:
        """Let what failed work again (what is unplugged stays away, as does ``gone`` from here on), and recover."""
        for store in self.stores:
            if store.survives < 0:
                store.present = store.present and store.failing
            elif store.name == gone and self.all_there() and not any(other.survives < 0 for other in self.stores):
                store.present = False
            if store.present:
                store.mend()
        with contextlib.suppress(StorageError):  # too few stores are there
            self.take_over(self.recovering())

    def take_over(self, vault: Vault) -> None:
        """Take over what became of what was not acknowledged: there whole or not at all, disposed of or kept."""
        anchors = JournalReading(vault.ledger).anchors
        for number in tuple(self.condemned):
            package_id = make_package(number).package_id.value
            if package_id in anchors.tombstones:
                del self.kept[number]
            if package_id not in anchors.disposals:
                self.condemned.remove(number)
            assert package_id not in anchors.disposals or not self.all_there()
        for number, content in tuple(self.pending.items()):
            package_id = make_package(number).package_id.value
            if any(key[0] == package_id for key in anchors.intents):
                assert not self.all_there()
                continue
            del self.pending[number]
            before = self.kept.get(number, [])
            versions = anchors.versions.get(package_id, [])
            assert len(versions) in (len(before), len(before) + 1)
            if len(versions) > len(before):
                self.kept[number] = [*before, content]


def require_ended(anchors: Anchors, previous: PackageStored) -> None:
    """Refuse a version after one, or a disposal, that was begun and is not ended, as the catalogue does."""
    if previous.package_id in {package_id for package_id, _ in anchors.intents} | anchors.disposals.keys():
        raise ConflictError(message("未了结", "it is not ended"), subject=previous.package_id)


VaultModel.TestCase.settings = settings(
    max_examples=30, stateful_step_count=20, suppress_health_check=list(HealthCheck)
)
TestVaultModel = VaultModel.TestCase


@pytest.mark.parametrize("failing", [True, False], ids=["fails", "unplugged"])
@pytest.mark.parametrize("after", range(20))
def test_a_store_may_fail_at_any_change_of_a_version(after: int, failing: bool) -> None:
    """What the others acknowledged stays, and nothing is left where it failed."""
    state = VaultModel()
    state.found(minimum=1, copies=3)
    state.write(1, b"one", lambda vault: vault.put(make_package(1, content=b"one"), note="put"), None, None, None)

    def put_next(vault: Vault) -> object:
        (previous,) = JournalReading(vault.ledger).anchors.versions[make_package(1).package_id.value]
        package = make_package(1, content=b"two")
        return vault.put_next(package, previous, holders=NAMES, note="next", require_newest=unasked)

    state.number = 1
    state.write(1, b"two", put_next, None, Trouble("a", after, failing), None)
    assert state.kept == {1: [b"one", b"two"]}
    if not state.all_there():
        state.store_comes_back()
    state.what_was_acknowledged_is_whole_and_nothing_is_alarmed()
    state.teardown()
