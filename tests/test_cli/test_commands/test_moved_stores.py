"""A store that was copied to another place, or set back to an earlier state, vouches for nothing until it was read there."""

import shutil
from pathlib import Path

import pytest

from cli.main import run
from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_stores import ROWS, with_a_record


@pytest.fixture
def filled(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_a_record, tmp_path, capsys)


def truncate_a_page(store: Path) -> None:
    """Leave half of an image in a copy."""
    page = next(store.rglob("original/data/*.jpg"))
    page.write_bytes(page.read_bytes()[: page.stat().st_size // 2])


def needed(jinkui: Jinkui) -> dict[str, str]:
    """Return what needs a person, by the command that comes next."""
    found = jinkui.json("status", code=12)["needs"]
    return {str(one["command"]): str(one["message"]) for one in found}


def listed(jinkui: Jinkui, name: str) -> dict[str, object]:
    """Return what is told of a store in the list."""
    return next(one for one in jinkui.json("store", "list")["stores"] if one["name"] == name)


def test_every_copy_of_a_store_that_was_copied_is_due_until_it_was_read_there(filled: Jinkui, tmp_path: Path) -> None:
    filled("audit")
    shutil.copytree(filled.home / "stores/second", tmp_path / "moved")
    truncate_a_page(tmp_path / "moved")
    told = filled("store", "replace", "second", "--path", str(tmp_path / "moved"))
    assert "run jinkui audit --store second" in told
    assert listed(filled, "second")["oldest_verified_at"] is None
    assert listed(filled, "first")["oldest_verified_at"] is not None
    assert filled.json("audit", "forecast")["promise"] == "broken"
    told = needed(filled)["jinkui audit --store second"]
    assert "2 copies" in told
    assert "jinkui audit --due" not in needed(filled), "what is said once is not said twice"
    assert "not yet" in filled("show", ROWS[0][0])
    audited = filled.json("audit", "--due", code=12)
    assert (audited["checked_copies"], audited["not_due"]) == (2, 2)
    assert [(one["store"], one["verdict"]) for one in audited["copies"]] == [("second", "DAMAGED")]
    filled("repair", "--yes")
    assert filled.json("audit", "--due")["checked_copies"] == 1, "what was mended was never read whole"
    assert listed(filled, "second")["oldest_verified_at"] is not None
    assert "jinkui audit --store second" not in needed(filled)


def test_a_version_that_comes_later_does_not_vouch_for_what_was_copied(filled: Jinkui, tmp_path: Path) -> None:
    shutil.copytree(filled.home / "stores/second", tmp_path / "moved")
    truncate_a_page(tmp_path / "moved")
    filled("store", "replace", "second", "--path", str(tmp_path / "moved"))
    filled("recognise", ROWS[0][0], "--again", code=12)
    assert filled.json("audit", "--due", code=12)["copies"]


def test_a_copy_that_was_read_before_its_store_moved_is_read_again(
    filled: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as stopped:
        stopped.setattr("preservation.actions.audit.plan_repair", _die)
        filled("audit", code=130)
    shutil.copytree(filled.home / "stores/second", tmp_path / "moved")
    filled("store", "replace", "second", "--path", str(tmp_path / "moved"))
    assert filled.json("audit")["resumed"] == 2, "only what lies where it was read"


def test_replacing_a_store_by_itself_where_it_lies_moves_nothing(filled: Jinkui, tmp_path: Path) -> None:
    assert filled.json("store", "replace", "second")["is_there_already"] is True
    assert listed(filled, "second")["oldest_verified_at"] is not None
    shutil.copytree(filled.home / "stores/second", tmp_path / "moved")
    planned = filled("store", "replace", "second", "--path", str(tmp_path / "moved"), "--dry-run")
    assert "audit --store second" in planned
    assert listed(filled, "second")["oldest_verified_at"] is not None


def test_a_store_that_was_set_back_is_due_and_status_says_so_until_it_was_read(filled: Jinkui, tmp_path: Path) -> None:
    filled("store", "add", "third", "--path", "stores/third")
    set_copies(filled, 3)
    filled("replicate")
    shutil.copytree(filled.home / "stores/third", tmp_path / "snapshot")
    filled("ingest", str(make_batch(tmp_path / "more", ROWS[1:])), code=12)
    shutil.rmtree(filled.home / "stores/third")
    shutil.move(tmp_path / "snapshot", filled.home / "stores/third")
    filled.capsys.readouterr()
    assert "0 copies are owed" in filled("replicate")
    assert "jinkui audit --store third" in needed(filled)
    assert "earlier state" in needed(filled)["jinkui audit --store third"]
    found = filled.json("audit", "--store", "third", code=12)["copies"]
    assert {one["verdict"] for one in found} == {"MISSING"}
    filled("repair", "--yes")
    filled("audit", "--store", "third")
    assert "jinkui audit --store third" not in needed(filled)


def test_whoever_writes_is_told_that_a_store_was_set_back(filled: Jinkui, tmp_path: Path) -> None:
    shutil.copytree(filled.home / "stores/second", tmp_path / "snapshot")
    filled("repository", "add", "990002", "--name", "又一馆")
    shutil.rmtree(filled.home / "stores/second")
    shutil.move(tmp_path / "snapshot", filled.home / "stores/second")
    filled.capsys.readouterr()
    assert run(["--home", str(filled.home), "--lang", "en", "repository", "add", "990003", "--name", "第三馆"]) == 0
    assert "set back to an earlier state: run jinkui audit --store second" in filled.capsys.readouterr().err
    assert "jinkui audit --store second" in needed(filled)


def set_copies(jinkui: Jinkui, number: int) -> None:
    """Let so many copies be promised."""
    path = jinkui.home / "jinkui.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("\ncopies = 0", f"\ncopies = {number}"), "utf-8")


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
