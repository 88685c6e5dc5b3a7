"""The answers of the JSON interface, as OpenAPI describes them: names are ``Element.public_key`` and those of the site."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from search.doors.portal.downloads.offered import Kind
from search.index.query import Facet


class Shape(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(frozen=True)


class Repository(Shape):
    """An archive (馆) or records room (室) of which something is public; ``name_en`` may be empty."""

    code: str
    name: str
    name_en: str = ""


class RepositoryCounted(Repository):
    """A repository with how many of its records are public."""

    records: int = Field(ge=0)


class Repositories(Shape):
    """All of them, by their codes."""

    repositories: list[RepositoryCounted]


class Fonds(Shape):
    """The fonds that a record belongs to."""

    number: str
    name: str


class Heading(Shape):
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


class Place(Shape):
    """A page in which words stand: ``marks`` are half-open offsets in code points into ``text``, the whole page's."""

    page: int = Field(ge=1)
    label: str
    text: str
    marks: list[tuple[int, int]]
    url: str


class Result(Shape):
    """A record that was found, the first pages in which words stand, and in how many pages they do."""

    record: Heading
    places: list[Place]
    places_total: int = Field(ge=0)


class Count(Shape):
    """How many of the records have a value; ``name`` is what it is called, in Chinese."""

    value: str
    name: str
    records: int = Field(ge=1)


class Results(Shape):
    """One page of the records that were found, and how many there are by what can narrow the search.

    A record is counted under a facet when it fits all that narrows by others; of more than a hundred values the first are told.
    By ``text`` a record is counted once: ``no`` without any, ``recognised`` where a machine read any page of it, else ``extracted``.
    ``left_out`` are words that were not looked for, because no more than eight are.
    """

    total: int = Field(ge=0)
    page: int = Field(ge=1)
    pages: int = Field(ge=1)
    results: list[Result]
    counts: dict[Facet, list[Count]]
    left_out: list[str] = []


class Master(Shape):
    """A file as it came, all of whose pages are public: the first and the last of them, its SHA-256."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)
    sha256: str


class Kept(Shape):
    """How a record was kept on the day ``as_of``, when it was published.

    Its newest version was stored on ``stored_on``; so many ``copies`` had been read whole and found as stored, each last
    on ``verified_on`` or later.
    """

    stored_on: date
    as_of: date
    copies: int = Field(ge=0)
    verified_on: date | None
    masters: list[Master]


class Page(Shape):
    """A page of a record; ``image`` is the path of its picture on this site, ``image_sha256`` its
    digest; ``recording`` is that of a recording, as it is played.
    """

    number: int = Field(ge=1)
    label: str
    text: str
    image: str | None
    image_sha256: str = ""
    recording: str | None


class Download(Shape):
    """A file that may be taken away: its path on this site, its length where it is known, which pages are in it."""

    kind: Kind
    media_type: str
    url: str
    size_bytes: int | None
    first_page: int | None
    last_page: int | None


class Record(Heading):
    """A record with everything that is public of it.

    ``elements`` are those of the description, as they were written; ``state`` what became of an original that is no
    longer held; ``volume`` and ``items`` name records by their ``id``. ``downloads`` are the files of the record and of its
    pages, none where its repository lets nobody take them away; ``kept`` is absent where nothing was said of that;
    ``proof`` is the path of a file with which the archive's signature of the record can be checked.
    """

    elements: dict[str, str | int]
    state: str
    pages: list[Page]
    volume: str | None
    items: list[str]
    downloads: list[Download]
    kept: Kept | None = None
    proof: str | None = None


class Problem(Shape):
    """Why there is no answer, in both languages."""

    zh: str
    en: str
