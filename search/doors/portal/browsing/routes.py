"""The addresses of leafing through: fonds, openings, what repositories say, and what engines and feed readers read."""

from collections.abc import Callable
from datetime import date
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from archives.message import Message
from archives.record.dates.shown import read_date
from archives.record.identifiers import archival_code_key
from search.doors.portal.browsing.door import Door, page_number
from search.doors.portal.browsing.feed import MEDIA_TYPE as ATOM
from search.doors.portal.browsing.feed import feed
from search.doors.portal.browsing.fonds_page import (
    Asked,
    fonds_path,
    fonds_values,
    holder_of,
    page_path,
    repository_values,
)
from search.doors.portal.browsing.help import FINDING, READING, SEARCHING
from search.doors.portal.browsing.metadata import Described, of_fonds
from search.doors.portal.browsing.opening_sheet import MEDIA_TYPE, opening_sheet
from search.doors.portal.browsing.openings_page import (
    LINES_A_SHEET,
    lines_of_sheet,
    opening_values,
    openings_path,
    openings_values,
    recent_path,
    recent_values,
)
from search.doors.portal.browsing.own_description import described_view, own_values
from search.doors.portal.browsing.sitemap import robots, sitemap_index, sitemap_part
from search.doors.portal.browsing.told import TOLD, Told
from search.doors.portal.browsing.words import BROWSING
from search.doors.portal.languages import TONGUES, named, said
from search.doors.portal.places import Places
from search.published.lists import counts

_SHEETS_AT_ONCE, _SHEETS_WAITING = 1, 8


def add_browsing(app: FastAPI, door: Door) -> None:
    """Let the site answer the addresses of this room."""
    pages = _Pages(door)
    for path, answer in (
        ("/fonds/{repository}", pages.repository),
        ("/fonds/{repository}/{number:path}", pages.fonds),
        ("/recent", pages.recent),
        ("/openings/{repository}", pages.openings),
        ("/openings/{repository}/{day}.xlsx", pages.sheet),
        ("/openings/{repository}/{day}", pages.opening),
        ("/help", pages.help),
        ("/about", pages.about),
        ("/about/{repository}", pages.about_repository),
        ("/robots.txt", pages.robots),
        ("/sitemap.xml", pages.sitemap),
        ("/sitemaps/{name}.xml", pages.sitemap_part),
        ("/feed.xml", pages.feed),
    ):
        app.add_api_route(path, answer, methods=["GET", "HEAD"])


class _Pages:
    """The answers, each from what is published at the moment."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._sheets = Places(_SHEETS_AT_ONCE, _SHEETS_WAITING)

    def repository(self, request: Request, repository: str, page: str = "1") -> Response:
        """Answer with the fonds of a repository."""
        number = page_number(page)
        told = repository_values(self._door.views(request), repository, number) if number else None
        if told is None:
            return self._door.not_found(request)
        name = self._name(request, told["holder"])
        described = Described(fonds_path(repository, page=number or 1), "ArchiveOrganization", name, (("name", name),))
        return self._door.page(request, "fonds_list.html", told, metadata=described)

    def fonds(self, request: Request, repository: str, number: str, page: str = "1") -> Response:
        """Answer with a fonds, narrowed to a series, a year or a volume."""
        place, narrowed = page_number(page), request.query_params
        year = narrowed.get("year", "")
        key = archival_code_key(number)
        if place is None or (year and not (year.isascii() and year.isdigit() and len(year) < 5 and year[0] != "0")):
            return self._door.not_found(request)
        asked = Asked(narrowed.get("series", "")[:200], year, narrowed.get("volume", "")[:200], place)
        told = fonds_values(self._door.views(request), repository, key, asked)
        if told is None:
            return self._door.not_found(request)
        found, introduction = told["fonds"], told["introduction"]
        told |= self._own(request, repository, key, asked)
        described = of_fonds(
            str(told["here"]),
            key,
            str(getattr(found, "name", "")),
            getattr(found, "own", None),
            holder=self._name(request, told["holder"]),
            introduction=" ".join(introduction) if isinstance(introduction, list) else "",
        )
        return self._door.page(request, "fonds.html", told, metadata=described)

    def _own(self, request: Request, repository: str, key: str, asked: Asked) -> dict[str, object]:
        views, door = self._door.views(request), self._door
        view = described_view(views, repository, key, asked)
        if view is None:
            return {"own_view": None}
        may_download = door.words.may_download
        return own_values(views, view, tell=self._tell(request), base=door.base(request), may_download=may_download)

    def recent(self, request: Request, page: str = "1") -> Response:
        """Answer with what was opened last."""
        number = page_number(page)
        told = recent_values(self._door.views(request), number) if number else None
        if told is None:
            return self._door.not_found(request)
        described = self._list(request, recent_path(number or 1), BROWSING["recent"])
        return self._door.page(request, "recent.html", told, metadata=described)

    def openings(self, request: Request, repository: str, page: str = "1") -> Response:
        """Answer with the days on which something of a repository was opened."""
        number = page_number(page)
        told = openings_values(self._door.views(request), repository, number) if number else None
        if told is None:
            return self._door.not_found(request)
        heading = named(BROWSING["openings_of"], holder=self._name(request, told["holder"]))
        described = self._list(request, openings_path(repository, page=number or 1), heading)
        return self._door.page(request, "openings.html", told, metadata=described)

    def opening(self, request: Request, repository: str, day: str, page: str = "1") -> Response:
        """Answer with the catalogue of a day of opening."""
        number, opened = page_number(page), _day(day)
        views = self._door.views(request)
        told = opening_values(views, repository, opened, number) if number and opened else None
        if told is None:
            return self._door.not_found(request)
        heading = named(
            BROWSING["opening_of"], holder=self._name(request, told["holder"]), day=self._tell(request)(read_date(day))
        )
        described = self._list(request, openings_path(repository, opened, page=number or 1), heading)
        return self._door.page(request, "opening.html", told, metadata=described)

    async def sheet(self, request: Request, repository: str, day: str, part: str = "1") -> Response:
        """Answer with the same as a workbook, one at a time: it takes a second."""
        return await self._sheets.run(lambda: self._sheet(request, repository, day, part))

    def _sheet(self, request: Request, repository: str, day: str, part: str) -> Response:
        number, opened = page_number(part), _day(day)
        views = self._door.views(request)
        lines = list(lines_of_sheet(views, repository, opened, number)) if number and opened else []
        if not lines or opened is None or number is None:
            return self._door.not_found(request)
        data = opening_sheet(
            [(line, self._door.base(request) + page_path(views, line)) for line in lines],
            opened,
            (number - 1) * LINES_A_SHEET + 1,
            self._tell(request),
        )
        name = f"{repository}-{day}" + (f"-{number}" if number > 1 else "")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.xlsx", "Vary": _VARY}
        return Response(data, media_type=MEDIA_TYPE, headers=headers)

    def help(self, request: Request) -> Response:
        """Answer with how the site is used."""
        ways = (
            ("help-search", "help_search", SEARCHING),
            ("help-results", "help_results", FINDING),
            ("help-record", "help_record", READING),
        )
        told = {"repositories": self._door.views(request).repositories(), "told_ways": ways}
        return self._door.page(request, "help.html", told, metadata=self._list(request, "/help", BROWSING["help"]))

    def about(self, request: Request) -> Response:
        """Answer with what the site is, whose, and which repositories take part."""
        views, tongue = self._door.views(request), self._door.tongue(request)
        told = {
            "repositories": views.repositories(),
            "counted": {code: one for code, (one, _) in counts.by_repository(views).items()},
            "paragraphs": [one for one in self._door.words.institution.about.to(tongue).splitlines() if one.strip()],
        }
        described = Described("/about", "WebPage", self._door.called(request))
        return self._door.page(request, "about.html", told, metadata=described)

    def about_repository(self, request: Request, repository: str) -> Response:
        """Answer with what a repository says of itself, and how much of it is here."""
        views = self._door.views(request)
        holder = holder_of(views, repository)
        if holder is None:
            return self._door.not_found(request)
        name, tongue = self._name(request, holder), self._door.tongue(request)
        words = self._door.words.repositories.get(repository, Told())
        sections = [(f"told_{key}", getattr(words, key).to(tongue).splitlines()) for key in TOLD]
        told = {
            "holder": holder,
            "fonds_number": counts.number_of_fonds(views, repository),
            "counts": counts.of_repository(views, repository),
            "sections": [(key, paragraphs) for key, paragraphs in sections if paragraphs],
        }
        described = Described(f"/about/{quote(repository)}", "ArchiveOrganization", name, (("name", name),))
        return self._door.page(request, "about_repository.html", told, metadata=described)

    def robots(self, request: Request) -> Response:
        """Answer with robots.txt."""
        return PlainTextResponse(robots(self._door.base(request)))

    def sitemap(self, request: Request) -> Response:
        """Answer with the index of the sitemap."""
        return _xml(sitemap_index(self._door.views(request), self._door.base(request)))

    def sitemap_part(self, request: Request, name: str) -> Response:
        """Answer with a part of the sitemap."""
        own = [one.path for one in self._door.words.institution.pages]
        part = sitemap_part(self._door.views(request), self._door.base(request), name, own)
        return self._door.not_found(request) if part is None else _xml(part)

    def feed(self, request: Request) -> Response:
        """Answer with the feed of what was opened last."""
        door, tongue = self._door, self._door.tongue(request)
        title, tag = door.called(request), TONGUES[tongue][1]
        text = feed(
            door.views(request),
            door.base(request),
            title=title,
            tag=tag,
            tell=self._tell(request),
            holder=lambda code, name, name_en: door.words.holder(code, name, name_en, tongue),
        )
        return Response(text, media_type=ATOM, headers={"Vary": _VARY})

    def _list(self, request: Request, path: str, heading: Message) -> Described:
        name = self._tell(request)(heading)
        return Described(path, "CollectionPage", name, (("name", name),))

    def _tell(self, request: Request) -> Callable[[Message], str]:
        tongue = self._door.tongue(request)
        return lambda one: said(one, tongue)

    def _name(self, request: Request, holder: object) -> str:
        if not isinstance(holder, tuple):
            return ""
        code, name, name_en = holder
        return self._door.words.holder(code, name, name_en, self._door.tongue(request))


_VARY = "Cookie, Accept-Language"


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _xml(text: str) -> Response:
    return Response(text, media_type="application/xml")
