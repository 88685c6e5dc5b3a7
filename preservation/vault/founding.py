"""Founding a store: its marker, its restore program, its storage root, before anything is kept in it."""

import hashlib
import json
from pathlib import Path, PurePosixPath

from archives.errors import ConflictError, NotFoundError, StoreAbsentError
from archives.journal.facts import StoreAdded
from archives.message import message
from preservation.journal.chain import group_firsts, group_path, read_head
from preservation.package import restore_program
from preservation.package.ocfl import root_files
from preservation.stores.store import MARKER, QUARANTINE, RESTORE_PROGRAM, Store, read_whole

_FORMAT = 1


def found_store(store: Store, *, store_id: str, home_id: str) -> StoreAdded:
    """Make an empty place a store; return the fact that the journal is to remember.

    May be called again after it was interrupted: what the first call wrote stays, and the fact names the identifier of
    the marker that stands. Raises ``ConflictError`` when it is a store in use, or another archive's.
    """
    program = Path(restore_program.__file__).read_bytes()
    marker = {"format": _FORMAT, "home_id": home_id, "store_id": store_id, "name": store.name}
    stands = _standing_marker(store)
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
    marker_text = stands or (json.dumps(marker, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    if stands is None:
        store.put(MARKER, marker_text, over=None)
    known = json.loads(marker_text)
    return StoreAdded(known["store_id"], store.name, marker_text.decode("utf-8"), hashlib.sha512(program).hexdigest())


def standing_home(store: Store) -> str | None:
    """Return the identifier of the archive that a store was founded for, None where there is no store."""
    stands = _standing_marker(store)
    try:
        return str(json.loads(stands)["home_id"]) if stands else None
    except (ValueError, KeyError, TypeError):
        return None


def _standing_marker(store: Store) -> bytes | None:
    try:
        return read_whole(store, MARKER)
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
