"""What the public can reach: views of open records, copied out of everything else and nothing more.

The portal opens this database and the folder of page images beside it, never the catalogue, the stores or the staff's
index. A record that closes is removed here first.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from archives.errors import SearchError
from archives.message import message
from archives.record.elements import ELEMENTS, Public
from archives.record.rights import OnlineScope

_TABLES = """
CREATE TABLE IF NOT EXISTS view (
    view_id TEXT PRIMARY KEY, repository TEXT NOT NULL, code_key TEXT NOT NULL, sequence INTEGER NOT NULL,
    value TEXT NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS view_record ON view (repository, code_key);
"""


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """A page: its number, its text, and its image's file name in the view's folder (None without one)."""

    number: int
    text: str
    image: str | None


@dataclass(frozen=True, slots=True)
class PublishedView:
    """What the public sees of one record; ``pages`` is empty where only the description is online (仅目录).

    ``view_id`` names the folder of its page images. ``elements`` holds what is public of the description by
    ``Element.public_key``, the date as written; a view that was published before there was an element lacks it.
    """

    view_id: str
    repository: str
    repository_name: str
    repository_name_en: str
    code_key: str
    elements: Mapping[str, Public]
    fonds_number: str
    fonds_name: str
    scope: OnlineScope
    pages: tuple[PublishedPage, ...]
    sequence: int

    def said(self, key: str) -> str:
        """Return what is said under an element's ``public_key``, empty where nothing is."""
        value = self.elements.get(key)
        return "" if value is None else str(value)


class PublishedViews:
    """The published views of one home, in an SQLite file that holds nothing else."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._guarded():
            self._connection = sqlite3.connect(path, timeout=10, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA secure_delete=ON")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def get(self, repository: str, code_key: str) -> PublishedView | None:
        """Return a record's view, or None for one that is not online, unknown ones alike."""
        return self._one("repository = ? AND code_key = ?", (repository, code_key))

    def get_by_id(self, view_id: str) -> PublishedView | None:
        """Return the view with this identifier, or None."""
        return self._one("view_id = ?", (view_id,))

    def put(self, view: PublishedView) -> None:
        """Publish a view, in place of an older one."""
        values = (view.view_id, view.repository, view.code_key, view.sequence, _json_of(view))
        with self._guarded():
            self._connection.execute("INSERT OR REPLACE INTO view VALUES (?, ?, ?, ?, ?)", values)

    def remove(self, view_id: str) -> None:
        """Take a view back; its bytes are overwritten in the file."""
        with self._guarded():
            self._connection.execute("DELETE FROM view WHERE view_id = ?", (view_id,))

    def clear(self) -> None:
        """Take every view back."""
        with self._guarded():
            self._connection.execute("DELETE FROM view")

    def ids(self) -> tuple[str, ...]:
        """Return the identifiers of all views."""
        with self._guarded():
            return tuple(row[0] for row in self._connection.execute("SELECT view_id FROM view ORDER BY view_id"))

    def recent(self, limit: int, *, repository: str | None = None) -> tuple[PublishedView, ...]:
        """Return the views that were published last, the newest first."""
        where, values = ("WHERE repository = ?", [repository]) if repository else ("", [])
        with self._guarded():
            rows = self._connection.execute(
                f"SELECT value FROM view {where} ORDER BY sequence DESC, view_id LIMIT ?", [*values, limit]
            ).fetchall()
        return tuple(_view_of(row[0]) for row in rows)

    def repositories(self) -> tuple[tuple[str, str, str, int], ...]:
        """Return code, Chinese name, English name and number of views of every repository that has any."""
        with self._guarded():
            rows = self._connection.execute(
                "SELECT repository, json_extract(max(value), '$.repository_name'),"
                " json_extract(max(value), '$.repository_name_en'), count(*) FROM view GROUP BY repository ORDER BY repository"
            ).fetchall()
        return tuple((str(code), str(name), str(name_en), int(number)) for code, name, name_en, number in rows)

    def _one(self, where: str, values: tuple[str, ...]) -> PublishedView | None:
        with self._guarded():
            row = self._connection.execute(f"SELECT value FROM view WHERE {where}", values).fetchone()
        return _view_of(row[0]) if row else None

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as cause:
            raise SearchError(
                message("公开库不可用：{reason}", "the published views cannot be read: {reason}", reason=str(cause)),
                subject=str(self._path),
                advice=message("可用 jinkui rebuild 重建", "jinkui rebuild makes it again"),
            ) from cause


_VIEW = TypeAdapter(PublishedView)


def _json_of(view: PublishedView) -> str:
    """Return the view as it stands in the table: its elements side by side with the rest, under their own keys."""
    data = _VIEW.dump_python(view, mode="json")
    return json.dumps(data | data.pop("elements"), ensure_ascii=False)


def _view_of(text: str) -> PublishedView:
    data = json.loads(text)
    keys = [element.public_key for element in ELEMENTS if element.portal and element.public_key in data]
    return _VIEW.validate_python({**data, "elements": {key: data[key] for key in keys}})
