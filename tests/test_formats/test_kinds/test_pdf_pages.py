"""A page of a PDF is seen as a viewer shows it; a scan inside is passed through only where that is the same."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from formats.kinds.kind import PageImage
from formats.kinds.pdf import KIND
from tests.support.files import image_bytes, pdf_bytes, put


def draw(path: Path, page_index: int = 0) -> PageImage:
    """Draw a page."""
    assert KIND.draw
    return KIND.draw(path, page_index)


SCAN = image_bytes("JPEG", size=(400, 200), mode="L")


def scanned(change: Callable[[Pdf, pikepdf.Page], None]) -> bytes:
    """Return a PDF of one page, 144 × 72 points, that is one JPEG, with something done to it."""
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(pdf_bytes(size=(144, 72), jpeg=SCAN))) as pdf:
        change(pdf, pdf.pages[0])
        pdf.save(out)
    return out.getvalue()


def black_square(pdf: Pdf) -> Dictionary:
    """Return the looks of a note: a black square of 20 × 20 points."""
    drawn = pdf.make_stream(b"0 0 20 20 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 20, 20]))
    return Dictionary(N=drawn)


def annotated(kind: str) -> Callable[[Pdf, pikepdf.Page], None]:
    """Return what lays a note of some kind over the lower right corner of a page."""

    def change(pdf: Pdf, page: pikepdf.Page) -> None:
        note = Dictionary(
            Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([114, 10, 134, 30]), AP=black_square(pdf), F=4
        )
        if kind == "Link":
            del note.AP
        if kind == "Widget":
            note.FT, note.T, note.V = Name.Tx, pikepdf.String("a"), pikepdf.String("b")
        page.Annots = pdf.make_indirect(Array([pdf.make_indirect(note)]))
        if kind == "Widget":
            pdf.Root.AcroForm = Dictionary(Fields=page.Annots)

    return change


@pytest.mark.parametrize("kind", ["Stamp", "FreeText", "Square", "Ink", "Widget", "Watermark"])
def test_what_is_laid_over_a_scan_is_seen(tmp_path: Path, kind: str) -> None:
    drawn = draw(put(tmp_path, "a.pdf", scanned(annotated(kind))))
    assert drawn.jpeg is None
    height, width, _ = drawn.pixels.shape
    assert drawn.pixels[round(height * 52 / 72), round(width * 124 / 144)].max() < 40


def test_a_link_is_nothing_that_is_seen(tmp_path: Path) -> None:
    assert draw(put(tmp_path, "a.pdf", scanned(annotated("Link")))).jpeg == SCAN


def test_a_turned_scan_is_upright(tmp_path: Path) -> None:
    def turn(_: Pdf, page: pikepdf.Page) -> None:
        page.Rotate = 90

    drawn = draw(put(tmp_path, "a.pdf", scanned(turn)))
    assert drawn.pixels.shape == (600, 300, 3)
    assert drawn.pixels[10, -10].max() < 40


def test_of_a_scan_only_what_its_crop_box_leaves_is_seen(tmp_path: Path) -> None:
    def crop(_: Pdf, page: pikepdf.Page) -> None:
        page.CropBox = Array([72, 0, 144, 72])

    drawn = draw(put(tmp_path, "a.pdf", scanned(crop)))
    assert (drawn.jpeg, drawn.pixels.shape) == (None, (300, 300, 3))
    assert drawn.pixels.min() > 200


def test_a_crop_box_round_the_whole_scan_changes_nothing(tmp_path: Path) -> None:
    def crop(_: Pdf, page: pikepdf.Page) -> None:
        page.MediaBox, page.CropBox = Array([-10, -10, 154, 82]), Array([0, 0, 144, 72])

    assert draw(put(tmp_path, "a.pdf", scanned(crop))).jpeg == SCAN


def test_a_scan_that_is_kept_as_a_negative_is_shown_positive(tmp_path: Path) -> None:
    def invert(_: Pdf, page: pikepdf.Page) -> None:
        page.Resources.XObject.Im0.Decode = Array([1, 0])

    drawn = draw(put(tmp_path, "a.pdf", scanned(invert)))
    assert drawn.jpeg is None
    assert drawn.pixels[-5, -5].max() < 40


def test_a_scan_with_oblong_dots_is_drawn_in_its_shape(tmp_path: Path) -> None:
    drawn = draw(put(tmp_path, "a.pdf", pdf_bytes(size=(144, 144), jpeg=SCAN)))
    assert (drawn.jpeg, drawn.pixels.shape) == (None, (600, 600, 3))


def test_a_page_of_several_sheets_is_drawn_with_fewer_dots(tmp_path: Path) -> None:
    drawn = draw(put(tmp_path, "a.pdf", pdf_bytes(size=(3370, 2384))))  # A0
    height, width, _ = drawn.pixels.shape
    assert 100 <= drawn.resolution_dpi < 300
    assert height * width <= 72_000_000


def test_ordinary_scans_are_passed_through(tmp_path: Path) -> None:
    grey = np.random.default_rng(1).normal(225, 12, (1169, 827)).clip(0, 255)
    grey[100:1000:24, 90:740] = 30
    out = io.BytesIO()
    Image.fromarray(grey.astype(np.uint8)).save(out, "JPEG", quality=60)
    assert draw(put(tmp_path, "a.pdf", pdf_bytes(size=(595, 841), jpeg=out.getvalue()))).jpeg == out.getvalue()
