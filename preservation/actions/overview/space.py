"""When places for copies will be full, at the pace of the last months. Pure: values in, values out.

What grows is what the journal says that stores received; catalogue and indexes are not counted, and copies that left are
not subtracted. Stores on one device fill it together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from preservation.actions.overview.room import Room
from preservation.catalogue.sums.copies import Growth

PACE_DAYS = 90
_LEAST_DAYS = 7
"""A pace is only known when copies have come for so many days."""


@dataclass(frozen=True, slots=True)
class Space:
    """The room of a place, and when it will be full.

    ``room`` is None where it cannot be known (object storage, a store that is away); ``bytes_a_day`` is None where no pace
    is known; ``full_on`` is None where it is not foreseen: no pace is known, or nothing comes.
    """

    name: str
    room: Room | None
    bytes_a_day: int | None
    full_on: date | None


def foresee_space(
    rooms: Mapping[str, Room | None], growth: Sequence[Growth], *, home: str, today: date
) -> tuple[Space, ...]:
    """Return the space of every place in the order of ``rooms``; ``home`` is the one in which nothing the journal tells of grows.

    It is only foreseen where a store lies on its device.
    """
    paces = {one.store: _pace(one, today) for one in growth}
    answer = []
    for name, room in rooms.items():
        beside = [other for other, its in rooms.items() if room and its and its.device == room.device and other != home]
        known = [paces.get(other) for other in (beside or ([name] if name != home else []))]
        pace = sum(one for one in known if one is not None) if any(one is not None for one in known) else None
        answer.append(Space(name, room, pace, _full_on(room, pace, today)))
    return tuple(answer)


def _pace(growth: Growth, today: date) -> int | None:
    days = min(PACE_DAYS, (today - growth.first).days + 1) if growth.first else 0
    return growth.size_bytes // days if days >= _LEAST_DAYS else None


def _full_on(room: Room | None, pace: int | None, today: date) -> date | None:
    if room is None or not pace:
        return None
    days = room.free_bytes // pace
    return today + timedelta(days=days) if days < (date.max - today).days else None
