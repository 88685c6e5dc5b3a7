"""Opening and closing records; nothing else opens anything."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from archives.errors import AmbiguousError, ConflictError, FormatError, IntegrityError, NotFoundError, StorageError
from archives.journal.facts import Fact, OpeningDecided, OpeningWithdrawn
from archives.message import message
from archives.record.holding import Holding
from archives.record.rights import Conclusion, OpeningDecision, Withdrawal
from archives.reviewed import shown_digest
from preservation.archive import Archive
from preservation.catalogue.naming import named_record
from preservation.journal.chain import read_head
from preservation.vault.content import read_content


@dataclass(frozen=True, slots=True)
class AskedDecision:
    """A decision about the record that a code names; ``reviewed`` is the digest of what the reviewer saw, if it is known."""

    code: str
    repository: str | None
    decision: OpeningDecision
    reviewed: str = ""


@dataclass(frozen=True, slots=True)
class AppliedDecision:
    """What became of a decision: the record it stands for, or why it stands for none.

    ``is_new`` unless it was the record's last decision already.
    """

    asked: AskedDecision
    holding: Holding | None
    is_new: bool = False
    failure: NotFoundError | ConflictError | None = None


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A record that was opened and is not any more what was reviewed; ``decision`` is the one that opened it."""

    holding: Holding
    decision: OpeningDecision
    images_changed: bool


def apply_decisions(archive: Archive, asked: Iterable[AskedDecision]) -> tuple[AppliedDecision, ...]:
    """Apply opening decisions: what can be applied is, the rest is named. May be called again with the same ones."""
    outcomes = tuple(_find(archive, one) for one in asked)
    facts: list[Fact] = [
        OpeningDecided(
            one.holding.key.repository, one.holding.description.code.written, one.asked.decision, one.holding.reviewed
        )
        for one in outcomes
        if one.holding and one.is_new
    ]
    if facts:
        archive.begin_writing()
        archive.vault.ledger.append(facts)
        archive.refresh()
    return outcomes


def withdraw(archive: Archive, repository: str, code: str, withdrawal: Withdrawal) -> int:
    """Record that an opening was taken back and return the entry's number; without any store the home remembers it.

    Nothing is recovered or looked up before: a closing waits for nobody.
    """
    return archive.vault.ledger.append([OpeningWithdrawn(repository, code, withdrawal)], enough=0)[-1].sequence


def withdraw_later(archive: Archive, code: str, repository: str | None, withdrawal: Withdrawal) -> Holding:
    """Record that an opening ends on a day to come, and return the record."""
    holding = named_record(archive.catalogue, code, repository)
    archive.begin_writing()
    written = holding.description.code.written
    archive.vault.ledger.append([OpeningWithdrawn(holding.key.repository, written, withdrawal)])
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


def waiting_records(archive: Archive) -> tuple[WaitingRecord, ...]:
    """Return the records whose opening waits for another review, in the order of their codes."""
    found = [
        WaitingRecord(holding, holding.decisions[-1], _images_changed(archive, holding))
        for holding in archive.catalogue.waiting()
        if isinstance(holding.decisions[-1], OpeningDecision)
    ]
    return tuple(sorted(found, key=lambda one: str(one.holding.key)))


def approve_unchanged(
    archive: Archive, waiting: Iterable[WaitingRecord], *, reviewer: str, approver: str, day: date
) -> None:
    """Let the decisions of before stand for the records as they are now, in the names of two persons."""
    facts = [
        OpeningDecided(
            one.holding.key.repository,
            one.holding.description.code.written,
            replace(one.decision, reviewer=reviewer, approver=approver, reviewed_on=day),
            one.holding.reviewed,
        )
        for one in waiting
    ]
    if facts:
        archive.begin_writing()
        archive.vault.ledger.append(facts)
        archive.refresh()


def _find(archive: Archive, asked: AskedDecision) -> AppliedDecision:
    try:
        holding = named_record(archive.catalogue, asked.code, asked.repository)
    except (NotFoundError, AmbiguousError) as unknown:
        return AppliedDecision(asked, None, failure=unknown)
    is_known, opens = holding.decisions[-1:] == (asked.decision,), asked.decision.conclusion is Conclusion.OPEN
    is_of_another = asked.reviewed not in ("", holding.reviewed)
    if opens and (is_of_another or (is_known and not asked.reviewed and holding.waits_for_review)):
        return AppliedDecision(asked, None, failure=_changed(asked.code))
    return AppliedDecision(asked, holding, not is_known or holding.waits_for_review)


def _changed(code: str) -> ConflictError:
    return ConflictError(
        message(
            "{code} 在审核之后有改动，决定未执行",
            "{code} changed after its review; the decision was not applied",
            code=code,
        ),
        subject=code,
        advice=message("jinkui opening review 列出待复审的档案", "jinkui opening review lists what waits for review"),
    )


def _images_changed(archive: Archive, holding: Holding) -> bool:
    """Say whether other files are shown than in the version that was approved; one that cannot be read was another."""
    try:
        before = read_content(archive.vault, archive.catalogue.stored(holding.package_id, holding.approved_version))
    except (NotFoundError, FormatError, IntegrityError, StorageError):
        return True
    return shown_digest(before.files) != shown_digest(holding.files)
