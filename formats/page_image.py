"""Page images: every page of a file that has them as pixels, and small copies for the screen."""

from pathlib import Path

from PIL import Image

from archives.errors import FormatError
from archives.message import message
from formats.kinds.image import encode_jpeg
from formats.kinds.kind import PageImage
from formats.kinds.registry import kind_of


def is_page_source(mime: str) -> bool:
    """Whether files of this kind have page images."""
    return kind_of(mime).draw is not None


def load_page(path: Path, mime: str, page_index: int) -> PageImage:
    """Return one page's image, upright; ``page_index`` counts from 0. Raises ``FormatError``."""
    draw = kind_of(mime).draw
    if draw is None:
        raise FormatError(message("{mime} 没有页面图像", "{mime} has no page images", mime=mime), subject=str(path))
    return draw(path, page_index)


def access_image(path: Path, mime: str, page_index: int, *, longest_side_px: int) -> bytes:
    """Return a page as a JPEG for the screen; raises ``FormatError``."""
    picture = Image.fromarray(load_page(path, mime, page_index).pixels)
    picture.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    return encode_jpeg(picture, quality=72)
