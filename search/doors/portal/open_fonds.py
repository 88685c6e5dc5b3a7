"""The fonds of which something is public: their numbers, their series, how much of each is open, page by page.

Nothing is known here but what is published: a fonds of which nothing is open is not there, and what is not open is not
counted. What a fonds is called it says itself where its own description was opened, else its records say it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from archives.record.identifiers import SEPARATORS, reference_code
from archives.units.by_rule import series_number, series_of
from search.published.view import PublishedView
from search.published.views import PublishedViews

AT_ONCE = 100
_OF = "json_extract(value, '$.fonds_number')"
_AFTER_ANY = chr(0x10FFFF)
_RECORDS = f"repository = ? AND {_OF} = ? AND code_key != {_OF}"


@dataclass(frozen=True, slots=True)
class PublishedFonds:
    """A fonds with how many of its records are open; ``own`` is its own description, where that was opened."""

    number: str
    name: str
    records: int
    own: PublishedView | None


def fonds_in(views: PublishedViews, repository: str, page: int) -> tuple[PublishedFonds, ...]:
    """Return the fonds of a repository of which something is open, a page of them (from 1)."""
    order = f"repository = ? GROUP BY {_OF} ORDER BY {_OF} LIMIT ? OFFSET ?"
    rows = views.select(_OF, order, (repository, AT_ONCE, (page - 1) * AT_ONCE))
    return tuple(one for row in rows if (one := fonds(views, repository, str(row[0]))))


def number_of_fonds(views: PublishedViews, repository: str) -> int:
    """Return how many there are."""
    return int(views.select(f"count(DISTINCT {_OF})", "repository = ?", (repository,))[0][0])


def fonds(views: PublishedViews, repository: str, number: str) -> PublishedFonds | None:
    """Return a fonds, None where nothing of it is public."""
    name = fonds_name(views, repository, number)
    if name is None:
        return None
    records = int(views.select("count(*)", _RECORDS, (repository, number))[0][0])
    return PublishedFonds(number, name, records, views.get(repository, number))


def fonds_name(views: PublishedViews, repository: str, number: str) -> str | None:
    """Return what a fonds is called, None where nothing of it is public."""
    if own := views.get(repository, number):
        return own.said("title")
    last = views.select("view_id", f"{_RECORDS} ORDER BY code_key DESC LIMIT ?", (repository, number, 1))
    newest = [one for row in last if (one := views.get_by_id(str(row[0])))]
    return newest[0].fonds_name if newest else None


def series_in(views: PublishedViews, repository: str, number: str) -> tuple[tuple[str, int], ...]:
    """Return the series of a fonds by their numbers within it, each with how many records of it are open.

    The empty number counts the records that belong to none. Only the first of each is read, and the rest counted.
    """
    counted: dict[str, int] = {}
    after = ""
    while found := views.select(
        "code_key", f"{_RECORDS} AND code_key > ? ORDER BY code_key LIMIT ?", (repository, number, after, 1)
    ):
        key = str(found[0][0])
        series = series_number(reference_code(key))
        begins = key[: len(series_of(reference_code(key))) + 1] if series else key
        after = f"{begins}{_AFTER_ANY}" if series else key
        between = f"{_RECORDS} AND code_key BETWEEN ? AND ?"
        ((count,),) = views.select("count(*)", between, (repository, number, begins, after))
        counted[series] = counted.get(series, 0) + int(count)
    return tuple(counted.items())


def records_in(
    views: PublishedViews, repository: str, number: str, *, series: str = "", page: int = 1
) -> tuple[PublishedView, ...]:
    """Return the open records of a fonds, or of one of its series, a page of them (from 1) in the order of their codes."""
    where, values = _RECORDS, [repository, number]
    if series:
        spans = [*_spans(f"{number}-{series}")]
        where += f" AND ({' OR '.join('code_key BETWEEN ? AND ?' for _ in spans)})"
        values += [end for span in spans for end in span]
    rows = views.select(
        "view_id", f"{where} ORDER BY code_key LIMIT ? OFFSET ?", (*values, AT_ONCE, (page - 1) * AT_ONCE)
    )
    return tuple(one for row in rows if (one := views.get_by_id(str(row[0]))))


def _spans(key: str) -> Iterator[tuple[str, str]]:
    return ((f"{key}{sign}", f"{key}{sign}{_AFTER_ANY}") for sign in SEPARATORS)
