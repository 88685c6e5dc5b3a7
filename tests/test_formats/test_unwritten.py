"""A page is recognised when it is a picture of text, and keeps its text when that can be read."""

from pathlib import Path

import pytest

from formats.identify import identify
from formats.unwritten import unwritten_pages
from tests.support.files import docx_bytes, image_bytes, pdf_bytes, put, scanned_pdf_bytes


def pages_of(folder: Path, name: str, data: bytes, pages: int | None) -> tuple[int, ...]:
    """Return the pages of a file that have to be recognised."""
    path = put(folder, name, data)
    return unwritten_pages(path, identify(path), pages)


def test_every_page_of_a_picture_is_recognised(tmp_path: Path) -> None:
    assert pages_of(tmp_path, "a.tif", image_bytes("TIFF", frames=3), 3) == (0, 1, 2)


def test_a_pdf_with_text_keeps_it(tmp_path: Path) -> None:
    assert pages_of(tmp_path, "a.pdf", pdf_bytes(pages=2), 2) == ()


def test_the_scanned_pages_of_a_pdf_are_recognised_and_blank_ones_are_left_alone(tmp_path: Path) -> None:
    assert pages_of(tmp_path, "a.pdf", scanned_pdf_bytes(pages=2, written=1, blank=1), 4) == (0, 1)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Scanned with CamScanner", False),
        ("the whole text of a page that was recognised before and is fit to be kept as it is", True),
        ("\x01\x02\x03\x04" * 30, False),
        ("\xd5\xe2\xca\xc7\xd2\xbb\xb7\xdd" * 12, False),
    ],
    ids=["a few words", "a layer of text", "signs without sense", "misread bytes"],
)
def test_words_over_a_scan_are_kept_when_they_are_its_text(tmp_path: Path, words: str, kept: bool) -> None:
    assert pages_of(tmp_path, "a.pdf", scanned_pdf_bytes(words=words), 1) == (() if kept else (0,))


def test_a_page_that_is_one_jpeg_is_recognised(tmp_path: Path) -> None:
    assert pages_of(tmp_path, "a.pdf", pdf_bytes(jpeg=image_bytes("JPEG")), 1) == (0,)


@pytest.mark.parametrize(
    ("name", "data"), [("a.docx", docx_bytes()), ("a.txt", b"text"), ("a.pdf", b"%PDF-1.4 broken")]
)
def test_what_has_no_pages_that_can_be_drawn_has_none_to_be_recognised(tmp_path: Path, name: str, data: bytes) -> None:
    assert pages_of(tmp_path, name, data, 1) == ()
