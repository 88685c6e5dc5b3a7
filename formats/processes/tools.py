"""The one place that starts processes: with a time limit, a memory limit, a clean environment, ended as a group.

``run_tool`` runs an outside program. ``ChildExecutor`` runs our own functions in children, so that a decoder that
hangs, crashes or eats memory takes its child with it and nothing else.
"""

import contextlib
import ctypes
import os
import pickle
import queue
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

from archives.errors import ToolFailedError, ToolMissingError
from archives.message import message

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_KEPT = ("PATH", "HOME", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "TESSDATA_PREFIX")
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What an outside program wrote."""

    stdout: bytes
    stderr: bytes


def run_tool(
    argv: Sequence[str],
    *,
    timeout_seconds: float,
    memory_bytes: int | None = None,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> ToolResult:
    """Run an outside program to its end and return what it wrote; ``folder`` is where it works.

    Raises ``ToolMissingError`` when it is not installed, ``ToolFailedError`` when it cannot be started, ends with another
    status than 0 or outlives ``timeout_seconds``; then it and everything it started are killed.
    """
    try:
        process = subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(environment or {}),
            start_new_session=True,
            preexec_fn=_limits(memory_bytes),
            cwd=folder,
        )
    except FileNotFoundError as cause:
        raise ToolMissingError(
            message("没有安装 {name}", "{name} is not installed", name=argv[0]), subject=argv[0]
        ) from cause
    except OSError as cause:
        raise ToolFailedError(
            message(
                "{name} 无法启动：{reason}",
                "{name} cannot be started: {reason}",
                name=argv[0],
                reason=str(cause.strerror),
            ),
            subject=argv[0],
        ) from cause
    try:
        stdout, stderr = process.communicate(stdin, timeout=timeout_seconds)
    except subprocess.TimeoutExpired as cause:
        raise ToolFailedError(
            message("{name} 超时", "{name} ran out of time", name=argv[0]), subject=argv[0]
        ) from cause
    finally:
        _kill_group(process)
    if process.returncode:
        raise ToolFailedError(
            message(
                "{name} 失败（{status}）：{reason}",
                "{name} failed ({status}): {reason}",
                name=argv[0],
                status=process.returncode,
                reason=stderr.decode("utf-8", "replace")[-500:],
            ),
            subject=argv[0],
        )
    return ToolResult(stdout, stderr)


class ChildExecutor(Executor):
    """Runs top-level functions in ``workers`` children that live on between calls.

    A call that takes longer than ``timeout_seconds``, or whose child dies, fails with ``ToolFailedError``; its child
    and all that it started are killed and the next call gets a new one. Other calls are not touched.
    """

    def __init__(
        self,
        workers: int,
        *,
        timeout_seconds: float,
        memory_bytes: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._memory_bytes = memory_bytes
        self._environment = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", **(environment or {})}
        self._tasks: queue.SimpleQueue[tuple[Future[Any], bytes] | None] = queue.SimpleQueue()
        self._closed = False
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> "Future[Result]":
        """Run a function in a child; it and its arguments are pickled."""
        if self._closed:
            raise RuntimeError("the executor is shut down")
        future: Future[Result] = Future()
        self._tasks.put((future, pickle.dumps((fn, args, kwargs))))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the children when what was submitted is done (or at once for what has not begun)."""
        if self._closed:
            return
        self._closed = True
        if cancel_futures:
            with contextlib.suppress(queue.Empty):
                while task := self._tasks.get_nowait():
                    task[0].cancel()
        for _ in self._threads:
            self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self) -> None:
        child: _Child | None = None
        while task := self._tasks.get():
            future, call = task
            if not future.set_running_or_notify_cancel():
                continue
            child = child or _Child(self._memory_bytes, self._environment)
            try:
                succeeded, value = child.call(call, self._timeout_seconds)
            except ToolFailedError as failure:
                child.kill()
                child = None
                future.set_exception(failure)
                continue
            if succeeded:
                future.set_result(value)
            else:
                future.set_exception(value)
        if child:
            child.kill()


class _Child:
    """A Python process that runs one call after another: length, then pickle, both ways."""

    def __init__(self, memory_bytes: int | None, environment: Mapping[str, str]) -> None:
        read, self._answers = os.pipe()
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "formats.processes.child",
                str(self._answers),
                os.pathsep.join(filter(None, sys.path)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(self._answers,),
            env=_environment({**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}),
            start_new_session=True,
            preexec_fn=_limits(memory_bytes),
        )
        os.close(self._answers)
        self._read = read

    def call(self, request: bytes, timeout_seconds: float) -> tuple[bool, Any]:
        """Return whether the call succeeded and its result or exception."""
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(struct.pack("<Q", len(request)) + request)
            stdin.flush()
        except OSError as cause:
            raise _died() from cause
        length = struct.unpack("<Q", self._receive(8, timeout_seconds))[0]
        answer: tuple[bool, Any] = pickle.loads(self._receive(length, timeout_seconds))  # noqa: S301 - our own child
        return answer

    def kill(self) -> None:
        """End the child and everything it started."""
        _kill_group(self._process)
        os.close(self._read)

    def _receive(self, length: int, timeout_seconds: float) -> bytes:
        received = bytearray()
        while len(received) < length:
            if not select.select([self._read], [], [], timeout_seconds)[0]:
                raise ToolFailedError(message("处理超时", "processing ran out of time"))
            block = os.read(self._read, min(length - len(received), 1 << 20))
            if not block:
                raise _died()
            received += block
        return bytes(received)


def _died() -> ToolFailedError:
    return ToolFailedError(message("处理它的进程意外终止", "the process working on it died"))


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | {"LANG": "C.UTF-8"} | dict(given)


def _limits(memory_bytes: int | None) -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)

    def limit() -> None:
        libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if memory_bytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    return limit


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        _close(stream)


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None:
        with contextlib.suppress(OSError):
            stream.close()
