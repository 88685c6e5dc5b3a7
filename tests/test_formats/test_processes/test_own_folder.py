"""The folder of a child: bounded, and gone after it, whoever was killed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from archives.errors import ToolFailedError
from formats.processes import confinement
from formats.processes.children import ChildExecutor
from formats.processes.confinement import Confinement
from formats.processes.own_folder import OwnFolder, sweep
from tests.support.places import ROOT

LIMIT = 8 << 20
CONFINED = Confinement()
OF_EARLIER_SOFTWARE = "jinkui-child-x"  # which may be at work while its successor is installed

needs_confinement = pytest.mark.skipif(not confinement.is_possible(), reason="needs a kernel with seccomp and Landlock")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder in which this process makes what is temporary."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def write_many(how: str) -> int:
    """Write 64 MiB, or very many files, in a way that one may hope nobody looks at."""
    held = []
    for number in range(5000 if how == "empty" else 64):
        place = Path(str(number))
        if how == "deep":
            place.mkdir()
            place /= "below"
        file = place.open("wb")
        held.append(file)
        if how != "empty":
            file.write(os.urandom(1 << 20))
            file.flush()
        if how == "removed":
            place.unlink()
        else:
            held.pop().close()
    time.sleep(60)
    return len(held)


def write_one(size_bytes: int, place: str) -> int:
    """Write one file, of which only the end takes room."""
    with Path(place).open("wb") as file:
        file.seek(size_bytes - 1)
        return file.write(b"x")


def where() -> str:
    """Return our own folder."""
    return str(Path.cwd())


@needs_confinement
@pytest.mark.parametrize("how", ["plain", "deep", "removed", "empty"])
def test_a_child_that_writes_more_than_it_may_is_ended(temporary: Path, how: str) -> None:
    with ChildExecutor(1, timeout_seconds=50, confined=CONFINED, folder_bytes=LIMIT) as children:
        with pytest.raises(ToolFailedError, match="writes more than it may"):
            children.submit(write_many, how).result()
        assert children.submit(write_one, 1 << 20, "a").result() == 1
        with pytest.raises(ToolFailedError, match="OSError"):
            children.submit(write_one, LIMIT + 1, "b").result()
    assert list(temporary.iterdir()) == []


def test_what_is_ours_and_only_copies_may_write_files_of_any_size(tmp_path: Path) -> None:
    with ChildExecutor(1, timeout_seconds=50) as children:
        assert children.submit(write_one, 5 << 30, str(tmp_path / "film")).result() == 1


@needs_confinement
def test_a_folder_that_a_killed_command_left_is_swept_and_one_in_use_is_not(temporary: Path) -> None:
    program = (
        "from formats.processes.children import ChildExecutor; from formats.processes.confinement import Confinement;"
        "from tests.test_formats.test_processes.test_own_folder import where; import os, signal;"
        "print(ChildExecutor(1, timeout_seconds=50, confined=Confinement()).submit(where).result(), flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    killed = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    left = Path(killed.stdout.decode().strip())
    assert left.parent == temporary
    with ChildExecutor(1, timeout_seconds=50, confined=CONFINED) as one:
        used = Path(one.submit(where).result())
        assert not left.exists()
        with ChildExecutor(1, timeout_seconds=50, confined=CONFINED) as other:
            other.submit(where).result()
        assert one.submit(where).result() == str(used)
        assert used.is_dir()
    assert list(temporary.iterdir()) == []


def test_only_what_is_ours_is_swept(temporary: Path) -> None:
    for name in ("jinkui-own-a", "jinkui-other", "child", OF_EARLIER_SOFTWARE):
        (temporary / name / "below").mkdir(parents=True)
    precious = temporary / "precious"
    precious.mkdir()
    (temporary / "jinkui-own-link").symlink_to(precious)
    (temporary / "jinkui-own-file").touch()
    sweep(frozenset({os.getuid() + 1}))
    assert (temporary / "jinkui-own-a").is_dir()
    (temporary / "jinkui-own-a/below").chmod(0)
    sweep(frozenset({os.getuid()}))
    left = {path.name for path in temporary.iterdir()}
    assert left == {"jinkui-other", "child", OF_EARLIER_SOFTWARE, "precious", "jinkui-own-link", "jinkui-own-file"}


def test_a_folder_that_is_swept_while_it_is_made_is_made_again(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, made = tempfile.mkdtemp, []

    def swept_at_once(prefix: str) -> str:
        made.append(make(prefix=prefix))
        if len(made) < 3:
            sweep(frozenset({os.getuid()}))
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", swept_at_once)
    own = OwnFolder(os.getuid())
    assert len(made) == 3
    sweep(frozenset({os.getuid()}))
    assert own.path.is_dir()
    own.remove()
    assert not own.path.exists()
