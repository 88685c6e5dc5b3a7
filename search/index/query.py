"""A person's words as a query, and the one order in which every index answers."""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from itertools import count

from archives.errors import SearchBusyError
from archives.message import message
from archives.record.identifiers import archival_code_order
from archives.text.folding import Phrase, fold, phrase_of, places_of
from search.index.document import SearchDocument

LONGEST_QUERY = 200
_MOST_PHRASES = 8
_WORDS = re.compile(r'"([^"]+)"|“([^”]+)”|((?:[^\s,，、;；。]|(?<=\d)[,，](?=\d))+)')


@dataclass(frozen=True, slots=True)
class Query:
    """Phrases that must all stand in one document; ``repository`` narrows to one.

    Packages that are ``hidden`` are as if they were not in the index. ``ends_at`` is when the search is given up, by
    the clock of ``time.monotonic``; None: never.
    """

    words: str
    phrases: tuple[Phrase, ...]
    repository: str | None = None
    hidden: frozenset[str] = frozenset()
    ends_at: float | None = None

    def seconds_left(self) -> float | None:
        """Return how many seconds a search may still take (0: none), None without a bound."""
        return None if self.ends_at is None else max(0.0, self.ends_at - time.monotonic())


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found; ``marks`` are half-open code-point offsets into its text, in order."""

    document: SearchDocument
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """How many documents were found, and those that were asked for."""

    total: int
    hits: tuple[Hit, ...]


def parse_query(words: str, *, repository: str | None = None, hidden: frozenset[str] = frozenset()) -> Query:
    """Read what a person typed: words divided by blanks or commas must all be found; quotes keep them together.

    Never raises; what cannot be looked for is left out, and what is too long is cut.
    """
    quoted = _WORDS.findall(words[:LONGEST_QUERY])
    texts = ["".join(parts) for parts in quoted][:_MOST_PHRASES]
    phrases = tuple(phrase for text in texts if (phrase := phrase_of(text)))
    return Query(words, phrases, repository, hidden)


def answer_of(query: Query, documents: Iterable[SearchDocument], *, offset: int, limit: int) -> Answer:
    """Return documents that were found in our own order: title, how often, date, repository, code, page.

    Documents in which a phrase does not stand after all are left out. Raises ``SearchBusyError`` when the query's time
    is over.
    """
    numbers = count()
    ranked = ((_rank(query, hit.document, often), next(numbers), hit) for hit, often in _marked(query, documents))
    best = nsmallest(max(1, offset + limit), ranked)  # nothing is kept of all others, which are counted
    return Answer(next(numbers), tuple(hit for _, _, hit in best[offset : offset + limit]))


def took_too_long(query: Query) -> SearchBusyError:
    """Return the error that says that a search was given up."""
    return SearchBusyError(
        message("检索用时太长，已中止", "the search took too long and was given up"),
        subject=query.words,
        advice=message("请多写几个字，或稍后再试", "look for longer words, or try again later"),
    )


def _marked(query: Query, documents: Iterable[SearchDocument]) -> Iterator[tuple[Hit, int]]:
    for document in documents:
        if query.seconds_left() == 0:
            raise took_too_long(query)
        if document.package_id in query.hidden:
            continue
        hit, often = _mark(query, document)
        if hit:
            yield hit, often


def _mark(query: Query, document: SearchDocument) -> tuple[Hit | None, int]:
    folded = fold(document.text)
    places = [places_of(phrase, folded) for phrase in query.phrases]
    if not places or not all(places):
        return None, 0
    return Hit(document, _merged(sorted(place for found in places for place in found))), sum(map(len, places))


def _merged(places: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in places:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _rank(query: Query, document: SearchDocument, count: int) -> tuple[int, int, int, str, tuple[object, ...], int]:
    title = fold(document.title).text
    in_title = all(phrase.folded in title for phrase in query.phrases)
    return (
        0 if in_title else 1,
        -count.bit_length(),
        document.date_from,
        document.repository,
        archival_code_order(document.code_key),
        document.page or 0,
    )
