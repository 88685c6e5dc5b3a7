"""What a batch's files are: each read once, in a child, for its digests, its format and what is wrong with it.

A stage is a top-level function from a frozen item to a frozen item and may run twice.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from archives.pipeline import Done
from archives.record.checksum import Digester, Digests
from archives.record.record import FormatIdentification
from archives.system_reason import reason_of
from formats.characterize import Characterization
from formats.examined import look_at
from formats.kinds.kind import UNKNOWN_MIME
from formats.processes.opened import Opened
from formats.text import ExtractedText
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import PlannedRecord
from ingest.batch.reopened import open_listed
from ingest.workplace import Workplace

_BLOCK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """A file of the batch with its digests, what it is and what is wrong with it; ``pages`` as in characterization.

    ``unwritten`` are the indexes of the pages that have to be recognised, because they have no text of their own; ``text``
    is the text that was read in the same go, None where it is still to be read.
    """

    planned: PlannedFile
    digests: Digests
    format: FormatIdentification
    properties: tuple[tuple[str, str], ...]
    pages: int | None
    findings: tuple[Finding, ...]
    unwritten: tuple[int, ...] = ()
    text: ExtractedText | None = None


@dataclass(frozen=True, slots=True)
class ExaminedRecord:
    """A record whose files were all read once."""

    planned: PlannedRecord
    files: tuple[ExaminedFile, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a file."""

    digests: Digests
    format: FormatIdentification
    character: Characterization
    unwritten: tuple[int, ...] = ()
    text: ExtractedText | None = None

    def of(self, planned: PlannedFile) -> ExaminedFile:
        """Return the file with what was seen of it."""
        findings = tuple(finding.at(file=planned.shown) for finding in self.character.findings)
        return ExaminedFile(
            planned,
            self.digests,
            self.format,
            self.character.properties,
            self.character.pages,
            findings,
            self.unwritten,
            self.text,
        )


def examine_record(planned: PlannedRecord) -> ExaminedRecord:
    """Read every file of a record once: digests, identification, technical properties."""
    return with_seen(planned, look_at_record(planned))


def examine_file(planned: PlannedFile) -> ExaminedFile:
    """Read one file; raises ``FormatError`` only when its bytes cannot be read at all."""
    return look_at_file(planned).of(planned)


def with_seen(planned: PlannedRecord, seen: Sequence[Seen]) -> ExaminedRecord:
    """Return a record with what was seen of each of its files."""
    return ExaminedRecord(planned, tuple(one.of(file) for file, one in zip(planned.files, seen, strict=True)))


def look_at_record(planned: PlannedRecord) -> tuple[Seen, ...]:
    """Return what is seen of each file of a record; a stage, for a child."""
    return tuple(look_at_file(file) for file in planned.files)


def look_at_file(planned: PlannedFile) -> Seen:
    """Return what is seen of one file; a stage, for a child."""
    with open_listed(planned) as opened:
        digests = require_judged(planned, digest_opened(opened))
        return Seen(digests, *look_at(opened))


def digest_listed(planned: PlannedFile) -> Digests:
    """Return the digests of a listed file; raises ``FormatError`` when it cannot be read or is another by now."""
    with open_listed(planned) as opened:
        return require_judged(planned, digest_opened(opened))


def require_judged(planned: PlannedFile, digests: Digests) -> Digests:
    """Return the digests of a file; raises ``FormatError`` where it was judged before and is another by now."""
    if planned.sha256 and planned.sha256 != digests.sha256:
        said = message("判断之后又被改动，未接收", "it was changed after it was judged, and is not taken in")
        advice = message("请待文件改完后再运行", "run it again when nobody changes the file any more")
        raise FormatError(said, subject=planned.shown, advice=advice)
    return digests


def digest_opened(opened: Opened) -> Digests:
    """Return the digests of all bytes of an opened file; raises ``FormatError`` when they cannot be read."""
    digester = Digester()
    position = 0
    try:
        while block := os.pread(opened.handle, _BLOCK_BYTES, position):
            digester.update(block)
            position += len(block)
    except OSError as cause:
        raise FormatError(
            message("无法读取文件：{reason}", "the file cannot be read: {reason}", reason=reason_of(cause)),
            subject=opened.name,
        ) from cause
    return digester.digests()


def examined_files(files: Sequence[PlannedFile], place: Workplace) -> Iterator[ExaminedFile]:
    """Yield files examined one by one; one that defeats its tools is kept with its digests and a finding."""
    for outcome in place.run(look_at_file, files):
        if isinstance(outcome, Done):
            yield outcome.result.of(outcome.item)
        else:
            found = warning("file-not-examined", outcome.error.message).at(file=outcome.item.shown)
            yield unexamined(outcome.item, str(outcome.error), found)


def unexamined(planned: PlannedFile, caution: str = "", *findings: Finding) -> ExaminedFile:
    """Return a file of which nothing but its bytes is known; raises ``FormatError`` when they cannot be read."""
    unknown = FormatIdentification(None, "unknown", "", UNKNOWN_MIME, "", caution)
    return ExaminedFile(planned, digest_listed(planned), unknown, (), None, findings)
