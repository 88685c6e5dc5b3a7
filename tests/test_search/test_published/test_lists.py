"""Lists follow what is published: the day of the decision about what is open moves them, and nothing else."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from archives.record.rights import Conclusion, OpeningDecision, Withdrawal, opened_on
from search.published.lists import counts
from search.published.lists.counts import Counts
from search.published.lists.pages import recent
from search.published.views import PublishedViews
from tests.test_search.test_published.test_publish import Setting, Source, decision, in_a_volume, make_holding


def test_a_decision_about_what_is_closed_moves_nothing_that_is_open(tmp_path: Path) -> None:
    setting = Setting(tmp_path / "public")
    early, late = (decision(opens=date(2025, month, 1)) for month in (3, 9))
    volume = replace(in_a_volume("FM", ()), decisions=(early,), approved="", reviewed="")
    source = Source(volume, make_holding(2, 2, late))
    setting.follow(source)
    before = recent(setting.public.views, offset=0, limit=9)
    assert before == [source.holdings[1].unit_id, volume.unit_id]
    source.holdings[0] = replace(volume, sequence=9)  # as a decision about a closed item of it makes it
    setting.follow(source)
    assert setting.public.views.stored(volume.unit_id).sequence == 9  # type: ignore[union-attr]
    assert recent(setting.public.views, offset=0, limit=9) == before
    assert counts.openings(setting.public.views, "990001", offset=0, limit=9) == [
        (date(2025, 9, 1), Counts(0, 1)),
        (date(2025, 3, 1), Counts(1, 0)),
    ]


def test_a_record_was_opened_on_the_day_of_the_decision_that_opens_it() -> None:
    def opening(reviewed: date, opens: date | None) -> OpeningDecision:
        return replace(decision(opens=opens), reviewed_on=reviewed)

    first, today = date(2020, 1, 1), date(2026, 1, 1)
    assert opened_on(today, [opening(first, date(2021, 1, 1))]) == date(2021, 1, 1)
    assert opened_on(today, [opening(date(2022, 1, 1), date(2021, 1, 1))]) == date(2022, 1, 1)
    assert opened_on(today, [opening(first, first), opening(first, date(2024, 1, 1))]) == date(2024, 1, 1)
    assert opened_on(today, [opening(first, first), Withdrawal("", takes_effect_on=date(2027, 1, 1))]) == first
    closings: list[list[OpeningDecision | Withdrawal]] = [
        [opening(first, None)],
        [opening(first, date(2027, 1, 1))],
        [opening(first, first), Withdrawal("误")],
        [opening(first, first), decision(conclusion=Conclusion.CLOSED)],
        [],
    ]
    for closed in closings:
        assert opened_on(today, closed) is None


def test_a_file_of_before_gets_its_lines_and_every_day_of_opening(tmp_path: Path) -> None:
    setting, source = (
        Setting(tmp_path / "public"),
        Source(make_holding(1, 1, decision()), make_holding(2, 2, decision())),
    )
    setting.follow(source)
    setting.public.views.close()
    path = tmp_path / "public" / "public.db"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("DROP TABLE line")
        file.execute("UPDATE view SET value = json_remove(value, '$.opened')")
        file.execute("PRAGMA user_version = 1")
    opened = PublishedViews(path, today=lambda: date(2026, 1, 1))
    assert counts.number_of_all(opened) == 2
    assert recent(opened, offset=0, limit=9) == []
    opened.close()
    again = Setting(tmp_path / "public")
    again.follow(source)
    assert len(recent(again.public.views, offset=0, limit=9)) == 2


def test_a_line_goes_with_its_view_and_leaves_no_byte(tmp_path: Path) -> None:
    setting = Setting(tmp_path / "public")
    source = Source(make_holding(1, 1, decision()))
    setting.follow(source)
    source.holdings[0] = make_holding(1, 2, decision(), Withdrawal("误"))
    setting.follow(source)
    assert counts.number_of_all(setting.public.views) == 0
    setting.public.views.close()
    assert b"canarytitle" not in setting.raw()
