"""Page images: every page of a file that has them as pixels, and small copies for the screen."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from archives.errors import FormatError
from archives.message import message
from formats.kinds.image import encode_jpeg
from formats.kinds.kind import PageImage
from formats.kinds.registry import kind_of
from formats.processes.answers import Blob
from formats.processes.child import apart
from formats.processes.opened import Opened


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page image on its way between processes: the bytes of its pixels (RGB, row by row) and its measures."""

    height_px: int
    width_px: int
    resolution_dpi: int
    pixels: Blob
    jpeg: Blob | None

    def __post_init__(self) -> None:
        if len(self.pixels) != self.height_px * self.width_px * 3 or self.height_px <= 0 or self.width_px <= 0:
            raise FormatError(message("页面图像残缺", "the page image is not whole"))


def is_page_source(mime: str) -> bool:
    """Whether files of this kind have page images."""
    return kind_of(mime).draw is not None


def load_page(path: Path, mime: str, page_index: int) -> PageImage:
    """Return one page's image, upright; ``page_index`` counts from 0. Raises ``FormatError``."""
    draw = kind_of(mime).draw
    if draw is None:
        raise FormatError(message("{mime} 没有页面图像", "{mime} has no page images", mime=mime), subject=path.name)
    return draw(path, page_index)


def load_page_apart(opened: Opened, mime: str, page_index: int) -> PageImage:
    """Return one page's image like ``load_page``, decoded where nothing else can be read."""
    drawn = apart(draw_page, opened, mime, page_index)
    pixels = np.frombuffer(drawn.pixels, np.uint8).reshape(drawn.height_px, drawn.width_px, 3)
    return PageImage(pixels, drawn.resolution_dpi, drawn.jpeg)


def draw_page(path: Path, mime: str, page_index: int) -> Drawn:
    """Return one page's image as it travels between processes; raises as ``load_page`` does."""
    page = load_page(path, mime, page_index)
    height, width, _ = page.pixels.shape
    return Drawn(height, width, page.resolution_dpi, page.pixels.tobytes(), page.jpeg)


def access_image_apart(opened: Opened, mime: str, page_index: int, *, longest_side_px: int) -> bytes:
    """Return a page like ``access_image``, decoded where nothing else can be read."""
    return apart(access_image, opened, mime, page_index, longest_side_px=longest_side_px)


def access_image(path: Path, mime: str, page_index: int, *, longest_side_px: int) -> bytes:
    """Return a page as a JPEG for the screen; raises ``FormatError``."""
    picture = Image.fromarray(load_page(path, mime, page_index).pixels)
    picture.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    return encode_jpeg(picture, quality=72)
