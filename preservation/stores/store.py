"""What a store is: a place where one copy of every package and of the journal lies.

A store holds ``store.json`` (its marker), ``packages/`` (an OCFL storage root and nothing else), ``journal/``,
``quarantine/``, ``work/`` and ``restore.py``. Paths are relative to the store, never absolute, never with ``..``.
"""

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from pathlib import PurePosixPath
from typing import NamedTuple, Protocol

from archives.errors import StorageError
from archives.message import message

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


class Store(Protocol):
    """Seven verbs; every implementation passes the same contract suite.

    Whatever cannot be done raises ``StorageError``; a store that is not there raises ``StoreAbsentError`` from
    every verb and says nothing about what lies in it.
    """

    @property
    def name(self) -> str:
        """The name the operator gave it."""

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

        Folders in ``passing_over`` are neither named nor entered. What stands in the folder's place and is none, or a
        folder that is locked, is yielded itself.
        """

    def flush(self, paths: Iterable[PurePosixPath]) -> None:
        """Return when these files, and every folder on the way to them, are on disk; never tried twice."""

    def move(self, source: PurePosixPath, target: PurePosixPath) -> None:
        """Rename a file or a folder within the store, on disk when it returns; folders left empty go too.

        A folder whose owner was locked out of it is opened to its owner again.

        Raises ``NotFoundError`` without a source and ``PathTakenError`` when the target stands.
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


def read_whole(store: Store, path: PurePosixPath) -> bytes:
    """Return a file's bytes; for files that are known to be small."""
    return b"".join(store.read(path))
