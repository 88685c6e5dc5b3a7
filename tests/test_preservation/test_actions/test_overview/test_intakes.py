"""What an ingest was asked is remembered until all of it is acknowledged, whatever its folder is called."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from preservation.actions.overview.intakes import Asked, Intakes, wherever
from preservation.working_state import WorkingState

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
ASKED = Asked(Path("/批次/一"), "990001", "b.xlsx!第二张", ("C7=片名",), update=True)


@pytest.fixture
def intakes(tmp_path: Path) -> Intakes:
    return Intakes(WorkingState(tmp_path / "work.db"))


def begin(intakes: Intakes, batch_id: str, asked: Asked, *, minutes: int = 0) -> int:
    return intakes.begin(batch_id, asked, now=NOW + timedelta(minutes=minutes), person="甲")


def unfinished(intakes: Intakes) -> set[str]:
    return {batch_id for batch_id, one in intakes.newest().items() if one.ended_at is None}


def test_what_was_asked_comes_back_word_for_word(intakes: Intakes) -> None:
    begin(intakes, "b1", ASKED)
    (found,) = intakes.newest().values()
    assert (found.asked, found.begun_at, found.ended_at, found.person) == (ASKED, NOW, None, "甲")


def test_a_folder_whose_name_is_no_text_comes_back(intakes: Intakes) -> None:
    folder = Path(os.fsdecode(b"/batches/\xc5\xfa\xb4\xce"))
    number = begin(intakes, "b1", Asked(folder, sheet=os.fsdecode(b"\xc5.csv")))
    intakes.end(number, now=NOW)
    (found,) = intakes.newest().values()
    assert (found.asked.folder, found.asked.sheet, found.ended_at) == (folder, os.fsdecode(b"\xc5.csv"), NOW)


def test_a_batch_that_was_gone_on_with_is_finished_with_its_first_run(intakes: Intakes) -> None:
    begin(intakes, "b1", ASKED)
    intakes.end(begin(intakes, "b1", ASKED, minutes=5), now=NOW)
    assert unfinished(intakes) == set()


def test_an_update_that_was_stopped_is_not_finished_by_a_run_without_updates(intakes: Intakes) -> None:
    begin(intakes, "b1", ASKED)
    intakes.end(begin(intakes, "b1", Asked(ASKED.folder)), now=NOW)
    assert unfinished(intakes) == {"b1"}
    assert intakes.newest()["b1"].asked == ASKED
    intakes.end(begin(intakes, "b1", ASKED), now=NOW)
    assert unfinished(intakes) == set()


def test_what_lay_in_the_folder_before_is_finished_with_what_lies_there_now(intakes: Intakes) -> None:
    begin(intakes, "b1", Asked(ASKED.folder))
    begin(intakes, "b2", Asked(Path("/elsewhere")))
    intakes.end(begin(intakes, "b3", Asked(ASKED.folder)), now=NOW)
    assert unfinished(intakes) == {"b2"}


def test_a_later_run_is_not_finished_by_one_that_ends_after_it_began(intakes: Intakes) -> None:
    first = begin(intakes, "b1", ASKED)
    begin(intakes, "b1", ASKED)
    intakes.end(first, now=NOW)
    assert unfinished(intakes) == {"b1"}


def test_a_sheet_elsewhere_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = tmp_path / "batch"
    batch.mkdir()
    (batch / "in.csv").write_text("x", "utf-8")
    for name in ("out.csv", "in.csv", "odd!name.csv"):
        (tmp_path / name).write_text("x", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert wherever(batch, "out.csv") == str(tmp_path / "out.csv")
    assert wherever(batch, "out.csv!第一张") == f"{tmp_path / 'out.csv'}!第一张"
    assert wherever(batch, "odd!name.csv") == str(tmp_path / "odd!name.csv")
    assert [wherever(batch, one) for one in ("in.csv", "in.csv!二", "二", None)] == ["in.csv", "in.csv!二", "二", None]


def test_a_folder_that_is_forgotten_is_in_no_byte_and_the_ingest_stands(intakes: Intakes, tmp_path: Path) -> None:
    for number in range(20):
        begun = begin(intakes, f"b{number}", Asked(Path(f"/批次/zqcanary{number}"), sheet=f"zqcanary{number}.csv"))
        intakes.end(begun, now=NOW)
    intakes.forget(f"b{number}" for number in range(1, 20))
    intakes.forget(["b0"])
    assert all(one.asked.is_forgotten and one.asked.sheet is None for one in intakes.newest().values())
    assert (len(intakes.newest()), unfinished(intakes)) == (20, set())
    assert b"zqcanary" not in (tmp_path / "work.db").read_bytes()
