"""A file that was opened once: whoever reads it afterwards reads that file, whatever its name leads to by then."""

import os
import tempfile
from functools import cached_property
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

_LONGEST_NAME_BYTES = 200


class Opened:
    """A descriptor with the name that the file came with; closed at the end of the context."""

    def __init__(self, handle: int, name: str) -> None:
        self.handle = handle
        self.name = name
        self._place: tempfile.TemporaryDirectory[str] | None = None

    @classmethod
    def anew(cls, path: Path) -> Self:
        """Make a file that is not there yet, to be written and read."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        return cls(handle, path.name)

    @classmethod
    def at(cls, path: Path) -> Self:
        """Open a file of our own for reading; raises ``OSError``."""
        return cls(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), path.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.close(self.handle)
        if self._place is not None:
            self._place.cleanup()

    @cached_property
    def path(self) -> Path:
        """A path of this process that leads to the opened file and ends as its name does, for libraries that need one."""
        self._place = tempfile.TemporaryDirectory()
        alias = Path(self._place.name, _plain(self.name))
        alias.symlink_to(f"/proc/self/fd/{self.handle}")
        return alias


def _plain(name: str) -> str:
    """Return a name that every library can be given: the file's own where it is text and not too long."""
    own = PurePosixPath(name).name
    try:
        if len(own.encode("utf-8")) <= _LONGEST_NAME_BYTES and own not in ("", ".", ".."):
            return own
    except UnicodeEncodeError:
        pass
    return "file" + PurePosixPath(own).suffix.encode("ascii", "ignore").decode()[:20]
