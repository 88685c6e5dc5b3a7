"""Removing a package for good: out of every store under an approved plan, with a tombstone that stays.

The order: intent in the journal, the object moved to quarantine in every store that is there, the tombstone in the
journal, then the bytes deleted, with every trace of the package in quarantine. A crash at any point is carried to its
end by recovery; a store that was away obeys the tombstone when it returns.
"""

from collections.abc import Collection
from pathlib import PurePosixPath

from archives.errors import NotFoundError
from archives.journal.facts import DisposalIntended, PackageDisposed
from archives.record.identifiers import PackageId
from preservation.catalogue.anchors import Anchors
from preservation.package.ocfl import object_folder
from preservation.stores.store import QUARANTINE, Store
from preservation.vault.stored_object import set_version_aside
from preservation.vault.vault import Vault

_MARK = "disposed-"


def remove_package(vault: Vault, anchors: Anchors, package_id: str, *, plan_id: str) -> PackageDisposed:
    """Remove a package from every store that is there and return its tombstone; the package lock is held."""
    intent = DisposalIntended(package_id, plan_id)
    vault.ledger.append([intent])
    return finish_disposal(vault, anchors, intent)


def finish_disposal(vault: Vault, anchors: Anchors, intent: DisposalIntended) -> PackageDisposed:
    """Carry an intended disposal to its end; may be called again after a crash. The package lock is held."""
    newest = anchors.versions[intent.package_id][-1]
    there = [store for store in vault.stores if store.name not in vault.ledger.away]
    for store in there:
        _set_aside(store, intent.package_id)
    tombstone = PackageDisposed(intent.package_id, intent.plan_id, newest.repository, newest.archival_code)
    vault.ledger.append([tombstone])
    for store in there:
        _clear(store, {intent.package_id})
    return tombstone


def obey_tombstones(vault: Vault, store: Store, anchors: Anchors) -> tuple[str, ...]:
    """Delete from a store the packages that were disposed of while it was away; return their identifiers."""
    gone: list[str] = []
    for package_id in anchors.tombstones:
        with vault.locks.package_exclusive(PackageId(package_id)):
            if _set_aside(store, package_id):
                gone.append(package_id)
    if gone:
        _clear(store, set(gone))
    return tuple(gone)


def clear_disposed(store: Store, disposed: Collection[str]) -> bool:
    """Delete what is left in quarantine of disposed packages; return whether there was anything."""
    return bool(disposed) and _clear(store, set(disposed))


def _set_aside(store: Store, package_id: str) -> bool:
    try:
        store.move(object_folder(PackageId(package_id)), QUARANTINE / f"{_MARK}{package_id}")
    except NotFoundError:
        set_version_aside(store, PackageId(package_id), 1, _MARK)  # folders that a killed move left empty
        return False
    return True


def _clear(store: Store, package_ids: set[str]) -> bool:
    """Delete everything in quarantine that lies in a folder of one of these packages."""
    names = {object_folder(PackageId(package_id)).name for package_id in package_ids}
    places = {_place(entry.path, package_ids, names) for entry in store.walk(QUARANTINE)}
    for place in sorted(place for place in places if place is not None):
        store.remove(place)
    return bool(places - {None})


def _place(path: PurePosixPath, package_ids: set[str], names: set[str]) -> PurePosixPath | None:
    """Return the folder in quarantine that belongs to one of the packages and holds this path."""
    for depth, part in enumerate(path.parts[1:], 2):
        if part in names or any(package_id in part for package_id in package_ids):
            return PurePosixPath(*path.parts[:depth])
    return None
