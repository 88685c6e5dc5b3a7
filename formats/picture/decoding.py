"""Picture files opened and decoded: known formats only, within limits, and as far as their bytes go."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFile, Jpeg2KImagePlugin, JpegImagePlugin, TiffImagePlugin, UnidentifiedImageError
from PIL.Image import Image as Picture

from archives.errors import FormatError
from archives.message import message
from formats.foreign import words_of
from formats.picture.codestream import filled_up

MAX_PIXELS = 250_000_000
"""An A0 sheet at 400 dpi; larger pictures are refused before they are decoded."""

SHOWN_PIXELS = 72_000_000
"""An A1 sheet at 300 dpi; what has more pixels is shown with as many."""

DECODER_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    MemoryError,
    IndexError,
    KeyError,
    TypeError,
    RuntimeError,
    Image.DecompressionBombError,
)
_FORMATS = ("TIFF", "JPEG", "PNG", "JPEG2000", "BMP", "WEBP")
_MOST_DECODED_BYTES = 520 << 20
_BYTES_A_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
_WIDEST_BYTES_A_PIXEL = 4
_MOST_MENDED_BYTES = 128 << 20
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
HEAD_BYTES = 64
"""As many first bytes as tell of what form a picture is."""
_BITS, _COMPRESSION, _PLANES = 258, 259, 284


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture with its pixels, and whether all of them were there."""

    picture: Picture
    is_whole: bool


@contextmanager
def opened_picture(path: Path, data: bytes | None = None) -> Iterator[Picture]:
    """Open a picture and turn whatever its decoder raises, now or while it is used, into ``FormatError``.

    ``data`` is read instead of the file where it had to be mended.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Pillow 13 maps what it is given by name into memory, with rows of the wrong length where a TIFF is turned.
            with (
                path.open("rb") if data is None else io.BytesIO(data) as file,
                Image.open(file, formats=_formats(file.read(HEAD_BYTES))) as picture,
            ):
                yield picture
    except UnidentifiedImageError as cause:
        said = message(
            "图像打不开：编码方式此处不认得，或文件已损坏",
            "no decoder here knows this image: its coding is a rare one, or it is damaged",
        )
        raise FormatError(said, subject=path.name) from cause
    except (*DECODER_ERRORS, Image.DecompressionBombWarning) as cause:
        said = message(
            "图像损坏或不可用：{reason}", "the image is damaged or not usable: {reason}", reason=words_of(cause, path)
        )
        raise FormatError(said, subject=path.name) from cause


@contextmanager
def decoded_picture(path: Path, frame: int = 0) -> Iterator[Decoded]:
    """Decode one frame as far as its bytes go; raises ``FormatError`` where nothing of it can be had."""
    with opened_picture(path) as picture:
        picture.seek(frame)
        through_libtiff = _is_misread(picture)
        if not through_libtiff and _loads(path, picture):
            yield Decoded(picture, True)
            return
        is_codestream = isinstance(picture, Jpeg2KImagePlugin.Jpeg2KImageFile)
    mended = filled_up(path.read_bytes()) if is_codestream and path.stat().st_size <= _MOST_MENDED_BYTES else None
    with _otherwise(through_libtiff), opened_picture(path, mended) as picture:
        picture.seek(frame)
        if _loads(path, picture):
            yield Decoded(picture, through_libtiff)
        else:
            picture.load()  # libtiff complains once, and has put there what it could decode
            yield Decoded(picture, False)


def boxed_form(head: bytes) -> str:
    """Return of what form a picture in boxes is by its brands, HEIF or AVIF; "" for anything else.

    The first brand may be that of the container alone (ISO/IEC 23008-12 §10.2, AVIF 1.1 §6).
    """
    if head[4:8] != b"ftyp" or head[8:12] not in (*_HEIF_BRANDS, *_AVIF_BRANDS):
        return ""
    ends = min(len(head), int.from_bytes(head[:4], "big"))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, ends - 3, 4))}
    return "HEIF" if brands.isdisjoint(_AVIF_BRANDS) else "AVIF"


def _formats(head: bytes) -> tuple[str, ...]:
    """Return the formats that are tried; the decoder of HEIF is loaded for files that look like it only."""
    form = boxed_form(head)
    if form != "HEIF":
        return (form,) if form else _FORMATS
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    return ("HEIF",)


def _loads(path: Path, picture: Picture) -> bool:
    _keep_small(path, picture)
    with suppress(*DECODER_ERRORS):
        picture.load()
        return True
    return False


def _keep_small(path: Path, picture: Picture) -> None:
    """Let the decoder halve a picture that would take too much memory, or raise ``FormatError``."""
    a_pixel = _BYTES_A_PIXEL.get(picture.mode, _WIDEST_BYTES_A_PIXEL)
    if picture.width * picture.height * a_pixel <= _MOST_DECODED_BYTES:
        return
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        picture.draft(picture.mode, (picture.width // 2, picture.height // 2))
    elif isinstance(picture, Jpeg2KImagePlugin.Jpeg2KImageFile):
        picture.reduce = 1
    else:
        said = message(
            "像素过多（{width} × {height}），超出内存限额，未显示、未识别；请另存为较小的副本再入库",
            "it has too many pixels ({width} × {height}) for the memory that a reader may have: it is neither shown nor "
            "read; bring a smaller copy",
            width=picture.width,
            height=picture.height,
        )
        raise FormatError(said, subject=path.name)


def _is_misread(picture: Picture) -> bool:
    """Say whether Pillow would take halves of samples for samples: 16 bits, each colour for itself, not compressed."""
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return False
    tags = picture.tag_v2
    return tags.get(_PLANES) == 2 and tags.get(_COMPRESSION, 1) == 1 and max(tags.get(_BITS, (1,))) > 8


@contextmanager
def _otherwise(through_libtiff: bool) -> Iterator[None]:
    """Have a picture decoded by libtiff, or else without regard to its missing end."""
    try:
        TiffImagePlugin.READ_LIBTIFF = through_libtiff
        ImageFile.LOAD_TRUNCATED_IMAGES = not through_libtiff
        yield
    finally:
        TiffImagePlugin.READ_LIBTIFF = ImageFile.LOAD_TRUNCATED_IMAGES = False
