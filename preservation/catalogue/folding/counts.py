"""What is counted of copies: how many lie in each store, how much they are, on which day they came and were verified."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from preservation.catalogue import tables
from preservation.catalogue.folding.rows import Rows
from preservation.catalogue.tables import CopyRow, PackageRow, TotalRow

ALL_PACKAGES = ""
"""The name under which ``total`` counts packages."""
UNREAD = "0001-01-01T00:00:00+00:00"
"""Stands where a copy was not read since its store was moved or set back: earlier than any moment, so that it is due first."""


def read_at(text: str) -> datetime | None:
    """Return when a copy was last found whole where it lies, None where that is not known."""
    return None if text == UNREAD else datetime.fromisoformat(text)


class Counts:
    """Counts within one transaction; nothing is written before ``flush``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._totals = Rows(connection, tables.total, TotalRow, whole=True)
        self._begun: defaultdict[tuple[tuple[str, ...], str], list[int]] = defaultdict(lambda: [0, 0])
        self._verified: Counter[tuple[str, str, str]] = Counter()
        self._grown: Counter[tuple[str, str]] = Counter()

    def begin(self, package: PackageRow, stores: tuple[str, ...]) -> None:
        """Count a package that was not there before, and its copies; packages stored alike are added up first."""
        begun = self._begun[stores, package.stored_at[:10]]
        begun[0] += 1
        begun[1] += package.size_bytes

    def hold(self, copy: CopyRow, known: CopyRow | None, newest: int, *, day: str) -> None:
        """Count a copy that a store has now, in place of what it had before, and by how much the store grew on a day."""
        self.verify(copy, known)
        grown = copy.size_bytes - (known.size_bytes if known else 0)
        self._grown[copy.store, day] += grown
        was_current = known is not None and known.version == newest
        self.add(
            copy.store,
            copies=known is None,
            current=(copy.version == newest) - was_current,
            size_bytes=grown,
        )

    def verify(self, copy: CopyRow, known: CopyRow | None) -> None:
        """Count that a copy was verified, and when it was before."""
        self._verified[copy.store, copy.verified_at[:10], known.verified_at[:10] if known else ""] += 1

    def forget(self, copies: list[CopyRow], newest: int) -> None:
        """Take a package and its copies out of what is counted; the days of verifications stay as they were."""
        self.add(ALL_PACKAGES, copies=-1)
        for copy in copies:
            self.add(copy.store, -1, -(copy.version == newest), -copy.size_bytes)

    def leave(self, store: str, verified: Mapping[str, int], day: str) -> None:
        """Count no copies of a store any more; ``verified`` is how many had last been verified on which day.

        On the day on which they leave they are taken out of what was verified, and out of what is known, so that nobody
        waits for them to be read again.
        """
        self.flush()
        self._totals.put(TotalRow(store))
        for before, copies in verified.items():
            self._verified[store, day, before] += copies
            self._verified[store, day, ""] -= copies

    def doubt(self, store: str, verified: Mapping[str, int], day: str) -> None:
        """Count a store's copies as unread from a day on; ``verified`` is as in ``leave``. They stay among those to be read."""
        for before, copies in verified.items():
            self._verified[store, day, before] += copies
            self._verified[store, day, UNREAD[:10]] -= copies

    def add(self, store: str, copies: int = 0, current: int = 0, size_bytes: int = 0) -> None:
        """Add to what a store has."""
        row = self._totals.get(store) or TotalRow(store)
        self._totals.put(TotalRow(store, row.copies + copies, row.current + current, row.size_bytes + size_bytes))

    def flush(self) -> None:
        """Write what was counted."""
        for (stores, day), (packages, size_bytes) in self._begun.items():
            self.add(ALL_PACKAGES, copies=packages)
            for store in stores:
                self.add(store, packages, packages, size_bytes)
                self._verified[store, day, ""] += packages
                self._grown[store, day] += size_bytes
        self._totals.flush()
        self._connection.executemany(
            "INSERT INTO verification VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET copies = copies + excluded.copies",
            [(*moved, copies) for moved, copies in self._verified.items()],
        )
        self._connection.executemany(
            "INSERT INTO growth VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET size_bytes = size_bytes + excluded.size_bytes",
            [(*grown, size_bytes) for grown, size_bytes in self._grown.items() if size_bytes],
        )
        self._begun.clear()
        self._verified.clear()
        self._grown.clear()
