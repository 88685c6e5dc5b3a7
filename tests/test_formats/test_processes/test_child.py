"""The inside of a child: what it may not do, whoever we are, and that its answers are data and never run."""

import ctypes
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

import pytest

from archives.errors import FormatError, ToolFailedError
from archives.message import message
from formats.processes import answers, confinement
from formats.processes.child import apart
from formats.processes.children import ChildExecutor
from formats.processes.confinement import Confinement
from formats.processes.opened import Opened
from formats.processes.tools import run_tool
from tests.support.files import image_bytes, put
from tests.support.places import ROOT

CONFINED = Confinement()
BUDGET = 512 << 20
USER = 12345

pytestmark = pytest.mark.skipif(not confinement.is_possible(), reason="needs a kernel with seccomp and Landlock")


class Tried(NamedTuple):
    """What became of an attempt: empty when it succeeded."""

    canary_read: str
    canary_truncated: str
    canary_chmod: str
    folder_listed: str
    loopback: str
    left_group: str
    left_session: str
    parent_signalled: str
    parent_signalled_by_thread: str
    parent_traced: str
    memory_file: str
    other_limits: str
    name_space: str


def tried(what: Callable[[], object]) -> str:
    """Return the name of the error that an attempt ends with."""
    try:
        what()
    except OSError as refused:
        return type(refused).__name__
    return ""


def call(number: int, *arguments: int) -> None:
    """Make a system call by its number on this machine."""
    if ctypes.CDLL(None, use_errno=True).syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def misbehave(canary: str, port: int, parent: int) -> Tried:
    """Try everything that a decoder which was taken over would try first."""
    numbers = {"x86_64": (234, 101), "aarch64": (131, 117)}[os.uname().machine]
    return Tried(
        canary_read=tried(lambda: Path(canary).read_bytes()),
        canary_truncated=tried(lambda: os.truncate(canary, 0)),
        canary_chmod=tried(lambda: Path(canary).chmod(0o777)),
        folder_listed=tried(lambda: os.listdir(Path(canary).parent)),
        loopback=tried(lambda: socket.create_connection(("127.0.0.1", port), 1)),
        left_group=tried(lambda: os.setpgid(0, 0)),
        left_session=tried(os.setsid),
        parent_signalled=tried(lambda: os.kill(parent, signal.SIGCONT)),
        parent_signalled_by_thread=tried(lambda: call(numbers[0], parent, parent, signal.SIGCONT)),
        parent_traced=tried(lambda: call(numbers[1], 16, parent, 0, 0)),
        memory_file=tried(lambda: os.memfd_create("x")),
        other_limits=tried(lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE, (64, 64))),
        name_space=tried(call_unshare),
    )


def call_unshare() -> None:
    """Ask for a user name space of our own."""
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000):
        raise OSError(ctypes.get_errno(), "refused")


def misbehave_apart(path: Path, canary: str, port: int, parent: int) -> Tried:
    """Try the same where files are opened."""
    assert path.read_bytes() == b"input"
    return misbehave(canary, port, parent)


def misbehave_with(opened: Opened, canary: str, port: int, parent: int) -> Tried:
    """Try the same where files are opened, from where calls are served."""
    return apart(misbehave_apart, opened, canary, port, parent)


def read_neighbour(path: Path, neighbour: str) -> str:
    """Return what reading another file than our own ends with."""
    assert path.read_bytes()
    return tried(lambda: Path(neighbour).read_bytes())


def neighbour_of(opened: Opened, neighbour: str) -> str:
    """Ask for another file from where one is opened."""
    return apart(read_neighbour, opened, neighbour)


def who() -> tuple[int, int, str]:
    """Return our account, our group of processes and our folder."""
    return os.getuid(), os.getpgrp(), str(Path.cwd())


def leave_something() -> str:
    """Write into our own folder."""
    Path("page.png").write_bytes(b"image")
    return str(Path("page.png").resolve())


def hoard(mebibytes: int) -> int:
    """Hold memory, a piece at a time, over several processes."""
    held = [bytearray(os.urandom(1 << 20)) for _ in range(mebibytes // 2)]
    if os.fork() == 0:
        held += [bytearray(os.urandom(1 << 20)) for _ in range(mebibytes)]
        time.sleep(60)
        os._exit(len(held))
    time.sleep(60)
    return len(held)


def demand(mebibytes: int) -> int:
    """Ask for memory at once."""
    return len(bytearray(mebibytes << 20))


def leave_orphan() -> int:
    """Leave a process behind that nobody waits for."""
    if os.fork() == 0:
        if os.fork() == 0:
            time.sleep(60)
        os._exit(0)
    os.wait()
    return os.getpid()


def keep_in_mind(mib: int) -> int:
    """Take memory that is not given back with the end of the call; return which process did."""
    sys.modules[__name__].__dict__.setdefault("kept", []).append(bytearray(b"x") * (mib << 20))
    return os.getpid()


def server() -> int:
    """Return the process that serves calls."""
    return os.getpid()


class Bomb:
    """What runs a command when it is unpickled."""

    def __init__(self, told: str) -> None:
        self.told = told

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path(self.told),)


def lie(told: str) -> int:
    """Answer past the rules: bytes that run something where they are unpickled."""
    data = pickle.dumps((True, Bomb(told)))
    os.write(answer_handle(), len(data).to_bytes(8, "little") + data)
    return 1


def answer_handle() -> int:
    """Return the descriptor that answers go to: the pipe among those that are open."""
    for handle in range(3, 64):
        try:
            if os.readlink(f"/proc/self/fd/{handle}").startswith("pipe:"):
                return handle
        except OSError:
            continue
    raise AssertionError("no pipe")


def fail(kind: str) -> None:
    """Fail in one of several ways."""
    if kind == "ours":
        raise FormatError(message("坏", "bad"), subject="x")
    if kind == "memory":
        raise MemoryError
    raise SystemError("/srv/scans/path")


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """Give a file that no child has any business with."""
    path = tmp_path / "keys" / "archive.pem"
    path.parent.mkdir()
    path.write_bytes(b"canary")
    return path


@pytest.fixture
def port() -> Iterator[int]:
    """Give the port of a server on the loopback address."""
    listening = socket.create_server(("127.0.0.1", 0))
    yield listening.getsockname()[1]
    listening.close()


def test_a_child_can_neither_read_nor_harm_what_is_not_its_own(canary: Path, port: int) -> None:
    with ChildExecutor(1, timeout_seconds=60, confined=CONFINED) as children:
        found = children.submit(misbehave, str(canary), port, os.getpid()).result()
    assert [name for name, refused in found._asdict().items() if not refused] == []
    assert canary.read_bytes() == b"canary"


def test_where_a_file_is_opened_nothing_else_can_be_reached(canary: Path, port: int, tmp_path: Path) -> None:
    place = tmp_path / "batch"
    place.mkdir()
    for name in ("one", "two"):
        (place / name).write_bytes(b"input")
    confined = Confinement((place,))
    with ChildExecutor(1, timeout_seconds=60, confined=confined) as children, Opened.at(place / "one") as opened:
        found = children.submit(misbehave_with, opened, str(canary), port, os.getpid()).result()
        neighbour = children.submit(neighbour_of, opened, str(place / "two")).result()
    assert [name for name, refused in found._asdict().items() if not refused] == []
    assert neighbour == "PermissionError"
    assert canary.read_bytes() == b"canary"


def refused_among(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files that cannot be read from here."""
    return tuple(path for path in paths if tried(Path(path).read_bytes))


def test_what_libraries_show_to_people_can_be_read_where_they_put_it() -> None:
    data = Path(sysconfig.get_paths()["data"])
    files = {Path(str(one.locate_file(file))).resolve() for one in distributions() for file in one.files or ()}
    shown = [path for folder in ("locale", "share") for path in files if path.is_relative_to(data / folder)]
    with ChildExecutor(1, timeout_seconds=60, confined=CONFINED) as children:
        assert children.submit(refused_among, tuple(str(path) for path in shown if path.exists())).result() == ()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can take another account")
def test_the_same_holds_for_people_who_are_not_root() -> None:
    tests = [
        f"{Path(__file__)}::{test.__name__}"
        for test in (
            test_a_child_can_neither_read_nor_harm_what_is_not_its_own,
            test_where_a_file_is_opened_nothing_else_can_be_reached,
            test_a_child_works_in_a_folder_of_its_own_that_vanishes,
        )
    ]
    interpreter = next((one for one in ("/usr/bin/python3.11", sys.executable) if usable_by(USER, one)), None)
    if interpreter is None:
        pytest.skip("needs a Python that others than root can start (/usr/bin/python3.11)")
    packages = os.pathsep.join([str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))])
    done = subprocess.run(
        [interpreter, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib", *tests],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"},
        user=USER,
        group=USER,
        extra_groups=[],
        capture_output=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()
    assert b"3 passed" in done.stdout


def usable_by(user: int, interpreter: str) -> bool:
    """Say whether somebody can start an interpreter and import from where we do."""
    try:
        command = [interpreter, "-c", "import sys; sys.exit(sys.version_info[:2] != (3, 11))"]
        return subprocess.run(command, user=user, group=user, extra_groups=[], cwd="/", check=False).returncode == 0
    except OSError:
        return False


def test_a_child_works_in_a_folder_of_its_own_that_vanishes() -> None:
    with ChildExecutor(1, timeout_seconds=60, confined=CONFINED) as children:
        user, group_of_processes, folder = children.submit(who).result()
        left = Path(children.submit(leave_something).result())
        assert left.parent == Path(folder)
        assert left.stat().st_mode & 0o777 == 0o600
        assert Path(folder).stat().st_mode & 0o777 == 0o700
    assert not left.parent.exists()
    assert group_of_processes != os.getpgrp()
    assert user == (confinement.NOBODY if os.getuid() == 0 else os.getuid())


def test_a_hoard_over_several_processes_is_ended_below_a_fifth_above_its_budget() -> None:
    with ChildExecutor(1, timeout_seconds=60, memory_bytes=BUDGET, confined=CONFINED) as children:
        began = time.monotonic()
        with pytest.raises(ToolFailedError, match="more memory than it may have"):
            children.submit(hoard, 500).result()
        assert time.monotonic() - began < 30
        with pytest.raises(ToolFailedError, match="more memory than it may have"):
            children.submit(demand, 600).result()
        assert children.submit(demand, 1).result() == 1 << 20


def test_a_child_that_keeps_much_for_itself_is_followed_by_a_new_one() -> None:
    with ChildExecutor(1, timeout_seconds=60, memory_bytes=BUDGET, confined=CONFINED) as children:
        first = children.submit(keep_in_mind, BUDGET // 4 >> 20).result()
        for _ in range(2):  # the third is beyond three quarters, and still within the budget
            assert children.submit(keep_in_mind, BUDGET // 4 >> 20).result() == first
        second = children.submit(keep_in_mind, 1).result()
        assert second != first
        assert children.submit(server).result() == second


def test_what_a_call_leaves_behind_is_ended_before_the_next_one() -> None:
    with ChildExecutor(1, timeout_seconds=60, confined=CONFINED) as children:
        first = children.submit(server).result()
        assert children.submit(leave_orphan).result() == first
        assert children.submit(server).result() != first


def test_a_child_that_opened_a_file_serves_the_next_call(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"input")
    confined = Confinement((tmp_path,))
    with ChildExecutor(1, timeout_seconds=60, confined=confined) as children, Opened.at(tmp_path / "one") as opened:
        served = {children.submit(server).result()}
        for _ in range(8):
            children.submit(neighbour_of, opened, str(tmp_path)).result()
            served.add(children.submit(server).result())
    assert len(served) == 1


def test_readers_of_pictures_are_loaded_once_a_child_and_not_once_a_file(tmp_path: Path) -> None:
    program = (
        "import sys; from formats.processes import child; child._load(); known = {*sys.modules}; "
        "from PIL import Image; Image.open(sys.argv[1]).load(); print(*{*sys.modules} - known)"
    )
    path = put(tmp_path, "one.jpg", image_bytes("JPEG"))
    done = subprocess.run([sys.executable, "-c", program, path], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.split() == []


def run(program: str, argument: str, seconds: float) -> str:
    """Run a program from inside a child."""
    return run_tool([program, argument], timeout_seconds=seconds).stdout.decode()


def test_programs_run_inside_a_child_and_are_ended_with_its_group(tmp_path: Path) -> None:
    with ChildExecutor(1, timeout_seconds=60, confined=CONFINED) as children:
        first = children.submit(server).result()
        assert children.submit(run, "echo", "told", 20).result() == "told\n"
        assert children.submit(server).result() == first
        with pytest.raises(ToolFailedError, match="sleep ran out of time"):
            children.submit(run, "sleep", "50", 0.2).result()
        assert children.submit(server).result() != first


def test_an_answer_is_read_and_never_run(tmp_path: Path) -> None:
    told = tmp_path / "told"
    with ChildExecutor(1, timeout_seconds=20) as children:
        with pytest.raises(ToolFailedError, match="cannot be taken"):
            children.submit(lie, str(told)).result()
        assert children.submit(demand, 1).result() == 1 << 20
    assert not told.exists()


def test_modules_in_the_folder_we_stand_in_are_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "told"
    for module in ("pickle", "json", "socket", "formats", "tempfile"):
        (tmp_path / f"{module}.py").write_text(f"open({str(told)!r}, 'w')\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with ChildExecutor(1, timeout_seconds=20) as children:
        assert children.submit(demand, 1).result() == 1 << 20
    assert not told.exists()


@pytest.mark.parametrize(
    ("kind", "expected", "words"),
    [
        ("ours", FormatError, "bad"),
        ("memory", ToolFailedError, "more memory"),
        ("other", ToolFailedError, r"the library working on it failed \(SystemError\)"),
    ],
)
def test_a_failure_is_an_answer_and_the_next_call_is_served(kind: str, expected: type[Exception], words: str) -> None:
    with ChildExecutor(1, timeout_seconds=20) as children:
        first = children.submit(server).result()
        with pytest.raises(expected, match=words) as raised:
            children.submit(fail, kind).result()
        assert type(raised.value) is expected
        assert "/root" not in str(raised.value)
        assert children.submit(server).result() == first


def test_an_answer_of_another_type_than_promised_is_refused() -> None:
    data = bytearray(answers.encode_result("text", str))

    def receive(length: int) -> bytes:
        piece = bytes(data[:length])
        del data[:length]
        return piece

    with pytest.raises(ToolFailedError, match="cannot be taken"):
        answers.decode(receive, int)


def test_where_the_interpreter_lies_is_said_without_what_lies_below_it_or_is_not_there() -> None:
    places = [Path(place) for place in confinement.importable()]
    assert all(place.exists() and place == place.resolve() for place in places)
    assert not [(one, other) for one in places for other in places if one in other.parents]
    root = Path(__file__).resolve().parents[3]
    assert root not in places
    assert root / "formats" in places
    assert set(places) & set(Path(os.__file__).resolve().parents)
