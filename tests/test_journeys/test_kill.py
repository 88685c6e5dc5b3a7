"""A batch that is killed and begun again loses nothing, doubles nothing, leaves nothing half."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.batches import make_batch

JINKUI = Path(sys.executable).parent / "jinkui"
CODES = [f"Z109-WS·2011-Y-BGS-{n:04}" for n in range(1, 7)]


def ask(home: Path, *arguments: str) -> tuple[int, dict[str, object]]:
    """Run a command as a process and return its exit code and JSON."""
    done = subprocess.run([JINKUI, "--home", home, *arguments, "--json"], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("packages", [0, 1, 3])
def test_a_killed_batch_goes_on_where_it_was(tmp_path: Path, packages: int) -> None:
    if not JINKUI.exists():
        pytest.skip("the jinkui command is not installed beside this Python")
    home = tmp_path / "home"
    ask(home, "init")
    ask(home, "repository", "add", "990001", "--name", "馆")
    batch = make_batch(tmp_path / "batch", [(code, "Report", "2011", "永久", "英语", "1") for code in CODES])
    running = subprocess.Popen(
        [JINKUI, "--home", home, "ingest", batch],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while len(list((home / "stores/first/packages").glob("*/*/*/*/v1"))) <= packages and running.poll() is None:
        assert time.monotonic() < deadline
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    code, answer = ask(home, "ingest", str(batch))
    records = answer["records"]
    assert code == 12
    assert isinstance(records, list)
    assert [r["archival_code"] for r in records] == CODES
    assert {r["outcome"] for r in records} <= {"stored", "stored_with_findings", "already_in"}
    assert len({r["package_id"] for r in records}) == len(CODES)
    code, audit = ask(home, "audit")
    assert (code, audit["copies"]) == (0, [])
    objects = {p.name for p in (home / "stores/second/packages").glob("*/*/*/*")}
    assert len(objects) == len(CODES) + 1, "every record once, and the submission"
