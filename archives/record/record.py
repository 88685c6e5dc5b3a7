"""What a package holds: a record's files in its representations, and what was done to them (OAIS AIP; PREMIS 3.0)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

from archives.findings import Finding
from archives.record.checksum import Digests
from archives.record.description import Description, Fonds, Repository
from archives.record.identifiers import PackageId
from archives.record.volume.structure import VolumeStructure


class RepresentationName(StrEnum):
    """The representations of a record (CSIP ``representations/``): as it came, for readers, as text.

    What was attached to its mails, taken out of them, is one too.
    """

    ORIGINAL = "original"
    ATTACHED = "attached"
    ACCESS = "access"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FormatIdentification:
    """What a file is, and why we say so.

    ``puid`` is the PRONOM identifier, None where PRONOM has none; ``basis`` is the identifier's own reason
    ("byte match at 0, 8"); ``caution`` its warning ("match on extension only") or empty.
    """

    puid: str | None
    name: str
    version: str
    mime: str
    basis: str
    caution: str = ""


ROLE = "role"
"""The property of a file that says which part of a document it is (正本, 附件, 定稿, 处理单)."""


@dataclass(frozen=True, slots=True)
class FileObject:
    """One file of a package.

    ``path`` is its place in the bag (``data/representations/original/data/0001.jpg``), ``original_name`` the name it
    came with (relative to the batch, unchanged). ``page`` is the page it shows or belongs to, from 1.
    ``derived_from`` names the paths of the files it was made from. ``properties`` are technical properties in the
    order they were measured (``("resolution_dpi", "300")``).
    """

    path: PurePosixPath
    digests: Digests
    format: FormatIdentification
    original_name: str
    page: int | None = None
    derived_from: tuple[PurePosixPath, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    created_by: str = ""


@dataclass(frozen=True, slots=True)
class Representation:
    """The files that together show the record in one way."""

    name: RepresentationName
    files: tuple[FileObject, ...]


class EventOutcome(StrEnum):
    """How an event ended (PREMIS eventOutcome)."""

    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "fail"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to a record or to some of its files (PREMIS 3.0 entity Event).

    ``type`` is a term of the Library of Congress vocabulary eventType ("ingestion", "format identification").
    ``agent`` names the person or program; ``objects`` the paths concerned, empty for the record as a whole.
    """

    type: str
    at: datetime
    detail: str
    outcome: EventOutcome
    agent: str
    outcome_note: str = ""
    objects: tuple[PurePosixPath, ...] = ()


class AgentKind(StrEnum):
    """PREMIS agentType."""

    PERSON = "person"
    ORGANIZATION = "organization"
    SOFTWARE = "software"


@dataclass(frozen=True, slots=True)
class Agent:
    """Who or what acted; ``name`` is what events refer to ("jinkui 0.1.0", "tesseract 5.3.0")."""

    name: str
    kind: AgentKind
    version: str = ""


class PackageKind(StrEnum):
    """A record's own package, the submission a batch came in with, or rows in which units are described."""

    RECORD = "record"
    SUBMISSION = "submission"
    DESCRIPTION = "description"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is packaged: everything METS, PREMIS and the descriptive files say.

    ``created_at`` is when the record was first packaged, ``modified_at`` when this version was, None for the first.
    ``empty_folders`` are places in the bag, as of files, in which nothing lay when the record came. ``volume`` says what the
    pages of a volume are called and which items stand on them; None for a record that is no volume with pages of its own.
    """

    package_id: PackageId
    description: Description
    repository: Repository
    fonds: Fonds | None
    representations: tuple[Representation, ...]
    events: tuple[Event, ...]
    agents: tuple[Agent, ...]
    created_at: datetime
    findings: tuple[Finding, ...] = ()
    batch_id: str = ""
    modified_at: datetime | None = None
    empty_folders: tuple[PurePosixPath, ...] = ()
    volume: VolumeStructure | None = None


def fonds_then(fonds: Fonds | None, description: Description, previous: Record | None) -> Fonds | None:
    """Return the fonds as it was called when a record was formed: said once, never anew by what it is called today.

    ``previous`` is the record's version before, which says it already unless the date was corrected.
    """
    then = previous.description if previous else None
    as_before = then is not None and (then.formed, then.year) == (description.formed, description.year)
    if as_before and previous and previous.fonds and previous.fonds.number == description.code.fonds:
        return previous.fonds
    return fonds.on(description.formed, description.year) if fonds else None
