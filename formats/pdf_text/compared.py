"""The letters of a PDF as a second reader finds them: fonts say badly which letters they show, and readers differ about them.

What both find is beyond doubt. Letters outside the crop box are not shown (ISO 32000-1 §14.11.2), those that the
second reader does not know say nothing, and those that run from right to left are put in order in too many ways.
"""

import logging
import re
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

MOST_COMPARED = 50
"""How many pages of a file are compared at most."""
_LARGEST_BYTES = 64 << 20
_LEAST_LETTERS = 3
_IDEOGRAPHS = re.compile("[぀-鿿가-힣\U00020000-\U0003ffff]")
_GAP, _OVERLAP, _RISE = 0.25, 0.5, 0.3  # of a letter's size
_BROKEN = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, AssertionError, OSError, struct.error,
    NotImplementedError, StopIteration,
)  # fmt: skip


def words_missed(path: Path, pages: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the words that the second reader finds on a page, by its index, and that the first did not find there.

    ``pages`` are the texts of the first reader. No more than the first 50 pages are compared, and nothing of a file that
    the second reader cannot read.
    """
    if path.stat().st_size > _LARGEST_BYTES:
        return
    for index, words in enumerate(islice(_pages(path), min(len(pages), MOST_COMPARED))):
        known = folded(pages[index])
        missed = dict.fromkeys(word for word in words if _tells(word) and folded(word) not in known)
        if missed:
            yield index, tuple(missed)


def folded(text: str) -> str:
    """Return the letters and digits of a text alone, without case and accents that stand apart."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in composed if unicodedata.category(letter)[0] in "LN")


def _tells(word: str) -> bool:
    letters = folded(word)
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters):
        return False
    return len(letters) >= _LEAST_LETTERS or bool(_IDEOGRAPHS.search(letters))


def _pages(path: Path) -> Iterator[list[str]]:
    """Yield the words of each page, as far as the second reader gets."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.psexceptions import PSException

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # what it wonders about is no news to anybody
    try:
        with path.open("rb") as file:
            fonts = PDFResourceManager()
            device = PDFPageAggregator(fonts, laparams=None)
            interpreter = PDFPageInterpreter(fonts, device)
            for page in PDFPage.get_pages(file):
                interpreter.process_page(page)
                yield list(_words(device.get_result(), _shown(page)))
    except (PDFException, PSException, *_BROKEN):
        return


def _shown(page: Any) -> tuple[float, float, float, float]:
    """Return the crop box as the second reader places it: turned with the page, from the corner of the media box."""
    left, bottom, right, top = page.mediabox
    crop_left, crop_bottom, crop_right, crop_top = page.cropbox
    match page.rotate % 360:
        case 90:
            return crop_bottom - bottom, right - crop_right, crop_top - bottom, right - crop_left
        case 180:
            return right - crop_right, top - crop_top, right - crop_left, top - crop_bottom
        case 270:
            return top - crop_top, crop_left - left, top - crop_bottom, crop_right - left
    return crop_left - left, crop_bottom - bottom, crop_right - left, crop_top - bottom


def _words(page: Any, shown: tuple[float, float, float, float]) -> Iterator[str]:
    """Yield what stands together, letter by letter in the order in which the letters are drawn."""
    word, last = "", None
    for letter in _letters(page):
        text = letter.get_text()
        is_known = not text.startswith("(cid:") and not text.isspace() and _is_within(letter, shown)
        if word and not (is_known and _follows(letter, last)):
            yield word
            word = ""
        if is_known:
            word += text
        last = letter
    if word:
        yield word


def _letters(holder: Any) -> Iterator[Any]:
    from pdfminer.layout import LTChar, LTContainer

    for one in holder:
        if isinstance(one, LTChar):
            yield one
        elif isinstance(one, LTContainer):
            yield from _letters(one)


def _is_within(letter: Any, shown: tuple[float, float, float, float]) -> bool:
    x, y = (letter.x0 + letter.x1) / 2, (letter.y0 + letter.y1) / 2
    return bool(shown[0] <= x <= shown[2] and shown[1] <= y <= shown[3])


def _follows(letter: Any, last: Any) -> bool:
    size = max(letter.size, 1e-3)
    gap = letter.x0 - last.x1
    return bool(abs(letter.y0 - last.y0) < _RISE * size and -_OVERLAP * size < gap < _GAP * size)
