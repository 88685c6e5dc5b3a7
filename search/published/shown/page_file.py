"""The file beside a page's image: its picture in tiles, a thumbnail, its measures, and where its words stand.

A ZIP file without compression, so that any program can read it and a tile is a part of it as it stands; the same page
gives the same bytes. The portal cuts parts out of it and decodes no picture.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from archives.errors import SearchError
from archives.message import message
from archives.text.page import Box
from search.published.shown.word_places import LinePlace, Place, TextPlaces

THUMBNAIL = "thumbnail.jpg"
_TOLD = "page.json"


@dataclass(frozen=True, slots=True)
class PageImages:
    """A page drawn: for a screen as one JPEG (with its measures, 0 where they are not known), and in parts by their names.

    The parts are ``thumbnail.jpg`` and tiles, ``<level>/<column>_<row>.jpg``, levels from 0 at the smallest. What is a
    ``recording`` has no picture: it is a file that is ours to move, named as its kind is.
    """

    screen: bytes
    width_px: int = 0
    height_px: int = 0
    tile_px: int = 0
    overlap_px: int = 0
    parts: Mapping[str, bytes] | None = None
    recording: Path | None = None


@dataclass(frozen=True, slots=True)
class PageTold:
    """What a page's file tells beside pictures: measures in pixels, how it is cut, where its words stand."""

    width_px: int
    height_px: int
    tile_px: int
    overlap_px: int
    places: TextPlaces


def page_file(images: PageImages, places: TextPlaces) -> bytes:
    """Return the file of a page."""
    told = {
        "width": images.width_px,
        "height": images.height_px,
        "tile": images.tile_px,
        "overlap": images.overlap_px,
        "direction": places.direction,
        "lines": [[_flat(line.line), [_flat(word) for word in line.words]] for line in places.lines],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as whole:
        whole.writestr(zipfile.ZipInfo(_TOLD), json.dumps(told, separators=(",", ":")))
        for name, data in sorted((images.parts or {}).items()):
            whole.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def part_of(file: IO[bytes], name: str) -> bytes | None:
    """Return a picture out of a page's file, None where it has none of that name; raises ``SearchError`` for what is no such file."""
    if name == _TOLD:
        return None
    try:
        with zipfile.ZipFile(file) as whole:
            return whole.read(name) if name in whole.NameToInfo else None
    except (zipfile.BadZipFile, EOFError, ValueError, OSError) as cause:
        raise _broken() from cause


def told_in(data: bytes) -> PageTold:
    """Return what a page's file tells; raises ``SearchError`` for what is no such file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            told = json.loads(whole.read(_TOLD))
        lines = tuple(LinePlace(_place(line), tuple(map(_place, words))) for line, words in told["lines"])
        places = TextPlaces("vertical" if told["direction"] == "vertical" else "horizontal", lines)
        return PageTold(told["width"], told["height"], told["tile"], told["overlap"], places)
    except (zipfile.BadZipFile, EOFError, ValueError, KeyError, TypeError, OSError) as cause:
        raise _broken() from cause


def _flat(place: Place) -> list[int]:
    box = place.box
    return [place.start, place.end, box.left, box.top, box.width, box.height]


def _place(flat: list[int]) -> Place:
    return Place(flat[0], flat[1], Box(*flat[2:]))


def _broken() -> SearchError:
    return SearchError(
        message("页面文件不完整", "the file of a page is not whole"),
        advice=message("可用 jinkui rebuild 重建", "jinkui rebuild makes it again"),
    )
