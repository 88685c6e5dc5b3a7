"""When a place is full is foreseen at the pace of the last months, and is not known where no pace is."""

from datetime import date

import pytest

from preservation.actions.overview.room import Room
from preservation.actions.overview.space import Space, foresee_space
from preservation.catalogue.sums.copies import Growth

TODAY = date(2026, 6, 15)
LONG_AGO = date(2020, 1, 1)


def foreseen(rooms: dict[str, Room | None], *growth: Growth, today: date = TODAY) -> dict[str, Space]:
    return {one.name: one for one in foresee_space(rooms, growth, home="", today=today)}


def test_a_store_is_full_when_what_is_free_is_used_up_at_its_pace() -> None:
    found = foreseen({"first": Room(1000, 9000, 1)}, Growth("first", 9000, LONG_AGO))
    assert found["first"] == Space("first", Room(1000, 9000, 1), 100, date(2026, 6, 25))


def test_the_pace_of_a_young_store_is_that_of_its_own_days() -> None:
    found = foreseen({"first": Room(1000, 9000, 1)}, Growth("first", 1000, date(2026, 6, 6)))
    assert found["first"].bytes_a_day == 100


@pytest.mark.parametrize("first", [date(2026, 6, 10), None])
def test_of_a_few_days_no_pace_is_known(first: date | None) -> None:
    found = foreseen({"first": Room(1000, 9000, 1)}, Growth("first", 500 if first else 0, first))
    assert (found["first"].bytes_a_day, found["first"].full_on) == (None, None)


def test_where_nothing_came_of_late_nothing_is_full_soon() -> None:
    found = foreseen({"first": Room(1000, 9000, 1)}, Growth("first", 0, LONG_AGO))
    assert (found["first"].bytes_a_day, found["first"].full_on) == (0, None)


def test_of_a_place_whose_room_is_not_known_nothing_is_foreseen() -> None:
    found = foreseen({"cloud": None}, Growth("cloud", 9000, LONG_AGO))
    assert found["cloud"] == Space("cloud", None, 100, None)


def test_stores_on_one_device_fill_it_together_and_the_home_with_them() -> None:
    rooms: dict[str, Room | None] = dict.fromkeys(("first", "second", ""), Room(1000, 9000, 1))
    rooms["third"] = Room(1000, 9000, 2)
    found = foreseen(rooms, *(Growth(name, 9000, LONG_AGO) for name in ("first", "second", "third")))
    assert {name: one.bytes_a_day for name, one in found.items()} == {
        "first": 200,
        "second": 200,
        "third": 100,
        "": 200,
    }


def test_a_home_alone_on_its_device_grows_by_what_nobody_tells() -> None:
    found = foreseen({"first": Room(1000, 9000, 1), "": Room(1000, 9000, 2)}, Growth("first", 9000, LONG_AGO))
    assert (found[""].bytes_a_day, found[""].full_on) == (None, None)


def test_a_pace_that_fills_nothing_before_the_calendar_ends_is_no_day() -> None:
    found = foreseen({"first": Room(1 << 60, 1 << 60, 1)}, Growth("first", 90, LONG_AGO))
    assert (found["first"].bytes_a_day, found["first"].full_on) == (1, None)
