"""What became of a row of the sheet, as people and programs are told."""

from dataclasses import dataclass
from enum import StrEnum

from archives.findings import Finding
from archives.record.identifiers import PackageId
from ingest.batch.plan import BatchPlan, PlannedRecord


class Outcome(StrEnum):
    """What became of a row of the sheet."""

    STORED = "stored"
    STORED_WITH_FINDINGS = "stored_with_findings"
    UPDATED = "updated"
    ALREADY_IN = "already_in"
    DIFFERS = "differs"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """One row's outcome; ``package_id`` is None only when it was rejected."""

    archival_code: str
    repository: str
    outcome: Outcome
    package_id: str | None
    findings: tuple[Finding, ...]
    pages: int = 0
    version: int | None = None


def outcome_of(
    planned: PlannedRecord,
    plan: BatchPlan,
    outcome: Outcome,
    package_id: PackageId | None,
    findings: tuple[Finding, ...],
    *,
    pages: int = 0,
    version: int | None = None,
) -> RecordOutcome:
    """Return the outcome of a row that could go in."""
    identifier = package_id.value if package_id else None
    code = planned.description.code.written
    return RecordOutcome(code, plan.repository.code.value, outcome, identifier, findings, pages, version)


def outcomes_of_rejected(plan: BatchPlan) -> tuple[RecordOutcome, ...]:
    """Return the outcomes of the rows that could not go in."""
    home = plan.repository.code.value
    return tuple(RecordOutcome(row.code_text, home, Outcome.REJECTED, None, row.findings) for row in plan.rejected)
