"""In which packages units lie: the rows that describe them, and their content; and whose content a package is."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import sqlalchemy as sql

from archives.journal.facts import PackageStored
from archives.units.state import GONE, State
from archives.units.unit import Level
from preservation.catalogue import tables
from preservation.catalogue.folding.volumes import goes_on_from_row

_AT_ONCE = 500


class SmallPackage(NamedTuple):
    """A package of few rows, and how many."""

    package_id: str
    batch_id: str
    rows: int


class UnitPackages:
    """Packages by the units that they describe or hold, and units by their packages."""

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine

    def whose(self, package_ids: Iterable[str]) -> dict[str, str]:
        """Return whose content packages are, by the packages' identifiers: their own, or that of the first one in their place."""
        wanted, package = sorted({*package_ids}), tables.package.c
        found: dict[str, str] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                query = sql.select(package.package_id, package.unit_id)
                query = query.where(package.package_id.in_(wanted[start : start + _AT_ONCE]))
                found |= {row.package_id: row.unit_id for row in connection.execute(query)}
        return found

    def with_package(self, identifiers: Iterable[str]) -> frozenset[str]:
        """Return those of these units that have content, in a package of their own or a volume's, or had it once.

        What was taken in by mistake, and is gone, counts as if it had never come.
        """
        wanted = [*identifiers]
        unit, package, gone = tables.unit.c, tables.package.c.unit_id, tables.tombstone.c
        queries = [sql.select(package).where(package.in_(wanted))]
        queries.append(sql.select(gone.unit_id).where(gone.unit_id.in_(wanted), gone.mistake == ""))
        queries.append(sql.select(unit.unit_id).where(unit.unit_id.in_(wanted), unit.number.is_not(None)))
        with self._engine.connect() as connection:
            return frozenset(str(one) for query in queries for one in connection.scalars(query))

    def with_content(self, unit_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return by unit the package in which its content lies, and whose that is: its own, or of an item its volume's."""
        wanted, package, unit = sorted({*unit_ids}), tables.package.c, tables.unit.c
        found: dict[str, tuple[str, str]] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                query = sql.select(unit.unit_id, package.package_id, package.unit_id.label("whose"))
                query = query.join(tables.package, package.number == unit.number)
                query = query.where(unit.unit_id.in_(wanted[start : start + _AT_ONCE]))
                found |= {row.unit_id: (row.package_id, row.whose) for row in connection.execute(query)}
        return found

    def came_with(self, batch_id: str) -> dict[str, PackageStored]:
        """Return the newest versions of the packages of which any version came with a batch, by identifier."""
        package, version, any_version = tables.package.c, tables.version.c, tables.version.alias().c
        newest = (version.number == package.number) & (version.version == package.version)
        mine = sql.select(any_version.number).where(any_version.batch_id == batch_id)
        query = sql.select(tables.version).join(tables.package, newest)
        query = query.where(package.number.in_(mine)).order_by(package.number)
        with self._engine.connect() as connection:
            return {row.package_id: tables.stored(row) for row in connection.execute(query)}

    def fonds_of(self, import_id: str) -> set[str]:
        """Return the numbers of the fonds of all units that an import brought."""
        unit = tables.unit.c
        query = sql.select(unit.fonds).where(unit.import_id == import_id, unit.state.not_in(GONE)).distinct()
        with self._engine.connect() as connection:
            return {*connection.scalars(query)}

    def left_by_mistake(self, unit_ids: Iterable[str]) -> dict[str, str]:
        """Return by unit the newest package of its content that was taken in by mistake and is gone."""
        wanted, gone = sorted({*unit_ids}), tables.tombstone.c
        found: dict[str, str] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                query = sql.select(gone.unit_id, gone.package_id).order_by(gone.sequence)
                query = query.where(gone.unit_id.in_(wanted[start : start + _AT_ONCE]), gone.mistake != "")
                found |= {row.unit_id: row.package_id for row in connection.execute(query)}
        return found

    def decided(self, codes: Mapping[str, str]) -> frozenset[str]:
        """Return those of these units about whose opening anything was decided; ``codes`` are the forms of their codes by unit."""
        decision, unit_ids = tables.decision.c, [*codes]
        own = sql.select(decision.unit_id).where(decision.unit_id.in_(unit_ids))
        coded = sql.select(decision.code_key).where(decision.unit_id == "", decision.code_key.in_([*codes.values()]))
        with self._engine.connect() as connection:
            found, keys = {*connection.scalars(own)}, {*connection.scalars(coded)}
        return frozenset(found | {unit_id for unit_id, key in codes.items() if key in keys})

    def versions(self, unit_ids: Iterable[str]) -> dict[str, int]:
        """Return by unit the newest version of the package in which its content lies."""
        wanted, package, unit = sorted({*unit_ids}), tables.package.c, tables.unit.c
        found: dict[str, int] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                query = sql.select(unit.unit_id, package.version).join(tables.package, package.number == unit.number)
                query = query.where(unit.unit_id.in_(wanted[start : start + _AT_ONCE]))
                found |= {row.unit_id: row.version for row in connection.execute(query)}
        return found

    def gone_under(self, repository: str, code_key: str) -> tuple[str, ...]:
        """Return the packages that were disposed of, of whatever had a code when it left or as its rows say it."""
        gone, unit = tables.tombstone.c, tables.unit.c
        left = sql.select(unit.unit_id).where(unit.code_key == code_key, unit.repository == repository)
        query = sql.select(gone.package_id).where(gone.repository == repository).order_by(gone.sequence)
        query = query.where((gone.code_key == code_key) | gone.unit_id.in_(left))
        with self._engine.connect() as connection:
            return tuple(str(one) for one in connection.scalars(query))

    def purged_under(self, repository: str, code_keys: Iterable[str]) -> frozenset[str]:
        """Return those of these codes whose records were purged, whatever has the codes now."""
        wanted, gone, unit = sorted({*code_keys}), tables.tombstone.c, tables.unit.c
        found: set[str] = set()
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                query = sql.select(gone.code_key).join(tables.unit, unit.unit_id == gone.unit_id)
                query = query.where(gone.code_key.in_(wanted[start : start + _AT_ONCE]), gone.repository == repository)
                found |= {*connection.scalars(query.where(unit.state == State.PURGED.value))}
        return frozenset(found)

    def describing(self, unit_ids: Iterable[str]) -> frozenset[str]:
        """Return the packages in which rows of these units lie."""
        wanted, revision, package = sorted({*unit_ids}), tables.unit_revision.c, tables.package.c
        found: set[str] = set()
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                query = sql.select(package.package_id).join(tables.unit_revision, revision.number == package.number)
                query = query.where(revision.unit_id.in_(wanted[start : start + _AT_ONCE])).distinct()
                found |= {*connection.scalars(query)}
        return frozenset(found)

    def small(self, repository: str, *, most: int) -> tuple[SmallPackage, ...]:
        """Return the packages of at most so many rows, in the order in which they were stored.

        Left out are those of an import, which may be taken back, and those that others succeeded.
        """
        package, revision, unit = tables.package.c, tables.unit_revision.c, tables.unit.c
        counted = sql.func.count().label("rows")
        query = sql.select(package.package_id, package.batch_id, counted).join(
            tables.unit_revision, revision.number == package.number
        )
        of_import = sql.exists(sql.select(unit.unit_id).where(unit.import_id == package.batch_id))
        query = query.where(package.repository == repository, package.code_key != "", ~of_import)
        query = query.group_by(package.number).having(counted <= most).order_by(package.number)
        with self._engine.connect() as connection:
            return tuple(SmallPackage(row.package_id, row.batch_id, row.rows) for row in connection.execute(query))

    def left_after(self, sequence: int) -> tuple[tuple[str, int], ...]:
        """Return the units whose content was disposed of after a journal sequence, each with that of the tombstone.

        A unit whose package another one succeeded has its content still.
        """
        gone = tables.tombstone.c
        query = sql.select(gone.unit_id, gone.sequence).where(gone.sequence > sequence)
        query = query.where(gone.unit_id.not_in(sql.select(tables.package.c.unit_id)))
        with self._engine.connect() as connection:
            return tuple((row.unit_id, row.sequence) for row in connection.execute(query))

    def last_said_by(self, import_id: str, identifiers: Iterable[str]) -> frozenset[str]:
        """Return those of these units of which nothing was said since an import."""
        wanted, revision = [*identifiers], tables.unit_revision.c
        newest = (revision.unit_id == tables.unit.c.unit_id) & (revision.revision == tables.unit.c.revision)
        query = sql.select(tables.unit.c.unit_id).join(tables.unit_revision, newest)
        query = query.join(tables.package, tables.package.c.number == revision.number)
        query = query.where(tables.unit.c.unit_id.in_(wanted), tables.package.c.batch_id == import_id)
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(query))

    def above_others(self, import_id: str) -> frozenset[str]:
        """Return the units of an import directly below which something stands that the import did not bring."""
        unit, below = tables.unit.c, tables.unit.alias()
        is_there = (below.c.import_id != import_id) & below.c.state.not_in(GONE)
        stated = sql.select(unit.unit_id).join(below, below.c.parent == unit.unit_id)
        same = (below.c.repository == unit.repository) & (below.c.above == unit.code_key)
        ruled = sql.select(unit.unit_id).join(below, same).where(unit.level != Level.SERIES.value, unit.code_key != "")
        by_code = sql.select(unit.unit_id).join(below, goes_on_from_row(below, tables.unit))
        found: set[str] = set()
        with self._engine.connect() as connection:
            for query in (stated, ruled, by_code):
                found |= {*connection.scalars(query.where(unit.import_id == import_id, is_there).distinct())}
        return frozenset(found)

    def taken_back(self, repository: str) -> dict[str, str]:
        """Return the units that were taken back, each with the matching form of its code, empty where it has none."""
        unit = tables.unit.c
        is_gone = (unit.repository == repository) & (unit.state == State.TAKEN_BACK.value)
        with self._engine.connect() as connection:
            found = connection.execute(sql.select(unit.unit_id, unit.code_key).where(is_gone))
            return {row.unit_id: row.code_key or "" for row in found}

    def packages_of(self, unit_id: str) -> tuple[tuple[int, str], ...]:
        """Return the revisions of a unit, each with the identifier of the package that its row lies in, the first first."""
        revision, package = tables.unit_revision.c, tables.package.c
        query = sql.select(revision.revision, package.package_id).join(
            tables.package, package.number == revision.number
        )
        query = query.where(revision.unit_id == unit_id).order_by(revision.revision, revision.number)
        with self._engine.connect() as connection:
            return tuple({row.revision: row.package_id for row in connection.execute(query)}.items())
