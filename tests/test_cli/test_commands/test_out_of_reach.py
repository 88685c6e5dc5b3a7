"""Stores that cannot be read are named together, each as it is; a folder that is there and empty is said to be that."""

import shutil
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import StorageError, StoreAbsentError, StoreDeniedError, StoreEmptyError
from archives.message import message
from preservation.stores.local import LocalStore
from preservation.stores.presence import out_of_reach
from preservation.stores.store import denied
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_one_store import STORES, with_records


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_records, tmp_path, capsys)


@pytest.mark.parametrize("command", [("audit",), ("store", "replace", "first", "--path", "/nowhere/x"), ("repair",)])
def test_several_stores_that_may_not_be_read_are_named_together_with_what_helps(
    jinkui: Jinkui, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(store: LocalStore, path: PurePosixPath | str) -> None:
        raise denied(store, path, message("请交给它", "give it what lies there"))

    monkeypatch.setattr(LocalStore, "read", shut)  # root may read everything
    monkeypatch.setattr("cli.commands.store.leaving.require_store_place", lambda *_: None)
    failed = jinkui.json(*command, code=9)["error"]
    assert (failed["code"], failed["subject"]) == ("store-denied", "first, second")
    assert "first, second: permission denied" in failed["message"]
    assert "give it what lies there" in failed["advice"]
    assert "jinkui store check" in failed["advice"]


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        ((StoreAbsentError, StoreEmptyError), StoreAbsentError),
        ((StoreAbsentError, StoreDeniedError), StoreDeniedError),
        ((StoreAbsentError, StorageError), StorageError),
    ],
)
def test_of_several_the_error_claims_no_more_than_is_so_of_all(
    kinds: tuple[type[StorageError], ...], kind: type[StorageError]
) -> None:
    failures = [(str(number), one(message("因", "why"))) for number, one in enumerate(kinds)]
    assert type(out_of_reach(failures)) is kind
    assert out_of_reach(failures[:1]) is failures[0][1]


@pytest.mark.parametrize("left", [(), ("lost+found",)])
def test_an_emptied_folder_is_said_to_be_empty_and_is_filled_again(jinkui: Jinkui, left: tuple[str, ...]) -> None:
    folder = jinkui.home / "stores" / STORES[1]
    shutil.rmtree(folder)
    folder.mkdir()
    for name in left:
        (folder / name).mkdir()
    (found,) = [one for one in jinkui.json("store", "check", code=9)["stores"] if one["name"] == STORES[1]]
    assert found["presence"] == "empty"
    assert "is there, and it is empty" in found["reason"]
    assert f"jinkui store replace second --path {folder}" in found["advice"]
    assert any("an empty folder" in one["message"] for one in jinkui.json("status", code=12)["needs"])
    assert jinkui.json("journal", "verify", code=9)["faults"][0]["fault"] == "EMPTIED"
    jinkui("store", "replace", "second", "--path", str(folder))
    jinkui("replicate", "--store", "second")
    jinkui("audit")
    shutil.rmtree(folder)
    assert "is not there" in jinkui("store", "check", code=9)
