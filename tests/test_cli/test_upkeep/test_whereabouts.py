"""A home that was moved to another folder works, or what names its old place is said."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from cli import wiring
from cli.frame.output import Output
from cli.home.home import open_home
from cli.upkeep.whereabouts import Amiss, amiss_of
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_homes import back_up, with_state
from tests.test_cli.test_commands.test_one_store import CLOSED


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_state, tmp_path, capsys)


def amiss(jinkui: Jinkui, *folders: Path) -> dict[str, Amiss]:
    """Return what is amiss by its name, but that the stores of a test lie on one disk."""
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        found = {one.name: one for one in amiss_of(home, folders)}
    assert found.pop("devices").said
    return found


def test_a_home_in_another_folder_works_when_its_paths_are_relative(jinkui: Jinkui, tmp_path: Path) -> None:
    back_up(jinkui)
    moved = Jinkui(jinkui.home.rename(tmp_path / "moved"), jinkui.capsys)
    assert amiss(moved) == {}
    moved("audit")
    moved("journal", "checkpoint")
    moved("hold", "place", CLOSED, "--reason", "case")
    assert moved.json("search", "report", "--public")["hits"]


def test_absolute_paths_that_the_settings_name_are_said_with_where_the_store_lies_now(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    settings = jinkui.home / "jinkui.toml"
    text = settings.read_text("utf-8").replace('path = "stores/first"', f'path = "{jinkui.home}/stores/first"')
    text = text.replace('checkpoints = "checkpoints"', f'checkpoints = "{jinkui.home}/checkpoints"')
    settings.write_text(text, "utf-8")
    back_up(jinkui)
    assert amiss(jinkui) == {}
    moved = Jinkui(jinkui.home.rename(tmp_path / "moved"), jinkui.capsys)
    found = amiss(moved)
    assert set(found) == {"store-first", "settings"}
    assert str(moved.home / "stores/first") in found["store-first"].said.text("en")
    assert "checkpoints" in found["settings"].said.text("zh")
    told = {one["name"]: one for one in moved.json("doctor", code=9)["checks"] if one["state"] == "warning"}
    assert "mend" in told["settings"]["advice"]


@pytest.mark.parametrize("how", [(), ("--cron",)])
def test_units_of_a_home_that_is_not_there_any_more_are_said(
    jinkui: Jinkui, tmp_path: Path, how: tuple[str, ...]
) -> None:
    odd = Jinkui(jinkui.home.rename(tmp_path / "100% of it's home"), jinkui.capsys)
    units = tmp_path / "units"
    units.mkdir()
    odd("schedule", "install", *how, "--into", str(units))
    assert "schedule" not in amiss(odd, units)
    moved = Jinkui(odd.home.rename(tmp_path / "moved"), jinkui.capsys)
    found = amiss(moved, units)["schedule"]
    assert str(odd.home) in found.said.text("en")
    shutil.rmtree(units)
    assert "schedule" not in amiss(moved, units)


def test_a_home_without_a_backup_or_with_an_old_one_is_told(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "never" in amiss(jinkui)["backup"].said.text("en")
    backup = back_up(jinkui)
    assert "backup" not in amiss(jinkui)
    assert json.loads((jinkui.home / "backed-up").read_text("utf-8"))["folder"] == str(backup)
    later = wiring.now() + timedelta(days=32)
    monkeypatch.setattr(wiring, "now", lambda: later)
    assert str(backup) in amiss(jinkui)["backup"].said.text("zh")


def test_a_home_that_retired_is_told(jinkui: Jinkui) -> None:
    back_up(jinkui, "--move")
    assert "retired" in amiss(jinkui)
