"""A home of another account: root leaves nothing in it, and what it left before is told of with the way out."""

import os
import subprocess
import sys
import tempfile
from itertools import takewhile
from pathlib import Path

import pytest

from preservation.journal.memory_form import unusable
from tests.support.command_line import Jinkui, Prepared, just_begun

NOBODY = 65534
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can act for another account")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(just_begun, tmp_path, capsys)


@as_root
@pytest.mark.parametrize("command", [("status",), ("hold", "place", "A", "--reason", "x"), ("opening", "publish")])
def test_root_leaves_nothing_in_a_home_of_another_account(jinkui: Jinkui, command: tuple[str, ...]) -> None:
    for path in (jinkui.home, *jinkui.home.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    told = " ".join(jinkui(*command, code=3).split())
    assert ("sudo -u" in told, f"jinkui --home {jinkui.home}" in told, "chown -R" in told) == (True, True, True)
    assert {path.stat().st_uid for path in (jinkui.home, *jinkui.home.rglob("*"))} == {NOBODY}


@as_root
def test_what_root_left_in_a_home_is_to_be_given_back(tmp_path: Path) -> None:
    tail = tmp_path / "tail"
    tail.write_bytes(b"")
    tail.chmod(0o600)
    for folder in takewhile(lambda one: one != Path(tempfile.gettempdir()), (tmp_path, *tmp_path.parents)):
        folder.chmod(0o755)
    os.chown(tmp_path, NOBODY, NOBODY)
    program = (
        "import os, sys; from pathlib import Path; from preservation.journal.memory_form import unusable; "
        f"os.setuid({NOBODY}); print(unusable(Path(sys.argv[1]), PermissionError(13, 'x')).advice.text('en'))"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(tail)], capture_output=True, text=True, check=True)
    assert f"chown -R nobody {tmp_path}" in ran.stdout
    assert unusable(tail, PermissionError(13, "x")).advice is None, "root may write it"
