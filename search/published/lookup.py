"""Finding what is published by its code, in a file that may be locked or damaged: for closing it."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from search.published.views_file import unusable

_LOOK_SECONDS = 2
_TOGETHER = 5_000


@dataclass(frozen=True, slots=True)
class Published:
    """A view by its names: enough to close it."""

    view_id: str
    repository: str
    code_key: str
    archival_code: str
    sequence: int


def published_under(path: Path, code_key: str, repository: str | None, *, former: bool) -> tuple[Published, ...]:
    """Return the views in a file whose record has this code, or else had it (``former``), whether they are shown or not.

    Only looks, for two seconds at most where others write. Raises ``SearchError``.
    """
    columns = (
        "SELECT view_id, view.repository, view.code_key, coalesce(json_extract(value, '$.archival_code'), ''), sequence"
    )
    has = f"{columns} FROM view WHERE code_key = ?1 AND repository = coalesce(?2, repository)"
    had = (
        f"{columns} FROM view JOIN former USING (view_id) WHERE former.code_key = ?1"
        " AND former.repository = coalesce(?2, former.repository)"
    )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_LOOK_SECONDS)) as views:
            rows = views.execute(has, (code_key, repository)).fetchall()
            tables = {row[0] for row in views.execute("SELECT name FROM sqlite_master")}
            if former and not rows and "former" in tables:  # a file that was written before has none
                rows = views.execute(had, (code_key, repository)).fetchall()
    except sqlite3.Error as cause:
        raise unusable(path, cause) from cause
    return tuple(Published(*row) for row in rows)


def published_codes(path: Path, code_keys: Iterable[str]) -> frozenset[str]:
    """Return those of some codes that a view in a file has, of whatever repository; as ``published_under`` otherwise."""
    keys, found = list(code_keys), set()
    has = "SELECT code_key FROM view WHERE code_key IN (SELECT value FROM json_each(?))"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_LOOK_SECONDS)) as views:
            for start in range(0, len(keys), _TOGETHER):
                asked = json.dumps(keys[start : start + _TOGETHER])
                found |= {str(row[0]) for row in views.execute(has, (asked,))}
    except sqlite3.Error as cause:
        raise unusable(path, cause) from cause
    return frozenset(found)
