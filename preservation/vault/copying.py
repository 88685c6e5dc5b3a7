"""Files written out of stores into a new folder, each verified by what its copy was made of.

A copy is read once: written and digested at the same time. A file that one store no longer has whole comes from the
next store.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from archives.errors import NotFoundError, StorageError
from archives.message import Message, message
from archives.record.identifiers import PackageId
from archives.system_reason import reason_of
from preservation.digests.many_files import Digesting
from preservation.digests.of_store import digested
from preservation.digests.tree import read_tree
from preservation.package.bag import ALGORITHMS, manifest_digests
from preservation.package.ocfl import Inventory, object_folder
from preservation.stores.files import flush_tree
from preservation.stores.store import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a file of a store lies, and the SHA-512 that it must have (lower-case hexadecimal)."""

    stored: PurePosixPath
    sha512: str


class VersionFiles:
    """The files of one version of a package, by their path in the bag.

    ``files`` are the content path and the SHA-512 of each.
    """

    def __init__(self, package_id: PackageId, files: Mapping[str, tuple[str, str]]) -> None:
        self._folder = object_folder(package_id)
        self._files = files

    @classmethod
    def of(cls, inventory: Inventory, version: int | None = None) -> Self:
        """Return those of a version that an inventory tells of, by default the newest."""
        logical = inventory.logical_files(version)
        files = {str(path): (str(inventory.content_path(digest)), digest) for path, digest in logical.items()}
        return cls(inventory.package_id, files)

    def wanted(self, path: PurePosixPath) -> Wanted:
        """Return where a file lies; raises ``NotFoundError`` for a path that the version does not have."""
        found = self._files.get(str(path))
        if found is None:
            raise NotFoundError(
                message("信息包中没有文件 {path}", "the package has no file {path}", path=str(path)), subject=str(path)
            )
        content, digest = found
        return Wanted(self._folder / content, digest)

    def all(self) -> dict[PurePosixPath, Wanted]:
        """Return where every file lies, in the order of their paths."""
        return {path: self.wanted(path) for path in sorted(map(PurePosixPath, self._files))}


def copy_out(
    stores: Sequence[Store],
    plan: Mapping[PurePosixPath, Wanted],
    folder: Path,
    *,
    digesting: Digesting,
    missing: Callable[[PurePosixPath], Exception],
) -> None:
    """Write files into a new folder by their path in it, and return when every one is whole and on disk.

    Raises what ``missing`` makes of the first file that no store has whole, ``StorageError`` when a copy cannot be
    written or the manifests among the files do not agree with what was copied.
    """
    _make_folders(folder, plan)
    waiting = {str(path): wanted for path, wanted in plan.items()}
    digests: dict[str, tuple[bytes, ...]] = {}
    for store in stores:
        root = store.properties.folder
        digests |= _from_disk(root, waiting, folder, digesting) if root else _from_store(store, waiting, folder)
        waiting = {path: wanted for path, wanted in waiting.items() if path not in digests}
        if not waiting:
            break
    for wanted in waiting.values():
        raise missing(wanted.stored)
    _compare_manifests(folder, digests)
    flush_copies(folder)


def flush_copies(folder: Path) -> None:
    """Return when every file below a folder, and every folder on the way to it, is on disk; raises ``StorageError``."""
    tree = read_tree(folder)
    try:
        flush_tree(folder, (*tree.files, *sorted(tree.folders, reverse=True)))
    except OSError as cause:
        raise _not_written(folder, reason_of(cause)) from cause


def _make_folders(folder: Path, plan: Mapping[PurePosixPath, Wanted]) -> None:
    try:
        for place in sorted({(folder / path).parent for path in plan}):
            place.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise _not_written(folder, reason_of(cause)) from cause


def _from_disk(
    root: Path, waiting: Mapping[str, Wanted], folder: Path, digesting: Digesting
) -> dict[str, tuple[bytes, ...]]:
    """Copy what is whole in a store's own folder and return its digests; what is not leaves nothing behind."""
    plan = {path: str(wanted.stored) for path, wanted in waiting.items()}
    sizes = {source: _size_bytes(root, source) for source in set(plan.values())}
    whole: dict[str, tuple[bytes, ...]] = {}
    for path, outcome in digesting.copies(root, folder, plan, ALGORITHMS, sizes):
        if isinstance(outcome, Message):
            continue
        if outcome[ALGORITHMS.index("sha512")].hex() == waiting[path].sha512:
            whole[path] = outcome
        else:
            (folder / path).unlink()
    return whole


def _from_store(store: Store, waiting: Mapping[str, Wanted], folder: Path) -> dict[str, tuple[bytes, ...]]:
    whole: dict[str, tuple[bytes, ...]] = {}
    for path, wanted in waiting.items():
        hashes = [hashlib.new(algorithm) for algorithm in ALGORITHMS]
        try:
            with (folder / path).open("xb", buffering=0) as copy:
                for block in digested(store, wanted.stored, *hashes):
                    copy.write(block)
        except OSError as cause:
            raise _not_written(folder / path, reason_of(cause)) from cause
        except (NotFoundError, StorageError):
            (folder / path).unlink()
            continue
        digests = tuple([hash_.digest() for hash_ in hashes])
        if digests[ALGORITHMS.index("sha512")].hex() == wanted.sha512:
            whole[path] = digests
        else:
            (folder / path).unlink()
    return whole


def _size_bytes(root: Path, path: str) -> int:
    try:
        return os.stat(f"{root}/{path}", follow_symlinks=False).st_size  # noqa: PTH116 - for every file
    except OSError:
        return 0


def _compare_manifests(folder: Path, digests: Mapping[str, tuple[bytes, ...]]) -> None:
    """Raise ``StorageError`` unless the copied bag's manifests say of its payload what was read of it."""
    for number, algorithm in enumerate(ALGORITHMS):
        name = f"manifest-{algorithm}.txt"
        if name not in digests:
            continue
        listed = manifest_digests((folder / name).read_bytes(), subject=name)
        for path, outcome in digests.items():
            if path.startswith("data/") and listed.get(PurePosixPath(path)) != outcome[number].hex():
                raise _not_written(folder / path, message("与 {name} 不符", "{name} says otherwise", name=name))


def _not_written(path: Path, reason: Message) -> StorageError:
    return StorageError(
        message("无法写出 {path}：{reason}", "{path} cannot be written: {reason}", path=str(path), reason=reason),
        subject=str(path),
    )
