"""PDF through pdfium: its pages as they lie (a page that is one JPEG is passed through) or drawn, and its text."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from archives.errors import FormatError
from archives.message import Message, message
from formats.foreign import words_of
from formats.kinds.image import DECODER_ERRORS, MAX_PIXELS
from formats.kinds.kind import Kind, Look, PageImage

_RENDER_DPI = 300
_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE
_WHOLE = 0.95
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
    return Look((("pdf_version", f"{version / 10:.1f}"), ("pages", str(pages))), pages)


def _read(path: Path) -> Iterator[str]:
    with _opened(path) as document:
        for page in document:
            yield page.get_textpage().get_text_bounded()


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


KIND = Kind(endings={"application/pdf": (".pdf",)}, look=_looked, draw=_drawn, read=_read)
