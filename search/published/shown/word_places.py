"""Where the words of a published text stand on the picture of their page."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from archives.text.page import Box, Direction, Line, Page

_ANOTHER_SHAPE = 0.02
_AHEAD = 4
"""How many lines of a text are passed over in looking for one that was read."""


@dataclass(frozen=True, slots=True)
class Place:
    """A run of characters of a text, from ``start`` to before ``end``, and the box that it has."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A line of a text with its words."""

    line: Place
    words: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class TextPlaces:
    """The lines of a text that stand on a picture, in pixels of it."""

    direction: Direction = "horizontal"
    lines: tuple[LinePlace, ...] = ()


def text_places(page: Page, text: str, *, width_px: int, height_px: int) -> TextPlaces:
    """Return where the lines of a published text stand on a picture of these measures, by what was read on the page.

    Only lines that the text has as they were read have a place: a text that somebody changed has none there, and one of a
    picture of another shape has none at all.
    """
    if not _is_of_shape(page, width_px, height_px):
        return TextPlaces(page.direction)
    scale = width_px / page.width_px
    return TextPlaces(page.direction, tuple(_lines(page.lines, text, scale)))


def boxes_of(places: TextPlaces, text: str, marks: Sequence[tuple[int, int]]) -> tuple[tuple[Box, ...], ...]:
    """Return the boxes of every mark (half-open) on the text that has these places.

    Of a part of a word that is a part of its box, as wide as its characters are among the others.
    """
    words = [word for line in places.lines for word in line.words]  # as they follow one another in the text
    ends = [word.end for word in words]

    def standing(start: int, end: int) -> Iterator[Place]:
        for number in range(bisect_right(ends, start), len(words)):
            if words[number].start >= end:
                return
            yield words[number]

    return tuple(
        tuple(
            _part(word, text, max(start, word.start), min(end, word.end), places.direction)
            for word in standing(start, end)
        )
        for start, end in marks
    )


def _is_of_shape(page: Page, width_px: int, height_px: int) -> bool:
    if not (page.width_px and page.height_px and width_px and height_px):
        return False
    return abs(page.width_px * height_px / (page.height_px * width_px) - 1) < _ANOTHER_SHAPE


def _lines(lines: Sequence[Line], text: str, scale: float) -> Iterator[LinePlace]:
    written = text.split("\n")
    starts = [*accumulate((len(one) + 1 for one in written), initial=0)]
    at = 0
    for line in lines:
        found = next(
            (n for n in range(at, min(at + _AHEAD, len(written))) if written[n].strip() == line.text.strip()), -1
        )
        if found < 0 or not line.text.strip():
            continue
        start = starts[found] + written[found].find(line.text.strip())
        place = start - (len(line.text) - len(line.text.lstrip()))
        words = []
        for word in line.words:
            words.append(Place(max(start, place), place + len(word.text), _scaled(word.box, scale)))
            place += len(word.text) + len(line.separator)
        yield LinePlace(Place(start, start + len(line.text.strip()), _scaled(line.box, scale)), tuple(words))
        at = found + 1


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(round(one * scale) for one in (box.left, box.top, box.width, box.height)))


def _part(word: Place, text: str, start: int, end: int, direction: Direction) -> Box:
    widths = [*accumulate(map(_width, text[word.start : word.end]), initial=0)]
    whole = widths[-1] or 1
    first, last = widths[start - word.start] / whole, widths[end - word.start] / whole
    box = word.box
    if direction == "vertical" and box.height > box.width:
        return Box(box.left, box.top + round(first * box.height), box.width, max(1, round((last - first) * box.height)))
    return Box(box.left + round(first * box.width), box.top, max(1, round((last - first) * box.width)), box.height)


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1
