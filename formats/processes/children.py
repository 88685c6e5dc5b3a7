"""Children: processes of our own that work on what others wrote, so that it can harm nothing but its own answer.

A decoder that hangs, crashes, eats memory or is taken over has one file to read and one answer to give
(``confinement``); the answer is data of a type known beforehand (``answers``).
"""

import contextlib
import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from archives.errors import ToolFailedError
from archives.message import message
from formats.processes import answers, calls, child, confinement, group
from formats.processes.confinement import Confinement
from formats.processes.own_folder import OwnFolder, sweep

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_ROOT = Path(__file__).resolve().parents[2]
_BOOT = "import sys; sys.path[3:3] = sys.argv[2:]; from formats.processes.child import main; main()"
"""What is ours comes after the three entries of the standard library and before whatever else is installed."""

_WATCHED_EVERY_SECONDS = 0.05
_OWN_PROCESSES = 2
_MOST_KEPT = 0.75
"""How much of its memory a child may hold between calls."""
LARGEST_FOLDER_BYTES = 1 << 30
"""How much a confined child may have written down at a time, unless another limit is given."""

_KEPT = ("PATH", "TESSDATA_PREFIX", "TZ")
_ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class ChildExecutor(Executor):
    """Runs top-level functions in ``workers`` children that live on between calls.

    A call that takes longer than ``timeout_seconds``, whose child dies, or whose child holds more than ``memory_bytes``
    with all that it started, fails with ``ToolFailedError``; its child is ended as a group and the next call gets a new
    one; so does one whose folder holds more than ``folder_bytes`` where it is confined. Other calls are not touched. A function promises the type of its result, which travels as JSON.

    Without ``confined`` the children may do what we may: for functions of ours that understand nothing of what they
    read. Raises ``ToolMissingError`` where children cannot be confined and may not do without.
    """

    def __init__(
        self,
        workers: int,
        *,
        timeout_seconds: float,
        memory_bytes: int | None = None,
        confined: Confinement | None = None,
        folder_bytes: int = LARGEST_FOLDER_BYTES,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        if confined is not None:
            confinement.require(confined)
        sweep(frozenset({os.getuid(), confined.user if confined is not None else os.getuid()}))
        self._timeout_seconds = timeout_seconds
        self._memory_bytes = memory_bytes
        self._confined = confined
        self._folder_bytes = folder_bytes if confined is not None else None
        self._environment = {**_ONE_THREAD, **(environment or {})}
        self._tasks: queue.SimpleQueue[tuple[Future[Any], calls.Packed, Any] | None] = queue.SimpleQueue()
        self._closed = False
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> "Future[Result]":
        """Run a function in a child; it and its arguments are pickled, opened files are handed over.

        They must stay open until the call has ended.
        """
        if self._closed:
            raise RuntimeError("the executor is shut down")
        future: Future[Result] = Future()
        self._tasks.put((future, calls.pack(fn, args, kwargs), answers.promised(fn)))
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
        running: _Child | None = None
        while task := self._tasks.get():
            future, call, promised = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                running = running or self._start()
                future.set_result(running.call(call, promised))
            except Exception as failure:  # whoever waits for this call must hear of it
                future.set_exception(failure)
            if running is not None and not running.is_usable():
                running.end()
                running = None
        if running:
            running.end()

    def _start(self) -> "_Child":
        return _Child(self._memory_bytes, self._timeout_seconds, self._folder_bytes, self._confined, self._environment)


class _Child:
    """A child that runs one call after another: what ``calls`` packs, to it; what ``answers`` writes, from it."""

    def __init__(
        self,
        memory_bytes: int | None,
        timeout_seconds: float,
        folder_bytes: int | None,
        confined: Confinement | None,
        environment: Mapping[str, str],
    ) -> None:
        self._memory_bytes = memory_bytes
        self._timeout_seconds = timeout_seconds
        self._is_broken = False
        self._folder_bytes = folder_bytes
        user = confined.user if confined is not None and confinement.changes_account() else os.getuid()
        self._own = OwnFolder(user)
        self._read, write = os.pipe()
        self._channel, theirs = socket.socketpair()
        start = child.Start(
            parent=os.getpid(),
            calls=theirs.fileno(),
            answers=write,
            packages=_packages(),
            memory_bytes=memory_bytes,
            folder_bytes=folder_bytes,
            timeout_seconds=timeout_seconds,
            confined=confined is not None,
            readable=[str(place.resolve()) for place in confined.readable] if confined else [],
            user=user,
        )
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _BOOT, json.dumps(start._asdict()), str(_ROOT), *_libraries()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(write, theirs.fileno()),
                env=self._environment_of(environment),
                start_new_session=True,
                cwd=self._own.path,
            )
        finally:
            os.close(write)
            theirs.close()

    def call(self, packed: calls.Packed, promised: Any) -> Any:
        """Return the result of a call; raises the error that it ended with, or ``ToolFailedError``."""
        self._is_broken = True  # until it has answered in full
        ends_at = time.monotonic() + self._timeout_seconds
        try:
            calls.send(self._channel, packed)
        except OSError as cause:
            raise child.died() from cause
        heard: list[bool] = []

        def receive(length: int) -> bytes:
            data = self._receive(length, ends_at)
            heard.append(True)
            return data

        try:
            return answers.decode(receive, promised)
        finally:
            self._is_broken = len(heard) < _PARTS

    def is_usable(self) -> bool:
        """Say whether the child can be given the next call: it answered, and nothing that it started is left.

        Nor does it hold so much from earlier calls that the next one could want what is not left: recognisers keep what
        they prepared for each size of page.
        """
        return not self._is_broken and len(self._members()) <= _OWN_PROCESSES and not self._is_full()

    def _is_full(self) -> bool:
        most = self._memory_bytes
        return most is not None and group.holds_more(self._process.pid, int(most * _MOST_KEPT))

    def end(self) -> None:
        """End the child and everything it started, and remove what it wrote."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._channel.close()
        os.close(self._read)
        self._own.remove()

    def _receive(self, length: int, ends_at: float) -> bytes:
        received = bytearray()
        watched_at = time.monotonic()
        while len(received) < length:
            ready = select.select([self._read], [], [], _WATCHED_EVERY_SECONDS)[0]
            if not ready or time.monotonic() > watched_at + _WATCHED_EVERY_SECONDS:
                self._watch(ends_at)
                watched_at = time.monotonic()
            if not ready:
                continue
            block = os.read(self._read, min(length - len(received), 1 << 20))
            if not block:
                raise child.died()
            received += block
        return bytes(received)

    def _watch(self, ends_at: float) -> None:
        if time.monotonic() > ends_at:
            raise ToolFailedError(message("处理超时", "processing ran out of time"))
        if self._memory_bytes is not None and group.holds_more(self._process.pid, self._memory_bytes):
            raise child.out_of_memory()
        if self._folder_bytes is not None and self._own.holds_more(self._folder_bytes, self._members()):
            raise child.out_of_space()

    def _members(self) -> list[int]:
        return group.members(self._process.pid)

    def _environment_of(self, given: Mapping[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        own = {"HOME": str(self._own.path), "TMPDIR": str(self._own.path), "LANG": "C.UTF-8"}
        return {**kept, **own, **given}


_PARTS = 3
"""Head, JSON, bytes beside it: what an answer that came in full consists of."""


def _libraries() -> list[str]:
    """Return the entries of the search path from which this process itself has taken packages, but for ours."""
    packages = [path for module in tuple(sys.modules.values()) for path in getattr(module, "__path__", ())]
    used = {str(Path(path).parent) for path in packages} - {str(_ROOT)}
    return [entry for entry in sys.path if entry in used and Path(entry).is_absolute()]


def _packages() -> list[str]:
    """Return the names of the top packages that lie beside ours and are in use here."""
    modules = tuple(sys.modules.items())
    return sorted(
        name
        for name, module in modules
        if "." not in name and any(Path(path).parent == _ROOT for path in getattr(module, "__path__", ()))
    )
