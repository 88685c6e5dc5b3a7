"""Opening and closing records; nothing else opens anything."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from archives.errors import AmbiguousError, IntegrityError, NotFoundError, StorageError
from archives.journal.facts import Fact, OpeningDecided, OpeningWithdrawn
from archives.message import message
from archives.record.holding import Holding
from archives.record.rights import OpeningDecision, Withdrawal
from preservation.archive import Archive
from preservation.catalogue.naming import named_record
from preservation.journal.chain import read_head


@dataclass(frozen=True, slots=True)
class AskedDecision:
    """A decision about the record that a code names."""

    code: str
    repository: str | None
    decision: OpeningDecision


@dataclass(frozen=True, slots=True)
class AppliedDecision:
    """What became of a decision: the record it stands for, or why there is no such record.

    ``is_new`` unless it was the record's last decision already.
    """

    asked: AskedDecision
    holding: Holding | None
    is_new: bool = False
    failure: NotFoundError | AmbiguousError | None = None


def apply_decisions(archive: Archive, asked: Iterable[AskedDecision]) -> tuple[AppliedDecision, ...]:
    """Apply opening decisions: what can be applied is, the rest is named. May be called again with the same ones."""
    outcomes = tuple(_find(archive, one) for one in asked)
    facts: list[Fact] = [
        OpeningDecided(one.holding.key.repository, one.holding.description.code.written, one.asked.decision)
        for one in outcomes
        if one.holding and one.is_new
    ]
    if facts:
        archive.begin_writing()
        archive.vault.ledger.append(facts)
        archive.refresh()
    return outcomes


def withdraw(archive: Archive, repository: str, code: str, withdrawal: Withdrawal) -> int:
    """Record that an opening was taken back, in one store at least, and return the entry's number.

    Nothing is recovered or looked up before: a closing waits for nobody.
    """
    return archive.vault.ledger.append([OpeningWithdrawn(repository, code, withdrawal)], enough=1)[-1].sequence


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


def _find(archive: Archive, asked: AskedDecision) -> AppliedDecision:
    try:
        holding = named_record(archive.catalogue, asked.code, asked.repository)
    except (NotFoundError, AmbiguousError) as unknown:
        return AppliedDecision(asked, None, failure=unknown)
    return AppliedDecision(asked, holding, holding.decisions[-1:] != (asked.decision,))
