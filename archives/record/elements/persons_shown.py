"""Names of a unit's persons that stand in what the public would see of it: in a title put together of them, or on a page."""

import re
from collections.abc import Iterable, Iterator

from archives.message import Message
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS, public_elements
from archives.text.folding import folded_text

_BETWEEN = re.compile(r"[、，,；;/\n]")
_BESIDE = re.compile(r"（.*?）|\(.*?\)|〔.*?〕|\[.*?\]")
_SHORTEST = 2
_FOUND_BY = "former_code"


def persons_shown(description: Description) -> Iterator[tuple[Message, str]]:
    """Yield each element that the public sees, or is found by, with a person's name in it; one letter alone is none.

    Blanks and case do not count.
    """
    values = {**public_elements(description), _FOUND_BY: description.former_code}
    for name in persons_named(description):
        for element in ELEMENTS:
            is_shown = element.portal or element.key == _FOUND_BY
            if is_shown and _plain(name) in _plain(str(values.get(element.public_key) or "")):
                yield element.label, name


def persons_named(description: Description) -> tuple[str, ...]:
    """Return the names of the unit's persons, each once; one letter alone is none."""
    return tuple(dict.fromkeys(_names(description)))


def names_within(text: str, names: Iterable[str]) -> Iterator[str]:
    """Yield those of these names that stand in a text; blanks and case do not count."""
    plain = _plain(text)
    return (name for name in names if _plain(name) in plain)


def _names(description: Description) -> Iterator[str]:
    for _, who in description.persons:
        for part in _BETWEEN.split(_BESIDE.sub("、", who)):
            if len(_plain(part)) >= _SHORTEST:
                yield part.strip()


def _plain(text: str) -> str:
    return "".join(folded_text(text).split())
