"""Founding a store: its marker, its restore program, its storage root; and renewing the program of one founded earlier."""

import hashlib
import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from archives.errors import ConflictError, NotFoundError, StoreAbsentError
from archives.journal.facts import RestoreProgramRenewed, StoreAdded
from archives.message import message
from preservation.journal.chain import group_firsts, group_path, read_head
from preservation.package import restore_program
from preservation.package.ocfl import root_files
from preservation.stores.presence import REPLACES
from preservation.stores.store import JOURNAL, MARKER, QUARANTINE, RESTORE_PROGRAM, WORK, EntryKind, Store, read_whole

_FORMAT = 1


def found_store(store: Store, *, store_id: str, home_id: str, replaces: Sequence[str] = ()) -> StoreAdded:
    """Make an empty place a store; return the fact that the journal is to remember.

    May be called again after it was interrupted: what the first call wrote stays, and the fact names the identifier of
    the marker that stands. ``replaces`` are the stores that had the name before: the marker names them, so that they are
    never taken for this one. Raises ``ConflictError`` when it is a store in use, or another archive's.
    """
    program = own_restore_program()
    marker: dict[str, object] = {"format": _FORMAT, "home_id": home_id, "store_id": store_id, "name": store.name}
    if replaces:
        marker[REPLACES] = list(replaces)
    stands = _standing(store, MARKER)
    if stands is not None and not (_is_ours(stands, marker) and _is_unknown(store, stands)):
        raise ConflictError(
            message("“{store}”处已经有一个存储", "there is a store already at “{store}”", store=store.name),
            subject=store.name,
            advice=message("请换一个空的位置", "choose an empty place"),
        )
    files = {**root_files(), RESTORE_PROGRAM: program}
    for path, data in files.items():
        _write(store, path, data)
    store.flush(files)
    if stands is not None and json.loads(stands).get(REPLACES) == marker.get(REPLACES):
        marker_text = stands
    else:
        marker_text = (json.dumps(marker, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
        store.put(MARKER, marker_text, over=stands)
    known = json.loads(marker_text)
    return StoreAdded(known["store_id"], store.name, marker_text.decode("utf-8"), _sha512(program))


def own_restore_program() -> bytes:
    """Return the restore program that this software puts into stores."""
    return Path(restore_program.__file__).read_bytes()


def has_own_program(promised: StoreAdded) -> bool:
    """Say whether the journal knows this software's restore program as that of a store."""
    return promised.restore_program_sha512 == _sha512(own_restore_program())


def renew_program(store: Store, promised: StoreAdded, *, stamp: str) -> RestoreProgramRenewed:
    """Put this software's restore program into a store, in one step; return the fact that the journal is to remember.

    May be called again after it was interrupted. What stands in its place and is neither the one that was put there nor
    this software's is moved to quarantine first, below ``upgrade-`` and ``stamp``.
    """
    program, aside = own_restore_program(), QUARANTINE / f"upgrade-{stamp}" / RESTORE_PROGRAM
    stands, set_aside = _standing(store, RESTORE_PROGRAM), ""
    if stands is None or _sha512(stands) not in (promised.restore_program_sha512, _sha512(program)):
        with suppress(NotFoundError):
            store.move(RESTORE_PROGRAM, aside)
            set_aside = str(aside)
        stands = None
    if stands != program:
        store.put(RESTORE_PROGRAM, program, over=stands)
    return RestoreProgramRenewed(store.name, _sha512(program), set_aside)


def is_free(store: Store, names: Collection[str]) -> bool:
    """Say whether nothing lies in a place but what an interrupted founding left there; ``names`` is what stands at its top.

    Whose marker stands there, ``found_store`` asks.
    """
    own = {*root_files(), RESTORE_PROGRAM, MARKER}
    folders = {WORK.name, QUARANTINE.name}
    if _standing(store, MARKER) is not None:
        folders.add(JOURNAL.name)
    if not {*names} <= {path.parts[0] for path in own} | folders:
        return False
    try:
        return all(
            entry.path in own or entry.path.parts[0] in folders or entry.kind is EntryKind.EMPTY_FOLDER
            for entry in store.walk(PurePosixPath())
        )
    except StoreAbsentError:  # nothing of a store is there
        return True


def standing_id(store: Store) -> str | None:
    """Return the identifier that a store's marker gives it, None where no marker can be read."""
    stands = _standing(store, MARKER)
    try:
        return str(json.loads(stands)["store_id"]) if stands else None
    except (ValueError, KeyError, TypeError):
        return None


def standing_name(store: Store) -> str | None:
    """Return the name that a store's marker gives it, None where no marker can be read."""
    stands = _standing(store, MARKER)
    try:
        return str(json.loads(stands)["name"]) if stands else None
    except (ValueError, KeyError, TypeError):
        return None


def standing_home(store: Store) -> str | None:
    """Return the identifier of the archive that a store was founded for, None where there is no store."""
    stands = _standing(store, MARKER)
    try:
        return str(json.loads(stands)["home_id"]) if stands else None
    except (ValueError, KeyError, TypeError):
        return None


def _sha512(data: bytes) -> str:
    return hashlib.sha512(data).hexdigest()


def _standing(store: Store, path: PurePosixPath) -> bytes | None:
    try:
        return read_whole(store, path)
    except (NotFoundError, StoreAbsentError):
        return None


def _is_ours(stands: bytes, marker: dict[str, object]) -> bool:
    try:
        found = json.loads(stands)
        return all(found[name] == marker[name] for name in ("format", "home_id", "name")) and bool(found["store_id"])
    except (ValueError, KeyError, TypeError):
        return False


def _is_unknown(store: Store, stands: bytes) -> bool:
    """Return whether a store's journal has no head, or does not name the store yet: a killed founding leaves it so."""
    identifier = str(json.loads(stands)["store_id"]).encode()
    if not read_head(store).sequence:
        return True
    return not any(identifier in read_whole(store, group_path(first)) for first in group_firsts(store))


def _write(store: Store, path: PurePosixPath, data: bytes) -> None:
    """Create a file, or leave it when an interrupted call wrote it; what is half goes to quarantine."""
    try:
        if read_whole(store, path) == data:
            return
        store.move(path, QUARANTINE / "founding" / path)
    except (NotFoundError, StoreAbsentError):
        pass
    store.create(path, [data])
