"""A version of a package written out as a bag, wholly or not at all."""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path, PurePosixPath

from archives.errors import NotFoundError, PathTakenError, StorageError
from archives.exchange.premis import read_premis
from archives.message import message
from archives.record.names import paths_as_they_came, safe_names
from archives.system_reason import reason_of
from preservation.digests.many_files import Digesting
from preservation.package.new_package import PREMIS
from preservation.package.ocfl import Inventory
from preservation.stores.files import flush_folder
from preservation.vault.copying import Wanted, copy_out
from preservation.vault.stored_object import no_good_copy
from preservation.vault.vault import Vault

_REPRESENTATIONS = ("data", "representations")
_STAMPED = re.compile(r"\.\d{8}T\d{12}\.unfinished")
ORIGINALS = PurePosixPath("data/representations/original/data")
"""Where the originals lie in a bag."""


@dataclass(frozen=True, slots=True)
class OtherName:
    """A file that lies under another name than it came with: where it lies, and where it lay in the record's tree."""

    path: PurePosixPath
    came: PurePosixPath


def as_written(folder: Path) -> Path:
    """Return what was written, with nothing beside it."""
    return folder


def export_version(
    vault: Vault,
    inventory: Inventory,
    folder: Path,
    *,
    version: int,
    digesting: Digesting | None = None,
    complete: Callable[[Path], Path] = as_written,
) -> tuple[OtherName, ...]:
    """Write a version out as a complete bag, wholly or not at all; return what lies in it under other names than it came.

    The folders in which nothing lay when the record came are made again: neither OCFL nor BagIt keeps them. ``complete``
    and what is raised are those of ``export_files``.
    """
    with _written(vault, inventory, folder, version=version, digesting=digesting) as bag:
        _make_empty_folders(bag)
        named = _named(bag)
        _put(complete(bag), folder)
    return tuple(OtherName(path, came) for path, came in named if path != came)


def copy_file(vault: Vault, path: PurePosixPath, wanted: Wanted, folder: Path) -> Path:
    """Copy a file of a package into a new folder, checked while it is copied, and return its place.

    Raises as ``Vault.read_wanted``, and ``StorageError`` when it cannot be written.
    """
    plan = {PurePosixPath(path.name): wanted}
    with Digesting(workers=1) as reading:
        copy_out(vault.stores, plan, folder, digesting=reading, missing=no_good_copy)
    return folder / path.name


def export_files(
    vault: Vault,
    inventory: Inventory,
    folder: Path,
    *,
    version: int,
    as_it_came: Callable[[str], str],
    digesting: Digesting | None = None,
    complete: Callable[[Path], Path] = as_written,
) -> tuple[OtherName, ...]:
    """Write the originals of a version out as the tree in which they came, under their own names; return what is not.

    ``as_it_came`` gives the name that PREMIS tells in a form that everything can hold. A name that the file system of
    the folder cannot hold, or cannot tell from another, gives way to the safe one. ``complete`` is given the tree while it
    still lies in a folder of its own beside the place, and returns what is to take it: so whatever belongs to it is there
    when it is.

    Raises ``NotFoundError`` for a version the package does not have, ``PathTakenError`` when the folder is there
    already, ``StorageError`` when it cannot be written, ``IntegrityError`` when no store has a file whole.
    """
    with _written(vault, inventory, folder, version=version, digesting=digesting) as bag:
        tree = _Tree(bag / "tree", as_it_came)
        told = [
            OtherName(path, came) for path, came in _named(bag) if not tree.take(bag / ORIGINALS / path, path, came)
        ]
        for empty in _empty_folders(bag):
            if empty.is_relative_to(ORIGINALS):
                tree.folder(empty.relative_to(ORIGINALS), empty.relative_to(ORIGINALS))
        _put(complete(tree.root), folder)
    return tuple(told)


@contextmanager
def _written(
    vault: Vault, inventory: Inventory, folder: Path, *, version: int, digesting: Digesting | None
) -> Iterator[Path]:
    """Give the bag of a version, written beside a folder and flushed, and remove afterwards what is left of it."""
    if not 1 <= version <= inventory.head:
        said = message(
            "没有第 {n} 版，最新为第 {head} 版",
            "there is no version {n}; the newest is {head}",
            n=version,
            head=inventory.head,
        )
        raise NotFoundError(said, subject=str(version))
    if os.path.lexists(folder):
        raise PathTakenError(
            message("目标文件夹已存在：{path}", "the folder is there already: {path}", path=str(folder)),
            subject=str(folder),
            advice=message("请给一个新文件夹", "name a new folder"),
        )
    beside = folder.with_name(f".{folder.name}.{vault.stamp()}.unfinished")
    try:
        beside.mkdir(parents=True)
        vault.export(inventory, beside / "bag", version=version, digesting=digesting)
        yield beside / "bag"
        flush_folder(folder.parent)
        for left in folder.parent.glob(f".{escape(folder.name)}.*.unfinished"):
            if _STAMPED.fullmatch(left.name.removeprefix(f".{folder.name}")):
                shutil.rmtree(left, ignore_errors=True)  # of runs that were killed: what they began stands now
    except OSError as cause:
        raise StorageError(
            message(
                "无法写入 {path}：{reason}",
                "{path} cannot be written: {reason}",
                path=str(folder),
                reason=reason_of(cause),
            ),
            subject=str(folder),
        ) from cause
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _put(written: Path, folder: Path) -> None:
    """Let what was written take its place at once, on disk with all of its folders; raises ``OSError``."""
    for place, _, _ in os.walk(written):
        flush_folder(place)
    written.rename(folder)


def _named(bag: Path) -> Sequence[tuple[PurePosixPath, PurePosixPath]]:
    """Return the path of every original in its tree, and the path with which it came."""
    if not (bag / PREMIS).is_file():
        return ()
    files = read_premis((bag / PREMIS).read_bytes()).files
    kept = [
        (one.path.relative_to(ORIGINALS), one.original_name)
        for one in files
        if one.path.is_relative_to(ORIGINALS) and ".." not in one.path.parts
    ]
    return tuple(zip((path for path, _ in kept), paths_as_they_came(kept), strict=True))


class _Tree:
    """A record's own tree of folders, as it is made again."""

    def __init__(self, root: Path, as_it_came: Callable[[str], str]) -> None:
        root.mkdir()
        self.root = root
        self._as_it_came = as_it_came
        self._folders = {PurePosixPath(): root}

    def take(self, file: Path, path: PurePosixPath, came: PurePosixPath) -> bool:
        """Move a file into the tree; say whether it lies as it came, and not under the safe ``path``."""
        folder = self.folder(came.parent, path.parent)
        target = self._free(folder, came.name)
        is_own = target is not None and _goes(lambda: file.rename(target))
        if not is_own:
            file.rename(folder / path.name)
        own = PurePosixPath(*map(self._as_it_came, came.parent.parts))
        return is_own and folder == self.root / own

    def folder(self, came: PurePosixPath, path: PurePosixPath) -> Path:
        """Return a folder of the tree, made where it is not; the last part of the safe ``path`` is its name where need be."""
        if came not in self._folders:
            above = self.folder(came.parent, path.parent)
            target = self._free(above, came.name)
            if target is None or not _goes(target.mkdir):
                target = above / (path.name if len(path.parts) == len(came.parts) else safe_names([came.name])[0])
                target.mkdir(exist_ok=True)
            self._folders[came] = target
        return self._folders[came]

    def _free(self, folder: Path, name: str) -> Path | None:
        """Return where a name goes in a folder; None for what is no name of one file, or is there already."""
        own = self._as_it_came(name)
        if own in ("", ".", "..") or "/" in own or "\0" in own:
            return None
        return None if _goes((folder / own).lstat) else folder / own


def _goes(act: Callable[[], object]) -> bool:
    """Do something with a name; say whether the file system could."""
    try:
        act()
    except (OSError, ValueError):
        return False
    return True


def _make_empty_folders(bag: Path) -> None:
    """Make the folders that PREMIS remembers, below the representations alone; raises ``OSError``."""
    for folder in _empty_folders(bag):
        (bag / folder).mkdir(parents=True, exist_ok=True)


def _empty_folders(bag: Path) -> Iterator[PurePosixPath]:
    if (bag / PREMIS).is_file():
        for folder in read_premis((bag / PREMIS).read_bytes()).empty_folders:
            if folder.parts[:2] == _REPRESENTATIONS and ".." not in folder.parts:
                yield folder
