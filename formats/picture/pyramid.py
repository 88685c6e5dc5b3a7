"""A picture as a pyramid of tiles: every level has half the measures of the one above it, cut into squares.

The layout is that of Deep Zoom images with levels counted from the smallest, which is one tile; neighbours overlap by one
pixel, so that no seam shows between them.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from formats.processes.answers import Blob

TILE_PX = 512
OVERLAP_PX = 1
_QUALITY = 72


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile as JPEG; columns and rows count from 0 at the upper left, levels from 0 at the smallest."""

    level: int
    column: int
    row: int
    jpeg: Blob


def levels_of(width_px: int, height_px: int) -> int:
    """Return how many levels a picture of these measures has."""
    return 1 + max(0, math.ceil(math.log2(max(width_px, height_px, 1) / TILE_PX)))


def tiles_of(picture: Image.Image) -> Iterator[Tile]:
    """Yield the tiles of every level, the largest level first; a grey picture has grey ones."""
    for level in reversed(range(levels_of(*picture.size))):
        for row in range(math.ceil(picture.height / TILE_PX)):
            for column in range(math.ceil(picture.width / TILE_PX)):
                yield Tile(level, column, row, _jpeg(picture.crop(_place(picture, column, row))))
        picture = picture.reduce(2)


def _place(picture: Image.Image, column: int, row: int) -> tuple[int, int, int, int]:
    return (
        max(0, column * TILE_PX - OVERLAP_PX),
        max(0, row * TILE_PX - OVERLAP_PX),
        min(picture.width, (column + 1) * TILE_PX + OVERLAP_PX),
        min(picture.height, (row + 1) * TILE_PX + OVERLAP_PX),
    )


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
