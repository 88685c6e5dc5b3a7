"""A catalogue read from EAD3, unit by unit; what others wrote is read as far as it says the same, and the rest is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import IO

from lxml import etree

from archives.errors import FormatError
from archives.exchange.ead3 import CONVENTION, IMPLIED, PLACES, UNIT_ID_PREFIX, EadUnit, key_of, level_of
from archives.exchange.xml import forget, xml_events
from archives.findings import Finding, warning
from archives.message import message
from archives.record.elements.kinds import Written

COMPONENTS = frozenset(("archdesc", "c", *(f"c{number:02}" for number in range(1, 13))))
"""The elements that are units."""
BELOW = COMPONENTS | {"dsc"}
"""The elements in which units stand."""
_PARTS = BELOW | {"control", "did", ""}
_EVENTS = tuple(f"{{*}}{name}" for name in sorted(BELOW))
_BLOCKS = frozenset(("p", "blockquote", "list", "chronlist", "table", "legalstatus"))


@dataclass(slots=True)
class _Open:
    """A unit whose end has not come; ``is_told``: what is said of it has been read, and nothing can be added."""

    element: etree._Element
    is_told: bool = False

    def told(self, *, is_exact: bool) -> EadUnit:
        """Return what is said of the unit so far, and forget how it was said."""
        self.is_told = True
        elements: dict[str, list[Written]] = {}
        # the parser runs ahead: what stands behind the units below may not have come whole
        for child in tuple(takewhile(lambda child: _name(child) not in BELOW, self.element)):
            for one in child if _name(child) == "did" else (child,):
                if _name(one) and (is_exact or _name(one) != "head"):
                    _take(elements, one, is_exact=is_exact)
            self.element.remove(child)
        said = _attributes(self.element)
        is_implied = is_exact and said.get("altrender") == IMPLIED
        values = {key: tuple(values) for key, values in elements.items()}
        return EadUnit(level_of(said), _unit_id(said), values, is_implied=is_implied)


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
    for event, element in xml_events(source, ("start", "end"), tags=_EVENTS, subject=subject):
        is_unit = _name(element) in COMPONENTS
        if event == "start":
            if opened and not opened[-1].is_told:
                yield len(opened) - 1, opened[-1].told(is_exact=is_exact)
            if is_unit:
                is_exact = _is_ours(element) if not opened else is_exact
                opened.append(_Open(element))
            continue
        is_ead = True
        if is_unit and not opened.pop().is_told:
            yield len(opened), _Open(element).told(is_exact=is_exact)
        for left in (*element, *element.itersiblings(preceding=True)) if opened or is_unit else ():
            if _name(left) not in _PARTS and "".join(left.itertext()).strip():
                say(_left_out(_name(left), left))
        forget(element)
    if not is_ead:
        raise _no_ead(subject)


def _is_ours(top: etree._Element) -> bool:
    """Whether a document declares that its local types are ours."""
    root = top.getparent()
    return root is not None and any(one.text == CONVENTION for one in root.iterfind("{*}control//{*}citation"))


def _take(elements: dict[str, list[Written]], element: etree._Element, *, is_exact: bool) -> None:
    tag = _name(element)
    key = key_of(tag, element.get("localtype", ""))
    one = _written(key, tag, element, is_exact=is_exact)
    if one.text or one.attributes:
        elements.setdefault(key, []).append(one)


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


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def _unit_id(attributes: dict[str, str]) -> str:
    given = attributes.get("id", "")
    return given.removeprefix(UNIT_ID_PREFIX) if given.startswith(UNIT_ID_PREFIX) and given.isascii() else ""


def _no_ead(subject: str) -> FormatError:
    said = message(
        "不是 EAD 文件：其中没有 archdesc；请给出 EAD3 文件",
        "this is no EAD document: there is no archdesc in it; give an EAD3 document",
    )
    return FormatError(said, subject=subject)


def _left_out(tag: str, element: etree._Element) -> Finding:
    said = message(
        "第 {line} 行的 {tag} 未读入：它不属于任何一条，或写在下级条目之后；请移到所属条目的下级之前再读",
        "{tag} in line {line} was not read: it belongs to no unit, or comes after the units below its own; move it"
        " before them and read the document again",
        tag=tag,
        line=element.sourceline or 0,
    )
    return warning("ead-left-out", said)
