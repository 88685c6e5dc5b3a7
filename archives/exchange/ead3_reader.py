"""A catalogue read from EAD3, unit by unit; what others wrote is read as far as it says the same, and the rest is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from archives.errors import FormatError
from archives.exchange.ead3 import CONVENTION, PLACES, UNIT_ID_PREFIX, EadUnit, key_of, level_of
from archives.exchange.xml import forget, xml_events
from archives.findings import Finding, warning
from archives.message import message
from archives.record.elements.kinds import Written

_COMPONENTS = frozenset(("archdesc", "c", *(f"c{number:02}" for number in range(1, 13))))
_HOLDERS = _COMPONENTS | {"did", "dsc"}
_BLOCKS = frozenset(("p", "blockquote", "list", "chronlist", "table", "legalstatus"))


@dataclass(slots=True)
class _Open:
    """A unit whose end has not come; ``is_told``: its first part has, and nothing can be added."""

    level: str
    unit_id: str
    elements: dict[str, list[Written]] = field(default_factory=dict)
    is_told: bool = False

    def told(self) -> EadUnit:
        self.is_told = True
        return EadUnit(self.level, self.unit_id, {key: tuple(values) for key, values in self.elements.items()})


def read_ead(
    source: IO[bytes], *, say: Callable[[Finding], None], subject: str = "ead.xml"
) -> Iterator[tuple[int, EadUnit]]:
    """Yield the units of an EAD3 document with their depth, in the order of the tree: those that ``write_ead`` was given.

    The first, of depth 0, is what the document describes. A document of somebody else's is read by the same table: a tag
    that has no place in it is an element of the tag's name, a level that is not ours stays as it is written. What belongs
    to no unit, or comes after the units below its own, is told to ``say``. Raises ``FormatError`` for what is no EAD.
    """
    opened: list[_Open] = []
    is_exact = is_ead = False
    for event, element in xml_events(source, ("start", "end"), subject=subject):
        tag = _name(element)
        if event == "start":
            is_ead = is_ead or _must_be_ead(tag, subject)
            if tag in _COMPONENTS:
                if opened and not opened[-1].is_told:
                    yield len(opened) - 1, opened[-1].told()
                opened.append(_Open(level_of(_attributes(element)), _unit_id(element)))
            elif tag == "dsc" and opened and not opened[-1].is_told:
                yield len(opened) - 1, opened[-1].told()
            continue
        if tag == "citation" and "".join(element.itertext()) == CONVENTION:
            is_exact = True
        if tag in _COMPONENTS:
            unit = opened.pop()
            if not unit.is_told:
                yield len(opened), unit.told()
            forget(element)
        elif opened and tag not in ("did", "dsc") and _stands_in_unit(element):
            _take(opened[-1], tag, element, is_exact, say)
            forget(element)


def _take(unit: _Open, tag: str, element: etree._Element, is_exact: bool, say: Callable[[Finding], None]) -> None:
    parent = element.getparent()
    if unit.is_told or (parent is not None and _name(parent) == "dsc"):
        if "".join(element.itertext()).strip():
            say(_left_out(tag, element))
        return
    if tag == "head" and not is_exact:
        return
    local_type = element.get("localtype", "")
    key = key_of(tag, local_type)
    one = _written(key, tag, element, is_exact=is_exact)
    if one.text or one.attributes:
        unit.elements.setdefault(key, []).append(one)


def _written(key: str, tag: str, element: etree._Element, *, is_exact: bool) -> Written:
    place = PLACES.get(key)
    xml = _attributes(element)
    if place and place.tag == tag:
        said = place.own_attributes(xml)
    elif is_exact:
        said = {}
    else:
        said = {name: value for name, value in xml.items() if name not in ("localtype", "label", "encodinganalog")}
    listed = _listed(element) if is_exact else {}
    return Written(_text(element, is_exact=is_exact), {**said, **listed})


def _text(element: etree._Element, *, is_exact: bool) -> str:
    """Return what an element says; of notes their paragraphs, of what others wrote without the blanks of its layout."""
    children = [child for child in element if _name(child)]
    blocks = [child for child in children if _name(child) in _BLOCKS]
    if is_exact:
        return "".join(blocks[0].itertext()) if blocks else "".join(element.itertext())
    if not blocks:
        return " ".join(" ".join(element.itertext()).split())
    return "\n".join(" ".join(" ".join(child.itertext()).split()) for child in children)


def _listed(element: etree._Element) -> dict[str, str]:
    """Return the attributes that stand in a note's list."""
    said = {}
    for item in element.iterfind("{*}list/{*}defitem"):
        said["".join(item[0].itertext())] = "".join(item[1].itertext())
    return said


def _name(element: etree._Element) -> str:
    """Return the name of an element without its namespace: EAD 2002 has another one, and the same names."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _stands_in_unit(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and _name(parent) in _HOLDERS


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def _unit_id(element: etree._Element) -> str:
    given = element.get("id", "")
    return given.removeprefix(UNIT_ID_PREFIX) if given.startswith(UNIT_ID_PREFIX) and given.isascii() else ""


def _must_be_ead(tag: str, subject: str) -> bool:
    if tag == "ead":
        return True
    said = message(
        "不是 EAD 文件：最外层是 {tag}；请给出 EAD3 文件",
        "this is no EAD document: its outermost element is {tag}; give an EAD3 document",
        tag=tag,
    )
    raise FormatError(said, subject=subject)


def _left_out(tag: str, element: etree._Element) -> Finding:
    said = message(
        "第 {line} 行的 {tag} 未读入：它不属于任何一条，或写在下级条目之后；请移到所属条目的下级之前再读",
        "{tag} in line {line} was not read: it belongs to no unit, or comes after the units below its own; move it"
        " before them and read the document again",
        tag=tag,
        line=element.sourceline or 0,
    )
    return warning("ead-left-out", said)
