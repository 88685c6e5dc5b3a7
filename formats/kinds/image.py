"""Images: TIFF with all its frames, JPEG, PNG, JPEG 2000, BMP, decoded with kept libraries only.

The decoders are kept to known formats and to ``MAX_PIXELS``; everything that breaks is a ``FormatError``. Callers run
this in a child, because decoders also hang and crash.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.Image import Image as Picture

from archives.errors import FormatError
from archives.message import message
from formats.foreign import words_of
from formats.kinds.kind import Kind, Look, PageImage

MAX_PIXELS = 250_000_000
"""An A0 sheet at 400 dpi; larger pictures are refused before they are decoded."""

DECODER_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    MemoryError,
    IndexError,
    TypeError,
    Image.DecompressionBombError,
)
_FORMATS = ("TIFF", "JPEG", "PNG", "JPEG2000", "BMP")
_A4_HEIGHT_INCHES = 11.69
_PLAUSIBLE_DPI = range(50, 2401)


def encode_jpeg(picture: Picture, *, quality: int, resolution_dpi: int | None = None) -> bytes:
    """Return a picture as baseline JPEG bytes, the same bytes for the same picture."""
    out = io.BytesIO()
    dpi = (resolution_dpi, resolution_dpi) if resolution_dpi else (0, 0)
    picture.convert("RGB").save(out, "JPEG", quality=quality, optimize=True, dpi=dpi)
    return out.getvalue()


def _looked(path: Path) -> Look:
    """Decode every frame, so that an image that is cut short or damaged is found."""
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
    return Look(tuple((name, value) for name, value in properties if value), frames)


def _drawn(path: Path, page_index: int) -> PageImage:
    with _decoded(path) as picture:
        picture.seek(page_index)
        dpi = _resolution(picture)
        upright = ImageOps.exif_transpose(picture)
        pixels = np.asarray(upright.convert("RGB"))
        plain = picture.format == "JPEG" and picture.mode in ("RGB", "L") and upright.size == picture.size
    untouched = plain and not _is_turned(path)
    return PageImage(pixels, dpi or _a4_resolution(pixels.shape[0]), path.read_bytes() if untouched else None)


@contextmanager
def _decoded(path: Path) -> Iterator[Picture]:
    """Open a picture and turn whatever its decoder raises, now or while it is used, into ``FormatError``."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=_FORMATS) as picture:
                yield picture
    except (*DECODER_ERRORS, UnidentifiedImageError, Image.DecompressionBombWarning) as cause:
        said = message(
            "图像损坏或不可用：{reason}", "the image is damaged or not usable: {reason}", reason=words_of(cause, path)
        )
        raise FormatError(said, subject=path.name) from cause


def _resolution(picture: Picture) -> int | None:
    stated = picture.info.get("dpi")
    dpi = round(float(stated[0])) if stated else 0
    return dpi if dpi in _PLAUSIBLE_DPI else None


def _a4_resolution(height_px: int) -> int:
    return max(100, min(600, round(height_px / _A4_HEIGHT_INCHES)))


def _is_turned(path: Path) -> bool:
    with _decoded(path) as picture:
        return bool(picture.getexif().get(0x0112, 1) != 1)


KIND = Kind(
    endings={
        "image/jpeg": (".jpg", ".jpeg", ".jpe"),
        "image/tiff": (".tif", ".tiff"),
        "image/png": (".png",),
        "image/jp2": (".jp2", ".jpf", ".jpx"),
        "image/bmp": (".bmp",),
    },
    look=_looked,
    draw=_drawn,
    read=None,
)
