"""What the catalogue adds up to is counted: holdings by level, what nothing was decided about, what is old enough to open."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archives.journal.facts import OpeningDecided
from archives.record.dates.parse import parse_record_date
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision
from archives.units.state import State
from archives.units.unit import Level, Unit
from ingest.workflow import ingest
from preservation.archive import Archive
from preservation.catalogue.sums.holdings import LevelSum, ToReview, holdings_of, next_change, to_review
from tests.support.files import docx_bytes
from tests.support.intake import CODE, batch, planned, record, small_archive, workplace
from tests.test_preservation.test_actions.test_units.test_describing import new, say, unit

UNTIL = date(2001, 1, 2)
DECIDED = OpeningDecision(
    Conclusion.OPEN, "依据", "", "甲", "乙", date(2026, 1, 1), date(2026, 2, 1), None, OnlineScope.FULL_TEXT
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with small_archive(tmp_path / "archive") as opened:
        yield opened


def of(number: int, formed: str, *, level: Level = Level.ITEM, state: State = State.HELD) -> Unit:
    """Return a unit that was formed at a time, written as catalogues write it."""
    plain = unit(number, level=level)
    return replace(plain, description=replace(plain.description, formed=parse_record_date(formed)), state=state)


def decide(archive: Archive, unit_id: str, code: str, decision: OpeningDecision = DECIDED) -> None:
    archive.begin_writing()
    archive.vault.ledger.append([OpeningDecided("990001", code, decision, package_id=unit_id)])
    archive.refresh()


def test_units_are_counted_by_fonds_and_level_with_content_and_without(archive: Archive, tmp_path: Path) -> None:
    say(archive, new(unit(0, level=Level.FILE, code="J019-2-0015"), unit(1), of(2, "1980", state=State.MISSING)))
    with workplace(tmp_path, archive=archive) as place:
        plan = batch(tmp_path / "batch", record(planned(tmp_path / "batch/a.docx", data=docx_bytes())))
        list(ingest(plan, place, progress=lambda _: None))
        archive.refresh()
        assert holdings_of(archive.catalogue.fold.engine) == (
            LevelSum("990001", "J019", Level.FILE, 1, 0, 0),
            LevelSum("990001", "J019", Level.ITEM, 2, 0, 1),
            LevelSum("990001", CODE[:4], Level.ITEM, 1, 1, 0),
        )


@pytest.mark.parametrize("state", [State.HANDED_ON, State.DESTROYED, State.TAKEN_BACK])
def test_what_is_not_held_any_more_is_not_counted(archive: Archive, state: State) -> None:
    say(archive, new(of(1, "1980", state=state)))
    engine = archive.refresh().fold.engine
    assert holdings_of(engine) == ()
    assert to_review(engine, formed_until=UNTIL) == ()


def test_what_was_formed_twenty_five_years_ago_is_due_by_its_last_day(archive: Archive) -> None:
    volumes = [
        of(1, "19990104-20010102", level=Level.FILE),
        of(2, "19990104-20010103", level=Level.FILE),
        of(3, "1999", level=Level.FILE),
        of(4, "不详", level=Level.FILE),
        unit(5, level=Level.FILE),
        of(6, "1980", level=Level.SERIES),
    ]
    say(archive, new(*volumes))
    assert to_review(archive.refresh().fold.engine, formed_until=UNTIL) == (ToReview(Level.FILE, 5, 2, 2),)


def test_what_something_was_decided_about_waits_for_no_review(archive: Archive) -> None:
    say(archive, new(of(1, "1980"), of(2, "1981")))
    assert to_review(archive.refresh().fold.engine, formed_until=UNTIL) == (ToReview(Level.ITEM, 2, 2, 0),)
    decide(archive, unit(1).unit_id, "J019-2-0015-001")
    assert to_review(archive.catalogue.fold.engine, formed_until=UNTIL) == (ToReview(Level.ITEM, 1, 1, 0),)
    decide(archive, "", "J019-2-0015-002")  # as decisions were written before units had identifiers
    assert to_review(archive.catalogue.fold.engine, formed_until=UNTIL) == ()


def test_the_next_day_on_which_anything_opens_or_closes_is_told(archive: Archive) -> None:
    say(archive, new(of(1, "1980")))
    engine = archive.refresh().fold.engine
    assert next_change(engine, date(2026, 1, 1)) is None
    decide(archive, unit(1).unit_id, "J019-2-0015-001", replace(DECIDED, closes_on=date(2040, 1, 1)))
    assert next_change(engine, date(2026, 1, 31)) == date(2026, 2, 1)
    assert next_change(engine, date(2026, 2, 1)) == date(2040, 1, 1)
