"""An index in memory: what every other index must agree with."""

from collections.abc import Sequence

from search.index.document import SearchDocument
from search.index.query import Answer, Query, answer_of
from search.index.search_index import Change


class MemoryIndex:
    """Documents in a dictionary; see ``SearchIndex``."""

    def __init__(self) -> None:
        self._packages: dict[str, tuple[int, tuple[SearchDocument, ...]]] = {}
        self._head = 0

    def replace(self, package_id: str, documents: Sequence[SearchDocument], *, sequence: int) -> None:
        """Make these the documents of a package."""
        if (documents or package_id in self._packages) and self._packages.get(package_id, (0, ()))[0] <= sequence:
            self._packages[package_id] = (sequence, tuple(documents))

    def replace_all(self, changes: Sequence[Change]) -> None:
        """Replace one after another."""
        for change in changes:
            self.replace(change.package_id, change.documents, sequence=change.sequence)

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        """Return the documents in which every phrase stands."""
        wanted = (
            document
            for _, documents in self._packages.values()
            for document in documents
            if query.repository in (None, document.repository)
        )
        return answer_of(query, wanted, offset=offset, limit=limit)

    def commit(self, sequence: int) -> None:
        """Remember how far the journal was followed."""
        self._head = sequence

    def purge(self) -> None:
        """Do nothing: there are no files."""

    def head(self) -> int:
        """Return the sequence of the last commit."""
        return self._head

    def count(self) -> int:
        """Return how many documents there are."""
        return sum(len(documents) for _, documents in self._packages.values())

    def clear(self) -> None:
        """Forget everything."""
        self._packages.clear()
        self._head = 0
