"""Programs read moments in UTC, people in the time of the place where they are."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from archives.message import message
from cli.frame.listing import listing, local_time, moment

AT = datetime(2026, 11, 25, 23, 30, 5, 123456, tzinfo=UTC)


@pytest.fixture
def shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this place be Shanghai, eight hours ahead of UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("shanghai")
def test_people_read_the_time_of_their_place_and_programs_utc() -> None:
    table, data = listing(message("表", "table"), (moment("at", message("时间", "at"), lambda at: at),), [AT])
    assert table.rows == (("2026-11-26 07:30:05+08:00",),)
    assert data == [{"at": AT.isoformat()}]
    assert local_time(AT) == table.rows[0][0]
