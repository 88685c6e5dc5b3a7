"""All stores as one: put a package into each and verify it where it lies, read from any, recover after a crash.

The order of writing is the guarantee: intent in the journal, content files, the version's inventory and sidecar,
everything flushed, the object's root inventory last, every byte read again from where it lies, then the anchor
(``package-stored``) in the journal. What has no anchor was never acknowledged.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path, PurePosixPath

from archives.checksum import digests_of
from archives.errors import IntegrityError, JinkuiError, NotFoundError, PathTakenError, StorageError, StoreAbsentError
from archives.facts import PackageAbandoned, PackageIntended, PackageStored
from archives.identifiers import PackageId
from archives.message import message
from preservation.ledger import Ledger
from preservation.locks import Locks
from preservation.ocfl import (
    INVENTORY,
    OBJECT_DECLARATION,
    SIDECAR,
    Inventory,
    encode_sidecar,
    object_declaration,
    object_folder,
    parse_inventory,
)
from preservation.package import NewPackage, PlannedVersion, plan_first_version
from preservation.store import PACKAGES, QUARANTINE, EntryKind, Store, read_whole


class Vault:
    """The stores of one home with their journal and locks."""

    def __init__(self, stores: Iterable[Store], ledger: Ledger, locks: Locks, *, now: Callable[[], datetime]) -> None:
        self.stores = tuple(stores)
        self.ledger = ledger
        self.locks = locks
        self._now = now

    def put(self, package: NewPackage, *, note: str) -> PackageStored:
        """Store version 1 of a package in every store and return its anchor when all of it is acknowledged.

        Raises ``ConflictError`` when a source file is no longer what it was, ``StorageError`` when a store cannot
        take it, ``IntegrityError`` when it gives back other bytes; then nothing of it is left in ``packages/`` and the journal says so.
        """
        plan = plan_first_version(package, note=note, user=self.ledger.agent)
        intent = _intent_of(package, plan)
        with self.locks.package_exclusive(package.package_id):
            self.ledger.append([intent])
            try:
                self._in_every_store(lambda store: _write_version(store, plan))
                self._in_every_store(lambda store: _verify_version(store, plan.inventory, plan.inventory_bytes))
            except JinkuiError as cause:
                self._abandon(intent, cause=cause.code)
                raise
            return self._anchor(intent)

    def inventory(self, anchor: PackageStored) -> Inventory:
        """Return the inventory that the anchor vouches for, from the first store that has it whole."""
        path = object_folder(PackageId(anchor.package_id)) / f"v{anchor.version}" / INVENTORY
        return parse_inventory(self._first_whole(path, anchor.inventory_sha512), subject=str(path))

    def read(self, inventory: Inventory, path: PurePosixPath) -> bytes:
        """Return a file of a package's newest version by its path in the bag, checked against the inventory.

        Raises ``NotFoundError`` for a path the version does not have, ``IntegrityError`` when no store has it whole.
        """
        digest = inventory.logical_files().get(path)
        if digest is None:
            raise NotFoundError(
                message("信息包中没有文件 {path}", "the package has no file {path}", path=str(path)), subject=str(path)
            )
        return self._first_whole(object_folder(inventory.package_id) / inventory.content_path(digest), digest)

    def export(self, inventory: Inventory, folder: Path, *, version: int | None = None) -> None:
        """Write a version out as a complete bag into a new folder, every file checked while it is copied.

        Raises ``PathTakenError`` when the folder is there already, ``IntegrityError`` when no store has a file whole.
        """
        if folder.exists():
            raise PathTakenError(
                message("目标文件夹已存在：{path}", "the folder is there already: {path}", path=str(folder)),
                subject=str(folder),
            )
        for path, digest in sorted(inventory.logical_files(version).items()):
            stored = object_folder(inventory.package_id) / inventory.content_path(digest)
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            self._copy_out(stored, digest, target)

    def recover(self, intents: Sequence[PackageIntended]) -> tuple[PackageAbandoned | PackageStored, ...]:
        """Finish or set aside the versions that a crash left open; every writing command begins with this.

        ``intents`` are those the journal holds neither stored nor abandoned. A version that lies complete in one
        store is completed in the others and anchored; anything else goes to quarantine in every store.
        """
        return tuple(outcome for intent in intents if (outcome := self._settle(intent)))

    def _settle(self, intent: PackageIntended) -> PackageAbandoned | PackageStored | None:
        with self.locks.package_exclusive(PackageId(intent.package_id)):
            if not _is_open(intent, self.ledger):
                return None
            complete = [store for store in self.stores if _completes(store, intent)]
            if not complete:
                return self._abandon(intent, cause="crash")
            for store in self.stores:
                if store not in complete:
                    _set_aside(store, intent, self._stamp())
                    _copy_version(complete[0], store, intent)
            return self._anchor(intent)

    def _anchor(self, intent: PackageIntended) -> PackageStored:
        stored = PackageStored(
            package_id=intent.package_id,
            version=intent.version,
            inventory_sha512=intent.inventory_sha512,
            size_bytes=intent.size_bytes,
            kind=intent.kind,
            repository=intent.repository,
            archival_code=intent.archival_code,
            batch_id=intent.batch_id,
            stores=tuple(store.name for store in self.stores),
        )
        self.ledger.append([stored])
        return stored

    def _abandon(self, intent: PackageIntended, *, cause: str) -> PackageAbandoned:
        for store in self.stores:
            _set_aside(store, intent, self._stamp())
        abandoned = PackageAbandoned(intent.package_id, intent.version, cause)
        self.ledger.append([abandoned])
        return abandoned

    def _stamp(self) -> str:
        return self._now().strftime("%Y%m%dT%H%M%S%f")

    def _in_every_store(self, act: Callable[[Store], None]) -> None:
        with ThreadPoolExecutor(len(self.stores)) as pool:
            for _ in pool.map(act, self.stores):
                pass

    def _first_whole(self, path: PurePosixPath, sha512: str) -> bytes:
        absent: JinkuiError | None = None
        for store in self.stores:
            try:
                data = read_whole(store, path)
            except StoreAbsentError as cause:
                absent = cause
            except (NotFoundError, StorageError):
                continue
            else:
                if digests_of(data).sha512 == sha512:
                    return data
        raise absent or _no_good_copy(path)

    def _copy_out(self, stored: PurePosixPath, sha512: str, target: Path) -> None:
        for store in self.stores:
            digest = hashlib.sha512()
            try:
                with target.open("xb") as out:
                    for block in store.read(stored):
                        digest.update(block)
                        out.write(block)
            except (NotFoundError, StorageError):
                target.unlink(missing_ok=True)
                continue
            if digest.hexdigest() == sha512:
                return
            target.unlink()
        raise _no_good_copy(stored)


def _intent_of(package: NewPackage, plan: PlannedVersion) -> PackageIntended:
    return PackageIntended(
        package_id=package.package_id.value,
        version=plan.inventory.head,
        inventory_sha512=digests_of(plan.inventory_bytes).sha512,
        size_bytes=plan.size_bytes,
        kind=package.kind,
        repository=package.repository,
        archival_code=package.archival_code,
        batch_id=package.batch_id,
    )


def _is_open(intent: PackageIntended, ledger: Ledger) -> bool:
    closed = (PackageStored, PackageAbandoned)
    return not any(
        isinstance(entry.fact, closed)
        and (entry.fact.package_id, entry.fact.version) == (intent.package_id, intent.version)
        for entry in ledger.entries()
    )


def _write_version(store: Store, plan: PlannedVersion) -> None:
    folder = object_folder(plan.inventory.package_id)
    version = folder / f"v{plan.inventory.head}"
    written = [version / "content" / file.path for file in plan.files]
    for path, file in zip(written, plan.files, strict=True):
        store.create(path, file.blocks())
    _finish_version(store, folder, plan.inventory.head, plan.inventory_bytes, written)


def _finish_version(
    store: Store, folder: PurePosixPath, version: int, inventory: bytes, written: list[PurePosixPath]
) -> None:
    """Write what follows the content: the version's inventory, the flush, and the root inventory last."""
    small = {
        folder / f"v{version}" / INVENTORY: inventory,
        folder / f"v{version}" / SIDECAR: encode_sidecar(inventory),
        folder / OBJECT_DECLARATION: object_declaration(),
    }
    for path, data in small.items():
        store.create(path, [data])
    store.flush([*written, *small])
    store.put(folder / SIDECAR, encode_sidecar(inventory), over=None)
    store.put(folder / INVENTORY, inventory, over=None)


def _verify_version(store: Store, inventory: Inventory, inventory_bytes: bytes) -> None:
    """Read a new version again from where it lies; raises ``IntegrityError`` for the first byte that differs."""
    folder = object_folder(inventory.package_id)
    version = f"v{inventory.head}"
    sidecar = encode_sidecar(inventory_bytes)
    for path, expected in {
        folder / INVENTORY: inventory_bytes,
        folder / SIDECAR: sidecar,
        folder / version / INVENTORY: inventory_bytes,
        folder / version / SIDECAR: sidecar,
        folder / OBJECT_DECLARATION: object_declaration(),
    }.items():
        if read_whole(store, path) != expected:
            raise _not_as_written(store, path)
    for path, sha512 in inventory.content_files().items():
        if path.parts[0] == version and _sha512_of(store, folder / path) != sha512:
            raise _not_as_written(store, folder / path)


def _completes(store: Store, intent: PackageIntended) -> bool:
    """Write the root inventory where only that is missing; return whether the version is then whole."""
    folder = object_folder(PackageId(intent.package_id))
    try:
        data = read_whole(store, folder / f"v{intent.version}" / INVENTORY)
        if digests_of(data).sha512 != intent.inventory_sha512:
            return False
        inventory = parse_inventory(data, subject=str(folder))
        _complete_root(store, folder, data)
        _verify_version(store, inventory, data)
    except (NotFoundError, IntegrityError):
        return False
    return True


def _complete_root(store: Store, folder: PurePosixPath, inventory: bytes) -> None:
    for path, data in ((folder / SIDECAR, encode_sidecar(inventory)), (folder / INVENTORY, inventory)):
        try:
            read_whole(store, path)
        except NotFoundError:
            store.put(path, data, over=None)


def _copy_version(source: Store, target: Store, intent: PackageIntended) -> None:
    folder = object_folder(PackageId(intent.package_id))
    data = read_whole(source, folder / f"v{intent.version}" / INVENTORY)
    inventory = parse_inventory(data, subject=str(folder))
    content = [folder / path for path in inventory.content_files() if path.parts[0] == f"v{intent.version}"]
    for path in content:
        target.create(path, source.read(path))
    _finish_version(target, folder, intent.version, data, content)
    _verify_version(target, inventory, data)


def _set_aside(store: Store, intent: PackageIntended, stamp: str) -> None:
    """Move what there is of an unfinished first version to quarantine, with the folders made for it."""
    folder = object_folder(PackageId(intent.package_id))
    for place in (folder, *folder.parents):
        if place == PACKAGES or (
            place != folder and any(e.kind is not EntryKind.EMPTY_FOLDER for e in store.walk(place))
        ):
            return
        try:
            store.move(place, QUARANTINE / f"{stamp}-unfinished-{intent.package_id}-v{intent.version}")
        except NotFoundError:
            continue
        return


def _sha512_of(store: Store, path: PurePosixPath) -> str:
    digest = hashlib.sha512()
    for block in store.read(path):
        digest.update(block)
    return digest.hexdigest()


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


def _no_good_copy(path: PurePosixPath) -> IntegrityError:
    return IntegrityError(
        message("任何存储中都没有完好的副本：{path}", "no store has a whole copy of {path}", path=str(path)),
        subject=str(path),
    )
