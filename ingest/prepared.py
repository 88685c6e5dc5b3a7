"""A record that is to be stored: under which keys it is looked for, and what it is said to have become."""

from dataclasses import dataclass

from archives.errors import ConflictError, UnfinishedError
from archives.findings import Finding, refusal
from archives.journal.facts import PackageStored
from archives.record.description import Description
from archives.record.holding import Holding
from archives.record.identifiers import PackageId, RecordKey
from ingest.batch.plan import BatchPlan
from ingest.comparison import Candidate
from ingest.contents import Contents
from ingest.outcome import Outcome, RecordOutcome, outcome_of


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record that is to be stored, with what its package is to hold and what was found."""

    candidate: Candidate
    contents: Contents
    findings: tuple[Finding, ...]

    def key(self, plan: BatchPlan) -> RecordKey:
        """Return the key under which it is looked for."""
        return RecordKey(plan.repository.code.value, self.candidate.record.planned.description.code.key)

    @property
    def descriptions(self) -> tuple[Description, ...]:
        """What is said of the record, and of each item of a volume."""
        planned = self.candidate.record.planned
        items = planned.volume.items if planned.volume else ()
        return (planned.description, *(one.description for one in items if one.description))

    @property
    def bases(self) -> tuple[Description | None, ...]:
        """What was known of each of the same when the sheet was read."""
        planned = self.candidate.record.planned
        items = planned.volume.items if planned.volume else ()
        return (planned.base, *(one.base for one in items if one.description))

    def sources(self, plan: BatchPlan) -> tuple[str, ...]:
        """Return where in the tables of the batch each of the descriptions stands."""
        planned = self.candidate.record.planned
        items = planned.volume.items if planned.volume else ()
        places = (one.pages for one in items if one.description)
        rows = ((plan.sheet_of(planned), planned.row), *((one.sheet or plan.sheet_name, one.row) for one in places))
        return tuple(f"{sheet} {row}" for sheet, row in rows)

    def keys(self, plan: BatchPlan) -> tuple[RecordKey, ...]:
        """Return the keys of the record and of each item of a volume."""
        return tuple(key_of(one, plan) for one in self.descriptions)

    def outcome(self, plan: BatchPlan, outcome: Outcome, stored: PackageStored) -> RecordOutcome:
        """Return the outcome of what was stored."""
        if outcome is Outcome.STORED and any(found.severity != "note" for found in self.findings):
            outcome = Outcome.STORED_WITH_FINDINGS
        pages, package_id = self.contents.pages_read_anew, PackageId(stored.package_id)
        planned = self.candidate.record.planned
        return outcome_of(planned, plan, outcome, package_id, self.findings, pages=pages, version=stored.version)

    def already_in(self, plan: BatchPlan, held: Holding) -> RecordOutcome:
        """Return the outcome of one that somebody else stored meanwhile."""
        planned = self.candidate.record.planned
        return outcome_of(planned, plan, Outcome.ALREADY_IN, held.package_id, self.findings, version=held.version)

    def refused(self, plan: BatchPlan, changed: ConflictError) -> RecordOutcome:
        """Return the outcome of one that something stands in the way of."""
        code = changed.code if isinstance(changed, UnfinishedError) else "source-changed"
        planned = self.candidate.record.planned
        found = refusal(changed, code=code, file=changed.subject or plan.sheet_of(planned), row=planned.row)
        return outcome_of(planned, plan, Outcome.REJECTED, None, (*self.findings, found))


def key_of(description: Description, plan: BatchPlan) -> RecordKey:
    """Return the key of what a batch describes."""
    return RecordKey(plan.repository.code.value, description.code.key)
