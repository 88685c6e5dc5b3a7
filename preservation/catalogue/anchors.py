"""What the journal promises to lie in every store: the anchors that audits, repairs and recovery judge by.

They are read from the fold of the journal, the catalogue's own, or one that was made afresh because what is about to be
done must not trust a cache.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Generic, TypeVar

import sqlalchemy as sql

from archives.journal.facts import DisposalIntended, PackageDisposed, PackageIntended, PackageStored, StoreAdded
from archives.record.identifiers import PackageId
from preservation.catalogue import tables
from preservation.catalogue.folding.counts import ALL_PACKAGES, read_at
from preservation.package.ocfl import object_folder

Key = TypeVar("Key")
Value = TypeVar("Value")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class CopyRecord:
    """One package's copy in one store, all versions together: how much it is, when it was last found whole."""

    store: str
    package_id: str
    size_bytes: int
    verified_at: datetime | None
    version: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class StoreTotals:
    """What lies in one store, as far as the journal says; ``oldest`` is when the longest unread copy was found whole.

    It is None where a copy was not read since the store was moved or set back.
    """

    copies: int
    size_bytes: int
    oldest: datetime | None


class _View(Mapping[Key, Value], Generic[Key, Value]):
    """A mapping whose values are looked up when they are asked for."""

    def __init__(self, look_up: Callable[[Key], Value | None], keys: Callable[[], Iterable[Key]]) -> None:
        self._look_up = look_up
        self._keys = keys

    def __getitem__(self, key: Key) -> Value:
        found = self._look_up(key)
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[Key]:
        return iter(tuple(self._keys()))

    def __len__(self) -> int:
        return sum(1 for _ in self._keys())


class Anchors:
    """What the journal says, up to where it was followed.

    ``versions``: the stored versions of every package that was not disposed of, in order. ``held``: up to which
    version each store has a package's copy, verified there once. ``verified_at``: when a copy (store, package) was last
    found whole; those are not in it that were not read since their store was moved or set back. ``intents``, ``replications``, ``disposals``: what was begun and not ended. ``away``: from which entry
    on a store's journal is not expected to go on. ``leftovers``: the (package identifier, version) that a store may
    hold a part of, because it went away or failed while they were written. ``damage``: what was found wrong and not
    repaired since.
    """

    def __init__(self, engine: sql.Engine, guard: AbstractContextManager[object]) -> None:
        self._engine = engine
        self._guard = guard
        self._looked_up: dict[str, tuple[sql.Row[Any], ...]] = {}
        self.versions: Mapping[str, list[PackageStored]] = _View(self._versions, self._package_ids)
        self.held: Mapping[str, Mapping[str, int]] = _View(self._held, self._package_ids)
        self.verified_at: Mapping[tuple[str, str], datetime] = _View(self._verified_at, self._read_copies)
        self.tombstones: Mapping[str, PackageDisposed] = _View(self._tombstone, self._disposed)

    @property
    def stores(self) -> Mapping[str, StoreAdded]:
        """What the journal says of every store, by name, in the order in which they were added."""
        found = self._small("stores", sql.select(tables.store).order_by(tables.store.c.sequence))
        return {row.name: tables.STORE.validate_json(row.value) for row in found}

    @property
    def away(self) -> Mapping[str, int]:
        """From which entry on a store is away."""
        return {row.store: row.sequence for row in self._small("away", sql.select(tables.away))}

    @property
    def intents(self) -> dict[tuple[str, int], PackageIntended]:
        """The versions that were begun."""
        found = self._small("intents", sql.select(tables.intent))
        return {(row.package_id, row.version): tables.INTENT.validate_json(row.value) for row in found}

    @property
    def replications(self) -> Mapping[tuple[str, str], int]:
        """The version that a copy (store, package) is being brought to."""
        found = self._small("replications", sql.select(tables.replication))
        return {(row.store, row.package_id): row.version for row in found}

    @property
    def disposals(self) -> Mapping[str, DisposalIntended]:
        """The packages that are about to leave every store."""
        found = self._small("disposals", sql.select(tables.disposal))
        return {row.package_id: DisposalIntended(row.package_id, row.plan_id) for row in found}

    @property
    def damage(self) -> frozenset[tuple[str, str | None, str, str]]:
        """The damage that is known: store, package, file, verdict."""
        found = self._small("damage", sql.select(tables.damage))
        return frozenset((row.store, row.package_id, row.file, row.verdict) for row in found)

    def look_again(self) -> None:
        """Forget what was looked up of stores and of what is under way: the journal may have gone on."""
        self._looked_up = {}

    def folders(self, store: str) -> frozenset[PurePosixPath]:
        """Return the object folders that the journal explains in a store: copies it has, and what is under way."""
        package, copy = tables.package.c, tables.copy.c
        held = sql.select(package.package_id).join(tables.copy, package.number == copy.number)
        known = {row.package_id for row in self._rows(held.where(copy.store == store))}
        known |= {fact.package_id for fact in self.intents.values() if not fact.stores or store in fact.stores}
        known |= {package_id for name, package_id in self.replications if name == store}
        known |= self.disposals.keys()
        known |= {package_id for package_id, _ in self.leftovers_in(store)}
        if store in self.away:
            known |= set(self.tombstones)
        return frozenset(object_folder(PackageId(package_id)) for package_id in known)

    def begun(self, store: str, package_id: str) -> frozenset[int]:
        """Return the versions that are being written into a store's copy and not acknowledged there yet."""
        intended = {
            version
            for (owner, version), fact in self.intents.items()
            if owner == package_id and (not fact.stores or store in fact.stores)
        }
        intended |= {version for owner, version in self.leftovers_in(store) if owner == package_id}
        copied = self.replications.get((store, package_id), 0)
        held = self.held.get(package_id, {}).get(store, 0)
        return frozenset(intended | set(range(held + 1, copied + 1)))

    def leftovers_in(self, store: str) -> dict[tuple[str, int], PackageIntended]:
        """Return the (package identifier, version) of which a store may hold a part that nobody acknowledged."""
        found = self._small("leftovers", sql.select(tables.leftover))
        mine = (row for row in found if row.store == store)
        left = {(row.package_id, row.version): tables.INTENT.validate_json(row.value) for row in mine}
        return {key: fact for key, fact in left.items() if self.held.get(key[0], {}).get(store, 0) < key[1]}

    def holders(self, package_id: str, version: int) -> tuple[str, ...]:
        """Return the stores that have a package up to a version, in the order in which stores were added."""
        held = self.held.get(package_id, {})
        return tuple(name for name in self.stores if held.get(name, 0) >= version)

    def in_place_of(self, package_id: str) -> str | None:
        """Return the package in which the rows of one lie now: itself, what succeeded it, or what it was merged into."""
        package, seen = tables.package.c, {""}
        while package_id not in seen:
            seen.add(package_id)
            mine = (package.unit_id == package_id) & (package.code_key != "")
            for row in self._rows(sql.select(package.package_id).where(mine)):
                return str(row.package_id)
            gone = self.tombstones.get(package_id)
            package_id = gone.plan_id if gone else ""
        return None

    def copies(self) -> Iterator[tuple[str, str]]:
        """Yield (store, package identifier) for every copy there should be, of packages that no disposal touches."""
        return ((one.store, one.package_id) for one in self.copy_records())

    def copy_records(self) -> Iterator[CopyRecord]:
        """Yield every copy there should be, package by package, of packages that no disposal touches."""
        package, copy = tables.package.c, tables.copy.c
        query = sql.select(copy.store, package.package_id, copy.size_bytes, copy.verified_at, copy.version)
        query = query.join(tables.package, package.number == copy.number).order_by(copy.number)
        leaving = self.disposals
        (last,) = next(self._rows(sql.select(sql.func.max(package.number))))
        for first in range(0, (last or 0) + 1, _AT_ONCE):
            for row in self._rows(query.where(copy.number >= first, copy.number < first + _AT_ONCE)):
                if row.package_id not in leaving:
                    moment = read_at(row.verified_at)
                    yield CopyRecord(row.store, row.package_id, row.size_bytes, moment, row.version)

    def copy_versions(self, store: str, package_id: str) -> tuple[PackageStored, ...]:
        """Return the versions that a store's copy of a package has."""
        return tuple(self.versions[package_id][: self.held[package_id].get(store, 0)])

    def totals(self, store: str) -> StoreTotals:
        """Return what lies in a store; packages whose disposal was begun are left out."""
        leaving = {p for p in self.disposals if self.held.get(p, {}).get(store)}
        total = next(self._rows(sql.select(tables.total).where(tables.total.c.store == store)), None)
        oldest = sql.select(sql.func.min(tables.copy.c.verified_at)).where(tables.copy.c.store == store)
        if leaving:
            chosen = [one for one in self.copy_records() if one.store == store]
            size_bytes = sum(one.size_bytes for one in chosen)
            moments = [one.verified_at for one in chosen if one.verified_at]
            return StoreTotals(
                len(chosen), size_bytes, min(moments) if moments and len(moments) == len(chosen) else None
            )
        (moment,) = next(self._rows(oldest))
        when = read_at(moment) if moment else None
        return StoreTotals(total.copies, total.size_bytes, when) if total else StoreTotals(0, 0, None)

    def lacking(self, store: str) -> Iterator[str]:
        """Yield the packages of which a store does not have the newest version, in the order in which they were stored."""
        counted = {row.store: row for row in self._rows(sql.select(tables.total))}
        packages, mine = counted.get(ALL_PACKAGES), counted.get(store)
        if (mine.current if mine else 0) == (packages.copies if packages else 0):
            return
        package, copy = tables.package.c, tables.copy.c
        held = sql.and_(copy.number == package.number, copy.store == store)
        query = sql.select(package.package_id).outerjoin(tables.copy, held)
        behind = copy.version.is_(None) | (copy.version < package.version)
        for row in self._rows(query.where(behind).order_by(package.number)):
            yield row.package_id

    def states(self, package_ids: Iterable[str]) -> Iterator[tuple[list[PackageStored], Mapping[str, int]]]:
        """Yield the versions of packages, and up to which version each store has them, many looked up at once."""
        wanted = list(package_ids)
        for start in range(0, len(wanted), _AT_ONCE):
            numbers = sql.select(tables.package.c.number).where(
                tables.package.c.package_id.in_(wanted[start : start + _AT_ONCE])
            )
            held: dict[int, dict[str, int]] = {}
            for row in self._rows(sql.select(tables.copy).where(tables.copy.c.number.in_(numbers))):
                held.setdefault(row.number, {})[row.store] = row.version
            versions: dict[int, list[PackageStored]] = {}
            query = sql.select(tables.version).where(tables.version.c.number.in_(numbers))
            for row in self._rows(query.order_by(tables.version.c.number, tables.version.c.version)):
                versions.setdefault(row.number, []).append(tables.stored(row))
            yield from ((found, held.get(number, {})) for number, found in versions.items())

    def _versions(self, package_id: str) -> list[PackageStored] | None:
        query = sql.select(tables.version).where(tables.version.c.number == _number_of(package_id))
        return [tables.stored(row) for row in self._rows(query.order_by(tables.version.c.version))] or None

    def _held(self, package_id: str) -> Mapping[str, int] | None:
        query = sql.select(tables.copy).where(tables.copy.c.number == _number_of(package_id))
        return {row.store: row.version for row in self._rows(query)} or None

    def _verified_at(self, copy: tuple[str, str]) -> datetime | None:
        mine = sql.and_(tables.copy.c.number == _number_of(copy[1]), tables.copy.c.store == copy[0])
        row = next(self._rows(sql.select(tables.copy.c.verified_at).where(mine)), None)
        return None if row is None else read_at(row.verified_at)

    def _read_copies(self) -> Iterator[tuple[str, str]]:
        return ((one.store, one.package_id) for one in self.copy_records() if one.verified_at)

    def _tombstone(self, package_id: str) -> PackageDisposed | None:
        row = next(self._rows(sql.select(tables.tombstone).where(tables.tombstone.c.package_id == package_id)), None)
        return row and PackageDisposed(row.package_id, row.plan_id, row.repository, row.archival_code, row.mistake)

    def _package_ids(self) -> Iterator[str]:
        query = sql.select(tables.package.c.package_id).order_by(tables.package.c.number)
        return (row.package_id for row in self._rows(query))

    def _disposed(self) -> Iterator[str]:
        query = sql.select(tables.tombstone.c.package_id).order_by(tables.tombstone.c.sequence)
        return (row.package_id for row in self._rows(query))

    def _small(self, name: str, query: "sql.Select[tuple[object, ...]]") -> "tuple[sql.Row[Any], ...]":
        """Return the rows of a small table, as they were when they were first asked for since ``look_again``."""
        looked_up = self._looked_up
        if name not in looked_up:
            looked_up[name] = tuple(self._rows(query))
        return looked_up[name]

    def _rows(self, query: "sql.Select[tuple[object, ...]]") -> "Iterator[sql.Row[Any]]":
        with self._guard, self._engine.connect() as connection:
            found = connection.execute(query).all()
        return iter(found)


def _number_of(package_id: str) -> "sql.ScalarSelect[int]":
    return sql.select(tables.package.c.number).where(tables.package.c.package_id == package_id).scalar_subquery()
