"""What a recognition engine is, and which one reads which language.

PP-OCR reads Chinese and Japanese; Tesseract reads Latin and Cyrillic. An engine only reads: preparation, reading
order and storage are ours.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from archives.message import Message
from archives.text.page import Direction, Line

if TYPE_CHECKING:  # arrays are slow to load, and every command knows how pages would be read
    import numpy as np
    from numpy.typing import NDArray


_LEAST_CONFIDENCE = 0.965
_LEAST_OF_TESSERACT = 0.80
_MANY_LEFT_OUT, _MANY_OF_ALL = 3, 0.1


@dataclass(frozen=True, slots=True)
class OcrSettings:
    """How pages are read; ``engines`` overrides the choice for a language tag (``{"en": "pp-ocr"}``)."""

    workers: int = 2
    page_timeout_seconds: float = 180.0
    engines: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine read: lines in reading order (boxes on the prepared page) and how the text runs.

    ``left_out`` is how many places it found that may be lines, and is too unsure of to say what they say.
    """

    lines: tuple[Line, ...]
    direction: Direction
    left_out: int = 0


class OcrEngine(Protocol):
    """Reads prepared pages; made once a process and used for many pages."""

    @property
    def name(self) -> str:
        """The engine's name and version, as events and ALTO name it."""

    def missing(self, language: str) -> Message | None:
        """Return what has to be installed to read a language; None when it can be read."""

    def recognise(self, grey: "NDArray[np.uint8]", *, language: str, resolution_dpi: int) -> Reading:
        """Read a prepared page (height × width, uint8, 0 = ink)."""


def engine_name(language: str, settings: OcrSettings) -> str:
    """Return which engine reads a language: ``pp-ocr`` or ``tesseract``."""
    chosen = dict(settings.engines)
    if language in chosen:
        return chosen[language]
    return "pp-ocr" if language.split("-")[0] in ("zh", "ja") else "tesseract"


def engine_for(language: str, settings: OcrSettings) -> OcrEngine:
    """Return the engine that reads a language; its library is loaded when it first reads."""
    from ingest.page.ocr.rapid import RapidOcrEngine
    from ingest.page.ocr.tesseract import TesseractEngine

    return RapidOcrEngine() if engine_name(language, settings) == "pp-ocr" else TesseractEngine()


def least_confidence(engine: str) -> float:
    """Return the mean confidence below which what an engine read on a page is not to be trusted.

    Of 119 bad pages (turned, mirrored, blurred, of a fifth of the dots, by hand) every one of whose letters fewer than 95
    of 100 are right lies below it or has no text; nearly all good ones lie above (``docs/decisions/0018``).
    """
    return _LEAST_OF_TESSERACT if engine.startswith("tesseract") else _LEAST_CONFIDENCE


def is_much(left_out: int, *, read: int) -> bool:
    """Say whether so many places were left out, beside so many lines that were read, that a page is not read as a whole.

    None was left out on 200 good pages; on pages that water or a wrong side up made illegible in parts they were a tenth and
    more, while what was sure of them kept the mean high.
    """
    return left_out >= _MANY_LEFT_OUT and left_out >= _MANY_OF_ALL * (left_out + read)
