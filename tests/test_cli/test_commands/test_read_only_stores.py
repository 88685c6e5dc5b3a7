"""A store that can be read and not written is told of wherever a missing copy would be, and never called absent."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archives.errors import StorageError
from archives.message import message
from cli.main import run
from ingest.workflow import ingest
from preservation.stores.local import LocalStore
from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_moved_stores import needed
from tests.test_cli.test_commands.test_stores import ROWS, set_minimum, with_a_record


@pytest.fixture
def filled(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_a_record, tmp_path, capsys)


@pytest.fixture
def shut(filled: Jinkui, monkeypatch: pytest.MonkeyPatch) -> Jinkui:
    """Give a home whose second store is mounted read-only: the system says so, and refuses every write."""
    set_minimum(filled, 1)
    place, may = str(filled.home / "stores/second"), os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: not (mode & os.W_OK and str(path).startswith(place)) and may(path, mode)
    )
    for verb in ("create", "put", "move", "remove"):
        monkeypatch.setattr(LocalStore, verb, _refusing(getattr(LocalStore, verb)))
    return filled


def _refusing(verb: Callable[..., object]) -> Callable[..., object]:
    def act(store: LocalStore, *given: object, **named: object) -> object:
        if store.name == "second":
            raise StorageError(message("只读", "read-only"), subject=f"{store.name}: x")
        return verb(store, *given, **named)

    return act


def test_every_command_says_that_a_store_is_read_only_and_none_that_it_is_not_there(
    shut: Jinkui, tmp_path: Path
) -> None:
    (told,) = [one for one in shut.json("doctor", code=9)["checks"] if one["name"] == "store-second"]
    assert (told["state"], "read-only" in told["message"]) == ("read-only", True)
    assert {one["name"]: one["presence"] for one in shut.json("store", "check", code=9)["stores"]} == {
        "first": "present",
        "second": "read-only",
    }
    assert "read-only: second" in needed(shut)["jinkui store check"]
    shut.capsys.readouterr()
    assert run(["--home", str(shut.home), "--lang", "en", "ingest", str(make_batch(tmp_path / "more", ROWS[1:]))]) == 12
    assert "is owed to it" in shut.capsys.readouterr().err
    audited = shut.json("audit", code=9)
    assert (audited["read_only_stores"], audited["absent_stores"], len(audited["owed"])) == (["second"], [], 2)
    assert "read-only" in shut("audit", code=9)
    said = shut("replicate", code=9)
    assert "2 copies are owed" in said
    assert "2 of them are owed to “second”, and none can be written now: the store “second” is read-only" in said
    assert "not there" not in said
    assert len(shut.json("replicate", code=9)["out_of_reach"]) == 2


def test_what_would_be_written_is_said_before_it_is(filled: Jinkui) -> None:
    filled("store", "add", "third", "--path", "stores/third")
    assert "would write 2" in filled("replicate", "--dry-run")
    assert "wrote 2" in filled("replicate")


def test_what_is_owed_to_a_store_that_is_away_is_counted(filled: Jinkui, tmp_path: Path) -> None:
    set_minimum(filled, 1)
    shutil.move(filled.home / "stores/second", tmp_path / "dead")
    filled("ingest", str(make_batch(tmp_path / "more", ROWS[1:])), code=12)
    assert "2 copies are owed" in filled("replicate", code=9)
    assert "2 out of reach" in filled("status", code=12)
    figures = filled("metrics")
    assert any(
        "store_present" in line and '"second"' in line and line.endswith(" 0.0") for line in figures.splitlines()
    )
    filled("audit", code=9)
    (success,) = [line for line in filled("metrics").splitlines() if line.startswith("jinkui_audit_last_success")]
    assert success.endswith(" 0.0")


def test_a_file_that_is_bad_everywhere_ends_in_what_is_left_to_do(filled: Jinkui, tmp_path: Path) -> None:
    shutil.copytree(filled.home / "stores/second", tmp_path / "old disk")
    for store in ("first", "second"):
        page = next((filled.home / "stores" / store).rglob("original/data/*.jpg"))
        page.write_bytes(page.read_bytes()[:-1])
    assert "no good copy of 1 file: stop" in filled("audit", code=10)
    assert "no good copy of 1 file: stop" in needed(filled)["jinkui repair --from …"]
    assert "jinkui repair --from FOLDER" in filled("repair", "--yes", code=10)
    assert "mended 2" in filled("repair", "--yes", "--from", str(tmp_path / "old disk"))
    assert filled.json("audit")["copies"] == []
    filled("repair", "--from", str(tmp_path), code=4)


def test_an_alarm_command_that_is_not_there_hides_no_damage_and_doctor_tells_of_it(filled: Jinkui) -> None:
    path = filled.home / "jinkui.toml"
    path.write_text(path.read_text("utf-8").replace("alarm-command = []", 'alarm-command = ["/no/such/bell"]'), "utf-8")
    assert "/no/such/bell" in filled("doctor")
    page = next((filled.home / "stores/second").rglob("original/data/*.jpg"))
    page.write_bytes(page.read_bytes()[:-1])
    filled("audit", code=12)
    shutil.rmtree(filled.home / "stores/second")
    filled("doctor", code=9)


@pytest.fixture
def denied(filled: Jinkui, monkeypatch: pytest.MonkeyPatch) -> Jinkui:
    """Give a home whose second store this account may not look into, as the system says it (root may read everything)."""
    place = str(filled.home / "stores/second")
    for name in ("open", "scandir", "lstat", "stat"):
        act = getattr(os, name)

        def refusing(path: object, *given: object, act: Callable[..., object] = act, **named: object) -> object:
            if isinstance(path, str | os.PathLike) and str(path).startswith(f"{place}/"):
                raise PermissionError(13, "Permission denied", str(path))
            return act(path, *given, **named)

        monkeypatch.setattr(os, name, refusing)
    set_minimum(filled, 1)
    return filled


def test_a_store_that_may_not_be_looked_into_is_never_called_missing_and_its_account_is_named(denied: Jinkui) -> None:
    (told,) = [one for one in denied.json("doctor", code=9)["checks"] if one["name"] == "store-second"]
    assert (told["state"], "permission denied" in told["message"]) == ("denied", True)
    assert "chmod -R u+rwX" in told["advice"]
    assert "store replace" not in told["advice"]
    assert needed(denied)["jinkui store check"] == "stores, permission denied: second"
    assert {one["presence"] for one in denied.json("store", "check", code=9)["stores"]} == {"present", "denied"}
    said = denied("restore-drill", code=9)
    assert "permission denied" in said
    assert "not there" not in said


def test_a_store_that_may_be_whole_is_not_replaced_in_passing(denied: Jinkui, tmp_path: Path) -> None:
    failed = denied.json("store", "replace", "second", "--path", str(tmp_path / "new"), code=5)["error"]
    assert "permission denied" in failed["message"]
    assert "--even-if-there" in failed["advice"]


def test_a_batch_that_a_dying_store_broke_off_says_how_it_goes_on(
    filled: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, second = make_batch(tmp_path / "more", ROWS[1:]), filled.home / "stores/second"

    def dying(*given: Any, **named: Any) -> Any:
        second.rename(tmp_path / "dead")
        return ingest(*given, **named)

    with monkeypatch.context() as dies:
        dies.setattr("cli.commands.record.ingest.ingest", dying)
        failed = filled.json("ingest", str(batch), code=9)["error"]
    (unfinished,) = [one for one in filled.json("batch", "list")["batches"] if one["state"] == "unfinished"]
    assert f"jinkui batch resume {unfinished['batch_id']}" in failed["advice"]
    assert "minimum-copies" in failed["advice"]
