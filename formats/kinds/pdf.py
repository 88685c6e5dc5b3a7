"""PDF through pdfium: its pages as they lie (a page that is one JPEG is passed through) or drawn, and its text."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archives.errors import FormatError
from archives.message import Message, message
from archives.record.record import FormatIdentification
from formats.foreign import words_of
from formats.kinds.image import DECODER_ERRORS, MAX_PIXELS
from formats.kinds.kind import Enclosed, Hidden, Kind, Look, PageImage, Reading
from formats.pdf_words import frame_of, oddities, page_words, unread_forms

_RENDER_DPI = 300
_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE
_WHOLE = 0.95
_LOOK_SCALE = 1.5  # of 72 dpi
_LEAST_CONTRAST = 24  # of 256
_LONGEST = 60
_BROKEN = Message("{reason}", "{reason}")
_NOT_DRAWN = Message("无法显示 PDF 页面：{reason}", "a page of the PDF cannot be drawn: {reason}")


@contextmanager
def _opened(path: Path, said: Message = _BROKEN) -> Iterator[Any]:
    """Open a document and turn what pdfium raises, now or while it is used, into ``FormatError``."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            yield document
    except pypdfium2.PdfiumError as cause:
        raise FormatError(message(said.zh, said.en, reason=words_of(cause, path)), subject=path.name) from cause


def _looked(path: Path) -> Look:
    with _opened(path) as document:
        version, pages = document.get_version() or 0, len(document)
    frame = frame_of(path)
    found = tuple(oddities(frame)) if frame else ()
    return Look((("pdf_version", f"{version / 10:.1f}"), ("pages", str(pages))), pages, found)


def _recognised(path: Path) -> FormatIdentification | None:
    """Recognise a PDF that other bytes stand before, or whose end is not as PRONOM wants it."""
    frame = frame_of(path)
    if frame is None:
        return None
    basis = f"%PDF- at byte {frame.bytes_before}"
    return FormatIdentification(None, "Portable Document Format", frame.version, "application/pdf", basis)


def _read(path: Path) -> Reading:
    with _opened(path) as document:
        yield from unread_forms(document)
        document.init_forms()
        for index in range(len(document)):
            yield page_words(document, index)
        for index in range(document.count_attachments()):
            attached = document.get_attachment(index)
            yield Enclosed(attached.get_name(), bytes(attached.get_data()))


def _hides(path: Path) -> Iterator[Hidden]:
    """Yield the words of the text that the drawn page does not show: on their place it is of one colour."""
    with _opened(path) as document:
        for number, page in enumerate(document, 1):
            width, height = page.get_size()
            if width * height * _LOOK_SCALE**2 > MAX_PIXELS:
                continue
            pixels = np.asarray(page.render(scale=_LOOK_SCALE).to_pil().convert("L"))
            unseen = " ".join(word for word, place in _words(page, height) if _is_of_one_colour(pixels, place))
            if unseen:
                said = message(
                    "第 {n} 页有看不见的文字：{words}",
                    "words on page {n} that are not seen: {words}",
                    n=number,
                    words=unseen[:_LONGEST],
                )
                yield Hidden("unseen-words", said)


def _words(page: Any, height: float) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Yield each word with its place in points from the top left: left, top, right, bottom."""
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    for found in re.finditer(r"\S+", text):
        boxes = [text_page.get_charbox(at) for at in range(found.start(), min(found.end(), text_page.count_chars()))]
        if boxes:
            left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
            right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
            yield found[0], (left, height - top, right, height - bottom)


def _is_of_one_colour(pixels: NDArray[np.uint8], place: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = (round(edge * _LOOK_SCALE) for edge in place)
    cut = pixels[max(0, top) : bottom + 1, max(0, left) : right + 1]
    return cut.size > 0 and int(cut.max()) - int(cut.min()) < _LEAST_CONTRAST


def _drawn(path: Path, page_index: int) -> PageImage:
    with _opened(path, _NOT_DRAWN) as document:
        page = document[page_index]
        width, height = page.get_size()
        whole = _whole_page_jpeg(page, width, height)
        if whole:
            return whole
        if width * height * (_RENDER_DPI / 72) ** 2 > MAX_PIXELS:
            raise FormatError(message("页面过大", "the page is too large"), subject=path.name)
        picture = page.render(scale=_RENDER_DPI / 72).to_pil().convert("RGB")
    return PageImage(np.asarray(picture), _RENDER_DPI, None)


def _whole_page_jpeg(page: Any, width: float, height: float) -> PageImage | None:
    """Return the picture of a page that is nothing but one upright JPEG; ``width`` and ``height`` in points."""
    objects = list(page.get_objects(max_depth=1))
    if len(objects) != 1 or objects[0].type != _IMAGE or page.get_rotation():
        return None
    (picture,) = objects
    left, bottom, right, top = picture.get_bounds()
    matrix = picture.get_matrix()
    covers = (right - left) * (top - bottom) >= _WHOLE * width * height
    if not covers or picture.get_filters() != ["DCTDecode"] or matrix.b or matrix.c or matrix.a <= 0 or matrix.d <= 0:
        return None
    jpeg = bytes(picture.get_data())
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
            if opened.mode not in ("RGB", "L"):
                return None
            pixels = np.asarray(opened.convert("RGB"))
    except DECODER_ERRORS:
        return None
    return PageImage(pixels, round(pixels.shape[1] * 72 / (right - left)), jpeg)


KIND = Kind(
    endings={"application/pdf": (".pdf",)},
    recognise=_recognised,
    look=_looked,
    draw=_drawn,
    read=_read,
    hides=_hides,
)
