"""A unit of the catalogue: whatever is described, from the fonds to the item, with content or without (ISAD(G) 0.1, 2.2).

What is said of a unit lies in rows, each of them whole and with a revision: the row with the highest one holds, so that
order, repetition and a crash change nothing. A row is one line of JSON that needs nothing of ours to be read.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from archives.errors import FormatError
from archives.message import Message, message
from archives.record.description import Description
from archives.record.elements.kinds import TEXT, Written
from archives.record.elements.table import ELEMENTS, describe
from archives.record.identifiers import ArchivalCode, reference_code
from archives.units.state import State

_ELEMENTS = {element.key: element for element in ELEMENTS}
_AS_WRITTEN = {element.key: element.field for element in ELEMENTS if element.kind.read is TEXT.read}
"""The elements whose value is its own text: most of a row, and there are very many rows."""
_VALUES = attrgetter(*(element.field for element in ELEMENTS))
_NOTHING: tuple[object, ...] = ("", None, ())
_NOT_GIVEN = {element.field: element.kind.read(()) for element in ELEMENTS}


class Level(StrEnum):
    """聚合层次 (DA/T 18-2022; ISAD(G) 3.1.4)."""

    FONDS = "全宗"
    SERIES = "类别"
    FILE = "案卷"
    GROUP = "组"
    ITEM = "件"

    @property
    def label(self) -> Message:
        """What readers call it."""
        return message(self.value, _IN_ENGLISH[self])

    @property
    def aggregation(self) -> str:
        """What packages call it (聚合层次, DA/T 46-2009 M1): an item is a 文件."""
        return "文件" if self is Level.ITEM else self.value


_IN_ENGLISH = {
    Level.FONDS: "fonds",
    Level.SERIES: "series",
    Level.FILE: "file",
    Level.GROUP: "group",
    Level.ITEM: "item",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What one row says of a unit.

    ``unit_id`` is a UUID and never used again; of a record that has a package it is the package's. ``parent`` is the
    ``unit_id`` of the unit above it, empty where its code tells (``archives.units.by_rule``), or ``series``, its code by the
    rule of a profile (of a unit without a code the number of its fonds). ``previous`` is the SHA-256 of the row before, empty in the first; ``person``, ``at`` (ISO 8601),
    ``reason``: who, when, why; ``import_id`` is the import that brought the unit, ``source`` where in a table the row stood.
    """

    unit_id: str
    repository: str
    level: Level
    description: Description
    parent: str = ""
    state: State = State.HELD
    revision: int = 1
    previous: str = ""
    person: str = ""
    at: str = ""
    reason: str = ""
    import_id: str = ""
    source: str = ""
    series: str = ""


class RowHead(NamedTuple):
    """What a row is found by, without the rest that it says of its unit (see ``Unit``); ``former_code`` as it is written."""

    unit_id: str
    revision: int
    repository: str
    level: Level
    parent: str
    state: State
    import_id: str
    code: ArchivalCode
    former_code: str
    series: str = ""


def unit_row(unit: Unit) -> bytes:
    """Return a unit's row: one line of JSON (RFC 8259) in UTF-8, its keys in one order, ended by LF."""
    said = {
        "unit_id": unit.unit_id,
        "revision": unit.revision,
        "repository": unit.repository,
        "level": unit.level.value,
        "parent": unit.parent,
        "series": unit.series,
        "state": unit.state.value,
        "elements": _elements(unit.description),
        "person": unit.person,
        "at": unit.at,
        "reason": unit.reason,
        "import": unit.import_id,
        "source": unit.source,
        "previous": unit.previous,
    }
    kept = {key: value for key, value in said.items() if value != ""}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def purged(unit: Unit, reason: str) -> Unit:
    """Return what stays of a row that was purged: which unit it was, where it stood, and why; nothing that was said of it."""
    bare = _description({})
    return Unit(
        unit.unit_id, unit.repository, unit.level, bare, unit.parent, State.PURGED, unit.revision, reason=reason
    )


def row_digest(row: bytes) -> str:
    """Return the digest by which a row is known to the one after it."""
    return hashlib.sha256(row).hexdigest()


def read_unit_row(row: bytes) -> Unit:
    """Return the unit of a row; raises ``FormatError`` for anything that ``unit_row`` did not write."""
    try:
        said = _said(row)
        return Unit(
            unit_id=said["unit_id"],
            repository=said["repository"],
            level=_LEVELS[said["level"]],
            description=_description(said["elements"]),
            parent=said.get("parent", ""),
            state=_STATES[said.get("state", "")],
            revision=said["revision"],
            previous=said.get("previous", ""),
            person=said.get("person", ""),
            at=said.get("at", ""),
            reason=said.get("reason", ""),
            import_id=said.get("import", ""),
            source=said.get("source", ""),
            series=said.get("series", ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise _no_row() from cause


def read_row_head(row: bytes) -> RowHead:
    """Return the head of a row, in half the time that the whole takes; raises ``FormatError`` as ``read_unit_row`` does."""
    try:
        said = _said(row)
        elements = said["elements"]
        for key, stated in elements.items():
            if not (isinstance(stated, str) and key in _AS_WRITTEN) and key != "code" and key in _ELEMENTS:
                _look_at(key, stated) if isinstance(stated, str) else _ELEMENTS[key].kind.read(_written(stated))
        return RowHead(
            unit_id=said["unit_id"],
            revision=said["revision"],
            repository=said["repository"],
            level=_LEVELS[said["level"]],
            parent=said.get("parent", ""),
            state=_STATES[said.get("state", "")],
            import_id=said.get("import", ""),
            code=reference_code(_text(elements.get("code", ""))),
            former_code=_text(elements.get("former_code", "")),
            series=said.get("series", ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise _no_row() from cause


@lru_cache(maxsize=1 << 14)
def _look_at(key: str, stated: str) -> None:
    """Raise ``ValueError`` for what no element says so; the days and periods of a fonds are few for its many units."""
    _ELEMENTS[key].kind.read((Written(stated),))


def head_of(unit: Unit) -> RowHead:
    """Return the head of the row that says this of a unit."""
    return RowHead(
        unit.unit_id,
        unit.revision,
        unit.repository,
        unit.level,
        unit.parent,
        unit.state,
        unit.import_id,
        unit.description.code,
        unit.description.former_code,
        unit.series,
    )


def _said(row: bytes) -> Any:
    """Return the object that a row is; raises ``ValueError``. Half of ``json.loads`` is done for texts that are no row."""
    text = row.decode("utf-8")
    said, end = _DECODER.raw_decode(text)
    if text[end:] not in ("", "\n"):
        raise ValueError("more than one object")
    return said


_DECODER = json.JSONDecoder()
_Stated = str | list[list[object]]
_LEVELS = {one.value: one for one in Level}
_STATES = {one.value: one for one in State}


def _elements(description: Description) -> dict[str, _Stated]:
    stated: dict[str, _Stated] = {}
    for element, value in zip(ELEMENTS, _VALUES(description), strict=True):
        if value in _NOTHING:
            continue
        if element.key in _AS_WRITTEN:
            stated[element.key] = value
            continue
        written = element.kind.write(value)
        if len(written) == 1 and not written[0].attributes:
            stated[element.key] = written[0].text
        elif written:
            stated[element.key] = [[one.text, dict(one.attributes)] for one in written]
    return stated


def _description(stated: Mapping[str, _Stated]) -> Description:
    given = dict(_NOT_GIVEN)
    for key, said in stated.items():
        if isinstance(said, str) and key in _AS_WRITTEN:
            given[_AS_WRITTEN[key]] = said
        elif (element := _ELEMENTS.get(key)) is not None:
            given[element.field] = element.kind.read(_written(said))
    return describe(given)


def _written(stated: _Stated) -> Sequence[Written]:
    if isinstance(stated, str):
        return (Written(stated),)
    return [Written(str(text), _attributes(attributes)) for text, attributes in stated]


def _text(stated: _Stated) -> str:
    return stated if isinstance(stated, str) else next((one.text for one in _written(stated)), "")


def _no_row() -> FormatError:
    return FormatError(
        message("著录行内容不合规范", "a row of a description package does not hold what it should"),
        subject="units.jsonl",
    )


def _attributes(said: object) -> Mapping[str, str]:
    return {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}
