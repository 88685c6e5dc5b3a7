"""The jinkui command at once: a process with everything loaded forks for each command, which may be traced from its start.

Run as a program it is that process: it reads one JSON request a line (``arguments``, ``out``, ``error``, ``stop``) and
answers with one line a change of the fork: ``{"stopped": pid}`` when it waits to be traced, ``{"code": n}`` when it ended.
"""

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
_ATTACHED_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended (a negative code is the signal that killed it) and what it printed."""

    code: int
    out: str
    error: str


class ForkedJinkui:
    """Starts commands as forks of one loaded process, until it is closed."""

    def __init__(self) -> None:
        self._server = _started()

    def run(self, arguments: Sequence[str], *, strace: Sequence[str] | None = None) -> Done:
        """Run a command to its end, under strace with these options when there are some."""
        try:
            return self._run(arguments, strace)
        except BaseException:  # no time was left for the command: what it answers later is no answer to the next one
            self._close()
            self._server = _started()
            raise

    def _run(self, arguments: Sequence[str], strace: Sequence[str] | None) -> Done:
        with tempfile.TemporaryDirectory() as place:
            out, error = Path(place, "out"), Path(place, "error")
            self._ask({"arguments": list(arguments), "out": str(out), "error": str(error), "stop": strace is not None})
            answer = self._answer()
            if strace is not None:
                answer = self._traced(answer["stopped"], strace)
            return Done(answer["code"], out.read_text("utf-8", "replace"), error.read_text("utf-8", "replace"))

    def on_home(self, folder: Path, *arguments: str, codes: Sequence[int] = (0,)) -> str:
        """Run a command on the home in a folder, require its exit code, return its standard output."""
        done = self.run(("--home", str(folder / "home"), "--lang", "en", *arguments))
        assert done.code in codes, f"{arguments}: {done.code}\n{done.out}\n{done.error}"
        return done.out

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._close()

    def _close(self) -> None:
        """End the process, and a command that is on its way in it."""
        assert self._server.stdin is not None
        self._server.stdin.close()
        try:
            self._server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait(timeout=60)
        assert self._server.stdout is not None
        self._server.stdout.close()

    def _traced(self, pid: int, options: Sequence[str]) -> dict[str, Any]:
        with subprocess.Popen(["strace", "-qq", "-f", *options, "-p", str(pid)], stderr=subprocess.DEVNULL) as tracer:
            _await_tracer(pid, tracer)
            os.kill(pid, signal.SIGCONT)
            answer = self._answer()
            tracer.wait(timeout=60)
        return answer

    def _ask(self, request: dict[str, object]) -> None:
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        answer: dict[str, Any] = json.loads(self._server.stdout.readline())
        return answer


def _started() -> "subprocess.Popen[str]":
    """Start the process that forks, with a group of its own, of which its forks are."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, __file__], stdin=pipe, stdout=pipe, text=True, start_new_session=True)


def _await_tracer(pid: int, tracer: "subprocess.Popen[bytes]") -> None:
    """Wait until every thread of a stopped process is traced."""
    status = Path(f"/proc/{pid}/status")
    until = time.monotonic() + _ATTACHED_SECONDS
    while "TracerPid:\t0\n" in status.read_text():
        if tracer.poll() is not None or time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            raise RuntimeError("strace did not attach")
        time.sleep(0.002)


def _serve() -> None:
    sys.path.insert(0, str(ROOT))
    from tests.support.in_memory_jinkui import in_one_process

    in_one_process()
    for room in ("archives", "formats", "preservation", "ingest", "search", "cli"):
        for module in pkgutil.walk_packages([str(ROOT / room)], f"{room}."):
            importlib.import_module(module.name)
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if not pid:
            _command(request)
        if request["stop"]:
            os.waitpid(pid, os.WUNTRACED)
            print(json.dumps({"stopped": pid}), flush=True)
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)


def _command(request: dict[str, Any]) -> None:
    """Be the command: never returns."""
    from cli.main import run

    for stream, name in ((1, "out"), (2, "error")):
        os.dup2(os.open(request[name], os.O_WRONLY | os.O_CREAT, 0o600), stream)
    code = 70
    try:
        if request["stop"]:
            os.kill(os.getpid(), signal.SIGSTOP)
        code = run(request["arguments"])
        sys.stdout.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()
