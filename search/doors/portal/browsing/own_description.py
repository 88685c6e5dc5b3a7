"""What the page of a fonds, or of a series, tells of its own published description: all of its elements, citation, proof."""

from collections.abc import Callable

from archives.message import Message
from archives.record.dates.shown import read_date
from archives.record.elements.table import ELEMENTS
from archives.units.state import State
from search.doors.portal.browsing.fonds_page import Asked
from search.doors.portal.downloads.offered import file_values
from search.doors.portal.record.address import proof_path, record_path
from search.doors.portal.record.citation import citation
from search.doors.portal.record.integrity import HOW_TO_PROVE, integrity
from search.doors.portal.record.words import RECORD_WORDS
from search.doors.portal.words import WORDS
from search.published.proved.record_proof import has_proof
from search.published.view import PublishedView
from search.published.views import PublishedViews

_SHOWN_ELSEWHERE = ("archival_code", "title", "author", "date", "year", "language", "history", "names")
"""Of a fonds: what its page tells anyway, or what says nothing of one."""
_IN_HEADING = ("year", "language")


def described_view(views: PublishedViews, repository: str, number: str, asked: Asked) -> PublishedView | None:
    """Return the description of the fonds or series whose page is asked for; None for a page of its years, volumes or lines."""
    if asked.year or asked.volume or asked.page > 1:
        return None
    view = views.get(repository, f"{number}-{asked.series}" if asked.series else number)
    return None if view is None or view.pages else view


def own_values(
    views: PublishedViews,
    view: PublishedView,
    *,
    tell: Callable[[Message], str],
    base: str,
    may_download: Callable[[str], bool],
) -> dict[str, object]:
    """Return what is told of a description, whose record's address leads to the page and is the one to be cited."""
    is_fonds, state = view.code_key == view.fonds_number, State(view.state)
    elsewhere = _SHOWN_ELSEWHERE if is_fonds else _IN_HEADING
    described = [
        (tell(e.portal), tell(view.dated) if e.key == "date" else view.said(e.public_key))
        for e in ELEMENTS
        if e.portal and e.public_key not in elsewhere
    ]
    if state is not State.HELD:
        described.append((tell(WORDS["state"]), tell(state.label)))
    if view.opened:
        described.append((tell(RECORD_WORDS["opened_on"]), tell(read_date(view.opened.isoformat()))))
    return {
        "own_view": view,
        "own_described": described,
        "citation": citation(view, None, address=base + record_path(view), day=views.today()),
        "integrity": integrity(view, None),
        "how_to_prove": HOW_TO_PROVE,
        "proof": proof_path(view) if has_proof(views, view) else "",
        **file_values(view, None, may_download),
    }
