"""Counts of what is published: by fonds, by series and year within one, by day of opening; nothing else is counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from archives.units.unit import Level
from search.published.lists.sql import IS_RECORD, IS_SHOWN, ON_TOP
from search.published.views import PublishedViews

_VOLUMES = f"total(level = '{Level.FILE}' AND {IS_RECORD})"
_ITEMS = f"total(level != '{Level.FILE}' AND {IS_RECORD})"
_WITH_DESCRIPTIONS = f"{_VOLUMES}, {_ITEMS}, total(level = '{Level.FONDS}'), total(level = '{Level.SERIES}')"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many volumes (案卷) are open, and how many items (件), those within volumes too.

    ``fonds`` and ``series`` are how many of their descriptions are, where these are listed beside records, and no records.
    """

    volumes: int = 0
    items: int = 0
    fonds: int = 0
    series: int = 0

    @property
    def all(self) -> int:
        """How many records that is."""
        return self.volumes + self.items

    @property
    def lines(self) -> int:
        """How many lines a list of all that has."""
        return self.all + self.fonds + self.series

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.volumes + other.volumes, self.items + other.items, self.fonds + other.fonds, self.series + other.series
        )


@dataclass(frozen=True, slots=True)
class Group:
    """What is open of one series of a fonds in one year (0: none is said); ``on_top`` counts lines that are in no volume."""

    series: str
    year: int
    counts: Counts
    on_top: int


def fonds_of(views: PublishedViews, repository: str, *, offset: int, limit: int) -> list[tuple[str, Counts]]:
    """Return the numbers of the fonds of a repository of which something is open, each with how much is."""
    rows = views.ask(
        f"SELECT fonds, {_VOLUMES}, {_ITEMS} FROM line WHERE repository = :repository AND {IS_SHOWN}"
        " GROUP BY fonds ORDER BY fonds LIMIT :limit OFFSET :offset",
        repository=repository,
        limit=limit,
        offset=offset,
    )
    return [(str(number), Counts(int(volumes), int(items))) for number, volumes, items in rows]


def number_of_fonds(views: PublishedViews, repository: str) -> int:
    """Return of how many fonds something is open."""
    shown = f"repository = :repository AND {IS_SHOWN}"
    return int(views.ask(f"SELECT count(DISTINCT fonds) FROM line WHERE {shown}", repository=repository)[0][0])


def of_repository(views: PublishedViews, repository: str) -> Counts:
    """Return how much of a repository is open."""
    shown = f"repository = :repository AND {IS_SHOWN}"
    rows = views.ask(f"SELECT {_VOLUMES}, {_ITEMS} FROM line WHERE {shown}", repository=repository)
    return Counts(int(rows[0][0]), int(rows[0][1]))


def by_repository(views: PublishedViews) -> dict[str, tuple[Counts, int]]:
    """Return how much of each repository is open, and of how many fonds."""
    rows = views.ask(
        f"SELECT repository, {_VOLUMES}, {_ITEMS}, count(DISTINCT fonds) FROM line WHERE {IS_SHOWN} GROUP BY repository"
    )
    return {str(code): (Counts(int(volumes), int(items)), int(fonds)) for code, volumes, items, fonds in rows}


def groups_of(views: PublishedViews, repository: str, fonds: str) -> list[Group]:
    """Return what is open of a fonds by series and year, in the order of these."""
    rows = views.ask(
        f"SELECT series, year, {_VOLUMES}, {_ITEMS}, total({ON_TOP}) FROM line"
        f" WHERE repository = :repository AND fonds = :fonds AND {IS_SHOWN} AND {IS_RECORD} GROUP BY series, year",
        repository=repository,
        fonds=fonds,
    )
    return [Group(str(s), int(y), Counts(int(volumes), int(items)), int(top)) for s, y, volumes, items, top in rows]


def below(views: PublishedViews, volumes: Iterable[str]) -> dict[str, int]:
    """Return how many items of volumes are open, by the identifiers of those that have any."""
    asked = {f"v{n}": volume for n, volume in enumerate(volumes)}
    if not asked:
        return {}
    named = ", ".join(f":{name}" for name in asked)
    rows = views.ask(
        f"SELECT within, count(*) FROM line WHERE within != '' AND within IN ({named}) AND {IS_SHOWN} GROUP BY within",
        **asked,
    )
    return {str(volume): int(number) for volume, number in rows}


def openings(views: PublishedViews, repository: str, *, offset: int, limit: int) -> list[tuple[date, Counts]]:
    """Return the days on which something of a repository was opened that is open now, the newest first, with how much."""
    rows = views.ask(
        f"SELECT opened, {_WITH_DESCRIPTIONS} FROM line"
        f" WHERE repository = :repository AND opened != '' AND {IS_SHOWN}"
        " GROUP BY opened ORDER BY opened DESC LIMIT :limit OFFSET :offset",
        repository=repository,
        limit=limit,
        offset=offset,
    )
    return [(date.fromisoformat(str(day)), Counts(*map(int, numbers))) for day, *numbers in rows]


def number_of_openings(views: PublishedViews, repository: str) -> int:
    """Return how many such days there are."""
    shown = f"repository = :repository AND opened != '' AND {IS_SHOWN}"
    return int(views.ask(f"SELECT count(DISTINCT opened) FROM line WHERE {shown}", repository=repository)[0][0])


def number_opened(views: PublishedViews, repository: str, day: date) -> int:
    """Return how many views there are of what was opened on a day."""
    shown = f"repository = :repository AND opened = :day AND {IS_SHOWN}"
    rows = views.ask(f"SELECT count(*) FROM line WHERE {shown}", repository=repository, day=day.isoformat())
    return int(rows[0][0])


def opened_on(views: PublishedViews, repository: str, day: date) -> Counts:
    """Return how much was opened on a day that is open now."""
    rows = views.ask(
        f"SELECT {_WITH_DESCRIPTIONS} FROM line WHERE repository = :repository AND opened = :day AND {IS_SHOWN}",
        repository=repository,
        day=day.isoformat(),
    )
    return Counts(*map(int, rows[0]))


def number_of_all(views: PublishedViews) -> int:
    """Return how many views are shown."""
    return int(views.ask(f"SELECT count(*) FROM line WHERE {IS_SHOWN}")[0][0])
