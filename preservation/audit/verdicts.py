"""Verdicts on files: each is read from where it lies and judged by what must lie there.

DAMAGED is given only after a second reading; what could not be looked at is UNREADABLE, never good and never bad; what
was not come to is NOT_CHECKED.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import NamedTuple

from archives.consequences import WithConsequences
from archives.errors import NotFoundError, StorageError, StoreAbsentError, StoreDeniedError
from archives.message import Message, message
from preservation.audit.expectation import Expectation
from preservation.digests.of_store import digested
from preservation.stores.store import EntryKind, Store, StoreEntry


class Mending(StrEnum):
    """What a repair does about a file: nothing, move it away, or put good bytes in its place.

    REPLACE_IF_KNOWN says nothing of a place of which nobody knows what must lie there (a folder that cannot be listed).
    """

    NOTHING = "nothing"
    SET_ASIDE = "set aside"
    REPLACE = "replace"
    REPLACE_IF_KNOWN = "replace if known"


class Failure(StrEnum):
    """Under what a fixity client is told of a file (the keys of ``failures.files`` in the storage API, version 2)."""

    MISSING = "missing"
    CHANGED = "changed"
    UNTRACKED = "untracked"


_STRAY = message("没有记载说明它应在此处", "nothing says that it belongs here")


class Verdict(WithConsequences):
    """What an audit says of one file of one copy, and all that follows from it: no other module tells verdicts apart.

    ``label``: what readers call it, with the word that programs and the manual know. ``said``: why, where nothing nearer is known. ``is_damage``: the file is known to be wrong, so that the journal
    remembers it until it is mended, the metrics count it and a fixity check fails. ``mending``: what a repair does.
    ``failure``: under what a fixity client is told of damage; what is none is told as a reason for knowing nothing.
    ``exit_code``: that of an audit which found it. Only the judges, who give verdicts, name them.
    """

    label: Message
    said: Message
    is_damage: bool
    mending: Mending
    failure: Failure | None
    exit_code: int

    OK = "OK", message("完好（OK）", "OK"), message("完好", "it is whole"), False, Mending.NOTHING, None, 0
    DAMAGED = (
        "DAMAGED",
        message("损坏（DAMAGED）", "DAMAGED"),
        message("摘要不符", "its digest differs"),
        True,
        Mending.REPLACE,
        Failure.CHANGED,
        12,
    )
    MISSING = (
        "MISSING",
        message("缺失（MISSING）", "MISSING"),
        message("不在", "it is not there"),
        True,
        Mending.REPLACE,
        Failure.MISSING,
        12,
    )
    UNTRACKED = (
        "UNTRACKED",
        message("多余（UNTRACKED）", "UNTRACKED"),
        _STRAY,
        True,
        Mending.SET_ASIDE,
        Failure.UNTRACKED,
        12,
    )
    UNREADABLE = (
        "UNREADABLE",
        message("读不出（UNREADABLE）", "UNREADABLE"),
        message("无法读取", "it could not be read"),
        False,
        Mending.REPLACE_IF_KNOWN,
        None,
        9,
    )
    NOT_CHECKED = (
        "NOT_CHECKED",
        message("未核查（NOT_CHECKED）", "NOT_CHECKED"),
        message("未读到", "it was not come to"),
        False,
        Mending.NOTHING,
        None,
        12,
    )


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """One file that is not OK; ``file`` is relative to the store, ``package_id`` None outside any package."""

    store: str
    package_id: str | None
    file: str
    verdict: Verdict
    reason: Message | None = field(default=None, compare=False)

    @property
    def why(self) -> Message:
        """The reason, or what the verdict itself says."""
        return self.reason or self.verdict.said


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


class FileReading(NamedTuple):
    """What reading a file to its end, or as far as it went, came to."""

    verdict: Verdict
    size_bytes: int
    reason: Message | None = None
    denied: StoreDeniedError | None = None


@dataclass(slots=True)
class VerdictSheet:
    """What is found while a package's copy, or the rest of a store, is looked at.

    ``verdicts`` are those that are not OK, by path; beside them how much was read and each file's mark of change.
    ``shut`` is what shuts this account out, each with how many files it holds back: one cause is one row.
    """

    store: Store
    package_id: str | None
    verdicts: dict[str, FileVerdict] = field(default_factory=dict)
    files: int = 0
    size_bytes: int = 0
    marks: list[str] = field(default_factory=list)
    shut: dict[str, tuple[StoreDeniedError, int]] = field(default_factory=dict)

    @property
    def is_unlisted(self) -> bool:
        """Whether something could not be read so far, so that a walk may have ended before its end."""
        return bool(self.shut) or any(one.verdict is Verdict.UNREADABLE for one in self.verdicts.values())

    def say(self, place: str, verdict: Verdict, reason: Message | None = None) -> None:
        """Give a verdict."""
        self.verdicts[place] = FileVerdict(self.store.name, self.package_id, place, verdict, reason)

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
        found = judge_file(self.store, place, expected)
        self.files += 1
        self.size_bytes += found.size_bytes
        if found.denied is not None and found.denied.place:
            self._hold_back(found.denied, 1)
        elif found.verdict is not Verdict.OK:
            self.say(place, found.verdict, found.reason)

    def entries(self, folder: PurePosixPath, *, passing_over: frozenset[PurePosixPath]) -> Iterable[StoreEntry]:
        """Yield what stands below a folder; a folder that cannot be listed is UNREADABLE and ends the walk."""
        try:
            yield from self.store.walk(folder, passing_over=passing_over)
        except StoreAbsentError:
            raise
        except StorageError as failure:
            if isinstance(failure, StoreDeniedError) and failure.place:
                self._hold_back(failure, 0)
            else:
                self.say(str(folder) if folder.parts else "", Verdict.UNREADABLE, failure.message)

    def _hold_back(self, failure: StoreDeniedError, files: int) -> None:
        first, known = self.shut.get(failure.place, (failure, 0))
        self.shut[failure.place] = first, known + files

    def result(self, *, version: int = 0) -> CopyAudit:
        """Return what was found; a whole copy of a package with its mark."""
        for place, (failure, files) in self.shut.items():
            self.say(place, Verdict.UNREADABLE, _held_back(failure, files))
        problems = tuple(found for _, found in sorted(self.verdicts.items()))
        mark = "" if problems or not version else mark_of(self.marks)
        return CopyAudit(self.store.name, self.package_id, self.files, self.size_bytes, problems, version, mark)


def _held_back(failure: StoreDeniedError, files: int) -> Message:
    """Return why something may not be read, how much lies behind it, and what opens it."""
    advice = failure.advice or Verdict.UNREADABLE.said
    if not files:
        return message(
            "没有权限，其下未看；{advice}",
            "permission denied, what is below was not looked at; {advice}",
            advice=advice,
        )
    return message(
        "没有权限，{n} 个文件读不到；{advice}",
        "permission denied, {n} {n:file|files} held back; {advice}",
        n=files,
        advice=advice,
    )


def judge_file(store: Store, path: PurePosixPath | str, expected: Expectation) -> FileReading:
    """Read one file and judge it; what is there and not whole is read twice.

    Raises ``StoreAbsentError`` when the store is not there.
    """
    found = _read_once(store, path, expected)
    return found if found.verdict in (Verdict.OK, Verdict.MISSING) else _read_once(store, path, expected)


def is_whole(store: Store, path: PurePosixPath | str, expected: Expectation) -> bool:
    """Return whether a file is what must lie there; raises as ``judge_file`` does."""
    return judge_file(store, path, expected).verdict is Verdict.OK


def entry_mark(entry: StoreEntry) -> str:
    """Return what tells whether anybody wrote to a file since."""
    return f"{entry.place}\0{entry.changed}"


def mark_of(marks: Iterable[str]) -> str:
    """Return the sum of many files' marks, whatever their order."""
    return hashlib.sha256("\n".join(sorted(marks)).encode("utf-8", "surrogateescape")).hexdigest()


def _read_once(store: Store, path: PurePosixPath | str, expected: Expectation) -> FileReading:
    digest = hashlib.sha512()
    size_bytes = 0
    try:
        for block in digested(store, path, digest):
            size_bytes += len(block)
    except NotFoundError:
        return FileReading(Verdict.MISSING, 0)
    except StoreAbsentError:
        raise
    except StorageError as failure:
        denied = failure if isinstance(failure, StoreDeniedError) else None
        return FileReading(Verdict.UNREADABLE, size_bytes, failure.message, denied)
    if digest.hexdigest() == expected.sha512:
        return FileReading(Verdict.OK, size_bytes)
    return FileReading(Verdict.DAMAGED, size_bytes, Verdict.DAMAGED.said)
