"""The embedded index: SQLite FTS5 over our own bigrams, one file, nothing to install.

The FTS table holds no text; documents lie in an ordinary table. What is removed is overwritten at once
(``secure_delete``) and merged out of the FTS segments, so that a closed record leaves no bytes behind.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields
from functools import cached_property
from pathlib import Path

from archives.errors import SearchError
from archives.message import message
from archives.text.folding import FOLDING, folded_text, index_grams
from search.index.document import SearchDocument
from search.index.query import Answer, Query, answer_of, took_too_long
from search.index.reading import begin_writing, read_only
from search.index.search_index import Change
from search.index.shared import make_folder, take_after_folder

_SCHEMA = FOLDING  # the tables have been the same since the first
_FIELDS = tuple(field.name for field in fields(SearchDocument))
_WRITE_SECONDS = 10
_CACHE_KIB = 1 << 15  # identifiers lie in no order: with less, every package writes pages of its own
_LOOK_EVERY = 1000  # steps of SQLite's machine between two looks at the clock
_TABLES = """
CREATE TABLE IF NOT EXISTS state (schema INTEGER NOT NULL, head INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS package (package_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document (
    number INTEGER PRIMARY KEY, package_id TEXT NOT NULL, repository TEXT NOT NULL, grams TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS document_package ON document (package_id);
CREATE VIRTUAL TABLE IF NOT EXISTS word USING fts5(grams, content='', tokenize='ascii');
"""
_FIELDS = tuple(field.name for field in fields(SearchDocument))
_HOLDS_REMOVED = 1
"""SQLite's ``user_version`` of a file in which removed words may still stand."""


class EmbeddedIndex:
    """An index in one SQLite file, opened when it is first used; see ``SearchIndex``. ``admit`` says who may read the file."""

    def __init__(self, path: Path, *, admit: Callable[[Path], None] = take_after_folder) -> None:
        self._path = path
        self._admit = admit

    def close(self) -> None:
        """Let go of the file."""
        if "_connection" in self.__dict__:
            self._connection.close()

    def replace(self, package_id: str, documents: Sequence[SearchDocument], *, sequence: int) -> None:
        """Make these the documents of a package."""
        self.replace_all([Change(package_id, documents, sequence)])

    def replace_all(self, changes: Sequence[Change]) -> None:
        """Replace the documents of several packages in one transaction."""
        with self._guarded(), self._writable:  # which commits, or rolls back
            begin_writing(self._connection, timeout_seconds=_WRITE_SECONDS)
            is_taken_back = [self._replace(change) and not change.documents for change in changes]
        if any(is_taken_back):
            with self._guarded():
                self._connection.execute("INSERT INTO word(word) VALUES ('optimize')")

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        """Return the documents in which every phrase stands.

        Every search has a connection of its own, which can only read, so that searches neither wait for nor end others.
        """
        if not query.phrases:
            return Answer(0, ())
        match = " AND ".join(
            '"' + " ".join(phrase.tokens).replace('"', '""') + '"' + (" *" if phrase.open_end else "")
            for phrase in query.phrases
        )
        statement = "SELECT value FROM document WHERE number IN (SELECT rowid FROM word WHERE word MATCH ?)"
        values = [match]
        if query.repository is not None:
            statement += " AND repository = ?"
            values.append(query.repository)
        with self._guarded(), closing(self._reader(query)) as reader:
            reader.set_progress_handler(lambda: query.seconds_left() == 0, _LOOK_EVERY)
            try:
                found = reader.execute(statement, values)
                return answer_of(query, (_document(row[0]) for row in found), offset=offset, limit=limit)
            except sqlite3.OperationalError as cause:
                if cause.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                    raise
                raise took_too_long(query) from cause

    def commit(self, sequence: int) -> None:
        """Remember how far the journal was followed."""
        with self._guarded():
            self._writable.execute("UPDATE state SET head = ?", (sequence,))

    def purge(self) -> None:
        """Write the words anew where some were removed since the last time: until then FTS5 keeps what it only struck out."""
        with self._guarded(), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            if self._connection.execute("PRAGMA user_version").fetchone()[0] == _HOLDS_REMOVED:
                self._connection.execute("INSERT INTO word(word) VALUES ('optimize')")
                self._connection.execute("PRAGMA user_version=0")

    def head(self) -> int:
        """Return the sequence of the last commit; 0 of an index by other rules, which is to be filled anew."""
        with self._guarded():
            found = self._connection.execute("SELECT head FROM state WHERE schema = ?", (_SCHEMA,)).fetchone()
        return int(found[0]) if found else 0

    def count(self) -> int:
        """Return how many documents there are."""
        with self._guarded():
            return int(self._connection.execute("SELECT count(*) FROM document").fetchone()[0])

    def clear(self) -> None:
        """Begin again with an empty index."""
        with self._guarded():
            _begin_again(self._connection)

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        make_folder(self._path.parent)
        connection = sqlite3.connect(self._path, timeout=_WRITE_SECONDS, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        connection.executescript(_TABLES)
        if connection.execute("SELECT schema FROM state").fetchone() is None:
            connection.execute("INSERT INTO state VALUES (?, 0)", (_SCHEMA,))
        self._admit(self._path)
        return connection

    @cached_property
    def _writable(self) -> sqlite3.Connection:
        """The connection of an index by our own rules: one by others is emptied, and filled anew from the beginning."""
        if self._connection.execute("SELECT 1 FROM state WHERE schema = ?", (_SCHEMA,)).fetchone() is None:
            _begin_again(self._connection)
        return self._connection

    def _reader(self, query: Query) -> sqlite3.Connection:
        if not self._path.exists():
            self._connection.execute("SELECT 1")  # makes an empty index
        left = query.seconds_left()
        return read_only(self._path, timeout_seconds=10 if left is None else left)

    def _replace(self, change: Change) -> bool:
        """Replace the documents of a package, unless newer ones are there; return whether any were removed.

        Where no word is another, as after a decision, the words stay as they are.
        """
        query = "SELECT sequence FROM package WHERE package_id = ?"
        known = self._connection.execute(query, (change.package_id,)).fetchone()
        if known[0] > change.sequence if known else not change.documents:
            return False
        row = (change.package_id, change.sequence)
        self._connection.execute("INSERT OR REPLACE INTO package VALUES (?, ?)", row)
        new = [*map(_row, change.documents)]
        find = "SELECT number, grams FROM document WHERE package_id = ? ORDER BY number"
        old = self._connection.execute(find, (change.package_id,)).fetchall() if known else []
        if old and [grams for _, grams in old] == [grams for _, _, grams, _ in new]:
            said = (
                (repository, value, number) for (_, repository, _, value), (number, _) in zip(new, old, strict=True)
            )
            self._connection.executemany("UPDATE document SET repository = ?, value = ? WHERE number = ?", said)
            return False
        if old:
            self._connection.execute(f"PRAGMA user_version={_HOLDS_REMOVED}")
            self._connection.executemany("INSERT INTO word(word, rowid, grams) VALUES ('delete', ?, ?)", old)
            self._connection.execute("DELETE FROM document WHERE package_id = ?", (change.package_id,))
        for one in new:
            number = self._connection.execute(_ADD, one).lastrowid
            self._connection.execute("INSERT INTO word(rowid, grams) VALUES (?, ?)", (number, one[2]))
        return bool(old)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as cause:
            raise SearchError(
                message("检索库不可用：{reason}", "the search index cannot be used: {reason}", reason=str(cause)),
                subject=str(self._path),
                advice=message("可用 jinkui rebuild 重建", "jinkui rebuild makes it again"),
            ) from cause


def _begin_again(connection: sqlite3.Connection) -> None:
    for table in ("word", "document", "package", "state"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    connection.executescript(_TABLES)
    connection.execute("INSERT INTO state VALUES (?, 0)", (_SCHEMA,))
    connection.execute("VACUUM")


def _row(document: SearchDocument) -> tuple[str, str, str, str]:
    """Return what stands in the table of documents, in the order of ``_ADD``."""
    grams = " ".join(index_grams(folded_text(document.text)))
    value = _ENCODED({name: getattr(document, name) for name in _FIELDS})
    return document.package_id, document.repository, grams, value


_ADD = "INSERT INTO document (package_id, repository, grams, value) VALUES (?, ?, ?, ?)"
_ENCODED = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def _document(value: str) -> SearchDocument:
    return SearchDocument(**json.loads(value))
