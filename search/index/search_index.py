"""What a search index is: eight verbs that memory, SQLite and Elasticsearch all pass the same tests for."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from search.index.document import SearchDocument
from search.index.query import Answer, Query


class Change(NamedTuple):
    """The documents of a package from a journal sequence on."""

    package_id: str
    documents: Sequence[SearchDocument]
    sequence: int


class Searchable(Protocol):
    """What answers searches. Whatever cannot be done raises ``SearchError``."""

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        """Return the documents in which every phrase stands, in our order."""


class SearchIndex(Searchable, Protocol):
    """Documents of one audience. Whatever cannot be done raises ``SearchError``."""

    def replace(self, package_id: str, documents: Sequence[SearchDocument], *, sequence: int) -> None:
        """Make these the documents of a package (none: it is gone), unless a newer sequence was written before.

        Taking back a package that was never written leaves no trace of it.
        """

    def replace_all(self, changes: Sequence[Change]) -> None:
        """Replace the documents of several packages, in one step where that is possible."""

    def commit(self, sequence: int) -> None:
        """Make what was written visible and remember that the journal was followed up to here."""

    def purge(self) -> None:
        """Let what was removed, or stands in a text no more, leave the files too: no search finds it before either.

        Everything may be written anew for it, so once a day is enough.
        """

    def head(self) -> int:
        """Return the sequence of the last commit (0 for a new index)."""

    def count(self) -> int:
        """Return how many documents can be found."""

    def clear(self) -> None:
        """Begin again with an empty index; readers see the old one until the next commit where that is possible."""
