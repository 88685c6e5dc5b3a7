"""An index in memory: what every other index must agree with."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from archives.text.folding import Phrase
from archives.text.tokens import index_tokens
from search.index.answer import NOTHING, Answer, band, counts_of, found_in
from search.index.document import IndexedRecord, Named, Place
from search.index.language.terms import Term
from search.index.query import Facet, Order, Query, totals_in_time
from search.index.search_index import Change, IndexState


@dataclass(frozen=True, slots=True)
class _Match:
    """A record in which every term stands, and its places with how many terms stand in each."""

    record: IndexedRecord
    in_title: bool
    places: tuple[tuple[int, Place], ...]


class MemoryIndex:
    """Records in a dictionary; see ``SearchIndex``."""

    def __init__(self) -> None:
        self._packages: dict[str, tuple[int, IndexedRecord | None]] = {}
        self._head = 0
        self._before: MemoryIndex | None = None
        self._begun: tuple[str, Self] | None = None

    def replace(self, package_id: str, record: IndexedRecord | None, *, sequence: int) -> None:
        """Make this what is found of a package."""
        if (record or package_id in self._packages) and self._packages.get(package_id, (0, None))[0] <= sequence:
            self._packages[package_id] = (sequence, record)

    def replace_all(self, changes: Sequence[Change]) -> None:
        """Replace one after another."""
        for change in changes:
            self.replace(change.package_id, change.record, sequence=change.sequence)

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        """Return the records in which every term stands and no unwanted one."""
        if query.asks_nothing:
            return NOTHING
        matches: list[_Match] = []
        for package_id, (_, record) in self._packages.items():
            query.require_time()
            if record and package_id not in query.hidden and (match := _match(query, record)):
                matches.append(match)
        chosen = sorted((one for one in matches if query.narrowed.lets(one.record)), key=lambda one: _key(query, one))
        found = (
            found_in(query, one.record, (place for _, place in one.places[: query.places]), len(one.places))
            for one in chosen[offset : offset + limit]
        )
        counts = {facet: counts_of(_counted(query, facet, matches).items()) for facet in query.counted}
        return Answer(len(chosen), sum(len(one.places) for one in chosen), tuple(found), counts)

    def totals(self, queries: Sequence[Query]) -> Sequence[int]:
        """Return how many records each query finds."""
        return totals_in_time(self.search(query, limit=0).total for query in queries)

    def commit(self, sequence: int) -> None:
        """Remember how far the journal was followed."""
        self._head = sequence

    def purge(self) -> None:
        """Do nothing: there are no files."""

    def head(self) -> int:
        """Return the sequence of the last commit."""
        return self._head

    def count(self) -> int:
        """Return how many records there are."""
        return sum(record is not None for _, record in self._packages.values())

    def clear(self) -> None:
        """Forget everything."""
        self._packages.clear()
        self._head = 0

    def beside(self, of: str = "") -> Self:
        """Return an index that is to take the place of this one."""
        if not of or self._begun is None or self._begun[0] != of:
            self._begun = of, type(self)()
        new = self._begun[1]
        new._before, new._head = self, 0
        return new

    def begun(self) -> str | None:
        """Return what an index is of that was begun and never finished."""
        return self._begun[0] if self._begun else None

    def held(self, sequences: Mapping[str, int]) -> frozenset[str]:
        """Return those about which the last that was written is of just this sequence."""
        return frozenset(one for one, number in sequences.items() if self._packages.get(one, (-1, None))[0] == number)

    def take_place(self) -> None:
        """Give what was filled to the index of before."""
        if self._before:
            self._before._packages, self._before._head = self._packages, self._head
            self._before._begun = None

    def discard(self) -> None:
        """Forget what was filled."""
        self.clear()
        if self._before:
            self._before._begun = None

    def every(self) -> Iterator[IndexedRecord]:
        """Yield every record."""
        yield from (record for _, (_, record) in sorted(self._packages.items()) if record)

    def state(self) -> IndexState:
        """Return how many there are of what."""
        places = sum(len(one.places) for one in self.every())
        return IndexState("memory", "", self.count(), places, None, self._head, is_ours=True, holds_removed=False)


def _match(query: Query, record: IndexedRecord) -> _Match | None:
    title, text = _tokens(record.title), _tokens(record.text, record.named)
    places = [(place, _tokens(place.text, place.named)) for place in record.places]

    def is_so(term: Term) -> bool:
        return any(_stands(term, one) for one in (title, text, *(tokens for _, tokens in places))) or _dated(
            term, record
        )

    if any(map(is_so, query.unwanted)) or not all(map(is_so, query.wanted)):
        return None
    counted = ((sum(_stands(term, tokens) for term in query.wanted), place) for place, tokens in places)
    most_first = sorted((one for one in counted if one[0]), key=lambda one: -one[0])
    in_title = all(_stands(term, title) or _dated(term, record) for term in query.wanted if not term.field)
    return _Match(record, in_title, tuple(most_first))


@lru_cache(maxsize=1 << 16)
def _tokens(text: str, named: Named = ()) -> list[str]:
    return index_tokens(text, [(field.sign, said) for field, said in named])


def _dated(term: Term, record: IndexedRecord) -> bool:
    return term.days is not None and term.days.hold(record)


def _stands(term: Term, tokens: list[str]) -> bool:
    return any(_is_in(phrase, tokens) for phrase in term.phrases)


def _is_in(phrase: Phrase, tokens: list[str]) -> bool:
    wanted = list(phrase.tokens)
    for start in range(len(tokens) - len(wanted) + 1):
        found = tokens[start : start + len(wanted)]
        if found == wanted or (phrase.open_end and found[:-1] == wanted[:-1] and found[-1].startswith(wanted[-1])):
            return True
    return False


def _key(query: Query, match: _Match) -> tuple[object, ...]:
    record = match.record
    by_date = (record.date_from, record.shelf, record.package_id)
    if query.order is Order.OURS:
        return (not match.in_title, -band(len(match.places)), *by_date)
    return by_date if query.order is Order.DATE else by_date[1:]


def _counted(query: Query, facet: Facet, matches: Sequence[_Match]) -> Counter[str]:
    narrowed = query.narrowed.but(facet)
    return Counter(facet.value_of(one.record) for one in matches if narrowed.lets(one.record))
