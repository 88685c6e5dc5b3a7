"""What lies in a batch folder: every file with its name as it came, listed and never opened."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archives.findings import Finding, warning
from archives.message import message

_JUNK = re.compile(r"(?i)(\..*|thumbs\.db|desktop\.ini|~\$.*|.*~)")


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file of the batch; ``relative`` is its name as it came; ``page`` its number where its name gives one.

    ``identity`` are device and inode as listed: what has another is another file. None where nothing was listed.
    """

    path: Path
    relative: str
    size_bytes: int
    page: int | None = None
    identity: tuple[int, int] | None = None

    @property
    def shown(self) -> str:
        """The name with bytes that are no text written as ``\\xNN``, so that everything can hold it."""
        return shown(self.relative)


def list_batch(folder: Path) -> tuple[list[PlannedFile], list[Finding]]:
    """Return the regular files below a folder in order, and a finding for everything else; no link is followed."""
    files: list[PlannedFile] = []
    strange: list[Finding] = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted([*names, *(one for one in folders if Path(place, one).is_symlink())]):
            path = Path(place, name)
            relative = str(PurePosixPath(path.relative_to(folder)))
            state = path.lstat()
            if stat.S_ISREG(state.st_mode):
                files.append(PlannedFile(path, relative, state.st_size, identity=(state.st_dev, state.st_ino)))
            else:
                zh = "不是普通文件（链接、管道或设备），未读取"
                said = message(zh, "not a regular file (a link, pipe or device); it was not read")
                strange.append(warning("not-a-file", said, file=shown(relative)))
    return files, strange


def is_junk(file: PlannedFile) -> bool:
    """Say whether a file is one that systems and editors leave behind, or hidden."""
    return any(_JUNK.fullmatch(part) for part in PurePosixPath(file.relative).parts)


def shown(relative: str) -> str:
    """Return a name with bytes that are no text written as ``\\xNN``."""
    return os.fsencode(relative).decode("utf-8", "backslashreplace")
