"""Whatever may be opened: records, the items of volumes, and units without content, each with what was decided about it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sql

from archives.errors import NotFoundError
from archives.message import message
from archives.record.holding import Holding
from archives.record.identifiers import archival_code_key
from archives.units.former_codes import had_alike, had_by_several, held_by_several
from archives.units.state import GONE, State
from archives.units.unit import Level, unit_row
from preservation.catalogue import tables
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.folding.known import codes_had
from preservation.catalogue.holdings.days import ahead_of, decided_units, due, followed_on, units_of_decided_fonds
from preservation.catalogue.holdings.holding_rows import bare_units, perhaps_changed

_AT_ONCE = 500


class UnitHoldings:
    """The units of a catalogue as a review of openness, the indexes and the public side see them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._engine = catalogue.fold.engine

    def find(self, code: str, *, repository: str | None = None) -> Holding:
        """Return the unit with this archival code, or that had it before, written in any way.

        Raises ``NotFoundError``, or ``AmbiguousError`` where several have the code: none of them is opened or cited before
        that is settled.
        """
        unit, key = tables.unit.c, archival_code_key(code)
        query = sql.select(unit.unit_id, unit.repository).where(
            unit.code_key == key, unit.state != State.TAKEN_BACK.value
        )
        if repository is not None:
            query = query.where(unit.repository == repository)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return self._that_had(code, repository) or self._catalogue.find(code, repository=repository)
        if len({row.repository for row in rows}) < len(rows):
            raise had_alike(code, sorted(str(row.unit_id) for row in rows))
        if len(rows) > 1:
            raise held_by_several(code, [f"{one}:{code}" for one in sorted(row.repository for row in rows)])
        found = next(self.named([rows[0].unit_id]), None)
        return found or self._catalogue.find(code, repository=repository)

    def plain_fonds(self, code: str, *, repository: str | None = None) -> Holding | None:
        """Return the fonds of this number that the journal alone describes; None where there is none.

        Raises ``AmbiguousError`` where several repositories have one and none is named, ``NotFoundError`` for a series that
        only the codes below it name: nothing is said of it.
        """
        key, units = archival_code_key(code), self._catalogue.units
        places = [one.code.value for one in self._catalogue.repositories() if repository in (None, one.code.value)]
        found = [one.unit for place in places if (one := units.unwritten(place, [key]).get(key))]
        if found and all(one.level is Level.SERIES for one in found):
            raise _undescribed(code)
        found = [one for one in found if one.level is Level.FONDS]
        if len(found) > 1:
            raise held_by_several(code, [f"{one.repository}:{code}" for one in found])
        if not found:
            return None
        fonds = found[0]
        row: dict[str, object] = {
            "unit_id": fonds.unit_id,
            "repository": fonds.repository,
            "code_key": key,
            "state": fonds.state.value,
            "level": fonds.level.value,
            "value": unit_row(fonds).decode("utf-8"),
            "sequence": 0,
        }
        values = [sql.literal(value).label(name) for name, value in row.items()]
        with self._engine.connect() as connection:
            rows: Sequence[Any] = connection.execute(sql.select(*values)).all()
            return next(bare_units(connection, rows, for_review=True))

    def _that_had(self, code: str, repository: str | None) -> Holding | None:
        """Return the only unit that had a code before; None where there is none, or it is a record, which its packages tell."""
        units = self._catalogue.units
        places = (one.code.value for one in self._catalogue.repositories() if repository in (None, one.code.value))
        had = [one.unit for place in places for some in units.by_former_code(place, [code]).values() for one in some]
        if len(had) > 1:
            raise had_by_several(code, [f"{one.repository}:{one.description.code.written}" for one in had])
        return next(self.named([one.unit_id for one in had]), None)

    def named(self, unit_ids: Collection[str]) -> Iterator[Holding]:
        """Yield those of these units that there are: records, then items by volume, then what has no content."""
        unit, package = tables.unit.c, tables.package.c
        where = sql.select(tables.unit, package.package_id, package.unit_id.label("whose"))
        where = where.outerjoin(tables.package, package.number == unit.number)
        every = [*dict.fromkeys(unit_ids)]
        for start in range(0, len(every), _AT_ONCE):
            wanted = every[start : start + _AT_ONCE]
            with self._engine.connect() as connection:
                rows = {row.unit_id: row for row in connection.execute(where.where(unit.unit_id.in_(wanted)))}
            yield from self._catalogue.named([one for one in wanted if one not in rows or rows[one].whose == one])
            items = {one: row for one, row in rows.items() if row.package_id is not None and row.whose != one}
            for volume in self._catalogue.named(sorted({row.package_id for row in items.values()})):
                yield from (item for item in volume.each_item() if item.item in items)
            bare = [row for row in rows.values() if row.package_id is None and row.state not in GONE]
            with self._engine.connect() as connection:
                yield from bare_units(connection, bare, for_review=True)

    def of_codes(self, codes: Iterable[tuple[str | None, str]]) -> dict[tuple[str | None, str], Holding]:
        """Return the units of those codes (each with a repository, or None for any) that name one unit and no other."""
        asked = {*codes}
        rows: dict[tuple[str | None, str], list[sql.Row[tuple[object, ...]]]] = {one: [] for one in asked}
        unit, package = tables.unit.c, tables.package.c
        every = sql.select(tables.unit, package.package_id).outerjoin(tables.package, package.number == unit.number)
        every = every.where(unit.state != State.TAKEN_BACK.value)
        keys = sorted({key for _, key in asked})
        with self._engine.connect() as connection:
            for start in range(0, len(keys), _AT_ONCE):
                for row in connection.execute(every.where(unit.code_key.in_(keys[start : start + _AT_ONCE]))):
                    for place in ((None, row.code_key), (row.repository, row.code_key)):
                        if place in rows:
                            rows[place].append(row)
            only = {place: found[0]._mapping for place, found in rows.items() if len(found) == 1}
            bare = [rows[place][0] for place, row in only.items() if row["package_id"] is None]
            units = {one.unit_id: one for one in bare_units(connection, bare, for_review=True)}
        packages = sorted({row["package_id"] for row in only.values() if row["package_id"]})
        wanted = {row["unit_id"] for row in only.values()}
        for volume in self._catalogue.named(packages):
            units |= {one.unit_id: one for one in (volume, *volume.each_item()) if one.unit_id in wanted}
        return {place: units[row["unit_id"]] for place, row in only.items() if row["unit_id"] in units}

    def changed_after(self, sequence: int, *, decided: bool = False) -> Iterator[Holding]:
        """Yield the units that changed after a journal sequence, records in the order of their changes, then the others.

        Also those that were taken back or purged, so that they leave where they are found. With ``decided`` of the units without content only those about which something was decided.
        """
        for holding in self._catalogue.holdings(after_sequence=sequence):
            yield holding
            yield from holding.each_item()
        unit = tables.unit.c
        query = sql.select(tables.unit).where(unit.number.is_(None))
        if decided:
            about = sql.select(tables.decision.c.unit_id).where(tables.decision.c.unit_id == unit.unit_id)
            query = query.where(sql.exists(about))
        yield from self._pages(query, sequence)

    def ahead(self, today: date) -> frozenset[str]:
        """Return the identifiers of the units with a decision of which a day is still to come."""
        with self._engine.connect() as connection:
            return frozenset(decided_units(connection, ahead_of(today)))

    def awaiting(self, sequence: int, today: date, early: Collection[str] = ()) -> Iterator[Holding]:
        """Yield the units with a decision that takes effect, or ends, on a day that has come since a journal entry.

        More rather than less, whole volumes of them, everything of a fonds of which one is, and what is ``early`` too.
        """
        with self._engine.connect() as connection:
            since = followed_on(connection, sequence, today)
            of_fonds = units_of_decided_fonds(connection, due(since, today))
            ids = sorted({*decided_units(connection, due(since, today)), *of_fonds, *early})
        unit, package = tables.unit.c, tables.package.c
        where = sql.select(tables.unit, package.package_id).outerjoin(tables.package, package.number == unit.number)
        where = where.where(unit.state != State.TAKEN_BACK.value)
        for start in range(0, len(ids), _AT_ONCE):
            with self._engine.connect() as connection:
                rows = connection.execute(where.where(unit.unit_id.in_(ids[start : start + _AT_ONCE]))).all()
                bare = tuple(bare_units(connection, [row for row in rows if row.package_id is None]))
            yield from bare
            for volume in self._catalogue.named(sorted({row.package_id for row in rows if row.package_id is not None})):
                yield volume
                yield from volume.each_item()

    def waiting(self) -> Iterator[Holding]:
        """Yield the units that were opened and are not any more what was reviewed."""
        with self._engine.connect() as connection:
            changed = tuple(str(one) for one in connection.scalars(perhaps_changed()))
        return (one for one in self.named(changed) if one.waits_for_review)

    def codes_had(self, unit_id: str) -> frozenset[str]:
        """Return the matching forms of the codes that renumbering took from a unit."""
        with self._engine.connect() as connection:
            return codes_had(connection, [unit_id]).get(unit_id, frozenset())

    def _pages(self, query: "sql.Select[tuple[object, ...]]", sequence: int) -> Iterator[Holding]:
        unit = tables.unit.c
        after = (sequence, "\uffff")
        while True:
            place = sql.tuple_(unit.sequence, unit.unit_id) > sql.tuple_(*map(sql.literal, after))
            with self._engine.connect() as connection:
                page = query.where(place).order_by(unit.sequence, unit.unit_id).limit(_AT_ONCE)
                rows = connection.execute(page).all()
                holdings = tuple(bare_units(connection, rows))
            yield from holdings
            if len(rows) < _AT_ONCE:
                return
            after = (rows[-1]._mapping["sequence"], rows[-1]._mapping["unit_id"])


def _undescribed(code: str) -> NotFoundError:
    return NotFoundError(
        message(
            "{code} 是类别（目录），只从其中各件的档号得知，没有著录",
            "{code} is a series that only the codes below it name; nothing is said of it",
            code=code,
        ),
        subject=code,
        advice=message(
            "开放其中各件不需要它；要公开它，先导入一行著录：著录层级为“类别”，写明档号和题名（jinkui catalogue import）",
            "what is in it is opened without it; to make it public, import a row that describes it first, with the level 类别, "
            "its code and a title (jinkui catalogue import)",
        ),
    )
