"""What pages tell search engines: their one address, a sentence, and what they are about (schema.org, as microdata).

Microdata stands in attributes of the head: the site allows no script, and data in one would be the only one.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from archives.errors import FormatError
from archives.record.dates.parse import parse_record_date
from search.doors.portal.downloads.offered import FILM, recording_path
from search.doors.portal.record.turning import thumbnail_path
from search.published.lists.line import Line
from search.published.view import PublishedView

Kind = Literal["ArchiveComponent", "ArchiveOrganization", "CollectionPage", "WebPage", "WebSite"]
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Described:
    """A page as search engines are told of it: its address on the site, a sentence, its properties as schema.org names them.

    ``image`` and ``recording`` are addresses on the site of what is open: of the first picture (small: engines may fetch that one), and of what is played.
    ``published`` is the day of opening of a record.
    """

    path: str
    kind: Kind
    text: str
    said: tuple[tuple[str, str], ...] = ()
    also: Literal["VideoObject", "AudioObject", ""] = ""
    image: str = ""
    recording: str = ""
    published: date | None = None

    @property
    def types(self) -> str:
        """What it is, as addresses of schema.org."""
        return " ".join(f"https://schema.org/{one}" for one in (self.kind, self.also) if one)

    @property
    def name(self) -> str:
        """What it is called, empty where nothing says that."""
        return dict(self.said).get("name", "")

    @property
    def summary(self) -> str:
        """The sentence on one line, no longer than engines show."""
        plain = " ".join(self.text.split())
        return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"

    @property
    def properties(self) -> tuple[tuple[str, str], ...]:
        """The properties that have a value."""
        return tuple((name, value) for name, value in (*self.said, ("description", self.summary)) if value.strip())


def of_record(view: PublishedView, path: str, holder: str) -> Described:
    """Return what is told of a record's page."""
    text = "，".join(
        one for one in (view.said("title"), view.said("author"), view.said("archival_code"), holder) if one
    )
    said: tuple[tuple[str, str], ...] = (
        ("name", view.said("title")),
        ("identifier", view.said("archival_code")),
        ("creator", view.said("author")),
        ("temporalCoverage", interval(view.said("date"))),
        ("inLanguage", view.said("language")),
        ("holdingArchive", holder),
        ("isPartOf", view.fonds_name),
    )
    image = next((shown for page in view.pages if page.image and (shown := thumbnail_path(view, page))), "")
    played = next((page for page in view.pages if page.recording), None)
    if played is None:
        return Described(path, "ArchiveComponent", text, said, image=image, published=view.opened)
    with_day = (*said, ("uploadDate", view.opened.isoformat() if view.opened else ""))
    kind: Literal["VideoObject", "AudioObject"] = "VideoObject" if played.recording.endswith(FILM) else "AudioObject"
    return Described(path, "ArchiveComponent", text, with_day, kind, image, recording_path(view, played), view.opened)


def of_fonds(path: str, number: str, name: str, own: Line | None, *, holder: str, introduction: str) -> Described:
    """Return what is told of the page of a fonds."""
    said = (
        ("name", f"{number} {name}".strip()),
        ("identifier", number),
        ("creator", own.author if own else ""),
        ("temporalCoverage", interval(own.date) if own else ""),
        ("holdingArchive", holder),
    )
    return Described(path, "ArchiveComponent", introduction or f"{number} {name}，{holder}", said)


def government_tags(code: str, name: str, address: str, page: object) -> tuple[tuple[str, str], ...]:
    """Return the tags of a page of a government's site (国办发〔2017〕47号), none where the site has no code.

    ``page`` is the page as engines are told of it, if they are. What is a column, and what stands in one, is named too.
    """
    if not code:
        return ()
    tags = [("SiteName", name), ("SiteDomain", urlsplit(address).hostname or ""), ("SiteIDCode", code)]
    if isinstance(page, Described) and page.kind != "WebSite":
        said = dict(page.said)
        if page.published:
            day = page.published.isoformat()
            tags += [("ColumnName", said.get("isPartOf", "")), ("ArticleTitle", page.name), ("PubDate", day)]
            tags.append(("ContentSource", said.get("holdingArchive", "")))
        else:
            tags += [("ColumnName", page.name), ("ColumnDescription", page.summary if page.name else "")]
    return tuple((key, value) for key, value in tags if value)


def interval(written: str) -> str:
    """Return a date of formation as a day, a month, a year or an interval of ISO 8601; one that cannot be read as it is."""
    try:
        return replace(parse_record_date(written), certainty="").edtf
    except FormatError:
        return written
