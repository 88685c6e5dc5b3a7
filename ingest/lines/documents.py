"""Electronic documents: files of any kind, kept as they came, with the text that each gives by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from archives.findings import Finding
from archives.pipeline import Done
from formats.processes.child import apart
from formats.text import ExtractedText, extract_text
from ingest.batch.listing import PlannedFile
from ingest.batch.matching import Claim
from ingest.batch.plan import PlannedRecord
from ingest.batch.reopened import open_listed
from ingest.comparison import Candidate
from ingest.examine import ExaminedFile
from ingest.lines.line import Draft, Line, TaskAnswer, Worked
from ingest.package import Contents, PageText
from ingest.page.ocr.engine import OcrSettings
from ingest.workplace import Workplace

_AFTER_A_CODE = "-_ (（"


@dataclass(frozen=True, slots=True)
class TextTask:
    """A file whose text is to be taken out."""

    file: ExaminedFile

    def do(self) -> ExtractedText:
        """Return the file's text by page, and what was found."""
        with open_listed(self.file.planned) as opened:
            return apart(extract_text, opened, self.file.format)

    def kept(self, answer: TaskAnswer) -> TaskAnswer:
        """Return the text as it came."""
        return answer


class Documents(Line):
    """The line of electronic documents; their pages are numbered through all files of a record."""

    def suits(self, files: Sequence[PlannedFile]) -> bool:
        """Take whatever there is."""
        return True

    def page_in_folder(self, stem: str) -> int | None:
        """Take digits for a part of the name."""
        return None

    def code_in(self, stem: str, codes: Collection[str]) -> str | None:
        """Return the longest code that a name begins with, when a word of its own follows."""
        ends = (place for place in range(len(stem) - 1, 0, -1) if stem[place] in _AFTER_A_CODE)
        return next((stem[:end] for end in ends if stem[:end] in codes), None)

    def listed(self, files: Sequence[PlannedFile]) -> tuple[PlannedFile, ...]:
        """Keep the order of the sheet."""
        return tuple(files)

    def found(self, files: Sequence[PlannedFile]) -> Claim:
        """Keep the order of the names."""
        return tuple(files), ()

    def require_tools(self, records: Sequence[PlannedRecord], ocr: OcrSettings) -> None:
        """Need nothing that is not always there."""

    def tasks_of(self, candidate: Candidate, place: Workplace) -> tuple[TextTask, ...]:
        """Return one task a file."""
        return tuple(TextTask(file) for file in candidate.record.files)

    def check(self, candidate: Candidate) -> tuple[Finding, ...]:
        """Find nothing that its files did not show by themselves."""
        return ()

    def contents_of(self, draft: Draft, worked: Sequence[Worked], place: Workplace) -> tuple[Contents, list[Finding]]:
        """Return the files as they came, each with its pages' text."""
        files = draft.candidate.record.files
        texts: list[PageText] = []
        findings: list[Finding] = []
        first_pages: list[int] = []
        following = 1
        for source, (file, outcome) in enumerate(zip(files, worked, strict=True)):
            pages: tuple[str, ...] = ()
            if isinstance(outcome, Done) and isinstance(outcome.result, ExtractedText):
                pages = outcome.result.pages
                findings += (found.at(file=file.planned.shown) for found in outcome.result.findings)
            first_pages.append(following)
            texts += [PageText(following + index, source, text) for index, text in enumerate(pages) if text]
            following += max(1, len(pages), file.pages or 0)
        return Contents(files, tuple(first_pages), page_texts=tuple(texts)), findings
