"""What people decided about disposal, as the journal holds it, and whether it bears the destruction of a package out."""

from datetime import date

from archives.journal.chain import Entry
from archives.journal.concern import Subject, SubjectKind, the_package
from archives.journal.disposal import judge_intent, judge_tombstone, plan_in
from archives.journal.facts import (
    DisposalApproved,
    DisposalIntended,
    DisposalPlanned,
    HistoryAdopted,
    HoldLifted,
    HoldPlaced,
    PersonAdded,
    PersonRetired,
    PersonsBegunAnew,
    PersonsFounded,
    Unproved,
)
from preservation.catalogue.journal_fold import JournalReading

_DECIDED = (
    Subject(SubjectKind.ARCHIVE),
    Subject(SubjectKind.PERSON),
    Subject(SubjectKind.HOLD),
    Subject(SubjectKind.PLAN),
)
_OF_EVERYTHING = (HistoryAdopted, PersonAdded, PersonRetired, PersonsFounded, PersonsBegunAnew, HoldPlaced, HoldLifted)


class Decisions:
    """The entries about persons, holds and plans; each is read once, afterwards only what came since.

    ``reading`` must be one that was folded afresh where something is to be destroyed.
    """

    def __init__(self, reading: JournalReading) -> None:
        self._reading = reading
        self._end = 0
        self._entries: list[Entry] = []
        self._first_with_core: Entry | None = None
        self._of_plans: dict[str, list[Entry]] = {}

    def refresh(self) -> tuple[Entry, ...]:
        """Return all of them there are by now, in order."""
        self._reading.refresh()
        end = self._reading.head.sequence
        for entry in self._reading.entries_about(*_DECIDED, after=self._end):
            if entry.sequence > end:  # another thread went on meanwhile; the next reading takes it
                break
            self._entries.append(entry)
            fact = entry.fact
            if isinstance(fact, DisposalPlanned | DisposalApproved):
                self._of_plans.setdefault(fact.plan_id, []).append(entry)
            if isinstance(fact, DisposalPlanned) and fact.core and self._first_with_core is None:
                self._first_with_core = entry
        self._end = end
        return tuple(self._entries)

    def judge(self, intent: DisposalIntended, *, today: date) -> Unproved | None:
        """Return why a package may not be destroyed under a plan by now, None when the journal bears it out."""
        self.refresh()
        return judge_intent(intent, self._about(intent.package_id, {intent.plan_id}), today=today)

    def judge_tombstone(self, package_id: str) -> Unproved | None:
        """Return why a package's tombstone is not to be obeyed, None when the journal bears it out."""
        self.refresh()
        own = self._reading.entries_about(the_package(package_id))
        plans = {entry.fact.plan_id for entry in own if isinstance(entry.fact, DisposalIntended)}
        return judge_tombstone(package_id, self._about(package_id, plans))

    def mistake_of(self, plan_id: str) -> str:
        """Return why what a plan names was taken in by mistake, empty for a plan of what has run out."""
        planned = plan_in(self._of_plans.get(plan_id, ()), plan_id)
        return planned.mistake if planned else ""

    def _about(self, package_id: str, plans: set[str]) -> list[Entry]:
        of_all = [entry for entry in self._entries if isinstance(entry.fact, _OF_EVERYTHING)]
        of_plans = [entry for plan_id in plans for entry in self._of_plans.get(plan_id, ())]
        first = [self._first_with_core] if self._first_with_core else []
        own = self._reading.entries_about(the_package(package_id))
        found = {entry.sequence: entry for entry in (*of_all, *of_plans, *first, *own)}
        return [found[sequence] for sequence in sorted(found)]
