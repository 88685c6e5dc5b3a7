"""The folder that a child works in: what lies in it is bounded, and it vanishes with the child, however its parent ends.

The parent holds a lock (flock(2)) on the folder as long as it lives. Whoever makes the next one removes those that nobody
holds any more.
"""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

_PREFIX = "jinkui-own-"
"""Not that of earlier software, whose folders nothing holds while a command works in them."""
_READ_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_LEAST_BYTES = 16 << 10
"""What a file counts at least, so that very many empty ones are bounded too."""


class OwnFolder:
    """A new folder for temporary files, for its owner alone, until it is removed; ``user`` is the account that it is given to."""

    def __init__(self, user: int) -> None:
        self.path, self._lock = _made()
        if user != os.getuid():
            os.chown(self.path, user, user)

    def holds_more(self, most_bytes: int, processes: Iterable[int]) -> bool:
        """Say whether more lies in it than this, with what these processes removed and still hold open.

        What cannot be looked into counts as too much.
        """
        try:
            held = _below_bytes(self.path, most_bytes)
            return held > most_bytes or held + self._removed_bytes(processes) > most_bytes
        except PermissionError:
            return True

    def remove(self) -> None:
        """Remove it with all that lies in it."""
        _remove(self.path)
        os.close(self._lock)

    def _removed_bytes(self, processes: Iterable[int]) -> int:
        own = os.fstat(self._lock)
        found: dict[int, int] = {}
        for process in processes:
            with contextlib.suppress(OSError), os.scandir(f"/proc/{process}/fd") as handles:
                for handle in handles:
                    with contextlib.suppress(OSError):
                        state = Path(handle.path).stat()
                        if stat.S_ISREG(state.st_mode) and not state.st_nlink and _is_of(state, own):
                            found[state.st_ino] = state.st_blocks * 512
        return sum(found.values())


def sweep(users: frozenset[int]) -> None:
    """Remove the folders of these accounts that a parent left behind which was killed."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as scan:
        for entry in scan:
            if entry.name.startswith(_PREFIX):
                with contextlib.suppress(OSError):  # it is in use, or no folder, or another sweeps it
                    _sweep_one(Path(entry.path), users)


def _sweep_one(folder: Path, users: frozenset[int]) -> None:
    handle = os.open(folder, _READ_FOLDER)
    try:
        if os.fstat(handle).st_uid in users:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(folder)
    finally:
        os.close(handle)


def _made() -> tuple[Path, int]:
    """Return a new folder and the descriptor that holds it; one that was swept before it was held is made again."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        with contextlib.suppress(FileNotFoundError):
            handle = os.open(folder, _READ_FOLDER)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if folder.stat().st_ino == os.fstat(handle).st_ino:
                    return folder, handle
            except (BlockingIOError, FileNotFoundError):
                pass
            os.close(handle)


def _below_bytes(folder: Path, most_bytes: int) -> int:
    """Return how much lies below a folder, or some number above the most."""
    total = 0
    waiting = [str(folder)]
    while waiting and total <= most_bytes:
        with contextlib.suppress(FileNotFoundError), os.scandir(waiting.pop()) as scan:
            for entry in scan:
                with contextlib.suppress(FileNotFoundError):
                    state = entry.stat(follow_symlinks=False)
                    total += max(state.st_blocks * 512, _LEAST_BYTES)
                    if stat.S_ISDIR(state.st_mode):
                        waiting.append(entry.path)
    return total


def _is_of(state: os.stat_result, own: os.stat_result) -> bool:
    return (state.st_dev, state.st_uid) == (own.st_dev, own.st_uid)


def _remove(folder: Path) -> None:
    for place, folders, _ in os.walk(folder):
        for name in folders:
            with contextlib.suppress(OSError):
                below = Path(place, name)
                if not below.is_symlink():
                    below.chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)
