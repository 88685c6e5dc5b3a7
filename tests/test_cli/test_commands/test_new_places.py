"""A place that becomes a store: what has to be set because of it is said, what could not work or would do harm is refused."""

import os
from pathlib import Path

import pytest

from cli import wiring
from cli.upkeep.whereabouts import amiss_of, told_loosened
from tests.support.command_line import Jinkui, Prepared
from tests.support.homes import quiet
from tests.test_cli.test_commands.test_moved_stores import needed, set_copies
from tests.test_cli.test_commands.test_stores import with_a_record

SAID = "2 copies are promised and there are 3 stores, third gets none: set copies = 3 (or 0)"


@pytest.fixture
def filled(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_a_record, tmp_path, capsys)


def test_a_store_that_gets_nothing_because_fewer_copies_are_promised_is_said_everywhere(filled: Jinkui) -> None:
    set_copies(filled, 2)
    assert SAID in filled("store", "add", "third", "--path", "stores/third")
    assert SAID in filled("store", "replace", "third")
    assert SAID in needed(filled)["jinkui doctor"]
    assert SAID in {one["message"].removesuffix(" in jinkui.toml") for one in filled.json("doctor")["checks"]}
    path = filled.home / "jinkui.toml"
    path.write_text(path.read_text("utf-8").replace("\ncopies = 2", "\ncopies = 3"), "utf-8")
    assert "jinkui doctor" not in needed(filled)
    assert "2 copies are owed" in filled("replicate", "--dry-run")


def test_units_that_may_not_write_to_a_new_place_are_to_be_installed_again(filled: Jinkui, tmp_path: Path) -> None:
    units = tmp_path / "units"
    units.mkdir()
    filled("schedule", "install", "--into", str(units))
    assert "schedule install again" not in filled("store", "add", "third", "--path", "stores/third")
    said = filled("store", "add", "fourth", "--path", str(tmp_path / "disk"))
    assert f"run jinkui schedule install --into {units} again" in said

    def told() -> set[str]:
        return {one.name for one in amiss_of(quiet(filled.home), (units,))}

    unit = next(units.glob("jinkui-*-audit.service"))
    assert ("schedule-places" in told()) is ("ReadWritePaths=" in unit.read_text("utf-8"))
    filled("schedule", "install", "--into", str(units))
    assert "schedule-places" not in told()


def test_a_piece_of_the_crontab_may_write_everywhere_and_is_not_to_be_installed_again(
    filled: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cron, own = tmp_path / "cron", tmp_path / "config"
    cron.mkdir()
    monkeypatch.setattr(wiring, "CRON_FOLDER", cron)
    monkeypatch.setattr(wiring, "unit_folders", lambda _: (own, cron))
    monkeypatch.setattr(wiring, "has_cron", lambda: True)
    filled("schedule", "install", "--cron")
    assert "schedule install" not in filled("store", "add", "third", "--path", str(tmp_path / "disk"))
    next(cron.iterdir()).unlink()
    own.mkdir()
    filled("schedule", "install", "--user", "--into", str(own))
    said = filled("store", "replace", "third", "--path", str(tmp_path / "new"), "--even-if-there")
    assert "run jinkui schedule install --user again" in said


def test_units_that_are_shut_in_less_are_told_of_and_those_that_are_not_at_all_are_to_be_installed_again(
    filled: Jinkui, tmp_path: Path
) -> None:
    units = tmp_path / "units"
    units.mkdir()
    filled("schedule", "install", "--into", str(units))
    home = quiet(filled.home)
    assert told_loosened(home, (units,)) is None
    path = filled.home / "jinkui.toml"
    path.write_text(path.read_text("utf-8").replace("alarm-command = []", 'alarm-command = ["true"]'), "utf-8")
    filled("schedule", "install", "--into", str(units))
    told = told_loosened(home, (units,))
    assert told is not None
    assert "[audit] alarm-command" in told.text("en")
    assert "[audit] alarm-command" in told.text("zh")
    assert "schedule-rights" not in {one.name for one in amiss_of(home, (units,))}
    for unit in units.glob("*.service"):
        lines = unit.read_text("utf-8").splitlines(keepends=True)
        unit.write_text(
            "".join(line for line in lines if "Protect" not in line and "less, because" not in line), "utf-8"
        )
    assert "schedule-rights" in {one.name for one in amiss_of(home, (units,))}


def test_the_folder_of_a_store_that_left_is_called_what_it_is(filled: Jinkui) -> None:
    filled("store", "add", "third", "--path", "stores/third")
    filled("store", "retire", "third", "--copies", "2")
    said = filled("store", "add", "fourth", "--path", "stores/third", code=6)
    assert "the store “third”, which left the archive, lies there" in said


def test_a_place_that_cannot_be_or_must_not_be_a_store_is_refused_before_anything_is_done(
    filled: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut, may = tmp_path / "shut", os.access
    shut.mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: (Path(path) != shut or mode == os.F_OK) and may(path, mode))
    for command in (("store", "replace", "second", "--even-if-there", "--dry-run"), ("store", "add", "third")):
        assert "the home keeps its own in keys/" in filled(*command, "--path", "keys/x", code=6)
        assert "permission denied" in filled(*command, "--path", str(shut / "archive"), code=9)
    assert not (filled.home / "keys/x").exists()


def test_a_place_that_can_be_no_store_is_told_before_anything_is_done(filled: Jinkui, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", "utf-8")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    settings = (filled.home / "jinkui.toml").read_bytes()
    for command in (("store", "replace", "second", "--even-if-there"), ("store", "add", "third")):
        for place, words, code in (
            (str(tmp_path / "a.txt"), "a.txt is a file, and a store is a folder", 2),
            (str(tmp_path / "a.txt" / "archive"), "a.txt is a file, and a store is a folder", 2),
            (str(tmp_path / "gone"), f"gone is a link to {tmp_path / 'nowhere'}, and nothing is there", 9),
            (str(tmp_path / "gone" / "archive"), "mount or make the folder that it leads to", 9),
            ("D:\\archive", "under WSL it is /mnt/d/archive", 2),
            ("\\\\server\\share", "mount the share on this machine first", 2),
            ("stores/first/packages/x", "choose a place that is neither within it nor around it", 6),
        ):
            assert words in filled(*command, "--path", place, code=code)
        assert "one of --path or --url" in filled(*command, "--path", "x", "--url", "s3://x", code=2)
    assert "1 to 40 of A-Z" in filled("store", "add", "the third", "--path", str(tmp_path / "third"), code=2)
    assert (filled.home / "jinkui.toml").read_bytes() == settings
    assert not (filled.home / "D:\\archive").exists()


def test_more_copies_than_there_are_stores_are_a_promise_that_cannot_be_kept_and_said_so(filled: Jinkui) -> None:
    said = "7 copies are promised and there are only 2 stores: the promise cannot be kept"
    assert "cannot be kept" not in filled("replicate")
    set_copies(filled, 7)
    assert said in needed(filled)["jinkui doctor"]
    assert any(said in one["message"] for one in filled.json("doctor")["checks"] if one["name"] == "copies")
    assert said in " ".join(filled("replicate").split())
