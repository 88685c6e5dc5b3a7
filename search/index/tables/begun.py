"""What a file was begun of that is to take another's place, so that after a kill it is gone on with, or not.

It stands in a table of its own, made before anything else is written and gone before the file is searched.
"""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from search.index.reading import read_only, require_sound
from search.index.tables.rows import embedded_schema, one_step

_WAIT_SECONDS = 10


def begin_of(connection: sqlite3.Connection, of: str) -> None:
    """Remember in a new file what it is of."""
    with one_step(connection):
        connection.execute("CREATE TABLE begun (of TEXT NOT NULL)")
        connection.execute("INSERT INTO begun VALUES (?)", (of,))


def begun_of(path: Path) -> str:
    """Return what a file was begun of; empty where it does not say so, is by other rules, or damaged as far as can be seen quickly."""
    try:
        with closing(read_only(path, timeout_seconds=_WAIT_SECONDS)) as reader:
            found = reader.execute("SELECT of FROM begun, state WHERE schema = ?", (embedded_schema(),)).fetchone()
            require_sound(reader)
    except sqlite3.DatabaseError:
        return ""
    return str(found[0]) if found else ""


def end_of(connection: sqlite3.Connection) -> None:
    """Forget what a file was begun of, which is whole now."""
    connection.execute("DROP TABLE IF EXISTS begun")


def held_in(connection: sqlite3.Connection, sequences: Mapping[str, int]) -> frozenset[str]:
    """Return those packages about which the last that was written is of just this sequence."""
    find = (
        "SELECT package_id FROM json_each(?) AS asked"  # CROSS JOIN: each is looked for by its identifier
        " CROSS JOIN package ON package_id = asked.key AND sequence = asked.value"
    )
    return frozenset(str(one) for (one,) in connection.execute(find, (json.dumps(sequences),)))
