"""PP-OCRv6 (Chinese, Japanese) through rapidocr, on OpenVINO where it is installed, else on onnxruntime."""

import importlib.metadata
import importlib.util
from functools import cache
from typing import TYPE_CHECKING, Any

from archives.message import Message, message
from archives.text.page import Box, Line, Word
from ingest.page.ocr.engine import Reading
from ingest.page.ocr.reading_order import order_lines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST_DETECTION_SIDE = 1280


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
        """Read a prepared page."""
        answer = _engine()(grey[:, :, None].repeat(3, axis=2))
        if answer.txts is None or answer.boxes is None:
            return Reading((), "horizontal")
        lines = tuple(
            _line(text, score, corners)
            for text, score, corners in zip(answer.txts, answer.scores, answer.boxes, strict=True)
            if text.strip()
        )
        return order_lines(lines)


@cache
def _engine() -> Any:
    from rapidocr import EngineType, RapidOCR

    openvino = importlib.util.find_spec("openvino") is not None
    runtime = EngineType.OPENVINO if openvino else EngineType.ONNXRUNTIME
    settings: dict[str, Any] = {
        "Global.use_cls": False,
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
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    box = Box(
        round(float(left)), round(float(top)), max(1, round(float(right - left))), max(1, round(float(bottom - top)))
    )
    return Line((Word(text, box, float(score)),), box)
