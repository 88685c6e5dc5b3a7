"""What an embedded search answers, all of it of one state of the file, within the query's time."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from search.index.answer import Answer, found_in
from search.index.query import Order, Query, took_too_long
from search.index.tables.columns import Columns, Numbers, firsts_hidden
from search.index.tables.rows import place_at, record_at


def answer_of(reader: sqlite3.Connection, columns: Columns, query: Query, window: slice) -> Answer:
    """Return what is found, of the records those in the window; raises ``SearchBusyError`` when the query's time is over."""
    with _in_time(query):
        stand = _standing(reader, columns, query)
        by_code = columns.places_by_code(reader) if query.order is Order.CODE else None
        ranked = columns.ranked(query, stand, firsts_hidden(reader, query.hidden), by_code, window)
        wanted = [numbers for term, numbers in zip(query.terms, stand, strict=True) if not term.is_unwanted]
        found = []
        for one in ranked.shown:
            record, places = record_at(reader, int(columns.first[one])), columns.places_of(one, wanted)
            shown = [place_at(reader, number) for number in places[: query.places]]
            found.append(found_in(query, record, shown, len(places)))
        return Answer(ranked.total, ranked.places, tuple(found), ranked.counts)


def total_of(reader: sqlite3.Connection, columns: Columns, query: Query) -> int:
    """Return how many records are found; raises as ``answer_of`` does."""
    if query.asks_nothing:
        return 0
    with _in_time(query):
        return columns.total(query, _standing(reader, columns, query), firsts_hidden(reader, query.hidden))


def _standing(reader: sqlite3.Connection, columns: Columns, query: Query) -> Sequence[Numbers]:
    query.require_time()
    stand = [columns.standing(reader, term) for term in query.terms]
    query.require_time()
    return stand


@contextmanager
def _in_time(query: Query) -> Iterator[None]:
    """Say that a search took too long where SQLite was interrupted."""
    try:
        yield
    except sqlite3.OperationalError as cause:
        if cause.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        raise took_too_long(query) from cause
