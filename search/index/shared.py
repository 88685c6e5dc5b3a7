"""Who may read what is published: whoever may enter its folder, the owner alone or a group beside him.

Whatever is made below the folder takes after the folder that it is made in, whatever the umask says.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

_OWNER = stat.S_IRWXU
_GROUP = stat.S_IRGRP | stat.S_IXGRP


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each as readable as the one that it stands in; raises ``OSError``."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=_OWNER, exist_ok=True)
        take_after_folder(folder)


def take_after_folder(path: Path) -> None:
    """Let those read a file or folder who may read the folder that it stands in; where that cannot be, its owner alone."""
    with suppress(OSError):
        above = path.parent.stat()
        _share(path, above.st_gid if above.st_mode & _GROUP else None)


def flush(path: Path) -> None:
    """Let a file, or the names in a folder, be on disk when this returns; raises ``OSError``."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep_to_owner(path: Path) -> None:
    """Let its owner alone read a file, whoever may read the folder that it stands in; where that cannot be, as it is."""
    with suppress(OSError):
        path.chmod(_mode(path, None))


def share_folder(folder: Path, group: int | None) -> bool:
    """Let a group read a folder with everything in it, or its owner alone; return whether that could be done.

    Where the folder says so already nothing below it is looked at: it is changed last.
    """
    state = folder.stat()
    if stat.S_IMODE(state.st_mode) == _mode(folder, group) and group in (None, state.st_gid):
        return True
    below = (Path(place, name) for place, folders, files in os.walk(folder) for name in (*folders, *files))
    return all(_share(path, group) for path in below) and _share(folder, group)


def _share(path: Path, group: int | None) -> bool:
    try:
        if path.is_symlink():
            return True
        if group is not None and path.stat().st_gid != group:
            os.chown(path, -1, group)
        path.chmod(_mode(path, group))
    except FileNotFoundError:  # another process removed it
        return True
    except OSError:
        return False
    return True


def _mode(path: Path, group: int | None) -> int:
    return (_OWNER if group is None else _OWNER | _GROUP) & (0o777 if path.is_dir() else 0o666)
