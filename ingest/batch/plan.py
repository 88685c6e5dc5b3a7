"""What is to be done with a batch, whatever shape it was delivered in."""

from dataclasses import dataclass
from pathlib import Path

from archives.findings import Finding
from archives.record.description import Description, Repository
from ingest.batch.listing import PlannedFile


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A row that can go in, with its files in page order."""

    row: int
    description: Description
    files: tuple[PlannedFile, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that cannot go in, and why."""

    row: int
    code_text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A batch ready to be taken in; ``kind`` is the name of its line of work.

    ``submission`` are the sheet, the settings and the files no row names.
    """

    batch_id: str
    folder: Path
    repository: Repository
    kind: str
    sheet_name: str
    records: tuple[PlannedRecord, ...]
    rejected: tuple[RejectedRow, ...]
    submission: tuple[PlannedFile, ...]
    findings: tuple[Finding, ...]
