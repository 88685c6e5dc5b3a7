"""What a viewer shows of a decoded picture: 8 bits a sample, on white paper, in RGB, upright, with square pixels."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps
from PIL.Image import Image as Picture
from PIL.Image import Resampling

from formats.picture.decoding import SHOWN_PIXELS
from formats.picture.tiff import bits, is_min_white, mend_colour_map

PLAUSIBLE_DPI = range(50, 2401)
_ORIENTATION = 0x0112
_ON_THEIR_SIDE = (5, 6, 7, 8)
_SQUARE = 0.02
_FLATTEST = 8
_ROWS = 256
_LONGEST_SIDE_PX = 65_000  # of a JPEG
_DEPTHS = (8, 10, 12)
"""Depths that are kept in 16 bits without being spread over them; anything brighter is shown as it is."""

_WITH_ALPHA = ("RGBA", "LA", "PA", "La", "RGBa")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file says of a picture before it is decoded: its size as it stands upright, its resolution across and down.

    The resolution is None where the file names none that anybody can mean; ``down`` to ``across`` is the shape of a pixel.
    """

    width: int
    height: int
    resolution_dpi: int | None
    across: float
    down: float


@dataclass(frozen=True, slots=True)
class Shown:
    """The pixels that are shown (height × width × 3, RGB), their resolution if one is stated, and how they came about.

    ``is_stretched``: the levels were guessed, so that something is seen; ``is_as_it_came``: nothing was changed at all.
    """

    pixels: NDArray[np.uint8]
    resolution_dpi: int | None
    is_stretched: bool
    is_as_it_came: bool


def stated(picture: Picture) -> Stated:
    """Return what a picture says of itself; to be asked before it is decoded, which turns and shrinks it."""
    across, down = _density(picture)
    width, height = picture.size
    if _orientation(picture) in _ON_THEIR_SIDE:
        across, down = down, across
        if picture.format != "TIFF":
            width, height = height, width
    dpi = round(across)
    return Stated(width, height, dpi if dpi in PLAUSIBLE_DPI else None, across, down)


def show(picture: Picture, said: Stated) -> Shown:
    """Return a decoded picture as a viewer shows it; ``said`` is what it stated before."""
    plain = picture.mode in ("RGB", "L") and "transparency" not in picture.info and _orientation(picture) == 1
    mend_colour_map(picture)
    upright = picture if _orientation(picture) == 1 else ImageOps.exif_transpose(picture)
    levelled, is_stretched = _levelled(upright, depth=bits(picture), min_is_white=is_min_white(picture))
    width, height = _square(said)
    scale = min(1.0, (SHOWN_PIXELS / (width * height)) ** 0.5, _LONGEST_SIDE_PX / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    shown = _sized(_on_paper(levelled), size)
    across = said.across * size[0] / said.width
    dpi = round(across) if said.resolution_dpi and round(across) in PLAUSIBLE_DPI else None
    return Shown(pixels_of(shown), dpi, is_stretched, plain and size == picture.size)


def pixels_of(picture: Picture) -> NDArray[np.uint8]:
    """Return the pixels of a picture without transparency (height × width × 3, RGB); greys stand there once, seen thrice.

    Copied some rows at a time: all at once takes twice the memory.
    """
    mode = "L" if picture.mode in ("1", "L") else "RGB"
    pixels = np.empty((picture.height, picture.width, len(mode)), np.uint8)
    for top in range(0, picture.height, _ROWS):
        bottom = min(picture.height, top + _ROWS)
        rows = picture.crop((0, top, picture.width, bottom)).convert(mode)
        pixels[top:bottom] = np.asarray(rows).reshape(bottom - top, picture.width, len(mode))
    return np.broadcast_to(pixels, (picture.height, picture.width, 3))


def _density(picture: Picture) -> tuple[float, float]:
    """Return dots an inch across and down, or two numbers in that proportion."""
    info = picture.info
    unitless = info.get("jfif_density") if info.get("jfif_unit") == 0 else None
    pair = info.get("dpi") or info.get("resolution") or info.get("aspect") or unitless or (1, 1)
    try:
        across, down = float(pair[0]), float(pair[1])
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return 1.0, 1.0
    return (across, down) if 0 < across < math.inf and 0 < down < math.inf else (1.0, 1.0)


def _square(said: Stated) -> tuple[int, int]:
    """Return the size in square pixels: the side with fewer dots an inch is stretched."""
    ratio = said.across / said.down
    if abs(ratio - 1) <= _SQUARE or not 1 / _FLATTEST <= ratio <= _FLATTEST:
        return said.width, said.height
    return (said.width, round(said.height * ratio)) if ratio > 1 else (round(said.width / ratio), said.height)


def _orientation(picture: Picture) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError):
        return 1  # what it says of itself is broken, and it is shown all the same


def _levelled(picture: Picture, *, depth: int | None, min_is_white: bool) -> tuple[Picture, bool]:
    """Return a picture of 8 bits a sample, and whether its levels had to be guessed."""
    if picture.mode[0] not in "IF":
        return picture, False
    samples = np.asarray(picture)
    low, high, is_guessed = _range(samples, depth)
    levels = _bytes(samples, low, high)
    if min_is_white:
        levels = 255 - levels
    clear = picture.info.get("transparency")
    if isinstance(clear, int):
        levels[samples == clear] = 255
    return Image.fromarray(levels), is_guessed


def _range(samples: NDArray[np.generic], depth: int | None) -> tuple[float, float, bool]:
    """Return which samples are black and white, and whether that is a guess from the samples themselves."""
    lowest, highest = float(np.nanmin(samples)), float(np.nanmax(samples))
    if samples.dtype.kind == "f":
        top = next((top for top in (1.0, 255.0, 65535.0) if lowest >= 0 and highest <= top), None)
        return (0.0, top, False) if top else (lowest, highest, True)
    if depth is not None and 8 < depth < 16:
        return 0.0, 2.0**depth - 1, False
    if not (lowest >= 0 and highest < 2**16):
        return lowest, highest, True
    used = next((used for used in _DEPTHS if highest < 2**used), 16)
    return 0.0, 2.0**used - 1, used < 16


def _bytes(samples: NDArray[np.generic], low: float, high: float) -> NDArray[np.uint8]:
    """Return samples from ``low`` (0) to ``high`` (255), worked out some rows at a time."""
    levels = np.empty(samples.shape, np.uint8)
    factor = 255 / (high - low) if high > low else 0.0
    for top in range(0, samples.shape[0], _ROWS):
        rows = (np.nan_to_num(samples[top : top + _ROWS].astype(np.float64)) - low) * factor
        levels[top : top + _ROWS] = np.clip(np.rint(rows), 0, 255)
    return levels


def _on_paper(picture: Picture) -> Picture:
    """Return a picture without transparency, on white; one that is all transparent shows what it holds."""
    if picture.mode == "LAB":
        lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        return ImageCms.applyTransform(picture, ImageCms.buildTransform(lab, rgb, "LAB", "RGB")) or picture
    if picture.mode not in _WITH_ALPHA and "transparency" not in picture.info:
        return picture
    coloured = (picture.convert("LA") if picture.mode == "La" else picture).convert("RGBA")
    opacity = coloured.getchannel("A")
    if opacity.getextrema() == (0, 0):
        return coloured.convert("RGB")
    paper = Image.new("RGB", coloured.size, "white")
    paper.paste(coloured, mask=opacity)
    return paper


def _sized(picture: Picture, size: tuple[int, int]) -> Picture:
    if picture.size == size:
        return picture
    smooth = {"1": "L", "P": "RGB"}.get(picture.mode, picture.mode)
    is_fax = picture.mode == "1" and size[0] * size[1] > picture.width * picture.height
    way = Resampling.BOX if is_fax else Resampling.BICUBIC  # its rows are repeated: so it is read best
    return (picture if smooth == picture.mode else picture.convert(smooth)).resize(size, way)
