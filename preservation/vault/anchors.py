"""What the journal promises to lie in every store: the anchors that audits, repairs and recovery judge by."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from archives.journal.chain import Entry, Head
from archives.journal.facts import (
    AuditCompleted,
    CopiesReplicated,
    CopyRepaired,
    DamageFound,
    DisposalIntended,
    FixityChecked,
    PackageAbandoned,
    PackageDisposed,
    PackageIntended,
    PackageStored,
    ReplicationAbandoned,
    ReplicationIntended,
    StoreAdded,
    StoreAway,
    StoreReturned,
)
from archives.record.identifiers import PackageId
from preservation.journal.ledger import Ledger
from preservation.package.ocfl import object_folder


@dataclass(slots=True)
class Anchors:
    """A fold over the journal.

    ``versions``: the stored versions of every package that was not disposed of, in order. ``held``: up to which
    version each store has a package's copy, verified there once. ``verified_at``: when a copy was last found whole.
    ``intents``, ``replications``, ``disposals``: what was begun and not ended. ``away``: from which entry on a store's
    journal is not expected to go on. ``leftovers``: the (package identifier, version) that a store may hold a part of,
    because it went away or failed while they were written. ``damage``: what was found wrong and not repaired since.
    """

    versions: dict[str, list[PackageStored]] = field(default_factory=dict)
    held: dict[str, dict[str, int]] = field(default_factory=dict)
    verified_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    intents: dict[tuple[str, int], PackageIntended] = field(default_factory=dict)
    replications: dict[tuple[str, str], int] = field(default_factory=dict)
    disposals: dict[str, DisposalIntended] = field(default_factory=dict)
    tombstones: dict[str, PackageDisposed] = field(default_factory=dict)
    stores: dict[str, StoreAdded] = field(default_factory=dict)
    away: dict[str, int] = field(default_factory=dict)
    leftovers: dict[str, dict[tuple[str, int], PackageIntended]] = field(default_factory=dict)
    damage: set[tuple[str, str | None, str, str]] = field(default_factory=set)
    _reached: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)

    def take(self, entries: Iterable[Entry]) -> None:
        """Take the next entries of the journal."""
        for entry in entries:
            self._take(entry)

    def folders(self, store: str) -> frozenset[PurePosixPath]:
        """Return the object folders that the journal explains in a store: copies it has, and what is under way."""
        known = {package_id for package_id, held in self.held.items() if held.get(store)}
        known |= {fact.package_id for fact in self.intents.values() if not fact.stores or store in fact.stores}
        known |= {package_id for name, package_id in self.replications if name == store}
        known |= self.disposals.keys()
        known |= {package_id for package_id, _ in self.leftovers_in(store)}
        if store in self.away:
            known |= self.tombstones.keys()
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
        left = self.leftovers.get(store, {})
        return {key: fact for key, fact in left.items() if self.held.get(key[0], {}).get(store, 0) < key[1]}

    def holders(self, package_id: str, version: int) -> tuple[str, ...]:
        """Return the stores that have a package up to a version, in the order in which stores were added."""
        held = self.held.get(package_id, {})
        return tuple(name for name in self.stores if held.get(name, 0) >= version)

    def copies(self) -> Iterator[tuple[str, str]]:
        """Yield (store, package identifier) for every copy there should be, of packages that no disposal touches."""
        for package_id, held in self.held.items():
            if package_id in self.versions and package_id not in self.disposals:
                yield from ((store, package_id) for store, version in held.items() if version)

    def copy_versions(self, store: str, package_id: str) -> tuple[PackageStored, ...]:
        """Return the versions that a store's copy of a package has."""
        return tuple(self.versions[package_id][: self.held[package_id].get(store, 0)])

    def _take(self, entry: Entry) -> None:
        match entry.fact:
            case StoreAdded() as fact:
                self.stores[fact.name] = fact
            case StoreAway(store):
                self.away.setdefault(store, entry.sequence)
            case StoreReturned(store):
                self.away.pop(store, None)
                self.leftovers.pop(store, None)
            case PackageIntended() as fact:
                self.intents[fact.package_id, fact.version] = fact
                promised = frozenset(fact.stores or self.stores)
                self._reached[fact.package_id, fact.version] = promised - self.away.keys()
            case PackageAbandoned() as fact:
                self._end_intent(fact.package_id, fact.version, stored_in=())
            case PackageStored() as fact:
                self._end_intent(fact.package_id, fact.version, stored_in=fact.stores)
                self.versions.setdefault(fact.package_id, []).append(fact)
                for store in fact.stores:
                    self._holds(store, fact.package_id, fact.version, entry.at)
            case ReplicationIntended(store, versions):
                self.replications.update({(store, package_id): version for package_id, version in versions})
            case ReplicationAbandoned(store, versions):
                for package_id, _ in versions:
                    self.replications.pop((store, package_id), None)
            case CopiesReplicated(store, versions):
                for package_id, version in versions:
                    self.replications.pop((store, package_id), None)
                    self._holds(store, package_id, version, entry.at)
            case FixityChecked(store, packages):
                self.verified_at.update(dict.fromkeys(((store, package_id) for package_id in packages), entry.at))
                mended = {(store, package_id) for package_id in packages}
                if self.damage:
                    self.damage -= {found for found in self.damage if found[:2] in mended}
            case AuditCompleted("all", 0, readings):
                settled = {reading.store for reading in readings}
                self.damage = {found for found in self.damage if found[1] or found[0] not in settled}
            case DamageFound() as fact:
                self.damage.add((fact.store, fact.package_id, fact.file, fact.verdict))
            case CopyRepaired() as fact:
                self.damage -= {f for f in self.damage if f[:3] == (fact.store, fact.package_id, fact.file)}
            case DisposalIntended() as fact:
                self.disposals[fact.package_id] = fact
            case PackageDisposed() as fact:
                self._dispose(fact)
            case _:
                pass

    def _end_intent(self, package_id: str, version: int, *, stored_in: tuple[str, ...]) -> None:
        intent = self.intents.pop((package_id, version), None)
        reached = self._reached.pop((package_id, version), frozenset())
        for store in (reached & self.away.keys()).difference(stored_in):
            if intent is not None:
                self.leftovers.setdefault(store, {})[package_id, version] = intent

    def _holds(self, store: str, package_id: str, version: int, at: datetime) -> None:
        held = self.held.setdefault(package_id, {})
        held[store] = max(version, held.get(store, 0))
        self.verified_at[store, package_id] = at

    def _dispose(self, fact: PackageDisposed) -> None:
        self.disposals.pop(fact.package_id, None)
        self.tombstones[fact.package_id] = fact
        self.versions.pop(fact.package_id, None)
        for store in self.held.pop(fact.package_id, {}):
            self.verified_at.pop((store, fact.package_id), None)
        self.damage = {found for found in self.damage if found[1] != fact.package_id}


class JournalReading:
    """The anchors as the journal holds them, brought up to date when a verdict depends on it; for several threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._head = Head()
        self._guard = threading.Lock()
        self.anchors = Anchors()
        self.refresh()

    @property
    def head(self) -> Head:
        """How far the journal has been read."""
        return self._head

    def refresh(self) -> Anchors:
        """Read what was recorded since the last reading."""
        with self._guard:
            for head, entries in self._ledger.groups(self._head):
                self.anchors.take(entries)
                self._head = head
            self._ledger.away = set(self.anchors.away)
            return self.anchors
