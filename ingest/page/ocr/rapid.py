"""PP-OCRv6 (Chinese, Japanese) through rapidocr, on OpenVINO where it is installed, else on onnxruntime."""

import importlib.metadata
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from archives.message import Message, message
from archives.text.page import Box, Line, Word, confidence_of
from ingest.page.ocr.engine import Reading, least_confidence
from ingest.page.ocr.pieces import is_large, joined, parts_of_line, pieces_of
from ingest.page.ocr.reading_order import order_lines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST_DETECTION_SIDE = 1280
_SURE_AT_ONCE_PX = 3600  # an A4 sheet at 300 dpi, with what scanners leave round it
_TALL = 1.5  # as rapidocr decides which lines to lay down before they are read
_LEAST_SCORE = 0.5  # as rapidocr leaves lines out; here they are counted


class RapidOcrEngine:
    """PP-OCR with the settings that are fastest and most exact on a core: no classifier, one thread."""

    @property
    def name(self) -> str:
        """The engine's name and version."""
        return f"PP-OCRv6 (rapidocr {importlib.metadata.version('rapidocr')})"

    def missing(self, language: str) -> Message | None:
        """Return what is not installed."""
        if importlib.util.find_spec("rapidocr") is None:
            return message(
                "缺少中文识别引擎：请安装 Python 包 rapidocr",
                "the Chinese engine is missing: install the Python package rapidocr",
            )
        if not any(importlib.util.find_spec(runtime) for runtime in ("openvino", "onnxruntime")):
            return message(
                "缺少识别运行库：请安装 Python 包 openvino 或 onnxruntime",
                "the engine's runtime is missing: install the Python package openvino or onnxruntime",
            )
        return None

    def recognise(self, grey: "NDArray[np.uint8]", *, language: str, resolution_dpi: int) -> Reading:
        """Read a prepared page: in pieces where it is large, or where its letters turn out too small to be sure."""
        if is_large(grey.shape[0], grey.shape[1], resolution_dpi):
            return _sure_of(_read_in_pieces(grey, resolution_dpi))
        found = _read_at_once(grey)
        lines = [line for line in found if _is_sure(line)]
        if max(grey.shape) > _SURE_AT_ONCE_PX and (confidence_of(lines) or 1.0) < least_confidence(self.name):
            closer = _read_in_pieces(grey, resolution_dpi)
            if (confidence_of([line for line in closer if _is_sure(line)]) or 0.0) > (confidence_of(lines) or 0.0):
                found = closer
        return _sure_of(found)


def _is_sure(line: Line) -> bool:
    return all(word.confidence >= _LEAST_SCORE for word in line.words)


def _sure_of(found: Sequence[Line]) -> Reading:
    """Return what is sure of what was found, in reading order; words of a line stand or fall by themselves."""
    kept = [
        replace(line, words=tuple(word for word in line.words if word.confidence >= _LEAST_SCORE)) for line in found
    ]
    left_out = sum(len(before.words) > len(after.words) for before, after in zip(found, kept, strict=True))
    return replace(order_lines([line for line in kept if line.words]), left_out=left_out)


def _read_at_once(grey: "NDArray[np.uint8]") -> tuple[Line, ...]:
    answer = _engine()(_coloured(grey), use_det=True, use_cls=False, use_rec=True)
    if answer.txts is None or answer.boxes is None:
        return ()
    return tuple(
        _line(text, score, corners)
        for text, score, corners in zip(answer.txts, answer.scores, answer.boxes, strict=True)
        if text.strip()
    )


def _read_in_pieces(grey: "NDArray[np.uint8]", resolution_dpi: int) -> tuple[Line, ...]:
    """Find the lines on every piece, join them, and read each on the page as it is."""
    found = [_lines_on(grey, piece) for piece in pieces_of(grey.shape[0], grey.shape[1], resolution_dpi)]
    lines = ((box, tuple(_words_of(grey, box))) for box in joined(found))
    return tuple(Line(words, box) for box, words in lines if words)


def _lines_on(grey: "NDArray[np.uint8]", piece: Box) -> list[Box]:
    cut = grey[piece.top : piece.top + piece.height, piece.left : piece.left + piece.width]
    answer = _engine()(_coloured(cut), use_det=True, use_cls=False, use_rec=False)
    boxes = (_box(corners) for corners in (answer.boxes if answer.boxes is not None else ()))
    return [Box(box.left + piece.left, box.top + piece.top, box.width, box.height) for box in boxes]


def _words_of(grey: "NDArray[np.uint8]", line: Box) -> Iterator[Word]:
    for part in parts_of_line(grey, line):
        cut = grey[part.top : part.top + part.height, part.left : part.left + part.width]
        upright = cut.transpose()[::-1] if line.height >= _TALL * line.width else cut
        answer = _engine()(_coloured(upright), use_det=False, use_cls=False, use_rec=True)
        for text, score in zip(answer.txts or (), answer.scores or (), strict=True):
            if text.strip():
                yield Word(text, part, float(score))


def _coloured(grey: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    return grey[:, :, None].repeat(3, axis=2)


@cache
def _engine() -> Any:
    from rapidocr import EngineType, RapidOCR

    openvino = importlib.util.find_spec("openvino") is not None
    runtime = EngineType.OPENVINO if openvino else EngineType.ONNXRUNTIME
    settings: dict[str, Any] = {
        "Global.use_cls": False,
        "Global.text_score": 0.0,
        "Global.log_level": "error",
        "Det.limit_type": "max",
        "Det.limit_side_len": _LONGEST_DETECTION_SIDE,
        "Det.engine_type": runtime,
        "Rec.engine_type": runtime,
    }
    if openvino:
        settings |= {
            "EngineConfig.openvino.inference_num_threads": 1,
            "EngineConfig.openvino.enable_cpu_pinning": False,
        }
    else:
        settings |= {"EngineConfig.onnxruntime.intra_op_num_threads": 1}
    return RapidOCR(params=settings)


def _line(text: str, score: float, corners: "NDArray[np.float32]") -> Line:
    box = _box(corners)
    return Line((Word(text, box, float(score)),), box)


def _box(corners: "NDArray[np.float32]") -> Box:
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return Box(
        round(float(left)), round(float(top)), max(1, round(float(right - left))), max(1, round(float(bottom - top)))
    )
