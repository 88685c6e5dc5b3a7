"""The answers of the JSON interface, as OpenAPI describes them: names are ``Element.public_key`` and those of the site."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from search.index.query import Facet


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class Repository(_Shape):
    """An archive (馆) or records room (室) of which something is public; ``name_en`` may be empty."""

    code: str
    name: str
    name_en: str = ""


class RepositoryCounted(Repository):
    """A repository with how many of its records are public."""

    records: int = Field(ge=0)


class Repositories(_Shape):
    """All of them, by their codes."""

    repositories: list[RepositoryCounted]


class Fonds(_Shape):
    """The fonds that a record belongs to."""

    number: str
    name: str


class Heading(_Shape):
    """What tells a record from others; ``id`` never changes, ``url`` is the path of its page on this site.

    ``date`` is as it was written in the catalogue, ``is_full_text`` false where only the description is online (仅目录).
    """

    id: str
    archival_code: str
    title: str
    date: str
    repository: Repository
    fonds: Fonds
    is_full_text: bool
    url: str


class Place(_Shape):
    """A page in which words stand: ``marks`` are half-open offsets in code points into ``text``, the whole page's."""

    page: int = Field(ge=1)
    label: str
    text: str
    marks: list[tuple[int, int]]
    url: str


class Result(_Shape):
    """A record that was found, the first pages in which words stand, and in how many pages they do."""

    record: Heading
    places: list[Place]
    places_total: int = Field(ge=0)


class Count(_Shape):
    """How many of the records have a value; ``name`` is what it is called, in Chinese."""

    value: str
    name: str
    records: int = Field(ge=1)


class Results(_Shape):
    """One page of the records that were found, and how many there are by what can narrow the search.

    A record is counted under a facet when it fits all that narrows by others; of more than a hundred values the first are told.
    """

    total: int = Field(ge=0)
    page: int = Field(ge=1)
    pages: int = Field(ge=1)
    results: list[Result]
    counts: dict[Facet, list[Count]]


class Master(_Shape):
    """A file as it came, all of whose pages are public: the first and the last of them, its SHA-256."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)
    sha256: str


class Kept(_Shape):
    """How a record was kept on the day ``as_of``, when it was published.

    Its newest version was stored on ``stored_on``; so many ``copies`` had been read whole and found as stored, each last
    on ``verified_on`` or later.
    """

    stored_on: date
    as_of: date
    copies: int = Field(ge=0)
    verified_on: date | None
    masters: list[Master]


class Page(_Shape):
    """A page of a record; ``image`` is the path of its picture on this site, ``image_sha256`` its digest."""

    number: int = Field(ge=1)
    label: str
    text: str
    image: str | None
    image_sha256: str = ""


class Record(Heading):
    """A record with everything that is public of it.

    ``elements`` are those of the description, as they were written; ``state`` what became of an original that is no
    longer held; ``volume`` and ``items`` name records by their ``id``; ``kept`` is absent where nothing was said of that.
    """

    elements: dict[str, str | int]
    state: str
    pages: list[Page]
    volume: str | None
    items: list[str]
    kept: Kept | None = None


class Problem(_Shape):
    """Why there is no answer, in both languages."""

    zh: str
    en: str
