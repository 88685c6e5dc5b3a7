"""What of a record is marked as secret: its elements, and the names of its files."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from archives.message import Message, message
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS
from archives.record.secrecy import (
    SecurityClassification,
    is_choice_of_levels,
    marking_in_folder_name,
    marking_in_name,
    marking_of,
    marking_of_object,
)

_PARTS = re.compile(r"[-·./\s]+")
_MAY_SAY = re.compile("[密秘祕]|secret|confidential", re.IGNORECASE)
_TITLES = frozenset(("code", "title", "author"))


@dataclass(frozen=True, slots=True)
class MarkedPlace:
    """An element or a file name that is a marking, what it says, and the level."""

    place: Message
    said: str
    level: SecurityClassification


def is_secret(text: str, heading: str = "") -> bool:
    """Say whether a text outside the rows of records is a marking of state secrets; ``heading`` is what stands above it."""
    level = marking_of(text, heading=heading) or marking_of_object(text)
    return level is not None and level.is_state_secret and not is_choice_of_levels(text)


def marking_in_code(code: str) -> SecurityClassification | None:
    """Return the level of state secrets that a part of an archival code is, as of a name: codes are public, and names of folders."""
    if not _MAY_SAY.search(unicodedata.normalize("NFKC", code)):
        return None
    parts = (marking_of(part) for part in _PARTS.split(code) if len(part) > 1)
    return next((level for level in parts if level and level.is_state_secret), None) or marking_in_name(code)


def marked_places(description: Description, file_names: Iterable[str], *, day: date) -> tuple[MarkedPlace, ...]:
    """Return every marking that keeps a record from being opened on a day.

    A state secret does, unless its declassification has a date that is not after the day, and a basis; what is withheld
    without being one (工作秘密, 内部) always does.
    """
    over = description.declassified_on
    is_declassified = over is not None and over <= day and bool(description.declassification_basis)
    found = (*_in_elements(description), *_in_names(file_names))
    return tuple(one for one in found if one.level.is_withheld or (one.level.is_state_secret and not is_declassified))


def _in_elements(description: Description) -> Iterator[MarkedPlace]:
    for element in ELEMENTS:
        if element.field == "other":
            continue
        text = element.text(description)
        if not text:
            continue
        level = marking_of(text, heading=element.name) or (marking_in_code(text) if element.key == "code" else None)
        if level is None and element.key not in _TITLES:
            level = marking_of_object(text)
        if level and not (element.key == "opening_proposal" and level.is_withheld):
            yield MarkedPlace(element.label, text, level)
    for name, text in description.other:
        if level := marking_of(text, heading=name) or marking_of_object(text):
            yield MarkedPlace(message("{name}", "{name}", name=name), text, level)


def _in_names(names: Iterable[str]) -> Iterator[MarkedPlace]:
    for name in names:
        *folders, last = name.split("/")
        for part, level in (*((one, marking_in_folder_name(one)) for one in folders), (last, marking_in_name(last))):
            if level:
                yield MarkedPlace(message("文件名", "file name"), part, level)
