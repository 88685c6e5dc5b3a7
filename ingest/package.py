"""What is to be kept of a record, decided: its files under safe names, its metadata, its bag."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from archives.exchange.description_xml import write_dc, write_record_xml
from archives.exchange.mets import MetadataFile, write_mets
from archives.exchange.premis import write_premis
from archives.findings import Finding
from archives.record.checksum import Digests, digests_of
from archives.record.description import Description, Fonds, Repository
from archives.record.genre import dcmi_types_of, level_of
from archives.record.identifiers import PackageId
from archives.record.names import safe_names
from archives.record.record import (
    Agent,
    AgentKind,
    Event,
    EventOutcome,
    FileObject,
    FormatIdentification,
    PackageKind,
    Record,
    Representation,
    RepresentationName,
)
from archives.text.page import Page
from formats.kinds.kind import Oddity
from ingest.batch.reopened import Listed
from ingest.examine import ExaminedFile
from preservation.package.new_package import (
    DC,
    METS,
    PREMIS,
    RECORD_XML,
    NewPackage,
    PayloadFile,
    Source,
    bag_info,
    payload_bytes,
)

_TEXT = FormatIdentification("x-fmt/111", "Plain Text File", "", "text/plain", "made by Jinkui")
_ALTO = FormatIdentification("fmt/101", "Extensible Markup Language (ALTO)", "4.3", "application/xml", "made by Jinkui")
_PDFA = FormatIdentification(
    "fmt/477", "Acrobat PDF/A - Portable Document Format", "2b", "application/pdf", "made by Jinkui"
)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's results as files in the work folder, its text, what is odd about it; ``anew`` unless it was known before."""

    number: int
    page: Page
    jpeg: Path
    alto: Path
    text: Path
    anew: bool = True
    oddities: frozenset[Oddity] = frozenset()


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page of a born-digital file; ``source`` is the number of its file among the originals."""

    number: int
    source: int
    text: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a record's package is made of; ``first_pages`` gives each original's first page number (0: none)."""

    originals: tuple[ExaminedFile, ...]
    first_pages: tuple[int, ...]
    read_pages: tuple[ReadPage, ...] = ()
    page_sources: tuple[int, ...] = ()
    page_texts: tuple[PageText, ...] = ()
    access_copy: tuple[Path, Digests] | None = None

    @property
    def engine(self) -> str:
        """The engine that read the pages; empty where none was read."""
        return self.read_pages[0].page.engine if self.read_pages else ""

    @property
    def pages_read_anew(self) -> int:
        """How many pages were read that had not been read for a version before."""
        return sum(page.anew for page in self.read_pages)


@dataclass(frozen=True, slots=True)
class Packaging:
    """Who packages what for whom, and when; ``previous`` is the version before, ``changes`` what is new against it."""

    package_id: PackageId
    kind: PackageKind
    repository: Repository
    fonds: Fonds | None
    batch_id: str
    now: datetime
    operator: str
    software: str
    engine: str
    previous: Record | None = None
    changes: str = ""


def build_package(
    description: Description, contents: Contents, findings: Sequence[Finding], packaging: Packaging
) -> NewPackage:
    """Return the package of a record: representations, METS, PREMIS, description, Dublin Core."""
    files = [*_originals(contents, packaging), *_texts(contents, packaging), *_access(description, contents, packaging)]
    representations = tuple(
        Representation(name, tuple(file for file, _ in files if file.path.parts[2] == name))
        for name in RepresentationName
        if any(file.path.parts[2] == name for file, _ in files)
    )
    record = Record(
        package_id=packaging.package_id,
        description=description,
        repository=packaging.repository,
        fonds=packaging.fonds,
        representations=representations,
        events=_events(contents, packaging),
        agents=_agents(packaging),
        created_at=packaging.previous.created_at if packaging.previous else packaging.now,
        findings=tuple(findings),
        batch_id=packaging.batch_id,
        modified_at=packaging.now if packaging.previous else None,
    )
    payload = tuple(PayloadFile(file.path, content, file.digests) for file, content in files)
    return _package(record, payload, packaging)


def redescribe_package(previous: Record, description: Description, packaging: Packaging) -> NewPackage:
    """Return a package whose files are those of the version before, described anew."""
    record = replace(
        previous,
        description=description,
        repository=packaging.repository,
        fonds=packaging.fonds,
        events=(*previous.events, _modification(packaging)),
        agents=_agents(packaging),
        modified_at=packaging.now,
    )
    files = (file for representation in previous.representations for file in representation.files)
    return _package(record, tuple(PayloadFile(file.path, None, file.digests) for file in files), packaging)


def _package(record: Record, payload: Sequence[PayloadFile], packaging: Packaging) -> NewPackage:
    description = record.description
    return NewPackage(
        package_id=packaging.package_id,
        kind=packaging.kind,
        repository=packaging.repository.code.value,
        archival_code=description.code.written,
        batch_id=packaging.batch_id,
        payload=(*payload, *_metadata(record, level_of(packaging.kind, description.code))),
        info=bag_info(
            packaging.package_id,
            organization=packaging.repository.name,
            external_identifier=description.code.written,
            description=description.title,
            created_at=packaging.now,
            software=packaging.software,
        ),
        created_at=packaging.now,
    )


def _metadata(record: Record, level: str) -> tuple[PayloadFile, ...]:
    said, home, types = record.description, record.repository, dcmi_types_of(record)
    described = write_record_xml(said, home, record.fonds, batch_id=record.batch_id, level=level)
    descriptive = payload_bytes(RECORD_XML, described)
    dc = payload_bytes(DC, write_dc(said, home, identifier=record.package_id.urn, types=types))
    premis = payload_bytes(PREMIS, write_premis(record))
    references = [
        MetadataFile(descriptive.path, descriptive.digests, "DA/T 46"),
        MetadataFile(dc.path, dc.digests, "DC"),
        MetadataFile(premis.path, premis.digests, "PREMIS"),
    ]
    mets = write_mets(record, metadata_files=references, software_version=record.agents[0].version)
    return (descriptive, dc, premis, payload_bytes(METS, mets))


def _originals(contents: Contents, packaging: Packaging) -> list[tuple[FileObject, Source | bytes]]:
    names = safe_names(PurePosixPath(file.planned.shown).name for file in contents.originals)
    return [
        (
            FileObject(
                path=_place(RepresentationName.ORIGINAL, name),
                digests=file.digests,
                format=file.format,
                original_name=file.planned.shown,
                page=first or None,
                properties=file.properties,
            ),
            Listed(file.planned),
        )
        for name, file, first in zip(names, contents.originals, contents.first_pages, strict=True)
    ]


def _texts(contents: Contents, packaging: Packaging) -> list[tuple[FileObject, Source | bytes]]:
    sources = [file.path for file, _ in _originals(contents, packaging)]
    made: list[tuple[FileObject, Source | bytes]] = []
    for page, source in zip(contents.read_pages, contents.page_sources, strict=True):
        for content, form, suffix in ((page.alto, _ALTO, "xml"), (page.text, _TEXT, "txt")):
            data = content.read_bytes()
            name = f"{page.number:04}.{suffix}"
            made.append((_derived(name, data, form, page.number, sources[source], packaging.engine), data))
    for text in contents.page_texts:
        data = (text.text + "\n").encode("utf-8", "replace")
        name = f"{text.number:04}.txt"
        made.append((_derived(name, data, _TEXT, text.number, sources[text.source], packaging.software), data))
    return made


def _derived(
    name: str, data: bytes, form: FormatIdentification, page: int, source: PurePosixPath, agent: str
) -> FileObject:
    return FileObject(
        path=_place(RepresentationName.TEXT, name),
        digests=digests_of(data),
        format=form,
        original_name=name,
        page=page,
        derived_from=(source,),
        created_by=agent,
    )


def _access(
    description: Description, contents: Contents, packaging: Packaging
) -> list[tuple[FileObject, Source | bytes]]:
    if contents.access_copy is None:
        return []
    path, digests = contents.access_copy
    (name,) = safe_names([f"{description.code.key}.pdf"])
    sources = tuple(file.path for file, _ in _originals(contents, packaging))
    made = FileObject(
        path=_place(RepresentationName.ACCESS, name),
        digests=digests,
        format=_PDFA,
        original_name=name,
        derived_from=sources,
        created_by=packaging.software,
    )
    return [(made, path)]


def _events(contents: Contents, packaging: Packaging) -> tuple[Event, ...]:
    software = packaging.software
    before = (*packaging.previous.events, _modification(packaging)) if packaging.previous else ()
    events = [
        *before,
        Event("ingestion", packaging.now, f"batch {packaging.batch_id}", EventOutcome.SUCCESS, packaging.operator),
        Event("message digest calculation", packaging.now, "SHA-256 and SHA-512", EventOutcome.SUCCESS, software),
        Event("format identification", packaging.now, "PRONOM signatures", EventOutcome.SUCCESS, software),
    ]
    if contents.read_pages:
        confidences = [page.page.confidence for page in contents.read_pages if page.page.confidence is not None]
        mean = f"mean confidence {sum(confidences) / len(confidences):.3f}" if confidences else "no text"
        detail = f"text recognition of {len(contents.read_pages)} pages"
        events.append(Event("transcription", packaging.now, detail, EventOutcome.SUCCESS, packaging.engine, mean))
    if contents.page_texts:
        events.append(Event("transcription", packaging.now, "text extraction", EventOutcome.SUCCESS, software))
    if contents.access_copy:
        events.append(Event("creation", packaging.now, "access copy, PDF/A-2b", EventOutcome.SUCCESS, software))
    events.append(
        Event("information package creation", packaging.now, "BagIt 1.0 in OCFL 1.1", EventOutcome.SUCCESS, software)
    )
    return tuple(events)


def _modification(packaging: Packaging) -> Event:
    return Event("modification", packaging.now, packaging.changes, EventOutcome.SUCCESS, packaging.operator)


def _agents(packaging: Packaging) -> tuple[Agent, ...]:
    agents = [
        Agent(packaging.software, AgentKind.SOFTWARE, packaging.software.partition(" ")[2]),
        Agent(packaging.operator, AgentKind.PERSON),
        Agent(packaging.repository.name, AgentKind.ORGANIZATION),
    ]
    if packaging.engine:
        agents.append(Agent(packaging.engine, AgentKind.SOFTWARE))
    known = {agent.name for agent in agents}
    before = packaging.previous.agents if packaging.previous else ()
    return (*agents, *(agent for agent in before if agent.name not in known))


def _place(representation: RepresentationName, name: str) -> PurePosixPath:
    return PurePosixPath("data/representations") / representation / "data" / name
