"""The inside of a child of ``ChildExecutor``: two processes, one that serves calls, one that opens files for it.

The first to start gives up its rights, then becomes two. The server reads calls, runs them and answers; it holds what
is slow to load (signatures, models) and looks into no file of others. What does (``apart``) runs in a process that
the helper forks for that one file, which can read nothing else and leaves nothing behind.
"""

import ctypes
import gc
import importlib
import json
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from archives.errors import JinkuiError, ToolFailedError
from archives.message import message
from formats.processes import answers, calls, confinement
from formats.processes.opened import Opened

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_SLOW_TO_LOAD = ("PIL.Image", "numpy", "cv2", "lxml.etree", "pypdfium2", "openpyxl", "olefile")
_GONE = b"."
"""What the helper says when the process that opened a file is no more, and nothing of it is left."""

_HELPER: ContextVar[socket.socket] = ContextVar("helper")
_IS_WORKER: ContextVar[bool] = ContextVar("is_worker", default=False)


class Start(NamedTuple):
    """What a child is told at its start, as JSON on its command line; calls come through the socket ``calls``."""

    parent: int
    calls: int
    answers: int
    packages: list[str]
    memory_bytes: int | None
    folder_bytes: int | None
    timeout_seconds: float
    confined: bool
    readable: list[str]
    user: int


def main() -> None:
    """Give up rights, become two, and serve calls until there are no more."""
    start = Start(**json.loads(sys.argv[1]))
    own = Path.cwd()
    os.umask(0o077)
    for package in start.packages:
        importlib.import_module(package)
    confinement.take_in_orphans()
    confinement.limit(start.memory_bytes, largest_file_bytes=start.folder_bytes)
    ours, theirs = socket.socketpair()
    requests = socket.socket(fileno=start.calls)
    if start.confined:
        confinement.enter(own, start.readable, start.user)
        _load()
    _end_with_parent(start.parent)
    leader = os.getpid()
    if os.fork():
        ours.close()
        requests.close()
        os.close(start.answers)
        _help(theirs, own, start)
    else:
        theirs.close()
        _end_with_parent(leader)
        _HELPER.set(ours)
        _serve(requests, start.answers)


def is_here() -> bool:
    """Say whether this process is one of a child: it serves calls, or works on one file."""
    return _HELPER.get(None) is not None or _IS_WORKER.get()


def apart(
    function: Callable[Concatenate[Path, Parameters], Result],
    opened: Opened,
    /,
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> Result:
    """Return what a function says of one file; inside a child it runs in a process that can read that file only.

    The function is a top-level one whose first argument is the file's path and whose result can be told as JSON.
    Raises what it raises, if it is ours, and ``ToolFailedError``. In any other process it is simply called.
    """
    helper = _HELPER.get(None)
    if helper is None:
        return function(opened.path, *args, **kwargs)
    read, write = os.pipe()
    try:
        with Opened(write, "") as answer:
            calls.send(helper, calls.pack(function, (answer, opened, *args), kwargs))
        try:
            result: Result = answers.decode(lambda length: _exactly(read, length), answers.promised(function))
        finally:
            helper.recv(len(_GONE))
    finally:
        os.close(read)
    return result


def _serve(requests: socket.socket, answer_handle: int) -> None:
    while (packed := calls.receive(requests)) is not None:
        function, args, kwargs = calls.unpack(packed)
        _send(answer_handle, _answer(function, args, kwargs))
        calls.close(packed)


def _load() -> None:
    """Load what decoders need once, before this process becomes two."""
    for name in _SLOW_TO_LOAD:
        with suppress(ImportError, OSError):
            importlib.import_module(name)
    with suppress(ImportError, OSError):
        importlib.import_module("PIL.Image").preinit()  # or every process that opens a picture loads its readers anew


def _help(channel: socket.socket, own: Path, start: Start) -> None:
    """Fork a process for each file that the server wants opened; ends with the server.

    What is the same for each of them is done before: where the interpreter's files lie costs more than the fork itself.
    """
    interpreter = confinement.importable() if start.confined else []
    gc.collect()
    gc.freeze()  # nobody's collector looks through what was loaded, and so copies it
    while (packed := calls.receive(channel)) is not None:
        call = calls.unpack(packed)  # the server's, which can do no more than we: both loaded once, here
        answers.prepare(call.function)
        place = Path(tempfile.mkdtemp(dir=own))
        if worker := os.fork():
            calls.close(packed)
            os.waitpid(worker, 0)
            shutil.rmtree(place, ignore_errors=True)
            channel.sendall(_GONE)
        else:
            channel.close()
            _work(call, place, start, interpreter)


def _work(call: calls.Call, place: Path, start: Start, interpreter: Sequence[str]) -> None:
    """Run one call on one file, answer, and end this process."""
    try:
        _end_with_parent(os.getppid())
        _IS_WORKER.set(True)
        os.chdir(place)
        tempfile.tempdir = str(place)
        seconds = int(start.timeout_seconds) + 5
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        function, (answer, opened, *args), kwargs = call
        if start.confined:
            confinement.narrow(place, opened.handle, interpreter)
        _send(answer.handle, _answer(function, (opened.path, *args), kwargs))
    finally:
        os._exit(0)


def _answer(function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    try:
        return answers.encode_result(function(*args, **kwargs), answers.promised(function))
    except JinkuiError as failure:
        return answers.encode_error(failure)
    except MemoryError:
        return answers.encode_error(out_of_memory())
    except Exception as failure:
        kind = type(failure).__name__
        said = message("处理它的程序库出错（{kind}）", "the library working on it failed ({kind})", kind=kind)
        return answers.encode_error(ToolFailedError(said))


def out_of_memory() -> ToolFailedError:
    """Return the error of what needs more memory than it may have."""
    return ToolFailedError(message("处理它需要的内存超过限额", "processing it needs more memory than it may have"))


def out_of_space() -> ToolFailedError:
    """Return the error of what writes more than it may."""
    return ToolFailedError(message("处理它需要写出的临时文件超过限额", "processing it writes more than it may"))


def died() -> ToolFailedError:
    """Return the error of a process that ended without an answer."""
    return ToolFailedError(message("处理它的进程意外终止", "the process working on it died"))


def _send(handle: int, answer: bytes) -> None:
    data = memoryview(answer)
    while data:
        data = data[os.write(handle, data) :]


def _exactly(handle: int, length: int) -> bytes:
    received = bytearray()
    while len(received) < length:
        if not (block := os.read(handle, min(length - len(received), 1 << 20))):
            raise died()
        received += block
    return bytes(received)


def _end_with_parent(parent: int) -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
