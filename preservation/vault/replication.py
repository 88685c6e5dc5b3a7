"""Replication: the copies that are owed to a store, written into it from verified sources and verified there.

A package is owed to a store that was promised it and does not have its newest version: a new store, one that was away,
one in which a write failed. What is begun is journalled first, so that a crash leaves nothing unexplained.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archives.errors import IntegrityError, JinkuiError, NotFoundError
from archives.journal.facts import CopiesReplicated, PackageStored, ReplicationAbandoned, ReplicationIntended
from archives.message import message
from archives.record.identifiers import PackageId
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.journal_fold import JournalReading
from preservation.stores.promise import Promise
from preservation.stores.store import Store
from preservation.vault.stored_object import complete_version, copy_version, set_version_aside
from preservation.vault.vault import Vault

_PACKAGES_AN_ENTRY = 50
_BYTES_AN_ENTRY = 1 << 30


@dataclass(frozen=True, slots=True)
class OwedCopy:
    """A package whose newest version a store does not have; ``missing`` are the versions to be written, in order."""

    store: str
    package_id: str
    missing: tuple[PackageStored, ...]

    @property
    def size_bytes(self) -> int:
        """How much is to be written."""
        return sum(anchor.size_bytes for anchor in self.missing)


@dataclass(frozen=True, slots=True)
class Replicated:
    """What became of one owed copy; ``failure`` is None when it lies verified in its store."""

    owed: OwedCopy
    failure: JinkuiError | None = None


def plan_replication(
    anchors: Anchors, promise: Promise, names: Sequence[str], *, store: str | None = None
) -> tuple[OwedCopy, ...]:
    """Return the copies that are owed, in the order in which packages were stored.

    ``names`` are the stores in the order of the settings. Every package is promised to the first ``copies`` online
    stores, to every store that has it already, and to every offline set.
    """
    lacking = dict.fromkeys(package_id for name in names for package_id in anchors.lacking(name))
    return tuple(owed for owed in _owed(anchors, lacking, promise, names) if store in (None, owed.store))


def owed_copies(anchors: Anchors, promise: Promise, names: Sequence[str], package_id: str) -> tuple[OwedCopy, ...]:
    """Return the copies of one package that are owed, by the rule of ``plan_replication``."""
    return tuple(_owed(anchors, (package_id,), promise, names))


def replicate(
    vault: Vault, reading: JournalReading, plan: Sequence[OwedCopy], *, beside: Sequence[Store] = ()
) -> Iterator[Replicated]:
    """Write owed copies and yield what became of each, when it is acknowledged; may be stopped and begun again.

    ``beside`` are places that are no stores of the archive and may have what none of them has: every byte is judged by the
    journal's anchors wherever it comes from. Raises ``StorageError`` when the store itself can no longer be written.
    """
    for batch in _batches(plan):
        store = vault.store(batch[0].store)
        facts = ReplicationIntended(store.name, tuple((o.package_id, o.missing[-1].version) for o in batch))
        vault.ledger.append([facts])
        for owed in batch:
            yield _replicate_one(vault, reading, store, owed, beside)


def settle_replication(
    vault: Vault, reading: JournalReading, store_name: str, package_id: str, version: int
) -> tuple[CopiesReplicated | ReplicationAbandoned, ...]:
    """End a replication that a crash left open: acknowledge a copy that is whole, set anything else aside."""
    store = next((s for s in vault.stores if s.name == store_name and s.name not in vault.ledger.away), None)
    if store is None:
        return ()
    with vault.locks.package_exclusive(PackageId(package_id)):
        anchors = reading.refresh()
        if (store_name, package_id) not in anchors.replications:
            return ()
        versions = anchors.versions.get(package_id, [])[:version]
        held = anchors.held.get(package_id, {}).get(store_name, 0)
        whole = held
        for anchor in versions[held:]:
            done = complete_version(store, PackageId(package_id), anchor.version, anchor.inventory_sha512)
            if done is None:
                break
            whole = anchor.version
        _clear_from(store, PackageId(package_id), whole + 1, version, vault.stamp())
        facts: list[CopiesReplicated | ReplicationAbandoned] = []
        if whole > held:
            facts.append(CopiesReplicated(store_name, ((package_id, whole),)))
        if whole < version:
            facts.append(ReplicationAbandoned(store_name, ((package_id, version),)))
        vault.ledger.append(facts)
        return tuple(facts)


def _owed(anchors: Anchors, package_ids: Iterable[str], promise: Promise, names: Sequence[str]) -> Iterator[OwedCopy]:
    online = [name for name in names if name not in promise.offline]
    due = {*online[: promise.copies], *promise.offline} & set(names)
    leaving = anchors.disposals
    for versions, held in anchors.states(package_ids):
        for name in names:
            missing = tuple(versions[held.get(name, 0) :])
            if missing and (name in due or held.get(name)) and versions[0].package_id not in leaving:
                yield OwedCopy(name, versions[0].package_id, missing)


def _replicate_one(
    vault: Vault, reading: JournalReading, store: Store, owed: OwedCopy, beside: Sequence[Store]
) -> Replicated:
    with vault.locks.package_exclusive(PackageId(owed.package_id)):
        anchors = reading.refresh()
        if (store.name, owed.package_id) not in anchors.replications:
            return Replicated(owed, _no_longer(owed))
        first = owed.missing[0].version
        newest = owed.missing[-1].version
        sources = [s for s in vault.stores if s.name in anchors.holders(owed.package_id, 1) and s is not store]
        sources += beside
        try:
            _clear_from(store, PackageId(owed.package_id), first, newest, vault.stamp())
            for anchor in owed.missing:
                copy_version(sources, store, anchor)
        except JinkuiError as failure:
            _clear_from(store, PackageId(owed.package_id), first, newest, vault.stamp())
            vault.ledger.append([ReplicationAbandoned(store.name, ((owed.package_id, newest),))])
            if isinstance(failure, IntegrityError) or not failure.subject.startswith(store.name):
                return Replicated(owed, failure)  # the fault of a source: the other packages go on
            raise
        vault.ledger.append([CopiesReplicated(store.name, ((owed.package_id, newest),))])
        return Replicated(owed)


def _clear_from(store: Store, package_id: PackageId, first: int, newest: int, stamp: str) -> None:
    """Set aside what an unfinished copy left of these versions, the newest first."""
    for version in range(newest, first - 1, -1):
        set_version_aside(store, package_id, version, f"{stamp}-{version}")


def _batches(plan: Sequence[OwedCopy]) -> Iterator[tuple[OwedCopy, ...]]:
    rest = iter(plan)
    batch: list[OwedCopy] = []
    size_bytes = 0
    for owed in rest:
        full = len(batch) >= _PACKAGES_AN_ENTRY or size_bytes + owed.size_bytes > _BYTES_AN_ENTRY
        if batch and (full or owed.store != batch[0].store):
            yield tuple(batch)
            batch, size_bytes = [], 0
        batch.append(owed)
        size_bytes += owed.size_bytes
    if batch:
        yield tuple(batch)


def _no_longer(owed: OwedCopy) -> NotFoundError:
    return NotFoundError(
        message("信息包已不需要复制：{id}", "the package no longer needs copying: {id}", id=owed.package_id),
        subject=owed.package_id,
    )
