"""The state of an archive fits on a screen in either language, and whatever needs a person says which command comes next."""

import errno
import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from rich.cells import cell_len

from archives.message import Language
from archives.units.unit import Level
from cli import wiring
from cli.commands.operate.needs import needs_of, shown
from cli.commands.operate.screen import WIDTH, screen
from cli.upkeep.duties import AUDIT, CHECKPOINT, DRILL, INDEXES, OPENING, duties_of
from preservation.actions.overview.batches import Batch, BatchState
from preservation.actions.overview.duties import Duty, LastRun, state_of
from preservation.actions.overview.room import Room
from preservation.actions.overview.space import Space
from preservation.actions.overview.status import HOME, Status, formed_until, status_of
from preservation.catalogue.sums.copies import CopySum
from preservation.catalogue.sums.holdings import LevelSum, ToReview
from tests.support.command_line import Jinkui, Prepared
from tests.support.homes import fill, quiet

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
MOST_LINES = 40


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", "--kind", "馆")
    fill(jinkui.home, 1, 2)


@pytest.fixture
def jinkui(
    prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Jinkui:
    monkeypatch.setattr(wiring, "unit_folders", lambda _: ())
    return prepared.copy(founded, tmp_path, capsys)


@pytest.fixture
def nothing(jinkui: Jinkui) -> Status:
    """Give the state of a home of which everything can be replaced."""
    home = quiet(jinkui.home)
    return status_of(home.archive, interval_days=90, duties=duties_of(home), room_of=wiring.room_at)


def crowded(nothing: Status) -> Status:
    """Return a state with as much in it as there can be."""
    fonds = [f"J{number:03}" for number in range(40)]
    batches = [Batch(f"{number:024}", BatchState.UNFINISHED, None, None, None) for number in range(9)]
    duties = [
        state_of(
            Duty(name, 2), LastRun(), scheduled_since=NOW - timedelta(days=9), is_under_way=False, now=NOW
        )
        for name in (AUDIT, CHECKPOINT, OPENING, DRILL, INDEXES)
    ]  # fmt: skip
    return replace(
        nothing,
        holdings=tuple(
            LevelSum("990001", one, level, 123_456, 12_345, 7) for one in fonds for level in Level
        ),
        fonds={("990001", one): "岭澜省水利电力厅建设委员会办公室（临时机构）" for one in fonds},
        review=(ToReview(Level.ITEM, 123_456_789, 123_456_789, 12_345_678),),
        changed=1234,
        changed_is_exact=False,
        next_change=date(2026, 7, 1),
        findings={f"a-rather-long-code-{number}": 123_456 for number in range(9)},
        batches=tuple(batches),
        copies=tuple(CopySum(f"store-{number}", 123_456_789, 1, 12_345, 1_234, None, 5) for number in range(9)),
        damaged=45,
        away=tuple(f"store-{number}" for number in range(9)),
        duties=tuple(duties),
        spaces=(*(Space(f"a-long-name-{number}", Room(1, 100, 1), 1, date(2026, 6, 20)) for number in range(9)),
                Space(HOME, Room(1, 100, 1), 1, date(2026, 6, 20))),
        to_read=tuple((f"store-{number}", date(2026, 8, 1)) for number in range(9)),
        is_dark=True,
        retired_at=NOW.isoformat(),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_state_with_as_much_in_it_as_can_be_fits_on_a_screen(nothing: Status, language: Language) -> None:
    status = crowded(nothing)
    needs = shown(needs_of(status))
    lines = [line.plain for line in screen(status, needs, NOW, language)]
    assert len(lines) <= MOST_LINES
    assert max(map(cell_len, lines)) <= WIDTH
    for need in needs:
        assert any(line.endswith(f"→ {need.command}") for line in lines), need.command


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_an_ordinary_state_is_cut_short(nothing: Status, language: Language) -> None:
    status = crowded(nothing)
    few = {"file-without-row": 1_234, "code-unreadable": 12}
    ordinary = replace(status, findings=few, fonds={}, copies=status.copies[:2], spaces=status.spaces[-1:], away=())
    lines = [line.plain for line in screen(ordinary, needs_of(ordinary), NOW, language)]
    assert [line for line in lines if "…" in line and "reason" not in line] == []


def test_fonds_beyond_ten_are_summed_up(nothing: Status) -> None:
    status = crowded(nothing)
    lines = [line.plain for line in screen(status, (), NOW, "en")]
    (others,) = [line for line in lines if "30 other fonds" in line]
    assert f"{30 * 123_456:,}" in others
    assert sum(line.startswith("  J0") for line in lines) == 10


def test_what_is_next_due_is_the_nearest_that_is_not_late_already(nothing: Status) -> None:
    status = replace(crowded(nothing), on=date(2026, 6, 15))
    (line,) = [line.plain for line in screen(status, (), NOW, "en") if line.plain.startswith("next due")]
    assert line.startswith("next due: an opening or closing by 2026-07-01")
    assert "audit" not in line
    assert line.endswith("; 9 more: --json")
    few = replace(status, to_read=status.to_read[:1])
    (line,) = [line.plain for line in screen(few, (), NOW, "en") if line.plain.startswith("next due")]
    assert line == "next due: an opening or closing by 2026-07-01, copies of store-0 to read by 2026-08-01"


def test_what_needs_a_person_ends_with_twelve_and_nothing_with_zero(jinkui: Jinkui, tmp_path: Path) -> None:
    told = jinkui("status", code=12)
    assert "jinkui schedule install" in told
    jinkui("schedule", "install", "--into", str(tmp_path))
    assert "nothing needs a person" in jinkui("status")
    assert "无须处理" in jinkui("status", lang="zh")
    (jinkui.home / "stores/second").rename(jinkui.home / "away")
    found = jinkui.json("status", code=12)
    assert [one["command"] for one in found["needs"]] == ["jinkui store check"]
    assert (found["away"], found["copies"][1]["copies"]) == (["second"], 2)


def test_every_command_that_is_named_is_one_there_is(nothing: Status) -> None:
    from cli.commands.table import TABLE
    from cli.frame.commands import Group

    names = {(one.name, row.name) for one in TABLE if isinstance(one, Group) for row in one.rows}
    alone = {one.name for one in TABLE}
    for need in needs_of(crowded(nothing)):
        jinkui, first, *rest = need.command.split()
        assert jinkui == "jinkui"
        assert first in alone
        assert not rest or rest[0].startswith("-") or (first, rest[0]) in names


def test_damage_owed_copies_and_late_ones_are_told_with_their_commands(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("schedule", "install", "--into", str(tmp_path))
    page = next((jinkui.home / "stores/first").rglob("page.bin"))
    page.write_bytes(b"\x01" + page.read_bytes()[1:])
    jinkui("audit", code=12)
    jinkui("store", "add", "third", "--path", str(tmp_path / "third"))
    found = jinkui.json("status", code=12)
    assert [one["command"] for one in found["needs"]] == ["jinkui repair", "jinkui replicate"]
    assert {one["store"]: (one["owed"], one["damaged"]) for one in found["copies"]} == {
        "first": (0, 1),
        "second": (0, 0),
        "third": (2, 0),
    }
    assert found["last_audit"]["problems"] == 1


def test_the_report_has_a_sheet_of_each_part_and_the_document_all_of_it(jinkui: Jinkui, tmp_path: Path) -> None:
    found: dict[str, Any] = json.loads(jinkui("status", "--json", "--report", str(tmp_path / "status.xlsx"), code=12))
    book = load_workbook(tmp_path / "status.xlsx")
    assert len(book.worksheets) == 8
    assert book.sheetnames[:2] == ["1 holdings", "2 not reviewed"]
    heads = [[cell.value for cell in next(sheet.iter_rows())] for sheet in book.worksheets]
    assert heads[0][:4] == ["repository", "fonds", "level", "units"]
    assert {"holdings", "opening", "findings", "batches", "copies", "duties", "room", "needs"} <= found.keys()
    assert found["opening"]["due_after_years"] == 25
    assert [one["store"] for one in found["room"]] == ["first", "second", None]


def test_records_are_due_on_the_day_on_which_they_are_twenty_five() -> None:
    assert formed_until(date(2026, 11, 26)) == date(2001, 11, 26)
    assert formed_until(date(2028, 2, 29)) == date(2003, 2, 28)


def test_daily_work_is_counted_and_not_called_nothing(nothing: Status) -> None:
    quiet_one = replace(nothing, review=(), findings={})
    assert [one.plain for one in screen(quiet_one, (), NOW, "en")][-1] == "nothing needs a person"
    busy = replace(nothing, review=(ToReview(Level.ITEM, 4, 3, 0),), findings={"a": 2})
    assert [one.plain for one in screen(busy, (), NOW, "en")][-1] == (
        "nothing is pressing; daily work: due 3 (jinkui opening due), findings 2 (jinkui findings list)"
    )


def test_damage_is_said_to_be_of_which_audit_when_a_later_one_could_not_be_recorded(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    page = next((jinkui.home / "stores/second").rglob("original/data/*.bin"))
    whole = page.read_bytes()
    page.write_bytes(whole[:-1])
    jinkui("audit", code=12)
    assert "by the audit of" not in needs_said(jinkui)["jinkui repair"]
    page.write_bytes(whole)
    (jinkui.home / "stores/first").rename(tmp_path / "away")
    assert jinkui.json("audit", code=9)["copies"][0]["verdict"] == "NOT_CHECKED"
    said = needs_said(jinkui)["jinkui repair"]
    assert said.startswith("1 damaged file is not mended, by the audit of ")
    assert "is in no journal" in said
    (tmp_path / "away").rename(jinkui.home / "stores/first")
    jinkui("audit")
    assert "jinkui repair" not in needs_said(jinkui)


def test_what_an_audit_could_not_read_needs_a_person_until_it_was_read(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = next((jinkui.home / "stores/second").rglob("original/data/*.bin"))
    number, read = page.stat().st_ino, os.read

    def bad(handle: int, size: int) -> bytes:
        if os.fstat(handle).st_ino == number:
            raise OSError(errno.EIO, "Input/output error")
        return read(handle, size)

    with monkeypatch.context() as broken:
        broken.setattr(os, "read", bad)
        jinkui("audit", code=9)
    place = str(page.relative_to(jinkui.home / "stores/second"))
    assert needs_said(jinkui)["jinkui audit --store second"].endswith(f"second/{place}")
    assert jinkui.json("status", code=12)["unread"] == [{"store": "second", "file": place}]
    jinkui("audit", "--store", "second")
    assert "jinkui audit --store second" not in needs_said(jinkui)


def needs_said(jinkui: Jinkui) -> dict[str, str]:
    """Return what needs a person, by the command that comes next."""
    return {one["command"]: one["message"] for one in jinkui.json("status", code=12)["needs"]}
