"""Landlock (landlock(7)) by its system calls: which files a process and all that it starts may still touch.

What the kernel is too old for is left out: the rules of a newer one only add to what an older one refuses.
"""

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Iterable
from functools import cache

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on x86-64 and arm64
_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_OF_A_FILE = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
_ACCESSES_BY_ABI = ((1, 13), (2, 14), (3, 15), (5, 16))
"""From which version of the interface on how many kinds of access to files there are, the newest last."""

_READ = _EXECUTE | _READ_FILE | _READ_DIR
_TCP = 0b11
"""Binding and connecting (from version 4)."""
_SCOPES = 0b11
"""Abstract sockets and signals reach no process outside (from version 6)."""


def abi() -> int:
    """Return the version of Landlock that the kernel has; 0 where it has none or was started without it."""
    version: int = _call(_CREATE_RULESET, None, 0, _VERSION)
    return max(0, version)


def restrict(*, readable: Iterable[str | int], writable: Iterable[str | int]) -> None:
    """Leave this process only what lies at or below these paths or descriptors; called again it can only narrow.

    What may be written may be read; what is not there is passed over. Raises ``OSError`` where Landlock refuses.
    """
    version = abi()
    if not version:
        raise OSError(errno.EOPNOTSUPP, "no Landlock")
    handled = (1 << max(count for since, count in _ACCESSES_BY_ABI if version >= since)) - 1
    attributes = struct.pack("<QQQ", handled, _TCP, _SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _checked(_call(_CREATE_RULESET, attributes, len(attributes), 0))
    try:
        for place in readable:
            _allow(ruleset, place, _READ & handled)
        for place in writable:
            _allow(ruleset, place, handled & ~_EXECUTE)
        _checked(_call(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, place: str | int, access: int) -> None:
    try:
        handle = os.dup(place) if isinstance(place, int) else os.open(place, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            access &= _OF_A_FILE
        rule = struct.pack("<Qi", access, handle)
        _checked(_call(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0))
    finally:
        os.close(handle)


def _call(number: int, *arguments: int | bytes | None) -> int:
    libc = _libc()
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    answer: int = libc.syscall(ctypes.c_long(number), *given)
    return answer


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer
