"""Leafing through what is open, for programs: the same lists as the pages have, a hundred lines at a time."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import FastAPI, HTTPException, Path, Query, Request

from archives.record.identifiers import archival_code_key
from archives.record.rights import OnlineScope
from search.doors.api import browsed
from search.doors.api.browsed import (
    Counted,
    FondsCounted,
    FondsName,
    FondsOfRepository,
    Line,
    Opening,
    Openings,
    OpeningTold,
    Recent,
    RepositoryTold,
    Series,
    Year,
)
from search.doors.api.shapes import Repository
from search.doors.portal.app import current
from search.doors.portal.browsing.fonds_page import (
    AT_ONCE,
    Asked,
    Fonds,
    Row,
    fonds_counted,
    fonds_path,
    fonds_told,
    holder_of,
    last_page,
    rows_of,
)
from search.doors.portal.browsing.openings_page import LINES_A_SHEET, openings_path
from search.doors.portal.record.address import record_path
from search.index.query import LONGEST_QUERY
from search.published.lists import counts, pages
from search.published.lists.counts import Counts
from search.published.views import PublishedViews

_LAST_PAGE = 1_000_000
_MOST_CHOICES = 1_000
Code = Annotated[str, Path(max_length=LONGEST_QUERY, description="The code of a repository: 990001")]
Page = Annotated[int, Query(ge=1, le=_LAST_PAGE, description=f"{AT_ONCE} lines a page")]
Narrowing = Annotated[str, Query(max_length=LONGEST_QUERY)]


def add_browsing(api: FastAPI, problems: dict[int | str, dict[str, object]]) -> None:
    """Let the interface answer for lists; ``problems`` describe what is answered where there is none."""
    for path, answer, told, summary in (
        ("/recent", _recent, Recent, "What was opened last"),
        ("/repositories/{code}", _repository, RepositoryTold, "A repository"),
        ("/repositories/{code}/fonds", _fonds_list, FondsOfRepository, "The fonds of a repository"),
        ("/repositories/{code}/fonds/{number:path}", _fonds, browsed.FondsTold, "What is open of a fonds"),
        ("/repositories/{code}/openings", _openings, Openings, "The days of opening of a repository"),
        ("/repositories/{code}/openings/{day}", _opening, OpeningTold, "The catalogue of a day of opening"),
    ):
        api.add_api_route(path, answer, summary=summary, response_model=told, methods=["GET"], responses=problems)


def _recent(request: Request, page: Page = 1) -> Recent:
    """List what was opened last."""
    views = current(request).views
    total = pages.number_of_recent(views)
    last = _last(total, page)
    found = pages.recent(views, offset=(page - 1) * AT_ONCE, limit=AT_ONCE)
    return Recent(total=total, page=page, pages=last, records=_lines(rows_of(views, found)))


def _repository(request: Request, code: Code) -> RepositoryTold:
    """Tell how much of a repository is open."""
    views = current(request).views
    return RepositoryTold(
        repository=_holder(views, code),
        fonds=counts.number_of_fonds(views, code),
        counts=_counted(counts.of_repository(views, code)),
        url=fonds_path(code),
    )


def _fonds_list(request: Request, code: Code, page: Page = 1) -> FondsOfRepository:
    """List the fonds of which something is open."""
    views = current(request).views
    holder, total = _holder(views, code), counts.number_of_fonds(views, code)
    last = _last(total, page)
    listed = counts.fonds_of(views, code, offset=(page - 1) * AT_ONCE, limit=AT_ONCE)
    return FondsOfRepository(
        total=total,
        page=page,
        pages=last,
        repository=holder,
        fonds=[_fonds_told(code, fonds_counted(views, code, number, counted)) for number, counted in listed],
    )


def _fonds(
    request: Request,
    code: Code,
    number: Annotated[str, Path(max_length=LONGEST_QUERY, description="The number of a fonds: Z109")],
    series: Annotated[str, Query(max_length=LONGEST_QUERY, description="One of its series: WS·2014")] = "",
    year: Annotated[str, Query(pattern=r"^([1-9][0-9]{0,3})?$", description="One of its years: 1986")] = "",
    volume: Annotated[str, Query(max_length=LONGEST_QUERY, description="A volume, by its code: its items")] = "",
    page: Page = 1,
) -> browsed.FondsTold:
    """Tell what is open of a fonds, narrowed to a series, a year or a volume."""
    views = current(request).views
    told = fonds_told(views, code, archival_code_key(number), Asked(series, year, volume, page))
    if told is None:
        raise HTTPException(404)
    return browsed.FondsTold(
        total=told.in_all,
        page=page,
        pages=last_page(told.in_all),
        repository=_holder(views, code),
        fonds=_fonds_told(code, told.fonds),
        names=[FondsName(**asdict(one)) for one in told.names],
        introduction=told.introduction,
        series=[
            Series(value=one.value, name=one.name, counts=_counted(one.counts))
            for one in told.all_series[:_MOST_CHOICES]
        ],
        years=[Year(value=int(one.value), counts=_counted(one.counts)) for one in told.years[:_MOST_CHOICES]],
        volume=told.volume.view_id if told.volume else None,
        chosen=_counted(told.chosen),
        records=_lines(told.rows),
    )


def _openings(request: Request, code: Code, page: Page = 1) -> Openings:
    """List the days on which something of a repository was opened that is open now."""
    views = current(request).views
    holder, total = _holder(views, code), counts.number_of_openings(views, code)
    last = _last(total, page)
    listed = counts.openings(views, code, offset=(page - 1) * AT_ONCE, limit=AT_ONCE)
    openings = [
        Opening(day=day, counts=_counted(one), url=openings_path(code, day), sheets=_sheets(code, day, one.lines))
        for day, one in listed
    ]
    return Openings(total=total, page=page, pages=last, repository=holder, openings=openings)


def _opening(
    request: Request,
    code: Code,
    day: Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="2021-09-01")],
    page: Page = 1,
) -> OpeningTold:
    """Tell the catalogue of a day of opening."""
    views = current(request).views
    opened = _day(day)
    total = counts.number_opened(views, code, opened)
    last = _last(total, page)
    if not total:
        raise HTTPException(404)
    found = pages.opened_on_day(views, code, opened, offset=(page - 1) * AT_ONCE, limit=AT_ONCE)
    return OpeningTold(
        total=total,
        page=page,
        pages=last,
        repository=_holder(views, code),
        day=opened,
        sheets=_sheets(code, opened, total),
        records=_lines(rows_of(views, found)),
    )


def _holder(views: PublishedViews, code: str) -> Repository:
    """Return a repository of which something is open; raises ``HTTPException`` for any other."""
    found = holder_of(views, code)
    if found is None:
        raise HTTPException(404)
    return Repository(code=found[0], name=found[1], name_en=found[2])


def _last(total: int, page: int) -> int:
    """Return the number of pages; raises ``HTTPException`` for one behind the last."""
    last = last_page(total)
    if page > last:
        raise HTTPException(404)
    return last


def _fonds_told(code: str, one: Fonds) -> FondsCounted:
    return FondsCounted(
        number=one.number,
        name=one.name,
        counts=_counted(one.counts),
        record=one.own.view_id if one.own else None,
        url=fonds_path(code, one.number),
    )


def _counted(one: Counts) -> Counted:
    return Counted(volumes=one.volumes, items=one.items)


def _lines(rows: Sequence[Row]) -> list[Line]:
    return [
        Line(
            id=row.line.view_id,
            archival_code=row.line.archival_code,
            title=row.line.title,
            author=row.line.author,
            date=row.line.date,
            year=row.line.year or None,
            level=row.line.level,
            is_full_text=row.line.scope is OnlineScope.FULL_TEXT,
            opened=row.line.opened,
            items=row.items,
            repository=row.line.repository,
            fonds=row.line.fonds,
            url=record_path(row.line),
        )
        for row in rows
    ]


def _sheets(code: str, day: date, records: int) -> list[str]:
    return [openings_path(code, day, sheet=one + 1) for one in range(-(-records // LINES_A_SHEET))]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HTTPException(404) from None
