"""What a store is: a place where one copy of every package and of the journal lies.

A store holds ``store.json`` (its marker), ``packages/`` (an OCFL storage root and nothing else), ``journal/``,
``quarantine/``, ``work/`` and ``restore.py``. Paths are relative to the store, never absolute, never with ``..``.
"""

import shlex
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol

from archives.errors import (
    NotFoundError,
    PathTakenError,
    StorageError,
    StoreAbsentError,
    StoreDeniedError,
    StoreEmptyError,
)
from archives.message import Message, message

MARKER = PurePosixPath("store.json")
PACKAGES = PurePosixPath("packages")
JOURNAL = PurePosixPath("journal")
WORK = PurePosixPath("work")
QUARANTINE = PurePosixPath("quarantine")
RESTORE_PROGRAM = PurePosixPath("restore.py")

BLOCK_BYTES = 256 * 1024
"""The size of one read: larger blocks fall out of a core's second-level cache and cost 40-80 % when writing."""


class EntryKind(StrEnum):
    """What stands at a path.

    A link, pipe, socket or device is OTHER: it is never followed or opened. A file or folder whose owner may no longer
    read it is LOCKED (permissions were lost); a locked folder is not entered.
    """

    FILE = "file"
    EMPTY_FOLDER = "empty folder"
    LOCKED_FILE = "locked file"
    LOCKED_FOLDER = "locked folder"
    OTHER = "other"


class StoreEntry(NamedTuple):
    """One thing found below a folder; ``place`` is its path relative to the store, as text: there are millions,
    and a path object costs as much as reading a small file.

    ``links`` is its number of hard links (1 where the store has none). ``changed`` is the store's own mark of the last
    change (inode, change time and size; an entity tag): equal marks mean that nobody wrote to it in the ordinary way,
    not that its bytes are whole.
    """

    place: str
    kind: EntryKind
    size_bytes: int = 0
    links: int = 1
    changed: str = ""

    @property
    def path(self) -> PurePosixPath:
        """Where it stands, relative to the store."""
        return PurePosixPath(self.place)


@dataclass(frozen=True, slots=True)
class Properties:
    """What is known of a store before anything in it is looked at: nobody asks of which kind it is.

    ``where`` is its place as a person names it; ``folder`` the folder of this machine in which its files may be read
    without its verbs, None when they may not.
    """

    where: str
    folder: Path | None = None


class Store(Protocol):
    """Seven verbs; every implementation passes the same contract suite.

    Whatever cannot be done raises ``StorageError``; a store that is not there raises ``StoreAbsentError`` from
    every verb and says nothing about what lies in it.
    """

    @property
    def name(self) -> str:
        """The name the operator gave it."""

    @property
    def properties(self) -> Properties:
        """What is known of it beside its name."""

    def create(self, path: PurePosixPath, blocks: Iterable[bytes]) -> None:
        """Write a new file, making its folders; the bytes are sure only after ``flush``.

        Raises ``PathTakenError`` when anything stands there already.
        """

    def put(self, path: PurePosixPath, data: bytes, *, over: bytes | None) -> None:
        """Put a small file in place at once or not at all, on disk when this returns.

        ``over`` is what stands there now, None for nothing: ``PathTakenError`` when something else does.
        """

    def read(self, path: PurePosixPath | str) -> Iterator[bytes]:
        """Yield a file's bytes from where they lie, past the page cache where that can be asked for.

        The path may be a ``StoreEntry.place``. Raises ``NotFoundError`` when there is no regular file, before the first block.
        """

    def walk(
        self, folder: PurePosixPath, *, passing_over: Collection[PurePosixPath] = frozenset()
    ) -> Iterator[StoreEntry]:
        """Yield everything below a folder, names in order; nothing when the folder is not there.

        Folders in ``passing_over`` are neither named nor entered, nor is what file systems keep for themselves
        (``passed_over``). What stands in the folder's place and is none, or a
        folder that is locked, is yielded itself.
        """

    def flush(self, paths: Iterable[PurePosixPath]) -> None:
        """Return when these files, and every folder on the way to them, are on disk; never tried twice."""

    def move(self, source: PurePosixPath, target: PurePosixPath) -> None:
        """Rename a file or a folder within the store, on disk when it returns; folders left empty go too.

        A folder whose owner was locked out of it is opened to its owner again.

        Raises ``NotFoundError`` without a source and ``PathTakenError`` when the target stands.
        """

    def move_below(self, paths: Iterable[PurePosixPath], target: PurePosixPath) -> None:
        """Rename each of many files or folders to its own path below a target, all of them on disk when it returns.

        Raises as ``move`` does; what was moved before stays moved.
        """

    def remove(self, path: PurePosixPath) -> None:
        """Delete a file or a folder with all that is in it, for good, on disk when it returns.

        Only below ``quarantine/`` and ``work/``: anything else is refused with ``StorageError``. Nothing there is no
        error, so that an interrupted removal may be repeated.
        """


REMOVABLE = (QUARANTINE, WORK)
"""The folders in which ``Store.remove`` may delete."""


def require_removable(store: Store, path: PurePosixPath) -> None:
    """Raise ``StorageError`` unless the path lies below a folder in which things may be deleted."""
    if not any(folder in path.parents for folder in REMOVABLE) or ".." in path.parts:
        raise StorageError(
            message(
                "存储“{store}”中的 {path} 不可删除",
                "store “{store}”: {path} may not be deleted",
                store=store.name,
                path=str(path),
            ),
            subject=f"{store.name}: {path}",
        )


def require_inside(store: Store, path: PurePosixPath) -> None:
    """Raise ``StorageError`` when a path leads out of the store."""
    if path.is_absolute() or ".." in path.parts or "\0" in str(path):
        raise StorageError(
            message("路径越出存储位置：{path}", "the path leaves the store: {path}", path=str(path)), subject=store.name
        )


def no_file(store: Store, path: PurePosixPath | str) -> NotFoundError:
    """Return the error that a store which is there has no regular file at a path."""
    said = message(
        "存储“{store}”中没有文件 {path}", "store “{store}” has no file {path}", store=store.name, path=str(path)
    )
    return NotFoundError(said, subject=f"{store.name}: {path}")


def taken(store: Store, path: PurePosixPath | str) -> PathTakenError:
    """Return the error that something else stands at a path."""
    said = message(
        "存储“{store}”的 {path} 处已有别的文件",
        "store “{store}”: something else stands at {path}",
        store=store.name,
        path=str(path),
    )
    return PathTakenError(said, subject=f"{store.name}: {path}")


def absent(store: Store, look: Message | None = None) -> StoreAbsentError:
    """Return the error that a store is not there; ``look`` says what to look after."""
    where = store.properties.where
    said = message("存储“{store}”不在：{root}", "store “{store}” is not there: {root}", store=store.name, root=where)
    return StoreAbsentError(said, subject=store.name, advice=away_advice(store.name, look))


def emptied(store: Store) -> StoreEmptyError:
    """Return the error that the folder of a store is there, and nothing in it."""
    where = store.properties.where
    said = message(
        "存储“{store}”的文件夹还在，但是空的：{root}",
        "the folder of the store “{store}” is there, and it is empty: {root}",
        store=store.name,
        root=where,
    )
    advice = message(
        "若该处应挂载一块磁盘，请先挂载（findmnt -T {place} 显示现在是哪一块）；若其中的内容已被清空，用 jinkui store replace {store} "
        "--path {place}，再用 jinkui replicate --store {store} 由其他存储补齐，或用 jinkui store retire {store} 停用",
        "where a disk should be mounted there, mount it (findmnt -T {place} says which one it is on now); where it was emptied, "
        "jinkui store replace {store} --path {place} and jinkui replicate --store {store} fill it again from the others, and "
        "jinkui store retire {store} lets it leave",
        store=store.name,
        place=shlex.quote(where),
    )
    return StoreEmptyError(said, subject=store.name, advice=advice)


def away_advice(name: str, look: Message | None = None) -> Message:
    """Return what to do about a store that is away, in passing or for good: whoever says that it is says this."""
    lost = message(
        "若已失去，用 jinkui store replace {store} --path 新位置 由空的位置替换，或用 jinkui store retire {store} 停用",
        "if it is lost for good, jinkui store replace {store} --path NEW lets an empty place take its stead, and jinkui store "
        "retire {store} lets it leave",
        store=name,
    )
    first = look or message("若只是暂时不在，请接回它", "if it is away in passing, bring it back")
    return message("{first}；{lost}", "{first}; {lost}", first=first, lost=lost)


def failed(
    store: Store, path: PurePosixPath | str, reason: Message | str, advice: Message | None = None
) -> StorageError:
    """Return the error that a path cannot be read or written for a reason of the store's own."""
    said = message(
        "存储“{store}”无法读写 {path}：{reason}",
        "store “{store}” cannot read or write {path}: {reason}",
        store=store.name,
        path=str(path),
        reason=reason,
    )
    return StorageError(said, subject=f"{store.name}: {path}", advice=advice)


def denied(
    store: Store, path: PurePosixPath | str, advice: Message, *, place: PurePosixPath | str = ""
) -> StoreDeniedError:
    """Return the error that this account has no right to read or write a path; whether anything lies there is not known."""
    said = message(
        "没有权限读写存储“{store}”的 {path}",
        "permission denied: {path} of the store “{store}”",
        store=store.name,
        path=str(path),
    )
    failure = StoreDeniedError(said, subject=f"{store.name}: {path}", advice=advice)
    failure.place = str(place)
    return failure


def read_whole(store: Store, path: PurePosixPath) -> bytes:
    """Return a file's bytes; for files that are known to be small."""
    return b"".join(store.read(path))
