"""Marks, a file each: of closings, beside what is published, obeyed from the moment that the name is on disk.

The name alone closes, so that a full disk keeps no mark from being made; the number of the journal entry that closed
the record is written into it when it is known. ``<view id>`` closes a view. ``code-<digest>`` closes whatever has, or
had, an archival code: it stands in while nothing tells which view that is. ``fonds-<digest>`` closes every view that tells the
name of a fonds.
"""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from archives.errors import SearchError
from archives.message import message
from archives.system_reason import reason_of
from search.index.shared import make_folder, take_after_folder

_CODE, _FONDS, _AFTER = "code-", "fonds-", b"after "


def code_mark(repository: str, code_key: str) -> str:
    """Return the name of the mark on an archival code; without a repository it closes the code in all of them."""
    return _CODE + hashlib.sha256(f"{repository}:{code_key}".encode()).hexdigest()


def is_code_mark(name: str) -> bool:
    """Say whether a mark is on an archival code rather than on a view."""
    return name.startswith(_CODE)


def fonds_mark(repository: str, number: str) -> str:
    """Return the name of the mark on the name of a fonds."""
    return _FONDS + hashlib.sha256(f"{repository}:{number}".encode()).hexdigest()


def is_fonds_mark(name: str) -> bool:
    """Say whether a mark is on the name of a fonds."""
    return name.startswith(_FONDS)


class Marks:
    """The marks in one folder, which is made with the first; whatever cannot be done raises ``SearchError``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, *, sequence: int = 0, after: int = 0) -> None:
        """Make a mark, on disk when this returns; ``sequence`` is the journal's entry of it, 0 while there is none.

        ``after`` is the journal's last entry at that time, where any later one about the record bears the mark out.
        """
        try:
            make_folder(self._folder)
            handle = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                for folder in (self._folder, self._folder.parent):
                    _flush(folder)
                take_after_folder(self._folder / name)
                with suppress(OSError):  # a full disk: the name says enough
                    if sequence:
                        os.ftruncate(handle, os.pwrite(handle, b"%d\n" % sequence, 0))
                    elif after and not os.fstat(handle).st_size:  # one of before is of an earlier time
                        os.pwrite(handle, b"%s%d\n" % (_AFTER, after), 0)
                    os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as cause:
            raise self._error(name, cause) from cause

    def standing(self) -> frozenset[str]:
        """Return the names of all marks."""
        try:
            return frozenset(os.listdir(self._folder))  # noqa: PTH208 - asked before every answer, in half the time
        except FileNotFoundError:
            return frozenset()
        except OSError as cause:
            raise self._error("", cause) from cause

    def sequence(self, name: str) -> int:
        """Return the journal's entry of what is marked, 0 while it is not known."""
        with suppress(OSError, ValueError):
            return int((self._folder / name).read_bytes())
        return 0

    def after(self, name: str) -> int:
        """Return after which entry of the journal one must come that bears a mark out, 0 where that is not known."""
        with suppress(OSError, ValueError):
            return int((self._folder / name).read_bytes().removeprefix(_AFTER))
        return 0

    def remove(self, name: str) -> None:
        """Take a mark away; may be called when there is none."""
        try:
            (self._folder / name).unlink(missing_ok=True)
        except OSError as cause:
            raise self._error(name, cause) from cause

    def _error(self, name: str, cause: OSError) -> SearchError:
        path = str(self._folder / name)
        return SearchError(
            message(
                "标记不可用：{path}（{reason}）",
                "a mark cannot be used: {path} ({reason})",
                path=path,
                reason=reason_of(cause),
            ),
            subject=path,
            advice=message("请检查该文件夹的权限和磁盘", "look at the folder's permissions and at its disk"),
        )


def marks_on(repository: str, code_keys: Iterable[str]) -> set[str]:
    """Return the names of the marks that close a record which has, or had, one of these codes."""
    return {code_mark(named, key) for key in code_keys for named in (repository, "")}


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
