"""A version that is written out as a batch is there with all that belongs to it, or not at all, whenever it is killed."""

import os
import sys
from pathlib import Path

import pytest

from cli.main import run
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_export import tree
from tests.test_cli.test_commands.test_ingest import CODES, founded, write_batch

pytestmark = pytest.mark.children
_EVENTS = {"os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir"}
_KILLED = 99
_MOST = 60


def with_two_versions(jinkui: Jinkui) -> None:
    """Make what the tests here begin with: a record of two versions."""
    founded(jinkui)
    batch = jinkui.home.parent / "batch"
    write_batch(batch, "a.txt")
    for text in ("first", "second"):
        (batch / "a.txt").write_text(text * 20, "utf-8")
        jinkui("ingest", str(batch), "--update")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_two_versions, tmp_path, capsys)


def killed_at(call: int, words: list[str], below: Path) -> bool:
    """Run a command in a child that is gone at this one of its changes of names below a folder; say whether it was."""
    child = os.fork()
    if child == 0:
        left = [call]

        def look(event: str, arguments: tuple[object, ...]) -> None:
            if event in _EVENTS and any(str(below) in str(one) for one in arguments[:2]):
                left[0] -= 1
                if left[0] == 0:
                    os._exit(_KILLED)

        sys.addaudithook(look)
        os._exit(run(words))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, _KILLED)
    return code == _KILLED


@pytest.mark.parametrize("options", [("--as-it-came", "--version", "1"), ("--version", "1")])
def test_what_is_written_out_is_whole_or_not_there_and_a_second_run_goes_on(
    jinkui: Jinkui, tmp_path: Path, options: tuple[str, ...]
) -> None:
    jinkui("export", CODES[0], str(tmp_path / "whole"), *options)
    whole = tree(tmp_path / "whole")
    assert len(whole) >= 3
    kills = 0
    for call in range(1, _MOST):
        place = tmp_path / f"at-{call}"
        place.mkdir()
        words = ["--home", str(jinkui.home), "export", CODES[0], str(place / "out"), *options]
        if not killed_at(call, words, place):
            break
        kills += 1
        if (place / "out").exists():
            assert tree(place / "out") == whole
        else:
            jinkui("export", CODES[0], str(place / "out"), *options)
            assert tree(place / "out") == whole
            assert sorted(one.name for one in place.iterdir()) == ["out", "out.present.jsonl"]
        assert (place / "out.present.jsonl").is_file()
    assert 5 < kills < _MOST - 1


def test_a_version_that_was_written_out_goes_in_again(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("export", CODES[0], str(tmp_path / "out"), "--as-it-came", "--version", "1")
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["batch.toml", "文件", "目录.csv"]
    told = jinkui.json("ingest", str(tmp_path / "out"), "--update")
    assert [one["outcome"] for one in told["records"]] == ["updated"]
