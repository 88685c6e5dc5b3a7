"""Replication: the copies that an archive owes its stores, and writing those whose store is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from archives.errors import UnfinishedError
from archives.message import message
from archives.record.identifiers import PackageId
from preservation.archive import Archive
from preservation.catalogue.journal_fold import JournalReading
from preservation.stores.presence import StorePresence, presence_of
from preservation.stores.store import Store
from preservation.vault.replication import OwedCopy, Replicated, plan_replication
from preservation.vault.replication import replicate as write_copies


@dataclass(frozen=True, slots=True)
class Replication:
    """The copies owed to stores that can be written, those ``out_of_reach``, with why, and what was written."""

    owed: tuple[OwedCopy, ...]
    out_of_reach: tuple[tuple[StorePresence, tuple[OwedCopy, ...]], ...] = ()
    written: tuple[Replicated, ...] = ()

    @property
    def absent_stores(self) -> tuple[str, ...]:
        """The stores that are owed copies and cannot be written."""
        return tuple(seen.store.name for seen, _ in self.out_of_reach)

    @property
    def failed(self) -> tuple[Replicated, ...]:
        """The copies that could not be written, each with the reason."""
        return tuple(one for one in self.written if one.failure)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: copies written, copies in all, bytes dealt with, bytes in all."""

    copies: int
    of_copies: int
    size_bytes: int
    of_bytes: int


Watch = Callable[[Progress], None]
"""Is told after every copy."""


def owed_copies(archive: Archive, store: str | None = None) -> tuple[OwedCopy, ...]:
    """Return every copy that is owed, or those that are owed to one store, for who only looks."""
    return owed_according_to(archive, archive.reading, store)


def owed_according_to(archive: Archive, reading: JournalReading, store: str | None) -> tuple[OwedCopy, ...]:
    """Return every copy that is owed as a reading says, or those to one store; who writes them asks the fresh one."""
    names = [one.name for one in archive.vault.stores]
    return plan_replication(reading.refresh(), archive.vault.promise, names, store=store)


def plan(archive: Archive, *, store: str | None) -> Replication:
    """Return what would be written, to all stores or to one; raises ``NotFoundError`` for one that is not known."""
    return _plan(archive, archive.reading, store)


def _plan(archive: Archive, reading: JournalReading, store: str | None) -> Replication:
    vault = archive.vault
    if store is not None:
        vault.store(store)
    owed = owed_according_to(archive, reading, store)
    seen = {one.name: archive.presence(one) for one in vault.stores}
    away = vault.ledger.away | {name for name, one in seen.items() if not one.takes_copies}
    absent = sorted({one.store for one in owed} & away - vault.promise.sealed)
    out_of_reach = tuple((seen[name], tuple(one for one in owed if one.store == name)) for name in absent)
    return Replication(tuple(one for one in owed if one.store not in away), out_of_reach)


def replicate(archive: Archive, *, store: str | None, watch: Watch, beside: Sequence[Store] = ()) -> Replication:
    """Write the copies that are owed, each verified where it lies; run again after an interruption, it goes on.

    ``beside`` are further places to read from, such as the disk of a store that was replaced. Raises ``StorageError`` when a store can no longer be written.
    """
    if store is not None:
        archive.vault.store(store)
    archive.begin_writing()
    planned = _plan(archive, archive.fresh_reading, store)
    return replace(planned, written=write_owed(archive, planned.owed, watch=watch, beside=beside))


def write_owed(
    archive: Archive, owed: Sequence[OwedCopy], *, watch: Watch, beside: Sequence[Store] = ()
) -> tuple[Replicated, ...]:
    """Write these copies and return what became of each; ``begin_writing`` came before."""
    progress = Progress(0, len(owed), 0, sum(one.size_bytes for one in owed))
    written: list[Replicated] = []
    for outcome in write_copies(archive.vault, archive.fresh_reading, owed, beside=beside):
        written.append(outcome)
        progress = replace(
            progress,
            copies=progress.copies + (outcome.failure is None),
            size_bytes=progress.size_bytes + outcome.owed.size_bytes,
        )
        watch(progress)
    archive.refresh()
    return tuple(written)


def require_everywhere(archive: Archive, package_id: PackageId) -> None:
    """Raise ``UnfinishedError`` while a store that is there lacks a package for which others are to leave."""
    anchors = archive.fresh_reading.refresh()
    held = anchors.held.get(package_id.value, {})
    stores = [one.name for one in archive.vault.stores if presence_of(one, anchors.stores.get(one.name)).is_there]
    if lacking := [name for name in stores if name not in held]:
        raise UnfinishedError(
            message(
                "存储“{stores}”还没有接替的信息包，尚未移除任何东西；请先 jinkui replicate，再重新运行",
                "the stores {stores} lack the package that takes the place of others; nothing was removed; run jinkui replicate, then this again",
                stores=", ".join(lacking),
            ),
            subject=package_id.value,
        )
