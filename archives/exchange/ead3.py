"""Encoded Archival Description (EAD3 1.1.1, Society of American Archivists): what a catalogue has to do with it.

``PLACES`` is the one table of what stands where. An element without a place of its own, or whose value its place cannot
hold, stands in ``<odd localtype="key">`` with its attributes in a list: what was written is read as it was.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from archives.message import Language
from archives.record.elements.kinds import Written
from archives.units.unit import Level

NAMESPACE = "http://ead3.archivists.org/schema/"
CONVENTION = "urn:jinkui:elements:1"
"""What a document declares whose local types are the keys of our elements, and whose texts count to the last blank."""

REPOSITORY = "repository"
"""The level of what stands above several fonds, for a document describes one thing only."""

IMPLIED = "implied"
"""What the attribute ``altrender`` of a component says that nobody described."""
UNIT_ID_PREFIX = "unit-"
_UNIT_ID = re.compile(r"[A-Za-z0-9._-]*")
_TOKEN = re.compile(r"[\w.:-]+")


@dataclass(frozen=True, slots=True)
class EadUnit:
    """A unit of description: its level (a ``Level``, or the word of others), its ``unit_id``, its elements by key.

    Every element has its values as they stand in ``record.xml``; one that nobody gave is not there. ``is_implied``: nobody
    described it, the codes of what stands below name it.
    Raises ``ValueError`` for a ``unit_id`` that is no part of an XML identifier.
    """

    level: str
    unit_id: str = ""
    elements: Mapping[str, tuple[Written, ...]] = field(default_factory=dict)
    is_implied: bool = False

    def __post_init__(self) -> None:
        if not _UNIT_ID.fullmatch(self.unit_id):
            raise ValueError(self.unit_id)

    @property
    def code(self) -> str:
        """The archival code, empty where nobody gave one."""
        return next((one.text for one in self.elements.get("code", ())), "")


@dataclass(frozen=True, slots=True)
class EadHead:
    """What a document says of itself; ``labels`` are what people call the elements, by key, in its ``language``."""

    record_id: str
    title: str
    agency_code: str
    agency_name: str
    written_at: datetime
    language: Language = "zh"
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands: ``tag``, and the elements ``inner`` that hold the text within it.

    ``is_plain``: without a local type, as every reader of EAD takes it. ``attributes`` are the XML attributes that hold
    ours, several in one with a stroke between them.
    """

    tag: str
    inner: tuple[str, ...] = ()
    is_plain: bool = False
    in_did: bool = True
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def xml_attributes(self, one: Written) -> Mapping[str, str] | None:
        """Return the XML attributes that say what ours say; None where they cannot."""
        said: dict[str, str] = {}
        names = set(one.attributes)
        for name, ours in self.attributes:
            values = [one.attributes[own] for own in ours if own in one.attributes]
            names -= set(ours)
            if not values:
                continue
            if len(values) < len(ours) or not all(_TOKEN.fullmatch(value) for value in values):
                return None
            said[name] = "/".join(values)
        return None if names else said

    def own_attributes(self, xml: Mapping[str, str]) -> dict[str, str]:
        """Return our attributes that XML attributes say."""
        said: dict[str, str] = {}
        for name, ours in self.attributes:
            values = xml[name].split("/") if name in xml else []
            if len(values) == len(ours):
                said |= dict(zip(ours, values, strict=True))
        return said


def _note(tag: str, *, is_plain: bool = False) -> Place:
    return Place(tag, ("p",), is_plain, in_did=False)


PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "code": Place("unitid", is_plain=True),
        "former_code": Place("unitid"),
        "document_number": Place("unitid"),
        "title": Place("unittitle", is_plain=True),
        "author": Place("origination", ("name", "part"), is_plain=True),
        "date": Place("unitdate", is_plain=True, attributes=(("normal", ("起", "止")), ("certainty", ("确定程度",)))),
        "pages": Place("physdesc", is_plain=True),
        "page_range": Place("physdesc"),
        "items": Place("physdesc"),
        "carrier": Place("physdesc"),
        "language": Place("langmaterial", ("language",), is_plain=True),
        "box": Place("container", is_plain=True),
        "place": Place("physloc", is_plain=True),
        "note": Place("didnote", is_plain=True),
        "abstract": Place("abstract", is_plain=True),
        "security": _note("accessrestrict"),
        "declassified_on": _note("accessrestrict"),
        "declassification_basis": _note("accessrestrict"),
        "opening_proposal": _note("accessrestrict"),
        "retention": _note("appraisal", is_plain=True),
        "history": _note("bioghist", is_plain=True),
        "described_by": _note("processinfo"),
        "described_on": _note("processinfo"),
        "import": _note("processinfo"),
    }
)
"""Where elements stand, by key."""

ODD = Place("odd", ("p",), in_did=False)

LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        "fonds": Level.FONDS,
        "collection": Level.FONDS,
        "recordgrp": Level.FONDS,
        "series": Level.SERIES,
        "class": Level.SERIES,
        "subfonds": Level.SERIES,
        "subseries": Level.SERIES,
        "file": Level.FILE,
        "group": Level.GROUP,
        "subgrp": Level.GROUP,
        "item": Level.ITEM,
    }
)
"""What the words for levels of others are here; the first for each is ours."""

OTHER_LEVEL = "otherlevel"
_LEVELS_OF_EAD = frozenset(LEVELS) - {"group"}


def level_attributes(level: str) -> dict[str, str]:
    """Return how EAD says a level; what it has no word for is another level."""
    word = next((word for word, known in LEVELS.items() if known == level), level)
    is_known = word in _LEVELS_OF_EAD and LEVELS[word] == level
    return {"level": word} if is_known else {"level": OTHER_LEVEL, OTHER_LEVEL: word}


def level_of(attributes: Mapping[str, str]) -> str:
    """Return the level that attributes say; one that is not ours as it is written."""
    word = attributes.get("level", "")
    word = attributes.get(OTHER_LEVEL, "") if word == OTHER_LEVEL else word
    return LEVELS[word].value if word in LEVELS else word


_BY_LOCAL_TYPE = {(place.tag, key): key for key, place in PLACES.items()}
_BY_TAG = {place.tag: key for key, place in PLACES.items() if place.is_plain}


def key_of(tag: str, local_type: str) -> str:
    """Return the key of the element that stands in a tag with this local type; a tag that has no place is its own key."""
    if tag == ODD.tag and local_type:
        return local_type
    return _BY_LOCAL_TYPE.get((tag, local_type)) or _BY_TAG.get(tag) or tag
