"""The units of the catalogue: the newest row of each, found by identifier, by code, below one another, page by page."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sql

from archives.record.description import Description
from archives.record.identifiers import SEPARATORS, ArchivalCode, RecordKey, archival_code_key, reference_code
from archives.units.state import GONE, State
from archives.units.unit import Level, Unit
from preservation.catalogue import tables
from preservation.catalogue.folding.changed import among
from preservation.catalogue.folding.volumes import in_volumes, inside
from preservation.catalogue.levels.alike import with_other_dividers, with_other_zeros
from preservation.catalogue.levels.unwritten import IS_THERE, standing_above, unwritten_of
from preservation.catalogue.levels.wanted import (
    Listed,
    Wanted,
    as_listed,
    directly_below,
    listed,
    narrowed,
    page_of,
    wanted_unwritten,
)
from preservation.catalogue.unit_packages import UnitPackages

_AT_ONCE = 500
_FEW_NAMES = 10


class ItemBelow(NamedTuple):
    """What is said of an item below a volume; ``is_apart``: it has, or had, content that is none of the volume's."""

    description: Description
    is_apart: bool = False


class Units:
    """Every unit that is described, as the fold of description packages and of records' own packages has it."""

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine

    def get(self, unit_ids: Iterable[str]) -> dict[str, Listed]:
        """Return those of these units that there are, by identifier."""
        found: dict[str, Listed] = {}
        with self._engine.connect() as connection:
            for some in _some(unit_ids):
                query = sql.select(tables.unit).where(tables.unit.c.unit_id.in_(some))
                found |= {row.unit_id: listed(row) for row in connection.execute(query)}
        return found

    def there(self, unit_ids: Iterable[str]) -> frozenset[str]:
        """Return those of these units that the catalogue knows, whatever became of them."""
        unit_id = tables.unit.c.unit_id
        with self._engine.connect() as connection:
            found = (connection.scalars(sql.select(unit_id).where(unit_id.in_(some))) for some in _some(unit_ids))
            return frozenset(str(one) for some in found for one in some)

    def by_code(self, repository: str, codes: Iterable[str]) -> dict[str, tuple[Listed, ...]]:
        """Return the units that have these codes, by the matching form of the code; a doubtful code has several."""
        unit = tables.unit.c
        found: dict[str, tuple[Listed, ...]] = {}
        with self._engine.connect() as connection:
            for some in _some(key for code in codes if (key := archival_code_key(code))):
                query = sql.select(tables.unit).where(unit.code_key.in_(some), unit.repository == repository, IS_THERE)
                for row in connection.execute(query):
                    found[row.code_key] = (*found.get(row.code_key, ()), listed(row))
        return found

    def unwritten(self, repository: str, codes: Iterable[str]) -> dict[str, Listed]:
        """Return the units of these codes that no row describes, by the matching form of the code."""
        with self._engine.connect() as connection:
            found = unwritten_of(connection, repository, codes)
            return {one.unit.description.code.key: one for one in as_listed(connection, [*found.values()])}

    def under(self, unit: Unit) -> Wanted:
        """Return what asks for all that stands below a unit at any depth: by its code, or by its tree where codes do not tell."""
        code = unit.description.code
        own, said = tables.unit.c, directly_below(unit)
        is_inside = inside(own.place, code.order) & (own.fonds == code.fonds)
        of_fonds = (own.repository == unit.repository) & (own.fonds == code.fonds)
        without_code = sql.select(own.unit_id).where(of_fonds, own.place == "", IS_THERE)
        outside = (narrowed(sql.select(own.unit_id), said).where(~is_inside), without_code)
        with self._engine.connect() as connection:
            is_told = bool(code.key) and not any(connection.scalar(query.limit(1)) for query in outside)
        if is_told:
            return Wanted(unit.repository, code.fonds, under=code.order)
        return replace(said, is_deep=True, under=code.order if code.key else "")

    def by_former_code(self, repository: str, codes: Iterable[str]) -> dict[str, tuple[Listed, ...]]:
        """Return the units that had these codes before, by the matching form of the code."""
        former = tables.former_code.c
        had: list[tuple[str, str]] = []
        with self._engine.connect() as connection:
            for some in _some(key for code in codes if (key := reference_code(code).key)):
                query = sql.select(former.code_key, former.unit_id).where(former.code_key.in_(some))
                had += [(row.code_key, row.unit_id) for row in connection.execute(query)]
        units = self.get(unit_id for _, unit_id in had)
        found: dict[str, tuple[Listed, ...]] = {}
        for key, unit_id in had:
            known = units.get(unit_id)
            if known and known.unit.repository == repository and known.unit.state not in GONE:
                found[key] = (*found.get(key, ()), known)
        return found

    def near(self, repository: str, code: str) -> tuple[Listed, ...]:
        """Return the units that a code may be meant for that none has: written otherwise, or had before."""
        with self._engine.connect() as connection:
            found = with_other_zeros(connection, repository, reference_code(code))
        had = [one for some in self.by_former_code(repository, [code]).values() for one in some]
        return tuple({one.unit.unit_id: one for one in (*found, *had)}.values())

    def undivided(self, repository: str, code: str) -> tuple[Listed, ...]:
        """Return the units whose code is this one but for its dividers: all codes of the repository are read."""
        with self._engine.connect() as connection:
            return tuple(with_other_dividers(connection, repository, reference_code(code)))

    def below(self, parents: Iterable[str]) -> list[Listed]:
        """Return the units that stand directly below any of these."""
        with self._engine.connect() as connection:
            return [
                listed(row)
                for some in _some(parents)
                for row in connection.execute(sql.select(tables.unit).where(tables.unit.c.parent.in_(some), IS_THERE))
            ]

    def with_code_below(self, repository: str, code: ArchivalCode) -> list[Listed]:
        """Return the units whose code begins with the whole of this one and goes on."""
        unit = tables.unit.c
        ways = sql.or_(*(unit.code_key.between(f"{code.key}{s}", f"{code.key}{s}\U0010ffff") for s in SEPARATORS))
        with self._engine.connect() as connection:
            query = sql.select(tables.unit).where(ways, unit.repository == repository, IS_THERE)
            return [listed(row) for row in connection.execute(query)]

    def described(self, key: RecordKey) -> Description | None:
        """Return what is said of the only unit of a code; None where there is none, or it is not plain which."""
        found = self.by_code(key.repository, [key.code_key]).get(key.code_key, ())
        return found[0].unit.description if len(found) == 1 else None

    def items_below(self, key: RecordKey) -> tuple[ItemBelow, ...] | None:
        """Return the items that stand below the only unit of a code, in their order, whatever became of them.

        None where that is no volume, and has no item without content of its own.
        """
        found = self.by_code(key.repository, [key.code_key]).get(key.code_key, ())
        if len(found) != 1:
            return None
        wanted = replace(directly_below(found[0].unit), levels=(Level.ITEM,))
        units = [one.unit for one in self.all(wanted)]
        apart = self.packages.with_package(one.unit_id for one in units)
        own = tuple(ItemBelow(one.description, one.unit_id in apart) for one in units)
        is_volume = found[0].unit.level is Level.FILE and all(part.isdecimal() for part in key.code_key.split("-")[1:])
        return own if is_volume or not all(one.is_apart for one in own) else None

    def identifiers(self, repository: str, codes: Iterable[str], *, but_of: str = "") -> dict[str, tuple[str, ...]]:
        """Return the identifiers of the units that have these codes, by the matching form of the code.

        Those that an import brought (``but_of``) are left out.
        """
        found: dict[str, tuple[str, ...]] = {}
        unit = tables.unit.c
        with self._engine.connect() as connection:
            for some in _some(key for code in codes if (key := archival_code_key(code))):
                query = sql.select(unit.code_key, unit.unit_id)
                query = query.where(unit.code_key.in_(some), unit.repository == repository, IS_THERE)
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
        return self.above_all([unit])[unit.unit_id]

    def above_each(self, unit_ids: Iterable[str]) -> dict[str, list[Unit]]:
        """Return the units above each of those of these that there are, the highest first, by identifier."""
        unit = tables.unit.c
        query = sql.select(unit.unit_id, unit.parent).where(unit.unit_id.in_(among(unit_ids)))
        with self._engine.connect() as connection:
            parents = {str(row.unit_id): str(row.parent) for row in connection.execute(query)}
        tops = self.get(one for one, parent in parents.items() if not parent)
        return self._above(parents, [one.unit for one in tops.values()])

    def above_all(self, units: Collection[Unit]) -> dict[str, list[Unit]]:
        """Return the units above each of these, the highest first, by identifier: by their rows, else by rule."""
        return self._above({one.unit_id: one.parent for one in units}, [one for one in units if not one.parent])

    def _above(self, parents: Mapping[str, str], tops: Sequence[Unit]) -> dict[str, list[Unit]]:
        """Return the units above each of these; ``tops`` are those of them whose rows name none."""
        asked, above = tuple(parents), dict[str, Unit]()
        while parents:
            stated = self.get({parent for parent in parents.values() if parent})
            found = {one: stated[parent].unit for one, parent in parents.items() if parent in stated}
            with self._engine.connect() as connection:
                found |= standing_above(connection, tops) if tops else {}
            above |= found
            further = {one.unit_id: one for one in found.values() if one.unit_id not in above}
            parents = {one.unit_id: one.parent for one in further.values()}
            tops = [one for one in further.values() if not one.parent]
        return {one: _chain(one, above) for one in asked}

    def page(self, wanted: Wanted, *, after: tuple[str, str, str, str] | None = None, most: int = 50) -> list[Listed]:
        """Return units in the order of fonds and code, from after a place on."""
        with self._engine.connect() as connection:
            return page_of(connection, wanted, after, most, wanted_unwritten(connection, wanted))

    def all(self, wanted: Wanted) -> Iterator[Listed]:
        """Yield every unit that is wanted, in order, a page at a time."""
        return (one for page in self.pages(wanted) for one in page)

    def pages(self, wanted: Wanted) -> Iterator[list[Listed]]:
        """Yield every page of the units that are wanted, in order."""
        after = None
        with self._engine.connect() as connection:
            unwritten = wanted_unwritten(connection, wanted)
        while True:
            with self._engine.connect() as connection:
                page = page_of(connection, wanted, after, _AT_ONCE, unwritten)
            if not page:
                return
            yield page
            after = page[-1].after

    def counts(self, wanted: Wanted) -> dict[tuple[str, str, Level, State], int]:
        """Return how many units there are by repository, fonds, level and state."""
        unit = tables.unit.c
        columns = (unit.repository, unit.fonds, unit.level, unit.state)
        query = narrowed(sql.select(*columns, sql.func.count().label("number")), wanted)
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
        query = sql.select(tables.unit).where(sql.or_(value.contains('"persons"'), *anywhere), IS_THERE)
        with self._engine.connect() as connection:
            for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
                persons = json.loads(row.value)["elements"].get("persons", [])
                if any(one[0] in wanted for one in persons) or (
                    anywhere and any(name in row.value for name in written)
                ):
                    yield listed(row)

    def number_in_volumes(self, repository: str, fonds: str) -> int:
        """Return how many items of a fonds stand in volumes, by their rows or by rule."""
        unit, volume = tables.unit.c, tables.unit.alias("volume")
        is_volume = sql.select(sql.literal(1)).where(volume.c.level == Level.FILE.value)
        stated = is_volume.where(volume.c.unit_id == unit.parent)
        ruled = is_volume.where(volume.c.repository == unit.repository, volume.c.code_key == unit.above)
        query = narrowed(
            sql.select(sql.func.count()).select_from(tables.unit), Wanted(repository, fonds, (Level.ITEM,))
        )
        with self._engine.connect() as connection:
            return connection.execute(
                query.where(sql.or_(stated.exists(), ruled.exists(), in_volumes(repository, fonds)))
            ).scalar_one()

    def number(self, wanted: Wanted) -> int:
        """Return how many units are wanted."""
        query = narrowed(sql.select(sql.func.count()).select_from(tables.unit), wanted)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one() + len(wanted_unwritten(connection, wanted))


def _some(values: Iterable[str]) -> Iterator[list[str]]:
    """Yield these values, each once and in order, as many at a time as a statement asks for."""
    every = sorted({*values})
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


def _chain(unit_id: str, above: Mapping[str, Unit]) -> list[Unit]:
    chain: list[Unit] = []
    while (higher := above.get(unit_id)) and higher not in chain:
        chain.insert(0, higher)
        unit_id = higher.unit_id
    return chain
