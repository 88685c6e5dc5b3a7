"""Taking openings back: at once and waiting for nobody, or on a day to come."""

from contextlib import suppress

from archives.errors import IntegrityError, StorageError
from archives.journal.facts import OpeningWithdrawn
from archives.message import message
from archives.record.holding import Holding
from archives.record.rights import Withdrawal
from preservation.archive import Archive
from preservation.catalogue.naming import named_unit
from preservation.journal.chain import read_head


def withdraw(archive: Archive, repository: str, code: str, withdrawal: Withdrawal, *, unit_id: str = "") -> int:
    """Record that an opening was taken back and return the entry's number; without any store the home remembers it.

    Nothing is recovered or looked up before: a closing waits for nobody. ``unit_id`` is empty where nothing told which
    unit it is.
    """
    fact = OpeningWithdrawn(repository, code, withdrawal, unit_id)
    return archive.vault.ledger.append([fact], enough=0)[-1].sequence


def withdraw_later(archive: Archive, code: str, repository: str | None, withdrawal: Withdrawal) -> Holding:
    """Record that an opening ends on a day to come, and return the unit."""
    holding = named_unit(archive.catalogue, code, repository)
    archive.begin_writing()
    written = holding.description.code.written
    archive.vault.ledger.append([OpeningWithdrawn(holding.key.repository, written, withdrawal, holding.unit_id)])
    archive.refresh()
    return holding


def require_in_enough_stores(archive: Archive, sequence: int) -> None:
    """Raise ``StorageError`` unless as many stores have a journal entry as an entry needs that is no closing."""
    there = 0
    for store in archive.vault.stores:
        with suppress(StorageError, IntegrityError):
            there += read_head(store).sequence >= sequence
    if there < archive.vault.ledger.minimum:
        raise StorageError(
            message(
                "撤回记入了 {n} 个存储的日志，至少应有 {m} 个",
                "the journal of {n} stores has the closing; {m} should have it",
                n=there,
                m=archive.vault.ledger.minimum,
            ),
            subject="journal",
            advice=message("请接回存储，再运行一次", "bring the stores back, then run this again"),
        )
