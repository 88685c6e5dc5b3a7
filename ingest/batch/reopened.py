"""A listed file, opened: the very file that was listed, whatever its name leads to by now."""

import io
import os
import stat
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from archives.errors import FormatError
from archives.message import Message, message
from archives.system_reason import reason_of
from formats.processes.opened import Opened
from ingest.batch.listing import PlannedFile

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def open_listed(file: PlannedFile) -> Opened:
    """Open a file below its batch's folder, part by part, without following a link or waiting for a pipe.

    Raises ``FormatError`` when it cannot be opened, is no regular file, or is not the file that was listed.
    """
    depth = len(PurePosixPath(file.relative).parts)
    *folders, name = file.path.parts[-depth:]
    try:
        above = os.open(file.path.parents[depth - 1], _FOLDER)
        try:
            for folder in folders:
                below = os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=above)
                os.close(above)
                above = below
            handle = os.open(name, _FILE, dir_fd=above)
        finally:
            os.close(above)
    except OSError as cause:
        raise _refused(file, reason_of(cause)) from cause
    try:
        _require_same(file, os.fstat(handle))
    except FormatError:
        os.close(handle)
        raise
    return Opened(handle, file.shown)


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed file as a source of bytes, which is looked at again whenever it is opened; told by the name it came with."""

    file: PlannedFile

    def open(self, mode: Literal["rb"] = "rb", buffering: Literal[0] = 0) -> io.FileIO:
        """Open it for reading from its beginning; raises ``FormatError`` as ``open_listed`` does."""
        del mode, buffering
        with open_listed(self.file) as opened:
            return io.FileIO(os.dup(opened.handle))

    def read_bytes(self) -> bytes:
        """Return all its bytes; raises ``FormatError``."""
        with self.open() as source:
            return source.readall()

    def __str__(self) -> str:
        return self.file.shown


def _require_same(file: PlannedFile, state: os.stat_result) -> None:
    if not stat.S_ISREG(state.st_mode):
        raise _refused(file, message("不是普通文件", "not a regular file"))
    if file.identity is not None and file.identity != (state.st_dev, state.st_ino):
        raise _refused(file, message("已被换成另一个文件", "another file was put in its place"))
    if file.size_bytes != state.st_size:
        raise _refused(file, message("大小在列出之后变了", "its size changed after it was listed"))


def _refused(file: PlannedFile, reason: Message) -> FormatError:
    return FormatError(
        message("无法读取文件：{reason}", "the file cannot be read: {reason}", reason=reason), subject=file.shown
    )
