"""Reading a page: prepare, recognise, and place every word on the image as it came."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from archives.text.page import Box, Line, Page, Word
from formats.page_image import LEAST_SIDE_PX
from ingest.page.ocr.engine import OcrSettings, Reading, engine_for, is_much, least_confidence
from ingest.page.prepare import PreparedPage, prepare_page


def recognise_page(pixels: NDArray[np.uint8], *, resolution_dpi: int, language: str, settings: OcrSettings) -> Page:
    """Return the text of a page image (height × width, greys or RGB); raises ``ToolError`` when its engine fails.

    A page that no letter fits on has none.
    """
    engine = engine_for(language, settings)
    reading = Reading((), "horizontal")
    if min(pixels.shape[:2]) >= LEAST_SIDE_PX:
        prepared = prepare_page(pixels, resolution_dpi=resolution_dpi)
        reading = engine.recognise(prepared.grey, language=language, resolution_dpi=resolution_dpi)
        reading = replace(reading, lines=tuple(_line_on_original(line, prepared) for line in reading.lines))
    return Page(
        width_px=pixels.shape[1],
        height_px=pixels.shape[0],
        resolution_dpi=resolution_dpi,
        language=language,
        direction=reading.direction,
        lines=reading.lines,
        engine=engine.name,
        left_out=reading.left_out,
    )


def is_doubtful(page: Page) -> bool:
    """Say whether what was read on a page is not to be trusted, or not the whole; a page without a letter has nothing to trust."""
    is_unsure = (page.confidence or 0.0) < least_confidence(page.engine)
    return page.has_letters and (is_unsure or is_much(page.left_out, read=len(page.lines)))


def _line_on_original(line: Line, prepared: PreparedPage) -> Line:
    words = tuple(Word(word.text, _box_on_original(word.box, prepared), word.confidence) for word in line.words)
    return Line(words, _box_on_original(line.box, prepared), line.separator)


def _box_on_original(box: Box, prepared: PreparedPage) -> Box:
    """Turn a box back about its centre: its size stays, its centre moves."""
    centre = prepared.to_original @ np.array([box.left + box.width / 2, box.top + box.height / 2, 1.0])
    height, width = prepared.grey.shape
    left = min(max(0, math.floor(centre[0] - box.width / 2)), width - 1)
    top = min(max(0, math.floor(centre[1] - box.height / 2)), height - 1)
    return Box(left, top, min(box.width, width - left), min(box.height, height - top))
