"""The work on a record's files, piece by piece: what a child is given, what it answers, what came of it."""

from dataclasses import dataclass, replace
from typing import Protocol

from archives.findings import Finding
from archives.pipeline import Done, Failed
from archives.text.page import Page
from formats.kinds.kind import Oddity
from formats.processes.answers import Blob
from formats.text import ExtractedText
from ingest.comparison import Candidate
from ingest.contents import KeptAttachment
from ingest.examine import ExaminedFile
from ingest.outcome import RecordOutcome


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What a page is: its text, its image as JPEG, its ALTO, and what is odd about its image."""

    page: Page
    jpeg: Blob
    alto: Blob
    oddities: tuple[Oddity, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnText:
    """The text that a file has by itself, and what was attached to it, with which pages of that text are whose."""

    text: ExtractedText
    pages: tuple[tuple[int, int], ...] = ()
    attachments: tuple[KeptAttachment, ...] = ()

    def attachment_of(self, index: int) -> int | None:
        """Return the number of what is attached that has this page; of what lies in one another, the innermost."""
        holders = [number for number, (first, end) in enumerate(self.pages) if first <= index < end]
        return holders[-1] if holders else None

    def numbered(self, first_page: int) -> tuple[KeptAttachment, ...]:
        """Return what was attached with the numbers of its first pages, where the file's first page has this one."""
        return tuple(
            replace(one, number=first_page + first if first < end else None)
            for one, (first, end) in zip(self.attachments, self.pages, strict=True)
        )


@dataclass(frozen=True, slots=True)
class PageLook:
    """What is odd about the image of a page that was drawn and not read; the others as of ``ReadPage``."""

    source: int
    index: int
    oddities: tuple[Oddity, ...]
    label: str = ""


TaskAnswer = PageAnswer | PageLook | ExtractedText | None
"""What a child may answer about a task: its type is known before it comes."""


class Task(Protocol):
    """A piece of work on one file of a record; frozen and picklable, because a child does it, and may do it twice."""

    @property
    def file(self) -> ExaminedFile:
        """The file that it is about."""

    @property
    def source(self) -> int:
        """The number of the file among the record's, from 0."""

    @property
    def is_light(self) -> bool:
        """Whether nothing has to be opened for it, so that no child is asked."""

    def do(self) -> "TaskAnswer":
        """Return what was found out; in a child, unless it is light."""

    def kept(self, answer: "TaskAnswer") -> object:
        """Return what is put into the record's contents, from what a child answered; in the parent."""


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
