"""Images: TIFF with all its pages, JPEG, PNG, JPEG 2000, BMP, WebP, HEIC, AVIF, shown as a viewer shows them.

Everything that breaks is a ``FormatError``. Callers run this in a child, because decoders also hang and crash.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image as Picture

from archives.errors import FormatError
from archives.findings import Finding, note, warning
from archives.message import listed, message
from archives.record.record import FormatIdentification
from formats.kinds.kind import Ends, Kind, Look, Oddity, PageImage
from formats.picture.decoding import HEAD_BYTES, boxed_form, decoded_picture, opened_picture
from formats.picture.tiff import Frames, frames_of
from formats.picture.viewing import show, stated

_A4_HEIGHT_INCHES = 11.69
_LARGE_PIXELS = 36_000_000  # of more than an A2 sheet at 300 dpi, colours that are none take more memory than there is
_SEVERAL_PICTURES = (
    "HEIF",
    "AVIF",
    "WEBP",
    "PNG",
)  # in a TIFF the others are copies, in a JPEG they are what phones add
_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"BM", b"RIFF")
_BOX_HEADS = (b"jP  ", b"ftyp")
_CODESTREAM_HEAD = b"\xff\x4f\xff\x51"
_MIMES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "TIFF": "image/tiff",
    "PNG": "image/png",
    "JPEG2000": "image/jp2",
    "BMP": "image/bmp",
    "WEBP": "image/webp",
    "HEIF": "image/heif",
    "AVIF": "image/avif",
}


def encode_jpeg(picture: Picture, *, quality: int, resolution_dpi: int | None = None) -> bytes:
    """Return a picture as baseline JPEG bytes, the same bytes for the same picture."""
    out = io.BytesIO()
    dpi = (resolution_dpi, resolution_dpi) if resolution_dpi else (0, 0)
    mode = "L" if picture.mode == "L" and picture.width * picture.height > _LARGE_PIXELS else "RGB"
    picture.convert(mode).save(out, "JPEG", quality=quality, optimize=True, dpi=dpi)
    return out.getvalue()


def _looked(path: Path) -> Look:
    """Decode every page, so that an image that is cut short or damaged is found."""
    with opened_picture(path) as picture:
        frames = frames_of(picture)
        picture.seek(frames.pages[0])
        form = str(picture.format)
        properties = (
            ("width_px", str(picture.width)),
            ("height_px", str(picture.height)),
            ("resolution_dpi", str(stated(picture).resolution_dpi or "")),
            ("colour_mode", picture.mode),
            ("compression", str(picture.info.get("compression", picture.format or "")).lower()),
            ("pictures_beside_pages", str(frames.others or "")),
        )
    broken = [number for number, frame in enumerate(frames.pages, 1) if not _is_whole(path, frame)]
    if broken and len(frames.pages) == 1:
        _drawn(path, 0)
    findings = (*_damage(frames, broken), *_left_out(frames, form))
    return Look(tuple((name, value) for name, value in properties if value), len(frames.pages), findings)


def _is_whole(path: Path, frame: int) -> bool:
    try:
        with decoded_picture(path, frame) as decoded:
            return decoded.is_whole
    except FormatError:
        return False


def _damage(frames: Frames, broken: list[int]) -> Iterator[Finding]:
    if broken:
        said = message(
            "图像残缺或损坏（第 {pages} 页），能看到的部分已显示",
            "the image is cut short or damaged (page {pages}); what is there is shown",
            pages=listed(broken),
        )
        yield warning("image-damaged", said)
    if not frames.is_whole:
        said = message(
            "图像文件残缺：第 {n} 页以后读不出来",
            "the file is damaged: nothing can be read after page {n}",
            n=len(frames.pages),
        )
        yield warning("image-damaged", said)


def _left_out(frames: Frames, form: str) -> Iterator[Finding]:
    if frames.others and form in _SEVERAL_PICTURES:
        said = message(
            "文件里另有 {n} 幅图像（连拍或动画），只有阅读器首先显示的一幅作为页；需要时请另存为单独的文件归入",
            "the file holds {n} more pictures (of a series or an animation); only the one that viewers show first is a "
            "page: save the others as files of their own if they are wanted",
            n=frames.others,
        )
        yield note("pictures-beside-page", said)


def _drawn(path: Path, page_index: int) -> PageImage:
    with opened_picture(path) as picture:
        pages = frames_of(picture).pages
        if page_index >= len(pages):
            raise FormatError(message("没有第 {n} 页", "there is no page {n}", n=page_index + 1), subject=path.name)
        picture.seek(pages[page_index])
        said = stated(picture)
    with decoded_picture(path, pages[page_index]) as decoded:
        shown = show(decoded.picture, said)
        is_jpeg = decoded.picture.format == "JPEG"
    pixels = shown.pixels
    if not decoded.is_whole:
        pixels = _paper_where_nothing_is(pixels, path)
    odd = frozenset({Oddity.LEVELS_GUESSED} if shown.is_stretched else ())
    untouched = is_jpeg and shown.is_as_it_came and decoded.is_whole
    dpi = shown.resolution_dpi or _a4_resolution(pixels.shape[0])
    return PageImage(pixels, dpi, path.read_bytes() if untouched else None, odd)


def _paper_where_nothing_is(pixels: NDArray[np.uint8], path: Path) -> NDArray[np.uint8]:
    """Return a page in white where its bytes did not reach; raises ``FormatError`` where they reached nothing.

    What a decoder leaves behind is of one colour from some row to the end; of a BMP, which goes upwards, to the top.
    """
    filled = pixels.copy()
    ends = [filled[::-1]] if pixels[0].any() else [filled[::-1], filled]
    for rows in ends:
        is_left = (rows == rows[0, 0]).all(axis=(1, 2))
        if is_left.all():
            raise FormatError(
                message("图像残缺，没有可显示的内容", "the image is cut short: nothing of it can be shown"),
                subject=path.name,
            )
        rows[: int(np.argmin(is_left))] = 255
    return filled


def _a4_resolution(height_px: int) -> int:
    return max(100, min(600, round(height_px / _A4_HEIGHT_INCHES)))


def _recognised(path: Path) -> FormatIdentification | None:
    """Recognise an image by its first bytes, where no signature fits (it is cut short, or a signature is too narrow)."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not _perhaps(Ends(head, b"")):
        return None
    try:
        with opened_picture(path) as picture:
            form = str(picture.format)
    except FormatError:
        form = boxed_form(head)  # a damaged one is no film
        if not form:
            return None
    basis = "its first bytes; no signature of PRONOM fits its whole"
    return FormatIdentification(None, form, "", _MIMES[form], basis)


def _perhaps(ends: Ends) -> bool:
    return ends.head.startswith((*_HEADS, _CODESTREAM_HEAD)) or ends.head[4:8] in _BOX_HEADS


KIND = Kind(
    endings={
        "image/jpeg": (".jpg", ".jpeg", ".jpe"),
        "image/tiff": (".tif", ".tiff"),
        "image/png": (".png",),
        "image/apng": (".png", ".apng"),
        "image/jp2": (".jp2", ".j2k", ".j2c", ".jpc"),
        "image/jpx": (".jpf", ".jpx", ".jp2"),
        "image/bmp": (".bmp",),
        "image/webp": (".webp",),
        "image/heif": (".heic", ".heif", ".hif", ".avif"),
        "image/heic": (),
        "image/avif": (".avif", ".avifs"),
    },
    named={".avif": "image/avif"},
    look=_looked,
    draw=_drawn,
    read=None,
    recognise=_recognised,
    perhaps=_perhaps,
)
