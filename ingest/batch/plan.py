"""What is to be done with a batch, whatever shape it was delivered in."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archives.findings import Finding
from archives.record.description import Description, Repository
from archives.text.language import language_to_read_in
from ingest.batch.listing import PlannedFile
from ingest.volumes.planned import PlannedVolume


class BatchKind(StrEnum):
    """How a batch's files get their text: each as it needs, or all alike where ``batch.toml`` says so."""

    MIXED = "mixed"
    """Pictures and PDFs without text are recognised, everything else gives its own text."""
    SCANS = "scans"
    """Whatever can be drawn is recognised, whether or not it has text."""
    DOCUMENTS = "documents"
    """Nothing is recognised."""


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A row that can go in, with its files in page order; ``empty_folders`` are those of its own tree.

    ``keeps_files`` when it brings none and says how a record that is kept is described from now on. ``language_is_guessed``
    when nobody said which language it is in. ``volume`` are the items of a volume; None for a record that is none.
    ``base`` is what was known of it when the sheet was read, on top of which ``description`` says what the row says.
    ``sheet`` is the one with its row, where that is not the first of the batch.
    """

    row: int
    description: Description
    files: tuple[PlannedFile, ...]
    findings: tuple[Finding, ...]
    empty_folders: tuple[str, ...] = ()
    keeps_files: bool = False
    language_is_guessed: bool = False
    volume: PlannedVolume | None = None
    base: Description | None = None
    sheet: str = ""

    @property
    def reading_language(self) -> str:
        """The language in which its pages are recognised, where the catalogue says none too."""
        said = self.description
        return language_to_read_in(said.language, said.title, said.author)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that cannot go in, and why."""

    row: int
    code_text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A batch ready to be taken in.

    ``submission`` are the sheet, the settings and the files no row names; ``empty_folders`` those of no record.
    ``not_secret`` are the places that an archivist judged to be no marking of a state secret, each with what stands
    there, and why. ``row_list`` is kept in place of sheets that may not be kept (``ingest.tables.row_list``).
    ``files_by_row`` are how many files each row has, by its place (``ingest.tables.file_counts``).
    """

    batch_id: str
    folder: Path
    repository: Repository
    kind: BatchKind
    sheet_name: str
    records: tuple[PlannedRecord, ...]
    rejected: tuple[RejectedRow, ...]
    submission: tuple[PlannedFile, ...]
    findings: tuple[Finding, ...]
    empty_folders: tuple[str, ...] = ()
    not_secret: tuple[tuple[str, str, str], ...] = ()
    row_list: str = ""
    files_by_row: tuple[tuple[str, int], ...] | None = None

    def sheet_of(self, planned: PlannedRecord) -> str:
        """Return the sheet in which the row of a record stands."""
        return planned.sheet or self.sheet_name
