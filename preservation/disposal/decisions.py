"""What people decided about disposal, read from the journal itself: persons, holds, plans, approvals."""

from archives.journal.chain import Entry, Head
from archives.journal.facts import (
    DisposalApproved,
    DisposalPlanned,
    HoldLifted,
    HoldPlaced,
    PersonAdded,
    PersonRetired,
)
from preservation.journal.ledger import Ledger

_DECISIONS = (PersonAdded, PersonRetired, HoldPlaced, HoldLifted, DisposalPlanned, DisposalApproved)


class Decisions:
    """The entries that hold decisions; the journal is read once, afterwards only what came since."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._head = Head()
        self._entries: list[Entry] = []

    def refresh(self) -> tuple[Entry, ...]:
        """Return every decision there is by now, in order."""
        for head, entries in self._ledger.groups(self._head):
            self._entries += [entry for entry in entries if isinstance(entry.fact, _DECISIONS)]
            self._head = head
        return tuple(self._entries)
