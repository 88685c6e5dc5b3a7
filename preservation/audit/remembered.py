"""What an audit had found whole that was stopped, or could not be recorded, so that the next goes on and not from its start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from preservation.audit.verdicts import CopyAudit
from preservation.working_state import WorkingState

_LONGEST = timedelta(days=1)
_BEGIN = "INSERT OR IGNORE INTO audit_run (selection, begun_at) VALUES (?, ?)"


@dataclass(frozen=True, slots=True)
class RememberedCopy:
    """A copy that the stopped audit read and found whole; ``mark`` tells whether anybody wrote to it since."""

    version: int
    mark: str
    read_at: datetime


class AuditRun:
    """The working state of audits with one selection; what was read more than a day ago is read again."""

    def __init__(self, state: WorkingState, selection: str) -> None:
        self._state = state
        self._selection = selection

    def begin(self, now: datetime) -> dict[tuple[str, str], RememberedCopy]:
        """Begin or go on; return what was found whole before, by (store, package identifier)."""
        with self._state.transaction() as connection:
            connection.execute(_BEGIN, (self._selection, now.isoformat()))
            connection.execute("UPDATE audit_run SET unrecorded_at = NULL WHERE selection = ?", (self._selection,))
            rows = connection.execute(
                "SELECT store, package_id, version, mark, read_at FROM audited_copy WHERE selection = ?",
                (self._selection,),
            ).fetchall()
        found = {
            (store, package_id): RememberedCopy(version, mark, datetime.fromisoformat(read_at))
            for store, package_id, version, mark, read_at in rows
        }
        return {copy: kept for copy, kept in found.items() if timedelta(0) <= now - kept.read_at <= _LONGEST}

    def remember(self, whole: Sequence[CopyAudit], now: datetime) -> None:
        """Keep copies that were found whole, on disk when this returns."""
        rows = [
            (
                self._selection,
                one.store,
                one.package_id,
                one.version,
                one.checked_files,
                one.checked_bytes,
                one.mark,
                now.isoformat(),
            )
            for one in whole
        ]
        with self._state.transaction() as connection:
            connection.execute(_BEGIN, (self._selection, now.isoformat()))
            connection.executemany("INSERT OR REPLACE INTO audited_copy VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def leave_unrecorded(self, now: datetime) -> None:
        """Remember that the run came to its end and the journal could not take its result: nobody stopped it."""
        with self._state.transaction() as connection:
            connection.execute(
                "UPDATE audit_run SET unrecorded_at = ? WHERE selection = ?", (now.isoformat(), self._selection)
            )

    def was_left_unrecorded(self) -> bool:
        """Say whether the run before came to its end so; to be asked before the next begins."""
        rows = self._state.read("SELECT unrecorded_at FROM audit_run WHERE selection = ?", (self._selection,))
        return any(at is not None for (at,) in rows)

    def end(self) -> None:
        """Forget the run: the journal has its results."""
        with self._state.transaction() as connection:
            connection.execute("DELETE FROM audit_run WHERE selection = ?", (self._selection,))


def last_unrecorded(state: WorkingState) -> datetime | None:
    """Return when an audit last came to its end and the journal could not take its result; None where none did."""
    ((at,),) = state.read("SELECT max(unrecorded_at) FROM audit_run")
    return datetime.fromisoformat(str(at)) if at else None
