"""What of a home and its stores other accounts of this machine can reach."""

import stat
from contextlib import suppress
from pathlib import Path

from cli.home.home import Home


def reached_by_others(home: Home) -> list[str]:
    """Return what stands at the top of a home and of its stores and is open to others, but for what is published."""
    folders = (home.folder, *(setting.properties(home.folder).folder for setting in home.settings.stores))
    open_folders = [folder for folder in folders if folder is not None and _is_open(folder)]
    within = [path for folder in open_folders for path in _within(folder)]
    return sorted(str(path) for path in within if path != home.shown_folder and _is_open(path))


def _is_open(path: Path) -> bool:
    """Say whether others than the owner can do anything with a file or folder."""
    with suppress(OSError):  # a store that is away
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    return False


def _within(folder: Path) -> list[Path]:
    """Return what stands in a folder, nothing where it may not be looked into: that is told of the store."""
    with suppress(OSError):
        return list(folder.iterdir())
    return []
