"""What other software made of a home, told from its files alone: nothing is opened for writing, nothing made anew."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from preservation.archive import CATALOGUE
from preservation.catalogue import tables
from preservation.working_state import MIGRATIONS
from search.index.tables.rows import embedded_schema


@dataclass(frozen=True, slots=True)
class Outdated:
    """Whether the catalogue, an index and the working state are of another form than this software's, or not there yet."""

    catalogue: bool
    indexes: bool
    working_state: bool


def outdated(home: Path) -> Outdated:
    """Look at the databases of a home."""
    schema = embedded_schema()
    indexes = (home / "staff-index.db", home / "public/index.db")
    return Outdated(
        _asked(home / CATALOGUE, "SELECT schema FROM position") != tables.SCHEMA,
        any(path.exists() and _asked(path, "SELECT schema FROM state") != schema for path in indexes),
        (home / "work.db").exists() and _asked(home / "work.db", "PRAGMA user_version") != len(MIGRATIONS),
    )


def _asked(path: Path, question: str) -> object:
    """Return the one value that a database answers, None where it cannot."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            row = connection.execute(question).fetchone()
    except sqlite3.Error:
        return None
    return row[0] if row else None
