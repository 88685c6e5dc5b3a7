"""A person's words as a query: what must stand in a record, what narrows it, in which order, what is counted beside."""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from archives.errors import SearchBusyError
from archives.message import message
from archives.text.folding import Phrase
from search.index.document import IndexedRecord, TextOrigin
from search.index.language.named import NO_NAMES, NamedWords
from search.index.language.terms import LONGEST_QUERY as LONGEST_QUERY
from search.index.language.terms import Term, parse_terms, terms_left_out

WITHOUT_TEXT, WITH_TEXT = "no", "yes"
"""That no page has text, and what narrows to any text, however it came about: nothing is counted under that."""
TEXTS = (WITHOUT_TEXT, TextOrigin.EXTRACTED.value, TextOrigin.RECOGNISED.value)
"""Under what records are counted by their text; the embedded index keeps the place of each, so that others come behind."""
MOST_AT_ONCE = 10_000
"""How many records one search returns at the most: what a server of Elasticsearch gives at once."""


class Order(StrEnum):
    """In which order records are told; each ends with the date, the repository and the code, so that it is one for all."""

    OURS = "ours"
    DATE = "date"
    CODE = "code"


class Facet(StrEnum):
    """By what records are counted and narrowed; named as the fields of ``Narrowed`` are."""

    REPOSITORY = "repository"
    FONDS = "fonds"
    GENRE = "genre"
    YEAR = "year"
    TEXT = "text"

    def value_of(self, record: IndexedRecord) -> str:
        """Return under which value a record is counted, empty where it is counted under none."""
        match self:
            case Facet.FONDS:
                return f"{record.repository}/{record.fonds}" if record.fonds else ""
            case Facet.YEAR:
                return str(record.year or "")
            case Facet.TEXT:
                return record.text_origin or WITHOUT_TEXT
        return str(getattr(record, self.value))


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a record has to be beside having the words; empty: whatever it is.

    ``fonds`` is repository and number of the fonds (``990001/Z109``), ``year`` one (``1986``) or from one to another
    (``1986-1990``), ``text`` one of ``TEXTS``, or ``yes`` for any page with text.
    """

    repository: str = ""
    fonds: str = ""
    genre: str = ""
    year: str = ""
    text: str = ""

    def by(self) -> Iterator[tuple[Facet, str]]:
        """Yield what narrows, with its value."""
        for one in fields(self):
            if value := getattr(self, one.name):
                yield Facet(one.name), value

    def but(self, facet: Facet) -> "Narrowed":
        """Return the same without what narrows by one facet."""
        return replace(self, **{facet.value: ""})

    def years(self) -> tuple[int, int]:
        """Return the first and the last year; of what is no year nothing is."""
        parts = self.year.split("-")
        if len(parts) > 2 or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
            return (1, 0)
        return int(parts[0]), int(parts[-1])

    def lets(self, record: IndexedRecord) -> bool:
        """Say whether a record is so."""
        if self.year and not (record.year and self.years()[0] <= record.year <= self.years()[1]):
            return False
        if self.text == WITH_TEXT:
            return Facet.TEXT.value_of(record) != WITHOUT_TEXT and replace(self, text="").lets(record)
        return all(facet.value_of(record) == value for facet, value in self.by() if facet is not Facet.YEAR)


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all stand in one record, in its title, its description or any of its pages, and those that must not.

    Packages that are ``hidden`` are as if they were not in the index. By each facet of ``counted`` the records that
    were found are counted; ``places`` is how many places of a record are told. ``ends_at`` is when the search is given
    up, by the clock of ``time.monotonic``; None: never. ``words`` and ``named`` are what the terms were read from;
    ``this_year`` is the year in which it is asked, behind which nothing is offered; None: not told.
    """

    words: str
    terms: tuple[Term, ...]
    narrowed: Narrowed = Narrowed()
    hidden: frozenset[str] = frozenset()
    order: Order = Order.OURS
    counted: tuple[Facet, ...] = ()
    places: int = 3
    ends_at: float | None = None
    named: NamedWords = NO_NAMES
    this_year: int | None = None

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that must stand."""
        return tuple(term for term in self.terms if not term.is_unwanted)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        """The terms that must not."""
        return tuple(term for term in self.terms if term.is_unwanted)

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """What is marked where it stands, whatever it is said under."""
        return tuple(phrase for term in self.wanted for phrase in term.phrases)

    @property
    def left_out(self) -> tuple[Term, ...]:
        """What was typed and is not looked for, for being too much."""
        return (*terms_left_out(self.words), *self.named.left_out())

    @property
    def asks_nothing(self) -> bool:
        """Whether there is nothing to look for: no term that must stand, and nothing that narrows instead of one.

        Words of which none can be looked for find nothing, whatever narrows beside them.
        """
        return not self.wanted and (not any(self.narrowed.by()) or self._says_nothing)

    @property
    def _says_nothing(self) -> bool:
        return not self.terms and bool(self.words.strip() or any(self.named.by()))

    def seconds_left(self) -> float | None:
        """Return how many seconds a search may still take (0: none), None without a bound."""
        return None if self.ends_at is None else max(0.0, self.ends_at - time.monotonic())

    def require_time(self) -> None:
        """Raise ``SearchBusyError`` when the query's time is over."""
        if self.seconds_left() == 0:
            raise took_too_long(self)


def parse_query(
    words: str,
    *,
    repository: str | None = None,
    hidden: frozenset[str] = frozenset(),
    named: NamedWords = NO_NAMES,
) -> Query:
    """Read what a person typed, by the rules of ``parse_terms``, and what for each name."""
    terms = (*parse_terms(words), *named.terms())
    return Query(words, terms, Narrowed(repository=repository or ""), hidden, named=named)


def totals_in_time(each: Iterable[int]) -> list[int]:
    """Return the numbers up to the one whose search was given up."""
    totals: list[int] = []
    with suppress(SearchBusyError):
        for one in each:
            totals.append(one)
    return totals


def took_too_long(query: Query) -> SearchBusyError:
    """Return the error that says that a search was given up."""
    return SearchBusyError(
        message("检索用时太长，已中止", "the search took too long and was given up"),
        subject=query.words,
        advice=message("请多写几个字，或稍后再试", "look for longer words, or try again later"),
    )
