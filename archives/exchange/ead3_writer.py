"""A catalogue written as EAD3, unit by unit: a fonds of any size takes no more memory than one branch of it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import IO, Protocol

from lxml import etree

from archives.exchange.ead3 import (
    CONVENTION,
    IMPLIED,
    NAMESPACE,
    ODD,
    PLACES,
    UNIT_ID_PREFIX,
    EadHead,
    EadUnit,
    Place,
    level_attributes,
)
from archives.exchange.xml import xml_text
from archives.record.elements.kinds import Written

_MADE_BY = "Jinkui"

# What is written whole (``_Writer.write``) has no namespace of its own: it takes the document's as it is written into it,
# without declaring it again in every element.


class _Writer(Protocol):
    """What of lxml's incremental writer is used."""

    def element(self, tag: str, attrib: dict[str, str] | None = None, /) -> AbstractContextManager[object]: ...

    def write(self, *content: str | etree._Element) -> None: ...


def write_ead(out: IO[bytes], head: EadHead, units: Iterable[tuple[int, EadUnit]]) -> None:
    """Write units with their depth, in the order of the tree, as one EAD3 document.

    The first has depth 0 and is what the document describes: a fonds, or for several of them one of the level
    ``REPOSITORY``; no other has depth 0 and none is more than one deeper than the one before it, else ``ValueError``.
    """
    tree = iter(units)
    depth, top = next(tree, (-1, EadUnit("")))
    if depth:
        raise ValueError(depth)
    with etree.xmlfile(out, encoding="UTF-8") as xml:
        xml.write_declaration()
        with xml.element(_tag("ead"), nsmap={None: NAMESPACE}):
            xml.write("\n", _control(head), "\n")
            with xml.element(_tag("archdesc"), _attributes(top)):
                _write_unit(xml, top, head)
                _write_tree(xml, tree, head)
            xml.write("\n")


def _write_tree(xml: _Writer, tree: Iterable[tuple[int, EadUnit]], head: EadHead) -> None:
    opened: list[ExitStack] = []
    with ExitStack() as whole:
        for depth, unit in tree:
            if not 1 <= depth <= len(opened) + 1:
                raise ValueError(depth)
            if not opened:
                xml.write("\n")
                whole.enter_context(xml.element(_tag("dsc"), {"dsctype": "combined"}))
                whole.callback(_close, opened, 0)
            _close(opened, depth - 1)
            opened.append(ExitStack())
            xml.write("\n")
            opened[-1].enter_context(xml.element(_tag("c"), _attributes(unit)))
            _write_unit(xml, unit, head)


def _close(opened: list[ExitStack], depth: int) -> None:
    while len(opened) > depth:
        opened.pop().close()


def _write_unit(xml: _Writer, unit: EadUnit, head: EadHead) -> None:
    """Write what is said of a unit: first what identifies it, then the notes."""
    notes = []
    with xml.element(_tag("did")):
        has_any = False
        for key, values in unit.elements.items():
            for one, place, attributes in _placed(key, values):
                if not place.in_did:
                    notes.append((key, one, place))
                    continue
                has_any = True
                xml.write(_element(place, key, one, {**attributes, **_labelled(key, head)}))
        if not has_any:
            xml.write(etree.Element("unittitle"))
    for key, one, place in notes:
        xml.write(_note(place, key, one, head))


def _placed(key: str, values: Sequence[Written]) -> Sequence[tuple[Written, Place, Mapping[str, str]]]:
    """Return values with their place; where it cannot hold one of them it is the place of none, for their order counts."""
    place = PLACES.get(key, ODD)
    said = [(one, place, attributes) for one in values if (attributes := place.xml_attributes(one)) is not None]
    return said if len(said) == len(values) else [(one, ODD, {}) for one in values]


def _element(place: Place, key: str, one: Written, attributes: dict[str, str]) -> etree._Element:
    if not place.is_plain:
        attributes["localtype"] = xml_text(key)
    outer = etree.Element(place.tag, attributes)
    inner = outer
    for name in place.inner:
        inner = etree.SubElement(inner, name)
    inner.text = xml_text(one.text)
    return outer


def _note(place: Place, key: str, one: Written, head: EadHead) -> etree._Element:
    note = _element(place, key, one, {})
    label = head.labels.get(key)
    if label:
        title = etree.Element("head")
        title.text = xml_text(label)
        note.insert(0, title)
    if one.attributes:
        listed = etree.SubElement(note, "list", listtype="deflist")
        for name, value in one.attributes.items():
            item = etree.SubElement(listed, "defitem")
            etree.SubElement(item, "label").text = xml_text(name)
            etree.SubElement(item, "item").text = xml_text(value)
    return note


def _labelled(key: str, head: EadHead) -> dict[str, str]:
    label = head.labels.get(key)
    return {"label": xml_text(label)} if label else {}


def _attributes(unit: EadUnit) -> dict[str, str]:
    level = {name: xml_text(word) for name, word in level_attributes(unit.level).items()}
    implied = {"altrender": IMPLIED} if unit.is_implied else {}
    return level | implied | ({"id": UNIT_ID_PREFIX + unit.unit_id} if unit.unit_id else {})


def _control(head: EadHead) -> etree._Element:
    at = head.written_at.isoformat(timespec="seconds")
    language, script = ("zho", "Hans") if head.language == "zh" else ("eng", "Latn")
    codes = {"langencoding": "iso639-3", "scriptencoding": "iso15924", "dateencoding": "iso8601"}
    control = etree.Element("control", codes)
    _add(control, ("recordid",), head.record_id)
    _add(control, ("filedesc", "titlestmt", "titleproper"), head.title)
    _add(control, ("maintenancestatus",), "", value="derived")
    agency = _add(control, ("maintenanceagency",), "")
    _add(agency, ("agencycode",), head.agency_code)
    _add(agency, ("agencyname",), head.agency_name)
    said = _add(control, ("languagedeclaration",), "")
    _add(said, ("language",), language, langcode=language)
    _add(said, ("script",), script, scriptcode=script)
    _add(control, ("localtypedeclaration", "citation"), CONVENTION)
    event = _add(control, ("maintenancehistory", "maintenanceevent"), "")
    _add(event, ("eventtype",), "", value="derived")
    _add(event, ("eventdatetime",), at, standarddatetime=at)
    _add(event, ("agenttype",), "", value="machine")
    _add(event, ("agent",), _MADE_BY)
    return control


def _add(parent: etree._Element, tags: Sequence[str], text: str, **attributes: str) -> etree._Element:
    for tag in tags:
        parent = etree.SubElement(parent, tag)
    parent.attrib.update(attributes)
    if text:
        parent.text = xml_text(text)
    return parent


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
