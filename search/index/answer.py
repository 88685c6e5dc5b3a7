"""What a search answers: how many records and places there are, and those records that were asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from archives.text.folding import Folded, Phrase, fold, folded_text, places_of
from search.index.document import IndexedRecord, Place
from search.index.query import Facet, Query

MOST_COUNTS = 1000
"""Of how many values of a facet an answer tells, whatever the engine."""
Marks = tuple[tuple[int, int], ...]
"""Where the phrases stand: half-open code-point offsets into a text, in order, no two overlapping."""


class Count(NamedTuple):
    """How many of the records that were found have a value."""

    value: str
    records: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in which phrases stand."""

    place: Place
    marks: Marks


@dataclass(frozen=True, slots=True)
class Found:
    """A record in which every phrase stands; ``marks`` are those in the text of its description.

    ``hits`` are the first of the ``places`` in which any phrase stands, those with the most phrases before others, else
    in the record's own order; ``record`` itself names none.
    """

    record: IndexedRecord
    marks: Marks
    hits: tuple[Hit, ...]
    places: int


@dataclass(frozen=True, slots=True)
class Answer:
    """How many records were found, in how many places below them words stand, and the records that were asked for.

    ``counts`` has the largest first, then by value. A record is counted under a facet when it fits all that narrows by
    others, so that one sees what another choice would give; of more than a thousand values the first thousand are told.
    """

    total: int
    places: int
    found: tuple[Found, ...]
    counts: Mapping[Facet, tuple[Count, ...]]


NOTHING = Answer(0, 0, (), {})


def found_in(query: Query, record: IndexedRecord, shown: Iterable[Place], places: int) -> Found:
    """Return a record that was found, with the places that are told, everything marked."""
    anywhere = [phrase for term in query.wanted for phrase in term.phrases if not term.field]
    hits = tuple(Hit(one, marks_in(one.text, query.phrases if one.item else anywhere)) for one in shown)
    return Found(replace(record, places=()), marks_in(record.text, query.phrases), hits, places)


def counts_of(counted: Iterable[tuple[str, int]]) -> tuple[Count, ...]:
    """Return counts in their order; what has no value, and what there is none of, is left out."""
    named = (Count(value, records) for value, records in counted if value and records)
    return tuple(sorted(named, key=lambda count: (-count.records, count.value))[:MOST_COUNTS])


def band(places: int) -> int:
    """Return in which band a number of places is: none, 1, 2 and 3, 4 to 7 and so on."""
    return places.bit_length()


def marks_in(text: str, phrases: Iterable[Phrase]) -> Marks:
    """Return where phrases stand in a text, those that overlap as one."""
    plain = folded_text(text)
    standing = [phrase for phrase in phrases if phrase.form or phrase.folded in plain]
    return _merged(standing, fold(text)) if standing else ()


def _merged(phrases: Iterable[Phrase], folded: Folded) -> Marks:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(place for phrase in phrases for place in places_of(phrase, folded)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
