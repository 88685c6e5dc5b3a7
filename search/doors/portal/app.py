"""The public site: what was published can be searched and read, and nothing else can be reached from here.

The program opens the published views, the public index and the folder of page images. A record that is closed and one
that never was get the same answer.
"""

import hashlib
import os
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from archives.errors import SearchBusyError, SearchError
from archives.message import Language, Message
from archives.record.identifiers import archival_code_key
from archives.record.volume.page_label import parse_label
from search.doors.portal.fonds_page import fonds_path, fonds_values, list_values
from search.doors.portal.headers import HEADERS
from search.doors.portal.places import Places
from search.doors.portal.record_page import record_path, record_values
from search.doors.portal.results_page import PAGE_SIZE, Asked, asked_for, number_in, results_values
from search.doors.portal.served import Served
from search.doors.portal.words import WORDS
from search.index.answer import Answer
from search.index.query import LONGEST_QUERY, Query
from search.index.search_index import Searchable
from search.published.view import PublishedView
from search.published.views import PublishedViews

_RECENT = 12
_SEARCH_SECONDS = 2.0
_WAITING = 4  # searches that wait for each one at work
_RETRY_SECONDS = 5
_COOKIE = "lang"


@dataclass(frozen=True, slots=True)
class Site:
    """What the portal works with."""

    views: PublishedViews
    index: Searchable
    images: Path
    served: Served
    places: Places
    name: Message
    default_language: Language


def create_app(
    views: PublishedViews,
    index: Searchable,
    images: Path,
    *,
    site_name: Message,
    served: Path | None = None,
    hosts: Sequence[str] = ("*",),
    default_language: Language = "zh",
) -> FastAPI:
    """Return the site; page images lie at ``images/<view id>/<file>``.

    ``served`` is the file, outside what is published, that remembers how far that was: nothing older is served.
    ``hosts`` are the names that the site answers to, ``*.example.org`` for every name below one; a request that names
    another host gets 400.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    places = Places(cores(), _WAITING * cores())
    app.state.site = Site(views, index, images, Served(served), places, site_name, default_language)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    named = [f"[{host}]" if ":" in host else host for host in hosts]  # as a request names an IPv6 address
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=named, www_redirect=False)
    app.middleware("http")(_secure)  # outermost, so that a refusal carries the headers too
    for path, answer in (
        ("/", _home),
        ("/about", _about),
        ("/search", _search),
        ("/records/{repository}/{code:path}", _record),
        ("/images/{view_id}/{name}", _image),
        ("/fonds/{repository}", _fonds_list),
        ("/fonds/{repository}/{number:path}", _fonds),
    ):
        app.add_api_route(path, answer, methods=["GET", "HEAD"])
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
    chosen = request.query_params.get("lang")
    if chosen in ("zh", "en"):
        response.set_cookie(_COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="lax")
    return response


def _home(request: Request) -> Response:
    views = _current(request).views
    return _page(request, "home.html", repositories=views.repositories(), recent=views.recent(_RECENT))


def _about(request: Request) -> Response:
    return _page(request, "about.html", repositories=_current(request).views.repositories())


async def _search(request: Request) -> Response:
    asked = asked_for(request.query_params)
    return await _site(request).places.run(lambda: _results(request, asked))


def _results(request: Request, asked: Asked) -> Response:
    site = _current(request)
    if len(asked.words) > LONGEST_QUERY:
        return _page(request, "notice.html", status=400, title_key="too_long", advice_key="too_long_advice")
    ends_at = time.monotonic() + _SEARCH_SECONDS
    offset = (asked.number - 1) * PAGE_SIZE

    def search(query: Query) -> Answer:
        return site.index.search(replace(query, ends_at=ends_at), offset=offset, limit=PAGE_SIZE)

    language = _language(site, request)
    return _page(request, "results.html", results_values(site.views, asked, language, search))


def _record(request: Request, repository: str, code: str, page: str = "", q: str = "") -> Response:
    view = _current(request).views.get(repository, archival_code_key(code))
    if view is None or (page and view.pages and number_in(page) not in {one.number for one in view.pages}):
        return _not_found(request)
    return _shown(request, view, number_in(page), q[:LONGEST_QUERY])


def _fonds_list(request: Request, repository: str, page: str = "1") -> Response:
    told = list_values(_current(request).views, repository, number_in(page))
    return _page(request, "fonds_list.html", told) if told else _not_found(request)


def _fonds(request: Request, repository: str, number: str, series: str = "", page: str = "1") -> Response:
    told = fonds_values(_current(request).views, repository, archival_code_key(number), series, number_in(page))
    return _page(request, "fonds.html", told) if told else _not_found(request)


def _image(request: Request, view_id: str, name: str) -> Response:
    site = _current(request)
    view = site.views.get_by_id(view_id)
    known = {page.image: page.sha256 for page in view.pages} if view else {}
    path = site.images / view_id / name
    if name not in known or not path.is_file():
        return _not_found(request)
    if not site.views.is_signed:
        return FileResponse(path, media_type="image/jpeg")
    is_signed = hashlib.sha256(data := path.read_bytes()).hexdigest() == known[name]
    return Response(data, media_type="image/jpeg") if is_signed else _not_found(request)


def _shown(request: Request, view: PublishedView, number: int, words: str) -> Response:
    language = _language(_site(request), request)
    return _page(request, "record.html", record_values(_site(request).views, view, number, words, language))


def _not_found(request: Request, _: Exception | None = None) -> Response:
    return _page(request, "notice.html", status=404, title_key="not_found", advice_key="not_found_advice")


def _away(request: Request, failure: Exception) -> Response:
    key = "busy" if isinstance(failure, SearchBusyError) else "away"
    answer = _page(request, "notice.html", status=503, title_key=key, advice_key=f"{key}_advice")
    answer.headers["Retry-After"] = str(_RETRY_SECONDS)
    return answer


def _failed(request: Request, _: Exception) -> Response:
    """Answer what nobody foresaw; this is made outside ``_secure``."""
    response = _page(request, "notice.html", status=500, title_key="away", advice_key="away_advice")
    response.headers.update(HEADERS)
    return response


def _current(request: Request) -> Site:
    """Return the site for an answer that shows what is published; raises ``SearchError`` when that was put back."""
    site = _site(request)
    site.served.require_current(site.views.closed())
    return site


def _site(request: Request) -> Site:
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
    site = _site(request)
    language = _language(site, request)

    def say(key: str, **named: str | int) -> str:
        said = WORDS[key]
        return Message(said.zh, said.en, tuple(named.items())).text(language)

    other = "en" if language == "zh" else "zh"
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    text = _templates.get_template(template).render(
        say=say,
        language=language,
        html_language="zh-Hans" if language == "zh" else "en",
        site_name=site.name.text(language),
        switch="?" + urlencode([*kept, ("lang", other)]),
        record_path=record_path,
        fonds_path=fonds_path,
        holder_name=lambda one: one[1] if language == "zh" or not one[2] else one[2],
        name_of=lambda view: (
            view.repository_name if language == "zh" or not view.repository_name_en else view.repository_name_en
        ),
        date_of=lambda view: view.dated.text(language),
        page_name=lambda n, label: parse_label(label).shown.text(language) if label else say("page", n=n),
        **told,
        **values,
    )
    return HTMLResponse(text, status_code=status, headers={"Vary": "Cookie, Accept-Language"})


def _language(site: Site, request: Request) -> Language:
    for chosen in (request.query_params.get("lang"), request.cookies.get(_COOKIE)):
        if chosen in ("zh", "en"):
            return "zh" if chosen == "zh" else "en"
    for wanted in re.split(r"[,;]", request.headers.get("accept-language", "")):
        if wanted.strip()[:2] in ("zh", "en"):
            return "zh" if wanted.strip()[:2] == "zh" else "en"
    return site.default_language


_templates = Environment(
    loader=PackageLoader("search.doors.portal", "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
