"""The state of an archive on one screen: what is held, what waits, what is missing, what should have run, what is next due."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from archives.message import Message
from preservation.actions.overview.batches import Batch, BatchState, all_batches
from preservation.actions.overview.duties import DutyState
from preservation.actions.overview.room import Room
from preservation.actions.overview.space import PACE_DAYS, Space, foresee_space
from preservation.archive import Archive
from preservation.audit.remembered import last_unrecorded
from preservation.audit.unread import unread_places
from preservation.audit.verdicts import Mending, Verdict
from preservation.catalogue.holdings.holding_rows import perhaps_changed
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from preservation.catalogue.sums.copies import CopySum, copies_of, damaged_elsewhere, growth_of, without_good_copy
from preservation.catalogue.sums.holdings import LevelSum, ToReview, holdings_of, next_change, to_review
from preservation.catalogue.sums.open_findings import open_by_kind
from preservation.catalogue.upkeep import PastAudit, PastDrill
from preservation.stores.presence import StorePresence
from preservation.stores.promise import told_amiss

_LOOKED_AT = 100
_TO_REPLACE = [one.value for one in Verdict if one.is_damage and one.mending is Mending.REPLACE]
_NOT_DONE = (BatchState.UNDER_WAY, BatchState.UNFINISHED)
OPENED_AFTER_YEARS = 25
"""《中华人民共和国档案法》(2020) 第二十七条: archives are opened twenty-five years after they were formed, unless kept closed."""
HOME = ""
"""The name under which the room of the home stands among those of stores, which have none like it."""


@dataclass(frozen=True, slots=True)
class Status:
    """How an archive stands.

    ``review``: what nothing was decided about; due of it is what was formed by ``formed_until``. ``changed``: units that
    were opened and are not any more what was reviewed, or, where that is not exact, as many as may be so. ``damaged`` files are open, also in stores that are no longer
    set, and ``hopeless`` of them damaged in every store; ``stores`` are all that are set, whether they are there or not. ``to_read`` is by when the longest unread copy of each
    store has to be read again. ``unused`` says that fewer copies are promised than there are stores, or more, ``is_behind`` that stores go on
    with entries that this home signed and does not know. ``unread`` is what audits could not read (store and path), ``unrecorded`` when
    one ended after the last that the journal knows of.
    """

    on: date
    holdings: tuple[LevelSum, ...]
    fonds: Mapping[tuple[str, str], str]
    review: tuple[ToReview, ...]
    formed_until: date
    changed: int
    changed_is_exact: bool
    next_change: date | None
    findings: Mapping[str, int]
    batches: tuple[Batch, ...]
    received: int
    copies: tuple[CopySum, ...]
    damaged: int
    hopeless: int
    stores: tuple[StorePresence, ...]
    away: tuple[str, ...]
    last_audit: PastAudit | None
    last_drill: PastDrill | None
    duties: tuple[DutyState, ...]
    spaces: tuple[Space, ...]
    to_read: tuple[tuple[str, date], ...]
    is_dark: bool
    retired_at: str
    unused: tuple[Message, ...]
    is_behind: bool = False
    unread: tuple[tuple[str, str], ...] = ()
    unrecorded: datetime | None = None


def status_of(
    archive: Archive,
    *,
    interval_days: int,
    duties: Sequence[DutyState],
    room_of: Callable[[Path], Room | None],
) -> Status:
    """Return how an archive stands, from counts of its catalogue brought up to date.

    ``room_of`` says how much room there is at a folder; no store that is away is asked.
    """
    catalogue, today = archive.refresh(), archive.world.today()
    engine, promise = catalogue.fold.engine, archive.vault.promise
    names = [store.name for store in archive.vault.stores]
    seen = tuple(archive.presence(store) for store in archive.vault.stores)
    interval = timedelta(days=interval_days)
    online = [name for name in names if name not in promise.offline]
    due = {*online[: promise.copies], *promise.offline}
    since = archive.world.now() - interval
    copies = copies_of(engine, names, due=due, sealed=promise.sealed, read_since=since)
    batches, last_audit, unrecorded = all_batches(archive), catalogue.upkeep.last_audit(), last_unrecorded(archive.work)
    until, holdings = formed_until(today), holdings_of(engine)
    changed, is_exact = _changed(archive)
    return Status(
        on=today,
        holdings=holdings,
        fonds={(one.repository.value, one.number): one.name for one in catalogue.fonds()},
        review=to_review(engine, holdings, formed_until=until),
        formed_until=until,
        changed=changed,
        changed_is_exact=is_exact,
        next_change=next_change(engine, today),
        findings=open_by_kind(engine),
        batches=tuple(one for one in batches if one.state in _NOT_DONE),
        received=len(batches),
        copies=copies,
        damaged=sum(one.damaged for one in copies) + damaged_elsewhere(engine, names),
        hopeless=without_good_copy(engine, _TO_REPLACE),
        stores=seen,
        away=tuple(one.store.name for one in seen if not one.is_there and one.store.name not in promise.sealed),
        last_audit=last_audit,
        last_drill=catalogue.upkeep.last_drill(),
        duties=tuple(duties),
        spaces=_spaces(archive, seen, room_of),
        to_read=tuple(
            (one.store, (one.oldest + interval).date())
            for one in copies
            if one.oldest and one.store not in promise.sealed
        ),
        unused=told_amiss(promise, names),
        is_dark=archive.memory.is_there and archive.memory.is_dark,
        is_behind=archive.vault.ledger.is_behind(),
        unread=unread_places(archive.work, names),
        unrecorded=None if unrecorded and last_audit and last_audit.at > unrecorded else unrecorded,
        retired_at=archive.memory.retired_at if archive.memory.is_there else "",
    )


def formed_until(today: date) -> date:
    """Return the last day of formation of what is twenty-five years old today; of 29 February the day before counts."""
    year = today.year - OPENED_AFTER_YEARS
    is_leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=year, day=28) if is_leap_day else today.replace(year=year)


def _spaces(
    archive: Archive, seen: Sequence[StorePresence], room_of: Callable[[Path], Room | None]
) -> tuple[Space, ...]:
    rooms: dict[str, Room | None] = {}
    for one in seen:
        folder = one.store.properties.folder
        rooms[one.store.name] = room_of(folder) if folder is not None and one.is_there else None
    rooms[HOME] = room_of(archive.folder)
    today = archive.world.today()
    growth = growth_of(archive.catalogue.fold.engine, list(rooms), since=today - timedelta(days=PACE_DAYS))
    return foresee_space(rooms, growth, home=HOME, today=today)


def _changed(archive: Archive) -> tuple[int, bool]:
    """Return how many opened units wait for another review, and whether that is exact: of many, no more than this many do."""
    with archive.catalogue.fold.engine.connect() as connection:
        perhaps = len(set(connection.scalars(perhaps_changed())))
    if perhaps > _LOOKED_AT:
        return perhaps, False
    return (sum(1 for _ in UnitHoldings(archive.catalogue).waiting()) if perhaps else 0), True
