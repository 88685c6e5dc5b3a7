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


def drawn_page(
    content: str, *, size: tuple[float, float], picture: tuple[int, int] = (4, 4), words: str = "", unit: float = 1
) -> bytes:
    """Return a PDF of one page with this content, in which ``/Im0`` is a grey picture with ink in its upper half."""
    with Pdf.open(io.BytesIO(pdf_bytes())) as pdf:
        pdf.pages[0].MediaBox = Array([0, 0, *size])
        grey = np.full(picture[::-1], 230, np.uint8)
        grey[: picture[1] // 2] = 20
        form = {"Width": picture[0], "Height": picture[1], "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
        image = pdf.make_stream(grey.tobytes(), Type=Name.XObject, Subtype=Name.Image, **form)
        pattern = pdf.make_stream(
            f"q {size[0]} 0 0 {size[1]} 0 0 cm /Im0 Do Q".encode(),
            PatternType=1,
            PaintType=1,
            TilingType=1,
            XStep=size[0],
            YStep=size[1],
            BBox=Array([0, 0, *size]),
            Resources=Dictionary(XObject=Dictionary(Im0=image)),
        )
        page = pdf.pages[0]
        page.Resources.XObject = Dictionary(Im0=image)
        page.Resources.Pattern = Dictionary(P0=pattern)
        page.UserUnit = unit
        page.Contents = pdf.make_stream(f"{content} BT /F0 9 Tf 10 20 Td ({words}) Tj ET".encode())
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


LETTERS = "".join(f"{x} {y} 3 7 re f " for x in range(60, 540, 6) for y in range(60, 780, 14))
"""What letters made into lines are to a program: many small shapes."""

BESIDE_WORDS = {
    "a scan in strips": "".join(f"q 595 0 0 42.1 0 {y * 42.1} cm /Im0 Do Q " for y in range(20)),
    "a scan that is the pattern of a shape": "/Pattern cs /P0 scn 0 0 595 842 re f",
    "letters made into lines": LETTERS,
    "a scan beside its margin": "q 500 0 0 800 50 20 cm /Im0 Do Q",
}


@pytest.mark.parametrize("name", BESIDE_WORDS)
def test_what_stands_beside_a_few_words_is_recognised(tmp_path: Path, name: str) -> None:
    data = drawn_page(BESIDE_WORDS[name], size=(595, 842), words="Page 1 of 12")
    assert KIND.unwritten
    assert list(KIND.unwritten(put(tmp_path, "a.pdf", data))) == [True]


@pytest.mark.parametrize(
    "content",
    ["", "q 90 0 0 60 60 740 cm /Im0 Do Q", "50 780 495 2 re f 50 60 495 2 re f", "1 1 0.9 rg 0 0 595 842 re f 0 g"],
    ids=["nothing else", "a small sign", "lines", "coloured paper"],
)
def test_a_few_words_of_its_own_are_kept_where_little_else_is_seen(tmp_path: Path, content: str) -> None:
    data = drawn_page(content, size=(595, 842), words="Agreed. The minutes are signed.")
    assert KIND.unwritten
    assert list(KIND.unwritten(put(tmp_path, "a.pdf", data))) == [False]


def test_a_scan_on_a_page_that_is_too_small_is_drawn_with_the_dots_it_has(tmp_path: Path) -> None:
    data = drawn_page("q 119 0 0 168 0 0 cm /Im0 Do Q", size=(119, 168), picture=(1654, 2339))
    height, width, _ = draw(put(tmp_path, "a.pdf", data)).pixels.shape
    assert (width, height) == pytest.approx((1654, 2339), rel=0.01)


def test_a_scan_whose_dots_are_taken_for_points_is_drawn_with_no_more_than_it_has(tmp_path: Path) -> None:
    data = drawn_page("q 1654 0 0 2339 0 0 cm /Im0 Do Q", size=(1654, 2339), picture=(1654, 2339), words="1")
    assert draw(put(tmp_path, "a.pdf", data)).pixels.shape == (2339, 1654, 3)


def test_a_page_in_larger_units_than_points_is_drawn_as_large_as_it_is(tmp_path: Path) -> None:
    drawn = draw(put(tmp_path, "a.pdf", drawn_page("", size=(59.5, 84.2), words="Plan", unit=10)))
    assert (drawn.pixels.shape, drawn.resolution_dpi) == ((3509, 2480, 3), 300)


@pytest.mark.parametrize("size", [(14_400, 14_400), (200, 20_000)], ids=["a map", "a scroll"])
def test_a_page_of_any_size_is_drawn(tmp_path: Path, size: tuple[float, float]) -> None:
    drawn = draw(put(tmp_path, "a.pdf", drawn_page("", size=size, words="Plan")))
    height, width, _ = drawn.pixels.shape
    assert height * width <= 72_100_000
    assert max(height, width) <= 65_500
    assert width / height == pytest.approx(size[0] / size[1], rel=0.01)
