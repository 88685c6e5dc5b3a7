"""The units of the catalogue: the newest row of each, found by identifier, by code, below one another, page by page."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import sqlalchemy as sql

from archives.record.description import Description
from archives.record.identifiers import SEPARATORS, ArchivalCode, RecordKey, archival_code_key, reference_code
from archives.units.unit import Level, State, Unit, read_unit_row
from preservation.catalogue import tables
from preservation.catalogue.folding.changed import among
from preservation.catalogue.unit_packages import UnitPackages

Query = TypeVar("Query", bound="sql.Select[Any]")

_AT_ONCE = 500
_FEW_NAMES = 10
_AFTER_ANY = chr(0x10FFFF)
"""What stands after every letter in the order of SQLite, which is that of UTF-8."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which units are looked for: each part narrows, an empty one does not. ``code`` is how a code begins."""

    repository: str = ""
    fonds: str = ""
    levels: Collection[Level] = ()
    states: Collection[State] = ()
    import_id: str = ""
    parent: str = ""
    code: str = ""
    without_content: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit with the place that it has in a list: the next page begins after it.

    ``has_content`` says whether files are kept of it, in a package of its own or in its volume's.
    """

    unit: Unit
    digest: str
    after: tuple[str, str, str, str]
    has_content: bool = False


class Units:
    """Every unit that is described, as the fold of description packages and of records' own packages has it."""

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine

    def get(self, unit_ids: Iterable[str]) -> dict[str, Listed]:
        """Return those of these units that there are, by identifier."""
        wanted = sorted(set(unit_ids))
        found: dict[str, Listed] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                query = sql.select(tables.unit).where(tables.unit.c.unit_id.in_(wanted[start : start + _AT_ONCE]))
                found |= {row.unit_id: _listed(row) for row in connection.execute(query)}
        return found

    def by_code(self, repository: str, codes: Iterable[str]) -> dict[str, tuple[Listed, ...]]:
        """Return the units that have these codes, by the matching form of the code; a doubtful code has several."""
        keys = sorted({key for code in codes if (key := archival_code_key(code))})
        found: dict[str, tuple[Listed, ...]] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(keys), _AT_ONCE):
                query = sql.select(tables.unit).where(
                    tables.unit.c.code_key.in_(keys[start : start + _AT_ONCE]),
                    tables.unit.c.repository == repository,
                    _IS_THERE,
                )
                for row in connection.execute(query):
                    found[row.code_key] = (*found.get(row.code_key, ()), _listed(row))
        return found

    def by_former_code(self, repository: str, codes: Iterable[str]) -> dict[str, tuple[Listed, ...]]:
        """Return the units that had these codes before, by the matching form of the code."""
        keys = sorted({key for code in codes if (key := reference_code(code).key)})
        former = tables.former_code.c
        had: list[tuple[str, str]] = []
        with self._engine.connect() as connection:
            for start in range(0, len(keys), _AT_ONCE):
                query = sql.select(former.code_key, former.unit_id)
                query = query.where(former.code_key.in_(keys[start : start + _AT_ONCE]))
                had += [(row.code_key, row.unit_id) for row in connection.execute(query)]
        units = self.get(unit_id for _, unit_id in had)
        found: dict[str, tuple[Listed, ...]] = {}
        for key, unit_id in had:
            listed = units.get(unit_id)
            if listed and listed.unit.repository == repository and listed.unit.state not in _GONE:
                found[key] = (*found.get(key, ()), listed)
        return found

    def below(self, parents: Iterable[str]) -> list[Listed]:
        """Return the units that stand directly below any of these."""
        wanted = sorted(set(parents))
        with self._engine.connect() as connection:
            return [
                _listed(row)
                for start in range(0, len(wanted), _AT_ONCE)
                for row in connection.execute(
                    sql.select(tables.unit).where(tables.unit.c.parent.in_(wanted[start : start + _AT_ONCE]), _IS_THERE)
                )
            ]

    def with_code_below(self, repository: str, code: ArchivalCode) -> list[Listed]:
        """Return the units whose code begins with the whole of this one and goes on."""
        unit = tables.unit.c
        ways = sql.or_(*(unit.code_key.between(f"{code.key}{s}", f"{code.key}{s}\U0010ffff") for s in SEPARATORS))
        with self._engine.connect() as connection:
            query = sql.select(tables.unit).where(ways, unit.repository == repository, _IS_THERE)
            return [_listed(row) for row in connection.execute(query)]

    def described(self, key: RecordKey) -> Description | None:
        """Return what is said of the only unit of a code; None where there is none, or it is not plain which."""
        found = self.by_code(key.repository, [key.code_key]).get(key.code_key, ())
        return found[0].unit.description if len(found) == 1 else None

    def items_below(self, key: RecordKey) -> tuple[Description, ...] | None:
        """Return what is said of the items without content that stand below the only unit of a code, in their order.

        None where that is no volume, and has none.
        """
        found = self.by_code(key.repository, [key.code_key]).get(key.code_key, ())
        if len(found) != 1:
            return None
        wanted = Wanted(parent=found[0].unit.unit_id, levels=(Level.ITEM,))
        units = [one.unit for one in self.all(wanted)]
        with_content = self.packages.with_package(one.unit_id for one in units)
        gone = (State.DESTROYED, State.HANDED_ON)
        own = tuple(one.description for one in units if one.unit_id not in with_content and one.state not in gone)
        is_volume = found[0].unit.level is Level.FILE and all(part.isdecimal() for part in key.code_key.split("-")[1:])
        return own if own or is_volume else None

    def identifiers(self, repository: str, codes: Iterable[str], *, but_of: str = "") -> dict[str, tuple[str, ...]]:
        """Return the identifiers of the units that have these codes, by the matching form of the code.

        Those that an import brought (``but_of``) are left out.
        """
        keys = sorted({key for code in codes if (key := archival_code_key(code))})
        found: dict[str, tuple[str, ...]] = {}
        unit = tables.unit.c
        with self._engine.connect() as connection:
            for start in range(0, len(keys), _AT_ONCE):
                query = sql.select(unit.code_key, unit.unit_id).where(
                    unit.code_key.in_(keys[start : start + _AT_ONCE]), unit.repository == repository, _IS_THERE
                )
                query = query.where(unit.import_id != but_of) if but_of else query
                for row in connection.execute(query):
                    found[row.code_key] = (*found.get(row.code_key, ()), row.unit_id)
        return found

    @property
    def packages(self) -> UnitPackages:
        """In which packages units lie, and whose content packages are."""
        return UnitPackages(self._engine)

    def above(self, unit: Unit) -> list[Unit]:
        """Return the units above one, the highest first."""
        return self.above_all({unit.unit_id: unit.parent})[unit.unit_id]

    def above_each(self, unit_ids: Iterable[str]) -> dict[str, list[Unit]]:
        """Return the units above each of those of these that there are, the highest first, by identifier."""
        unit = tables.unit.c
        query = sql.select(unit.unit_id, unit.parent).where(unit.unit_id.in_(among(unit_ids)))
        with self._engine.connect() as connection:
            return self.above_all({str(row.unit_id): str(row.parent) for row in connection.execute(query)})

    def above_all(self, parents: Mapping[str, str]) -> dict[str, list[Unit]]:
        """Return the units above each of these, given with the one that it stands below, by identifier."""
        known: dict[str, Unit] = {}
        wanted = {*parents.values()} - {""}
        while wanted:
            found = {unit_id: listed.unit for unit_id, listed in self.get(wanted).items()}
            known |= found
            wanted = {one.parent for one in found.values() if one.parent} - known.keys()
        return {unit_id: _chain(parent, known) for unit_id, parent in parents.items()}

    def page(self, wanted: Wanted, *, after: tuple[str, str, str, str] | None = None, most: int = 50) -> list[Listed]:
        """Return units in the order of fonds and code, from after a place on."""
        place = sql.tuple_(*_IN_ORDER)
        query = _narrowed(sql.select(tables.unit), wanted).order_by(*_IN_ORDER).limit(most)
        if after is not None:
            query = query.where(place > sql.tuple_(*map(sql.literal, after)))
        with self._engine.connect() as connection:
            return [_listed(row) for row in connection.execute(query)]

    def all(self, wanted: Wanted) -> Iterator[Listed]:
        """Yield every unit that is wanted, in order, a page at a time."""
        return (one for page in self.pages(wanted) for one in page)

    def pages(self, wanted: Wanted) -> Iterator[list[Listed]]:
        """Yield every page of the units that are wanted, in order."""
        after = None
        while page := self.page(wanted, after=after, most=_AT_ONCE):
            yield page
            after = page[-1].after

    def counts(self, wanted: Wanted) -> dict[tuple[str, str, Level, State], int]:
        """Return how many units there are by repository, fonds, level and state."""
        unit = tables.unit.c
        columns = (unit.repository, unit.fonds, unit.level, unit.state)
        query = _narrowed(sql.select(*columns, sql.func.count().label("number")), wanted)
        query = query.group_by(*columns).order_by(*columns)
        with self._engine.connect() as connection:
            return {
                (row.repository, row.fonds, Level(row.level), State(row.state)): row.number
                for row in connection.execute(query)
            }

    def naming(self, names: Collection[str]) -> Iterator[Listed]:
        """Yield the units of which one of these persons is an element; of few names also those that name them elsewhere."""
        if not names:
            return
        value, wanted = tables.unit.c.value, {*names}
        written = [json.dumps(name, ensure_ascii=False)[1:-1] for name in sorted(wanted)]
        anywhere = [value.contains(name, autoescape=True) for name in written] if len(written) <= _FEW_NAMES else []
        query = sql.select(tables.unit).where(sql.or_(value.contains('"persons"'), *anywhere), _IS_THERE)
        with self._engine.connect() as connection:
            for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
                persons = json.loads(row.value)["elements"].get("persons", [])
                if any(one[0] in wanted for one in persons) or (
                    anywhere and any(name in row.value for name in written)
                ):
                    yield _listed(row)

    def number(self, wanted: Wanted) -> int:
        """Return how many units are wanted."""
        query = _narrowed(sql.select(sql.func.count()).select_from(tables.unit), wanted)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one()


def _narrowed(query: Query, wanted: Wanted) -> Query:
    unit = tables.unit.c
    first = archival_code_key(wanted.code)
    is_of_fonds = bool(first) and not any(one in first for one in SEPARATORS)
    if (wanted.fonds or is_of_fonds) and not wanted.repository:  # every index of fonds begins with the repository
        query = query.where(unit.repository.in_(sql.select(tables.repository.c.code)))
    for column, value in (
        (unit.repository, wanted.repository),
        (unit.fonds, wanted.fonds),
        (unit.import_id, wanted.import_id),
        (unit.parent, wanted.parent),
    ):
        if value:
            query = query.where(column == value)
    for column, values in ((unit.level, wanted.levels), (unit.state, wanted.states)):
        if values:
            query = query.where(column.in_([str(value) for value in values]))
    if wanted.without_content:
        query = query.where(sql.func.coalesce(unit.number, 0) == 0)  # else it is counted by an index without states
    if not wanted.states:
        query = query.where(_IS_THERE)
    if wanted.code:
        column = (
            unit.fonds if is_of_fonds else unit.code_key
        )  # a code begins with its fonds, and lists lie in that order
        query = query.where(column >= first, column < first + _AFTER_ANY)  # which an index answers, unlike LIKE
    return query


def _chain(parent: str, known: Mapping[str, Unit]) -> list[Unit]:
    chain: list[Unit] = []
    while (higher := known.get(parent)) and higher not in chain:
        chain.insert(0, higher)
        parent = higher.parent
    return chain


def _listed(row: "sql.Row[tuple[object, ...]]") -> Listed:
    fields = row._mapping
    unit = replace(read_unit_row(fields["value"].encode("utf-8")), state=State(fields["state"]))
    has_content = fields["number"] is not None
    return Listed(unit, fields["digest"], tuple(fields[one.name] for one in _IN_ORDER), has_content)


_GONE = (State.TAKEN_BACK, State.PURGED)
_IS_THERE = tables.unit.c.state.not_in([state.value for state in _GONE])
_IN_ORDER: Sequence["sql.ColumnElement[str]"] = (
    tables.unit.c.repository,
    tables.unit.c.fonds,
    tables.unit.c.place,
    tables.unit.c.unit_id,
)
