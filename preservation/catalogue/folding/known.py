"""What is known of units before rows about them are taken over: which row holds, whether there is content, which codes they had."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sql

from archives.units.former_codes import keys_before
from archives.units.state import State
from archives.units.unit import RowHead
from preservation.catalogue import tables
from preservation.catalogue.folding.changed import among
from preservation.catalogue.folding.volumes import Place


class Known(NamedTuple):
    """Of the row that holds: its revision (0: only a package says anything), whether it was purged, its digest.

    ``parent``, ``level`` and ``place`` tell what stood above the unit.
    """

    revision: int = 0
    is_purged: bool = False
    digest: str = ""
    has_content: bool = False
    parent: str = ""
    level: str = ""
    place: Place = ("", "", "")

    @property
    def rank(self) -> tuple[int, bool]:
        """By what is told which row holds: the revision; of a row that was purged, what is left holds."""
        return self.revision, self.is_purged


NOTHING = Known()


def known_units(connection: sql.Connection, unit_ids: Collection[str]) -> dict[str, Known]:
    """Return what is known of those of these units that there are, by identifier."""
    unit = tables.unit.c
    query = sql.select(unit.unit_id, unit.revision, unit.state, unit.digest, unit.number)
    query = query.add_columns(unit.parent, unit.level, unit.repository, unit.fonds, unit.place)
    return {
        row.unit_id: Known(
            row.revision,
            row.state == State.PURGED.value,
            row.digest,
            row.number is not None,
            row.parent,
            row.level,
            (row.repository, row.fonds, row.place),
        )
        for row in connection.execute(query.where(unit.unit_id.in_(among(unit_ids))))
    }


def codes_had(connection: sql.Connection, unit_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the matching forms of the codes that renumbering took from these units, by identifier; none of most."""
    alias = tables.alias.c
    found: dict[str, frozenset[str]] = {}
    for row in connection.execute(sql.select(tables.alias).where(alias.package_id.in_(among(unit_ids)))):
        found[row.package_id] = found.get(row.package_id, frozenset()) | {row.code_key}
    return found


def keep_former(connection: sql.Connection, units: Sequence[RowHead]) -> None:
    """Let units be found by the codes that they had before, as they say now; nothing is kept of what was purged."""
    former = tables.former_code
    # a first row, too, may follow what a package said, or be all that is left of what it said
    connection.execute(former.delete().where(former.c.unit_id.in_(among(unit.unit_id for unit in units))))
    if gone := [unit.unit_id for unit in units if unit.state is State.PURGED]:
        connection.execute(tables.alias.delete().where(tables.alias.c.package_id.in_(among(gone))))
    had = {(unit.unit_id, key) for unit in units for key in keys_before(unit.former_code, unit.code)}
    if had:
        rows = [{"unit_id": unit_id, "code_key": key} for unit_id, key in sorted(had)]
        connection.execute(former.insert().prefix_with("OR IGNORE"), rows)


def held_among(connection: sql.Connection, unit_ids: Sequence[str], known: Mapping[str, Known]) -> frozenset[str]:
    """Return those of these units that have content, or had it."""
    package, gone, mine = tables.package.c.unit_id, tables.tombstone.c.unit_id, among(unit_ids)
    query = sql.select(package).where(package.in_(mine)).union_all(sql.select(gone).where(gone.in_(mine)))
    found = frozenset(map(str, connection.scalars(query)))
    return found.union(one for one in unit_ids if one in known and known[one].has_content)
