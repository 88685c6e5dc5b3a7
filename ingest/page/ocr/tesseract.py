"""Tesseract (Latin, Cyrillic) through pytesseract; runs inside a child that can be ended as a group."""

import re
import shutil
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from archives.errors import ToolFailedError
from archives.message import Message, message
from archives.text.page import Box, Line, Word
from formats.foreign import words_of
from formats.processes.tools import run_tool
from ingest.page.ocr.engine import Reading
from ingest.page.ocr.pieces import strips_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ANSWERS_WITHIN_SECONDS = 30.0
_MOST_PX = 20_000  # it refuses pages of 32,768 rows
_TRAINED = {"en": "eng", "ru": "rus", "fr": "fra", "de": "deu", "es": "spa", "pt": "por", "it": "ita", "zh": "chi_sim"}


class TesseractEngine:
    """Tesseract with one thread a page (``OMP_THREAD_LIMIT=1`` is set by the child's environment)."""

    @property
    def name(self) -> str:
        """The engine's name and version."""
        return f"tesseract {_version()}"

    def missing(self, language: str) -> Message | None:
        """Return what is not installed."""
        data = _trained(language)
        if shutil.which("tesseract") is None:
            return message(
                "缺少识别引擎 Tesseract：请安装 tesseract-ocr 和 tesseract-ocr-{data}",
                "the engine Tesseract is missing: install tesseract-ocr and tesseract-ocr-{data}",
                data=data,
            )
        if data not in _installed():
            return message(
                "Tesseract 缺少语言数据：请安装 tesseract-ocr-{data}",
                "Tesseract lacks the language: install tesseract-ocr-{data}",
                data=data,
            )
        return None

    def recognise(self, grey: "NDArray[np.uint8]", *, language: str, resolution_dpi: int) -> Reading:
        """Read a prepared page, a long one in strips; raises ``ToolFailedError``."""
        strips = ((top, grey[top:bottom]) for top, bottom in strips_of(grey, _MOST_PX))
        lines = tuple(line for top, strip in strips for line in _read(strip, top, language, resolution_dpi))
        return Reading(lines, "horizontal")


def _read(grey: "NDArray[np.uint8]", top: int, language: str, resolution_dpi: int) -> Iterator[Line]:
    """Yield the lines of a strip that begins so many rows below the top of its page."""
    import pytesseract
    from PIL import Image

    try:
        found = pytesseract.image_to_data(
            Image.fromarray(grey),
            lang=_trained(language),
            config=f"--psm 3 --dpi {resolution_dpi}",
            output_type=pytesseract.Output.DICT,
        )
    except (pytesseract.TesseractError, OSError, RuntimeError) as cause:
        raise ToolFailedError(
            message("Tesseract 失败：{reason}", "Tesseract failed: {reason}", reason=words_of(cause)),
            subject="tesseract",
        ) from cause
    found["top"] = [top + int(place) for place in found["top"]]
    rows = zip(*(found[key] for key in _COLUMNS), strict=True)
    words = (row for row in rows if str(row[8]).strip() and float(row[7]) >= 0)
    for _, group in groupby(words, key=lambda row: row[:3]):
        yield _line(list(group))


_COLUMNS = ("block_num", "par_num", "line_num", "left", "top", "width", "height", "conf", "text")


def _line(rows: list[tuple[int, int, int, int, int, int, int, float, str]]) -> Line:
    words = tuple(Word(row[8].strip(), Box(*row[3:7]), float(row[7]) / 100) for row in rows)
    left, top = min(word.box.left for word in words), min(word.box.top for word in words)
    right = max(word.box.left + word.box.width for word in words)
    bottom = max(word.box.top + word.box.height for word in words)
    return Line(words, Box(left, top, right - left, bottom - top), separator=" ")


def _trained(language: str) -> str:
    return _TRAINED.get(language.split("-")[0], language)


@cache
def _installed() -> frozenset[str]:
    try:
        return frozenset(_answer("--list-langs").split())
    except ToolFailedError:  # it finds no data at all
        return frozenset()


@cache
def _version() -> str:
    numbers = re.search(r"\d+(\.\d+)+", _answer("--version"))
    return numbers.group() if numbers else ""


def _answer(question: str) -> str:
    """Return what the program says of itself; without pytesseract, which is slow to load."""
    told = run_tool(["tesseract", question], timeout_seconds=_ANSWERS_WITHIN_SECONDS)
    return (told.stdout + told.stderr).decode("utf-8", "replace")
