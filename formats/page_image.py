"""Page images: every page of a file that has them as pixels, and small copies for the screen."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archives.errors import FormatError
from archives.message import message
from formats.kinds.image import encode_jpeg
from formats.kinds.kind import Oddity, PageImage
from formats.kinds.registry import kind_of
from formats.picture.pyramid import Tile, tiles_of
from formats.processes.answers import Blob
from formats.processes.child import apart
from formats.processes.opened import Opened

LEAST_SIDE_PX = 16
"""What is smaller one way holds no letter that could be read."""

THUMBNAIL_PX = 200
_DIFFERENT = 20  # of 256
_MOST_DIFFERENT = 2e-5
_NO_PAPER = range(40, 216)  # between what is black and what may be paper
_LEAST_CUT, _ELSEWHERE = 0.08, 0.05
_MARGIN = 12  # to a side: there are holes, stitches and the edges of the sheet
_PAPER_WITHIN, _LEAST_PAPER = 24, 0.6
_DARKER, _LEAST_INK = 40, 0.004


@dataclass(frozen=True, slots=True)
class GreyPage:
    """A page image as recognition and the access copy want it: its greys (height × width, uint8) and itself as JPEG."""

    grey: NDArray[np.uint8]
    resolution_dpi: int
    jpeg: bytes
    oddities: frozenset[Oddity] = frozenset()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page image on its way between processes: the bytes of its greys (row by row), its measures, itself as JPEG."""

    height_px: int
    width_px: int
    resolution_dpi: int
    greys: Blob
    jpeg: Blob
    oddities: tuple[Oddity, ...]

    def __post_init__(self) -> None:
        if len(self.greys) != self.height_px * self.width_px or self.height_px <= 0 or self.width_px <= 0:
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


def grey_page_apart(opened: Opened, mime: str, page_index: int, *, quality: int) -> GreyPage:
    """Return one page's image, decoded where nothing else can be read; raises as ``load_page`` does."""
    drawn = apart(draw_page, opened, mime, page_index, quality=quality)
    grey = np.frombuffer(drawn.greys, np.uint8).reshape(drawn.height_px, drawn.width_px)
    return GreyPage(grey, drawn.resolution_dpi, drawn.jpeg, frozenset(drawn.oddities))


def draw_page(path: Path, mime: str, page_index: int, *, quality: int) -> Drawn:
    """Return one page's image as it travels between processes; raises as ``load_page`` does.

    Its JPEG is the page's own where it is one, else made with this quality.
    """
    page = load_page(path, mime, page_index)
    grey = _greys(page.pixels)
    height, width = grey.shape
    odd = page.oddities | frozenset(_oddities(grey))
    jpeg = page.jpeg or encode_jpeg(_picture(page.pixels), quality=quality, resolution_dpi=page.resolution_dpi)
    return Drawn(height, width, page.resolution_dpi, grey.tobytes(), jpeg, tuple(sorted(odd)))


@dataclass(frozen=True, slots=True)
class PageForScreens:
    """A page as it is shown: for a screen as one JPEG, as a thumbnail, and in tiles at every size up to its own."""

    width_px: int
    height_px: int
    screen: Blob
    thumbnail: Blob
    tiles: tuple[Tile, ...]


def page_for_screens_apart(opened: Opened, mime: str, page_index: int, *, longest_side_px: int) -> PageForScreens:
    """Return a page like ``page_for_screens``, decoded where nothing else can be read."""
    return apart(page_for_screens, opened, mime, page_index, longest_side_px=longest_side_px)


def page_for_screens(path: Path, mime: str, page_index: int, *, longest_side_px: int) -> PageForScreens:
    """Return a page as it is shown, its screen's JPEG no longer than so many pixels; raises ``FormatError``."""
    picture = _picture(load_page(path, mime, page_index).pixels)
    width_px, height_px = picture.size
    tiles = tuple(tiles_of(picture))
    screen = _small(picture, longest_side_px)
    return PageForScreens(width_px, height_px, screen, _small(picture, THUMBNAIL_PX), tiles)


def _small(picture: Image.Image, longest_side_px: int) -> bytes:
    picture.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    return encode_jpeg(picture, quality=72)


def _greys(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if pixels.strides[2] == 0:  # a grey page, whose greys stand there once
        return np.ascontiguousarray(pixels[:, :, 0])
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _picture(pixels: NDArray[np.uint8]) -> Image.Image:
    if pixels.strides[2] == 0:
        return Image.fromarray(np.ascontiguousarray(pixels[:, :, 0]))
    return Image.fromarray(pixels)


def _oddities(grey: NDArray[np.uint8]) -> Iterator[Oddity]:
    if min(grey.shape) < LEAST_SIDE_PX:
        yield Oddity.TOO_SMALL
        return
    if is_of_one_colour(grey):
        yield Oddity.ONE_COLOUR
        return
    if is_cut_off(grey):
        yield Oddity.CUT_OFF
    if is_written_on(grey):
        yield Oddity.WRITTEN_ON


def is_cut_off(grey: NDArray[np.uint8]) -> bool:
    """Say whether a page ends in rows of one grey that is neither paper nor black: what decoders leave where bytes end."""
    last = int(grey[-1, 0])
    if last not in _NO_PAPER:
        return False
    cut = int(np.argmin((grey[::-1] == last).all(axis=1)))
    above = grey[: grey.shape[0] - cut]
    return bool(cut >= _LEAST_CUT * grey.shape[0] and (above == last).sum() <= _ELSEWHERE * above.size)


def is_written_on(grey: NDArray[np.uint8]) -> bool:
    """Say whether a page is paper, of one lightness for the most part, with something dark on it; a photograph is not."""
    top, left = (side // _MARGIN for side in grey.shape)
    inside = np.ascontiguousarray(grey[top : grey.shape[0] - top, left : grey.shape[1] - left])
    counts = _counts(inside)
    paper = int(np.argmax(counts))
    plain = counts[max(0, paper - _PAPER_WITHIN) : paper + _PAPER_WITHIN + 1].sum()
    ink = counts[: max(0, paper - _DARKER)].sum()
    return bool(plain >= _LEAST_PAPER * inside.size and ink >= _LEAST_INK * inside.size)


def is_of_one_colour(grey: NDArray[np.uint8]) -> bool:
    """Say whether hardly a dot of a page differs from its paper (or its blackness)."""
    counts = _counts(grey)
    paper = int(np.argmax(counts))
    different = counts[: max(0, paper - _DIFFERENT)].sum() + counts[paper + _DIFFERENT + 1 :].sum()
    return bool(different <= _MOST_DIFFERENT * grey.size)


def _counts(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.calcHist([grey], [0], None, [256], [0, 256]), dtype=np.float32).ravel()
