"""Pages of lists: the identifiers of the views that stand on one, in their order."""

import json
from collections.abc import Iterable
from datetime import date

from archives.units.unit import Level
from search.published.lists.line import Line, line_of
from search.published.lists.sql import IS_RECORD, IS_SHOWN, ON_TOP
from search.published.view import PublishedView
from search.published.views import PublishedViews

MOST_RECENT = 1_000
_MOST_SERIES = 1_000
_WITH_ITS_VOLUME = (
    "EXISTS (SELECT 1 FROM line AS volume WHERE volume.view_id = line.within AND volume.opened = line.opened)"
)
_IS_NEWS = f"{IS_SHOWN} AND {IS_RECORD} AND opened != '' AND ({ON_TOP} OR NOT {_WITH_ITS_VOLUME})"


def on_shelf(
    views: PublishedViews, repository: str, fonds: str, *, series: str, year: int | None, offset: int, limit: int
) -> list[str]:
    """Return volumes and what stands in none, of a fonds or one of its series or years, in the order of their codes."""
    chosen = f"{'AND series = :series' if series else ''} {'AND year = :year' if year is not None else ''}"
    rows = views.ask(
        f"SELECT view_id FROM line WHERE repository = :repository AND fonds = :fonds {chosen}"
        f" AND {IS_SHOWN} AND {IS_RECORD} AND {ON_TOP} ORDER BY code_order, view_id LIMIT :limit OFFSET :offset",
        repository=repository,
        fonds=fonds,
        series=series,
        year=year or 0,
        offset=offset,
        limit=limit,
    )
    return [str(row[0]) for row in rows]


def in_volume(views: PublishedViews, volume: str, *, offset: int, limit: int) -> list[str]:
    """Return the open items of a volume, in the order of their codes."""
    rows = views.ask(
        f"SELECT view_id FROM line WHERE within != '' AND within = :volume AND {IS_SHOWN}"
        " ORDER BY code_order, view_id LIMIT :limit OFFSET :offset",
        volume=volume,
        offset=offset,
        limit=limit,
    )
    return [str(row[0]) for row in rows]


def volume_of(views: PublishedViews, view: PublishedView) -> PublishedView | None:
    """Return the volume in which a view stands in lists, None where it stands in none or nothing of the volume is shown."""
    if view.volume:
        return views.get_by_id(view.volume)
    above = line_of(view).above
    volume = views.get(view.repository, above) if above else None
    return volume if volume and volume.level == Level.FILE else None


def described_series(views: PublishedViews, repository: str, fonds: str) -> tuple[Line, ...]:
    """Return the series of a fonds that were opened themselves."""
    rows = views.ask(
        f"SELECT view_id FROM line WHERE repository = :repository AND fonds = :fonds AND level = '{Level.SERIES}'"
        f" AND {IS_SHOWN} ORDER BY code_order LIMIT {_MOST_SERIES}",
        repository=repository,
        fonds=fonds,
    )
    return views.lines([str(row[0]) for row in rows])


def has_series(views: PublishedViews, repository: str, fonds: str, series: str) -> bool:
    """Say whether any record of a series is open."""
    rows = views.ask(
        "SELECT 1 FROM line WHERE repository = :repository AND fonds = :fonds AND series = :series"
        f" AND {IS_SHOWN} AND {IS_RECORD} LIMIT 1",
        repository=repository,
        fonds=fonds,
        series=series,
    )
    return bool(rows)


def fonds_names(views: PublishedViews, fonds: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return what fonds are called, by repository and number: by themselves, else by the last of their records.

    A fonds of which nothing is public has no name.
    """
    of_fonds = "repository = asked.value ->> 0 AND fonds = asked.value ->> 1"
    rows = views.ask(
        f"SELECT (SELECT view_id FROM line WHERE {of_fonds} AND code_key = fonds AND {IS_SHOWN}),"
        f" (SELECT view_id FROM line WHERE {of_fonds} AND {IS_SHOWN} ORDER BY code_order DESC, view_id LIMIT 1)"
        " FROM json_each(:asked) AS asked",
        asked=json.dumps(list(fonds)),
    )
    lines = views.lines([str(one) for row in rows for one in reversed(row) if one])
    return {(one.repository, one.fonds): one.title if one.code_key == one.fonds else one.fonds_name for one in lines}


def recent(views: PublishedViews, *, offset: int, limit: int) -> list[str]:
    """Return what was opened last, the newest first; items that were opened with their volume stand in it.

    The day is that of the decision about what is open: no decision about anything else moves it.
    """
    rows = views.ask(
        f"SELECT view_id FROM line WHERE {_IS_NEWS} ORDER BY opened DESC, repository, code_order, view_id"
        " LIMIT :limit OFFSET :offset",
        offset=offset,
        limit=limit,
    )
    return [str(row[0]) for row in rows]


def number_of_recent(views: PublishedViews) -> int:
    """Return how many of these there are, ``MOST_RECENT`` at the most."""
    rows = views.ask(f"SELECT count(*) FROM (SELECT 1 FROM line WHERE {_IS_NEWS} LIMIT {MOST_RECENT})")
    return int(rows[0][0])


def opened_on_day(views: PublishedViews, repository: str, day: date, *, offset: int, limit: int) -> list[str]:
    """Return what of a repository was opened on a day and is open now, in the order of the codes."""
    rows = views.ask(
        f"SELECT view_id FROM line WHERE repository = :repository AND opened = :day AND {IS_SHOWN}"
        " ORDER BY code_order, view_id LIMIT :limit OFFSET :offset",
        repository=repository,
        day=day.isoformat(),
        offset=offset,
        limit=limit,
    )
    return [str(row[0]) for row in rows]


def in_order_of_opening(views: PublishedViews, *, offset: int, limit: int) -> list[str]:
    """Return all views, those opened first before others: what opens later moves none of them."""
    rows = views.ask(
        f"SELECT view_id FROM line WHERE {IS_SHOWN} ORDER BY opened, repository DESC, code_order DESC, view_id DESC"
        " LIMIT :limit OFFSET :offset",
        offset=offset,
        limit=limit,
    )
    return [str(row[0]) for row in rows]
