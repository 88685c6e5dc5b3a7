"""A home backed up while other commands work on it: each thing copied as it was at one moment, the memory of the journal last.

What the journal's memory does not know yet is in nothing that was copied before it: checkpoints first, then the working
state, then keys and memory together, under the journal's lock.
"""

import json
import os
import shlex
import shutil
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from archives.errors import FormatError, NotFoundError, RefusedError, StorageError, UsageProblem
from archives.journal.chain import Head
from archives.message import message
from archives.proof.passphrase import require_long
from archives.proof.signing import public_key_of
from archives.system_reason import reason_of
from cli import wiring
from cli.home.backup.contents import Kept, Surveyed, contents_of, survey
from cli.home.backup.folder import Backup, begin, finish
from cli.home.backup.made import Made
from cli.home.home import Home
from preservation.actions.journal.retire import come_to_rest, require_nobody_went_on, require_seen, retire, take_up
from preservation.archive import Archive
from preservation.journal.ledger import first_home_id
from preservation.stores.files import write_whole

MARK = "backed-up"
"""The file of a home that says when it was last backed up, and to where."""

MOVE_UNFINISHED = message(
    "迁移没有做完：还没有可供恢复的备份",
    "moving away was not finished: there is no backup to restore from yet",
)

_MOVING, _MOVED = "moving_to", "moved_with"
_WORKING_STATE = PurePosixPath("work.db")
_MEMORY = (PurePosixPath("journal/last"), PurePosixPath("journal/tail"))
_KEYS = PurePosixPath("keys")
_TRIES = 10


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup, what lay in the home that is not in it because nobody knows it, and whether the key that signs is in it.

    ``is_move`` says that it was made to move the home with it.
    """

    backup: Backup
    unknown: tuple[str, ...]
    has_key: bool
    is_move: bool


def back_up(home: Home, folder: Path, *, passphrase: str, is_move: bool = False) -> BackedUp:
    """Write a backup of a home into a new folder below ``folder``, and read it again.

    With ``is_move`` nothing else writes meanwhile, and the home retires when every byte was read again, before the backup
    counts as one: none says of a home that it retired which goes on. Where it was killed the home goes on, or
    ``moves_unfinished`` tells. Raises
    ``UsageProblem`` for a folder within the home or a store, ``NotFoundError`` where there is none, ``RefusedError`` for a
    short passphrase, ``StorageError`` for what cannot be read or written, ``ConflictError`` while another command writes that
    a move would interrupt, and to move a home once more whose archive went on elsewhere.
    """
    require_long(passphrase)
    require_apart(home, folder)
    folder = folder.absolute()
    with home.archive.locks.backup():
        retires = is_move and come_to_rest(home.archive)
        if is_move and not retires:
            require_nobody_went_on(home.archive)
            require_seen(home.archive)
        try:
            return _backed_up(home, folder, passphrase=passphrase, is_move=is_move)
        except BaseException:
            if retires and home.archive.memory.retired_at:
                take_up(home.archive)
            raise


def moved_with(home: Path) -> str:
    """Return where the backup was put that a retired home was moved with, empty where nothing tells.

    Backups that were made of it since are others.
    """
    known = _mark_of(home)
    if _MOVING in known:
        return known[_MOVING] if _is_backup(known[_MOVING]) else ""
    return known.get(_MOVED, known.get("folder", ""))


def moves_unfinished(home: Path) -> str | None:
    """Return into which folder a retired home was to be backed up, where that was killed before the backup counted as one.

    Empty where nothing tells; None where it came to its end.
    """
    known = _mark_of(home)
    if known and (_MOVING not in known or _is_backup(known[_MOVING])):
        return None
    return str(Path(known[_MOVING]).parent) if _MOVING in known else ""


def move_command(folder: str) -> str:
    """Return the command that moves a home by a backup in a folder, as a person types it."""
    return f"jinkui home backup {shlex.quote(folder) if folder else '…'} --move"


def require_apart(home: Home, folder: Path) -> None:
    """Raise unless backups can be put into a folder: not within the home or one of its stores, and it is there."""
    place = folder.absolute().resolve()
    stores = (setting.properties(home.folder).folder for setting in home.settings.stores)
    for within in (home.folder, *(store for store in stores if store is not None)):
        if place.is_relative_to(within.resolve()):
            raise UsageProblem(
                message(
                    "备份不放在档案库或其存储里面：{path}",
                    "a backup does not lie within the home or one of its stores: {path}",
                    path=str(within),
                ),
                subject=str(folder),
            )
    if not folder.is_dir():
        raise NotFoundError(
            message("没有文件夹 {folder}", "there is no folder {folder}", folder=str(folder)),
            subject=str(folder),
            advice=message("请先建好文件夹 {folder}", "make the folder {folder} first", folder=str(folder)),
        )


def _backed_up(home: Home, folder: Path, *, passphrase: str, is_move: bool) -> BackedUp:
    found = survey(home.folder, contents_of(home.settings, home.folder))
    archive = home.archive
    home_id = archive.memory.home_id if archive.memory.is_there else first_home_id(archive.vault.ledger)
    at = wiring.now()
    place = _free(folder / Made(home_id, at, Head(), "").name)
    beside = begin(place)
    try:
        _copy(home.folder, beside / "data", _open_files(found))
        locked, head, has_key = _copy_memory(archive, beside / "data", found)
        has_retired = archive.memory.is_there and bool(archive.memory.retired_at)
        made = Made(home_id, at, head, _one_line(home.folder), is_move or has_retired)

        def let_go() -> None:
            if is_move and not has_retired:
                _write_mark(home.folder, {**_mark_of(home.folder), _MOVING: str(place)})
                retire(archive)

        drawn = wiring.new_key_seed()
        backup = finish(beside, place, made, locked, passphrase=passphrase, drawn=drawn, at_last=let_go)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    told = {"at": at.isoformat(timespec="seconds"), "folder": str(backup.folder), "entries": head.sequence}
    if is_move:
        told[_MOVED] = str(backup.folder)
    elif has_retired:  # what it was moved with stays what it was
        unfinished = moves_unfinished(home.folder) is not None
        told |= {_MOVING: _mark_of(home.folder).get(_MOVING, "")} if unfinished else {_MOVED: moved_with(home.folder)}
    _write_mark(home.folder, told)
    return BackedUp(backup, found.unknown, has_key, is_move)


def _mark_of(home: Path) -> dict[str, str]:
    """Return what a home says of its backups, nothing where it says nothing that can be read."""
    with suppress(OSError, ValueError, AttributeError):
        return {str(key): str(value) for key, value in json.loads((home / MARK).read_text("utf-8")).items()}
    return {}


def _write_mark(home: Path, told: Mapping[str, object]) -> None:
    write_whole(home / MARK, (json.dumps(told, ensure_ascii=False) + "\n").encode("utf-8"), mode=0o600)


def _is_backup(place: str) -> bool:
    """Say whether a backup has taken its place, which it does as a whole."""
    with suppress(OSError):
        return Path(place).is_dir()
    return False


def _free(place: Path) -> Path:
    """Return a place where no backup is: of several in one second, the later ones are numbered."""
    others = (place.with_name(f"{place.name}-{number}") for number in count(2))
    return next(one for one in chain((place,), others) if not os.path.lexists(one))


def _open_files(found: Surveyed) -> tuple[PurePosixPath, ...]:
    return tuple(path for path, kept in found.files.items() if kept is Kept.OPEN and path not in _MEMORY)


def _copy(home: Path, data: Path, paths: Iterable[PurePosixPath]) -> None:
    """Copy files as they are at one moment each; one that went away meanwhile was only a mark that has done its work."""
    for path in paths:
        target = data / path
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                if path == _WORKING_STATE:
                    _copy_database(home / path, target)
                else:
                    shutil.copyfile(home / path, target)
                target.chmod(0o600)
        except (OSError, sqlite3.Error) as cause:
            raise _unreadable(home / path, cause) from cause


def _copy_memory(archive: Archive, data: Path, found: Surveyed) -> tuple[dict[PurePosixPath, bytes], Head, bool]:
    """Copy what the home remembers of the journal, and the keys that belong to it, while nobody appends.

    A key that is just taking another's place lies in one place or the other: it is looked for again.
    """
    with archive.locks.journal():
        for _ in range(_TRIES):
            locked = _locked_files(archive.folder, found)
            has_key = archive.memory.is_there and _is_among(archive.memory.public_keys[0], locked)
            if has_key or not archive.memory.is_there:
                break
            found = replace(found, files={**found.files, **_keys_of_now(archive.folder)})
        _copy(archive.folder, data, (path for path in _MEMORY if path in found.files))
        return locked, archive.vault.ledger.head(), has_key


def _locked_files(home: Path, found: Surveyed) -> dict[PurePosixPath, bytes]:
    locked = {}
    for path, kept in found.files.items():
        if kept is Kept.LOCKED:
            with suppress(FileNotFoundError):
                try:
                    locked[path] = (home / path).read_bytes()
                except PermissionError as cause:
                    raise _unreadable(home / path, cause) from cause
    return locked


def _keys_of_now(home: Path) -> dict[PurePosixPath, Kept]:
    return {_KEYS / path.name: Kept.LOCKED for path in (home / _KEYS).glob("*.pem")}


def _is_among(public_key: bytes, locked: Mapping[PurePosixPath, bytes]) -> bool:
    """Say whether the private part of a key is among files."""
    for path, data in locked.items():
        if path.parent == _KEYS:
            with suppress(FormatError, RefusedError):
                if public_key_of(data, None) == public_key:
                    return True
    return False


def _copy_database(path: Path, target: Path) -> None:
    """Copy a database as it is at one moment, whoever writes to it meanwhile; raises ``sqlite3.Error`` for a damaged one."""
    if not path.exists():
        raise FileNotFoundError(path)
    with (
        closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=60)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("damaged")


def _one_line(folder: Path) -> str:
    """Return a path as a line can hold it."""
    return " ".join(unicodedata.normalize("NFC", os.fsencode(folder).decode("utf-8", "replace")).split())


def _unreadable(path: Path, cause: Exception) -> StorageError:
    reason = reason_of(cause) if isinstance(cause, OSError) else str(cause)
    return StorageError(
        message("未能备份 {path}：{reason}", "{path} could not be backed up: {reason}", path=str(path), reason=reason),
        subject=str(path),
    )
