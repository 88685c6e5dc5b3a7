"""Pages too large to be read at once: where their pieces lie, and how what was found on several of them is joined.

An engine that looks at a page as a whole makes it smaller first; letters of a long scroll or of a sheet beyond A3 would
be too small to be seen. Pieces overlap, so that what one cuts through another has whole.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from archives.text.page import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_A3_INCHES, _A0_INCHES = 16.8, 50.0
_A4_INCHES = 11.7
_LARGE_PX = 5000
_LONG_PX, _LONG = 2400, 2.4
_SMALLEST_PX, _LARGEST_PX = 1280, 3600
_AT_ONCE = 1.2
_OVERLAP = 6
_SAME_LINE = 0.5
_SAME_PLACE = 0.6
_BLANK = 160
_SPLIT_AT = 24


def is_large(height_px: int, width_px: int, resolution_dpi: int) -> bool:
    """Say whether a page is a scroll or a sheet beyond A3.

    What would be larger than A0 was photographed rather than scanned, and its resolution means nothing.
    """
    longest, shortest = max(height_px, width_px), min(height_px, width_px)
    is_sheet = longest > _LARGE_PX and _A3_INCHES < longest / resolution_dpi <= _A0_INCHES
    return is_sheet or (longest > _LONG_PX and longest > _LONG * shortest)


def pieces_of(height_px: int, width_px: int, resolution_dpi: int) -> Iterator[Box]:
    """Yield the pieces of a page, each of about an A4 sheet, in rows from the top."""
    side = min(_LARGEST_PX, round(_A4_INCHES * resolution_dpi), 2 * min(height_px, width_px))
    side = max(_SMALLEST_PX, side)
    for top, height in _steps(height_px, side):
        for left, width in _steps(width_px, side):
            yield Box(left, top, width, height)


def _steps(length: int, side: int) -> Iterator[tuple[int, int]]:
    if length <= _AT_ONCE * side:
        yield 0, length
        return
    overlap = side // _OVERLAP
    count = -(-(length - overlap) // (side - overlap))
    for number in range(count):
        yield round(number * (length - side) / (count - 1)), side


def joined(found: Sequence[Sequence[Box]]) -> list[Box]:
    """Return what was found on the pieces, one sequence each, on the page: every line once, and whole."""
    boxes = [(box, piece) for piece, on_piece in enumerate(found) for box in on_piece]
    boxes.sort(key=lambda one: one[0].top)
    group = list(range(len(boxes)))

    def first(place: int) -> int:
        while group[place] != place:
            place = group[place]
        return place

    for place, (box, piece) in enumerate(boxes):
        for other in range(place + 1, len(boxes)):
            below, its_piece = boxes[other]
            if below.top >= box.top + box.height:
                break
            if piece != its_piece and _is_one_line(box, below):
                group[first(other)] = first(place)
    groups: dict[int, list[Box]] = {}
    for place, (box, _) in enumerate(boxes):
        groups.setdefault(first(place), []).append(box)
    return [_around(members) for members in groups.values()]


def _is_one_line(one: Box, other: Box) -> bool:
    wide = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    high = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return False
    flat = one.width >= one.height and other.width >= other.height
    tall = one.width <= one.height and other.width <= other.height
    return (
        (flat and high >= _SAME_LINE * max(one.height, other.height))
        or (tall and wide >= _SAME_LINE * max(one.width, other.width))
        or wide * high >= _SAME_PLACE * min(one.width * one.height, other.width * other.height)
    )


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.left + box.width for box in boxes), max(box.top + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


def parts_of_line(grey: "NDArray[np.uint8]", line: Box) -> Iterator[Box]:
    """Yield a line in parts that an engine reads without making them smaller, cut between letters (0 = ink)."""
    along, across = (line.width, line.height) if line.width >= line.height else (line.height, line.width)
    cut = grey[line.top : line.top + line.height, line.left : line.left + line.width]
    ink = (255 - cut.astype("int32")).sum(axis=0 if line.width >= line.height else 1)
    start = 0
    while along - start > 1.5 * _SPLIT_AT * across:
        low, high = start + _SPLIT_AT * across, start + (_SPLIT_AT + 3) * across
        end = int(low + ink[low:high].argmin())
        yield _part(line, start, end)
        start = end
    yield _part(line, start, along)


def _part(line: Box, start: int, end: int) -> Box:
    if line.width >= line.height:
        return Box(line.left + start, line.top, end - start, line.height)
    return Box(line.left, line.top + start, line.width, end - start)


def strips_of(grey: "NDArray[np.uint8]", most_px: int) -> Iterator[tuple[int, int]]:
    """Yield from where to where the strips of a page reach that are at most so high, cut where there is least ink."""
    start, height = 0, grey.shape[0]
    while height - start > most_px:
        low, high = start + most_px * 3 // 4, start + most_px
        ink = (grey[low:high] < _BLANK).sum(axis=1)
        end = int(low + ink.argmin())
        yield start, end
        start = end
    yield start, height
