"""The lists and numbered headings of an OpenDocument (ISO/IEC 26300-1 §16.29 to §16.34)."""

import re
from collections.abc import Iterator

from lxml import etree

from formats.kinds.office.lists.counting import DECIMAL, LEVELS, Counting, Level, List, whole_number
from formats.ooxml import attribute, local

_OPEN_FORMS = {
    "i": "lowerRoman", "I": "upperRoman", "a": "lowerLetter", "A": "upperLetter", "一": "chineseCounting",
    "壹": "chineseLegalSimplified", "①": "decimalEnclosedCircle", "甲": "ideographTraditional", "子": "ideographZodiac",
    "１": "decimalFullWidth",
}  # fmt: skip
"""Formats of OpenDocument by the sign that they begin with; the rest is in digits (ISO/IEC 26300-1 §19.500)."""
_OUTLINE = ""
_PLACE = re.compile(r"%(\d)%")


class OpenNumbering:
    """The lists and numbered headings of an OpenDocument (ISO/IEC 26300-1 §16.29 to §16.34), counted in their order."""

    def __init__(self, *roots: etree._Element | None) -> None:
        self._counting = Counting({name: one for root in roots if root is not None for name, one in _open_lists(root)})
        self._begun: dict[str, etree._Element] = {}

    def label(self, paragraph: etree._Element) -> str:
        """Return what stands before a paragraph or heading, "" for most; each is to be asked for once, in their order."""
        item = paragraph.getparent()
        if item is None or local(item) not in ("list-item", "list-header"):
            depth = whole_number(attribute(paragraph, "outline-level"))
            return self._counting.label(_OUTLINE, depth - 1) if local(paragraph) == "h" and depth else ""
        lists = list(_lists_around(item))
        name = next(filter(None, (attribute(one, "style-name") for one in lists)), "")
        first = next((one for one in item if local(one) in ("p", "h")), None)
        if local(item) == "list-header" or first is not paragraph:
            return ""
        goes_on = attribute(lists[-1], "continue-numbering") == "true" or attribute(lists[-1], "continue-list")
        if self._begun.get(name) is not lists[-1] and not goes_on:
            self._counting.begin_anew(name)
        self._begun[name] = lists[-1]
        start = attribute(item, "start-value")
        return self._counting.label(name, min(len(lists), LEVELS) - 1, whole_number(start) if start else None)


def _lists_around(item: etree._Element) -> Iterator[etree._Element]:
    """Yield the lists that an item is in, the innermost first; what stands in a cell, a box or a note is in no list around it."""
    for one in item.iterancestors():
        if local(one) == "list":
            yield one
        elif local(one) not in ("list-item", "list-header"):
            return


def _open_lists(root: etree._Element) -> Iterator[tuple[str, List]]:
    for one in root.iter("{*}list-style", "{*}outline-style"):
        name = _OUTLINE if local(one) == "outline-style" else attribute(one, "name") or ""
        yield name, List(name, dict(_open_levels(one)))


def _open_levels(style: etree._Element) -> Iterator[tuple[int, Level]]:
    for one in style:
        depth = whole_number(attribute(one, "level"))
        if not 0 < depth <= LEVELS or local(one) not in ("list-level-style-number", "outline-level-style"):
            continue
        shown = min(max(whole_number(attribute(one, "display-levels")), 1), depth)
        numbers = ".".join(f"%{place}" for place in range(depth - shown + 1, depth + 1))
        text = f"{attribute(one, 'num-prefix') or ''}{numbers}{attribute(one, 'num-suffix') or ''}"
        if listed := attribute(one, "num-list-format"):
            text = _PLACE.sub(r"%\1", listed)  # since LibreOffice 7
        form = attribute(one, "num-format") or ""
        if form:
            yield (
                depth - 1,
                Level(_OPEN_FORMS.get(form[0], DECIMAL), text, whole_number(attribute(one, "start-value") or "1")),
            )
