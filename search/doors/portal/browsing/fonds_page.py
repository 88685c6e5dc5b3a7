"""What the pages of a repository and of a fonds tell: its names, its introduction, its series, years, volumes and items.

Every state has an address that stays: of a fonds, narrowed to a series, to a year, to a volume, and its pages of lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from urllib.parse import quote, urlencode

from archives.message import Message
from archives.record.fonds_names import FondsName, parse_names
from archives.record.genre import GENRE_CODES
from archives.record.identifiers import archival_code_key
from archives.units.unit import Level
from search.doors.portal.record.address import record_path
from search.published.lists import counts, pages
from search.published.lists.counts import Counts, Group
from search.published.lists.line import Line
from search.published.lists.online import catalogue_only
from search.published.view import PublishedView
from search.published.views import PublishedViews

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a series, a year (as written), a volume by its code, the number of the page."""

    series: str = ""
    year: str = ""
    volume: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Fonds:
    """A fonds as it is listed; ``own`` is its own description, where that was opened."""

    number: str
    name: str
    counts: Counts
    own: Line | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A series or a year that narrows: what it is called, what its own description says, how much is open."""

    value: str
    name: str
    counts: Counts

    @property
    def genre(self) -> Message | None:
        """The kind of records (门类) whose code a series begins with, where it is one of the standard's."""
        return GENRE_CODES.get(self.value.partition("·")[0])

    @property
    def part(self) -> str:
        """What stands behind the code of the kind, mostly a year."""
        return self.value.partition("·")[2]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list, with how many open items are in it, where these are listed, and whether nothing of it can be read online.

    ``page`` is the address of its own page.
    """

    line: Line
    page: str
    items: int
    href: str
    is_catalogue_only: bool


@dataclass(frozen=True, slots=True)
class FondsTold:
    """What is told of a fonds: of itself, of all that is open of it, and a page of the lines that were asked for.

    ``chosen`` counts what is narrowed to, ``in_all`` its lines that stand in no volume (of a volume, its items).
    """

    holder: tuple[str, str, str]
    fonds: Fonds
    names: tuple[FondsName, ...]
    introduction: list[str]
    all_series: list[Choice]
    years: list[Choice]
    volume: PublishedView | None
    chosen: Counts
    rows: list[Row]
    in_all: int


def fonds_path(
    repository: str, number: str = "", *, series: str = "", year: str = "", volume: str = "", page: int = 1
) -> str:
    """Return the address of the fonds of a repository, or of one of them."""
    asked = {"series": series, "year": year, "volume": volume, "page": str(page) if page > 1 else ""}
    said = {key: value for key, value in asked.items() if value}
    path = f"/fonds/{quote(repository, safe='')}" + (f"/{quote(number, safe='')}" if number else "")
    return f"{path}?{urlencode(said)}" if said else path


def page_path(views: PublishedViews, line: Line, *, words: str = "", search: str = "") -> str:
    """Return the address of the page of what a line tells of: of a fonds, and of a series with open records, where these are listed.

    The page of a record is told the ``words`` and the ``search`` that led there.
    """
    is_described = line.level in (Level.FONDS, Level.SERIES) and not line.is_online
    if is_described and line.level == Level.FONDS and line.code_key == line.fonds:
        return fonds_path(line.repository, line.fonds)
    series = line.code_key.removeprefix(f"{line.fonds}-")
    if is_described and series != line.code_key and pages.has_series(views, line.repository, line.fonds, series):
        return fonds_path(line.repository, line.fonds, series=series)
    return record_path(line, words=words, search=search)


def last_page(number: int) -> int:
    """Return how many pages so many lines take."""
    return max(1, -(-number // AT_ONCE))


def holder_of(views: PublishedViews, repository: str) -> tuple[str, str, str] | None:
    """Return the code and the names of a repository of which something is open."""
    rows = views.ask(
        "SELECT view_id FROM view WHERE repository = :repository AND view_id NOT IN"
        " (SELECT value FROM json_each(:hidden)) ORDER BY code_key LIMIT 1",
        repository=repository,
    )
    view = views.get_by_id(str(rows[0][0])) if rows else None
    return (view.repository, view.repository_name, view.repository_name_en) if view else None


def repository_values(views: PublishedViews, repository: str, page: int) -> dict[str, object] | None:
    """Return what the template of a repository's fonds is filled with; None where nothing of it is public."""
    holder = holder_of(views, repository)
    last = last_page(counts.number_of_fonds(views, repository))
    if holder is None or page > last:
        return None

    def listed() -> list[Fonds]:
        found = counts.fonds_of(views, repository, offset=(page - 1) * AT_ONCE, limit=AT_ONCE)
        return [fonds_counted(views, repository, number, counted) for number, counted in found]

    return {
        "holder": holder,
        "all_fonds": views.remembered(("fonds", repository, page), listed),
        "number": page,
        "last": last,
        "turn": lambda to: fonds_path(repository, page=to),
    }


def fonds_told(views: PublishedViews, repository: str, number: str, asked: Asked) -> FondsTold | None:
    """Return what is told of a fonds; None where nothing of it is public, or nothing so narrowed."""
    holder, groups = holder_of(views, repository), counts.groups_of(views, repository, number)
    own = views.get(repository, number)
    if holder is None or not (groups or own):
        return None
    volume = views.get(repository, archival_code_key(asked.volume)) if asked.volume else None
    is_wrong = asked.volume and (volume is None or volume.fonds_number != number or asked.series or asked.year)
    chosen = [one for one in groups if asked.series in ("", one.series) and asked.year in ("", str(one.year))]
    if is_wrong or ((asked.series or asked.year) and not chosen):
        return None
    lines = _in_volume(views, volume, asked) if volume else _on_shelf(views, repository, number, asked, chosen)
    if lines is None:
        return None
    return FondsTold(
        holder=holder,
        fonds=fonds_counted(views, repository, number, _sum(groups)),
        names=parse_names(own.said("names")) if own else (),
        introduction=_paragraphs(own),
        all_series=_series(views, repository, number, groups),
        years=_years(groups, asked.series),
        volume=volume,
        chosen=_sum(chosen),
        rows=lines[0],
        in_all=lines[1],
    )


def fonds_values(views: PublishedViews, repository: str, number: str, asked: Asked) -> dict[str, object] | None:
    """Return what the template of a fonds is filled with; None as ``fonds_told``."""
    told = fonds_told(views, repository, number, asked)
    if told is None:
        return None
    narrowed = {"series": asked.series, "year": asked.year, "volume": asked.volume}
    return {
        **{one.name: getattr(told, one.name) for one in fields(told)},
        "series_by_genre": _by_genre(told.all_series),
        "asked": asked,
        "first_row": (asked.page - 1) * AT_ONCE + 1,
        "number": asked.page,
        "last": last_page(told.in_all),
        "is_first": not any(narrowed.values()) and asked.page == 1,
        "turn": lambda to: fonds_path(repository, number, **narrowed, page=to),
        "here": fonds_path(repository, number, **narrowed, page=asked.page),
    }


def fonds_name(views: PublishedViews, repository: str, number: str) -> str | None:
    """Return what a fonds is called, None where nothing of it is public: by itself, else by the last of its records."""
    return pages.fonds_names(views, [(repository, number)]).get((repository, number))


def rows_of(views: PublishedViews, view_ids: Sequence[str]) -> list[Row]:
    """Return lines as lists show them, with how many open items there are in those that are volumes."""
    lines, below = views.lines(view_ids), counts.below(views, view_ids)
    only = catalogue_only(views, lines)
    return [
        Row(
            line,
            page_path(views, line),
            items,
            fonds_path(line.repository, line.fonds, volume=line.archival_code) if items else "",
            line.view_id in only,
        )
        for line in lines
        for items in (below.get(line.view_id, 0),)
    ]


def fonds_counted(views: PublishedViews, repository: str, number: str, counted: Counts) -> Fonds:
    """Return a fonds as it is listed."""
    return Fonds(number, fonds_name(views, repository, number) or "", counted, _own(views, repository, number))


def _own(views: PublishedViews, repository: str, number: str) -> Line | None:
    described = views.ask(
        "SELECT view_id FROM line WHERE repository = :repository AND code_key = :number AND fonds = :number"
        " AND view_id NOT IN (SELECT value FROM json_each(:hidden))",
        repository=repository,
        number=number,
    )
    return next(iter(views.lines([str(row[0]) for row in described])), None)


def _on_shelf(
    views: PublishedViews, repository: str, number: str, asked: Asked, chosen: Sequence[Group]
) -> tuple[list[Row], int] | None:
    in_all = sum(one.on_top for one in chosen)
    if asked.page > last_page(in_all):
        return None
    year = int(asked.year) if asked.year else None
    offset = (asked.page - 1) * AT_ONCE
    found = pages.on_shelf(views, repository, number, series=asked.series, year=year, offset=offset, limit=AT_ONCE)
    return rows_of(views, found), in_all


def _in_volume(views: PublishedViews, volume: PublishedView, asked: Asked) -> tuple[list[Row], int] | None:
    in_all = counts.below(views, [volume.view_id]).get(volume.view_id, 0)
    if asked.page > last_page(in_all):
        return None
    offset = (asked.page - 1) * AT_ONCE
    return rows_of(views, pages.in_volume(views, volume.view_id, offset=offset, limit=AT_ONCE)), in_all


def _series(views: PublishedViews, repository: str, number: str, groups: Sequence[Group]) -> list[Choice]:
    titles = {line.code_key: line.title for line in pages.described_series(views, repository, number)}
    counted: dict[str, Counts] = {}
    for one in groups:
        if one.series:
            counted[one.series] = counted.get(one.series, Counts()) + one.counts
    found = [Choice(one, titles.get(f"{number}-{one}", ""), number_of) for one, number_of in counted.items()]
    return sorted(
        found, key=lambda one: (not one.value.isdigit(), len(one.value) if one.value.isdigit() else 0, one.value)
    )


def _by_genre(all_series: Sequence[Choice]) -> list[tuple[Message | None, list[Choice]]]:
    """Return series under their kinds, those without one first."""
    found: dict[Message | None, list[Choice]] = {}
    for one in all_series:
        found.setdefault(one.genre, []).append(one)
    return sorted(found.items(), key=lambda of: of[0] is not None)


def _years(groups: Sequence[Group], series: str) -> list[Choice]:
    counted: dict[int, Counts] = {}
    for one in groups:
        if one.year and series in ("", one.series):
            counted[one.year] = counted.get(one.year, Counts()) + one.counts
    is_one = len({one.year for one in groups if series in ("", one.series)}) < 2
    return [] if is_one else [Choice(str(year), "", counted[year]) for year in sorted(counted)]


def _sum(groups: Sequence[Group]) -> Counts:
    return sum((one.counts for one in groups), Counts())


def _paragraphs(own: PublishedView | None) -> list[str]:
    text = own.said("history") if own else ""
    return [line for line in text.splitlines() if line.strip()]
