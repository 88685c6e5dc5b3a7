"""The words of a finding aid that are markings of state secrets, by the unit in which they stand, or in none.

Looked at is all that the file holds, shown or not: texts, attributes, comments, processing instructions.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from archives.exchange.ead3_reader import BELOW, COMPONENTS
from archives.exchange.xml import forget, xml_events
from archives.record.marked import is_secret


class Words(NamedTuple):
    """Words, where they stand (the element and its line), and whether they are its text, as a row may have it."""

    place: str
    text: str
    is_text: bool


_is_secret = lru_cache(maxsize=1 << 14)(is_secret)


def marked_words(path: Path) -> Mapping[int, tuple[Words, ...]]:
    """Return the words that are markings by the number of the unit in which they stand, in the order of the tree; -1 for none.

    Raises ``FormatError`` as ``read_ead`` does.
    """
    found: dict[int, dict[Words, None]] = {}
    opened, number = [-1], -1
    with path.open("rb") as source:
        for event, element in xml_events(source, ("start", "end", "comment", "pi"), subject=path.name):
            name = _name(element)
            if event == "start":
                if name in COMPONENTS:
                    number += 1
                    opened.append(number)
                continue
            place = f"{name or event} {element.sourceline or 0}"
            for text, is_text in _marked(element, name):
                found.setdefault(opened[-1], {})[Words(place, text, is_text)] = None
            if name in COMPONENTS:
                opened.pop()
            if name in BELOW:
                forget(element)
    return {unit: tuple(words) for unit, words in found.items()}


def unjudged(words: Iterable[Words], cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield those words of a unit that are in no cell of its row, nor name one, where they are judged with the row."""
    judged = {_plain(one) for key, text in cells.items() for one in (text, key.partition(":")[2])}
    marked = [one for one in judged if one and _is_secret(one)]
    yield from (
        (one.place, one.text) for one in words if not (one.is_text and any(one.text in cell for cell in marked))
    )


def _marked(element: etree._Element, name: str) -> Iterator[tuple[str, bool]]:
    """Yield the markings that stand in an element, each with whether it is its text: cut by others in it, else whole."""
    yield from ((text, False) for text in map(_plain, map(str, element.attrib.values())) if _is_secret(text))
    texts = [element.text, *(child.tail for child in element)] if name else [element.text]
    pieces = [text for one in texts if one and _is_secret(text := _plain(one))]
    yield from ((text, bool(name)) for text in pieces)
    if name and name not in BELOW and len(element) and not pieces:
        whole = _plain("".join(map(str, element.itertext("*"))))
        if _is_secret(whole) and not any(_is_secret(_plain(str(one))) for one in element.itertext("*")):
            yield whole, True


def _plain(text: str) -> str:
    return " ".join(text.split())


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
