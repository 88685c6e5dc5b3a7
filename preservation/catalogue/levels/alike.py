"""Units whose codes are the one that was asked for in another writing: with other zeros before numbers, or other dividers."""

import sqlalchemy as sql

from archives.record.identifiers import ArchivalCode
from preservation.catalogue import tables
from preservation.catalogue.levels.unwritten import IS_THERE
from preservation.catalogue.levels.wanted import Listed, listed

_MOST = 20


def with_other_zeros(connection: sql.Connection, repository: str, code: ArchivalCode) -> list[Listed]:
    """Return the units of a code that differs from this one by leading zeros alone, or by which dividers it has."""
    unit = tables.unit.c
    return _listed(connection, repository, code, (unit.fonds == code.fonds) & (unit.place == code.order))


def with_other_dividers(connection: sql.Connection, repository: str, code: ArchivalCode) -> list[Listed]:
    """Return the same of codes that differ by having dividers or none (``MS123``): it reads every code of a repository."""
    undivided = sql.func.replace(sql.func.replace(tables.unit.c.place, "\t", ""), "_", "")
    return _listed(connection, repository, code, undivided == code.order.replace("\t", "").replace("_", ""))


def _listed(
    connection: sql.Connection, repository: str, code: ArchivalCode, condition: "sql.ColumnElement[bool]"
) -> list[Listed]:
    unit = tables.unit.c
    query = sql.select(tables.unit).where(unit.repository == repository, unit.code_key != code.key, IS_THERE, condition)
    return [listed(row) for row in connection.execute(query.limit(_MOST))]
