"""One record as the public sees it, and the form in which it stands in the file of the published views."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pydantic import TypeAdapter

from archives.message import Message
from archives.record.checksum import Kept
from archives.record.dates.shown import read_date, told_date
from archives.record.elements.kinds import Public
from archives.record.elements.table import ELEMENTS
from archives.record.rights import OnlineScope
from search.index.answer import Answer, Found
from search.index.document import TextOrigin
from search.published.marks import fonds_mark, marks_on

_LATER = (
    "former_codes",
    "until",
    "content",
    "volume",
    "shares",
    "shared_codes",
    "state",
    "opened",
    "level",
    "known_codes",
    "kept",
    "may_download",
    "files",
)  # keys that a view may lack

_PAGE_LATER = (
    "sha256",
    "label",
    "beside",
    "beside_sha256",
    "origin",
    "recording",
    "recording_sha256",
    "recording_bytes",
)


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """A page: its number, its text, and its image's file name in the view's folder (None without one).

    ``sha256`` is the digest of that file; a page that was published before there was this lacks it. ``label`` is what the
    page of a volume is called on paper. ``beside`` is the name of the file with the picture in tiles and the places of words
    (``search.published.shown.page_file``), empty without one. ``origin`` is a ``TextOrigin``, empty for a page without text.
    A page that was published before there was this has neither. ``recording`` is the name of the file of a recording, as it is played.
    """

    number: int
    text: str
    image: str | None
    sha256: str = ""
    label: str = ""
    beside: str = ""
    beside_sha256: str = ""
    origin: TextOrigin | Literal[""] = ""
    recording: str = ""
    recording_sha256: str = ""
    recording_bytes: int = 0


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file that readers may take away, by its name in the view's folder: the pages from ``first`` to ``last`` as a PDF."""

    name: str
    sha256: str
    size_bytes: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PublishedView:
    """What the public sees of one record; ``pages`` is empty where only the description is online (仅目录).

    ``view_id`` names the folder of its page images. ``elements`` holds what is public of the description by
    ``Element.public_key``, the date as written; a view that was published before there was an element lacks it.
    ``former_codes`` are the matching forms of the codes that the record had before it was renumbered; from the day
    ``until`` on nothing of the view is public any more. ``content`` is the digest of the files its pages were made of.
    An item names the ``volume`` that it stands in, by the identifier that the volume's view has or would have. ``shares``
    are the units that have to be open too while the view shows what it does: a page is theirs as well; ``shared_codes`` are
    the matching forms of their codes. ``state`` is what
    became of a unit without content; ``level`` is 案卷 for a volume, 件 for an item of one, and what the catalogue says of a
    unit without content. ``opened`` is the day on which the decision that opens it did so. ``known_codes`` are those of the
    codes before that the public is told, in the description, and finds it by. ``kept`` is how its content was kept when the
    view was published. ``may_download`` says that its repository lets readers take files away, ``files`` are those that
    were made for it.
    """

    view_id: str
    repository: str
    repository_name: str
    repository_name_en: str
    code_key: str
    elements: Mapping[str, Public]
    fonds_number: str
    fonds_name: str
    scope: OnlineScope
    pages: tuple[PublishedPage, ...]
    sequence: int
    former_codes: tuple[str, ...] = ()
    until: date | None = None
    content: str = ""
    volume: str = ""
    shares: tuple[str, ...] = ()
    shared_codes: tuple[str, ...] = ()
    state: str = ""
    opened: date | None = None
    level: str = ""
    known_codes: tuple[str, ...] = ()
    kept: Kept | None = None
    may_download: bool = False
    files: tuple[PublishedFile, ...] = ()

    @property
    def dated(self) -> Message:
        """The date of formation as people read it, and as it is written where that says more."""
        return told_date(self.said("date"))

    @property
    def when(self) -> Message:
        """The date of formation as lists tell it."""
        return read_date(self.said("date"))

    def said(self, key: str) -> str:
        """Return what is said under an element's ``public_key``, empty where nothing is."""
        value = self.elements.get(key)
        return "" if value is None else str(value)


def as_published(answer: Answer, views: Mapping[str, PublishedView]) -> Answer:
    """Return an answer without what the views by their identifiers do not show: an index may lag behind them.

    Records that have no view go, and pages that theirs does not have, or has with another text.
    """
    kept = tuple(part for one in answer.found if (part := _part(one, views)))
    gone = sum(one.places for one in answer.found) - sum(one.places for one in kept)
    total = answer.total - (len(answer.found) - len(kept))
    return replace(answer, total=total, places=answer.places - gone, found=kept)


def _part(found: Found, views: Mapping[str, PublishedView]) -> Found | None:
    view = views.get(found.record.package_id)
    if view is None:
        return None
    texts = {page.number: page.text for page in view.pages}
    hits = [hit for hit in found.hits if texts.get(hit.place.page or 0) == hit.place.text]
    if found.hits and not hits and not found.marks:
        return None
    return replace(found, hits=tuple(hits), places=found.places - len(found.hits) + len(hits))


def marks_of(view: PublishedView) -> frozenset[str]:
    """Return the names of the marks that close a view: on itself, its codes, what it shares its pages with, and a name it tells."""
    codes = (view.code_key, *view.former_codes)
    named = {fonds_mark(view.repository, view.fonds_number)} if view.fonds_name else set()
    return frozenset({view.view_id, *marks_on(view.repository, codes), *marks_shared(view), *named})


def marks_shared(view: PublishedView) -> set[str]:
    """Return the names of the marks that close what a view shares its pages with."""
    return {*view.shares, *marks_on(view.repository, view.shared_codes)}


_VIEW = TypeAdapter(PublishedView)


def json_of(view: PublishedView) -> str:
    """Return the view as it stands in the table: its elements side by side with the rest, under their own keys."""
    data = _VIEW.dump_python(view, mode="json")
    for key in _LATER:
        if not data[key]:
            del data[key]
    for page in data["pages"]:
        for key in _PAGE_LATER:
            if not page[key]:
                del page[key]
    return json.dumps(data | data.pop("elements"), ensure_ascii=False)


def view_of(text: str) -> PublishedView:
    """Return a view from its form in the table."""
    data = json.loads(text)
    keys = [element.public_key for element in ELEMENTS if element.portal and element.public_key in data]
    return _VIEW.validate_python({**data, "elements": {key: data[key] for key in keys}})
