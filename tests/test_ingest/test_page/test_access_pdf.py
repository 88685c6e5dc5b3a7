"""The access copy shows the scans as they are, and its text can be found where it stands."""

from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives.text.page import Box, Line, Page, Word
from formats.processes.opened import Opened
from ingest.page.access_pdf import AccessPage, write_access_pdf
from tests.support.files import image_bytes, put
from tests.support.intake import page_of
from tests.support.vaults import MOMENT


def write(folder: Path, *pages: Page, jpeg: bytes | None = None, name: str = "access.pdf") -> Path:
    """Write a copy of these pages over one image and return its path."""
    data = jpeg or image_bytes("JPEG")
    images = put(folder, "a.jpg", data * len(pages))
    copy = folder / name
    copy.unlink(missing_ok=True)
    with Opened.anew(copy) as target:
        write_access_pdf(
            images,
            target,
            [AccessPage(len(data), page) for page in pages],
            title="题名",
            language="zh-Hans",
            created_at=MOMENT,
        )
    return copy


def text_of(copy: Path) -> list[str]:
    """Return the text of every page."""
    with pypdfium2.PdfDocument(copy) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_the_image_is_passed_through_untouched(tmp_path: Path) -> None:
    data = image_bytes("JPEG")
    with pikepdf.open(write(tmp_path, page_of("text"), jpeg=data)) as pdf:
        assert pdf.pages[0].Resources.XObject["/Im0"].read_raw_bytes() == data


@pytest.mark.parametrize(("mode", "space"), [("L", "/DeviceGray"), ("RGB", "/DeviceRGB")])
def test_colours_are_those_of_the_image(tmp_path: Path, mode: str, space: str) -> None:
    with pikepdf.open(write(tmp_path, page_of(), jpeg=image_bytes("JPEG", mode=mode))) as pdf:
        assert pdf.pages[0].Resources.XObject["/Im0"].ColorSpace == space


def test_a_page_is_as_large_as_its_paper(tmp_path: Path) -> None:
    with pikepdf.open(write(tmp_path, page_of())) as pdf:
        assert [float(number) for number in pdf.pages[0].MediaBox] == pytest.approx(
            [0, 0, 120 * 72 / 200, 80 * 72 / 200]
        )


@pytest.mark.parametrize(("size", "dpi"), [((1, 1), 100), ((1, 300), 600), ((20, 45_000), 200)], ids=str)
def test_a_page_is_never_smaller_or_larger_than_a_pdf_may_be(tmp_path: Path, size: tuple[int, int], dpi: int) -> None:
    page = replace(page_of(), width_px=size[0], height_px=size[1], resolution_dpi=dpi)
    with pikepdf.open(write(tmp_path, page, jpeg=image_bytes("JPEG", size=size))) as pdf:
        _, _, width, height = (float(number) for number in pdf.pages[0].MediaBox)
    assert max(width, height) <= 14_400
    assert max(width, height) >= 3
    assert min(width, height) >= 3 or max(width, height) == 14_400


def test_it_says_what_it_is_and_conforms_to_pdfa(tmp_path: Path) -> None:
    with pikepdf.open(write(tmp_path, page_of("text"))) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "题名"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert str(pdf.Root.Lang) == "zh-Hans"


def test_text_is_found_on_its_page(tmp_path: Path) -> None:
    first, second = text_of(write(tmp_path, page_of("汛期水位"), page_of("十二点四米")))
    assert "汛期水位" in first
    assert "十二点四米" in second


def test_text_is_found_where_it_stands(tmp_path: Path) -> None:
    with pypdfium2.PdfDocument(write(tmp_path, page_of("甲", "乙"))) as document:
        page = document[0].get_textpage()
        upper, lower = (page.get_charbox(page.get_text_range().index(text)) for text in "甲乙")
    scale = 72 / 200
    assert upper[1] > lower[1]
    assert upper[0] == pytest.approx(10 * scale, abs=1)
    assert upper[2] == pytest.approx(70 * scale, abs=1)


def test_a_vertical_line_runs_down_the_page(tmp_path: Path) -> None:
    box = Box(100, 5, 10, 70)
    page = Page(120, 80, 200, "zh-Hant", "vertical", (Line((Word("天地人", box, 1.0),), box),), "e")
    with pypdfium2.PdfDocument(write(tmp_path, page)) as document:
        text = document[0].get_textpage()
        boxes = [text.get_charbox(number) for number in range(3)]
    assert boxes[0][1] > boxes[1][1] > boxes[2][1]


def test_a_page_without_text_is_a_page(tmp_path: Path) -> None:
    assert [text.strip() for text in text_of(write(tmp_path, page_of(), page_of("x")))] == ["", "x"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd", "So")), min_size=1, max_size=30))
def test_every_character_can_be_laid_over_a_page(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    (found,) = text_of(write(tmp_path_factory.mktemp("pdf"), page_of(text)))
    assert found.strip()


def test_words_of_unequal_height_far_apart_are_read_in_their_order(tmp_path: Path) -> None:
    placed = [("Our", 5, 14, 8), ("ref:", 32, 16, 6), ("LAC/79", 62, 40, 10)]
    words = tuple(Word(text, Box(left, 20, width, height), 1.0) for text, left, width, height in placed)
    page = Page(120, 80, 72, "en", "horizontal", (Line(words, Box(5, 20, 97, 10), " "),), "e")
    (found,) = text_of(write(tmp_path, page))
    assert found.split() == ["Our", "ref:", "LAC/79"]
    with pypdfium2.PdfDocument(write(tmp_path, page)) as document:
        text = document[0].get_textpage()
        lefts = [text.get_charbox(text.get_text_range().index(one))[0] for one in ("O", "r", "L")]
    assert lefts == pytest.approx([5, 14.3, 62], abs=12)


def test_a_smaller_picture_of_a_page_has_its_text_in_the_same_places(tmp_path: Path) -> None:
    page = page_of("甲", "乙")
    boxes = []
    for size in ((120, 80), (60, 40)):
        copy = write(tmp_path, page, jpeg=image_bytes("JPEG", size=size))
        with pypdfium2.PdfDocument(copy) as document:
            text = document[0].get_textpage()
            boxes.append([text.get_charbox(text.get_text_range().index(one)) for one in "甲乙"])
    for one, other in zip(*boxes, strict=True):
        assert one == pytest.approx(other)
