"""What is to run by the clock, when it last came to its end, and whether it is overdue.

A run that ends is remembered in ``work.db``; the journal has audits and drills besides, so that a home that lost its
working state does not take them for absent. That a command is under way is told by a lock, which goes with its process.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from preservation.working_state import WorkingState

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """What is to come to its end at least every so many days; 0 days ask for nothing."""

    name: str
    within_days: int


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a duty was last begun, when it last came to its end, when the clock last began it; None: not known to have been."""

    begun_at: datetime | None = None
    ended_at: datetime | None = None
    by_clock_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DutyState:
    """How a duty stands. ``due_at`` is when it has to have ended again; None where nobody expects it to.

    Nobody does where no schedule is known of and the clock never began it.
    """

    duty: Duty
    last: LastRun
    due_at: datetime | None
    is_under_way: bool
    is_overdue: bool


def state_of(
    duty: Duty, last: LastRun, *, scheduled_since: datetime | None, is_under_way: bool, now: datetime
) -> DutyState:
    """Return how a duty stands.

    One that never ended is due so many days after a schedule was installed. One that ended in the future (the clock went
    back) counts as one that never did: no clock can skip it.
    """
    ended = last.ended_at if last.ended_at and last.ended_at <= now + _DAY else None
    since = ended or scheduled_since or last.by_clock_at
    is_expected = duty.within_days > 0 and (scheduled_since is not None or last.by_clock_at is not None)
    due_at = since + duty.within_days * _DAY if is_expected and since else None
    return DutyState(duty, last, due_at, is_under_way, due_at is not None and due_at < now and not is_under_way)


class Runs:
    """What is remembered of runs and of schedules that were installed."""

    def __init__(self, work: WorkingState) -> None:
        self._work = work

    def begin(self, name: str, *, now: datetime, by_clock: bool) -> None:
        """Remember that a duty was begun."""
        moment = now.isoformat()
        with self._work.transaction() as connection:
            connection.execute(
                "INSERT INTO duty (name, begun_at, by_clock_at) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET"
                " begun_at = ?2, by_clock_at = coalesce(?3, by_clock_at)",
                (name, moment, moment if by_clock else None),
            )

    def end(self, name: str, *, now: datetime) -> None:
        """Remember that a duty came to its end."""
        with self._work.transaction() as connection:
            connection.execute("UPDATE duty SET ended_at = ? WHERE name = ?", (now.isoformat(), name))

    def last(self) -> Mapping[str, LastRun]:
        """Return the last runs, by the names of duties."""
        rows = self._work.read("SELECT name, begun_at, ended_at, by_clock_at FROM duty")
        return {str(name): LastRun(*map(_moment, moments)) for name, *moments in rows}

    def installed(self, place: str, *, now: datetime) -> None:
        """Remember that a schedule was written to a place; the first time counts."""
        with self._work.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO schedule VALUES (?, ?)", (place, now.isoformat()))

    def forget_schedules(self) -> None:
        """Forget which schedules were installed and what they began: they begin the jobs of the home before, not of this one."""
        with self._work.transaction() as connection:
            connection.execute("DELETE FROM schedule")
            connection.execute("UPDATE duty SET by_clock_at = NULL")

    def schedules(self) -> dict[str, datetime]:
        """Return the places to which a schedule was written, each with when that was first done."""
        rows = self._work.read("SELECT place, installed_at FROM schedule")
        return {str(place): datetime.fromisoformat(str(at)) for place, at in rows}


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two moments that may not be known."""
    return max((at for at in (one, other) if at is not None), default=None)


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
