"""Turning the pages of a record: which one is shown, those around it, and how its picture is cut."""

import math
from dataclasses import dataclass

from search.doors.portal.record.files import folder_of
from search.published.shown.page_file import PageTold
from search.published.view import PublishedPage, PublishedView

_AROUND = 20
"""How many pages on either side of the one that is shown have a thumbnail; at an end there are as many in all."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The picture of a page as the viewer asks for it: the folder of its tiles, its measures, how many levels there are."""

    tiles: str
    width_px: int
    height_px: int
    tile_px: int
    overlap_px: int
    levels: int


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A page in the strip; ``src`` is empty where it has no picture."""

    page: PublishedPage
    src: str
    is_shown: bool


def sheet_of(view: PublishedView, page: PublishedPage, told: PageTold) -> Sheet:
    """Return a page's picture for the viewer."""
    levels = 1 + max(0, math.ceil(math.log2(max(told.width_px, told.height_px) / told.tile_px)))
    return Sheet(_folder(view, page), told.width_px, told.height_px, told.tile_px, told.overlap_px, levels)


def thumbnails(view: PublishedView, place: int) -> list[Thumbnail]:
    """Return the strip around the page at a place; nothing for a record of one page."""
    if len(view.pages) < 2:
        return []
    first = max(0, min(place - _AROUND, len(view.pages) - 2 * _AROUND - 1))
    around = view.pages[first : first + 2 * _AROUND + 1]
    shown = view.pages[place]
    return [Thumbnail(page, thumbnail_path(view, page), page is shown) for page in around]


def thumbnail_path(view: PublishedView, page: PublishedPage) -> str:
    """Return the address of a page's small picture, empty where it has none."""
    return f"{_folder(view, page)}thumbnail.jpg" if page.beside else ""


def _folder(view: PublishedView, page: PublishedPage) -> str:
    return f"/images/{view.view_id}/{folder_of(page)}/"
