"""What a line of work is: the steps in which one kind of intake is another than the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from archives.findings import Finding
from archives.pipeline import Done, Failed
from archives.text.page import Page
from formats.kinds.kind import Oddity
from formats.processes.answers import Blob
from formats.text import ExtractedText
from ingest.batch.listing import PlannedFile
from ingest.batch.matching import Naming
from ingest.batch.plan import PlannedRecord
from ingest.comparison import Candidate
from ingest.examine import ExaminedFile
from ingest.outcome import RecordOutcome
from ingest.package import Contents
from ingest.page.ocr.engine import OcrSettings
from ingest.workplace import Workplace


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What a page is: its text, its image as JPEG, its ALTO, and what is odd about its image."""

    page: Page
    jpeg: Blob
    alto: Blob
    oddities: tuple[Oddity, ...] = ()


TaskAnswer = PageAnswer | ExtractedText | None
"""What a child may answer about a task: its type is known before it comes."""


class Task(Protocol):
    """A piece of work on one file of a record; frozen and picklable, because a child does it, and may do it twice."""

    @property
    def file(self) -> ExaminedFile:
        """The file that it is about."""

    def do(self) -> "TaskAnswer":
        """Return what was found out; in a child."""

    def kept(self, answer: "TaskAnswer") -> object:
        """Return what the line puts into the record's contents, from what a child answered; in the parent."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that is to be stored, the work that is left on it, and what was found so far."""

    candidate: Candidate
    tasks: tuple[Task, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """One task of the draft (or of the settled outcome) with this number; None where nothing is left to do."""

    number: int
    owner: Draft | RecordOutcome
    task: Task | None


Worked = Done[Work, object] | Failed[Work]


class Line(Naming, Protocol):
    """The steps of one kind of intake, in the order in which a batch passes through them (naming comes second)."""

    def suits(self, files: Sequence[PlannedFile]) -> bool:
        """Say whether a batch that names no kind of intake may be of this one."""

    def require_tools(self, records: Sequence[PlannedRecord], ocr: OcrSettings) -> None:
        """Raise ``ToolMissingError``, before anything begins, when work on these records needs what is not installed."""

    def tasks_of(self, candidate: Candidate, place: Workplace) -> tuple[Task, ...]:
        """Return the work on an examined record, file by file."""

    def check(self, candidate: Candidate) -> tuple[Finding, ...]:
        """Return what is wrong with an examined record; what names no file is about its row."""

    def contents_of(self, draft: Draft, worked: Sequence[Worked], place: Workplace) -> tuple[Contents, list[Finding]]:
        """Return what the package holds and what was found, from the outcomes of the draft's tasks in their order."""
