"""Pages are read with their places on the image as it came; the access copy holds image and text."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from archives.text.page import Box, Line, Page, Word
from formats.identify import identify
from formats.page_image import load_page
from formats.processes.opened import Opened
from formats.processes.tools import run_tool
from ingest.page.access_pdf import AccessPage, write_access_pdf
from ingest.page.ocr.engine import OcrSettings, engine_name
from ingest.page.ocr.reading_order import order_lines
from ingest.page.ocr.recognise import is_doubtful, recognise_page
from ingest.page.prepare import prepare_page
from tests.support.accuracy import character_error_rate, character_recall, edit_distance
from tests.support.places import SAMPLES, SHARED

JUDGE = SHARED / "tools" / "judge"


def line(text: str, left: int, top: int, width: int, height: int) -> Line:
    """Return a line of one word."""
    box = Box(left, top, width, height)
    return Line((Word(text, box, 1.0),), box)


def read(path: Path, language: str) -> Page:
    """Read the first page of a file."""
    image = load_page(path, identify(path).mime, 0)
    return recognise_page(image.pixels, resolution_dpi=image.resolution_dpi, language=language, settings=OcrSettings())


def test_a_skewed_chinese_page_is_read_without_an_error() -> None:
    code = "Z109-WS·1986·Y·办公室-0012"
    page = read(SAMPLES / "batches/990001-scans" / code / "0002.jpg", "zh-Hans")
    truth = (SAMPLES / "truth/990001-scans" / code.replace("·", "_") / "2.txt").read_text("utf-8")
    assert page.direction == "horizontal"
    assert character_error_rate(page.text, truth) < 0.01
    assert all(
        0 <= w.box.left < page.width_px and 0 <= w.box.top < page.height_px for ln in page.lines for w in ln.words
    )


def test_a_vertical_page_is_read_from_right_to_left() -> None:
    code = "J002-WS·1953·Y·秘书科-0002"
    page = read(SAMPLES / "batches/990101-scans" / code / "0001.jpg", "zh-Hant")
    truth = (SAMPLES / "truth/990101-scans" / code.replace("·", "_") / "1.txt").read_text("utf-8")
    assert page.direction == "vertical"
    assert character_error_rate(page.text, truth) < 0.03


def test_an_english_page_is_read_by_tesseract() -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    code = "X021-WS·1979·Y·业务科-0003"
    page = read(SAMPLES / "batches/990001-scans" / code / "001.png", "en")
    truth = (SAMPLES / "truth/990001-scans" / code.replace("·", "_") / "1.txt").read_text("utf-8")
    assert page.engine.startswith("tesseract")
    assert character_error_rate(page.text, truth) < 0.01


def test_a_blank_and_a_bilevel_page_are_no_trouble() -> None:
    blank = np.full((300, 200, 3), 255, np.uint8)
    page = recognise_page(blank, resolution_dpi=200, language="zh-Hans", settings=OcrSettings())
    assert page.lines == ()
    assert page.confidence is None
    bilevel = np.full((300, 200, 3), 255, np.uint8)
    bilevel[100:110, 20:180] = 0
    assert prepare_page(bilevel, resolution_dpi=200).grey.min() < 60


def test_a_page_too_small_for_a_letter_is_not_read() -> None:
    page = recognise_page(np.zeros((1, 1, 3), np.uint8), resolution_dpi=100, language="zh-Hans", settings=OcrSettings())
    assert (page.lines, page.width_px, page.height_px) == ((), 1, 1)


def test_a_long_scroll_is_read_whole_with_its_words_where_they_stand() -> None:
    scroll = SHARED / "trials" / "10-long-scroll"
    if not scroll.exists():
        pytest.skip("../shared/trials is not there")
    (path,) = (scroll / "batch").glob("*0001.tif")
    whole = load_page(path, "image/tiff", 0).pixels[:4500]
    page = recognise_page(whole, resolution_dpi=200, language="zh-Hans", settings=OcrSettings())
    truth = (scroll / "truth.txt").read_text("utf-8").split()
    read = [ln.text for ln in page.lines]
    assert page.direction == "horizontal"
    assert read[:60] == truth[:60]
    for number in (0, 30, 59):
        box = page.lines[number].box
        ink = (whole[box.top : box.top + box.height, box.left : box.left + box.width] < 128).mean()
        assert ink > 0.05
        assert whole[max(0, box.top - 20) : box.top - 4].min() == 255


def test_rows_run_left_to_right_and_columns_right_to_left() -> None:
    cells = [line("丁戊", 300, 102, 80, 30), line("甲乙", 10, 100, 80, 30), line("己庚", 10, 160, 80, 30)]
    assert [ln.text for ln in order_lines(cells).lines] == ["甲乙", "丁戊", "己庚"]
    columns = [line("一二三", 10, 10, 30, 200), line("四五六", 100, 12, 30, 200)]
    reading = order_lines(columns)
    assert reading.direction == "vertical"
    assert [ln.text for ln in reading.lines] == ["四五六", "一二三"]


def test_engines_are_chosen_by_language_and_settings() -> None:
    assert engine_name("zh-Hant", OcrSettings()) == "pp-ocr"
    assert engine_name("en", OcrSettings()) == "tesseract"
    assert engine_name("en", OcrSettings(engines=(("en", "pp-ocr"),))) == "pp-ocr"


def test_errors_are_counted() -> None:
    assert edit_distance("kitten", "sitting") == 3
    assert character_error_rate("防 汛\n通知", "防汛通知") == 0
    assert character_error_rate("", "防汛") == 1
    assert character_recall("知通汛防", "防汛通知") == 1


def test_the_access_copy_is_pdf_a_and_its_text_can_be_taken_out(tmp_path: Path) -> None:
    Image.new("RGB", (1654, 2339), "white").save(tmp_path / "p.jpg", dpi=(200, 200))
    flat = Page(1654, 2339, 200, "zh-Hans", "horizontal", (line("防汛通知𠀀", 200, 200, 400, 50),), "x")
    tall = Page(1654, 2339, 200, "zh-Hant", "vertical", (line("澜浦檔案", 1400, 200, 50, 300),), "x")
    target = tmp_path / "a.pdf"
    jpeg = (tmp_path / "p.jpg").read_bytes()
    (tmp_path / "both.jpg").write_bytes(2 * jpeg)
    pages = [AccessPage(len(jpeg), flat), AccessPage(len(jpeg), tall)]
    created_at = datetime(2026, 1, 1, tzinfo=UTC)
    with Opened.anew(target) as opened:
        write_access_pdf(tmp_path / "both.jpg", opened, pages, title="题名", language="zh-Hans", created_at=created_at)
    with pypdfium2.PdfDocument(target) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert "防汛通知𠀀" in texts[0]
    assert "澜浦檔案" in texts[1]
    assert (tmp_path / "p.jpg").read_bytes() in target.read_bytes()
    if JUDGE.exists() and shutil.which("java"):
        verdict = run_tool(
            [str(JUDGE), "verapdf", "-f", "2b", "--format", "text", str(target)],
            timeout_seconds=240,
            environment={"JAVA_HOME": ""},
        )
        assert verdict.stdout.startswith(b"PASS")


@pytest.mark.parametrize(
    ("engine", "confidence", "expected"),
    [
        ("PP-OCRv6 (rapidocr 3.10.0)", 0.988, False),
        ("PP-OCRv6 (rapidocr 3.10.0)", 0.952, True),
        ("tesseract 5.3.0", 0.90, False),
        ("tesseract 5.3.0", 0.60, True),
    ],
)
def test_each_engine_is_doubted_by_its_own_measure(engine: str, confidence: float, expected: bool) -> None:
    box = Box(0, 0, 9, 9)
    read_line = Line((Word("防汛", box, confidence),), box)
    assert is_doubtful(Page(9, 9, 200, "zh-Hans", "horizontal", (read_line,), engine)) is expected


def test_signs_that_holes_were_taken_for_are_nothing_to_doubt() -> None:
    box = Box(0, 0, 9, 9)
    holes = Line((Word("●", box, 0.94),), box)
    page = Page(9, 9, 200, "zh-Hans", "horizontal", (holes, holes), "PP-OCRv6 (rapidocr 3.10.0)")
    assert not page.has_letters
    assert not is_doubtful(page)


@pytest.mark.parametrize(
    ("left_out", "read_lines", "expected"),
    [(0, 1, False), (2, 1, False), (3, 40, False), (3, 27, True), (9, 66, True), (14, 49, True), (5, 60, False)],
)
def test_a_page_of_which_much_was_left_out_is_doubted(left_out: int, read_lines: int, expected: bool) -> None:
    box = Box(0, 0, 9, 9)
    lines = (Line((Word("防汛", box, 0.99),), box),) * read_lines
    engine = "PP-OCRv6 (rapidocr 3.10.0)"
    assert is_doubtful(Page(9, 9, 200, "zh-Hans", "horizontal", lines, engine, left_out)) is expected
