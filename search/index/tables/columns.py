"""Columns of all records in arrays, so that an embedded search ranks, counts and pages without reading any record.

A record's documents have numbers that follow one another: the first is its title, the next its description, then its
places. What the engine finds are such numbers.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archives.text.folding import Phrase
from search.index.answer import Count, counts_of
from search.index.language.terms import Days, Term
from search.index.query import TEXTS, WITH_TEXT, WITHOUT_TEXT, Facet, Narrowed, Order, Query
from search.index.tables.rows import COLUMNS, NAMED, PLACES, TITLE

_PACKED = np.dtype([(str(name), "<i8") for name in COLUMNS])
_MOST_REMEMBERED = 1 << 23
"""How many numbers of documents are remembered of what was searched before: 32 MiB."""
_REMEMBERED_BESIDE = 1 << 13  # as how many more each phrase counts, so that they are a thousand at the most
Numbers = NDArray[np.int64 | np.int32]
Holding = NDArray[np.int32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Which records were found: how many, in how many places, and where those stand in the columns that were asked for."""

    total: int
    places: int
    shown: tuple[int, ...]
    counts: Mapping[Facet, tuple[Count, ...]]


class Columns:
    """All records of an index in one state of it, in the order of their dates, repositories and codes."""

    def __init__(self, packed: bytes, names: Mapping[int, str]) -> None:
        records = np.frombuffer(packed, _PACKED)
        self._column: dict[str, Numbers] = {name: np.ascontiguousarray(records[name]) for name in COLUMNS}
        self.first = self._column["first"]
        self._values = {facet: _values(self._column[facet.value]) for facet in Facet}
        self._names = names
        self._holding = _holding(self.first, self._column["size"])
        self._found: dict[Phrase, Numbers] = {}
        self._by_code: Numbers | None = None

    def holding(self, numbers: Numbers) -> Holding:
        """Return which records the documents with these numbers belong to."""
        return self._holding[numbers]

    def numbers_of(self, record: int) -> range:
        """Return the numbers of a record's documents."""
        first = int(self.first[record])
        return range(first, first + int(self._column["size"][record]))

    def standing(self, connection: sqlite3.Connection, term: Term) -> Numbers:
        """Return the numbers of the documents in which any phrase of a term stands, ascending.

        What was found last is remembered: whoever turns a page or narrows what was found asks for the same words.
        """
        each = [self._standing(connection, phrase) for phrase in term.phrases]
        return each[0] if len(each) == 1 else np.unique(_joined(each))

    def _standing(self, connection: sqlite3.Connection, phrase: Phrase) -> Numbers:
        found = self._found.pop(phrase, None)
        if found is None:
            found = _numbers_of(connection, phrase)
        remembered = {**self._found, phrase: found}  # a new one: others may search in other threads
        while sum(len(one) + _REMEMBERED_BESIDE for one in remembered.values()) > _MOST_REMEMBERED:
            remembered.pop(next(iter(remembered)))
        self._found = remembered
        return found

    def total(self, query: Query, stand: Sequence[Numbers], hidden: Numbers) -> int:
        """Return how many records are found; what is handed in is as in ``ranked``."""
        matches = self._matches(query, stand, hidden) & self._lets(query.narrowed)
        return int(np.count_nonzero(matches))

    def places_by_code(self, connection: sqlite3.Connection) -> Numbers:
        """Return of every record in which place it stands in the order of repositories and codes."""
        if self._by_code is None:
            rows = connection.execute("SELECT first FROM record ORDER BY shelf, package_id")
            by_code = np.fromiter((row[0] for row in rows), np.int64)
            places = np.empty(len(self.first), np.int64)
            places[self.holding(by_code)] = np.arange(len(by_code))
            self._by_code = places
        return self._by_code

    def ranked(
        self, query: Query, stand: Sequence[Numbers], hidden: Numbers, by_code: Numbers | None, window: slice
    ) -> Ranked:
        """Return what was found, ordered as the query wants.

        ``stand`` are the documents in which each term stands, ascending; ``hidden`` the records that are as if they were
        not there, by their first numbers; ``by_code`` are the ``places_by_code``, None for the order of dates.
        """
        matches = self._matches(query, stand, hidden)
        in_title, places = self._ranking(query, stand)
        shown = matches & self._lets(query.narrowed)
        chosen = np.flatnonzero(shown)
        if query.order is Order.OURS:
            bands = np.frexp(places[chosen])[1]  # x = m · 2 ** band, 0.5 ≤ m < 1: the number of its bits
            rank = np.where(in_title[chosen], 0, 64) + (63 - bands)
            chosen = chosen[np.argsort(rank.astype(np.uint8), kind="stable")]
        elif by_code is not None:
            chosen = chosen[np.argsort(by_code[chosen])]
        counts = {
            facet: self._counts(facet, matches & self._lets(query.narrowed.but(facet))) for facet in query.counted
        }
        return Ranked(len(chosen), int(places[shown].sum()), tuple(chosen[window].tolist()), counts)

    def places_of(self, record: int, stand: Sequence[Numbers]) -> tuple[int, ...]:
        """Return the numbers of a record's places in which any term that must stand does, those with the most first."""
        numbers = self.numbers_of(record)
        start, end = numbers.start + PLACES, numbers.stop
        within = [one[np.searchsorted(one, start) : np.searchsorted(one, end)] for one in stand]
        if not within:
            return ()
        each, often = np.unique(np.concatenate(within), return_counts=True)
        return tuple(each[np.argsort(-often, kind="stable")].tolist())

    def _matches(self, query: Query, stand: Sequence[Numbers], hidden: Numbers) -> Mask:
        """Return in which records all stands that must, and nothing that must not."""
        matches = np.ones(len(self.first), np.bool_)
        for term, numbers in zip(query.terms, stand, strict=True):
            here = _of(self.holding(numbers), len(matches)) | self._dated(term.days)
            matches &= ~here if term.is_unwanted else here
        matches[self.holding(hidden)] = False
        return matches

    def _ranking(self, query: Query, stand: Sequence[Numbers]) -> tuple[Mask, Numbers]:
        """Return in which records' titles all stands that must, and in how many of their places any does."""
        number = len(self.first)
        in_title = np.ones(number, np.bool_)
        below: list[Numbers] = []
        for term, numbers in zip(query.terms, stand, strict=True):
            if term.is_unwanted:
                continue
            records = self.holding(numbers)
            part = numbers - self.first[records]
            if not term.field:
                in_title &= _of(records[part == TITLE], number) | self._dated(term.days)
            below.append(numbers[part >= PLACES])
        each = below[0] if len(below) == 1 else np.flatnonzero(_of(_joined(below), len(self._holding)))
        return in_title, np.bincount(self.holding(each), minlength=number)

    def _dated(self, days: Days | None) -> Mask:
        """Return which records are of these days, as ``Days.hold`` says it."""
        if days is None:
            return np.zeros(len(self.first), np.bool_)
        date_from, date_to, year = (self._column[name] for name in ("date_from", "date_to", Facet.YEAR.value))
        first, last = days.years or (1, 0)
        filed = (year >= max(1, first)) & (year <= last)
        if days.is_range:
            return filed | ((date_from <= days.last) & (date_to >= days.first))
        within = (date_from >= days.first) & (date_from <= days.last)
        return filed | (within & (date_to >= days.first) & (date_to <= days.last))

    def _lets(self, narrowed: Narrowed) -> Mask:
        lets = np.ones(len(self.first), np.bool_)
        for facet, value in narrowed.by():
            column = self._column[facet.value]
            if facet is Facet.YEAR:
                first, last = narrowed.years()
                lets &= (column >= max(1, first)) & (column <= last)
            elif facet is Facet.TEXT:
                without = column == TEXTS.index(WITHOUT_TEXT)
                lets &= ~without if value == WITH_TEXT else column == (TEXTS.index(value) if value in TEXTS else -1)
            else:
                lets &= column == next((number for number, name in self._names.items() if name == value), -1)
        return lets

    def _counts(self, facet: Facet, mask: Mask) -> tuple[Count, ...]:
        values, standing = self._values[facet]
        records = np.bincount(standing[mask], minlength=len(values))
        some = np.flatnonzero(records)
        counted = zip(values[some].tolist(), records[some].tolist(), strict=True)
        return counts_of((self._said(facet, value), number) for value, number in counted)

    def _said(self, facet: Facet, value: int) -> str:
        if facet in NAMED:
            return self._names.get(value, "")
        return TEXTS[value] if facet is Facet.TEXT else str(value or "")


def read_columns(connection: sqlite3.Connection) -> Columns:
    """Read the columns of all records."""
    packed = connection.execute("SELECT packed FROM record ORDER BY date_from, shelf, package_id")
    names = connection.execute("SELECT number, value FROM name").fetchall()
    return Columns(b"".join(row[0] for row in packed), dict(names))


def _numbers_of(connection: sqlite3.Connection, phrase: Phrase) -> Numbers:
    match = '"' + " ".join(phrase.tokens).replace('"', '""') + '"' + (" *" if phrase.open_end else "")
    # One long text is handed over in a fifth of the time of as many rows.
    found = connection.execute("SELECT group_concat(rowid) FROM word WHERE word MATCH ?", (match,)).fetchone()[0]
    numbers = np.fromstring(str(found), np.int64, sep=",") if found else np.empty(0, np.int64)
    return numbers.astype(np.int32)  # all are below the length of ``_holding``, which lies in memory


def firsts_hidden(connection: sqlite3.Connection, package_ids: Iterable[str]) -> Numbers:
    """Return the first numbers of those of these packages that there are."""
    find = "SELECT first FROM package WHERE first NOT NULL AND package_id IN (SELECT value FROM json_each(?))"
    return np.array([row[0] for row in connection.execute(find, (json.dumps(sorted(package_ids)),))], np.int64)


def _holding(first: Numbers, size: Numbers) -> Holding:
    """Return for every number of a document in which place of the columns its record stands; 0 for a number of none."""
    ends = np.cumsum(size)
    numbers = np.arange(size.sum()) + np.repeat(first - ends + size, size)
    holding = np.zeros(int((first + size).max(initial=0)), np.int32)
    holding[numbers] = np.repeat(np.arange(len(first)), size)
    return holding


def _values(column: Numbers) -> tuple[Numbers, Holding]:
    """Return the values of a column, each once, and which of them each record has."""
    values, standing = np.unique(column, return_inverse=True)
    return values, standing.astype(np.int32)


def _joined(each: Sequence[Numbers]) -> Numbers:
    return np.concatenate(each) if each else np.empty(0, np.int64)


def _of(numbers: Numbers | Holding, most: int) -> Mask:
    """Return which of the numbers below the most are among these."""
    mask = np.zeros(most, np.bool_)
    mask[numbers] = True
    return mask
