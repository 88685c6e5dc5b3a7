"""What an audit that was stopped had found whole, so that it goes on where it was and not from its start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from preservation.verdicts import CopyAudit
from preservation.working_state import WorkingState

_LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RememberedCopy:
    """A copy that the stopped audit read and found whole; ``mark`` tells whether anybody wrote to it since."""

    version: int
    files: int
    size_bytes: int
    mark: str


class AuditRun:
    """The working state of audits with one selection; a run that began more than seven days ago is forgotten."""

    def __init__(self, state: WorkingState, selection: str) -> None:
        self._state = state
        self._selection = selection

    def begin(self, now: datetime) -> dict[tuple[str, str], RememberedCopy]:
        """Begin or go on; return what was found whole before, by (store, package identifier)."""
        with self._state.transaction() as connection:
            row = connection.execute(
                "SELECT begun_at FROM audit_run WHERE selection = ?", (self._selection,)
            ).fetchone()
            if row and not timedelta(0) <= now - datetime.fromisoformat(row[0]) <= _LONGEST:
                connection.execute("DELETE FROM audit_run WHERE selection = ?", (self._selection,))
                row = None
            if row is None:
                connection.execute("INSERT INTO audit_run VALUES (?, ?)", (self._selection, now.isoformat()))
            found = connection.execute(
                "SELECT store, package_id, version, files, bytes, mark FROM audited_copy WHERE selection = ?",
                (self._selection,),
            ).fetchall()
        return {(row[0], row[1]): RememberedCopy(*row[2:]) for row in found}

    def remember(self, whole: Sequence[CopyAudit]) -> None:
        """Keep copies that were found whole, on disk when this returns."""
        rows = [
            (self._selection, one.store, one.package_id, one.version, one.checked_files, one.checked_bytes, one.mark)
            for one in whole
        ]
        with self._state.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO audited_copy VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def end(self) -> None:
        """Forget the run: the journal has its results."""
        with self._state.transaction() as connection:
            connection.execute("DELETE FROM audit_run WHERE selection = ?", (self._selection,))
