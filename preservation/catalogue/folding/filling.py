"""A catalogue filled for the first time: indexes of units are made when all rows are there, which takes a fraction of the time."""

import sqlalchemy as sql

from preservation.catalogue import tables

_LOOKED_UP_MEANWHILE = ("unit_by_id", "unit_by_package")
_PUT_OFF = tuple(
    one for one in sorted(tables.unit.indexes, key=lambda one: str(one.name)) if one.name not in _LOOKED_UP_MEANWHILE
)
_MANY_BYTES = 8 << 20
_LAST = _PUT_OFF[-1].name
LACKS_INDEXES = sql.text(f"NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '{_LAST}')")
"""Whether the indexes were put off and not made since."""


def put_indexes_off(connection: sql.Connection, size_bytes: int) -> None:
    """Put the indexes off where many rows are about to come, and none is there yet.

    Without them every question is answered, though slowly.
    """
    if size_bytes >= _MANY_BYTES and connection.execute(sql.select(tables.unit.c.unit_id).limit(1)).first() is None:
        for index in _PUT_OFF:
            connection.execute(sql.schema.DropIndex(index, if_exists=True))


def make_indexes(connection: sql.Connection) -> None:
    """Make the indexes that were put off, by whomever, all in one step."""
    for index in _PUT_OFF:
        connection.execute(sql.schema.CreateIndex(index, if_not_exists=True))
