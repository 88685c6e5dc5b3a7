"""What stands on a page of the PDF: the published text, each line where it stands on the picture, as far as that is known."""

import unicodedata
from collections.abc import Iterator
from itertools import accumulate

from archives.text.page import Box, Line, Page, Word
from search.published.shown.page_file import PageTold
from search.published.shown.word_places import LinePlace

_LONGEST_SIDE_POINTS = 842
"""Of a page on paper: nothing that is published tells how large the original is, so it has the longer side of A4."""
_MARGIN = 20
_THIN = 5


def page_of(told: PageTold, text: str) -> Page:
    """Return the text of a page as it stands there, in the order of the text.

    A line that has no place (somebody changed it, or it was never read on the picture) lies in a narrow strip behind the one
    before it; where none has one, they are spread over the page.
    """
    dpi = max(1, round(max(told.width_px, told.height_px) * 72 / _LONGEST_SIDE_POINTS))
    written = text.split("\n")
    starts = accumulate((len(one) + 1 for one in written), initial=0)
    places = {place.line.start: place for place in told.places.lines}
    each = [(one, places.get(at + len(one) - len(one.lstrip()))) for one, at in zip(written, starts, strict=False)]
    each = [(one, place) for one, place in each if _plain(one)]
    lines = _placed(told, text, each) if any(place for _, place in each) else _spread(told, [one for one, _ in each])
    return Page(told.width_px, told.height_px, dpi, "", told.places.direction, tuple(lines))


def _placed(told: PageTold, text: str, each: list[tuple[str, LinePlace | None]]) -> Iterator[Line]:
    box = _before(next(place.line.box for _, place in each if place), told.places.direction == "vertical")
    for one, place in each:
        if place:
            box = place.line.box
            yield _line(text, place)
        else:
            box = _behind(box, told.places.direction == "vertical")
            yield Line((Word(_plain(one), box, 1.0),), box)


def _line(text: str, place: LinePlace) -> Line:
    said = [(_plain(text[word.start : word.end]), word.box) for word in place.words]
    words = tuple(Word(one, box, 1.0) for one, box in said if one)
    apart = len(place.words) > 1 and place.words[0].end < place.words[1].start
    whole = Word(_plain(text[place.line.start : place.line.end]), place.line.box, 1.0)
    return Line(words or (whole,), place.line.box, " " if apart else "")


def _before(box: Box, is_vertical: bool) -> Box:
    """Return where a line would stand of which the one in this box is the next."""
    if is_vertical:
        return Box(box.left + box.width, box.top, box.width, box.height)
    return Box(box.left, max(0, box.top - box.height), box.width, box.height)


def _behind(box: Box, is_vertical: bool) -> Box:
    """Return a narrow strip between a line and the next."""
    if is_vertical:
        width = max(2, box.width // _THIN)
        return Box(max(0, box.left - width), box.top, width, box.height)
    return Box(box.left, box.top + box.height, box.width, max(2, box.height // _THIN))


def _spread(told: PageTold, lines: list[str]) -> Iterator[Line]:
    left, top = told.width_px // _MARGIN, told.height_px // _MARGIN
    step = max(1.0, (told.height_px - 2 * top) / max(1, len(lines)))
    height = max(1, min(round(0.8 * step), told.height_px // 40))
    for number, one in enumerate(lines):
        width = min(told.width_px - 2 * left, height * len(one))
        box = Box(left, round(top + number * step), max(1, width), height)
        yield Line((Word(_plain(one), box, 1.0),), box)


def _plain(text: str) -> str:
    """Return a text without what no reader sees and no PDF/A may hold."""
    kept = (" " if one.isspace() else one for one in text if one.isspace() or unicodedata.category(one) not in _UNSEEN)
    return "".join(kept).strip()


_UNSEEN = ("Cc", "Cf", "Cn", "Cs")
