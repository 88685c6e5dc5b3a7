"""Founding a store: its marker, its restore program, its storage root, before anything is kept in it."""

import hashlib
import json
from pathlib import Path

from archives.errors import ConflictError, NotFoundError, StoreAbsentError
from archives.facts import StoreAdded
from archives.message import message
from preservation.ocfl import root_files
from preservation.store import MARKER, RESTORE_PROGRAM, Store, read_whole

_FORMAT = 1


def found_store(store: Store, *, store_id: str, home_id: str) -> StoreAdded:
    """Make an empty place a store; return the fact that the journal is to remember.

    Raises ``ConflictError`` when it is a store already.
    """
    try:
        read_whole(store, MARKER)
    except (NotFoundError, StoreAbsentError):
        pass
    else:
        raise ConflictError(
            message("“{store}”已经是一个存储位置", "“{store}” is a store already", store=store.name), subject=store.name
        )
    program = Path(__file__).with_name("restore_program.py").read_bytes()
    marker = {"format": _FORMAT, "home_id": home_id, "store_id": store_id, "name": store.name}
    marker_text = json.dumps(marker, ensure_ascii=False, indent=1) + "\n"
    files = {**root_files(), RESTORE_PROGRAM: program}
    for path, data in files.items():
        store.create(path, [data])
    store.flush(files)
    store.put(MARKER, marker_text.encode("utf-8"), over=None)
    return StoreAdded(store_id, store.name, marker_text, hashlib.sha512(program).hexdigest())
