"""What the JSON interface tells of lists: fonds of a repository, what is open of one, catalogues of openings."""

import datetime

from pydantic import Field

from search.doors.api.shapes import Fonds, Repository, Shape


class Counted(Shape):
    """How many volumes (案卷) are open, and how many items (件), those within volumes too."""

    volumes: int = Field(ge=0)
    items: int = Field(ge=0)


class RepositoryTold(Shape):
    """A repository: of how many fonds something is open, and how much that is."""

    repository: Repository
    fonds: int = Field(ge=0)
    counts: Counted
    url: str


class FondsCounted(Fonds):
    """A fonds with how much of it is open; ``record`` is the ``id`` of its own description, where that was opened."""

    counts: Counted
    record: str | None
    url: str


class Paged(Shape):
    """A page of a list of so many lines in all."""

    total: int = Field(ge=0)
    page: int = Field(ge=1)
    pages: int = Field(ge=1)


class FondsOfRepository(Paged):
    """The fonds of a repository of which something is open, by their numbers."""

    repository: Repository
    fonds: list[FondsCounted]


class Line(Shape):
    """A record in a list; ``items`` counts the open items of a volume, ``year`` is null where none is said."""

    id: str
    archival_code: str
    title: str
    author: str
    date: str
    year: int | None
    level: str
    is_full_text: bool
    opened: datetime.date | None
    items: int = Field(ge=0)
    repository: str
    fonds: str
    url: str


class FondsName(Shape):
    """A name that a fonds had, that of its creator, and from when to when they held, as written."""

    name: str
    creator: str
    first: str
    last: str


class Series(Shape):
    """A series of a fonds as it is called within it; ``name`` is the title of its own description, where that was opened."""

    value: str
    name: str
    counts: Counted


class Year(Shape):
    """A year of which something is open, one of the series where it was narrowed to one."""

    value: int
    counts: Counted


class FondsTold(Paged):
    """A fonds, and a page of what is open of it: its volumes and what stands in none, or the items of a volume.

    ``chosen`` counts what was narrowed to; of more than a thousand series or years the first are told.
    """

    repository: Repository
    fonds: FondsCounted
    names: list[FondsName]
    introduction: list[str]
    series: list[Series]
    years: list[Year]
    volume: str | None
    chosen: Counted
    records: list[Line]


class Opening(Shape):
    """A day on which something was opened that is open now; ``sheets`` are the paths of its catalogue as workbooks."""

    day: datetime.date
    counts: Counted
    url: str
    sheets: list[str]


class Openings(Paged):
    """The days of opening of a repository, the newest first."""

    repository: Repository
    openings: list[Opening]


class OpeningTold(Paged):
    """The catalogue of what was opened on a day and is open now, by the codes."""

    repository: Repository
    day: datetime.date
    sheets: list[str]
    records: list[Line]


class Recent(Paged):
    """What was opened last, the newest first, a thousand at the most; items that were opened with their volume stand in it."""

    records: list[Line]
