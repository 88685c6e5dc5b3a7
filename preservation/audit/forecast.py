"""Forecast of audits: which copies fall due when, whether reading keeps up, how much is covered. Pure: values in, values out.

A copy is promised to be read every ``interval_days``. One that was never read, or was last read in the future (the clock
went back), counts as due now: no clock can skip a copy.
"""

import math
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from preservation.audit.plan import is_due
from preservation.catalogue.anchors import CopyRecord
from preservation.catalogue.upkeep import VerificationMove

DAY = timedelta(days=1)
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class DayLoad:
    """What falls due on one day, counted in whole days from now (0: within the next 24 hours, or overdue already)."""

    day: int
    copies: int
    size_bytes: int


class Outlook(StrEnum):
    """What becomes of the promised interval within the forecast; UNKNOWN until an audit has measured the speed."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StoreForecast:
    """One store's forecast.

    ``days`` is every day of the horizon, overdue copies on the first; a copy falls due again an interval after its day.
    ``later`` is what first falls due after the horizon. ``late_copies`` says for the end of each day how many copies
    were not read in time (empty without a speed). ``broken_at`` is when the first copy is, or was, not read in time.
    ``oldest_verified_at`` is None when a copy was never read.
    """

    store: str
    copies: int
    size_bytes: int
    overdue_copies: int
    overdue_bytes: int
    days: tuple[DayLoad, ...]
    later_copies: int
    later_bytes: int
    bytes_per_second: float | None
    late_copies: tuple[int, ...]
    outlook: Outlook
    broken_at: datetime | None
    oldest_verified_at: datetime | None

    @property
    def longest_day_seconds(self) -> float | None:
        """How long the fullest day's reading takes; None without a speed."""
        if not self.bytes_per_second:
            return None
        return max((load.size_bytes for load in self.days), default=0) / self.bytes_per_second


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """The share of copies (0 to 1) that were found whole within the interval, at a moment."""

    at: datetime
    share: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage as it was, as it will be when audits go on (empty without a speed), and when none is made any more."""

    past: tuple[CoveragePoint, ...]
    with_audits: tuple[CoveragePoint, ...]
    without_audits: tuple[CoveragePoint, ...]


@dataclass(frozen=True, slots=True)
class AuditForecast:
    """What audits have before them, store by store, and the coverage of all copies together."""

    made_at: datetime
    interval_days: int
    stores: tuple[StoreForecast, ...]
    coverage: Coverage

    @property
    def outlook(self) -> Outlook:
        """What becomes of the promise in the worst store."""
        found = {store.outlook for store in self.stores}
        return next((p for p in (Outlook.BROKEN, Outlook.UNKNOWN) if p in found), Outlook.KEPT)

    @property
    def broken_at(self) -> datetime | None:
        """When the promise is first broken; None when it is not known to be."""
        return min((store.broken_at for store in self.stores if store.broken_at), default=None)


def due_day(verified_at: datetime | None, *, now: datetime, interval_days: int) -> int:
    """Return in how many whole days a copy is due: 0 to ``interval_days``, 0 when overdue."""
    if verified_at is None or is_due(verified_at, now, interval_days * DAY):
        return 0
    return (verified_at + interval_days * DAY - now) // DAY


def plan_forecast(
    copies: Iterable[CopyRecord],
    *,
    now: datetime,
    interval_days: int,
    days: int,
    speeds: Mapping[str, float],
    moves: Sequence[VerificationMove] = (),
) -> AuditForecast:
    """Return the forecast of ``days`` days (≥ 1); ``speeds`` are bytes a second by store, ``moves`` the past."""
    tallies: dict[str, _Tally] = {}
    for copy in copies:
        tally = tallies.setdefault(copy.store, _Tally(interval_days))
        tally.add(copy, now)
    stores = tuple(
        _store_forecast(name, tallies[name], now=now, days=days, speed=speeds.get(name)) for name in sorted(tallies)
    )
    past = past_coverage(moves, now=now, interval_days=interval_days, days=days)
    ahead = _with_audits(stores, now) if all(store.bytes_per_second for store in stores) else ()
    return AuditForecast(
        now, interval_days, stores, Coverage((*past, _present(stores, now)), ahead, _without_audits(tallies, now, days))
    )


def past_coverage(
    moves: Sequence[VerificationMove], *, now: datetime, interval_days: int, days: int
) -> tuple[CoveragePoint, ...]:
    """Return the coverage at the end of each of the last ``days`` days before today, from the first copy on."""
    latest: Counter[date] = Counter()
    known = 0
    points: list[CoveragePoint] = []
    waiting = deque(sorted(moves, key=lambda move: move.verified_on))
    for back in range(days, 0, -1):
        at = now - back * DAY
        while waiting and waiting[0].verified_on <= at.date():
            move = waiting.popleft()
            latest[move.verified_on] += move.copies
            if move.previous_on is None:
                known += move.copies
            else:
                latest[move.previous_on] -= move.copies
        if known:
            covered = sum(latest[at.date() - age * DAY] for age in range(interval_days))
            points.append(CoveragePoint(at, min(1.0, max(0.0, covered / known))))
    return tuple(points)


class _Tally:
    """What one store's copies add up to, by the day on which they first fall due."""

    def __init__(self, interval_days: int) -> None:
        self.interval_days = interval_days
        self.copies = [0] * (interval_days + 1)
        self.size_bytes = [0] * (interval_days + 1)
        self.overdue_copies = self.overdue_bytes = 0
        self.broken_at: datetime | None = None
        self.oldest_verified_at: datetime | None = None
        self.never_verified = False

    def add(self, copy: CopyRecord, now: datetime) -> None:
        day = due_day(copy.verified_at, now=now, interval_days=self.interval_days)
        self.copies[day] += 1
        self.size_bytes[day] += copy.size_bytes
        if copy.verified_at is None:
            self.never_verified = True
        else:
            self.oldest_verified_at = min(copy.verified_at, self.oldest_verified_at or copy.verified_at)
        if not is_due(copy.verified_at, now, self.interval_days * DAY):
            return
        self.overdue_copies += 1
        self.overdue_bytes += copy.size_bytes
        since = copy.verified_at + self.interval_days * DAY if copy.verified_at else now
        self.broken_at = min(since, now, self.broken_at or now)

    def loads(self, days: int) -> tuple[DayLoad, ...]:
        loads: list[DayLoad] = []
        for day in range(days):
            again = loads[day - self.interval_days] if day >= self.interval_days else DayLoad(day, 0, 0)
            first = (self.copies[day], self.size_bytes[day]) if day <= self.interval_days else (0, 0)
            loads.append(DayLoad(day, again.copies + first[0], again.size_bytes + first[1]))
        return tuple(loads)


def _store_forecast(name: str, tally: _Tally, *, now: datetime, days: int, speed: float | None) -> StoreForecast:
    loads = tally.loads(days)
    late = _late_copies(loads, speed * _DAY_SECONDS) if speed else ()
    first_late = next((day for day, copies in enumerate(late) if copies), None)
    if tally.overdue_copies:
        outlook, broken_at = Outlook.BROKEN, tally.broken_at
    elif first_late is not None:
        outlook, broken_at = Outlook.BROKEN, now + (first_late + 1) * DAY
    else:
        outlook, broken_at = (Outlook.KEPT if speed else Outlook.UNKNOWN), None
    return StoreForecast(
        store=name,
        copies=sum(tally.copies),
        size_bytes=sum(tally.size_bytes),
        overdue_copies=tally.overdue_copies,
        overdue_bytes=tally.overdue_bytes,
        days=loads,
        later_copies=sum(tally.copies[days:]),
        later_bytes=sum(tally.size_bytes[days:]),
        bytes_per_second=speed,
        late_copies=late,
        outlook=outlook,
        broken_at=broken_at,
        oldest_verified_at=None if tally.never_verified else tally.oldest_verified_at,
    )


def _late_copies(loads: Sequence[DayLoad], bytes_a_day: float) -> tuple[int, ...]:
    """Return how many copies are left unread at the end of each day when the longest due are read first."""
    backlog: deque[tuple[int, float]] = deque()
    late: list[int] = []
    for load in loads:
        backlog.append((load.copies, load.size_bytes))
        left = bytes_a_day
        while backlog and backlog[0][1] <= left:
            left -= backlog.popleft()[1]
        if backlog:
            copies, size_bytes = backlog[0]
            backlog[0] = (math.ceil(copies * (size_bytes - left) / size_bytes), size_bytes - left)
        late.append(sum(copies for copies, _ in backlog))
    return tuple(late)


def _present(stores: Sequence[StoreForecast], now: datetime) -> CoveragePoint:
    return CoveragePoint(now, _share(sum(s.overdue_copies for s in stores), sum(s.copies for s in stores)))


def _with_audits(stores: Sequence[StoreForecast], now: datetime) -> tuple[CoveragePoint, ...]:
    copies = sum(store.copies for store in stores)
    late = [sum(day) for day in zip(*(store.late_copies for store in stores), strict=True)]
    return (
        _present(stores, now),
        *(CoveragePoint(now + day * DAY, _share(n, copies)) for day, n in enumerate(late, 1)),
    )


def _without_audits(tallies: Mapping[str, _Tally], now: datetime, days: int) -> tuple[CoveragePoint, ...]:
    copies = sum(sum(tally.copies) for tally in tallies.values())
    lapsed = sum(tally.overdue_copies for tally in tallies.values())
    points = [CoveragePoint(now, _share(lapsed, copies))]
    for day in range(days):
        lapsed += sum(tally.copies[day] for tally in tallies.values() if day < len(tally.copies))
        lapsed -= sum(tally.overdue_copies for tally in tallies.values()) if day == 0 else 0
        points.append(CoveragePoint(now + (day + 1) * DAY, _share(lapsed, copies)))
    return tuple(points)


def _share(missing: int, of: int) -> float:
    return 1 - min(missing, of) / of if of else 1.0
