"""METS after the E-ARK Common Specification (CSIP 2.2, AIP 2.2): what a package holds, file by file, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from lxml import etree

from archives.errors import FormatError
from archives.exchange.media_types import registered_type
from archives.exchange.mets_volume import NAMESPACE as _METS
from archives.exchange.mets_volume import add_items, add_page
from archives.exchange.xml import parse_xml, serialize_xml, xml_text
from archives.message import message
from archives.record.checksum import Digests
from archives.record.genre import genre_of
from archives.record.identifiers import PackageId, parse_package_urn
from archives.record.record import ROLE, Record, Representation, RepresentationName
from archives.record.volume.components import Component, component_at, components_of

_XLINK = "http://www.w3.org/1999/xlink"
_CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
_NAMESPACES = {"mets": _METS, "xlink": _XLINK, "csip": _CSIP, "xsi": _XSI}
_DATA = PurePosixPath("data")
_REPRESENTATIONS = "Representations"
_CONTENT_INFORMATION = {
    f"{{{_CSIP}}}CONTENTINFORMATIONTYPE": "OTHER",
    f"{{{_CSIP}}}OTHERCONTENTINFORMATIONTYPE": "DA/T 46-2009",
}
"""No E-ARK content information type is claimed: what is described is described after DA/T 46 (CSIP4, CSIP5, CSIP62)."""


@dataclass(frozen=True, slots=True)
class MetadataFile:
    """A metadata file of the package: its place in the bag, its digests and its METS type (``DC``, ``PREMIS``)."""

    path: PurePosixPath
    digests: Digests
    type: str


@dataclass(frozen=True, slots=True)
class MetsHeader:
    """What a reader of METS needs before anything else."""

    package_id: PackageId
    created_at: datetime
    modified_at: datetime | None = None


ITEMS = "items.xml"
"""The name of the file with the descriptions of a volume's items."""


def write_mets(record: Record, *, metadata_files: Sequence[MetadataFile], software_version: str) -> bytes:
    """Return the METS document of a package; paths are relative to ``data/``, percent-encoded.

    Every payload file is named but METS itself; descriptive and preservation files by ``mdRef`` (CSIP 31, 58).
    """
    created = _instant(record.created_at)
    root = etree.Element(_mets("mets"), nsmap=_NAMESPACES)
    root.set("OBJID", record.package_id.urn)
    root.set("TYPE", genre_of(record))
    root.attrib.update(_CONTENT_INFORMATION)
    root.set("PROFILE", _PROFILE)
    root.set("LABEL", xml_text(record.description.title))
    _header(root, record, software_version)
    for number, file in enumerate((f for f in metadata_files if f.type != "PREMIS"), 1):
        section = etree.SubElement(
            root, _mets("dmdSec"), {"ID": f"dmd-{number}", "CREATED": created, "STATUS": "CURRENT"}
        )
        _reference(section, file, created)
    administrative = etree.SubElement(root, _mets("amdSec"))
    for number, file in enumerate((f for f in metadata_files if f.type == "PREMIS"), 1):
        section = etree.SubElement(
            administrative, _mets("digiprovMD"), {"ID": f"digiprov-{number}", "STATUS": "CURRENT", "CREATED": created}
        )
        _reference(section, file, created)
    _files(root, record, created)
    _structure(root, record, metadata_files)
    files_of_pages = _files_of_pages(record)
    _pages(root, record, files_of_pages)
    if record.volume and record.volume.items:
        described = [file.path.name for file in metadata_files if file.type != "PREMIS"]
        add_items(root, record, files_of_pages, described_in=f"dmd-{described.index(ITEMS) + 1}")
    return serialize_xml(root)


def read_mets_header(data: bytes) -> MetsHeader:
    """Return the package identifier and the time of creation; raises ``FormatError``."""
    root = parse_xml(data, subject="METS.xml")
    header = root.find(_mets("metsHdr"))
    if header is None:
        raise FormatError(message("METS.xml 缺少 metsHdr", "METS.xml has no metsHdr"), subject="METS.xml")
    try:
        modified = header.get("LASTMODDATE")
        return MetsHeader(
            parse_package_urn(root.get("OBJID", "")),
            datetime.fromisoformat(header.get("CREATEDATE", "")),
            datetime.fromisoformat(modified) if modified else None,
        )
    except ValueError as cause:
        raise FormatError(message("METS.xml 的日期不合规范", "METS.xml has no date"), subject="METS.xml") from cause


def _header(root: etree._Element, record: Record, software_version: str) -> None:
    header = etree.SubElement(root, _mets("metsHdr"), {"CREATEDATE": _instant(record.created_at)})
    if record.modified_at is not None:
        header.set("LASTMODDATE", _instant(record.modified_at))
    header.set(f"{{{_CSIP}}}OAISPACKAGETYPE", "AIP")
    agent = etree.SubElement(header, _mets("agent"), {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"})
    etree.SubElement(agent, _mets("name")).text = "Jinkui"
    note = etree.SubElement(agent, _mets("note"), {f"{{{_CSIP}}}NOTETYPE": "SOFTWARE VERSION"})
    note.text = software_version


def _reference(section: etree._Element, file: MetadataFile, created: str) -> None:
    kind = {"MDTYPE": file.type} if file.type in ("DC", "PREMIS") else {"MDTYPE": "OTHER", "OTHERMDTYPE": file.type}
    reference = etree.SubElement(section, _mets("mdRef"), kind)
    reference.attrib.update(
        {
            "LOCTYPE": "URL",
            f"{{{_XLINK}}}type": "simple",
            f"{{{_XLINK}}}href": _href(file.path),
            "MIMETYPE": "text/xml",
            "SIZE": str(file.digests.size_bytes),
            "CREATED": created,
            "CHECKSUM": file.digests.sha256,
            "CHECKSUMTYPE": "SHA-256",
        }
    )


def _files(root: etree._Element, record: Record, created: str) -> None:
    held = _held(record)
    if not held:
        return
    section = etree.SubElement(root, _mets("fileSec"), {"ID": "files"})
    for representation in held:
        place = {"ID": f"group-{representation.name}", "USE": _REPRESENTATIONS}
        group = etree.SubElement(section, _mets("fileGrp"), place)
        group.attrib.update(_CONTENT_INFORMATION)
        for number, file in enumerate(representation.files, 1):
            element = etree.SubElement(
                group,
                _mets("file"),
                {
                    "ID": _file_id(representation.name, number),
                    "MIMETYPE": registered_type(file.format.mime),
                    "SIZE": str(file.digests.size_bytes),
                    "CREATED": created,
                    "CHECKSUM": file.digests.sha256,
                    "CHECKSUMTYPE": "SHA-256",
                    **({"USE": role} if (role := dict(file.properties).get(ROLE, "")) else {}),
                },
            )
            etree.SubElement(
                element,
                _mets("FLocat"),
                {"LOCTYPE": "URL", f"{{{_XLINK}}}type": "simple", f"{{{_XLINK}}}href": _href(file.path)},
            )


def _structure(root: etree._Element, record: Record, metadata_files: Sequence[MetadataFile]) -> None:
    structure = etree.SubElement(root, _mets("structMap"), {"ID": "structure", "TYPE": "PHYSICAL", "LABEL": "CSIP"})
    top = etree.SubElement(structure, _mets("div"), {"ID": "structure-package", "LABEL": record.package_id.urn})
    described = [f"dmd-{n}" for n in range(1, 1 + sum(file.type != "PREMIS" for file in metadata_files))]
    proven = [f"digiprov-{n}" for n in range(1, 1 + sum(file.type == "PREMIS" for file in metadata_files))]
    etree.SubElement(
        top,
        _mets("div"),
        {"ID": "structure-metadata", "LABEL": "Metadata", "DMDID": " ".join(described), "ADMID": " ".join(proven)},
    )
    held = _held(record)
    if not held:
        return
    division = etree.SubElement(top, _mets("div"), {"ID": "structure-representations", "LABEL": _REPRESENTATIONS})
    for representation in held:
        etree.SubElement(division, _mets("fptr"), {"FILEID": f"group-{representation.name}"})


def _held(record: Record) -> tuple[Representation, ...]:
    return tuple(representation for representation in record.representations if representation.files)


def _files_of_pages(record: Record) -> dict[int, list[str]]:
    """Return every file that shows a page, by the page's running number."""
    pages: dict[int, list[str]] = {}
    for representation in record.representations:
        for number, file in enumerate(representation.files, 1):
            if file.page is not None:
                pages.setdefault(file.page, []).append(_file_id(representation.name, number))
    return pages


def _pages(root: etree._Element, record: Record, files: Mapping[int, Sequence[str]]) -> None:
    """Add the pages in order, each with every file that shows it."""
    if not files:
        return
    structure = etree.SubElement(root, _mets("structMap"), {"ID": "pages", "TYPE": "PHYSICAL", "LABEL": "pages"})
    top = etree.SubElement(structure, _mets("div"), {"ID": "pages-record", "TYPE": "record", "LABEL": "pages"})
    parts = () if record.volume else _components(record, max(files))
    for page in sorted(files):
        division = add_page(top, page, files[page], record.volume)
        if part := component_at(parts, page):
            division.set("LABEL", xml_text(part.label(page)))


def _components(record: Record, last: int) -> tuple[Component, ...]:
    originals = (f for one in record.representations if one.name is RepresentationName.ORIGINAL for f in one.files)
    return components_of(((f.page, dict(f.properties).get(ROLE, "")) for f in originals if f.page), last)


def _file_id(representation: str, number: int) -> str:
    return f"ID-{representation}-{number}"


def _href(path: PurePosixPath) -> str:
    return quote(str(path.relative_to(_DATA)), safe="/")


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _mets(name: str) -> str:
    return f"{{{_METS}}}{name}"
