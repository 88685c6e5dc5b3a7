"""The public site: what was published can be searched and read, and nothing else can be reached from here.

The program opens the published views, the public index and the folder of page images. A record that is closed and one
that never was get the same answer.
"""

import os
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from archives.errors import SearchBusyError, SearchError
from archives.message import Language, Message
from archives.record.dates.shown import read_date
from archives.text.script import language_beside
from search.doors.portal.asking import form_values, nothing_values
from search.doors.portal.browsing.door import Door
from search.doors.portal.browsing.fonds_page import fonds_path, rows_of
from search.doors.portal.browsing.metadata import Described, government_tags
from search.doors.portal.browsing.openings_page import openings_path
from search.doors.portal.browsing.routes import add_browsing
from search.doors.portal.browsing.told import Given, SiteWords, linked, to_reader
from search.doors.portal.downloads.routes import add_downloads
from search.doors.portal.headers import HEADERS
from search.doors.portal.languages import (
    COOKIE,
    COOKIE_SECONDS,
    TONGUES,
    Tongue,
    chosen_tongue,
    in_tongue,
    lang,
    language_of,
    named,
    own,
    said,
    tongue_of,
)
from search.doors.portal.marked import written
from search.doors.portal.places import Places
from search.doors.portal.record.address import record_path
from search.doors.portal.record.page_names import page_name, page_span
from search.doors.portal.record_routes import add_records
from search.doors.portal.results_page import PAGE_SIZE, Asked, asked_for, narrowed_names, results_values
from search.doors.portal.served import Served
from search.doors.portal.site.institution import add_institution
from search.doors.portal.site.map import add_map
from search.doors.portal.words import WORDS
from search.index.answer import Answer
from search.index.query import LONGEST_QUERY, Query
from search.index.search_index import Searchable
from search.published.lists import counts
from search.published.lists.counts import Counts
from search.published.lists.pages import recent
from search.published.views import PublishedViews

_RECENT = 12
_STATIC = Path(__file__).parent / "static"
_HAN = re.compile("[㐀-鿿]")
SEARCH_SECONDS = 2.0
_WAITING = 4  # searches that wait for each one at work
RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Site:
    """What the portal works with."""

    views: PublishedViews
    index: Searchable
    images: Path
    served: Served
    places: Places
    name: Message | Given
    default_language: Language
    words: SiteWords


def create_app(
    views: PublishedViews,
    index: Searchable,
    images: Path,
    *,
    site_name: Message | Given,
    served: Path | None = None,
    hosts: Sequence[str] = ("*",),
    default_language: Language = "zh",
    words: SiteWords = SiteWords(),
) -> FastAPI:
    """Return the site; page images lie at ``images/<view id>/<file>``.

    ``served`` is the file, outside what is published, that remembers how far that was: nothing older is served.
    ``hosts`` are the names that the site answers to, ``*.example.org`` for every name below one; a request that names
    another host gets 400. ``words`` are what the settings say of the site and its repositories.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    places = Places(cores(), _WAITING * cores())
    app.state.site = Site(views, index, images, Served(served), places, site_name, default_language, words)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    named = [f"[{host}]" if ":" in host else host for host in hosts]  # as a request names an IPv6 address
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=named, www_redirect=False)
    app.middleware("http")(_secure)  # outermost, so that a refusal carries the headers too
    for path, answer in (
        ("/", _home),
        ("/search", _search),
        ("/favicon.ico", _icon),
        ("/apple-touch-icon.png", _icon),
    ):
        app.add_api_route(path, answer, methods=["GET", "HEAD"])
    shown = Door(lambda request: current(request).views, _page, _not_found, _tongue, site_name, words)
    for add in (add_browsing, add_institution, add_map):
        add(app, shown)
    add_records(app, shown, images)
    add_downloads(app, shown, images)
    app.add_exception_handler(404, _not_found)
    app.add_exception_handler(405, _not_found)
    app.add_exception_handler(SearchError, _away)
    app.add_exception_handler(Exception, _failed)
    return app


def cores() -> int:
    """Return how many searches are at work at a time."""
    return os.cpu_count() or 1


async def _secure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    if request.method not in ("GET", "HEAD"):
        return Response(status_code=405, headers={**HEADERS, "Allow": "GET, HEAD"})
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if chosen := chosen_tongue(request):
        response.set_cookie(COOKIE, chosen, max_age=COOKIE_SECONDS, httponly=True, samesite="lax")
    return response


def _home(request: Request) -> Response:
    views = current(request).views
    repositories, counted = views.repositories(), counts.by_repository(views)
    told = {
        "repositories": repositories,
        "counted": {code: one for code, (one, _) in counted.items()},
        "total": sum((one for one, _ in counted.values()), Counts()),
        "fonds_number": sum(number for _, number in counted.values()),
        "holders": {one[0]: one for one in repositories},
        "rows": rows_of(views, recent(views, offset=0, limit=_RECENT)),
    }
    name, lead = (to_reader(one, _tongue(request)) for one in (site_of(request).name, WORDS["lead"]))
    return _page(request, "home.html", told, metadata=Described("/", "WebSite", lead, (("name", name),)))


def _icon(request: Request) -> Response:
    """Answer what browsers ask for by themselves."""
    return FileResponse(_STATIC / request.url.path.lstrip("/"))


async def _search(request: Request) -> Response:
    asked = asked_for(request.query_params)
    return await site_of(request).places.run(lambda: _results(request, asked))


def _results(request: Request, asked: Asked) -> Response:
    site = current(request)
    if len(asked.words) > LONGEST_QUERY:
        return _page(request, "notice.html", status=400, title_key="too_long", advice_key="too_long_advice")
    ends_at = time.monotonic() + SEARCH_SECONDS
    offset = (asked.number - 1) * PAGE_SIZE

    def search(query: Query) -> Answer:
        return site.index.search(replace(query, ends_at=ends_at), offset=offset, limit=PAGE_SIZE)

    def totals(queries: Sequence[Query]) -> Sequence[int]:
        return site.index.totals([replace(one, ends_at=ends_at) for one in queries])

    tongue = _tongue(request)
    tell = partial(said, tongue=tongue)
    views, language = site.views, language_of(tongue)
    told, nothing = results_values(views, asked, language, search), None
    if not told["total"]:
        names = narrowed_names(views, asked, language, lambda text: own(text, tongue))
        query = replace(asked.query(views.hidden()), this_year=views.today().year)
        nothing = nothing_values(asked, query, tell, totals, names)
    form = form_values(asked, tell, is_found=bool(told["total"]))
    return _page(request, "results.html", told, form=form, nothing=nothing)


def _not_found(request: Request, _: Exception | None = None) -> Response:
    return _page(request, "notice.html", status=404, title_key="not_found", advice_key="not_found_advice")


def _away(request: Request, failure: Exception) -> Response:
    key = "busy" if isinstance(failure, SearchBusyError) else "away"
    answer = _page(request, "notice.html", status=503, title_key=key, advice_key=f"{key}_advice")
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _failed(request: Request, _: Exception) -> Response:
    """Answer what nobody foresaw; this is made outside ``_secure``."""
    response = _page(request, "notice.html", status=500, title_key="away", advice_key="away_advice")
    response.headers.update(HEADERS)
    return response


def current(request: Request) -> Site:
    """Return the site for an answer that shows what is published; raises ``SearchError`` when that was put back."""
    site = site_of(request)
    site.served.require_current(site.views.closed())
    return site


def site_of(request: Request) -> Site:
    """Return the site that a request came to."""
    site: Site = request.app.state.site
    return site


def _page(
    request: Request,
    template: str,
    told: Mapping[str, object] = MappingProxyType({}),
    *,
    status: int = 200,
    **values: object,
) -> Response:
    site, tongue = site_of(request), _tongue(request)
    language, called = language_of(tongue), to_reader(site.name, tongue)

    def say(key: str, **values: str | int) -> str:
        return said(named(WORDS[key], **values), tongue)

    def spoken(text: str, known: str = "") -> Markup:
        plain = text.striptags() if isinstance(text, Markup) else text
        return lang(language_beside(plain, TONGUES[tongue][1], known))

    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    text = _templates.get_template(template).render(
        say=say,
        own=lambda text: own(text, tongue),
        language=language,
        html_language=TONGUES[tongue][1],
        chosen_tongue=chosen_tongue(request) or "",
        in_tongue=in_tongue,
        alternates=[*((one, TONGUES[one][1]) for one in TONGUES), ("", "x-default")],
        tongues=[(one, *TONGUES[one], "?" + urlencode([*kept, ("lang", one)])) for one in TONGUES if one != tongue],
        lang=lang,
        spoken=spoken,
        written=lambda text, known="": written(text, spoken(text, known)),
        site_name=called,
        base=site.words.address,
        typed=request.query_params.get("q", "")[: 2 * LONGEST_QUERY],
        site_tags=government_tags(
            site.words.institution.site_code,
            called,
            site.words.address or str(request.base_url),
            values.get("metadata"),
        ),
        institution=site.words.institution,
        linked=linked,
        is_foreign=lambda text: language == "en" and bool(_HAN.search(text)),
        record_path=record_path,
        fonds_path=fonds_path,
        tell=lambda one: to_reader(one, tongue),
        openings_path=openings_path,
        holder_name=lambda one: site.words.holder(one[0], one[1], one[2], tongue),
        name_of=lambda view: site.words.holder(view.repository, view.repository_name, view.repository_name_en, tongue),
        date_of=lambda dated: said(dated.when, tongue),
        day_of=lambda day: said(read_date(day.isoformat()), tongue),
        page_name=lambda n, label: said(page_name(n, label), tongue),
        page_span=lambda first, last: said(page_span(first, last), tongue),
        **told,
        **values,
    )
    return HTMLResponse(text, status_code=status, headers={"Vary": "Cookie, Accept-Language"})


def _tongue(request: Request) -> Tongue:
    return tongue_of(request, site_of(request).default_language)


_templates = Environment(
    loader=PackageLoader("search.doors.portal", "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
