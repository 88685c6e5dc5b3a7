"""The settings of a home that is being restored: until all else is in place they wait beside where they belong."""

from contextlib import suppress
from pathlib import Path

from archives.message import message
from cli import wiring

RESTORED = "restored-from"
"""The file of a home that says which backup it was restored from."""
WAITING = f"{wiring.SETTINGS_FILE}.restoring"
UNFINISHED = message("此处档案库的恢复没有做完", "restoring the home here was not finished")
RESTORE_AGAIN = message("请重新运行 jinkui home restore", "run jinkui home restore again")


def is_being_restored(folder: Path) -> bool:
    """Say whether restoring a home into a folder was begun, which was empty then, and not finished."""
    return (folder / WAITING).is_file() and not (folder / wiring.SETTINGS_FILE).exists()


def was_restored_from(folder: Path, backup: str) -> bool:
    """Say whether all of a backup is in place in a home, so that at the most what is made from its stores is left to do."""
    with suppress(OSError, ValueError):
        return (folder / wiring.SETTINGS_FILE).is_file() and (folder / RESTORED).read_text("utf-8") == backup
    return False
