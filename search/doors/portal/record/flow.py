"""The text of a page as paragraphs, the lines of the page kept within them, and what was stamped on it set aside.

A line goes on in the next one where it reaches the edge of its column and the next one is not set in, as far as places are
known; lines of Latin letters reach it as far as their words let them. Elsewhere lines go on where the text looks as if it
was broken into lines of one width: what a file has as paragraphs stays so. Nothing is left out.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from archives.text.page import Box
from search.published.shown.word_places import TextPlaces

Span = tuple[int, int]

_SHORT_EMS, _SET_IN_EMS, _APART_EMS = 2.5, 1.2, 2.0
_RAGGED, _HALF = 0.8, 0.5
"""What part of its column a line of Latin letters fills that goes on, and one whose next begins with a small letter."""
_MOST_PITCH, _MOST_LARGER = 1.3, 1.25
"""How much further than others a line may stand from the one before it, and how much smaller it may be, in one paragraph."""
_ENDS_SENTENCE = re.compile(r"""[.!?:;。！？；：…]["'”’）)]*\s*$""")
_HEADER = re.compile(r"[A-Z][A-Za-z]*(?:-[A-Za-z]+)*: ")
_NEARLY_FULL, _LEAST_WIDTH, _LEAST_FULL = 0.85, 24, 3
_RETENTION = {"永久", "长期", "短期", "定期30年", "定期10年", "30年", "10年", "y", "d30", "d10"}
_MOST_STAMPED, _LEAST_STAMPED = 8, 3


@dataclass(frozen=True, slots=True)
class Flow:
    """A text in spans of it: the lines that a stamp left at its beginning, and its paragraphs, each of its lines."""

    stamp: tuple[Span, ...]
    paragraphs: tuple[tuple[Span, ...], ...]


def flow_of(text: str, places: TextPlaces, code: str) -> Flow:
    """Return how a text flows; ``code`` is the record's archival code, whose parts a stamp repeats."""
    lines = _lines(text)
    stamped = _stamped(text, lines, code)
    rest = lines[stamped:]
    boxes = {place.line.start: place.line.box for place in places.lines}
    known = [boxes[start] for start, _ in rest if start in boxes]
    if 2 * len(known) > len(rest):
        goes_on = _by_places(text, rest, boxes, is_vertical=places.direction == "vertical")
    else:
        goes_on = _by_widths(text, rest)
    paragraphs: list[list[Span]] = []
    joins = False
    for span, joins_next in zip(rest, goes_on, strict=True):
        if joins:
            paragraphs[-1].append(span)
        else:
            paragraphs.append([span])
        joins = joins_next
    return Flow(tuple(lines[:stamped]), tuple(map(tuple, paragraphs)))


def _lines(text: str) -> list[Span]:
    """Return the lines of a text in which something stands."""
    return [found.span() for found in re.finditer(r"[^\n]+", text) if found[0].strip()]


def _stamped(text: str, lines: Sequence[Span], code: str) -> int:
    """Return how many lines at the beginning are what a stamp of filing says: parts of the code, its term, its pages."""
    parts = {part.casefold() for part in re.split(r"[-·.\s/]+", code) if part} | _RETENTION
    said = [text[start:end].strip().casefold() for start, end in lines[:_MOST_STAMPED]]
    number = next(
        (n for n, one in enumerate(said) if one not in parts and not re.fullmatch(r"\d{1,4}", one)), len(said)
    )
    named = sum(one in parts for one in said[:number])
    return number if number >= _LEAST_STAMPED and named >= _LEAST_STAMPED else 0


def _by_places(text: str, lines: Sequence[Span], boxes: dict[int, Box], *, is_vertical: bool) -> list[bool]:
    laid = {line: _laid(boxes[line[0]], is_vertical=is_vertical) for line in lines if line[0] in boxes}
    every = list(laid.values())
    em = median(one.thick for one in every) or 1
    begin, end = _edge([one.begin for one in every], first=True), _edge([one.end for one in every], first=False)
    pitch = median([max(0.0, b.middle - a.middle) for a, b in pairwise(every)] or [0])

    def goes_on(line: Span, following: Span) -> bool:
        one, other = laid.get(line), laid.get(following)
        if one is None or other is None or other.begin > begin + _SET_IN_EMS * em:
            return False
        if other.level - (one.level + one.thick) >= _APART_EMS * em:
            return False
        last, first = text[slice(*line)].rstrip(), text[slice(*following)].lstrip()
        is_full = one.end >= end - _SHORT_EMS * em
        if is_vertical or _width(last[-1:]) > 1 or _width(first[:1]) > 1:
            return is_full
        if other.middle - one.middle > _MOST_PITCH * pitch or one.thick > _MOST_LARGER * other.thick:
            return False
        filled = (one.end - begin) / max(1.0, end - begin)
        return (
            is_full
            or (filled >= _RAGGED and not _ENDS_SENTENCE.search(last))
            or (filled >= _HALF and first[0].islower())
        )

    return [goes_on(*pair) for pair in pairwise(lines)] + [False] * bool(lines)


@dataclass(frozen=True, slots=True)
class _Laid:
    """A line along its own direction: where it begins and ends, how thick it is, how far down the text it stands."""

    begin: int
    end: int
    thick: int
    level: int

    @property
    def middle(self) -> float:
        """How far down its middle stands: ascending and descending letters move it less than its edges."""
        return self.level + self.thick / 2


def _laid(box: Box, *, is_vertical: bool) -> _Laid:
    if is_vertical:
        return _Laid(box.top, box.top + box.height, box.width, -(box.left + box.width))
    return _Laid(box.left, box.left + box.width, box.height, box.top)


def _edge(values: Sequence[int], *, first: bool) -> float:
    """Return where a column has its edge: but for few lines none goes beyond it."""
    ordered = sorted(values, reverse=not first)
    return ordered[len(ordered) // 10]


def _by_widths(text: str, lines: Sequence[Span]) -> list[bool]:
    widths = [_width(text[start:end]) for start, end in lines]
    longest = max(widths, default=0)
    full = [longest >= _LEAST_WIDTH and width >= _NEARLY_FULL * longest for width in widths]
    if sum(full) < _LEAST_FULL or max(widths, default=0) > 3 * median(widths or [0]):
        return [False] * len(lines)
    ended = [bool(_ENDS_SENTENCE.search(text[start:end])) for start, end in lines]
    if 2 * sum(a and b for a, b in zip(full, ended, strict=True)) > sum(full):
        return [False] * len(lines)  # a line of one width ends a sentence now and then, a paragraph always
    next_to = [text[one[1] : other[0]].count("\n") == 1 for one, other in pairwise(lines)]
    set_in = [text[start].isspace() or bool(_HEADER.match(text, start, end)) for start, end in lines[1:]]
    joined = [a and b and not c for a, b, c in zip(full[:-1], next_to, set_in, strict=True)]
    return [*joined, *([False] * bool(lines))]


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in line.strip())
