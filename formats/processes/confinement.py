"""What a child may still do: read one interpreter and its own input, write its own folder, and nothing else.

As far as the kernel has it: an account of its own (when we are root), Landlock, seccomp, limits. Children keep one
capability of root, to read what others may not, and only where Landlock says which files that are.
"""

import ctypes
import mimetypes
import os
import resource
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from archives.errors import ToolMissingError
from archives.message import Message, message
from formats.processes import landlock, seccomp

NOBODY = 65534
"""The account of children when we are root, unless another is set: nothing belongs to it."""

_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/etc/localtime",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system",
    "/dev/urandom",
    "/dev/zero",
)
_DATA = ("locale", "share")
"""Where libraries put what they show to people: bagit-python opens its translations when it is loaded."""

_THERE, _NOT_THERE = message("有", "on"), message("无", "not there")
_MOST_FILES = 1024
_KEEP_CAPABILITIES, _SUBREAPER = 8, 36
_DAC_READ_SEARCH = 1 << 2
_CAPABILITY_VERSION_3 = 0x20080522


@dataclass(frozen=True, slots=True)
class Confinement:
    """Where children may read beside their own input, as whom they work, and whether they may do without it all.

    ``readable`` are the folders of what they are given, of which each call sees its own files only; ``user`` counts only
    when we are root.
    """

    readable: tuple[Path, ...] = ()
    user: int = NOBODY
    optional: bool = False


def is_possible() -> bool:
    """Say whether children can be confined on this machine."""
    return seccomp.is_there() and landlock.abi() > 0


def told() -> Message:
    """Return what confines children on this machine, by name and version."""
    account = (
        message("独立账户", "an account of their own") if changes_account() else message("同一账户", "our account")
    )
    return message(
        "seccomp {filter}，Landlock {abi}，{account}",
        "seccomp {filter}, Landlock {abi}, {account}",
        filter=_THERE if seccomp.is_there() else _NOT_THERE,
        abi=landlock.abi() or _NOT_THERE,
        account=account,
    )


def require(confinement: Confinement) -> None:
    """Raise ``ToolMissingError`` where children cannot be confined, unless they may do without."""
    if not is_possible() and not confinement.optional:
        raise ToolMissingError(
            message(
                "此系统无法限制解析程序的权限（需要内核的 seccomp 和 Landlock），未打开任何文件",
                "decoders cannot be confined on this system (the kernel's seccomp and Landlock are needed): nothing was opened",
            ),
            subject="confinement",
            advice=message(
                "请换用带 Landlock 的内核（5.13 以上，启动参数 lsm 含 landlock）；风险自负时可设 [children] confinement-optional = true",
                "use a kernel with Landlock (5.13 or newer, landlock in its lsm= parameter), or, at your own risk, set "
                "confinement-optional = true under [children]",
            ),
        )


def changes_account() -> bool:
    """Say whether children work under an account of their own: we are root, and Landlock says what they may read."""
    return os.getuid() == 0 and landlock.abi() > 0


def enter(own: Path, readable: Iterable[str], user: int) -> None:
    """Give up, for good and for all that this process starts, whatever a decoder does not need.

    Only what the machine has is given up (``require`` judges before). One thread, and everything imported that
    ``importable`` does not reach.
    """
    if changes_account():
        _become(user)
    if seccomp.is_there():
        seccomp.put_on()
    if landlock.abi():
        landlock.restrict(readable=[*importable(), *readable], writable=[str(own), "/dev/null"])


def narrow(own: Path, input_handle: int, interpreter: Sequence[str]) -> None:
    """Leave this process nothing to read but the interpreter's own files (``importable``) and one input."""
    if landlock.abi():
        landlock.restrict(readable=[*interpreter, input_handle], writable=[str(own), "/dev/null"])


def importable() -> list[str]:
    """Return where this interpreter, its libraries, our own packages and the system's programs and fonts lie."""
    paths = sysconfig.get_paths()
    interpreter = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    base = [f"{sys.base_prefix}/lib", f"{sys.base_prefix}/lib64"]
    data = [f"{paths['data']}/{folder}" for folder in _DATA]
    trained = [os.environ[name] for name in ("TESSDATA_PREFIX",) if name in os.environ]
    root = str(Path(__file__).resolve().parents[2])
    libraries = [entry for entry in sys.path if entry != root]
    every = (*_SYSTEM, *map(str, mimetypes.knownfiles), *interpreter, *base, *data, *libraries, *_packages(), *trained)
    return _outermost(every)


def limit(memory_bytes: int | None, *, largest_file_bytes: int | None = None, cpu_seconds: float | None = None) -> None:
    """Bound what this process may use: memory of its own, time, files and their size, and no core."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_bytes is not None:  # recognisers reserve half as much again as they hold; what is held is watched
        resource.setrlimit(resource.RLIMIT_DATA, (2 * memory_bytes, 2 * memory_bytes))
    if cpu_seconds is not None:
        seconds = int(cpu_seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    for which, most in ((resource.RLIMIT_FSIZE, largest_file_bytes), (resource.RLIMIT_NOFILE, _MOST_FILES)):
        if most is None:
            continue
        hard = resource.getrlimit(which)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (bound, bound))


def take_in_orphans() -> None:
    """Become the parent of whatever a descendant leaves behind, so that it is seen and ended with the group."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _outermost(paths: Iterable[str]) -> list[str]:
    """Return where these paths lead, without what is not there or lies below another of them: each costs every process time."""
    places = {os.path.realpath(path) for path in paths if os.path.exists(path)}  # noqa: PTH110
    return sorted(place for place in places if not any(str(above) in places for above in Path(place).parents))


def _packages() -> list[str]:
    """Return the folders of the top packages that were imported from where ours lie."""
    root = Path(__file__).resolve().parents[2]
    folders = {path for module in tuple(sys.modules.values()) for path in getattr(module, "__path__", ())}
    return [folder for folder in map(str, folders) if Path(folder).parent == root]


def _become(user: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(_DAC_READ_SEARCH, _DAC_READ_SEARCH, 0, 0, 0, 0)
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
