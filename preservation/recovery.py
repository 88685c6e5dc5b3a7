"""After a crash: what was begun is finished or set aside; every writing command begins with this.

The journal tells what was begun and not ended. A version that lies complete in one store is completed in the others
that it was promised to; a disposal is carried to its end; a store that was away obeys the tombstones it missed; what
a dead process left in work folders is swept when no other process is writing.
"""

from collections.abc import Collection

from archives.errors import StorageError
from archives.facts import (
    CopiesReplicated,
    DisposalIntended,
    PackageAbandoned,
    PackageDisposed,
    PackageIntended,
    PackageStored,
    ReplicationAbandoned,
)
from archives.identifiers import PackageId
from preservation.anchors import JournalReading
from preservation.removal import clear_disposed, finish_disposal
from preservation.replication import settle_replication
from preservation.store import WORK
from preservation.stored_object import complete_version, copy_version, set_version_aside
from preservation.vault import Vault

Recovered = PackageAbandoned | PackageStored | PackageDisposed | CopiesReplicated | ReplicationAbandoned


def recover(vault: Vault, reading: JournalReading) -> tuple[Recovered, ...]:
    """Finish or set aside what a crash left open and return what became of it.

    What concerns stores that are not there stays open until they are.
    """
    outcomes: list[Recovered] = []
    for intent in tuple(reading.refresh().intents.values()):
        if settled := _settle_version(vault, reading, intent):
            outcomes.append(settled)
    for (store, package_id), version in tuple(reading.refresh().replications.items()):
        outcomes += settle_replication(vault, reading, store, package_id, version)
    for disposal in tuple(reading.refresh().disposals.values()):
        outcomes += _settle_disposal(vault, reading, disposal)
    return tuple(outcomes)


def sweep(vault: Vault, disposed: Collection[str]) -> tuple[str, ...]:
    """Clear work folders, and of quarantine what belongs to disposed packages; return the stores that had some.

    Only for a process that writes alone: what lies there is then nobody's. Stores that are not there are passed over.
    """
    swept: list[str] = []
    for store in vault.stores:
        try:
            left = {WORK / entry.path.parts[1] for entry in store.walk(WORK) if len(entry.path.parts) > 1}
            for place in sorted(left):
                store.remove(place)
            if clear_disposed(store, disposed) or left:
                swept.append(store.name)
        except StorageError:
            continue
    return tuple(swept)


def _settle_version(
    vault: Vault, reading: JournalReading, intent: PackageIntended
) -> PackageAbandoned | PackageStored | None:
    package_id = PackageId(intent.package_id)
    with vault.locks.package_exclusive(package_id):
        if (intent.package_id, intent.version) not in reading.refresh().intents:
            return None
        promised = [s for s in vault.stores if not intent.stores or s.name in intent.stores]
        there = [store for store in promised if store.name not in vault.ledger.away]
        if len(there) < max(1, min(vault.promise.minimum, len(promised))):
            return None
        complete = [
            store
            for store in there
            if complete_version(store, package_id, intent.version, intent.inventory_sha512) is not None
        ]
        if not complete:
            return vault.abandon_version(intent, there, cause="crash")
        anchor = _as_stored(intent)
        for store in there:
            if store not in complete:
                set_version_aside(store, package_id, intent.version, vault.stamp())
                copy_version(complete, store, anchor)
        return vault.anchor_version(intent, there)


def _as_stored(intent: PackageIntended) -> PackageStored:
    return PackageStored(
        intent.package_id,
        intent.version,
        intent.inventory_sha512,
        intent.size_bytes,
        intent.kind,
        intent.repository,
        intent.archival_code,
        intent.batch_id,
        (),
    )


def _settle_disposal(vault: Vault, reading: JournalReading, disposal: DisposalIntended) -> tuple[PackageDisposed, ...]:
    with vault.locks.package_exclusive(PackageId(disposal.package_id)):
        anchors = reading.refresh()
        if disposal.package_id not in anchors.disposals:
            return ()
        return (finish_disposal(vault, anchors, disposal),)
