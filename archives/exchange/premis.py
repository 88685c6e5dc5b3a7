"""PREMIS 3.0: the objects, events and agents of a package, both ways (valid against premis-v3-0.xsd)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import parse_xml, serialize_xml, xml_text
from archives.findings import Finding, Severity
from archives.message import Message, message
from archives.record.checksum import Digests
from archives.record.record import (
    Agent,
    AgentKind,
    Event,
    EventOutcome,
    FileObject,
    FormatIdentification,
    Record,
)

NAMESPACE = "http://www.loc.gov/premis/v3"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = f"{{{_XSI}}}type"
_PRONOM = "PRONOM"
_FINDINGS_EVENT = "validation"
_EMPTY_FOLDER = "empty folder"


@dataclass(frozen=True, slots=True)
class PremisContent:
    """What a PREMIS document says: files, events, agents, findings, and the folders in which nothing lay."""

    files: tuple[FileObject, ...]
    events: tuple[Event, ...]
    agents: tuple[Agent, ...]
    findings: tuple[Finding, ...]
    empty_folders: tuple[PurePosixPath, ...] = ()


def write_premis(record: Record) -> bytes:
    """Return a record's preservation metadata; findings stand in one event of type validation."""
    root = etree.Element(_tag("premis"), {"version": "3.0"}, nsmap={None: NAMESPACE, "xsi": _XSI})
    files = [file for representation in record.representations for file in representation.files]
    _intellectual_entity(root, record)
    for file in files:
        _file_object(root, file)
    for number, event in enumerate(record.events, 1):
        _event(root, event, f"event-{number}", ())
    if record.findings:
        checked = Event(
            _FINDINGS_EVENT, record.created_at, "findings of ingest", EventOutcome.WARNING, record.agents[0].name
        )
        _event(root, checked, "findings", record.findings)
    for agent in record.agents:
        _agent(root, agent)
    return serialize_xml(root)


def read_premis(data: bytes) -> PremisContent:
    """Return what ``write_premis`` wrote; raises ``FormatError`` for anything else."""
    root = parse_xml(data, subject="premis.xml")
    try:
        events = list(root.iter(_tag("event")))
        return PremisContent(
            files=tuple(_read_file(o) for o in root.iter(_tag("object")) if o.get(_TYPE) == "file"),
            events=tuple(_read_event(e) for e in events if _text(e, "eventIdentifierValue") != "findings"),
            agents=tuple(_read_agent(element) for element in root.iter(_tag("agent"))),
            findings=tuple(
                _read_finding(note.text or "")
                for e in events
                if _text(e, "eventIdentifierValue") == "findings"
                for note in e.iter(_tag("eventOutcomeDetailNote"))
            ),
            empty_folders=tuple(
                PurePosixPath(_text(properties, "significantPropertiesValue"))
                for o in root.iter(_tag("object"))
                if o.get(_TYPE) == "intellectualEntity"
                for properties in o.iter(_tag("significantProperties"))
                if _text(properties, "significantPropertiesType") == _EMPTY_FOLDER
            ),
        )
    except (ValueError, KeyError, TypeError) as cause:
        raise FormatError(
            message("premis.xml 内容不合规范", "premis.xml does not hold what it should"), subject="premis.xml"
        ) from cause


def _intellectual_entity(root: etree._Element, record: Record) -> None:
    entity = etree.SubElement(root, _tag("object"), {_TYPE: "intellectualEntity"})
    _identifier(entity, "object", "UUID", record.package_id.value)
    _identifier(entity, "object", "档号", record.description.code.written)
    for folder in record.empty_folders:
        properties = _put(entity, "significantProperties")
        _put(properties, "significantPropertiesType", _EMPTY_FOLDER)
        _put(properties, "significantPropertiesValue", str(folder))
    _put(entity, "originalName", record.description.title)


def _file_object(root: etree._Element, file: FileObject) -> None:
    entity = etree.SubElement(root, _tag("object"), {_TYPE: "file"})
    _identifier(entity, "object", "path", str(file.path))
    page = (("page", str(file.page)),) if file.page is not None else ()
    for name, value in (*page, *file.properties):
        properties = _put(entity, "significantProperties")
        _put(properties, "significantPropertiesType", name)
        _put(properties, "significantPropertiesValue", value)
    characteristics = _put(entity, "objectCharacteristics")
    for algorithm, digest in (("SHA-256", file.digests.sha256), ("SHA-512", file.digests.sha512)):
        fixity = _put(characteristics, "fixity")
        _put(fixity, "messageDigestAlgorithm", algorithm)
        _put(fixity, "messageDigest", digest)
    _put(characteristics, "size", str(file.digests.size_bytes))
    _format(characteristics, file.format)
    if file.created_by:
        application = _put(characteristics, "creatingApplication")
        _put(application, "creatingApplicationName", file.created_by)
    _put(entity, "originalName", file.original_name)
    for source in file.derived_from:
        relationship = _put(entity, "relationship")
        _put(relationship, "relationshipType", "derivation")
        _put(relationship, "relationshipSubType", "has source")
        related = _put(relationship, "relatedObjectIdentifier")
        _put(related, "relatedObjectIdentifierType", "path")
        _put(related, "relatedObjectIdentifierValue", str(source))


def _format(characteristics: etree._Element, found: FormatIdentification) -> None:
    element = _put(characteristics, "format")
    designation = _put(element, "formatDesignation")
    _put(designation, "formatName", found.name)
    if found.version:
        _put(designation, "formatVersion", found.version)
    if found.puid:
        registry = _put(element, "formatRegistry")
        _put(registry, "formatRegistryName", _PRONOM)
        _put(registry, "formatRegistryKey", found.puid)
    for label, value in (("mime", found.mime), ("basis", found.basis), ("caution", found.caution)):
        if value:
            _put(element, "formatNote", f"{label}: {value}")


def _event(root: etree._Element, event: Event, identifier: str, findings: Iterable[Finding]) -> None:
    element = etree.SubElement(root, _tag("event"))
    _identifier(element, "event", "local", identifier)
    _put(element, "eventType", event.type)
    _put(element, "eventDateTime", event.at.astimezone(UTC).isoformat())
    information = _put(element, "eventDetailInformation")
    _put(information, "eventDetail", event.detail)
    outcome = _put(element, "eventOutcomeInformation")
    _put(outcome, "eventOutcome", event.outcome)
    for note in [event.outcome_note, *(_finding_json(finding) for finding in findings)]:
        if note:
            _put(_put(outcome, "eventOutcomeDetail"), "eventOutcomeDetailNote", note)
    agent = _put(element, "linkingAgentIdentifier")
    _put(agent, "linkingAgentIdentifierType", "name")
    _put(agent, "linkingAgentIdentifierValue", event.agent)
    for path in event.objects:
        linked = _put(element, "linkingObjectIdentifier")
        _put(linked, "linkingObjectIdentifierType", "path")
        _put(linked, "linkingObjectIdentifierValue", str(path))


def _agent(root: etree._Element, agent: Agent) -> None:
    element = etree.SubElement(root, _tag("agent"))
    _identifier(element, "agent", "name", agent.name)
    _put(element, "agentName", agent.name)
    _put(element, "agentType", agent.kind)
    if agent.version:
        _put(element, "agentVersion", agent.version)


def _read_file(entity: etree._Element) -> FileObject:
    properties = [
        (_text(p, "significantPropertiesType"), _text(p, "significantPropertiesValue"))
        for p in entity.iter(_tag("significantProperties"))
    ]
    pages = [int(value) for name, value in properties if name == "page"]
    digests = [element.text or "" for element in entity.iter(_tag("messageDigest"))]
    notes = dict((e.text or "").split(": ", 1) for e in entity.iter(_tag("formatNote")))
    return FileObject(
        path=PurePosixPath(_text(entity, "objectIdentifierValue")),
        digests=Digests(digests[0], digests[1], int(_text(entity, "size"))),
        format=FormatIdentification(
            puid=_text(entity, "formatRegistryKey") or None,
            name=_text(entity, "formatName"),
            version=_text(entity, "formatVersion"),
            mime=notes.get("mime", ""),
            basis=notes.get("basis", ""),
            caution=notes.get("caution", ""),
        ),
        original_name=_text(entity, "originalName"),
        page=pages[0] if pages else None,
        derived_from=tuple(PurePosixPath(e.text or "") for e in entity.iter(_tag("relatedObjectIdentifierValue"))),
        properties=tuple(pair for pair in properties if pair[0] != "page"),
        created_by=_text(entity, "creatingApplicationName"),
    )


def _read_event(element: etree._Element) -> Event:
    return Event(
        type=_text(element, "eventType"),
        at=datetime.fromisoformat(_text(element, "eventDateTime")),
        detail=_text(element, "eventDetail"),
        outcome=EventOutcome(_text(element, "eventOutcome")),
        agent=_text(element, "linkingAgentIdentifierValue"),
        outcome_note=_text(element, "eventOutcomeDetailNote"),
        objects=tuple(PurePosixPath(e.text or "") for e in element.iter(_tag("linkingObjectIdentifierValue"))),
    )


def _read_agent(element: etree._Element) -> Agent:
    return Agent(_text(element, "agentName"), AgentKind(_text(element, "agentType")), _text(element, "agentVersion"))


def _finding_json(finding: Finding) -> str:
    return json.dumps(
        {
            "code": finding.code,
            "severity": finding.severity,
            "message": _message_json(finding.message),
            "file": finding.file,
            "row": finding.row,
            "cell": finding.cell,
            **({"about": finding.about} if finding.about else {}),
            **({"advice": _message_json(finding.advice)} if finding.advice else {}),
        },
        ensure_ascii=False,
    )


def _message_json(said: Message) -> dict[str, object]:
    values = {name: _message_json(v) if isinstance(v, Message) else v for name, v in said.values}
    return {"zh": said.zh, "en": said.en, "values": values}


def _read_finding(text: str) -> Finding:
    body = json.loads(text)
    return Finding(
        body["code"],
        Severity(body["severity"]),
        _read_message(body["message"]),
        body["file"],
        body["row"],
        body["cell"],
        body.get("about", ""),
        _read_message(body["advice"]) if "advice" in body else None,
    )


def _read_message(body: dict[str, object]) -> Message:
    values = body["values"]
    if not isinstance(values, dict):
        raise TypeError("values")
    read = tuple((name, _read_message(v) if isinstance(v, dict) else v) for name, v in values.items())
    return Message(str(body["zh"]), str(body["en"]), read)


def _identifier(parent: etree._Element, kind: str, type_: str, value: str) -> None:
    element = _put(parent, f"{kind}Identifier")
    _put(element, f"{kind}IdentifierType", type_)
    _put(element, f"{kind}IdentifierValue", value)


def _put(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, _tag(name))
    if text is not None:
        element.text = xml_text(text).replace("\r", "\n")
    return element


def _text(element: etree._Element, name: str) -> str:
    found = element.find(f".//{_tag(name)}")
    return "" if found is None else found.text or ""


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
