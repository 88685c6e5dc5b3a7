"""What a batch's files are: each read once, in a child, for its digests, its format and what is wrong with it.

A stage is a top-level function from a frozen item to a frozen item and may run twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from archives.pipeline import Done
from archives.record.checksum import Digester, Digests
from archives.record.record import FormatIdentification
from archives.system_reason import reason_of
from formats.characterize import characterize
from formats.identify import identify
from formats.kinds.kind import UNKNOWN_MIME
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import PlannedRecord
from ingest.workplace import Workplace

_BLOCK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """A file of the batch with its digests, what it is and what is wrong with it; ``pages`` as in characterization."""

    planned: PlannedFile
    digests: Digests
    format: FormatIdentification
    properties: tuple[tuple[str, str], ...]
    pages: int | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ExaminedRecord:
    """A record whose files were all read once."""

    planned: PlannedRecord
    files: tuple[ExaminedFile, ...]


def examine_record(planned: PlannedRecord) -> ExaminedRecord:
    """Read every file of a record once: digests, identification, technical properties."""
    return ExaminedRecord(planned, tuple(examine_file(file) for file in planned.files))


def examine_file(planned: PlannedFile) -> ExaminedFile:
    """Read one file; raises ``FormatError`` only when its bytes cannot be read at all."""
    digests = digest_file(planned.path)
    found = identify(planned.path)
    character = characterize(planned.path, found)
    findings = tuple(finding.at(file=planned.shown) for finding in character.findings)
    return ExaminedFile(planned, digests, found, character.properties, character.pages, findings)


def digest_file(path: Path) -> Digests:
    """Return the digests of a file; raises ``FormatError`` when it cannot be read."""
    digester = Digester()
    try:
        with path.open("rb", buffering=0) as source:
            while block := source.read(_BLOCK_BYTES):
                digester.update(block)
    except OSError as cause:
        raise FormatError(
            message("无法读取文件：{reason}", "the file cannot be read: {reason}", reason=reason_of(cause)),
            subject=str(path),
        ) from cause
    return digester.digests()


def examined_files(files: Sequence[PlannedFile], place: Workplace) -> Iterator[ExaminedFile]:
    """Yield files examined one by one; one that defeats its tools is kept with its digests and a finding."""
    for outcome in place.run(examine_file, files):
        if isinstance(outcome, Done):
            yield outcome.result
        else:
            found = warning("file-not-examined", outcome.error.message).at(file=outcome.item.shown)
            yield unexamined(outcome.item, str(outcome.error), found)


def unexamined(planned: PlannedFile, caution: str = "", *findings: Finding) -> ExaminedFile:
    """Return a file of which nothing but its bytes is known; raises ``FormatError`` when they cannot be read."""
    unknown = FormatIdentification(None, "unknown", "", UNKNOWN_MIME, "", caution)
    return ExaminedFile(planned, digest_file(planned.path), unknown, (), None, findings)
