"""Locks between processes of one machine: many readers or one writer a package, one appender of the journal.

The order is always lock of imports, lock of descriptions, record lock, package lock, journal lock. Locks are
``flock`` on files of the home, so a process that dies lets go of what it held; a process that lives on lets go when the work ends, never when an object happens to be collected.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from archives.errors import ConflictError
from archives.message import message
from archives.record.identifiers import PackageId, RecordKey

_BUCKETS = 256


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a lock is asked for, and what is done between."""

    tries: int
    wait: Callable[[], None]


class Locks:
    """The locks of one home; ``folder`` is made when it is not there.

    Who asks for a lock waits until it is free; with ``patience`` no longer than that.
    """

    def __init__(self, folder: Path) -> None:
        self.patience: Patience | None = None
        self._folder = folder
        self._writers: int | None = None

    @contextmanager
    def package_shared(self, package_id: PackageId) -> Iterator[None]:
        """Hold a package against change while it is read."""
        with self._hold(f"package-{_bucket(package_id.value)}", fcntl.LOCK_SH):
            yield

    @contextmanager
    def package_exclusive(self, package_id: PackageId) -> Iterator[None]:
        """Hold a package alone while it is written, repaired or removed."""
        with self._hold(f"package-{_bucket(package_id.value)}", fcntl.LOCK_EX):
            yield

    @contextmanager
    def packages_exclusive(self, package_ids: Iterable[PackageId]) -> Iterator[None]:
        """Hold several packages alone while they are written; those that share a bucket take it once."""
        with ExitStack() as held:
            for bucket in sorted({_bucket(package_id.value) for package_id in package_ids}):
                held.enter_context(self._hold(f"package-{bucket}", fcntl.LOCK_EX))
            yield

    @contextmanager
    def backup(self) -> Iterator[None]:
        """Be the only one to back the home up; taken before any other lock."""
        with self._hold("backup", fcntl.LOCK_EX):
            yield

    @contextmanager
    def journal(self) -> Iterator[None]:
        """Hold the journal for one append."""
        with self._hold("journal", fcntl.LOCK_EX):
            yield

    @contextmanager
    def records(self, keys: Iterable[RecordKey]) -> Iterator[None]:
        """Be the only one to decide about several records; keys that share a bucket take it once."""
        with ExitStack() as held:
            for bucket in sorted({_bucket(str(key)) for key in keys}):
                held.enter_context(self._hold(f"record-{bucket}", fcntl.LOCK_EX))
            yield

    @contextmanager
    def record(self, key: RecordKey) -> Iterator[None]:
        """Be the only one to decide whether a record is in already, and to put it in."""
        with self._hold(f"record-{_bucket(str(key))}", fcntl.LOCK_EX):
            yield

    @contextmanager
    def imports(self, *repositories: str) -> Iterator[None]:
        """Be the only one to plan and carry out an import into repositories, or to give codes in them; taken before any other lock."""
        with self._each("imports", repositories):
            yield

    @contextmanager
    def descriptions(self, *repositories: str) -> Iterator[None]:
        """Be the only one to say anything of the units of a repository, or of several; taken before any lock but that of imports."""
        with self._each("descriptions", repositories):
            yield

    @contextmanager
    def following(self) -> Iterator[None]:
        """Be one of those that bring what is made of the journal up to it; taken after any other lock."""
        with self._hold("following", fcntl.LOCK_SH):
            yield

    @contextmanager
    def following_alone(self) -> Iterator[None]:
        """Be the only one that brings anything up to the journal, while an index takes another's place."""
        with self._hold("following", fcntl.LOCK_EX):
            yield

    @contextmanager
    def _each(self, what: str, repositories: Iterable[str]) -> Iterator[None]:
        with ExitStack() as held:
            for bucket in sorted(set(map(_bucket, repositories))):
                held.enter_context(self._hold(f"{what}-{bucket}", fcntl.LOCK_EX))
            yield

    @contextmanager
    def among_writers(self) -> Iterator[None]:
        """Be one of the processes that write for one append only, as a process does that runs for months.

        Waits while another recovers; nobody else recovers meanwhile.
        """
        with self._hold("writers", fcntl.LOCK_SH):
            yield

    @contextmanager
    def under_way(self, name: str) -> Iterator[None]:
        """Show other processes that something goes on, for as long as it does; several may do the same."""
        with self._hold(f"under-way-{name}", fcntl.LOCK_SH):
            yield

    def is_under_way(self, name: str) -> bool:
        """Say whether a process is at something by this name; nothing is waited for.

        Of what this account may not ask it is not said: an alarm too many does less harm than one that never comes.
        """
        try:
            handle = os.open(self._folder / f"under-way-{name}.lock", os.O_RDWR | os.O_CLOEXEC)
        except (FileNotFoundError, PermissionError):
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def join_writers(self) -> bool:
        """Become one of the processes that write, until ``leave_writers``; return whether there is no other.

        As long as that is so nobody else begins, until ``admit_writers``. Whoever opened the home leaves when its work
        has ended.
        """
        if self._writers is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._writers = os.open(self._folder / "writers.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(self._writers, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._lock(self._writers, fcntl.LOCK_SH)
            else:
                return True
        return False

    def admit_writers(self) -> None:
        """Let other processes begin to write."""
        if self._writers is not None:
            fcntl.flock(self._writers, fcntl.LOCK_SH)

    def keep_writers_out(self) -> bool:
        """Let no other process write until ``leave_writers``; return whether none is one that writes. Nothing is waited for."""
        if self._writers is None:
            return False
        try:
            fcntl.flock(self._writers, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @property
    def is_among_writers(self) -> bool:
        """Whether this process is one of those that write."""
        return self._writers is not None

    def leave_writers(self) -> None:
        """Be no longer one of the processes that write; may be called when this never was one."""
        if self._writers is not None:
            os.close(self._writers)
            self._writers = None

    @contextmanager
    def _hold(self, name: str, how: int) -> Iterator[None]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._lock(handle, how)
            yield
        finally:
            os.close(handle)

    def _lock(self, handle: int, how: int) -> None:
        if self.patience is None:
            fcntl.flock(handle, how)
            return
        for _ in range(self.patience.tries):
            with suppress(BlockingIOError):
                fcntl.flock(handle, how | fcntl.LOCK_NB)
                return
            self.patience.wait()
        raise ConflictError(
            message(
                "另一个命令一直占着档案库",
                "another command holds the archive and does not let go of it",
            ),
            subject=str(self._folder),
            advice=message("请等它结束，再运行一次", "wait until it has ended, then run this again"),
        )


def _bucket(name: str) -> str:
    return f"{hashlib.sha256(name.encode()).digest()[0] % _BUCKETS:02x}"
