"""What the page of a record tells: its description, the page that is turned to, its volume or the items in it."""

from pathlib import Path
from urllib.parse import quote, urlencode

from archives.message import Language
from archives.record.elements.table import ELEMENTS
from archives.units.state import State
from search.doors.portal.marked import marked_text
from search.doors.portal.record.files import told_of
from search.doors.portal.record.turning import sheet_of, thumbnails
from search.doors.portal.words import WORDS
from search.published.view import PublishedView
from search.published.views import PublishedViews

_MOST_ITEMS = 100
_GONE = (State.MISSING, State.HANDED_ON, State.DESTROYED)
_SHOWN_ELSEWHERE = ("title", "year", "language")  # the heading, within the date, and of the text


def path_of_record(repository: str, code: str) -> str:
    """Return the address of what has a code in a repository."""
    return f"/records/{quote(repository)}/{quote(code, safe='')}"


def record_path(view: PublishedView, *, page: int | None = None, words: str = "") -> str:
    """Return a record's address on the site."""
    query = {key: str(value) for key, value in (("page", page), ("q", words)) if value}
    path = path_of_record(view.repository, view.said("archival_code"))
    return f"{path}?{urlencode(query)}" if query else path


def record_values(
    views: PublishedViews, images: Path, view: PublishedView, number: int, words: str, *, language: Language
) -> dict[str, object]:
    """Return what the template of a record's page is filled with, of the pages from their files in ``images``.

    ``number`` is the page turned to, ``words`` what was searched."""
    places = [page.number for page in view.pages]
    number = number if number in places else (places[0] if places else 0)
    place = places.index(number) if places else 0
    page = view.pages[place] if places else None
    told = told_of(images, view, page, is_signed=views.is_signed) if page else None
    state, items = State(view.state), views.items_of(view.view_id)
    described = [
        (e.portal.text(language), view.dated.text(language) if e.key == "date" else view.said(e.public_key))
        for e in ELEMENTS
        if e.portal and e.key not in _SHOWN_ELSEWHERE
    ]
    if state is not State.HELD:
        described.append((WORDS["state"].text(language), state.label.text(language)))
    return {
        "view": view,
        "described": described,
        "page": page,
        "sheet": sheet_of(view, page, told) if page and told and told.tile_px else None,
        "thumbnails": thumbnails(view, place) if page else [],
        "text": marked_text(page, words) if page else "",
        "previous": record_path(view, page=places[place - 1], words=words) if place > 0 else "",
        "following": record_path(view, page=places[place + 1], words=words) if place + 1 < len(places) else "",
        "words": words,
        "is_gone": state in _GONE,
        "state": state.label.text(language),
        "volume": views.get_by_id(view.volume) if view.volume else None,
        "items": [one for unit in items[:_MOST_ITEMS] if (one := views.get_by_id(unit))],
        "more_items": max(0, len(items) - _MOST_ITEMS),
    }
