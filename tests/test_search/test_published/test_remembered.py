"""What is remembered of what is published holds for one state of it: closing, publishing and a day's end change that."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from search.published.lists import pages
from search.published.lists.remembered import Remembered
from search.published.marks import code_mark
from search.published.views import PublishedViews
from search.published.views_file import for_reading
from tests.test_search.test_doors.test_portal import make_view


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[PublishedViews]:
    with closing(PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1))) as views:
        for number in "123":
            views.put(replace(make_view(number), opened=date(2025, 3, 1)))
        yield views


class Clock:
    """A day that a test can let pass."""

    day = date(2026, 1, 1)


@pytest.fixture
def reader(tmp_path: Path, writer: PublishedViews) -> Iterator[PublishedViews]:
    with closing(PublishedViews(tmp_path / "public.db", today=lambda: Clock.day, opened=for_reading)) as views:
        assert shown(views) == ["1", "2", "3"]
        yield views


def shown(views: PublishedViews) -> list[str]:
    """Return what is listed and can be read, asked twice: the second time from memory."""
    for _ in range(2):
        listed = pages.recent(views, offset=0, limit=9)
        assert [line.view_id for line in views.lines(listed)] == listed
        assert [one for one in "123456" if views.get_by_id(one)] == sorted(listed)
        assert sum(one[3] for one in views.repositories()) == len(listed)
    return sorted(listed)


def test_what_another_process_publishes_and_takes_back_is_seen_at_once(
    writer: PublishedViews, reader: PublishedViews
) -> None:
    writer.put(replace(make_view("4"), opened=date(2025, 3, 1)))
    assert shown(reader) == shown(writer) == ["1", "2", "3", "4"]
    writer.remove("1")
    assert shown(reader) == shown(writer) == ["2", "3", "4"]


@pytest.mark.parametrize("on_code", [False, True])
def test_a_mark_closes_what_is_remembered_too(writer: PublishedViews, reader: PublishedViews, on_code: bool) -> None:
    view = reader.get_by_id("2")
    assert view
    mark = code_mark(view.repository, view.code_key) if on_code else "2"
    writer.marks.put(mark)
    assert shown(reader) == ["1", "3"]
    writer.marks.remove(mark)
    assert shown(reader) == ["1", "2", "3"]


def test_a_day_ends_what_is_remembered_too(
    writer: PublishedViews, reader: PublishedViews, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.put(replace(make_view("3"), opened=date(2025, 3, 1), until=date(2026, 1, 2)))
    assert shown(reader) == ["1", "2", "3"]
    monkeypatch.setattr(Clock, "day", date(2026, 1, 2))
    assert shown(reader) == ["1", "2"]


def test_a_list_is_read_once_as_long_as_nothing_changes(
    reader: PublishedViews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_asked", lambda *_: pytest.fail("the file is asked again"))
    assert shown(reader) == ["1", "2", "3"]


def test_nothing_is_kept_of_what_was_worked_out_while_the_state_changed() -> None:
    states = iter((1, 2, 1, 1, 1, 1))
    remembered, made = Remembered(2, lambda: next(states)), iter("xyz")
    assert [remembered.get("a", made.__next__) for _ in range(3)] == ["x", "y", "y"]


def test_no_more_is_kept_than_may_be_and_nothing_large() -> None:
    remembered, made = Remembered(3, lambda: 0), list[int]()

    def make(number: int) -> int:
        made.append(number)
        return number

    for number in (1, 2, 3, 1, 4, 4, 99, 99):
        remembered.get(number, lambda number=number: make(number), is_small=lambda value: value < 10)  # type: ignore[misc] # one is given
    assert made == [1, 2, 3, 4, 99, 99]
    for number in (1, 5, 3, 1, 4):
        remembered.get(number, lambda number=number: make(number))  # type: ignore[misc] # as before
    assert made[6:] == [5, 3, 4], "what was asked for longest ago goes first"


def test_a_failure_of_the_file_is_told_and_not_remembered(reader: PublishedViews, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "public.db")) as file:
        file.execute("ALTER TABLE line RENAME TO other")
    for _ in range(2):
        with pytest.raises(Exception, match=r"rebuild|cannot be used|公开库"):
            pages.recent(reader, offset=0, limit=9)
    with closing(sqlite3.connect(tmp_path / "public.db")) as file:
        file.execute("ALTER TABLE other RENAME TO line")
    assert shown(reader) == ["1", "2", "3"]
