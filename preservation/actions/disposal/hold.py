"""Holds: placed on a record, lifted again."""

from collections.abc import Mapping

from archives.errors import NotFoundError
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import HoldLifted, HoldPlaced
from archives.journal.holds import Hold, standing_holds
from archives.message import message
from preservation.archive import Archive
from preservation.catalogue.naming import named_record


def place_hold(archive: Archive, code: str, *, repository: str | None, reason: str) -> Hold:
    """Put a record under a hold; raises ``NotFoundError`` or ``AmbiguousError``."""
    archive.begin_writing()
    holding = named_record(archive.catalogue, code, repository)
    written = holding.description.code.written
    hold = Hold(archive.world.new_identifier()[:8], holding.key.repository, written, reason)
    with archive.vault.locks.record(holding.key):  # a disposal that is under way looks at the holds under the same lock
        named_record(archive.refresh(), code, repository)  # it may have been disposed of while the lock was waited for
        archive.vault.ledger.append([HoldPlaced(hold.hold_id, hold.repository, hold.archival_code, hold.reason)])
    archive.refresh()
    return hold


def lift_hold(archive: Archive, hold_id: str, *, reason: str) -> None:
    """Let a hold stand no longer; raises ``NotFoundError`` when there is none."""
    archive.begin_writing()
    if hold_id not in _standing(archive):
        raise NotFoundError(
            message("没有冻结 {id}", "there is no hold {id}", id=hold_id),
            subject=hold_id,
            advice=message("用 jinkui hold list 列出", "jinkui hold list lists them"),
        )
    archive.vault.ledger.append([HoldLifted(hold_id, reason)])
    archive.refresh()


def all_holds(archive: Archive) -> tuple[Hold, ...]:
    """Return the holds that stand, in the order in which they were placed."""
    archive.reading.refresh()
    return tuple(_standing(archive).values())


def _standing(archive: Archive) -> Mapping[str, Hold]:
    return standing_holds(archive.reading.entries_about(Subject(SubjectKind.HOLD)))
