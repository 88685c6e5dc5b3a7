"""What stands in a volume (案卷、组) by its code alone: units whose rows name nothing above them, and whose codes go on from its.

So do units that were described before their volume was, or that were renumbered into it. Zeros before numbers make no
difference, as they make none where an import puts items into volumes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Union

import sqlalchemy as sql

from archives.record.identifiers import ArchivalCode
from archives.units.state import GONE
from archives.units.unit import Level
from preservation.catalogue import tables
from preservation.catalogue.folding.changed import among

VOLUMES = (Level.FILE.value, Level.GROUP.value)
"""The levels of what may have others below it that no rule of codes tells."""
AFTER_ANY = chr(0x10FFFF)
"""What stands after every letter in the order of SQLite, which is that of UTF-8: after every code that begins like one."""

_Text = Union[str, "sql.ColumnElement[str]"]
Place = tuple[str, str, str]
"""A repository, a fonds, and the order of a code in it (``ArchivalCode.order``)."""


def may_stand_in_a_volume(level: str, parent: str) -> bool:
    """Say whether the code of a unit may tell in which volume it is."""
    return not parent and level not in (Level.FONDS.value, Level.SERIES.value)


def places_above(order: str) -> tuple[str, ...]:
    """Return the orders of the codes from which a code goes on, the nearest first; that of its fonds is none."""
    parts = order.split("\t")
    return tuple("\t".join(parts[:end]) for end in range(len(parts) - 1, 1, -1))


def inside(place: "sql.ColumnElement[str]", order: _Text) -> "sql.ColumnElement[bool]":
    """Return the condition that a code, by its order, goes on from one of this order."""
    first = sql.literal(order) if isinstance(order, str) else order
    return place.between(first + "\t", first + f"\t{AFTER_ANY}")


def goes_on_from(unit: "sql.FromClause", repository: str, code: ArchivalCode) -> "sql.ColumnElement[bool]":
    """Return the condition on rows of units that they stand below a volume of this code by their own codes."""
    return _goes_on(unit, repository, code.fonds, sql.literal(code.order)) if code.key else sql.false()


def goes_on_from_row(unit: "sql.FromClause", volume: "sql.FromClause") -> "sql.ColumnElement[bool]":
    """Return the condition that rows of units stand below the volumes of other rows by their codes."""
    is_volume = volume.c.level.in_(VOLUMES) & (volume.c.place != "")
    return is_volume & _goes_on(unit, volume.c.repository, volume.c.fonds, volume.c.place)


def in_volumes(repository: str, fonds: str, *, above: str = "") -> "sql.ColumnElement[bool]":
    """Return the condition on units of a fonds that they stand in volumes by their codes, which have one part more.

    ``above`` is the order of the code of their series, where they all stand in one: where that has no volume, none of its
    many units is looked at. Where zeros differ, nobody can tell in which of several volumes a unit stands: then it is in none.
    """
    unit, volume, any_volume = tables.unit, tables.unit.alias("volume"), tables.unit.alias("any_volume")
    divided = sql.func.char(9)
    cut = sql.func.rtrim(unit.c.place, sql.func.replace(unit.c.place, divided, ""))
    same = (volume.c.repository == repository) & (volume.c.fonds == fonds) & _is_there(volume)
    same &= volume.c.place == sql.func.rtrim(cut, divided)
    is_meant = begins_with(unit, volume.c.code_key) | ~another_at(volume)
    is_in_one = sql.exists(sql.select(sql.literal(1)).where(same, is_meant)) & unit.c.above.is_not(None)
    if not above:
        return is_in_one
    of_series = (any_volume.c.repository == repository) & (any_volume.c.fonds == fonds) & _is_there(any_volume)
    of_series &= inside(any_volume.c.place, above)
    is_deep = sql.func.instr(sql.func.substr(unit.c.place, len(above) + 2), divided) > 0
    return sql.exists(sql.select(sql.literal(1)).where(of_series)) & is_deep & is_in_one


def begins_with(unit: "sql.FromClause", key: _Text) -> "sql.ColumnElement[bool]":
    """Return the condition that the codes of units begin with this one as it is written, zeros and all."""
    return sql.func.substr(unit.c.code_key, 1, sql.func.length(key)) == key


def another_at(volume: "sql.FromClause") -> "sql.Exists":
    """Return the condition that another volume has the code of this one, zeros aside."""
    other = tables.unit.alias("other")
    same = (other.c.repository == volume.c.repository) & (other.c.fonds == volume.c.fonds)
    same &= (other.c.place == volume.c.place) & (other.c.unit_id != volume.c.unit_id)
    return sql.exists(sql.select(sql.literal(1)).where(same, _is_there(other)))


def below_volume(volume: str, repository: str, code: ArchivalCode) -> "tuple[sql.Select[tuple[str]], ...]":
    """Return the queries of all that stands below a volume, by rows that name it or by codes, whatever became of it."""
    unit = tables.unit.c
    stated = sql.select(unit.unit_id).where(unit.parent == volume)
    by_code = sql.select(unit.unit_id).where(goes_on_from(tables.unit, repository, code), unit.unit_id != volume)
    return stated, by_code


def volumes_at(places: Iterable[Place]) -> Iterator["sql.ColumnElement[bool]"]:
    """Yield the conditions on rows of units that they are volumes at these places, one for each fonds."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for repository, fonds, order in places:
        found[repository, fonds].add(order)
    unit = tables.unit.c
    for (repository, fonds), orders in found.items():
        same = (unit.repository == repository) & (unit.fonds == fonds) & unit.place.in_(among(sorted(orders)))
        yield same & unit.level.in_(VOLUMES)


def look_again_at_volumes(connection: sql.Connection, sequence: int, places: Collection[Place]) -> None:
    """Let the volumes at these places be looked at again: what is below them changed."""
    package, unit = tables.package.c, tables.unit.c
    for condition in volumes_at(places):
        mine = package.number.in_(sql.select(unit.number).where(condition, unit.number.is_not(None)))
        connection.execute(tables.package.update().where(mine, package.sequence < sequence).values(sequence=sequence))


def _goes_on(
    unit: "sql.FromClause", repository: _Text, fonds: _Text, order: "sql.ColumnElement[str]"
) -> "sql.ColumnElement[bool]":
    return (unit.c.repository == repository) & (unit.c.fonds == fonds) & inside(unit.c.place, order) & _may(unit)


def _is_there(volume: "sql.FromClause") -> "sql.ColumnElement[bool]":
    return volume.c.level.in_(VOLUMES) & volume.c.state.not_in(GONE)


def _may(unit: "sql.FromClause") -> "sql.ColumnElement[bool]":
    """Return the condition that the code of a unit may tell in which volume it is; the index of what rows name is none to ask."""
    no_parent = sql.func.length(unit.c.parent) == 0
    return no_parent & unit.c.level.not_in((Level.FONDS.value, Level.SERIES.value))
