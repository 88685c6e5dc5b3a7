"""A duty is overdue when it did not end in time, and nobody expects what no clock was ever told to begin."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from preservation.actions.overview.duties import Duty, LastRun, Runs, later, state_of
from preservation.working_state import WorkingState

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
DAY = timedelta(days=1)
AUDIT = Duty("audit", 2)


def is_overdue(
    last: LastRun = LastRun(), *, since: datetime | None = None, under_way: bool = False, duty: Duty = AUDIT
) -> bool:
    return state_of(duty, last, scheduled_since=since, is_under_way=under_way, now=NOW).is_overdue


@pytest.mark.parametrize(("days", "late"), [(0.5, False), (1.9, False), (2.1, True), (400, True)])
def test_what_ended_too_long_ago_is_overdue(days: float, late: bool) -> None:
    assert is_overdue(LastRun(ended_at=NOW - days * DAY), since=NOW - 900 * DAY) is late


def test_what_never_ended_is_overdue_so_many_days_after_its_schedule_was_installed() -> None:
    assert not is_overdue(since=NOW - DAY)
    assert is_overdue(since=NOW - 3 * DAY)
    assert is_overdue(LastRun(begun_at=NOW - DAY / 24, by_clock_at=NOW - DAY / 24), since=NOW - 3 * DAY)


def test_without_a_schedule_nothing_is_expected() -> None:
    assert not is_overdue()
    assert not is_overdue(LastRun(NOW - 9 * DAY, NOW - 9 * DAY))


def test_what_the_clock_once_began_is_expected_though_nobody_remembers_the_schedule() -> None:
    assert is_overdue(LastRun(NOW - 9 * DAY, NOW - 9 * DAY, by_clock_at=NOW - 9 * DAY))
    assert is_overdue(LastRun(NOW - 9 * DAY, None, by_clock_at=NOW - 9 * DAY))


def test_what_is_under_way_or_not_asked_for_is_not_overdue() -> None:
    long_ago = LastRun(ended_at=NOW - 90 * DAY)
    assert not is_overdue(long_ago, since=NOW - 900 * DAY, under_way=True)
    assert not is_overdue(long_ago, since=NOW - 900 * DAY, duty=Duty("audit", 0))


def test_an_end_in_the_future_skips_nothing() -> None:
    assert is_overdue(LastRun(ended_at=NOW + 300 * DAY), since=NOW - 9 * DAY)
    assert not is_overdue(LastRun(ended_at=NOW + DAY / 24), since=NOW - 9 * DAY)


def test_runs_are_remembered_in_the_home_and_the_first_installation_counts(tmp_path: Path) -> None:
    runs = Runs(WorkingState(tmp_path / "work.db"))
    assert (runs.last(), runs.schedules()) == ({}, {})
    runs.end("audit", now=NOW)  # what was never begun did not end
    assert runs.last() == {}
    runs.begin("audit", now=NOW, by_clock=True)
    runs.end("audit", now=NOW + DAY)
    runs.begin("audit", now=NOW + 2 * DAY, by_clock=False)
    assert Runs(WorkingState(tmp_path / "work.db")).last() == {"audit": LastRun(NOW + 2 * DAY, NOW + DAY, NOW)}
    runs.installed("/etc/cron.d", now=NOW)
    runs.installed("/etc/cron.d", now=NOW + DAY)
    assert min(runs.schedules().values()) == NOW


def test_the_later_of_two_moments_is_the_known_one() -> None:
    assert (later(None, NOW), later(NOW, None), later(None, None)) == (NOW, NOW, None)
    assert later(NOW, NOW + DAY) == NOW + DAY


def test_a_restored_home_knows_of_no_schedule_that_another_installed(tmp_path: Path) -> None:
    runs = Runs(WorkingState(tmp_path / "work.db"))
    runs.installed("/etc/systemd/system", now=NOW)
    runs.begin("audit", now=NOW, by_clock=True)

    runs.forget_schedules()

    assert runs.schedules() == {}
    assert runs.last()["audit"].by_clock_at is None
