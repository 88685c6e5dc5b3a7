"""Opening and closing records; nothing else opens anything."""

from collections.abc import Iterable
from dataclasses import dataclass

from archives.errors import AmbiguousError, NotFoundError
from archives.journal.facts import Fact, OpeningDecided, OpeningWithdrawn
from archives.record.holding import Holding
from archives.record.rights import OpeningDecision, Withdrawal
from preservation.archive import Archive
from preservation.catalogue.naming import named_record


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


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A record as it is now, and whether it was open until then."""

    holding: Holding
    was_open: bool


def withdraw(archive: Archive, code: str, *, repository: str | None, reason: str) -> Withdrawn:
    """Take an opening back, one that is only to come as well; a record that was not open is closed all the same."""
    holding = named_record(archive.catalogue, code, repository)
    archive.begin_writing()
    written = holding.description.code.written
    archive.vault.ledger.append([OpeningWithdrawn(holding.key.repository, written, Withdrawal(reason))])
    now = archive.refresh().find(written, repository=holding.key.repository)
    return Withdrawn(now, holding.access_on(archive.world.today()).is_open)


def _find(archive: Archive, asked: AskedDecision) -> AppliedDecision:
    try:
        holding = named_record(archive.catalogue, asked.code, asked.repository)
    except (NotFoundError, AmbiguousError) as unknown:
        return AppliedDecision(asked, None, failure=unknown)
    return AppliedDecision(asked, holding, holding.decisions[-1:] != (asked.decision,))
