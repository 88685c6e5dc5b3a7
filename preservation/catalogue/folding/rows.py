"""Rows of a table by their key: read one by one or all at once, changed in memory, written behind in bulk."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import sqlalchemy as sql

Row = TypeVar("Row", bound="tuple[object, ...]")


def insertion(table: sql.Table) -> str:
    """Return the statement that puts a row in the place of the one with its key.

    ``INSERT OR REPLACE`` would let SQLite keep a copy of every page that a row touches, in case it fails half way.
    """
    keys = [column.name for column in table.primary_key.columns]
    others = [f"{column.name} = excluded.{column.name}" for column in table.columns if column.name not in keys]
    found = f"UPDATE SET {', '.join(others)}" if others else "NOTHING"
    marks = ", ".join("?" * len(table.columns))
    return f"INSERT INTO {table.name} VALUES ({marks}) ON CONFLICT ({', '.join(keys)}) DO {found}"


class Rows(Generic[Row]):
    """The rows of one table within one transaction.

    ``make`` turns the columns of a row, in the table's order, into its value, ``written`` a value into its columns.
    ``whole`` reads a small table at once and lets it be listed.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        table: sql.Table,
        make: Callable[..., Row],
        *,
        whole: bool,
        written: Callable[[Row], tuple[object, ...]] | None = None,
    ) -> None:
        self._connection = connection
        self._make = make
        self._written = written
        self._keys = len(table.primary_key.columns)
        names = [column.name for column in table.columns]
        where = " AND ".join(f"{name} = ?" for name in names[: self._keys])
        self._select = f"SELECT {', '.join(names)} FROM {table.name} WHERE {where}"
        self._delete = f"DELETE FROM {table.name} WHERE {where}"
        self._insert = insertion(table)
        self._known: dict[tuple[object, ...], Row | None] = {}
        self._changed: dict[tuple[object, ...], Row | None] = {}  # in the order in which rows were changed
        self._whole = whole
        if whole:
            for found in connection.execute(f"SELECT {', '.join(names)} FROM {table.name}"):
                row = make(*found)
                self._known[row[: self._keys]] = row

    def get(self, *key: object) -> Row | None:
        """Return the row with a key, or None."""
        if key in self._changed:
            return self._changed[key]
        if key not in self._known and not self._whole:
            found = self._connection.execute(self._select, key).fetchone()
            self._known[key] = None if found is None else self._make(*found)
        return self._known.get(key)

    def put(self, row: Row) -> None:
        """Put a row in the place of the one with its key."""
        self._changed[row[: self._keys]] = row

    def pop(self, *key: object) -> Row | None:
        """Take a row out and return it, or None."""
        row = self.get(*key)
        if row is not None:
            if self._whole and key not in self._known:  # it was never written
                del self._changed[key]
            else:
                self._changed[key] = None
        return row

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows of a table that was read whole."""
        return iter([row for row in (self._known | self._changed).values() if row is not None])

    def flush(self) -> None:
        """Write what was changed; rows of large tables are read anew afterwards."""
        if self._changed:
            gone = [key for key, row in self._changed.items() if row is None]
            kept = [row for row in self._changed.values() if row is not None]
            self._connection.executemany(self._delete, gone)
            self._connection.executemany(self._insert, map(self._written, kept) if self._written else kept)
        if not self._whole:
            self._known = {}
        elif self._changed:
            self._known = {key: row for key, row in (self._known | self._changed).items() if row is not None}
        self._changed.clear()
