"""The inside of a child: calls in, answers out, length before each, and a failure never ends it."""

import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Callable

import pytest

from archives.errors import FormatError, ToolFailedError
from archives.message import message
from tests.support.places import SAMPLES


class CannotTravelError(Exception):
    """An error that cannot be pickled."""

    def __reduce__(self) -> str:
        raise TypeError("not me")


def fail(kind: str) -> None:
    """Fail in one of several ways."""
    if kind == "ours":
        raise FormatError(message("坏", "bad"), subject="x")
    if kind == "memory":
        raise MemoryError
    if kind == "untold":
        raise CannotTravelError("why")
    raise SystemError(kind)


def ask(*calls: tuple[Callable[..., object], tuple[object, ...]], rest: bytes = b"") -> list[tuple[bool, object]]:
    """Send calls to a child and return its answers."""
    requests = b"".join(
        struct.pack("<Q", len(call)) + call for call in (pickle.dumps((function, args, {})) for function, args in calls)
    )
    read, write = os.pipe()
    root = str(SAMPLES.parent)
    child = subprocess.Popen(
        [sys.executable, "-m", "formats.processes.child", str(write)],
        stdin=subprocess.PIPE,
        pass_fds=(write,),
        env={**os.environ, "PYTHONPATH": os.pathsep.join([root, *filter(None, sys.path)])},
    )
    os.close(write)
    child.communicate(requests + rest)
    assert child.returncode == 0
    with os.fdopen(read, "rb") as answers:
        data = answers.read()
    found = []
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        found.append(pickle.loads(data[8 : 8 + length]))
        data = data[8 + length :]
    return found


def test_answers_come_in_the_order_of_the_calls() -> None:
    assert ask((len, ("abc",)), (len, ("",))) == [(True, 3), (True, 0)]


def test_input_that_ends_within_a_length_ends_the_child_quietly() -> None:
    assert ask((len, ("a",)), rest=b"\x01\x02") == [(True, 1)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("ours", FormatError), ("memory", ToolFailedError), ("untold", RuntimeError), ("other", SystemError)],
)
def test_a_failure_is_an_answer_and_the_next_call_is_served(kind: str, expected: type[Exception]) -> None:
    (succeeded, failure), after = ask((fail, (kind,)), (len, ("ab",)))
    assert not succeeded
    assert type(failure) is expected
    assert after == (True, 2)
