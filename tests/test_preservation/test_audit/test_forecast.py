"""The forecast of audits: nothing is lost in it, and it never gets better by itself."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from preservation.audit.forecast import (
    DAY,
    Outlook,
    due_day,
    past_coverage,
    plan_forecast,
)
from preservation.audit.plan import is_due
from preservation.catalogue.anchors import CopyRecord
from preservation.catalogue.upkeep import VerificationMove

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
MOMENTS = st.none() | st.integers(-400 * 86400, 400 * 86400).map(lambda s: NOW + timedelta(seconds=s))
COPIES = st.lists(
    st.builds(
        CopyRecord,
        st.sampled_from(["first", "second"]),
        st.uuids().map(str),
        st.integers(0, 10**12),
        MOMENTS,
    ),
    max_size=40,
)
INTERVALS = st.integers(1, 200)
SPEED = {"first": 10.0, "second": 10.0}


def copies_of(*ages_days: float, size_bytes: int = 1000) -> list[CopyRecord]:
    return [
        CopyRecord("first", str(number), size_bytes, NOW - timedelta(days=age)) for number, age in enumerate(ages_days)
    ]


@given(COPIES, INTERVALS, st.integers(1, 200))
def test_every_copy_is_counted_once_within_an_interval(copies: list[CopyRecord], interval: int, days: int) -> None:
    found = plan_forecast(copies, now=NOW, interval_days=interval, days=min(days, interval), speeds={})
    assert sum(s.copies for s in found.stores) == len(copies)
    for store in found.stores:
        mine = [copy for copy in copies if copy.store == store.store]
        assert sum(load.copies for load in store.days) + store.later_copies == len(mine) == store.copies
        assert sum(load.size_bytes for load in store.days) + store.later_bytes == sum(copy.size_bytes for copy in mine)


@given(MOMENTS, MOMENTS.filter(bool), INTERVALS)
def test_no_copy_is_skipped_when_the_clock_goes_back(
    verified_at: datetime | None, now: datetime, interval: int
) -> None:
    """Whatever the clock says, a copy is due within one interval, and one from the future at once."""
    day = due_day(verified_at, now=now, interval_days=interval)
    assert 0 <= day <= interval
    if verified_at is None or verified_at > now:
        assert day == 0


@given(COPIES, INTERVALS)
def test_overdue_is_what_an_audit_takes_for_due(copies: list[CopyRecord], interval: int) -> None:
    found = plan_forecast(copies, now=NOW, interval_days=interval, days=interval, speeds={})
    due = [copy for copy in copies if is_due(copy.verified_at, NOW, interval * DAY)]
    assert sum(store.overdue_copies for store in found.stores) == len(due)
    assert sum(store.overdue_bytes for store in found.stores) == sum(copy.size_bytes for copy in due)


@given(COPIES, INTERVALS, st.integers(1, 300))
def test_coverage_lies_between_none_and_all_and_only_falls_without_audits(
    copies: list[CopyRecord], interval: int, days: int
) -> None:
    coverage = plan_forecast(copies, now=NOW, interval_days=interval, days=days, speeds=SPEED).coverage
    for series in (coverage.past, coverage.with_audits, coverage.without_audits):
        assert all(0 <= point.share <= 1 for point in series)
        assert [point.at for point in series] == sorted({point.at for point in series})
    shares = [point.share for point in coverage.without_audits]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) == days + 1


@given(COPIES, INTERVALS, st.floats(1, 1e9), st.floats(1, 1e9))
def test_a_faster_store_is_never_later(copies: list[CopyRecord], interval: int, one: float, other: float) -> None:
    slow, fast = sorted([one, other])

    def late(speed: float) -> list[tuple[int, ...]]:
        speeds = {"first": speed, "second": speed}
        found = plan_forecast(copies, now=NOW, interval_days=interval, days=interval, speeds=speeds)
        return [store.late_copies for store in found.stores]

    for slowly, quickly in zip(late(slow), late(fast), strict=True):
        assert all(a >= b for a, b in zip(slowly, quickly, strict=True))


def test_the_promise_is_kept_when_every_day_fits() -> None:
    found = plan_forecast(copies_of(1, 20, 50, 89), now=NOW, interval_days=90, days=90, speeds=SPEED)
    assert found.outlook is Outlook.KEPT
    assert found.broken_at is None
    assert found.stores[0].longest_day_seconds == 100.0


def test_a_day_with_more_than_can_be_read_breaks_the_promise_on_that_day() -> None:
    copies = copies_of(*[80.5] * 9, size_bytes=200_000)  # 1.8 MB due in 9.5 days; a day reads 864,000 bytes
    (store,) = plan_forecast(copies, now=NOW, interval_days=90, days=90, speeds=SPEED).stores
    assert store.outlook is Outlook.BROKEN
    assert store.broken_at == NOW + 10 * DAY
    assert store.late_copies[8:12] == (0, 5, 1, 0)


def test_overdue_copies_mean_that_the_promise_is_broken_since_the_first_of_them() -> None:
    found = plan_forecast(copies_of(10, 95, 91), now=NOW, interval_days=90, days=90, speeds=SPEED)
    assert (found.outlook, found.broken_at) == (Outlook.BROKEN, NOW - 5 * DAY)
    assert found.coverage.past[-1].share == 1 - 2 / 3


def test_without_a_measured_speed_nothing_is_promised() -> None:
    found = plan_forecast(copies_of(10), now=NOW, interval_days=90, days=90, speeds={})
    assert found.outlook is Outlook.UNKNOWN
    assert found.coverage.with_audits == ()


def test_a_copy_falls_due_again_an_interval_after_it_was_read() -> None:
    (store,) = plan_forecast(copies_of(25.5), now=NOW, interval_days=30, days=70, speeds=SPEED).stores
    assert [load.day for load in store.days if load.copies] == [4, 34, 64]


def test_past_coverage_follows_the_days_on_which_copies_were_verified() -> None:
    today = NOW.date()
    moves = [
        VerificationMove(today - 20 * DAY, None, 10),
        VerificationMove(today - 5 * DAY, today - 20 * DAY, 4),
    ]
    shares = {point.at.date(): point.share for point in past_coverage(moves, now=NOW, interval_days=10, days=30)}
    assert today - 21 * DAY not in shares
    assert shares[today - 11 * DAY] == 1.0
    assert shares[today - 10 * DAY] == 0.0
    assert shares[today - 5 * DAY] == shares[today - 1 * DAY] == 0.4
