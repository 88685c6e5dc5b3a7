"""Which engine reads which language, what it lacks, and in which order its lines are read."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import ToolFailedError
from archives.text.page import Box, Line, Word
from ingest.page.ocr import rapid
from ingest.page.ocr.engine import OcrSettings, engine_for, engine_name
from ingest.page.ocr.rapid import RapidOcrEngine
from ingest.page.ocr.reading_order import order_lines
from ingest.page.ocr.tesseract import TesseractEngine


def line(text: str, left: int, top: int, width: int = 60, height: int = 12) -> Line:
    """Return a line of one word."""
    box = Box(left, top, width, height)
    return Line((Word(text, box, 1.0),), box)


def order(*lines: Line) -> str:
    """Return the texts in reading order."""
    return "".join(one.text for one in order_lines(lines).lines)


@pytest.mark.parametrize(
    ("language", "engine"),
    [("zh-Hans", RapidOcrEngine), ("ja", RapidOcrEngine), ("en", TesseractEngine), ("ru-RU", TesseractEngine)],
)
def test_each_language_has_its_engine(language: str, engine: type) -> None:
    assert isinstance(engine_for(language, OcrSettings()), engine)


def test_settings_choose_another_engine_for_the_very_language_tag() -> None:
    settings = OcrSettings(engines=(("en", "pp-ocr"),))
    assert engine_name("en", settings) == "pp-ocr"
    assert engine_name("en-GB", settings) == "tesseract"


def test_a_missing_program_is_named_with_its_language_data() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        missing = TesseractEngine().missing("fr-FR")
    assert missing is not None
    assert "tesseract-ocr-fra" in missing.text("en")


@pytest.mark.parametrize("package", ["rapidocr", "openvino"])
def test_a_missing_package_is_named(package: str) -> None:
    absent = {"rapidocr"} if package == "rapidocr" else {"openvino", "onnxruntime"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("importlib.util.find_spec", lambda name: None if name in absent else object())
        missing = RapidOcrEngine().missing("zh")
    assert missing is not None
    assert package in missing.text("en")


def test_an_engine_that_fails_is_a_tool_error() -> None:
    import numpy as np

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        with pytest.raises(ToolFailedError):
            TesseractEngine().recognise(np.zeros((8, 8), np.uint8), language="en", resolution_dpi=200)


def test_rows_are_read_from_the_left_and_from_the_top() -> None:
    assert (
        order(line("丁丁", 100, 52), line("乙乙", 100, 10), line("丙丙", 10, 50), line("甲甲", 10, 12))
        == "甲甲乙乙丙丙丁丁"
    )


def test_columns_are_read_from_the_right() -> None:
    left, right = line("左左", 10, 10, 12, 90), line("右右", 60, 10, 12, 90)
    assert order_lines([left, right]).direction == "vertical"
    assert order(left, right) == "右右左左"


def test_a_single_tall_character_makes_no_page_vertical() -> None:
    assert order_lines([line("一", 10, 10, 12, 90), line("横排", 40, 10)]).direction == "horizontal"


def test_a_page_without_lines_is_horizontal_and_empty() -> None:
    assert (order_lines([]).lines, order_lines([]).direction) == ((), "horizontal")


@given(
    st.lists(st.builds(line, st.sampled_from(["甲", "乙丙"]), *(st.integers(0, 500),) * 2, *(st.integers(1, 90),) * 2))
)
def test_no_line_is_lost_or_doubled(lines: list[Line]) -> None:
    assert sorted(map(repr, order_lines(lines).lines)) == sorted(map(repr, lines))


@pytest.mark.parametrize("side", [40, 20_000])
def test_what_the_engine_is_not_sure_of_is_counted_and_not_read(monkeypatch: pytest.MonkeyPatch, side: int) -> None:
    corners = [np.array([(0, top), (300, top), (300, top + 30), (0, top + 30)], float) for top in (0, 60, 120)]
    scores = iter((0.99, 0.3, 0.7) * 50)

    def answer(_: object, *, use_det: bool, use_rec: bool, **__: bool) -> SimpleNamespace:
        boxes = corners if use_det else corners[:1]
        return SimpleNamespace(
            boxes=boxes, txts=["水情"] * len(boxes), scores=[next(scores) for _ in boxes] if use_rec else None
        )

    monkeypatch.setattr(rapid, "_engine", lambda: answer)
    reading = RapidOcrEngine().recognise(np.full((side, 400), 255, np.uint8), language="zh", resolution_dpi=300)
    kept = [word.confidence for line in reading.lines for word in line.words]
    assert reading.left_out > 0
    assert 0.3 not in kept
    assert {0.99, 0.7} <= set(kept)
