"""What a search index is: the verbs that memory, SQLite and Elasticsearch all pass the same tests for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, Self

from search.index.answer import Answer
from search.index.document import IndexedRecord
from search.index.query import Query


class Change(NamedTuple):
    """What is found of a package from a journal sequence on: None where it is gone."""

    package_id: str
    record: IndexedRecord | None
    sequence: int


class Health(StrEnum):
    """How much of an index is there: all of it, all without the copy that another node should have, or not all."""

    WHOLE = "whole"
    WITHOUT_REPLICA = "without-replica"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class IndexState:
    """How an index stands: where it is, how many records and places it holds, up to which journal entry.

    ``is_ours``: it was written by this software's rules; another is to be filled anew. ``holds_removed``: its files may
    still hold words that were removed. ``size_bytes`` is None where that is not known.
    """

    engine: str
    place: str
    records: int
    places: int
    size_bytes: int | None
    head: int
    is_ours: bool
    holds_removed: bool
    health: Health = Health.WHOLE


class Searchable(Protocol):
    """What answers searches. Whatever cannot be done raises ``SearchError``."""

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        """Return the records in which every term stands and no unwanted one, in the query's order, which is one and the same on every index.

        ``limit`` is ``MOST_AT_ONCE`` at the most.
        """

    def totals(self, queries: Sequence[Query]) -> Sequence[int]:
        """Return how many records each query finds, in their order; those that the time was over for have no number.

        Queries that share words, or what narrows them, cost little more than one.
        """


class SearchIndex(Searchable, Protocol):
    """Records of one audience. Whatever cannot be done raises ``SearchError``."""

    def replace(self, package_id: str, record: IndexedRecord | None, *, sequence: int) -> None:
        """Make this what is found of a package (None: it is gone), unless a newer sequence was written before.

        Taking back a package that was never written leaves no trace of it.
        """

    def replace_all(self, changes: Sequence[Change]) -> None:
        """Replace what is found of several packages, in one step where that is possible."""

    def commit(self, sequence: int) -> None:
        """Make what was written visible and remember that the journal was followed up to here."""

    def purge(self) -> None:
        """Let what was removed, or stands in a text no more, leave the files too: no search finds it before either.

        Everything may be written anew for it, so once a day is enough.
        """

    def head(self) -> int:
        """Return the sequence of the last commit (0 for a new index)."""

    def count(self) -> int:
        """Return how many records can be found."""

    def clear(self) -> None:
        """Begin again with an empty index; readers see the old one until the next commit where that is possible."""

    def beside(self, of: str = "") -> Self:
        """Return an index beside this one, which goes on to be searched: new and empty, or the one that was begun and never finished.

        Only what was begun ``of`` the same is gone on with, and followed again from the beginning; any other goes. Without
        ``of`` it can never be gone on with.
        """

    def begun(self) -> str | None:
        """Return what an index is of that was begun beside and never finished, None where there is none.

        Empty where nobody can say, as of one that is damaged or by other rules.
        """

    def held(self, sequences: Mapping[str, int]) -> frozenset[str]:
        """Return those of these packages about which the last that was written is of just this sequence."""

    def take_place(self) -> None:
        """Let an index that was filled beside another take its place in one step: whoever searches finds all, at every moment."""

    def discard(self) -> None:
        """Remove an index that was begun beside another and is not to take its place."""

    def every(self) -> Iterator[IndexedRecord]:
        """Yield every record with all its places, in the order of their identifiers."""

    def state(self) -> IndexState:
        """Return how the index stands."""
