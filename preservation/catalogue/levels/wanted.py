"""Which units are looked for, and units as a list has them: in the order of their codes, page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import sqlalchemy as sql

from archives.record.identifiers import SEPARATORS, ArchivalCode, archival_code_key, fonds_of_key, reference_code
from archives.units.state import State
from archives.units.unit import Level, Unit, read_unit_row
from preservation.catalogue import tables
from preservation.catalogue.folding.volumes import (
    AFTER_ANY,
    VOLUMES,
    another_at,
    begins_with,
    below_volume,
    goes_on_from_row,
    in_volumes,
    inside,
)
from preservation.catalogue.levels.undecided import DecidedAbout, Undecided, decided_about, those_undecided
from preservation.catalogue.levels.unwritten import IS_THERE, standing_above, unwritten

Query = TypeVar("Query", bound="sql.Select[Any]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which units are looked for: each part narrows, an empty one does not. ``code`` is how a code begins.

    ``parent`` is the unit directly above, by its row, or by rule where the key of its code is given too (``directly_below``),
    and ``volume``, its code, where it is one;
    ``is_deep``: at any depth below it. ``under`` is the order of a code below which all stand, or with ``is_deep`` that and what
    stands below one of those. ``unwritten`` are the
    levels of which also those are meant that no row describes, ``undecided`` about which nothing was decided, and
    ``decided`` about which something was.
    """

    repository: str = ""
    fonds: str = ""
    levels: Collection[Level] = ()
    states: Collection[State] = ()
    import_id: str = ""
    parent: str = ""
    parent_key: str = ""
    volume: ArchivalCode | None = None
    code: str = ""
    under: str = ""
    is_deep: bool = False
    without_content: bool = False
    unwritten: Collection[Level] = ()
    undecided: Undecided | None = None
    decided: DecidedAbout | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit with the place that it has in a list: the next page begins after it.

    ``has_content`` says whether files are kept of it, in a package of its own or in its volume's. ``by_rule`` is the unit
    above it, in a list, where its row names none. ``digest`` is empty where no row describes it.
    """

    unit: Unit
    digest: str
    after: tuple[str, str, str, str]
    has_content: bool = False
    by_rule: Unit | None = None

    @property
    def above(self) -> str:
        """The identifier of the unit above it, empty where there is none."""
        return self.unit.parent or (self.by_rule.unit_id if self.by_rule else "")

    @property
    def is_implied(self) -> bool:
        """Whether nobody described it: a series that only the codes below it name."""
        return not self.digest and self.unit.level is Level.SERIES


def directly_below(unit: Unit, *, unwritten: Collection[Level] = ()) -> Wanted:
    """Return what asks for the units directly below one."""
    key = unit.description.code.key if unit.level is not Level.ITEM else ""
    volume = unit.description.code if unit.level.value in VOLUMES else None
    return Wanted(unit.repository, parent=unit.unit_id, parent_key=key, volume=volume, unwritten=unwritten)


def narrowed(query: Query, wanted: Wanted) -> Query:
    """Return a query of units with what narrows it."""
    unit = tables.unit.c
    is_by_rule = bool(wanted.parent_key) or wanted.is_deep
    first = archival_code_key(wanted.code)
    is_of_fonds = bool(first) and not any(one in first for one in SEPARATORS)
    if (wanted.fonds or is_of_fonds) and not wanted.repository:  # every index of fonds begins with the repository
        query = query.where(unit.repository.in_(sql.select(tables.repository.c.code)))
    for column, value in (
        (unit.repository, "" if is_by_rule else wanted.repository),
        (unit.fonds, wanted.fonds),
        (unit.import_id, wanted.import_id),
        (unit.parent, "" if is_by_rule else wanted.parent),
    ):
        if value:
            query = query.where(column == value)
    for column, values in ((unit.level, wanted.levels), (unit.state, wanted.states)):
        if values:
            query = query.where(column.in_([str(value) for value in values]))
    if is_by_rule:
        query = query.where(unit.unit_id.in_(_all_below(wanted) if wanted.is_deep else _below(wanted)))
    if wanted.under and not wanted.is_deep:
        query = query.where(inside(unit.place, wanted.under))
    if wanted.without_content:
        query = query.where(sql.func.coalesce(unit.number, 0) == 0)  # else it is counted by an index without states
    if not wanted.states:
        query = query.where(IS_THERE)
    if wanted.undecided:
        query = query.where(*those_undecided(wanted.undecided))
    if wanted.decided:
        query = query.where(unit.unit_id.in_(decided_about(wanted.decided)))
    if wanted.code:
        column = (
            unit.fonds if is_of_fonds else unit.code_key
        )  # a code begins with its fonds, and lists lie in that order
        query = query.where(column >= first, column < first + AFTER_ANY)  # which an index answers, unlike LIKE
    return query


def _below(wanted: Wanted) -> "sql.CompoundSelect[tuple[str]]":
    """Return the query of what stands directly below a unit: looks in indexes, where one with OR would read all.

    What stands in a volume by its code is none of the series that the code tells too.
    """
    unit, volume = tables.unit.c, tables.unit.alias("volume")
    ruled = sql.select(unit.unit_id).where(unit.repository == wanted.repository, unit.above == wanted.parent_key)
    if wanted.volume is not None:
        stated, by_code = below_volume(wanted.parent, wanted.repository, wanted.volume)
        of_another = sql.exists(
            sql.select(volume.c.unit_id).where(volume.c.unit_id == wanted.parent, another_at(volume))
        )
        is_meant = begins_with(tables.unit, wanted.volume.key) | ~of_another
        return sql.union_all(stated, by_code.where(is_meant), ruled)
    series = reference_code(wanted.parent_key)
    is_in_one = in_volumes(wanted.repository, series.fonds, above=series.order)
    return sql.union_all(sql.select(unit.unit_id).where(unit.parent == wanted.parent), ruled.where(~is_in_one))


def _beginning(wanted: Wanted) -> "sql.CompoundSelect[tuple[str]]":
    """Return the query of what is below a unit by its row, by rule, or by the order of codes: more may stand below each."""
    unit = tables.unit.c
    is_inside = inside(unit.place, wanted.under) if wanted.under else sql.false()
    of_fonds = (unit.repository == wanted.repository) & (unit.fonds == fonds_of_key(wanted.parent_key))
    below = _below(wanted).subquery()
    return sql.union_all(sql.select(below.c.unit_id), sql.select(unit.unit_id).where(of_fonds, is_inside))


def _all_below(wanted: Wanted) -> "sql.Select[tuple[str]]":
    """Return the query of all that stands below a unit; it reads that, and nothing else."""
    unit, below = tables.unit.alias(), tables.unit.alias()
    columns = tuple(unit.c[name] for name in _OF_TREE)
    one = sql.select(*columns).where(unit.c.unit_id.in_(_beginning(wanted))).cte("below_it", recursive=True)
    columns = tuple(below.c[name] for name in _OF_TREE)
    stated = sql.select(*columns).where(below.c.parent == one.c.unit_id)
    ruled = sql.select(*columns).where(below.c.repository == one.c.repository, below.c.above == one.c.code_key)
    by_code = sql.select(*columns).where(goes_on_from_row(below, one))
    return sql.select(one.union(stated, ruled, by_code).c.unit_id)


def page_of(
    connection: sql.Connection,
    wanted: Wanted,
    after: tuple[str, str, str, str] | None,
    most: int,
    unwritten: Sequence[Listed],
) -> list[Listed]:
    """Return a page of the units that are wanted, from after a place on, with those that no row describes among them."""
    query = narrowed(sql.select(tables.unit), wanted).order_by(*_IN_ORDER).limit(most)
    if after is not None:
        query = query.where(sql.tuple_(*_IN_ORDER) > sql.tuple_(*map(sql.literal, after)))
    rows = connection.execute(query).all()
    page = [listed(row) for row in rows]
    ruled = standing_above(connection, [one.unit for one, row in zip(page, rows, strict=True) if row.above])
    page = [replace(one, by_rule=ruled.get(one.unit.unit_id)) for one in page] if ruled else page
    others = [one for one in unwritten if after is None or one.after > after]
    return sorted([*page, *others], key=lambda one: one.after)[:most] if others else page


def wanted_unwritten(connection: sql.Connection, wanted: Wanted) -> list[Listed]:
    """Return what is wanted of units that no row describes, in order."""
    levels = {*wanted.unwritten} & {*(wanted.levels or Level)}
    if not levels or wanted.import_id or (wanted.states and State.HELD not in wanted.states):
        return []
    every = connection.scalars(sql.select(tables.repository.c.code))
    places = [wanted.repository] if wanted.repository else [*every]
    units = [one for place in places for one in unwritten(connection, place, wanted.fonds) if one.level in levels]
    begins = archival_code_key(wanted.code)
    units = [one for one in units if one.description.code.key.startswith(begins)]
    return sorted((one for one in as_listed(connection, units) if _is_meant(one, wanted)), key=lambda one: one.after)


def _is_meant(one: Listed, wanted: Wanted) -> bool:
    is_below = not wanted.parent or one.above == wanted.parent
    is_inside = not wanted.under or one.after[2].startswith(f"{wanted.under}\t")
    return (is_below or is_inside) if wanted.is_deep and wanted.under else is_below and is_inside


def as_listed(connection: sql.Connection, units: Sequence[Unit]) -> list[Listed]:
    """Return units that no row describes as a list has them."""
    above = standing_above(connection, units)
    places = ((one.repository, one.description.code.fonds, one.description.code.order, one.unit_id) for one in units)
    return [Listed(one, "", at, by_rule=above.get(one.unit_id)) for one, at in zip(units, places, strict=True)]


def listed(row: "sql.Row[tuple[object, ...]]") -> Listed:
    """Return the unit of a row."""
    fields = row._mapping
    unit = replace(read_unit_row(fields["value"].encode("utf-8")), state=State(fields["state"]))
    has_content = fields["number"] is not None
    return Listed(unit, fields["digest"], tuple(fields[one.name] for one in _IN_ORDER), has_content)


_OF_TREE = ("unit_id", "repository", "code_key", "fonds", "place", "level")
"""What of a unit tells what stands below it."""
_IN_ORDER: Sequence["sql.ColumnElement[str]"] = (
    tables.unit.c.repository,
    tables.unit.c.fonds,
    tables.unit.c.place,
    tables.unit.c.unit_id,
)
