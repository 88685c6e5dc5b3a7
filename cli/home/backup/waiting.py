"""The settings of a home that is being restored: until all else is in place they wait beside where they belong."""

from pathlib import Path

from archives.message import message
from cli import wiring

WAITING = f"{wiring.SETTINGS_FILE}.restoring"
UNFINISHED = message("此处档案库的恢复没有做完", "restoring the home here was not finished")
RESTORE_AGAIN = message("请重新运行 jinkui home restore", "run jinkui home restore again")


def is_being_restored(folder: Path) -> bool:
    """Say whether restoring a home into a folder was begun, which was empty then, and not finished."""
    return (folder / WAITING).is_file() and not (folder / wiring.SETTINGS_FILE).exists()
