"""PDF: counted, read and drawn; a page that is nothing but a picture is that picture."""

from pathlib import Path

import pytest

from archives.errors import FormatError
from formats.kinds.kind import PageImage
from formats.kinds.pdf import KIND
from tests.support.files import image_bytes, pages_of, pdf_bytes, put


def draw(path: Path, page_index: int = 0) -> PageImage:
    """Draw a page."""
    assert KIND.draw
    return KIND.draw(path, page_index)


def test_version_and_pages_are_properties(tmp_path: Path) -> None:
    assert KIND.look
    seen = KIND.look(put(tmp_path, "a.pdf", pdf_bytes(pages=2)))
    assert seen.pages == 2
    assert dict(seen.properties).keys() == {"pdf_version", "pages"}


def test_text_is_read_page_by_page(tmp_path: Path) -> None:
    assert [text.strip() for text in pages_of(KIND, put(tmp_path, "a.pdf", pdf_bytes(pages=2)))] == ["page 1", "page 2"]


def test_a_drawn_page_has_300_dpi(tmp_path: Path) -> None:
    drawn = draw(put(tmp_path, "a.pdf", pdf_bytes(size=(144, 72))))
    assert (drawn.resolution_dpi, drawn.jpeg, drawn.pixels.shape) == (300, None, (300, 600, 3))


def test_a_page_that_is_one_jpeg_is_passed_through_with_its_resolution(tmp_path: Path) -> None:
    jpeg = image_bytes("JPEG", size=(400, 200))
    drawn = draw(put(tmp_path, "a.pdf", pdf_bytes(size=(144, 72), jpeg=jpeg)))
    assert drawn.jpeg == jpeg
    assert (drawn.resolution_dpi, drawn.pixels.shape) == (200, (200, 400, 3))


def test_a_page_in_printing_colours_is_drawn(tmp_path: Path) -> None:
    jpeg = image_bytes("JPEG", mode="CMYK")
    assert draw(put(tmp_path, "a.pdf", pdf_bytes(jpeg=jpeg))).jpeg is None


def test_a_jpeg_that_is_cut_short_inside_is_drawn_as_far_as_it_goes(tmp_path: Path) -> None:
    jpeg = image_bytes("JPEG", size=(400, 400))
    whole = pdf_bytes(size=(144, 144), jpeg=jpeg)
    damaged = whole.replace(jpeg[-300:], b"\0" * 300)
    assert draw(put(tmp_path, "a.pdf", damaged)).pixels.shape[2] == 3


def test_a_page_too_large_to_draw_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="too large"):
        draw(put(tmp_path, "a.pdf", pdf_bytes(size=(14_000, 14_000))))


def test_a_password_is_named_in_the_error(tmp_path: Path) -> None:
    assert KIND.look
    with pytest.raises(FormatError, match=r"(?i)password"):
        KIND.look(put(tmp_path, "a.pdf", pdf_bytes(password="secret")))


def test_a_page_that_is_not_there_is_a_format_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        draw(put(tmp_path, "a.pdf", pdf_bytes()), 7)
