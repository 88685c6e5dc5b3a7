"""What is to be kept of a record, decided: its files under safe names, its metadata, its bag."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from archives.exchange.description_xml import write_dc, write_items_xml, write_record_xml
from archives.exchange.mets import MetadataFile, write_mets
from archives.exchange.premis import write_premis
from archives.findings import Finding
from archives.record.checksum import digests_of
from archives.record.description import Description, Fonds, Repository
from archives.record.genre import VOLUME, dcmi_types_of, level_of
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
    fonds_then,
)
from ingest.batch.reopened import Listed
from ingest.contents import Contents, place_of
from preservation.package.new_package import (
    DC,
    ITEMS_XML,
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
    level: str = ""


def build_package(
    description: Description, contents: Contents, findings: Sequence[Finding], packaging: Packaging
) -> NewPackage:
    """Return the package of a record: representations, METS, PREMIS, description, Dublin Core."""
    files = [
        *_originals(contents),
        *_attached(contents, packaging),
        *_texts(contents, packaging),
        *_access(description, contents, packaging),
    ]
    representations = tuple(
        Representation(name, tuple(file for file, _ in files if file.path.parts[2] == name))
        for name in RepresentationName
        if any(file.path.parts[2] == name for file, _ in files)
    )
    record = Record(
        package_id=packaging.package_id,
        description=description,
        repository=packaging.repository,
        fonds=fonds_then(packaging.fonds, description, packaging.previous),
        representations=representations,
        events=_events(contents, packaging),
        agents=_agents(packaging),
        created_at=packaging.previous.created_at if packaging.previous else packaging.now,
        findings=tuple(findings),
        batch_id=packaging.batch_id,
        modified_at=packaging.now if packaging.previous else None,
        empty_folders=contents.empty_places,
        volume=contents.volume,
    )
    payload = tuple(PayloadFile(file.path, content, file.digests) for file, content in files)
    return package_of_record(record, payload, packaging)


def redescribe_package(previous: Record, description: Description, packaging: Packaging) -> NewPackage:
    """Return a package whose files are those of the version before, described anew."""
    record = replace(
        previous,
        description=description,
        repository=packaging.repository,
        fonds=fonds_then(packaging.fonds, description, packaging.previous),
        events=(*previous.events, _modification(packaging)),
        agents=_agents(packaging),
        modified_at=packaging.now,
    )
    files = (file for representation in previous.representations for file in representation.files)
    return package_of_record(record, tuple(PayloadFile(file.path, None, file.digests) for file in files), packaging)


def package_of_record(record: Record, payload: Sequence[PayloadFile], packaging: Packaging) -> NewPackage:
    """Return the package of a record whose files are ``payload``, with everything that is said of it."""
    description = record.description
    level = packaging.level or level_of(packaging.kind, description.code)
    return NewPackage(
        package_id=packaging.package_id,
        kind=packaging.kind,
        repository=packaging.repository.code.value,
        archival_code=description.code.written,
        batch_id=packaging.batch_id,
        payload=(*payload, *_metadata(record, VOLUME if record.volume else level)),
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
    kinds = ((descriptive, "DA/T 46"), (dc, "DC"), (premis, "PREMIS"))
    references = [MetadataFile(one.path, one.digests, kind) for one, kind in kinds]
    volume = record.volume
    items = (payload_bytes(ITEMS_XML, write_items_xml(volume.items)),) if volume and volume.items else ()
    references += [MetadataFile(one.path, one.digests, "DA/T 46") for one in items]
    mets = write_mets(record, metadata_files=references, software_version=record.agents[0].version)
    return (descriptive, dc, premis, *items, payload_bytes(METS, mets))


def _originals(contents: Contents) -> list[tuple[FileObject, Source | bytes]]:
    return [
        (
            FileObject(
                path=place,
                digests=file.digests,
                format=file.format,
                original_name=file.planned.shown,
                page=first or None,
                properties=contents.properties_of(file),
            ),
            Listed(file.planned),
        )
        for place, file, first in zip(contents.places, contents.originals, contents.first_pages, strict=True)
    ]


def _attached(contents: Contents, packaging: Packaging) -> list[tuple[FileObject, Source | bytes]]:
    """Return what was attached to mails, as files of their own beside the mails, which stay as they came."""
    places = contents.places
    return [
        (
            FileObject(
                path=place,
                digests=one.digests,
                format=one.format,
                original_name=f"{contents.originals[one.source].planned.shown}/{one.name}",
                page=one.number,
                derived_from=(places[one.source],),
                created_by=packaging.software,
            ),
            one.path,
        )
        for place, one in zip(contents.attached_places, contents.attachments, strict=True)
    ]


def _texts(contents: Contents, packaging: Packaging) -> list[tuple[FileObject, Source | bytes]]:
    """Return the text of every page, in the order of pages; a page that was recognised has its ALTO beside it."""
    sources, attached = contents.places, contents.attached_places
    made: list[tuple[FileObject, Source | bytes]] = []
    for number, page in contents.numbered.items():
        for content, form, suffix in ((page.alto, _ALTO, "xml"), (page.text, _TEXT, "txt")):
            data = content.read_bytes()
            name = f"{number:04}.{suffix}"
            made.append((_derived(name, data, form, number, sources[page.source], packaging.engine), data))
    for text in contents.page_texts:
        data = (text.text + "\n").encode("utf-8", "replace")
        name = f"{text.number:04}.txt"
        source = sources[text.source] if text.attachment is None else attached[text.attachment]
        made.append((_derived(name, data, _TEXT, text.number, source, packaging.software), data))
    return sorted(made, key=lambda one: one[0].page or 0)


def _derived(
    name: str, data: bytes, form: FormatIdentification, page: int, source: PurePosixPath, agent: str
) -> FileObject:
    return FileObject(
        path=place_of(RepresentationName.TEXT, PurePosixPath(name)),
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
    sources = tuple(contents.places[source] for source in sorted({page.source for page in contents.read_pages}))
    made = FileObject(
        path=place_of(RepresentationName.ACCESS, PurePosixPath(name)),
        digests=digests,
        format=_PDFA,
        original_name=name,
        derived_from=sources,
        created_by=packaging.software,
    )
    return [(made, path)]


def _events(contents: Contents, packaging: Packaging) -> tuple[Event, ...]:
    software, previous = packaging.software, packaging.previous
    events = [*previous.events, _modification(packaging)] if previous else []
    if previous is None or previous.batch_id != packaging.batch_id:
        batch = f"batch {packaging.batch_id}"
        events.append(Event("ingestion", packaging.now, batch, EventOutcome.SUCCESS, packaging.operator))
    events += (
        Event("message digest calculation", packaging.now, "SHA-256 and SHA-512", EventOutcome.SUCCESS, software),
        Event("format identification", packaging.now, "PRONOM signatures", EventOutcome.SUCCESS, software),
        *_unpacking(contents, packaging),
        *_transcriptions(contents, packaging),
    )
    if contents.access_copy:
        events.append(Event("creation", packaging.now, "access copy, PDF/A-2b", EventOutcome.SUCCESS, software))
    made = Event("information package creation", packaging.now, "BagIt 1.0 in OCFL 1.1", EventOutcome.SUCCESS, software)
    return (*events, made)


def _unpacking(contents: Contents, packaging: Packaging) -> Iterator[Event]:
    if contents.attachments:
        mails = tuple(contents.places[source] for source in sorted({one.source for one in contents.attachments}))
        detail = f"{len(contents.attachments)} attachments taken out"
        yield Event("unpacking", packaging.now, detail, EventOutcome.SUCCESS, packaging.software, "", mails)


def _transcriptions(contents: Contents, packaging: Packaging) -> Iterator[Event]:
    """Yield how text came about, each with the originals whose text it was."""
    places = contents.places
    if contents.read_pages:
        confidences = [page.page.confidence for page in contents.read_pages if page.page.confidence is not None]
        mean = f"mean confidence {sum(confidences) / len(confidences):.3f}" if confidences else "no text"
        detail = f"text recognition of {len(contents.read_pages)} pages"
        objects = tuple(places[source] for source in sorted({page.source for page in contents.read_pages}))
        yield Event("transcription", packaging.now, detail, EventOutcome.SUCCESS, packaging.engine, mean, objects)
    if extracted := sorted({text.source for text in contents.page_texts if text.text}):
        objects = tuple(places[source] for source in extracted)
        yield Event(
            "transcription", packaging.now, "text extraction", EventOutcome.SUCCESS, packaging.software, "", objects
        )


def _modification(made: Packaging) -> Event:
    return Event("modification", made.now, made.changes, EventOutcome.SUCCESS, made.operator)


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
