"""How a page of a PDF is laid out: what its pictures cover, where its words stand, how large it is drawn."""

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from formats.picture.decoding import SHOWN_PIXELS

IMAGE = 3  # FPDF_PAGEOBJ_IMAGE
_TEXT = 1  # FPDF_PAGEOBJ_TEXT
_DEEPEST = 4  # pictures in forms in forms
_RENDER_DPI = 300
_A4_LENGTH_PX, _A4_LENGTH_PT = 3508, 842
_LEAST_DPI, _A3_INCHES = 60, 16.8
_LONGEST_SIDE_PX = 65_000  # of a JPEG
_COVERED = 0.5
_DRAWN_OVER = 0.2
_CELLS, _CELL_PX = 40, 8  # to a side of a page
_LEAST_INK = 48  # of 256


def is_mostly_drawn(page: Any) -> bool:
    """Say whether pictures cover most of a page, or much is drawn on it that is none of its words (letters as lines)."""
    return _pictured(page) >= _COVERED or _drawn_beside_words(page) >= _DRAWN_OVER


def drawn_size(page: Any, path: Path, page_index: int) -> tuple[float, int]:
    """Return how large a page is drawn: dots a unit of the page, and dots an inch."""
    unit = _unit(path, page_index, page.get_size())
    width, height = (max(side * unit / 72, 1e-3) for side in page.get_size())
    most = min((SHOWN_PIXELS / (width * height)) ** 0.5, _LONGEST_SIDE_PX / max(width, height))
    dpi = min(_resolution(page, unit, max(width, height)), math.floor(most) or most)
    return dpi * unit / 72, max(1, int(dpi))


def words_of_page(page: Any, height: float) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Yield each word with its place in points from the top left: left, top, right, bottom."""
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    for found in re.finditer(r"\S+", text):
        boxes = [text_page.get_charbox(at) for at in range(found.start(), min(found.end(), text_page.count_chars()))]
        if boxes:
            left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
            right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
            yield found[0], (left, height - top, right, height - bottom)


def _pictured(page: Any) -> float:
    """Return which share of a page its pictures cover, of which many scanners write one a strip."""
    left, bottom, right, top = page.get_cropbox()
    covered = np.zeros((_CELLS, _CELLS), bool)
    across, up = _CELLS / max(1e-6, right - left), _CELLS / max(1e-6, top - bottom)
    for picture in page.get_objects(filter=[IMAGE], max_depth=_DEEPEST):
        bounds = picture.get_bounds()
        columns = slice(*(max(0, round((edge - left) * across)) for edge in bounds[::2]))
        rows = slice(*(max(0, round((edge - bottom) * up)) for edge in bounds[1::2]))
        covered[rows, columns] = True
    return float(covered.mean())


def _drawn_beside_words(page: Any) -> float:
    """Return in which share of the cells of a page something is seen that is none of its words."""
    width, height = page.get_size()
    scale = _CELL_PX * _CELLS / max(width, height)
    seen = np.asarray(page.render(scale=scale).to_pil().convert("L"))
    paper = int(np.bincount(seen.ravel(), minlength=256).argmax())
    ink = np.abs(seen.astype(np.int16) - paper) > _LEAST_INK
    for _, (left, top, right, bottom) in words_of_page(page, height):
        ink[
            max(0, int(top * scale) - 1) : int(bottom * scale) + 2,
            max(0, int(left * scale) - 1) : int(right * scale) + 2,
        ] = False
    cells = np.add.reduceat(
        np.add.reduceat(ink, range(0, ink.shape[0], _CELL_PX), 0), range(0, ink.shape[1], _CELL_PX), 1
    )
    return float((cells > 0).mean())


def _resolution(page: Any, unit: float, length_inches: float) -> float:
    """Return with how many dots an inch a page is drawn that is so long.

    One on which a scan was made very small gets the dots of an A4 sheet, if the scan has them; one whose points are the
    dots of its scan, so that it seems very large, gets no more than there are.
    """
    if _pictured(page) < _COVERED:
        return _RENDER_DPI
    pictures = page.get_objects(filter=[IMAGE], max_depth=_DEEPEST)
    own: float = max(_dots_an_inch(one) for one in pictures) / unit
    is_bare = all(one.type in (IMAGE, _TEXT) for one in page.get_objects(max_depth=1))
    if length_inches > _A3_INCHES and is_bare:
        return min(_RENDER_DPI, max(_LEAST_DPI, own))
    return max(_RENDER_DPI, min(own, _A4_LENGTH_PX / length_inches))


def _dots_an_inch(picture: Any) -> float:
    width, height = picture.get_px_size()
    matrix = picture.get_matrix()
    across, down = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
    return float(max(width * 72 / max(across, 1e-6), height * 72 / max(down, 1e-6)))


def _unit(path: Path, page_index: int, size: tuple[float, float]) -> float:
    """Return how many times larger than a point the units of a small page are (UserUnit), which pdfium does not ask."""
    if max(size) >= _A4_LENGTH_PT:
        return 1.0
    import pikepdf

    with suppress(pikepdf.PdfError, ValueError, TypeError, IndexError, RuntimeError), pikepdf.open(path) as document:
        return max(1.0, float(document.pages[page_index].obj.get("/UserUnit", 1)))
    return 1.0
