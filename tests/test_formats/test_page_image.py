"""Pages for the screen are small JPEGs of whatever the page was."""

import io
from pathlib import Path

import pytest
from PIL import Image

from archives.errors import FormatError
from formats.page_image import access_image, is_page_source, load_page
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
    with Image.open(io.BytesIO(access_image(path, "image/png", 0, longest_side_px=100))) as shown:
        assert (shown.format, shown.size) == ("JPEG", expected)


def test_a_page_of_a_pdf_is_shown_by_its_index(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf", pdf_bytes(pages=2))
    first, second = (load_page(path, "application/pdf", index).pixels for index in (0, 1))
    assert first.shape == second.shape
    assert (first != second).any()
