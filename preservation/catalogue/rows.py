"""Rows of a table by their key: read one by one or all at once, changed in memory, written behind in bulk."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import sqlalchemy as sql

Row = TypeVar("Row", bound="tuple[object, ...]")


class Rows(Generic[Row]):
    """The rows of one table within one transaction.

    ``make`` turns the columns of a row, in the table's order, into its value. ``whole`` reads a small table at once and
    lets it be listed.
    """

    def __init__(
        self, connection: sqlite3.Connection, table: sql.Table, make: Callable[..., Row], *, whole: bool
    ) -> None:
        self._connection = connection
        self._make = make
        self._keys = len(table.primary_key.columns)
        names = [column.name for column in table.columns]
        where = " AND ".join(f"{name} = ?" for name in names[: self._keys])
        self._select = f"SELECT {', '.join(names)} FROM {table.name} WHERE {where}"
        self._delete = f"DELETE FROM {table.name} WHERE {where}"
        self._insert = f"INSERT OR REPLACE INTO {table.name} VALUES ({', '.join('?' * len(names))})"
        self._known: dict[tuple[object, ...], Row | None] = {}
        self._changed: dict[tuple[object, ...], None] = {}  # in the order in which rows were changed
        self._whole = whole
        if whole:
            for found in connection.execute(f"SELECT {', '.join(names)} FROM {table.name}"):
                row = make(*found)
                self._known[row[: self._keys]] = row

    def get(self, *key: object) -> Row | None:
        """Return the row with a key, or None."""
        if key not in self._known:
            found = None if self._whole else self._connection.execute(self._select, key).fetchone()
            self._known[key] = None if found is None else self._make(*found)
        return self._known[key]

    def put(self, row: Row) -> None:
        """Put a row in the place of the one with its key."""
        key = row[: self._keys]
        self._known[key] = row
        self._changed[key] = None

    def pop(self, *key: object) -> Row | None:
        """Take a row out and return it, or None."""
        row = self.get(*key)
        if row is not None:
            self._known[key] = None
            self._changed[key] = None
        return row

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows of a table that was read whole."""
        return iter([row for row in self._known.values() if row is not None])

    def flush(self) -> None:
        """Write what was changed; rows of large tables are read anew afterwards."""
        rows = [(key, self._known[key]) for key in self._changed]
        if gone := [key for key, row in rows if row is None]:
            self._connection.executemany(self._delete, gone)
        if kept := [row for _, row in rows if row is not None]:
            self._connection.executemany(self._insert, kept)
        self._changed.clear()
        if not self._whole:
            self._known.clear()
