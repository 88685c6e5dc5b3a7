"""The embedded index: SQLite FTS5 over our own bigrams, one file, nothing to install.

The FTS table holds no text; texts lie in an ordinary table, and are read for the records that are shown only. What is
removed is overwritten at once (``secure_delete``) and merged out of the FTS segments, so that a closed record leaves no
bytes behind.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from archives.errors import SearchError
from archives.message import message
from search.index.answer import NOTHING, Answer
from search.index.document import IndexedRecord
from search.index.query import Query, totals_in_time
from search.index.reading import begin_writing, beside_of, journal_of, mark_of, read_only, require_sound
from search.index.search_index import Change, IndexState
from search.index.shared import flush, make_folder, take_after_folder
from search.index.tables.begun import begin_of, begun_of, end_of, held_in
from search.index.tables.rows import (
    FORM,
    HOLDS_REMOVED,
    PLACES,
    begin_again,
    embedded_schema,
    make_tables,
    merge_words,
    places_at,
    record_at,
    replace_rows,
)

if TYPE_CHECKING:
    from search.index.tables.columns import Columns

T = TypeVar("T")
_WRITE_SECONDS = 10
_CACHE_KIB = 1 << 15  # identifiers lie in no order: with less, every package writes pages of its own
_LOOK_EVERY = 1000  # steps of SQLite's machine between two looks at the clock
_KEPT: dict[Path, tuple[str, "Columns"]] = {}
"""The columns of every index that this process searched, each with the stamp of the state that they are of."""


class EmbeddedIndex:
    """An index in one SQLite file, opened when it is first used; see ``SearchIndex``. ``admit`` says who may read the file.

    ``place`` is the file that this one is to take the place of: until then nobody else knows it.
    """

    def __init__(
        self, path: Path, *, admit: Callable[[Path], None] = take_after_folder, place: Path | None = None
    ) -> None:
        self._path = path
        self._admit = admit
        self._place = place
        self._opened: tuple[sqlite3.Connection, tuple[int, int] | None] | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._opened:
            self._opened[0].close()
            self._opened = None

    def replace(self, package_id: str, record: IndexedRecord | None, *, sequence: int) -> None:
        """Make this what is found of a package."""
        self.replace_all([Change(package_id, record, sequence)])

    def replace_all(self, changes: Sequence[Change]) -> None:
        """Replace what is found of several packages in one transaction."""
        with self._guarded(), self._begun() as connection:
            is_taken_back = [replace_rows(connection, change) and not change.record for change in changes]
        if any(is_taken_back):
            with self._guarded():
                merge_words(self._connection, timeout_seconds=_WRITE_SECONDS, may_go_on=self._is_at_path)

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        """Return the records in which every term stands and no unwanted one.

        Every search has a connection of its own, which can only read, so that searches neither wait for nor end others.
        """
        if query.asks_nothing:
            return NOTHING
        from search.index.tables.asked import answer_of  # brings numpy with it

        window = slice(offset, offset + limit)
        return self._searched(query, lambda reader, columns: answer_of(reader, columns, query, window))

    def totals(self, queries: Sequence[Query]) -> Sequence[int]:
        """Return how many records each query finds, all of one state."""
        if not queries:
            return ()
        from search.index.tables.asked import total_of

        return self._searched(
            queries[0], lambda reader, columns: totals_in_time(total_of(reader, columns, one) for one in queries)
        )

    def _searched(self, query: Query, find: "Callable[[sqlite3.Connection, Columns], T]") -> T:
        """Let something be found within a query's time, in one state of the file."""
        with self._guarded(), closing(self._reader(query)) as reader:
            reader.execute("BEGIN")
            columns = self._columns(reader)  # to its end, or the next search would begin to read them again
            reader.set_progress_handler(lambda: query.seconds_left() == 0, _LOOK_EVERY)
            return find(reader, columns)

    def commit(self, sequence: int) -> None:
        """Remember how far the journal was followed."""
        with self._guarded(), self._begun() as connection:
            connection.execute("UPDATE state SET head = ?", (sequence,))

    def purge(self) -> None:
        """Write the words anew where some were removed since the last time: until then FTS5 keeps what it only struck out."""
        with self._guarded():
            if self._connection.execute("PRAGMA user_version").fetchone()[0] == HOLDS_REMOVED:
                merge_words(self._connection, timeout_seconds=_WRITE_SECONDS, may_go_on=self._is_at_path)

    def head(self) -> int:
        """Return the sequence of the last commit; 0 of an index by other rules, which is to be filled anew."""
        with self._guarded():
            find = "SELECT head FROM state WHERE schema = ?"
            found = self._connection.execute(find, (embedded_schema(),)).fetchone()
        return int(found[0]) if found else 0

    def count(self) -> int:
        """Return how many records there are."""
        with self._guarded():
            return int(self._connection.execute("SELECT count(*) FROM record").fetchone()[0])

    def clear(self) -> None:
        """Begin again with an empty index."""
        with self._guarded():
            begin_again(self._connection)

    def beside(self, of: str = "") -> "EmbeddedIndex":
        """Return an index in a file beside this one, gone on with where that was begun ``of`` the same."""
        new = EmbeddedIndex(beside_of(self._path), admit=self._admit, place=self._path)
        with self._guarded():
            if of and self.begun() == of:
                new.commit(0)
                return new
            new.discard()
            if of:
                begin_of(new._connection, of)
        return new

    def begun(self) -> str | None:
        """Return what the file is of that was begun beside this one and never finished."""
        return begun_of(beside_of(self._path)) if beside_of(self._path).exists() else None

    def held(self, sequences: Mapping[str, int]) -> frozenset[str]:
        """Return those about which the last that was written is of just this sequence."""
        with self._guarded():
            return held_in(self._connection, sequences)

    def take_place(self) -> None:
        """Let the file that was filled beside another take its place, while nobody can write that."""
        if self._place is None:
            return
        with self._guarded():
            end_of(self._connection)  # an index of nothing has a file, too
            self.close()
            flush(self._path)
            before = EmbeddedIndex(self._place, admit=self._admit)
            try:
                with before._begun(of_ours=False):
                    self._path.replace(self._place)
            except sqlite3.DatabaseError as cause:
                if cause.sqlite_errorcode not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                    raise
                journal_of(self._place).unlink(missing_ok=True)  # what is damaged nobody writes
                self._path.replace(self._place)
            before.close()
            flush(self._place.parent)
        self._path, self._place = self._place, None

    def discard(self) -> None:
        """Remove a file that was begun beside another."""
        if self._place:
            self.close()
            with self._guarded():
                for one in (self._path, journal_of(self._path)):
                    one.unlink(missing_ok=True)

    def every(self) -> Iterator[IndexedRecord]:
        """Yield every record, all of one state."""
        find = "SELECT first FROM package WHERE first NOT NULL ORDER BY package_id"
        with self._guarded(), closing(self._reader()) as reader:
            reader.execute("BEGIN")
            for (first,) in reader.execute(find):
                yield replace(record_at(reader, first), places=places_at(reader, first))

    def state(self) -> IndexState:
        """Return how the index stands; raises ``SearchError`` where the file is damaged as far as can be seen quickly."""
        find = "SELECT schema, head, (SELECT count(*) FROM record), (SELECT count(*) FROM document) FROM state"
        with self._guarded(), closing(self._reader()) as reader:
            schema, head, records, documents = reader.execute(find).fetchone()
            holds_removed = reader.execute("PRAGMA user_version").fetchone()[0] == HOLDS_REMOVED
            size_bytes = self._path.stat().st_size
            require_sound(reader)
        is_ours, places = schema == embedded_schema(), documents - PLACES * records
        told = "sqlite", str(self._path), records, places, size_bytes, head if is_ours else 0
        return IndexState(*told, is_ours, holds_removed)

    @property
    def _connection(self) -> sqlite3.Connection:
        """The connection to the file that is at the path now: another may have taken its place since."""
        if self._opened and self._is_at_path():
            return self._opened[0]
        self.close()
        while True:
            make_folder(self._path.parent)
            before = mark_of(self._path)
            connection = self._connected()
            if before in (None, mark_of(self._path)):
                self._opened = connection, mark_of(self._path)
                return connection
            connection.close()

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_WRITE_SECONDS, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        connection.execute("PRAGMA cache_spill=OFF")  # a writer who writes before it commits lets nobody read
        connection.execute("PRAGMA synchronous=FULL")  # what is begun beside is gone on with, too, whatever ended it
        # Only to make the tables others are waited for.
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone() is None:
            make_tables(connection)
        self._admit(self._path)
        return connection

    def _is_at_path(self) -> bool:
        return self._opened is not None and self._opened[1] == mark_of(self._path)

    @contextmanager
    def _begun(self, *, of_ours: bool = True) -> Iterator[sqlite3.Connection]:
        """Write in one transaction, into the file that is at the path and stays there meanwhile.

        Where ``of_ours`` an index by other rules is emptied, to be filled anew from the beginning.
        """
        while True:
            connection = self._connection
            known = connection.execute("SELECT 1 FROM state WHERE schema = ?", (embedded_schema(),)).fetchone()
            if of_ours and known is None:
                begin_again(connection)
            begin_writing(connection, timeout_seconds=_WRITE_SECONDS)
            if self._is_at_path():
                break
            connection.execute("ROLLBACK")
        with connection:  # which commits, or rolls back
            yield connection

    def _reader(self, query: Query | None = None) -> sqlite3.Connection:
        """Open the file for reading; one that was lost is not made: it would find nothing, and nobody would be told."""
        left = query.seconds_left() if query else None
        return read_only(self._path, timeout_seconds=10 if left is None else left)

    def _columns(self, reader: sqlite3.Connection) -> "Columns":
        """Return the columns as they were read when the index last changed."""
        schema = reader.execute("SELECT schema FROM state").fetchone()
        if not str(schema[0]).startswith(FORM):
            raise SearchError(
                message("检索库由另一版软件写成", "the search index was written by other software"),
                subject=str(self._path),
                advice=message("请运行 jinkui upgrade", "run jinkui upgrade"),
            )
        from search.index.tables.columns import read_columns

        stamp = reader.execute("SELECT stamp FROM state").fetchone()[0]
        if _KEPT.get(self._path, ("",))[0] != stamp:
            _KEPT.pop(self._path, None)  # before others are read: both at once may be more than there is room for
            _KEPT[self._path] = stamp, read_columns(reader)
        return _KEPT[self._path][1]

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as cause:
            raise SearchError(
                message("检索库不可用：{reason}", "the search index cannot be used: {reason}", reason=str(cause)),
                subject=str(self._path),
                advice=message("可用 jinkui index rebuild 重建", "jinkui index rebuild makes it again"),
            ) from cause
