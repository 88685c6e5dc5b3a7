"""What the page of a record tells: its description, the page that is turned to, its volume or the items in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from archives.message import Message
from archives.record.dates.shown import read_date
from archives.record.elements.table import ELEMENTS
from archives.record.genre import GENRE_CODES
from archives.record.identifiers import reference_code
from archives.units.state import State
from search.doors.portal.downloads.captions import captions_of, cues_shown, transcripts_of
from search.doors.portal.marked import cued_text, flowing_text, table_text
from search.doors.portal.record.address import proof_path, record_path
from search.doors.portal.record.citation import citation
from search.doors.portal.record.files import told_of
from search.doors.portal.record.flow import flow_of
from search.doors.portal.record.grid import grid_of, is_table
from search.doors.portal.record.hits import Turn, first_page, hits_on
from search.doors.portal.record.integrity import HOW_TO_PROVE, integrity
from search.doors.portal.record.leaves import Leaf, Leaves, extent_told, leaves_of, missing_told, place_told
from search.doors.portal.record.page_names import pages_named
from search.doors.portal.record.turning import sheet_of, thumbnails
from search.doors.portal.record.words import RECORD_WORDS
from search.doors.portal.results_page import way_back
from search.published.lists import counts
from search.published.lists.neighbours import neighbours
from search.published.lists.pages import fonds_names, in_volume, volume_of
from search.published.proved.record_proof import has_proof
from search.published.shown.word_places import TextPlaces, boxes_of
from search.published.view import PublishedPage, PublishedView
from search.published.views import PublishedViews

_MOST_ITEMS = 100
_GONE = (State.MISSING, State.HANDED_ON, State.DESTROYED)
_SHOWN_ELSEWHERE = ("title", "year", "language")  # the heading, within the date, and of the text


@dataclass(frozen=True, slots=True)
class Turned:
    """What of a record is looked at: the number of the page (0: the first, with words the first that has them), what was
    searched, which hit of it on the page (from 1; 0: none was gone to), what was searched by beside words; what was typed
    for a page and names none."""

    page: int = 0
    words: str = ""
    hit: int = 0
    search: str = ""
    missing_leaf: str = ""


def record_values(
    views: PublishedViews,
    images: Path,
    view: PublishedView,
    turned: Turned,
    *,
    tell: Callable[[Message], str],
    base: str,
) -> dict[str, object]:
    """Return what the template of a record's page is filled with, of the pages from their files in ``images``.

    ``tell`` says a sentence of ours in the reader's language, ``base`` is the address of the site, without a slash at its end.
    """
    state, fonds = State(view.state), (view.repository, view.fonds_number)
    described = [
        (tell(e.portal), tell(view.dated) if e.key == "date" else view.said(e.public_key))
        for e in ELEMENTS
        if e.portal and e.key not in _SHOWN_ELSEWHERE
    ]
    leaves = leaves_of(views, view)
    shown = _page_values(views, images, view, leaves, turned) if view.pages else {}
    page = shown.get("page")
    page = page if isinstance(page, PublishedPage) else None
    is_played = page is not None and bool(page.recording)  # a recording has no pages to be cited by
    cited = base + record_path(view, page=page.number if page and not (is_played and len(view.pages) == 1) else None)
    return {
        "view": view,
        "fonds_called": view.fonds_name or fonds_names(views, [fonds]).get(fonds, ""),
        "described": [*described, *_more(view, leaves, tell)],
        "words": turned.words,
        "search": turned.search,
        "back": way_back(turned.words, turned.search) if turned.words or turned.search else "",
        "beside": neighbours(views, view.view_id),
        "citation": citation(view, None if is_played else page, address=cited, day=views.today()),
        "missing_leaf": tell(missing_told(leaves, turned.missing_leaf)) if turned.missing_leaf else "",
        "has_leaves": len(leaves.every) > 1,
        "integrity": integrity(view, page),
        "how_to_prove": HOW_TO_PROVE,
        "proof": proof_path(view) if has_proof(views, view) else "",
        "page": None,
        "sheet": None,
        **shown,
        "is_gone": state in _GONE,
        "is_held": state is State.HELD,
        "state": tell(state.label),
        "volume": volume_of(views, view),
        "items": [
            one
            for unit in in_volume(views, view.view_id, offset=0, limit=_MOST_ITEMS)
            if (one := views.get_by_id(unit))
        ],
        "more_items": max(0, counts.below(views, [view.view_id]).get(view.view_id, 0) - _MOST_ITEMS),
    }


def _more(view: PublishedView, leaves: Leaves, tell: Callable[[Message], str]) -> Iterator[tuple[str, str]]:
    """Yield what is told beside the elements: its class, how many pages of it are online, and when it was opened."""
    category = reference_code(view.said("archival_code")).category
    if category in GENRE_CODES:
        yield tell(RECORD_WORDS["class"]), tell(GENRE_CODES[category])
    if view.pages and not any(page.recording for page in view.pages):
        told = replace(RECORD_WORDS["pages_online"], values=(("n", len(view.pages)),))
        if leaves.is_volume and not view.volume:
            told = extent_told(leaves, pages_named(view.pages))
        yield tell(RECORD_WORDS["extent"]), tell(told)
    if view.opened:
        yield tell(RECORD_WORDS["opened_on"]), tell(read_date(view.opened.isoformat()))


def _page_values(
    views: PublishedViews, images: Path, view: PublishedView, leaves: Leaves, turned: Turned
) -> dict[str, object]:
    """Return what is told of the page that is turned to."""
    words, numbers = turned.words, [page.number for page in view.pages]
    place = numbers.index(turned.page) if turned.page in numbers else first_page(view, words)
    page = view.pages[place]
    told = told_of(images, view, page, is_signed=views.is_signed)
    places = told.places if told else TextPlaces()
    hits = hits_on(view, place, words, turned.hit)
    cues = cues_shown(view, page, hits.marks)
    is_sheet = not cues and not page.image and is_table(page.text)
    if cues:
        stamp, text = "", cued_text(page.text, cues, hits.marks, hits.current)
    elif is_sheet:
        stamp, text = "", table_text(page.text, grid_of(page.text), hits.marks, hits.current)
    else:
        flow = flow_of(page.text, places, view.said("archival_code"))
        stamp, text = flowing_text(page.text, flow, hits.marks, hits.current)
    path = partial(record_path, words=words, search=turned.search)

    def there(turn: Turn | None) -> str:
        return path(view, page=numbers[turn.place], hit=turn.hit) + "#hit" if turn else ""

    def turned_to(leaf: Leaf | None) -> str:
        return path(leaf, page=leaf.number) if leaf else ""

    return {
        "page": page,
        "place": place + 1,
        "place_in_volume": place_told(leaves, page.number) if leaves.is_volume and not view.volume else None,
        "sheet": sheet_of(view, page, told) if told and told.tile_px else None,
        "thumbnails": thumbnails(view, place),
        "stamp": stamp,
        "text": text,
        "is_table": is_sheet,
        "is_cued": bool(cues),
        "captions": captions_of(view, page) if page.recording else [],
        "transcripts": transcripts_of(view, page) if page.recording else [],
        "hits": hits,
        "boxes": boxes_of(places, page.text, hits.marks),
        "is_gone_to": turned.hit > 0,
        "previous_hit": there(hits.previous),
        "following_hit": there(hits.following),
        "previous": turned_to(leaves.before(views, page.number)),
        "following": turned_to(leaves.behind(views, page.number)),
    }
