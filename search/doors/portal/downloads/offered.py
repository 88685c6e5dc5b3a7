"""What of a record readers may take away, and at which addresses; nothing where its repository does not let them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal
from urllib.parse import quote

from archives.message import Message
from archives.record.identifiers import reference_code
from archives.units.unit import Level
from search.doors.portal.record.page_names import pages_named
from search.published.view import PublishedPage, PublishedView

Kind = Literal["pdf", "image", "recording", "page_text", "text", "json", "dublin_core"]
MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "image": "image/jpeg",
    "page_text": "text/plain; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
    "dublin_core": "application/xml",
}
RECORDINGS = {"wav": "audio/wav", "mp3": "audio/mpeg", "m4a": "audio/mp4", "mp4": "video/mp4"}
"""What recordings are sent as, by the endings of their files."""
FILM = ".mp4"
"""How the file of a recording with pictures ends."""
_RECORDINGS = ("LY", "LX")  # 门类代码 (DA/T 13-2022)
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Offered:
    """A file: what it is, its address, its length where it lies there as a file, the pages in it (of a PDF, or the one page).

    ``named`` says which pages are in it, where it may be taken for more.
    """

    kind: Kind
    href: str
    size_bytes: int = 0
    first: PublishedPage | None = None
    last: PublishedPage | None = None
    named: Message | None = None

    @property
    def media_type(self) -> str:
        """What it is sent as."""
        return MEDIA_TYPES.get(self.kind) or RECORDINGS[self.href.rpartition(".")[2]]

    @property
    def form(self) -> str:
        """What readers know its form by: the ending of its name."""
        return self.href.rpartition(".")[2].upper()

    @property
    def megabytes(self) -> str:
        """Its length as readers are told it."""
        return f"{max(0.1, self.size_bytes / _MEGABYTE):.1f}"


def is_offered(view: PublishedView, may_download: Callable[[str], bool]) -> bool:
    """Say whether anything of a record may be taken away: it was published so, and the settings still say so."""
    return view.may_download and may_download(view.repository)


def file_values(view: PublishedView, page: object, may_download: Callable[[str], bool]) -> dict[str, object]:
    """Return what a record's page tells of its files, and of those of the page that is turned to, where one is."""
    turned = [page] if isinstance(page, PublishedPage) else []
    offered = [*of_record(view), *chain.from_iterable(of_page(view, one) for one in turned)]
    return {
        "downloads": offered if is_offered(view, may_download) else [],
        "recording": "".join(recording_path(view, one) for one in turned),
        "has_text": any(one.text for one in view.pages),
        "is_film": any(one.recording.endswith(FILM) for one in turned),
        "is_recording": reference_code(view.said("archival_code")).category in _RECORDINGS,
    }


def of_record(view: PublishedView) -> Iterator[Offered]:
    """Yield the files of a whole record."""
    pages = {page.number: page for page in view.pages}
    for number, one in enumerate(view.files, 1):
        name = "record.pdf" if number == 1 else f"record-{number}.pdf"
        within = [page for page in view.pages if page.image and one.first <= page.number <= one.last]
        ends = pages.get(one.first), pages.get(one.last)
        yield Offered("pdf", file_path(view, name), one.size_bytes, *ends, pages_named(within) if within else None)
    if texts := [page for page in view.pages if page.text]:
        is_volume = view.level == Level.FILE  # most of whose pages its items have
        yield Offered("text", file_path(view, "record.txt"), named=pages_named(texts) if is_volume else None)
    yield Offered("json", file_path(view, "record.json"))
    yield Offered("dublin_core", file_path(view, "record.xml"))


def of_page(view: PublishedView, page: PublishedPage) -> Iterator[Offered]:
    """Yield the files of one page."""
    if page.image:
        yield Offered("image", file_path(view, f"{page.number:04}.jpg"), first=page, last=page)
    if page.recording:
        yield Offered("recording", file_path(view, page.recording), page.recording_bytes, page, page)
    if page.text:
        yield Offered("page_text", file_path(view, f"{page.number:04}.txt"), first=page, last=page)


def recording_path(view: PublishedView, page: PublishedPage) -> str:
    """Return the address at which the recording of a page is played, empty where it is none."""
    return f"/recordings/{quote(view.view_id, safe='')}/{quote(page.recording)}" if page.recording else ""


def file_path(view: PublishedView, name: str) -> str:
    """Return the address of a file of a record."""
    return f"/files/{quote(view.view_id, safe='')}/{name}"
