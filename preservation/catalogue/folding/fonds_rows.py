"""What fonds are called by their newest rows; what stands below one is looked at again when that changes."""

from collections.abc import Collection

import sqlalchemy as sql

from archives.units.fonds import fonds_of
from archives.units.unit import Unit, read_unit_row
from preservation.catalogue import tables
from preservation.catalogue.folding.changed import among


def keep_fonds(connection: sql.Connection, sequence: int, unit: Unit) -> None:
    """Let a fonds be what its newest row says, and what stands below it be looked at again."""
    said = fonds_of(unit)
    if not said.number:
        return
    row = {"repository": unit.repository, "number": said.number, "value": tables.FONDS.as_json(said)}
    connection.execute(tables.fonds.insert().prefix_with("OR REPLACE"), row)
    _look_again_below(connection, sequence, unit.repository, said.number)


def forget_fonds(connection: sql.Connection, sequence: int, unit_ids: Collection[str]) -> None:
    """Let nothing be called any more what the newest rows of these fonds say, and what stands below them be looked at again."""
    unit, fonds = tables.unit.c, tables.fonds
    query = sql.select(unit.value).where(unit.unit_id.in_(among(unit_ids)))
    for value in connection.scalars(query).all() if unit_ids else ():
        before = read_unit_row(value.encode("utf-8"))
        said = fonds_of(before)
        its = (fonds.c.repository == before.repository) & (fonds.c.number == said.number)
        connection.execute(fonds.delete().where(its, fonds.c.value == tables.FONDS.as_json(said)))
        _look_again_below(connection, sequence, before.repository, said.number)


def _look_again_below(connection: sql.Connection, sequence: int, repository: str, number: str) -> None:
    package, bare = tables.package, tables.unit
    mine = (package.c.repository == repository) & (package.c.fonds_number == number)
    connection.execute(package.update().where(mine, package.c.sequence < sequence).values(sequence=sequence))
    mine = (bare.c.repository == repository) & (bare.c.fonds == number) & bare.c.number.is_(None)
    connection.execute(bare.update().where(mine, bare.c.sequence < sequence).values(sequence=sequence))
