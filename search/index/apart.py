"""Searching in other processes, so that what a search computes takes no turn from whoever reads a page meanwhile.

In threads of one process they would stand in line for the interpreter, and nothing could end a search that an answer
keeps waiting which comes a byte at a time.
"""

from collections.abc import Sequence
from concurrent.futures import Executor, Future, wait
from typing import TypeVar

from archives.errors import ToolFailedError
from search.index.answer import Answer
from search.index.query import Query, parse_query, took_too_long
from search.index.search_index import Searchable

T = TypeVar("T")
_READY_SECONDS = 10.0
_GRACE_SECONDS = 0.5  # that a search may take longer to tell that it took too long


class SearchedApart:
    """An index that is searched in the processes of an executor; one that gave no answer in its time was too long."""

    def __init__(self, index: Searchable, processes: Executor) -> None:
        self._index = index
        self._processes = processes

    def make_ready(self, processes: int) -> None:
        """Let so many processes begin before the first search, and wait for them a little."""
        nothing = parse_query("")
        wait([self._processes.submit(found_in, self._index, nothing, 0, 0) for _ in range(processes)], _READY_SECONDS)

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        """Return the records in which every phrase stands; raises ``SearchBusyError`` where no answer comes."""
        return self._answered(query, self._processes.submit(found_in, self._index, query, offset, limit))

    def totals(self, queries: Sequence[Query]) -> Sequence[int]:
        """Return how many records each query finds."""
        if not queries:
            return ()
        return self._answered(queries[0], self._processes.submit(totals_in, self._index, queries))

    def _answered(self, query: Query, asked: "Future[T]") -> T:
        left = query.seconds_left()
        try:
            return asked.result(None if left is None else left + _GRACE_SECONDS)
        except (ToolFailedError, TimeoutError) as cause:
            asked.cancel()
            raise took_too_long(query) from cause


def found_in(index: Searchable, query: Query, offset: int, limit: int) -> Answer:
    """Return what is found; a top-level function, so that another process can be asked for it."""
    return index.search(query, offset=offset, limit=limit)


def totals_in(index: Searchable, queries: Sequence[Query]) -> Sequence[int]:
    """Return how many records each query finds; the same of it."""
    return index.totals(queries)
