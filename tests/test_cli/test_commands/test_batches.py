"""Batches are listed with what became of them, and one that was stopped goes on from its folder with its own options."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest import workflow
from tests.support.command_line import Jinkui, Prepared
from tests.support.files import docx_bytes
from tests.support.places import ROOT

pytestmark = pytest.mark.children
CODES = tuple(f"Z109-WS·2011-Y-BGS-{number:04}" for number in range(1, 4))


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", "--kind", "馆")
    fonds = jinkui.home.parent / "fonds.csv"
    fonds.write_text("全宗号,全宗名称,立档单位\nZ109,全宗,单位\n", "utf-8")
    jinkui("fonds", "import", str(fonds))
    write_batch(jinkui.home.parent / "批次")


def write_batch(folder: Path, *, title: str = "题名") -> Path:
    """Write a batch of three documents, a row that cannot go in, and a file that no row names."""
    folder.mkdir(exist_ok=True)
    rows = [f"{code},{title},2011,{number}.docx" for number, code in enumerate(CODES)]
    for number in range(len(CODES)):
        (folder / f"{number}.docx").write_bytes(docx_bytes(f"字{number}"))
    (folder / "目录二.csv").write_text("\n".join(("档号,题名,日期,文件", *rows, "坏,题名,2011,x")) + "\n", "utf-8")
    (folder / "另一个.csv").write_text("a,b\n", "utf-8")
    (folder / "stray.txt").write_text("stray", "utf-8")
    return folder


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    return tmp_path / "批次"


def listed(jinkui: Jinkui) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = jinkui.json("batch", "list")["batches"]
    return found


def stop_after_the_first(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Ingest, and let the person stop it when one record is in."""
    whole = workflow.ingest

    def stopped(*given: Any, **named: Any) -> Iterator[Any]:
        yield next(whole(*given, **named))
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("cli.commands.record.ingest.ingest", stopped)
        patched.setattr("ingest.workflow._MOST_RECORDS", 1)
        jinkui("ingest", *words, code=130)


def test_a_batch_is_listed_with_its_source_its_numbers_and_where_its_submission_is(jinkui: Jinkui, batch: Path) -> None:
    assert listed(jinkui) == []
    jinkui("ingest", str(batch), "--sheet", "目录二.csv", code=12)
    (one,) = listed(jinkui)
    assert (one["source"], one["name"], one["repository"], one["state"]) == (str(batch), "批次", "990001", "done")
    assert (one["rows"], one["records"], one["refused"]) == (3, 3, 1)
    shown = jinkui.json("batch", "show", "批次")
    assert shown["submission"] == one["submission"]
    assert [record["archival_code"] for record in shown["records"]] == list(CODES)
    assert {found["about"] for found in shown["refused"]} == {"坏"}
    assert {found["file"] for found in shown["files_without_row"]} == {"stray.txt", "另一个.csv"}
    assert shown["asked"]["sheet"] == "目录二.csv"
    told = jinkui("batch", "show", one["batch_id"][:6], lang="zh")
    assert "packages/" in told
    assert list((jinkui.home / "stores/first").glob(f"packages/**/*{one['submission']}*"))


def test_a_batch_that_was_stopped_goes_on_from_anywhere_with_the_options_it_had(
    jinkui: Jinkui, batch: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    stop_after_the_first(jinkui, monkeypatch, "批次", "--sheet", "目录二.csv", "--repository", "990001")
    (one,) = listed(jinkui)
    assert (one["state"], one["records"], one["submission"]) == ("unfinished", 1, None)
    assert f"jinkui batch resume {one['batch_id']}" in jinkui("batch", "list")
    monkeypatch.chdir("/")
    would = jinkui.json("batch", "resume", one["batch_id"], "--dry-run", code=12)
    assert [record["outcome"] for record in would["records"]] == [
        "would be already_in",
        *["would be stored"] * 2,
        "would be rejected",
    ]
    done = jinkui.json("batch", "resume", one["batch_id"], code=12)
    assert [record["outcome"] for record in done["records"]] == ["already_in", "stored", "stored", "rejected"]
    assert [(found["state"], found["records"]) for found in listed(jinkui)] == [("done", 3)]
    assert "nothing is left" in jinkui("batch", "resume", one["batch_id"])


def test_a_batch_that_ended_after_the_working_state_was_kept_is_done_when_that_is_put_back(
    jinkui: Jinkui, batch: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stop_after_the_first(jinkui, monkeypatch, str(batch), "--sheet", "目录二.csv")
    kept = (jinkui.home / "work.db").read_bytes()
    (one,) = listed(jinkui)
    jinkui("batch", "resume", one["batch_id"], code=12)
    (jinkui.home / "work.db").write_bytes(kept)
    shutil.rmtree(batch)
    assert [(found["state"], found["records"]) for found in listed(jinkui)] == [("done", 3)]
    assert "nothing is left" in jinkui("batch", "resume", one["batch_id"])
    assert "没有可继续的" in jinkui("batch", "resume", one["batch_id"], lang="zh")
    assert not [need for need in jinkui.json("status", code=12)["needs"] if "batch" in need["command"]]


def test_an_ingest_that_began_after_the_batch_was_done_and_was_stopped_is_unfinished(
    jinkui: Jinkui, batch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jinkui("ingest", str(batch), "--sheet", "目录二.csv", code=12)
    stop_after_the_first(jinkui, monkeypatch, str(batch), "--sheet", "目录二.csv")
    assert [one["state"] for one in listed(jinkui)] == ["unfinished"]
    kept = (jinkui.home / "work.db").read_bytes()
    stop_after_the_first(jinkui, monkeypatch, str(batch), "--sheet", "目录二.csv", "--update")
    update = (jinkui.home / "work.db").read_bytes()
    jinkui("batch", "resume", "批次", code=12)
    for state in (kept, update):
        (jinkui.home / "work.db").write_bytes(state)
        assert [one["state"] for one in listed(jinkui)] == ["unfinished"], "the submission is of the first run"


def test_an_update_that_was_stopped_goes_on_as_an_update(
    jinkui: Jinkui, batch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jinkui("ingest", str(batch), "--sheet", "目录二.csv", code=12)
    write_batch(batch, title="改过的题名")
    stop_after_the_first(jinkui, monkeypatch, str(batch), "--sheet", "目录二.csv", "--update")
    assert [one["state"] for one in listed(jinkui)] == ["done", "unfinished"]
    done = jinkui.json("batch", "resume", listed(jinkui)[1]["batch_id"], code=12)
    assert [record["outcome"] for record in done["records"]] == ["already_in", "updated", "updated", "rejected"]
    assert [one["state"] for one in listed(jinkui)] == ["done", "done"]


def test_a_process_that_was_killed_leaves_an_unfinished_batch(jinkui: Jinkui, batch: Path) -> None:
    program = (
        "import os, signal, sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "from cli.commands.record import ingest as command\n"
        "whole = command.ingest\n"
        "def killed(*given, **named):\n"
        "    yield next(whole(*given, **named))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "command.ingest = killed\n"
        "from cli.main import main; main()"
    )
    words = ["--home", str(jinkui.home), "ingest", str(batch), "--sheet", "目录二.csv"]
    done = subprocess.run([sys.executable, "-c", program, str(ROOT), *words], capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    (one,) = listed(jinkui)
    assert one["state"] == "unfinished"
    if one["records"] < 3:
        assert f"{3 - one['records']} more were being written" in jinkui("batch", "show", "批次")
    jinkui("batch", "resume", "批次", code=12)
    assert [(found["state"], found["records"]) for found in listed(jinkui)] == [("done", 3)]


def test_a_folder_that_is_gone_or_changed_is_told_with_what_is_kept(
    jinkui: Jinkui, batch: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stop_after_the_first(jinkui, monkeypatch, str(batch), "--sheet", "目录二.csv")
    batch.rename(tmp_path / "away")
    told = jinkui("batch", "resume", "批次", code=4)
    assert "1 record is in of 3" in told
    assert "not kept yet" in told
    (tmp_path / "away").rename(batch)
    (batch / "more.txt").write_text("more", "utf-8")
    told = jinkui("batch", "resume", "批次", code=6)
    assert f"jinkui ingest {batch} --sheet 目录二.csv" in told
    jinkui("ingest", str(batch), "--sheet", "目录二.csv", code=12)
    assert [one["state"] for one in listed(jinkui)] == ["overtaken", "done"]
    assert "nothing is left" in jinkui("batch", "resume", listed(jinkui)[0]["batch_id"])


def test_a_batch_that_is_lost_for_good_is_given_up_and_opened_again_by_an_ingest(
    jinkui: Jinkui, batch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after_the_first(jinkui, monkeypatch, str(batch), "--sheet", "目录二.csv")
    (one,) = listed(jinkui)
    jinkui("batch", "close", one["batch_id"], "--reason", " ", code=2)
    closed = jinkui("batch", "close", one["batch_id"], "--reason", "the disk is lost")
    assert "1 record is stored and stays" in closed
    assert f"--mistake WHY --batch {one['batch_id']}" in closed
    shown = jinkui("batch", "show", one["batch_id"])
    assert "not kept yet" not in shown
    assert "the batch was given up" in shown
    assert "1 record is stored and stays" in shown
    gone = jinkui.json("dispose", "plan", "--mistake", "x", "--batch", "批次", "--dry-run")
    assert (gone["batch"], len(gone["records"])) == (one["batch_id"], 1), "it is known by its folder's name"
    jinkui("dispose", "plan", "--mistake", "x", "--batch", "别的", "--dry-run", code=4)
    assert [(found["state"], found["records"]) for found in listed(jinkui)] == [("closed", 1)]
    assert not [need for need in jinkui.json("status", code=12)["needs"] if "batch" in need["command"]]
    assert "the disk is lost" in jinkui("batch", "show", one["batch_id"])
    assert "nothing is left" in jinkui("batch", "resume", one["batch_id"])
    assert "given up" in jinkui("batch", "close", one["batch_id"], "--reason", "again", code=6)
    stop_after_the_first(jinkui, monkeypatch, str(batch), "--sheet", "目录二.csv")
    assert [found["state"] for found in listed(jinkui)] == ["unfinished"]
    jinkui("batch", "resume", one["batch_id"], code=12)
    assert [found["state"] for found in listed(jinkui)] == ["done"]
    jinkui("rebuild")
    assert [found["state"] for found in listed(jinkui)] == ["done"]


def test_a_home_that_remembers_nothing_says_how_to_go_on(
    jinkui: Jinkui, batch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after_the_first(jinkui, monkeypatch, str(batch), "--sheet", "目录二.csv")
    (jinkui.home / "work.db").unlink()
    (one,) = listed(jinkui)
    assert (one["state"], one["source"], one["rows"]) == ("unfinished", None, 3)
    assert "jinkui ingest" in jinkui("batch", "resume", one["batch_id"], code=4)
    found = jinkui.json("status", code=12)
    assert f"jinkui batch resume {one['batch_id']}" in [need["command"] for need in found["needs"]]
    jinkui("ingest", str(batch), "--sheet", "目录二.csv", code=12)
    assert [found["state"] for found in listed(jinkui)] == ["done"]


def test_a_name_that_means_no_batch_or_several_is_told(jinkui: Jinkui, batch: Path, tmp_path: Path) -> None:
    assert "jinkui batch list" in jinkui("batch", "show", "nothing", code=4)
    jinkui("ingest", str(batch), "--sheet", "目录二.csv", code=12)
    shutil.copytree(batch, tmp_path / "other" / batch.name)
    (tmp_path / "other" / batch.name / "more.txt").write_text("more", "utf-8")
    jinkui("ingest", str(tmp_path / "other" / batch.name), "--sheet", "目录二.csv", code=12)
    told = jinkui.json("batch", "show", "批次", code=6)
    assert len(told["error"]["candidates"]) == 2
