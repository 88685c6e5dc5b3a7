"""The pages and items of a volume in METS: volume → items → pages as divisions of its structural maps, both ways.

A page has its running number in ``ORDER`` and what stands on the paper in ``ORDERLABEL`` (METS 1.12, div: any
non-integer native numbering); an item its identifier in ``CONTENTIDS`` (unique external identifiers, as URIs) and its
description in the file that ``DMDID`` leads to.
"""

from collections.abc import Mapping, Sequence

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import parse_xml, xml_text
from archives.message import message
from archives.record.description import Description
from archives.record.identifiers import parse_package_urn
from archives.record.record import Record
from archives.record.volume.structure import VolumeItem, VolumeStructure

NAMESPACE = "http://www.loc.gov/METS/"
_PAGES, _ITEMS = "pages", "items"


def add_page(parent: etree._Element, page: int, files: Sequence[str], volume: VolumeStructure | None) -> etree._Element:
    """Add a page with every file that shows it; it is labelled where it is one of a volume."""
    said = {"LABEL": f"page {page}"}
    if volume and (label := volume.label(page)):
        said = {"ORDERLABEL": volume.labels[page], "LABEL": label.shown.text("zh")}
    said = {name: xml_text(value) for name, value in said.items()}
    attributes: dict[str, str] = {"TYPE": "page", "ORDER": str(page)} | said
    division = etree.SubElement(parent, _tag("div"), attributes)
    for file_id in files:
        etree.SubElement(division, _tag("fptr"), {"FILEID": file_id})
    return division


def add_items(root: etree._Element, record: Record, files: Mapping[int, Sequence[str]], *, described_in: str) -> None:
    """Add the items of a volume with their pages, and between them the pages that are the volume's own.

    ``described_in`` is the identifier of the section that refers to their descriptions.
    """
    assert record.volume is not None
    volume = record.volume
    structure = etree.SubElement(root, _tag("structMap"), {"ID": _ITEMS, "TYPE": "LOGICAL", "LABEL": _ITEMS})
    title, identifier = xml_text(record.description.title), record.package_id.urn
    place = {"ID": "items-volume", "TYPE": "volume", "LABEL": title, "CONTENTIDS": identifier}
    top = etree.SubElement(structure, _tag("div"), place)
    own = [page for page in volume.of_the_volume if page in files]
    for number, item in enumerate(volume.items, 1):
        while own and item.pages and own[0] < item.pages[0]:
            add_page(top, own[0], files[own.pop(0)], volume)
        said = {
            "TYPE": "item",
            "ORDER": str(number),
            "ORDERLABEL": xml_text(item.description.code.written),
            "LABEL": xml_text(item.description.title),
            "DMDID": described_in,
            "CONTENTIDS": f"urn:uuid:{item.unit_id}",
        }
        division = etree.SubElement(top, _tag("div"), said)
        for page in item.pages:
            add_page(division, page, files.get(page, ()), volume)
    for page in own:
        add_page(top, page, files[page], volume)


def read_volume(mets: bytes, descriptions: Mapping[str, Description]) -> VolumeStructure | None:
    """Return the pages and items of a volume, None for another record; raises ``FormatError``.

    ``descriptions`` are those of the items by their identifiers.
    """
    root = parse_xml(mets, subject="METS.xml")
    try:
        pages = root.find(f"{_tag('structMap')}[@ID='{_PAGES}']")
        labels = {_order(one): one.get("ORDERLABEL", "") for one in _divisions(pages) if one.get("ORDERLABEL")}
        items = root.find(f"{_tag('structMap')}[@ID='{_ITEMS}']")
        found = [_item(one, descriptions) for one in _divisions(items, "item")]
    except (ValueError, KeyError) as cause:
        raise FormatError(
            message("METS.xml 的结构图不合规范", "a structural map of METS.xml cannot be read"), subject="METS.xml"
        ) from cause
    return VolumeStructure(labels, tuple(found)) if labels or found else None


def _item(division: etree._Element, descriptions: Mapping[str, Description]) -> VolumeItem:
    unit_id = parse_package_urn(division.get("CONTENTIDS", "")).value
    return VolumeItem(unit_id, descriptions[unit_id], tuple(map(_order, _divisions(division))))


def _divisions(parent: etree._Element | None, kind: str = "page") -> list[etree._Element]:
    return [] if parent is None else [one for one in parent.iter(_tag("div")) if one.get("TYPE") == kind]


def _order(division: etree._Element) -> int:
    return int(division.get("ORDER", ""))


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
