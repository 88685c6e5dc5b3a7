"""A TIFF has as many pages as a reader of it would turn: thumbnails, overviews and masks are none."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from formats.kinds.image import KIND
from tests.support.files import put

NEW, OLD = 254, 255


def text(seed: int, size: tuple[int, int] = (600, 400)) -> Image.Image:
    """Return a page of blocks like lines of writing, another for every seed."""
    rng = np.random.default_rng(seed)
    pixels: NDArray[np.uint8] = np.full((size[1], size[0]), 240, np.uint8)
    for _ in range(25):
        left, top = rng.integers(0, size[0] - 90), rng.integers(0, size[1] - 20)
        pixels[top : top + 12, left : left + 90] = 20
    return Image.fromarray(pixels)


def tiff(*pictures: tuple[Image.Image, dict[int, int]]) -> bytes:
    """Return a TIFF of pictures with what each says of itself."""
    out = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(out, new=True) as writer:
        for picture, tags in pictures:
            picture.save(writer, "TIFF", tiffinfo=tags, dpi=(200, 200))
            writer.newFrame()
    return out.getvalue()


def pages(path: Path) -> int | None:
    """Count the pages."""
    assert KIND.look
    return KIND.look(path).pages


def small(picture: Image.Image, factor: int = 4) -> Image.Image:
    """Return a small copy of a picture."""
    return picture.resize((picture.width // factor, picture.height // factor), Image.Resampling.LANCZOS)


@pytest.mark.parametrize("tags", [{NEW: 1}, {NEW: 4}, {NEW: 5}, {OLD: 2}, {}], ids=str)
def test_a_small_copy_of_a_page_is_no_page(tmp_path: Path, tags: dict[int, int]) -> None:
    assert pages(put(tmp_path, "a.tif", tiff((text(1), {NEW: 0}), (small(text(1)), tags)))) == 1


def test_a_row_of_ever_smaller_copies_is_one_page(tmp_path: Path) -> None:
    copies: list[tuple[Image.Image, dict[int, int]]] = [(small(text(1), factor), {}) for factor in (2, 4, 8)]
    assert pages(put(tmp_path, "a.tif", tiff((text(1), {}), *copies))) == 1


def test_a_thumbnail_before_its_page_is_no_page(tmp_path: Path) -> None:
    path = put(tmp_path, "a.tif", tiff((small(text(1)), {NEW: 1}), (text(1), {NEW: 0})))
    assert pages(path) == 1
    assert KIND.draw
    assert KIND.draw(path, 0).pixels.shape == (400, 600, 3)


def test_pages_keep_their_order_among_their_thumbnails(tmp_path: Path) -> None:
    both = [(text(seed), {NEW: 2}) for seed in (1, 2, 3)]
    path = put(tmp_path, "a.tif", tiff(*(one for page in both for one in (page, (small(page[0]), {NEW: 1})))))
    assert pages(path) == 3
    assert KIND.draw
    for index, (picture, _) in enumerate(both):
        assert np.array_equal(KIND.draw(path, index).pixels[:, :, 0], np.asarray(picture))


@pytest.mark.parametrize(
    "second",
    [
        small(text(2)),
        text(1),
        text(2, (300, 200)),
        Image.new("L", (150, 100), 255),
        small(text(1)).crop((0, 0, 150, 60)),
    ],
    ids=["another, smaller", "the same, as large", "another of half the size", "a blank one", "a part"],
)
def test_what_is_no_small_copy_is_a_page(tmp_path: Path, second: Image.Image) -> None:
    assert pages(put(tmp_path, "a.tif", tiff((text(1), {}), (second, {})))) == 2


def test_a_file_of_nothing_but_copies_shows_the_first(tmp_path: Path) -> None:
    assert pages(put(tmp_path, "a.tif", tiff((text(1), {NEW: 1}), (small(text(1)), {NEW: 1})))) == 1


def test_the_pictures_that_are_no_pages_are_counted(tmp_path: Path) -> None:
    assert KIND.look
    seen = KIND.look(put(tmp_path, "a.tif", tiff((text(1), {}), (small(text(1)), {NEW: 1}))))
    assert dict(seen.properties)["pictures_beside_pages"] == "1"


def test_a_file_whose_second_directory_is_broken_shows_the_first_page_and_says_so(tmp_path: Path) -> None:
    data = bytearray(tiff((text(1), {}), (text(2), {})))
    second = data.rfind(b"\x00\x01\x04\x00\x01\x00\x00\x00")  # ImageWidth, the first entry of the last directory
    assert KIND.look
    seen = KIND.look(put(tmp_path, "a.tif", bytes(data[:second])))
    assert seen.pages == 1
    assert [found.code for found in seen.findings] == ["image-damaged"]
