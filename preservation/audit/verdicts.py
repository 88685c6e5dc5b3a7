"""Verdicts on files: each is read from where it lies and judged by what must lie there.

DAMAGED is given only after a second reading; what could not be looked at is UNREADABLE, never good and never bad; what
was not come to is NOT_CHECKED.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from archives.errors import NotFoundError, StorageError, StoreAbsentError
from archives.message import Message, message
from preservation.audit.expectation import Expectation
from preservation.stores.store import EntryKind, Store, StoreEntry


class Verdict(StrEnum):
    """What an audit says of one file of one copy."""

    OK = "OK"
    DAMAGED = "DAMAGED"
    MISSING = "MISSING"
    UNTRACKED = "UNTRACKED"
    UNREADABLE = "UNREADABLE"
    NOT_CHECKED = "NOT_CHECKED"


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """One file that is not OK; ``file`` is relative to the store, ``package_id`` None outside any package."""

    store: str
    package_id: str | None
    file: str
    verdict: Verdict
    reason: Message | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CopyAudit:
    """What was found in one package's copy (or, without a package, in the rest of a store).

    ``mark`` sums up the store's own marks of change of all its files, for a copy that is whole; ``version`` is the
    newest version that was judged.
    """

    store: str
    package_id: str | None
    checked_files: int
    checked_bytes: int
    problems: tuple[FileVerdict, ...]
    version: int = 0
    mark: str = ""


PERMISSIONS_LOST = message("所有者已无权读取（权限丢失）", "its owner may no longer read it (permissions were lost)")
_HARD_LINK = message("另有硬链接指向它", "another name links to the same bytes")
_NO_FILE = message("不是普通文件（链接、管道或设备）", "no regular file (a link, pipe or device)")
_DIGEST = message("摘要不符", "its digest differs")


@dataclass(slots=True)
class VerdictSheet:
    """Verdicts that are not OK, by path (as text), with how much was read and each file's mark of change."""

    store: Store
    verdicts: dict[str, tuple[Verdict, Message | None]] = field(default_factory=dict)
    files: int = 0
    size_bytes: int = 0
    marks: list[str] = field(default_factory=list)

    def say(self, place: str, verdict: Verdict, reason: Message | None = None) -> None:
        """Give a verdict."""
        self.verdicts[place] = (verdict, reason)

    def take_back(self, place: str) -> None:
        """Say nothing of a path after all."""
        self.verdicts.pop(place, None)

    def judge_entry(self, entry: StoreEntry, expected: Expectation) -> None:
        """Judge what a walk found where a file is expected."""
        if entry.kind is EntryKind.LOCKED_FILE or entry.kind is EntryKind.LOCKED_FOLDER:
            self.say(entry.place, Verdict.DAMAGED, PERMISSIONS_LOST)
        elif entry.kind is not EntryKind.FILE:
            self.say(entry.place, Verdict.DAMAGED, _NO_FILE)
        elif entry.links > 1:
            self.say(entry.place, Verdict.DAMAGED, _HARD_LINK)
        else:
            self.marks.append(entry_mark(entry))
            self.judge(entry.place, expected)

    def judge(self, place: str, expected: Expectation) -> None:
        """Read a file and judge it."""
        verdict, size_bytes, reason = judge_file(self.store, place, expected)
        self.files += 1
        self.size_bytes += size_bytes
        if verdict is not Verdict.OK:
            self.verdicts[place] = (verdict, reason)

    def entries(self, folder: PurePosixPath, *, passing_over: frozenset[PurePosixPath]) -> Iterable[StoreEntry]:
        """Yield what stands below a folder; a folder that cannot be listed is UNREADABLE and ends the walk."""
        try:
            yield from self.store.walk(folder, passing_over=passing_over)
        except StoreAbsentError:
            raise
        except StorageError as failure:
            self.say(str(folder) if folder.parts else "", Verdict.UNREADABLE, failure.message)

    def problems(self, package_id: str | None) -> tuple[FileVerdict, ...]:
        """Return every verdict, by path."""
        return tuple(
            FileVerdict(self.store.name, package_id, place, verdict, reason)
            for place, (verdict, reason) in sorted(self.verdicts.items())
        )


def judge_file(store: Store, path: PurePosixPath | str, expected: Expectation) -> tuple[Verdict, int, Message | None]:
    """Read one file and return its verdict, how many bytes were read, and why; what is not whole is read twice.

    Raises ``StoreAbsentError`` when the store is not there.
    """
    verdict, size_bytes, reason = _read_once(store, path, expected)
    if verdict in (Verdict.DAMAGED, Verdict.UNREADABLE):
        return _read_once(store, path, expected)
    return verdict, size_bytes, reason


def entry_mark(entry: StoreEntry) -> str:
    """Return what tells whether anybody wrote to a file since."""
    return f"{entry.place}\0{entry.changed}"


def mark_of(marks: Iterable[str]) -> str:
    """Return the sum of many files' marks, whatever their order."""
    return hashlib.sha256("\n".join(sorted(marks)).encode("utf-8", "surrogateescape")).hexdigest()


def _read_once(store: Store, path: PurePosixPath | str, expected: Expectation) -> tuple[Verdict, int, Message | None]:
    digest = hashlib.sha512()
    size_bytes = 0
    try:
        for block in store.read(path):
            digest.update(block)
            size_bytes += len(block)
    except NotFoundError:
        return Verdict.MISSING, 0, None
    except StoreAbsentError:
        raise
    except StorageError as failure:
        return Verdict.UNREADABLE, size_bytes, failure.message
    if digest.hexdigest() == expected.sha512:
        return Verdict.OK, size_bytes, None
    return Verdict.DAMAGED, size_bytes, _DIGEST
