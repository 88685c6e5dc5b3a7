"""Of a page that is read in pieces every line is read once, whole, and where it stands."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.text.page import Box
from ingest.page.ocr.pieces import is_large, joined, parts_of_line, pieces_of, strips_of


def clipped(line: Box, piece: Box) -> Box | None:
    """Return what a piece shows of a line, on the page; None where that is nothing."""
    left, top = max(line.left, piece.left), max(line.top, piece.top)
    right = min(line.left + line.width, piece.left + piece.width)
    bottom = min(line.top + line.height, piece.top + piece.height)
    return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None


def found_on_pieces(lines: list[Box], height: int, width: int, dpi: int) -> list[Box]:
    """Return what is joined from what every piece shows of some lines."""
    pieces = list(pieces_of(height, width, dpi))
    return joined([[seen for line in lines if (seen := clipped(line, piece))] for piece in pieces])


@pytest.mark.parametrize(
    ("height", "width", "dpi", "expected"),
    [
        (3508, 2480, 300, False),  # A4
        (4961, 3508, 300, False),  # A3
        (9921, 7016, 600, False),  # A3 at 600 dpi
        (3508, 2480, 72, False),  # A4 with a resolution of nobody
        (4000, 6000, 72, False),  # a photograph of a page
        (7016, 4961, 300, True),  # A2
        (9933, 7016, 300, True),  # A1
        (9000, 1000, 200, True),  # a hand scroll
        (1000, 9000, 200, True),
        (900, 300, 200, False),  # a slip
    ],
)
def test_scrolls_and_sheets_beyond_a3_are_read_in_pieces(height: int, width: int, dpi: int, expected: bool) -> None:
    assert is_large(height, width, dpi) is expected


@given(st.integers(16, 20_000), st.integers(16, 20_000), st.integers(50, 1200))
def test_pieces_cover_the_page_and_lie_on_it(height: int, width: int, dpi: int) -> None:
    pieces = list(pieces_of(height, width, dpi))
    for length, starts in (
        (height, {(piece.top, piece.height) for piece in pieces}),
        (width, {(piece.left, piece.width) for piece in pieces}),
    ):
        reached = 0
        for start, size in sorted(starts):
            assert start <= reached
            reached = start + size
        assert reached == length
        assert max(size for _, size in starts) <= 3600 * 1.2 + 1


@given(st.data())
def test_every_line_of_a_sheet_is_joined_to_one(data: st.DataObject) -> None:
    height, width, dpi = 7016, 4961, 300
    lines = []
    for row in range(0, height - 60, 60):
        left = data.draw(st.integers(0, width - 400))
        lines.append(Box(left, row + 10, data.draw(st.integers(50, width - left)), 44))
    assert sorted(found_on_pieces(lines, height, width, dpi), key=lambda box: box.top) == lines


def test_every_column_of_a_scroll_is_joined_to_one() -> None:
    lines = [Box(left + 10, 20, 44, 900) for left in range(0, 8940, 60)]
    assert sorted(found_on_pieces(lines, 1000, 9000, 200), key=lambda box: box.left) == lines


def test_cells_side_by_side_stay_apart() -> None:
    lines = [Box(left, row, 190, 44) for row in range(0, 6900, 100) for left in range(0, 4700, 200)]
    assert len(found_on_pieces(lines, 7016, 4961, 300)) == len(lines)


def test_a_line_found_a_little_otherwise_on_two_pieces_is_one() -> None:
    (line,) = joined([[Box(100, 50, 900, 44)], [Box(820, 47, 700, 46)]])
    assert line == Box(100, 47, 1420, 47)


def test_half_a_line_at_the_edge_of_a_piece_is_no_line_of_its_own() -> None:
    assert joined([[Box(100, 50, 900, 20)], [Box(100, 50, 905, 44)]]) == [Box(100, 50, 905, 44)]


def page_of_letters(length: int, *, is_tall: bool = False) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """Return a line of black squares with gaps between them."""
    grey = np.full((44, length), 255, np.uint8)
    for left in range(4, length - 36, 44):
        grey[6:38, left : left + 34] = 0
    return np.ascontiguousarray(grey.T) if is_tall else grey


@pytest.mark.parametrize("is_tall", [False, True])
@pytest.mark.parametrize("length", [300, 1500, 5000, 30_000])
def test_a_long_line_is_cut_between_its_letters(length: int, is_tall: bool) -> None:
    grey = page_of_letters(length, is_tall=is_tall)
    height, width = grey.shape
    parts = list(parts_of_line(grey, Box(0, 0, width, height)))
    assert sum(max(part.width, part.height) for part in parts) == length
    assert max(max(part.width, part.height) for part in parts) <= 40 * 44
    for part in parts[1:]:
        assert (grey[part.top] if is_tall else grey[:, part.left]).min() == 255


@given(st.integers(1, 400), st.integers(10, 100))
def test_strips_follow_each_other(height: int, most: int) -> None:
    strips = list(strips_of(np.zeros((height, 5), np.uint8), most))
    assert strips[0][0] == 0
    assert strips[-1][1] == height
    assert all(one[1] == other[0] for one, other in pairwise(strips))
    assert all(0 < bottom - top <= most for top, bottom in strips)


def test_strips_are_cut_where_nothing_is_written() -> None:
    grey = np.full((1000, 300), 255, np.uint8)
    for top in range(10, 990, 50):
        grey[top : top + 40, 20:280] = 0
    assert all(grey[top].min() == 255 for top, _ in list(strips_of(grey, 210))[1:])
