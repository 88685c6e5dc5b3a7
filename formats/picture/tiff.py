"""Which pictures of a TIFF are pages, and how their samples are to be taken (TIFF 6.0)."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from PIL import ImagePalette, TiffImagePlugin
from PIL.Image import Image as Picture
from PIL.Image import Resampling

from formats.picture.decoding import DECODER_ERRORS

_SUBFILE, _OLD_SUBFILE, _WIDTH, _BITS, _PHOTOMETRIC, _COLOUR_MAP = 254, 255, 256, 258, 262, 320
_REDUCED, _MASK, _OLD_REDUCED = 1, 4, 2
_MIN_IS_WHITE = 0
_MOST_COPY = 0.75
_SAME_SHAPE = 0.03
_GRID = 24
_SAME_PICTURE = 0.95
_LEAST_SPREAD = 2.0


@dataclass(frozen=True, slots=True)
class Frames:
    """The places of a file's pages among its pictures, how many others there are, and whether all could be gone through."""

    pages: tuple[int, ...]
    others: int
    is_whole: bool = True


def frames_of(picture: Picture) -> Frames:
    """Return which pictures of a file are pages; of anything but a TIFF it is the one that is shown first.

    Reduced copies and masks (NewSubfileType, §8) are no pages, nor is a smaller picture that shows the same as the page
    before it. A file that says of all its pictures that they are copies shows the first.
    """
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return Frames((picture.tell(),), getattr(picture, "n_frames", 1) - 1)
    said = tuple(_directories(picture))
    pages: list[int] = []
    for frame, tags in enumerate(said):
        is_named = tags is not None and not tags[0] & (_REDUCED | _MASK) and tags[1] != _OLD_REDUCED
        if is_named and not (pages and _is_copy(picture, pages[-1], frame)):
            pages.append(frame)
    pages = pages or [0]
    return Frames(tuple(pages), len(said) - said.count(None) - len(pages), None not in said)


def bits(picture: Picture) -> int | None:
    """Return how many bits a sample of a TIFF has."""
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        return int(max(picture.tag_v2.get(_BITS, (1,))))
    return None


def is_min_white(picture: Picture) -> bool:
    """Say whether the smallest sample is white (PhotometricInterpretation 0)."""
    return isinstance(picture, TiffImagePlugin.TiffImageFile) and picture.tag_v2.get(_PHOTOMETRIC) == _MIN_IS_WHITE


def mend_colour_map(picture: Picture) -> None:
    """Take a colour map whose values all have 8 bits (TIFF 6.0 §5 wants 16) as what was meant."""
    if not isinstance(picture, TiffImagePlugin.TiffImageFile) or picture.mode not in ("P", "PA"):
        return
    colours = picture.tag_v2.get(_COLOUR_MAP, ())
    if colours and max(colours) < 256:
        picture.putpalette(ImagePalette.raw("RGB;L", bytes(colours)).palette, "RGB;L")


def _directories(picture: TiffImagePlugin.TiffImageFile) -> Iterator[tuple[int, int] | None]:
    """Yield what each directory says of its picture in the new and the old way; None, at last, for one that is broken."""
    for frame in count():
        try:
            picture.seek(frame)
        except EOFError:
            return
        except DECODER_ERRORS:
            if picture.tell() != frame or _WIDTH not in picture.tag_v2:
                yield None
                return
        tags = picture.tag_v2
        yield int(tags.get(_SUBFILE, 0)), int(tags.get(_OLD_SUBFILE, 0))


def _is_copy(picture: TiffImagePlugin.TiffImageFile, before: int, frame: int) -> bool:
    with suppress(*DECODER_ERRORS):
        picture.seek(before)
        width, height = picture.size
        picture.seek(frame)
        smaller = picture.width <= _MOST_COPY * width and picture.height <= _MOST_COPY * height
        shape = (picture.width / picture.height) / (width / height)
        if not smaller or abs(shape - 1) > max(_SAME_SHAPE, 1.5 / min(picture.size)):
            return False
        picture.seek(before)
        large = _grid(picture)
        picture.seek(frame)
        return _is_same(large, _grid(picture))
    return False


def _grid(picture: Picture) -> NDArray[np.float64]:
    small = picture.convert("L").resize((_GRID, _GRID), Resampling.BOX)
    return np.asarray(small, dtype=np.float64)


def _is_same(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    if min(one.std(), other.std()) < _LEAST_SPREAD:
        return False
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1]) > _SAME_PICTURE
