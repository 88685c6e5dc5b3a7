"""Pages for the screen are small JPEGs of whatever the page was."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archives.errors import FormatError
from formats.kinds.kind import Oddity
from formats.page_image import (
    draw_page,
    is_cut_off,
    is_of_one_colour,
    is_page_source,
    is_written_on,
    load_page,
    page_for_screens,
)
from tests.support.files import image_bytes, pdf_bytes, put


@pytest.mark.parametrize(
    ("mime", "expected"),
    [("image/tiff", True), ("image/bmp", True), ("application/pdf", True), ("application/ofd", False), ("", False)],
)
def test_images_and_pdf_have_page_images(mime: str, expected: bool) -> None:
    assert is_page_source(mime) is expected


def test_a_page_of_a_kind_without_page_images_is_a_format_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="has no page images"):
        load_page(put(tmp_path, "a.txt", b"x"), "text/plain", 0)


@pytest.mark.parametrize(("size", "expected"), [((400, 200), (100, 50)), ((60, 80), (60, 80))], ids=["large", "small"])
def test_a_page_is_made_smaller_and_never_larger(
    tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    path = put(tmp_path, "a.png", image_bytes(size=size))
    with Image.open(io.BytesIO(page_for_screens(path, "image/png", 0, longest_side_px=100).screen)) as shown:
        assert (shown.format, shown.size) == ("JPEG", expected)


def test_a_page_of_a_pdf_is_shown_by_its_index(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf", pdf_bytes(pages=2))
    first, second = (load_page(path, "application/pdf", index).pixels for index in (0, 1))
    assert first.shape == second.shape
    assert (first != second).any()


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1, 1), {Oddity.TOO_SMALL}), ((15, 400), {Oddity.TOO_SMALL}), ((400, 300), set())],
    ids=str,
)
def test_a_page_on_which_no_letter_fits_is_odd(tmp_path: Path, size: tuple[int, int], expected: set[Oddity]) -> None:
    drawn = draw_page(put(tmp_path, "a.png", image_bytes(size=size)), "image/png", 0, quality=60)
    assert set(drawn.oddities) == expected


def test_greys_and_jpeg_show_the_same_page(tmp_path: Path) -> None:
    drawn = draw_page(put(tmp_path, "a.png", image_bytes()), "image/png", 0, quality=60)
    grey = np.frombuffer(drawn.greys, np.uint8).reshape(drawn.height_px, drawn.width_px)
    with Image.open(io.BytesIO(drawn.jpeg)) as shown:
        assert np.abs(np.asarray(shown.convert("L")).astype(int) - grey).mean() < 3


@pytest.mark.parametrize("colour", [0, 90, 255])
def test_a_page_of_one_colour_is_told_from_one_with_a_word_on_it(colour: int) -> None:
    noise = np.random.default_rng(2).normal(colour, 3, (2339, 1654)).clip(0, 255).astype(np.uint8)
    assert is_of_one_colour(noise)
    noise[1000:1020, 800:880] = 255 - colour if colour != 90 else 200
    assert not is_of_one_colour(noise)


def paper(*, ink: bool = True) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return a page of paper with noise, an edge and holes at its side, and lines of ink where it is written on."""
    grey = np.random.default_rng(3).normal(228, 4, (1169, 827)).clip(0, 255).astype(np.uint8)
    grey[:, :12] = 150
    grey[300:330, 20:50] = grey[800:830, 20:50] = 60
    if ink:
        grey[200:900:24, 120:700] = 40
    return grey


@pytest.mark.parametrize("rows", [120, 600])
def test_a_page_that_ends_in_one_grey_was_cut_off(rows: int) -> None:
    grey = paper()
    assert not is_cut_off(grey)
    grey[-rows:] = 128
    assert is_cut_off(grey)


@pytest.mark.parametrize("colour", [0, 238, 255], ids=["a black edge", "paper evened out", "white paper"])
def test_a_page_that_ends_in_black_or_in_paper_is_whole(colour: int) -> None:
    grey = paper()
    grey[-300:] = colour
    assert not is_cut_off(grey)


def test_a_page_on_grey_paper_that_is_evened_out_is_whole() -> None:
    grey = np.full((1169, 827), 190, np.uint8)
    grey[200:700:24, 120:700] = 40
    assert not is_cut_off(grey)


def test_paper_with_ink_is_told_from_blank_paper_and_from_photographs() -> None:
    photograph = np.tile(np.linspace(20, 240, 827, dtype=np.uint8), (1169, 1))
    assert is_written_on(paper())
    assert is_written_on(paper()[::-1])
    assert not is_written_on(paper(ink=False))
    assert not is_written_on(photograph)
