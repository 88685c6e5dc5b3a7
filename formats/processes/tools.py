"""Programs of the operator's own, run with a time limit and a clean environment, ended as a group."""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from archives.errors import ToolFailedError, ToolMissingError
from archives.message import message
from formats.processes import child

_KEPT = ("PATH", "HOME", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "TESSDATA_PREFIX")
_WAIT_SECONDS = 0.05
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
    status than 0 or outlives ``timeout_seconds``; then it and everything it started are killed. Inside a child, which
    may neither leave its group nor signal anybody, it stays in the group and is ended with it, before the next call.
    """
    try:
        process = subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(environment or {}),
            start_new_session=not child.is_here(),
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
                "{name} 失败（{status}）：“{reason}”",
                "{name} failed ({status}): “{reason}”",
                name=argv[0],
                status=process.returncode,
                reason=stderr.decode("utf-8", "replace").strip()[-500:],
            ),
            subject=argv[0],
        )
    return ToolResult(stdout, stderr)


def run_forked(function: Callable[[], bool], name: str, *, timeout_seconds: float) -> None:
    """Run a function in a process that is forked of this one, which is one of a child and works on one file alone.

    So a library that is no part of us is kept out of what goes on afterwards, where no program may be started. Raises
    ``ToolFailedError`` when it returns False, dies, or outlives its time; then it is ended with the child.
    """
    if not (forked := os.fork()):
        status = 1
        try:
            status = 0 if function() else 1
        finally:
            os._exit(status)
    ends_at = time.monotonic() + timeout_seconds
    while time.monotonic() < ends_at:
        ended, status = os.waitpid(forked, os.WNOHANG)
        if ended and not status:
            return
        if ended:
            raise ToolFailedError(message("{name} 失败", "{name} failed", name=name), subject=name)
        time.sleep(_WAIT_SECONDS)
    raise ToolFailedError(message("{name} 超时", "{name} ran out of time", name=name), subject=name)


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
    if not child.is_here():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        _close(stream)


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None:
        with contextlib.suppress(OSError):
            stream.close()
