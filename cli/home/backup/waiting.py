"""How far the restoring of a home came: until all else is in place its settings wait beside where they belong.

``restored-from`` says from which backup it was, and in a second line that what is made from the stores is not made yet.
"""

import shlex
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archives.message import Message, message
from cli import wiring
from preservation.stores.files import write_whole

RESTORED = "restored-from"
"""The file of a home that says which backup it was restored from."""
WAITING = f"{wiring.SETTINGS_FILE}.restoring"
UNFINISHED = message("此处档案库的恢复没有做完", "restoring the home here was not finished")
_TO_FOLLOW = "unfinished"
_FROM = "from "


@dataclass(frozen=True, slots=True)
class RestoredFrom:
    """From which backup a home was restored, when that was made as far as its name tells, whether restoring came to its end."""

    backup: str
    made_at: datetime | None
    is_finished: bool


def is_being_restored(folder: Path) -> bool:
    """Say whether restoring a home into a folder was begun, which was empty then, and not finished."""
    return (folder / WAITING).is_file() and not (folder / wiring.SETTINGS_FILE).exists()


def remember_backup(folder: Path, backup: str, place: Path) -> None:
    """Remember from which backup a home is being restored and where that lies, and that it is left to do."""
    lines = (backup, _TO_FOLLOW, f"{_FROM}{place.absolute()}")
    write_whole(
        folder / RESTORED, "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"), mode=0o600
    )


def restore_again(folder: Path) -> Message:
    """Return how a restoring that was not finished goes on: with the command, where it is known where the backup lies."""
    place = ""
    with suppress(OSError):
        lines = (folder / RESTORED).read_text("utf-8", "surrogateescape").splitlines()
        place = next((line.removeprefix(_FROM) for line in lines if line.startswith(_FROM)), "")
    if not place:
        return message(
            "请重新运行 jinkui home restore（参数同前），直到它运行完",
            "run jinkui home restore again as before, until it ends",
        )
    return message(
        "请重新运行 jinkui --home {home} home restore {place}（--store、--without 等参数同前），直到它运行完",
        "run jinkui --home {home} home restore {place} again, with --store, --without and the like as before, until it ends",
        home=shlex.quote(str(folder)),
        place=shlex.quote(place),
    )


def finish_restoring(folder: Path) -> None:
    """Remember that a restoring came to its end."""
    if (known := restored_from(folder)) and not known.is_finished:
        write_whole(folder / RESTORED, f"{known.backup}\n".encode(), mode=0o600)


def restored_from(folder: Path) -> RestoredFrom | None:
    """Return from which backup all is in place in a home; None where it is from none, or nobody can tell."""
    with suppress(OSError, ValueError):
        if (folder / wiring.SETTINGS_FILE).is_file():
            backup, *rest = (folder / RESTORED).read_text("utf-8", "surrogateescape").splitlines()
            return RestoredFrom(backup, _made_at(backup), _TO_FOLLOW not in rest)
    return None


def _made_at(backup: str) -> datetime | None:
    with suppress(ValueError, IndexError):
        moment = backup.split()[1].split("-")[2]
        return datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return None
