"""``jinkui check`` judges any package from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from tests.support.bags import make_bag


def check(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> dict[str, Any]:
    assert run(["--lang", "en", "check", "--json", *arguments]) == code
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_a_bag_is_judged_and_a_second_opinion_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bag = make_bag(tmp_path / "bag")
    assert check(capsys, str(bag), code=0) == {"kind": "bag", "valid": True, "findings": []}
    second = check(capsys, str(bag), "--second-opinion", code=0)["second_opinion"]
    assert set(second) == {"tool", "version", "valid", "message"}
    assert (second["tool"], second["valid"]) == ("bagit-python", True)
    (bag / "data" / "a.txt").write_bytes(b"onf")
    answer = check(capsys, str(bag), "--second-opinion", code=12)
    assert answer["second_opinion"]["valid"] is False
    assert {f["code"] for f in answer["findings"]} == {"digest-differs"}
    assert set(answer["findings"][0]) == {"code", "severity", "file", "message", "advice", "row", "cell"}


def test_a_folder_that_is_nothing_says_what_was_looked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = check(capsys, str(tmp_path), "--second-opinion", code=12)
    assert [finding["code"] for finding in answer["findings"]][:2] == ["kind-unknown", "E003"]
    assert "bagit.txt" in answer["findings"][0]["message"]
    assert answer["second_opinion"]["valid"] is None
    assert "bags only" in answer["second_opinion"]["message"]
    assert run(["--lang", "en", "check", ""]) == 2


def test_names_that_are_no_text_are_shown_without_harm(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    (bag / os.fsdecode(b"data/\xff\x1b[2J.txt")).write_bytes(b"x")
    program = [sys.executable, "-c", "from cli.main import main; main()", "--lang", "en", "check", str(bag)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([*program, "--json"], capture_output=True, check=False, env=environment)
    assert done.returncode == 12, done.stderr
    assert "file-not-listed" in {f["code"] for f in json.loads(done.stdout)["findings"]}
    shown = subprocess.run(program, capture_output=True, check=False, env=environment)
    assert shown.returncode == 12
    assert b"\x1b[2J" not in shown.stdout


def test_a_file_is_misused_and_what_is_not_there_is_not_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    for name in ("file", "x" * 5000):
        assert check(capsys, str(tmp_path / name), code=2)["error"]["code"] == "usage"
    assert check(capsys, str(tmp_path / "nothing"), code=4)["error"]["code"] == "not-found"
