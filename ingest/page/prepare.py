"""Preparation of a page image for recognition: paper evened out, skew removed, levels drawn round Otsu's threshold.

The result is for the engine only; nothing prepared is ever stored as the record.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_INK_BELOW_THRESHOLD = 90
_LEAST_THRESHOLD = 100  # of a bilevel page Otsu's threshold is 0, which would make its ink white
_WIDEST_SKEW_DEGREES = 5.0
_LEAST_SKEW_DEGREES = 0.15
_PAPER_SQUARE_INCHES = 0.25
_GREY = 2  # dimensions


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A grey page (height × width, uint8, 0 = ink) and the turn that made it upright.

    ``to_original`` is the 2 × 3 affine matrix that leads from its pixels back to those of the page image.
    """

    grey: NDArray[np.uint8]
    skew_degrees: float
    to_original: NDArray[np.float64]


def prepare_page(pixels: NDArray[np.uint8], *, resolution_dpi: int) -> PreparedPage:
    """Prepare a page image (uint8, height × width of greys, or × 3 of RGB)."""
    grey = pixels if pixels.ndim == _GREY else _bytes(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    even = _even_paper(grey, resolution_dpi)
    skew = _skew_degrees(even)
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    if abs(skew) < _LEAST_SKEW_DEGREES:
        skew, turn = 0.0, np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    else:
        even = _bytes(cv2.warpAffine(even, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,)))
    return PreparedPage(_levels(even), skew, np.asarray(cv2.invertAffineTransform(turn), dtype=np.float64))


def _even_paper(grey: NDArray[np.uint8], resolution_dpi: int) -> NDArray[np.uint8]:
    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    side = max(3, round(resolution_dpi / 8 * _PAPER_SQUARE_INCHES) | 1)
    paper = cv2.dilate(small, np.ones((side, side), np.uint8))
    paper = cv2.medianBlur(paper, min(255, 2 * side + 1))
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return _bytes(cv2.divide(grey, full, scale=255))


def _skew_degrees(grey: NDArray[np.uint8]) -> float:
    """Return the angle that makes the sharpest row profile."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    best = _sharpest(_bytes(ink), np.arange(-_WIDEST_SKEW_DEGREES, _WIDEST_SKEW_DEGREES + 0.1, 0.5))
    return _sharpest(_bytes(ink), np.arange(best - 0.4, best + 0.41, 0.1))


def _sharpest(ink: NDArray[np.uint8], angles: NDArray[np.float64]) -> float:
    height, width = ink.shape
    scores = []
    for angle in angles:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1.0)
        rows = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_NEAREST).sum(axis=1, dtype=np.float64)
        scores.append(float(np.square(np.diff(rows)).sum()))
    return float(angles[int(np.argmax(scores))])


def _levels(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    threshold = max(threshold, _LEAST_THRESHOLD)
    black = threshold - _INK_BELOW_THRESHOLD
    scaled = (np.arange(256, dtype=np.float32) - black) * (255.0 / max(1.0, threshold - black))
    return _bytes(cv2.LUT(grey, _bytes(np.clip(scaled, 0, 255))))


def _bytes(pixels: object) -> NDArray[np.uint8]:
    return np.asarray(pixels).astype(np.uint8, copy=False)
