"""The JSON interface: what the pages of the site show, for programs; described at ``openapi.json`` beside it.

It answers from the same views and the same index as the pages do, by the same rules: a record that is closed and one that
never was get the same answer. Within ``/api/v1`` fields are added and never renamed or taken away.
"""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.routing import Mount

from archives.errors import SearchBusyError, SearchError
from archives.message import Message, message
from archives.record.rights import OnlineScope
from search.doors.api.browsing import add_browsing
from search.doors.api.shapes import (
    Count,
    Download,
    Fonds,
    Heading,
    Kept,
    Page,
    Place,
    Problem,
    Record,
    Repositories,
    Repository,
    RepositoryCounted,
    Result,
    Results,
)
from search.doors.portal.app import RETRY_SECONDS, SEARCH_SECONDS, Site, current, site_of
from search.doors.portal.downloads.offered import Offered, is_offered, of_page, of_record, recording_path
from search.doors.portal.record.address import proof_path, record_path
from search.doors.portal.results_page import asked_for, names_of
from search.index.answer import Answer, Found, Hit
from search.index.query import LONGEST_QUERY, TEXTS, WITH_TEXT, Facet, Order
from search.published.lists.pages import volume_of
from search.published.proved.record_proof import has_proof
from search.published.view import PublishedView, as_published
from search.published.views import PublishedViews

PREFIX = "/api/v1"
_MOST_AT_ONCE = 100
_MOST_COUNTS = 100
_LAST_PAGE = 1_000_000
_TEXT = f"^({'|'.join((WITH_TEXT, *TEXTS))})?$"
_TEXT_TOLD = (
    "Whether any page has text, and how it came about: recognised by machine, or extracted from the file itself"
)
_NOT_FOUND = message("没有这份档案", "there is no such record")
_NOT_UNDERSTOOD = message("参数有误：{names}", "these parameters cannot be: {names}")
_AWAY = message("检索暂时不可用", "search is away for the moment")
_BUSY = message("检索太忙", "search is busy")
_PROBLEMS: dict[int | str, dict[str, object]] = {
    404: {"model": Problem, "description": "There is no such record, or it is not open"},
    422: {"model": Problem, "description": "A parameter cannot be what it is"},
    503: {"model": Problem, "description": "Search is busy or away; Retry-After says when to ask again"},
}
Narrowing = Annotated[str, Query(max_length=LONGEST_QUERY)]


def add_api(app: FastAPI) -> FastAPI:
    """Let a site answer programs too, and return it."""
    site: Site = app.state.site
    api = FastAPI(title=site.name.en, version="1", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    api.state.site = site
    for path, answer, told, summary in (
        ("/repositories", _repositories, Repositories, "Repositories"),
        ("/search", _search, Results, "Search"),
        ("/records/{id}", _record, Record, "A record"),
    ):
        api.add_api_route(path, answer, summary=summary, response_model=told, methods=["GET"], responses=_PROBLEMS)
    add_browsing(api, _PROBLEMS)
    api.add_exception_handler(RequestValidationError, _not_understood)
    api.add_exception_handler(404, _missing)
    api.add_exception_handler(SearchError, _away)
    below = Mount(PREFIX, api)
    below.path_regex = re.compile(
        below.path_regex.pattern, re.DOTALL
    )  # a path may hold a line's end, and is told so in JSON
    app.router.routes.append(below)
    return app


def _repositories(request: Request) -> Repositories:
    """List the repositories of which something is public."""
    counted = current(request).views.repositories()
    return Repositories(
        repositories=[RepositoryCounted(code=code, name=zh, name_en=en, records=n) for code, zh, en, n in counted]
    )


async def _search(
    request: Request,
    q: Annotated[str, Query(max_length=LONGEST_QUERY, description="Words that must all stand in a record")] = "",
    repository: Narrowing = "",
    fonds: Annotated[str, Query(max_length=LONGEST_QUERY, description="Repository and number: 990001/Z109")] = "",
    genre: Annotated[str, Query(max_length=LONGEST_QUERY, description="门类代码 (DA/T 13)")] = "",
    year: Annotated[str, Query(pattern=r"^([0-9]{1,4}(-[0-9]{1,4})?)?$", description="1986 or 1986-1990")] = "",
    text: Annotated[str, Query(pattern=_TEXT, description=_TEXT_TOLD)] = "",
    title: Narrowing = "",
    author: Narrowing = "",
    document_number: Narrowing = "",
    of_fonds: Narrowing = "",
    order: Order = Order.OURS,
    page: Annotated[int, Query(ge=1, le=_LAST_PAGE)] = 1,
    limit: Annotated[int, Query(ge=1, le=_MOST_AT_ONCE)] = 20,
) -> Results:
    """Search for records: one result a record, with the pages below it in which words stand."""
    asked = asked_for(request.query_params)
    site = site_of(request)

    def found() -> Results:
        views = current(request).views
        query = replace(asked.query(views.hidden()), ends_at=time.monotonic() + SEARCH_SECONDS)
        answer = site.index.search(query, offset=(page - 1) * limit, limit=limit)
        shown = views.of(one.record.package_id for one in answer.found)
        told = _results(views, as_published(answer, shown), shown, (q, page, limit))
        return told.model_copy(update={"left_out": [term.said for term in query.left_out]})

    return await site.places.run(found)


def _record(request: Request, id: Annotated[str, Path(max_length=LONGEST_QUERY)]) -> Record | Response:  # noqa: A002
    """Tell everything that is public of a record."""
    views = current(request).views
    view = views.get_by_id(id)
    if view is None:
        return _missing(request)
    items = [one.view_id for unit in views.items_of(id) if (one := views.get_by_id(unit))]
    return Record(
        **_heading(view).model_dump(),
        elements={key: value for key, value in view.elements.items() if value is not None},
        state=view.state,
        pages=[
            Page(
                number=page.number,
                label=page.label,
                text=page.text,
                image=_image(view, page.image),
                image_sha256=page.sha256,
                recording=recording_path(view, page) or None,
            )
            for page in view.pages
        ],
        volume=volume.view_id if (volume := volume_of(views, view)) else None,
        items=items,
        kept=Kept.model_validate(asdict(view.kept)) if view.kept else None,
        proof=proof_path(view) if has_proof(views, view) else None,
        downloads=[_download(one) for one in _offered(request, view)],
    )


def _offered(request: Request, view: PublishedView) -> Iterator[Offered]:
    """Yield the files of a record and of each of its pages that may be taken away."""
    if is_offered(view, site_of(request).words.may_download):
        yield from of_record(view)
        for page in view.pages:
            yield from of_page(view, page)


def _download(one: Offered) -> Download:
    return Download(
        kind=one.kind,
        media_type=one.media_type,
        url=one.href,
        size_bytes=one.size_bytes or None,
        first_page=one.first.number if one.first else None,
        last_page=one.last.number if one.last else None,
    )


def _results(
    views: PublishedViews, answer: Answer, shown: Mapping[str, PublishedView], asked: tuple[str, int, int]
) -> Results:
    words, page, limit = asked
    return Results(
        total=answer.total,
        page=page,
        pages=max(1, -(-answer.total // limit)),
        results=[_result(shown[one.record.package_id], one, words) for one in answer.found],
        counts={facet: _counts(views, facet, answer) for facet in Facet},
    )


def _counts(views: PublishedViews, facet: Facet, answer: Answer) -> list[Count]:
    """Return the values that have a name: of a repository or a fonds of which nothing is public none is told."""
    counted = answer.counts.get(facet, ())[:_MOST_COUNTS]
    names = names_of(views, facet, [value for value, _ in counted], "zh")
    return [Count(value=value, name=names[value], records=records) for value, records in counted if value in names]


def _result(view: PublishedView, found: Found, words: str) -> Result:
    return Result(
        record=_heading(view), places=[_place(view, hit, words) for hit in found.hits], places_total=found.places
    )


def _place(view: PublishedView, hit: Hit, words: str) -> Place:
    page = next(page for page in view.pages if page.number == hit.place.page)
    return Place(
        page=page.number,
        label=page.label,
        text=hit.place.text,
        marks=list(hit.marks),
        url=record_path(view, page=page.number, words=words),
    )


def _heading(view: PublishedView) -> Heading:
    return Heading(
        id=view.view_id,
        archival_code=view.said("archival_code"),
        title=view.said("title"),
        date=view.said("date"),
        repository=Repository(code=view.repository, name=view.repository_name, name_en=view.repository_name_en),
        fonds=Fonds(number=view.fonds_number, name=view.fonds_name),
        is_full_text=view.scope is OnlineScope.FULL_TEXT,
        url=record_path(view),
    )


def _image(view: PublishedView, name: str | None) -> str | None:
    return f"/images/{quote(view.view_id)}/{quote(name)}" if name else None


def _missing(request: Request, _: Exception | None = None) -> Response:
    return _problem(404, _NOT_FOUND)


def _not_understood(request: Request, failure: Exception) -> Response:
    wrong = failure.errors() if isinstance(failure, RequestValidationError) else []
    names = ", ".join(sorted({str(one["loc"][-1]) for one in wrong}))
    return _problem(422, replace(_NOT_UNDERSTOOD, values=(("names", names),)))


def _away(request: Request, failure: Exception) -> Response:
    answer = _problem(503, _BUSY if isinstance(failure, SearchBusyError) else _AWAY)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _problem(status: int, said: Message) -> Response:
    return JSONResponse(Problem(zh=said.text("zh"), en=said.text("en")).model_dump(), status_code=status)
