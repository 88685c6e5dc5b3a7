"""What the public can reach: views of open records, copied out of everything else and nothing more.

The portal opens this database and the folders of page images and of marks beside it, never the catalogue, the stores
or the staff's index. Whoever reads a view here obeys the marks of closings and the day on which a view ends; a record
that closes is removed here first.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from search.index.reading import begin_writing
from search.published.lists.hidden import hidden_in, marks_by_code, named_by_marks
from search.published.lists.line import Line, drop_line, put_line, read_line
from search.published.lists.remembered import Remembered
from search.published.marks import Marks
from search.published.view import PublishedView, json_of, marks_of, marks_shared, view_of
from search.published.views_file import WRITE_SECONDS, for_publishing, unusable

_T = TypeVar("_T")
_ANSWERS, _ROWS, _VIEWS = 2_000, 200, 32  # how many answers of so many rows, and views, are kept while nothing changes
_AS_NOW = 5  # of the file: all in it tells what a view tells by now; 5 since a fonds is named on its days alone
_SHOWN = "view_id NOT IN (SELECT value FROM json_each(:hidden))"
_LINES = (
    "SELECT line.value FROM json_each(:asked) AS asked JOIN line ON view_id = asked.value"
    f" WHERE {_SHOWN} ORDER BY asked.key"
)
_THAT_HAD = (
    "SELECT view_id FROM former JOIN view USING (view_id) WHERE former.code_key = :code_key"
    f" AND former.repository = :repository AND {_SHOWN}"
    " AND :code_key IN (SELECT value FROM json_each(view.value, '$.known_codes')) LIMIT 2"
)


class PublishedViews:
    """The published views of one home, in an SQLite file that holds nothing else; opened when it is first used.

    ``today`` gives the day by which views end; ``opened`` opens the file, ``for_reading`` for who only shows. What is marked as closed, or has ended, is as if it were not there.
    """

    is_signed = False
    """Whether only what the archive signed is shown."""

    def __init__(
        self,
        path: Path,
        *,
        today: Callable[[], date],
        opened: Callable[[Path], sqlite3.Connection] = for_publishing,
    ) -> None:
        self.marks = Marks(path.parent / "closed")
        self._path = path
        self._today = today
        self._opened = opened
        self._answers, self._ended = Remembered(_ANSWERS, self._state), Remembered(1, self._state)
        self._views = Remembered(_VIEWS, self._stamp)

    def close(self) -> None:
        """Let go of the file."""
        if "_connection" in self.__dict__:
            self._connection.close()

    def today(self) -> date:
        """Return the day by which views end."""
        return self._today()

    def get(self, repository: str, code_key: str) -> PublishedView | None:
        """Return a record's view, or None for one that is not online, unknown ones alike."""
        return self._shown(self._one("repository = ? AND code_key = ?", (repository, code_key)))

    def get_by_id(self, view_id: str) -> PublishedView | None:
        """Return the view with this identifier, or None."""
        return self._shown(self.stored(view_id))

    def that_had(self, repository: str, code_key: str) -> PublishedView | None:
        """Return the only view whose record had a code before, as the public is told; None where none or several had."""
        rows = self.ask(_THAT_HAD, repository=repository, code_key=code_key)
        view = self.get_by_id(str(rows[0][0])) if len(rows) == 1 else None
        return view if view and view.repository == repository and code_key in view.known_codes else None

    def of(self, view_ids: Iterable[str]) -> dict[str, PublishedView]:
        """Return those of the views with these identifiers that there are, by them."""
        return {one: view for one in view_ids if (view := self.get_by_id(one))}

    def ids(self) -> tuple[str, ...]:
        """Return the identifiers of all views."""
        return tuple(str(row[0]) for row in self.ask(f"SELECT view_id FROM view WHERE {_SHOWN} ORDER BY view_id"))

    def repositories(self) -> tuple[tuple[str, str, str, int], ...]:
        """Return code, Chinese name, English name and number of views of every repository that has any."""
        return self.remembered("repositories", lambda: tuple(self._repositories()))

    def _repositories(self) -> Iterator[tuple[str, str, str, int]]:
        query = f"SELECT repository, min(code_key), count(*) FROM view WHERE {_SHOWN} GROUP BY repository"
        for code, key, number in self.ask(query):
            if view := self.get(str(code), str(key)):
                yield view.repository, view.repository_name, view.repository_name_en, int(number)

    def ask(self, query: str, **values: str | int) -> list[tuple[str | int, ...]]:
        """Return the rows of a query; ``:hidden`` in it is the JSON of the identifiers of what must not be shown."""
        key, work = (query, *values.items()), partial(self._asked, query, values)
        return self._answers.get(key, work, is_small=lambda found: len(found) <= _ROWS)[:]

    def _asked(self, query: str, values: Mapping[str, str | int]) -> list[tuple[str | int, ...]]:
        with self._guarded():
            return self._connection.execute(query, {**values, "hidden": json.dumps(sorted(self.hidden()))}).fetchall()

    def remembered(self, key: Hashable, work: Callable[[], _T]) -> _T:
        """Return what the work makes of what is shown, from memory until anything is published, is closed, or ends."""
        return self._answers.get(key, work)

    def lines(self, view_ids: Sequence[str]) -> tuple[Line, ...]:
        """Return the lines of views that ``ask`` named, in their order."""
        return tuple(read_line(str(value)) for (value,) in self.ask(_LINES, asked=json.dumps(view_ids)))

    def items_of(self, volume: str) -> tuple[str, ...]:
        """Return the identifiers of the views of a volume's items, shown or not, in the order of their codes."""
        query = "SELECT view_id FROM view WHERE json_extract(value, '$.volume') = ? ORDER BY code_key"
        with self._guarded():
            return tuple(str(row[0]) for row in self._connection.execute(query, (volume,)))

    def of_code(self, repository: str, code_key: str) -> str:
        """Return the identifier of the view that has a code now, shown or not; empty where there is none."""
        with self._guarded():
            query = "SELECT view_id FROM view WHERE repository = ? AND code_key = ?"
            row = self._connection.execute(query, (repository, code_key)).fetchone()
        return str(row[0]) if row else ""

    def marks_by_code(self) -> list[tuple[str, set[str]]]:
        """Return of every view, by the codes that it has and had, the names of the marks on these that close it."""
        with self._guarded():
            return marks_by_code(self._connection)

    def named_by_marks(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Return of each mark on the name of a fonds the number of that, and the views that tell the name still."""
        with self._guarded():
            return named_by_marks(self._connection, self.marks.standing())

    def hidden(self) -> frozenset[str]:
        """Return the identifiers of what must not be shown, here or in the index."""
        with self._guarded():
            return self._ended.get("", self._hidden)

    def _hidden(self) -> frozenset[str]:
        return hidden_in(self._connection, self.marks.standing(), self._today(), knows_shares=self._knows_shares)

    def closed(self) -> int:
        """Return up to which journal entry everything that closed was taken back (0 for a new file)."""
        return self._followed()[0]

    def head(self) -> int:
        """Return up to which journal entry everything that is public was published (0 for a new file)."""
        return self._followed()[1]

    def stored(self, view_id: str) -> PublishedView | None:
        """Return a view as it stands in the file, shown or not: for those who publish."""
        return self._one("view_id = ?", (view_id,))

    def is_empty(self) -> bool:
        """Say whether the file holds no view at all."""
        with self._guarded():
            return self._connection.execute("SELECT 1 FROM view LIMIT 1").fetchone() is None

    def put(self, view: PublishedView, *, head: int | None = None, leaf: bytes = b"") -> bool:
        """Publish one view; see ``put_all``."""
        return self.put_all([(view, leaf)], head=head)[0]

    def put_all(self, views: Sequence[tuple[PublishedView, bytes]], *, head: int | None = None) -> list[bool]:
        """Publish views in one step, in place of older ones, each with its leaf's hash, if known; return for each whether that could be done.

        It cannot while a mark closes the record, nor when others took back what closed after the journal's entry ``head``,
        up to which the publisher knows the journal.
        """
        with self._transaction():
            if head is not None and self.closed() > head:
                return [False] * len(views)
            return [self._put(view, leaf) for view, leaf in views]

    def _put(self, view: PublishedView, leaf: bytes) -> bool:
        if self._is_closed(view):
            return False
        run = self._connection.execute
        row = (view.view_id, view.repository, view.code_key, view.sequence, json_of(view))
        run("INSERT OR REPLACE INTO view VALUES (?, ?, ?, ?, ?)", row)
        for table in ("former", "leaf", "proof", "share"):
            run(f"DELETE FROM {table} WHERE view_id = ?", (view.view_id,))
        shares = [(mark, view.view_id) for mark in sorted(marks_shared(view))]
        self._connection.executemany("INSERT INTO share VALUES (?, ?)", shares)
        if leaf:
            run("INSERT INTO leaf VALUES (?, ?)", (view.view_id, leaf))
        put_line(self._connection, view)
        former = [(code, view.repository, view.view_id) for code in view.former_codes]
        self._connection.executemany("INSERT INTO former VALUES (?, ?, ?)", former)
        return True

    def leaves(self) -> tuple[tuple[str, bytes], ...]:
        """Return the identifier of every view with its leaf's hash, empty where that is not known, in their order."""
        with self._guarded():
            run = self._connection.execute
            known = dict(run("SELECT view_id, hash FROM leaf").fetchall())
            ids = sorted(row[0] for row in run("SELECT view_id FROM view INDEXED BY view_record"))  # reads no view
        return tuple((view_id, known.get(view_id, b"")) for view_id in ids)

    def keep(self, statement: str, rows: Iterable[Sequence[str | bytes]]) -> None:
        """Write what was made of views that stand, in one step."""
        with self._transaction():
            self._connection.executemany(statement, rows)

    def remove(self, view_id: str) -> None:
        """Take a view back; its bytes are overwritten in the file."""
        with self._transaction():
            drop_line(self._connection, view_id)
            for table in ("view", "former", "leaf", "proof", "share"):
                self._connection.execute(f"DELETE FROM {table} WHERE view_id = ?", (view_id,))

    def ids_of_before(self) -> tuple[str, ...]:
        """Return the views that may say less, or more, than what is published now: all of a file of before."""
        with self._guarded():
            if self._connection.execute("PRAGMA user_version").fetchone()[0] >= _AS_NOW:
                return ()
            return tuple(row[0] for row in self._connection.execute("SELECT view_id FROM view INDEXED BY view_record"))

    def commit(self, *, closed: int, head: int = 0, offering: Collection[str] = ()) -> None:
        """Remember how far the journal was followed, never less than before; with ``head`` also who lets files be taken away."""
        with self._transaction():
            now = tuple(map(max, (closed, head), self._followed()))
            self._connection.execute("DELETE FROM followed")
            self._connection.execute("INSERT INTO followed VALUES (?, ?)", now)
            if head:
                self._connection.execute(f"PRAGMA user_version = {_AS_NOW}")
                self._connection.execute("DELETE FROM offering")
                self._connection.executemany("INSERT INTO offering VALUES (?)", [(one,) for one in sorted(offering)])

    def clear(self) -> None:
        """Take every view back, and forget how far what is published was brought."""
        with self._transaction():
            for table in ("view", "line", "former", "leaf", "proof", "share", "followed", "offering"):
                self._connection.execute(f"DELETE FROM {table}")

    @cached_property
    def _knows_shares(self) -> bool:
        """Whether the file tells what views share; one that was written before there were items does not."""
        return self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'share'").fetchone() is not None

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        return self._opened(self._path)

    def _followed(self) -> tuple[int, int]:
        with self._guarded():
            row = self._connection.execute("SELECT closed, head FROM followed").fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def _shown(self, view: PublishedView | None) -> PublishedView | None:
        if view is None or (view.until is not None and view.until <= self._today()):
            return None
        return None if self._is_closed(view) else view

    def _is_closed(self, view: PublishedView) -> bool:
        return bool(standing := self.marks.standing()) and not standing.isdisjoint(marks_of(view))

    def _one(self, where: str, values: tuple[str, ...]) -> PublishedView | None:
        def read() -> PublishedView | None:
            row = self._connection.execute(f"SELECT value FROM view WHERE {where}", values).fetchone()
            return view_of(row[0]) if row else None

        with self._guarded():
            return self._views.get((where, values), read)

    def _stamp(self) -> tuple[int, int]:
        """Return what tells a state of the file from another: what others wrote into it, and what was written here."""
        with self._guarded():
            return self._connection.execute("PRAGMA data_version").fetchone()[0], self._connection.total_changes

    def _state(self) -> Hashable:
        return self._stamp(), self.marks.standing(), self._today()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._guarded():
            begin_writing(self._connection, timeout_seconds=WRITE_SECONDS)
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as cause:
            raise unusable(self._path, cause) from cause
