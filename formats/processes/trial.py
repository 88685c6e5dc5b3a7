"""A trial in a child: what it could do that it must not be able to, found by trying."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

from archives.message import Message, message

_READ = message("读取档案库的设置", "reading the settings of the archive")
_CONNECTED = message("打开网络连接", "opening a network connection")
_LEFT = message("脱离进程组", "leaving its group of processes")
_CHANGED = message("改动文件权限", "changing the mode of a file")


def try_out(foreign: str) -> tuple[Message, ...]:
    """Return what was possible; ``foreign`` is a file that no child has any business with."""
    own = Path("own")
    own.touch()
    tries: tuple[tuple[Message, Callable[[], object]], ...] = (
        (_READ, lambda: Path(foreign).read_bytes()),
        (_CONNECTED, lambda: socket.socket().close()),
        (_CHANGED, lambda: own.chmod(0o600)),
        (_LEFT, os.setsid),
    )
    return tuple(what for what, attempt in tries if _succeeds(attempt))


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True
