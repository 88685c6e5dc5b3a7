"""One object in one store: a version verified where it lies, completed, copied from elsewhere, set aside.

The root sidecar and the root inventory come last, and are the only files that are ever replaced.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import PurePosixPath

from archives.errors import IntegrityError, NotFoundError, StorageError, StoreAbsentError, StoreDeniedError
from archives.journal.facts import PackageStored
from archives.message import message
from archives.record.identifiers import PackageId
from preservation.digests.of_store import sha512_of
from preservation.package.ocfl import (
    INVENTORY,
    OBJECT_DECLARATION,
    SIDECAR,
    Inventory,
    encode_sidecar,
    object_declaration,
    object_folder,
    parse_inventory,
)
from preservation.stores.presence import out_of_reach
from preservation.stores.store import PACKAGES, QUARANTINE, EntryKind, Store, read_whole


def verify_version(store: Store, inventory: Inventory, inventory_bytes: bytes) -> None:
    """Read an object's newest version again from where it lies; ``IntegrityError`` for the first byte that differs."""
    folder = object_folder(inventory.package_id)
    sidecar = encode_sidecar(inventory_bytes)
    _require_equal(store, folder / INVENTORY, inventory_bytes)
    _require_equal(store, folder / SIDECAR, sidecar)
    _verify_version_folder(store, inventory, inventory_bytes, sidecar)


def complete_version(store: Store, package_id: PackageId, version: int, inventory_sha512: str) -> Inventory | None:
    """Finish the root of an object whose version is whole; return its inventory, or None when the version is not."""
    folder = object_folder(package_id)
    try:
        data = read_whole(store, folder / f"v{version}" / INVENTORY)
        if hashlib.sha512(data).hexdigest() != inventory_sha512:
            return None
        inventory = parse_inventory(data, subject=str(folder))
        _verify_version_folder(store, inventory, data, encode_sidecar(data))
        set_root(store, folder, data)
        verify_version(store, inventory, data)
    except (NotFoundError, IntegrityError):
        return None
    return inventory


def copy_version(sources: Sequence[Store], target: Store, anchor: PackageStored) -> None:
    """Copy an anchored version into a store, every file from a source that has it whole, and verify it there.

    Raises ``IntegrityError`` when no source has a file whole or the target gives back other bytes.
    """
    folder = object_folder(PackageId(anchor.package_id))
    data = anchored_inventory(sources, anchor)
    inventory = parse_inventory(data, subject=str(folder))
    content = {
        folder / path: sha512
        for path, sha512 in inventory.content_files().items()
        if path.parts[0] == f"v{anchor.version}"
    }
    for path, sha512 in content.items():
        _copy_file(sources, target, path, sha512)
    target.flush([*content, *write_inventory(target, folder, anchor.version, data)])
    set_root(target, folder, data)
    verify_version(target, inventory, data)


def set_version_aside(store: Store, package_id: PackageId, version: int, stamp: str) -> PurePosixPath | None:
    """Move what there is of an unfinished version to quarantine; return where, or None when there was nothing.

    Of a first version the whole object goes, with the folders made for it; of a later one its folder, and the root
    inventory is again the version before.
    """
    folder = object_folder(package_id)
    target = QUARANTINE / f"{stamp}-unfinished-{package_id}-v{version}"
    if version > 1:
        return _set_later_version_aside(store, folder, version, target)
    for place in (folder, *folder.parents):
        if place == PACKAGES or (
            place != folder and any(e.kind is not EntryKind.EMPTY_FOLDER for e in store.walk(place))
        ):
            return None
        try:
            store.move(place, target)
        except NotFoundError:
            continue
        return target
    return None


def write_inventory(store: Store, folder: PurePosixPath, version: int, inventory: bytes) -> list[PurePosixPath]:
    """Create the inventory of a version and its sidecar, and of a new object its declaration; not on disk yet."""
    small = {
        folder / f"v{version}" / INVENTORY: inventory,
        folder / f"v{version}" / SIDECAR: encode_sidecar(inventory),
    }
    if version == 1:
        small[folder / OBJECT_DECLARATION] = object_declaration()
    for path, data in small.items():
        store.create(path, [data])
    return list(small)


def set_root(store: Store, folder: PurePosixPath, inventory: bytes) -> None:
    """Put the root sidecar and then the root inventory in place, over whatever version stands there."""
    for path, data in ((folder / SIDECAR, encode_sidecar(inventory)), (folder / INVENTORY, inventory)):
        stands = _bytes_if_there(store, path)
        if stands != data:
            store.put(path, data, over=stands)


def anchored_inventory(stores: Sequence[Store], anchor: PackageStored) -> bytes:
    """Return the bytes of an anchored inventory, from wherever they lie whole: in its version or in the object's root.

    Raises as ``first_whole`` does.
    """
    folder = object_folder(PackageId(anchor.package_id))
    try:
        return first_whole(stores, folder / f"v{anchor.version}" / INVENTORY, anchor.inventory_sha512)
    except (IntegrityError, StorageError) as failure:
        try:
            return first_whole(stores, folder / INVENTORY, anchor.inventory_sha512)
        except (IntegrityError, StorageError):
            raise failure from None


def first_whole(stores: Sequence[Store], path: PurePosixPath, sha512: str) -> bytes:
    """Return a small file's bytes from the first store that has them whole.

    Raises ``IntegrityError`` when no store has; ``StoreAbsentError`` or ``StoreDeniedError`` when one that might have it is
    not there, or may not be looked into.
    """
    away: list[tuple[str, StorageError]] = []
    for store in stores:
        try:
            data = read_whole(store, path)
        except (StoreAbsentError, StoreDeniedError) as cause:
            away.append((store.name, cause))
        except (NotFoundError, StorageError):
            continue
        else:
            if hashlib.sha512(data).hexdigest() == sha512:
                return data
    raise out_of_reach(away) if away else no_good_copy(path)


def no_good_copy(path: PurePosixPath) -> IntegrityError:
    """Return the error that says that no store has a file whole."""
    return IntegrityError(
        message("任何存储中都没有完好的副本：{path}", "no store has a whole copy of {path}", path=str(path)),
        subject=str(path),
    )


def _bytes_if_there(store: Store, path: PurePosixPath) -> bytes | None:
    try:
        return read_whole(store, path)
    except NotFoundError:
        return None


def _verify_version_folder(store: Store, inventory: Inventory, inventory_bytes: bytes, sidecar: bytes) -> None:
    folder = object_folder(inventory.package_id)
    version = f"v{inventory.head}"
    _require_equal(store, folder / version / INVENTORY, inventory_bytes)
    _require_equal(store, folder / version / SIDECAR, sidecar)
    _require_equal(store, folder / OBJECT_DECLARATION, object_declaration())
    for path, sha512 in inventory.content_files().items():
        if path.parts[0] == version and sha512_of(store, folder / path) != sha512:
            raise _not_as_written(store, folder / path)


def _require_equal(store: Store, path: PurePosixPath, expected: bytes) -> None:
    if read_whole(store, path) != expected:
        raise _not_as_written(store, path)


def _copy_file(sources: Sequence[Store], target: Store, path: PurePosixPath, sha512: str) -> None:
    """Create a file from the first source whose bytes are whole; a source is judged before anything is written."""
    out_of_reach: StorageError | None = None
    for source in sources:
        try:
            if sha512_of(source, path) != sha512:
                continue
        except NotFoundError:
            continue
        except StorageError as failure:
            out_of_reach = failure
            continue
        target.create(path, source.read(path))
        return
    raise out_of_reach or no_good_copy(path)


def _set_later_version_aside(
    store: Store, folder: PurePosixPath, version: int, target: PurePosixPath
) -> PurePosixPath | None:
    """Move a version's folder to quarantine, after the root says the version before again where it had gone on."""
    moved = False
    unfinished = _bytes_if_there(store, folder / f"v{version}" / INVENTORY)
    went_on = _head_of(_bytes_if_there(store, folder / INVENTORY)) == f"v{version}"
    if went_on or (unfinished and _bytes_if_there(store, folder / SIDECAR) == encode_sidecar(unfinished)):
        before = _bytes_if_there(store, folder / f"v{version - 1}" / INVENTORY)
        sidecar = _bytes_if_there(store, folder / f"v{version - 1}" / SIDECAR)
        if before is not None and sidecar == encode_sidecar(before):
            set_root(store, folder, before)
        else:  # nothing whole to put there: better none than bytes that vouch for themselves
            moved = _move_if_there(store, folder / INVENTORY, target / "root" / INVENTORY)
            moved |= _move_if_there(store, folder / SIDECAR, target / "root" / SIDECAR)
    moved |= _move_if_there(store, folder / f"v{version}", target / f"v{version}")
    return target if moved else None


def _head_of(inventory: bytes | None) -> str | None:
    try:
        return str(json.loads(inventory)["head"]) if inventory else None
    except (ValueError, KeyError, TypeError):
        return None


def _move_if_there(store: Store, source: PurePosixPath, target: PurePosixPath) -> bool:
    try:
        store.move(source, target)
    except NotFoundError:
        return False
    return True


def _not_as_written(store: Store, path: PurePosixPath) -> IntegrityError:
    return IntegrityError(
        message(
            "存储“{store}”写入后复读不一致：{path}",
            "store “{store}” gives back other bytes than were written: {path}",
            store=store.name,
            path=str(path),
        ),
        subject=f"{store.name}: {path}",
        advice=message(
            "源文件可能在写入时被改动，或该存储的磁盘有故障；请检查后重试",
            "the source may have changed meanwhile, or the store's disk is failing: check, then try again",
        ),
    )
