"""A seccomp filter (seccomp(2)) in raw BPF: system calls that no decoder needs fail with EPERM.

It holds what Landlock of older kernels lets pass (truncate, chmod, signals) and what no Landlock sees.
"""

import ctypes
import os
import platform
import struct
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_DENIED: Mapping[str, tuple[int | None, int | None]] = MappingProxyType(
    {  # name: (number on x86-64, on arm64)
        "socket": (41, 198),
        "socketpair": (53, 199),
        "io_uring_setup": (425, 425),
        "io_uring_enter": (426, 426),
        "io_uring_register": (427, 427),
        "truncate": (76, 45),
        "chmod": (90, None),
        "fchmod": (91, 52),
        "fchmodat": (268, 53),
        "fchmodat2": (452, 452),
        "chown": (92, None),
        "fchown": (93, 55),
        "lchown": (94, None),
        "fchownat": (260, 54),
        "utime": (132, None),
        "utimes": (235, None),
        "futimesat": (261, None),
        "utimensat": (280, 88),
        "setxattr": (188, 5),
        "lsetxattr": (189, 6),
        "fsetxattr": (190, 7),
        "removexattr": (197, 14),
        "lremovexattr": (198, 15),
        "fremovexattr": (199, 16),
        "setxattrat": (463, 463),
        "removexattrat": (466, 466),
        "file_setattr": (469, 469),
        "kill": (62, 129),
        "tkill": (200, 130),
        "rt_sigqueueinfo": (129, 138),
        "rt_tgsigqueueinfo": (297, 240),
        "pidfd_send_signal": (424, 424),
        "pidfd_getfd": (438, 438),
        "setpriority": (141, 140),
        "ioprio_set": (251, 30),
        "ptrace": (101, 117),
        "process_vm_readv": (310, 270),
        "process_vm_writev": (311, 271),
        "process_madvise": (440, 440),
        "kcmp": (312, 272),
        "mount": (165, 40),
        "umount2": (166, 39),
        "pivot_root": (155, 41),
        "chroot": (161, 51),
        "open_tree": (428, 428),
        "move_mount": (429, 429),
        "fsopen": (430, 430),
        "fsconfig": (431, 431),
        "fsmount": (432, 432),
        "fspick": (433, 433),
        "mount_setattr": (442, 442),
        "unshare": (272, 97),
        "setns": (308, 268),
        "open_by_handle_at": (304, 265),
        "memfd_create": (319, 279),
        "memfd_secret": (447, 447),
        "shmget": (29, 194),
        "semget": (64, 190),
        "msgget": (68, 186),
        "mq_open": (240, 180),
        "setsid": (112, 157),
        "setpgid": (109, 154),
        "add_key": (248, 217),
        "request_key": (249, 218),
        "keyctl": (250, 219),
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "userfaultfd": (323, 282),
    }
)
_MACHINES = MappingProxyType({"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)})
_CLONE, _CLONE3, _TGKILL, _PRLIMIT = (56, 220), (435, 435), (234, 131), (302, 261)
_NEW_NAMESPACES = 0x7E020000
_OTHER_TABLE = 0x40000000
"""From this number on x86-64 reads the system calls of x32."""

_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _KILL, _EPERM, _ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026

Instruction = tuple[int, int, int, int]
"""Code, jump when true, jump when false, constant (struct sock_filter)."""


def is_there() -> bool:
    """Say whether a filter can be put on: a machine that is known, a kernel that has it."""
    filtered = Path("/proc/sys/kernel/seccomp/actions_avail").exists()
    return platform.machine() in _MACHINES and filtered


def put_on() -> None:
    """Refuse this process and all that it starts what no decoder needs; it must have one thread yet. Raises ``OSError``.

    Signals by ``tgkill`` go to the threads of this process alone, limits are set for the caller alone, new processes
    share every name space of this one.
    """
    _install(_program())


def _program() -> list[Instruction]:
    column, architecture = _MACHINES[platform.machine()]
    numbers = sorted(number for both in _DENIED.values() if (number := both[column]) is not None)
    lines: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_TABLE),
        (_RETURN, 0, 0, _EPERM),
    ]
    for number in numbers:
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _EPERM)]
    lines += [(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _ENOSYS)]  # its flags cannot be seen: libc takes clone
    lines += _if_argument(_CLONE[column], (_ANY_BIT, 0, 1, _NEW_NAMESPACES))
    lines += _if_argument(_PRLIMIT[column], (_EQUAL, 1, 0, 0))
    lines += _if_argument(_TGKILL[column], (_EQUAL, 1, 0, os.getpid()))
    return [*lines, (_RETURN, 0, 0, _ALLOW)]


def _if_argument(number: int, test: Instruction) -> list[Instruction]:
    """Refuse a call when the test of its first argument leads to the next line, allow it when it leads past it."""
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        test,
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _install(program: list[Instruction]) -> None:
    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))

    code = b"".join(struct.pack("<HBBI", *line) for line in program)
    libc = ctypes.CDLL(None, use_errno=True)
    given = Program(len(program), code)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(given), 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
