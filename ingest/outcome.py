"""What became of a row of the sheet, as people and programs are told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from archives.findings import Finding, error
from archives.message import message
from archives.record.holding import Holding
from archives.record.identifiers import PackageId, RecordKey
from archives.units.state import State
from archives.units.unit import Unit
from ingest.batch.plan import BatchPlan, PlannedRecord
from preservation.actions.settling.again import RowIn, TakenIn
from preservation.catalogue.catalogue import Catalogue


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


def taken_in(plan: BatchPlan, folder: Path, outcomes: Sequence[RecordOutcome]) -> TakenIn:
    """Return what a batch was seen to hold; what differs from what is stored, and was left alone, says nothing."""
    planned = {one.description.code.written: one for one in plan.records}
    inside = {
        one.package_id: one.archival_code for one in outcomes if one.package_id and one.outcome is not Outcome.DIFFERS
    }
    records = {one: _row_in(code, planned.get(code), plan) for one, code in inside.items()}
    refused = [one.archival_code for one in outcomes if not one.package_id]
    return TakenIn(plan.batch_id, plan.repository.code.value, folder, records, refused)


def _row_in(code: str, planned: PlannedRecord | None, plan: BatchPlan) -> RowIn:
    """Return a row that is in; of one whose record was given another code since, that code alone."""
    if planned is None:
        return RowIn(code, ("", 0), ())
    return RowIn(code, (plan.sheet_of(planned), planned.row), {file.kept_at.name for file in planned.files})


def left_before(planned: PlannedRecord, plan: BatchPlan, known: Catalogue) -> RecordOutcome | None:
    """Return the refusal of a record whose unit is said to have left: it would be there twice, once as this and once with files."""
    key = RecordKey(plan.repository.code.value, planned.description.code.key)
    units = [one.unit for one in known.units.by_code(key.repository, [key.code_key]).get(key.code_key, ())]
    if len(units) != 1 or units[0].state not in (State.HANDED_ON, State.DESTROYED):
        return None
    return outcome_of(planned, plan, Outcome.REJECTED, None, (*planned.findings, _left(units[0], planned, plan)))


def _left(unit: Unit, planned: PlannedRecord, plan: BatchPlan) -> Finding:
    said = message(
        "目录中 {code}（{id}）的状态为“{state}”，不挂接文件",
        "the catalogue says of {code} ({id}) that it is {state}, and no files are hooked to it",
        code=unit.description.code.written,
        id=unit.unit_id,
        state=unit.state.label,
    )
    return error("unit-left", said, file=plan.sheet_of(planned), row=planned.row)


def as_stored(found: Finding, held: Holding, sheet: str, row: int) -> Finding:
    """Return a finding that lives about what is stored, so that nobody looks for it in the batch of today.

    What was found in a row then is told at the row of today's sheet; its cell then stands in what is said.
    """
    said = message(
        "已入库的第 {version} 版：{said}", "version {version}, stored: {said}", version=held.version, said=found.message
    )
    if found.row is None:
        return replace(found, message=said)
    then = " ".join(filter(None, (found.file, found.cell or str(found.row))))
    said = message(
        "已入库的第 {version} 版，当时的 {place}：{said}",
        "version {version}, stored, {place} then: {said}",
        version=held.version,
        place=then,
        said=found.message,
    )
    return replace(found, message=said, file=sheet, row=row, cell=None)
