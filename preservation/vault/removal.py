"""Removing a package for good: out of every store under an approved plan, with a tombstone that stays.

The order: intent in the journal, the object moved to quarantine in every store that is there, the tombstone in the
journal, then the bytes deleted, with every trace of the package in quarantine. A crash at any point is carried to its
end by recovery; a store that was away obeys the tombstone when it returns. What the journal does not bear out
(``archives.journal.disposal``) is given up instead: the objects come back from quarantine.
"""

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import PurePosixPath

from archives.errors import NotFoundError, PathTakenError
from archives.journal.facts import DisposalAbandoned, DisposalIntended, PackageDisposed, Unproved
from archives.record.identifiers import PackageId
from preservation.catalogue.anchors import Anchors
from preservation.package.ocfl import object_folder
from preservation.stores.store import QUARANTINE, Store
from preservation.vault.merged_rows import DISPOSED as _MARK
from preservation.vault.stored_object import set_version_aside
from preservation.vault.vault import Vault

_IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def remove_package(
    vault: Vault, anchors: Anchors, package_id: str, *, plan_id: str, mistake: str = ""
) -> PackageDisposed:
    """Remove a package from every store that is there and return its tombstone; the package lock is held.

    That the journal bears it out was asked before (``Decisions.judge``). ``mistake`` is what the tombstone is to say of it.
    """
    intent = DisposalIntended(package_id, plan_id)
    vault.ledger.append([intent])
    return finish_disposal(vault, anchors, intent, mistake=mistake)


def finish_disposal(vault: Vault, anchors: Anchors, intent: DisposalIntended, *, mistake: str = "") -> PackageDisposed:
    """Carry an intended disposal to its end; may be called again after a crash. The package lock is held."""
    newest = anchors.versions[intent.package_id][-1]
    there = [store for store in vault.stores if store.name not in vault.ledger.away]
    for store in there:
        _set_aside(store, intent.package_id)
    tombstone = PackageDisposed(intent.package_id, intent.plan_id, newest.repository, newest.archival_code, mistake)
    vault.ledger.append([tombstone])
    for store in there:
        _clear(store, {intent.package_id})
    return tombstone


def abandon_disposal(vault: Vault, intent: DisposalIntended, reason: Unproved) -> DisposalAbandoned:
    """Give an intended disposal up: bring the copies back, and say so. The package lock is held."""
    for store in vault.stores:
        if store.name not in vault.ledger.away:
            _bring_back(store, intent.package_id)
    abandoned = DisposalAbandoned(intent.package_id, intent.plan_id, reason)
    vault.ledger.append([abandoned])
    return abandoned


def bring_back_abandoned(vault: Vault, store: Store, anchors: Anchors) -> None:
    """Bring back what was set aside in a store for disposals that were given up while it was away."""
    names = {entry.path.parts[1] for entry in store.walk(QUARANTINE) if len(entry.path.parts) > 1}
    for package_id in sorted(name.removeprefix(_MARK) for name in names if name.startswith(_MARK)):
        if package_id not in anchors.versions or package_id in anchors.disposals:
            continue
        with vault.locks.package_exclusive(PackageId(package_id)):
            _bring_back(store, package_id)


def obey_tombstones(
    vault: Vault, store: Store, anchors: Anchors, judge: Callable[[str], Unproved | None]
) -> tuple[tuple[str, ...], tuple[tuple[str, Unproved], ...]]:
    """Delete from a store the packages that were disposed of while it was away; return their identifiers.

    Second, those of which it still has a copy, which stays because the journal does not bear the disposal out: ``judge``
    says why not.
    """
    gone: list[str] = []
    kept: list[tuple[str, Unproved]] = []
    for package_id in anchors.tombstones:
        with vault.locks.package_exclusive(PackageId(package_id)):
            is_there = any(True for _ in store.walk(object_folder(PackageId(package_id))))
            unproved = judge(package_id) if is_there else None
            if unproved is not None:
                kept.append((package_id, unproved))
            elif _set_aside(store, package_id):
                gone.append(package_id)
    if gone:
        _clear(store, set(gone))
    return tuple(gone), tuple(kept)


def clear_disposed(store: Store, disposed: Collection[str], judge: Callable[[str], Unproved | None]) -> bool:
    """Delete what is left in quarantine of disposed packages; return whether there was anything.

    What the journal does not bear out stays where it is.
    """
    left = {package_id for _, package_id in _left_in_quarantine(store, set(disposed))} if disposed else set()
    return _clear(store, {package_id for package_id in left if judge(package_id) is None})


def _bring_back(store: Store, package_id: str) -> None:
    with suppress(NotFoundError, PathTakenError):  # it was not set aside here, or a whole copy stands
        store.move(QUARANTINE / f"{_MARK}{package_id}", object_folder(PackageId(package_id)))


def _set_aside(store: Store, package_id: str) -> bool:
    try:
        store.move(object_folder(PackageId(package_id)), QUARANTINE / f"{_MARK}{package_id}")
    except NotFoundError:
        set_version_aside(store, PackageId(package_id), 1, _MARK)  # folders that a killed move left empty
        return False
    return True


def _clear(store: Store, package_ids: set[str]) -> bool:
    """Delete everything in quarantine that lies in a folder of one of these packages."""
    places = {place for place, _ in _left_in_quarantine(store, package_ids)} if package_ids else set()
    for place in sorted(places):
        store.remove(place)
    return bool(places)


def _left_in_quarantine(store: Store, package_ids: set[str]) -> set[tuple[PurePosixPath, str]]:
    """Return the folders in quarantine that belong to one of the packages, each with whose it is."""
    names = {object_folder(PackageId(package_id)).name: package_id for package_id in package_ids}
    found = {_place(entry.path, package_ids, names) for entry in store.walk(QUARANTINE)}
    return {one for one in found if one is not None}


def _place(path: PurePosixPath, package_ids: set[str], names: Mapping[str, str]) -> tuple[PurePosixPath, str] | None:
    """Return the folder in quarantine that belongs to one of the packages and holds this path, and the package."""
    for depth, part in enumerate(path.parts[1:], 2):
        owner = names.get(part) or next((one for one in _IDENTIFIER.findall(part) if one in package_ids), None)
        if owner is not None:
            return PurePosixPath(*path.parts[:depth]), owner
    return None
