"""Page images: every page of a scan as pixels, and small copies for the screen.

What a page image is, is read as it lies: the frames of a TIFF, the full-page picture inside a PDF, JPEG 2000. The
decoders are kept to known formats and to ``MAX_PIXELS``; everything that breaks is a ``FormatError``. Callers run
this in a child, because decoders also hang and crash.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.Image import Image as Picture

from archives.errors import FormatError
from archives.message import Message, message

MAX_PIXELS = 250_000_000
"""An A0 sheet at 400 dpi; larger pictures are refused before they are decoded."""

IMAGE_MIMES = ("image/tiff", "image/jpeg", "image/png", "image/jp2", "image/bmp")
_IMAGE_FORMATS = ("TIFF", "JPEG", "PNG", "JPEG2000", "BMP")
_DECODER_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    MemoryError,
    IndexError,
    TypeError,
    Image.DecompressionBombError,
)
_RENDER_DPI = 300
_PDF_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE
_WHOLE = 0.95
_A4_HEIGHT_INCHES = 11.69
_PLAUSIBLE_DPI = range(50, 2401)


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as pixels (height × width × 3, uint8, RGB).

    ``jpeg`` is the untouched JPEG stream where the page is one, so that a copy can pass it through. A resolution that
    the file does not name is worked out from the height of an A4 sheet.
    """

    pixels: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]"
    resolution_dpi: int
    jpeg: bytes | None


def is_page_source(mime: str) -> bool:
    """Whether files of this kind have page images."""
    return mime == "application/pdf" or mime in IMAGE_MIMES


def image_properties(path: Path) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return an image's technical properties and its number of frames, having decoded every one.

    Raises ``FormatError`` for an image that is cut short or damaged.
    """
    with _decoded(path) as picture:
        frames = getattr(picture, "n_frames", 1)
        properties = (
            ("width_px", str(picture.width)),
            ("height_px", str(picture.height)),
            ("resolution_dpi", str(_resolution(picture) or "")),
            ("colour_mode", picture.mode),
            ("compression", str(picture.info.get("compression", picture.format or "")).lower()),
        )
        for frame in range(frames):
            picture.seek(frame)
            picture.load()
    return tuple((name, value) for name, value in properties if value), frames


def load_page(path: Path, mime: str, page_index: int) -> PageImage:
    """Return one page's image, upright; ``page_index`` counts from 0. Raises ``FormatError``."""
    if mime == "application/pdf":
        return _pdf_page(path, page_index)
    with _decoded(path) as picture:
        picture.seek(page_index)
        dpi = _resolution(picture)
        upright = ImageOps.exif_transpose(picture)
        pixels = np.asarray(upright.convert("RGB"))
        plain = picture.format == "JPEG" and picture.mode in ("RGB", "L") and upright.size == picture.size
    untouched = plain and not _is_turned(path)
    return PageImage(pixels, dpi or _a4_resolution(pixels.shape[0]), path.read_bytes() if untouched else None)


def access_image(path: Path, mime: str, page_index: int, *, longest_side_px: int) -> bytes:
    """Return a page as a JPEG for the screen; raises ``FormatError``."""
    picture = Image.fromarray(load_page(path, mime, page_index).pixels)
    picture.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    return encode_jpeg(picture, quality=72)


def encode_jpeg(picture: Picture, *, quality: int, resolution_dpi: int | None = None) -> bytes:
    """Return a picture as baseline JPEG bytes, the same bytes for the same picture."""
    out = io.BytesIO()
    dpi = (resolution_dpi, resolution_dpi) if resolution_dpi else (0, 0)
    picture.convert("RGB").save(out, "JPEG", quality=quality, optimize=True, dpi=dpi)
    return out.getvalue()


@contextmanager
def _decoded(path: Path) -> Iterator[Picture]:
    """Open a picture and turn whatever its decoder raises, now or while it is used, into ``FormatError``."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=_IMAGE_FORMATS) as picture:
                yield picture
    except (*_DECODER_ERRORS, UnidentifiedImageError, Image.DecompressionBombWarning) as cause:
        said = message("图像损坏或不可用：{reason}", "the image is damaged or not usable: {reason}", reason=str(cause))
        raise _unreadable(path, said) from cause


def _pdf_page(path: Path, page_index: int) -> PageImage:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            page = document[page_index]
            width, height = page.get_size()
            whole = _whole_page_jpeg(page, width, height)
            if whole:
                return whole
            if width * height * (_RENDER_DPI / 72) ** 2 > MAX_PIXELS:
                raise _unreadable(path, message("页面过大", "the page is too large"))
            picture = page.render(scale=_RENDER_DPI / 72).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as cause:
        raise _unreadable(
            path,
            message("无法显示 PDF 页面：{reason}", "a page of the PDF cannot be drawn: {reason}", reason=str(cause)),
        ) from cause
    return PageImage(np.asarray(picture), _RENDER_DPI, None)


def _whole_page_jpeg(page: Any, width: float, height: float) -> PageImage | None:
    """Return the picture of a page that is nothing but one upright JPEG; ``width`` and ``height`` in points."""
    objects = list(page.get_objects(max_depth=1))
    if len(objects) != 1 or objects[0].type != _PDF_IMAGE or page.get_rotation():
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
    except _DECODER_ERRORS:
        return None
    return PageImage(pixels, round(pixels.shape[1] * 72 / (right - left)), jpeg)


def _resolution(picture: Picture) -> int | None:
    stated = picture.info.get("dpi")
    dpi = round(float(stated[0])) if stated else 0
    return dpi if dpi in _PLAUSIBLE_DPI else None


def _a4_resolution(height_px: int) -> int:
    return max(100, min(600, round(height_px / _A4_HEIGHT_INCHES)))


def _is_turned(path: Path) -> bool:
    with _decoded(path) as picture:
        return bool(picture.getexif().get(0x0112, 1) != 1)


def _unreadable(path: Path, reason: Message) -> FormatError:
    return FormatError(reason, subject=str(path))
