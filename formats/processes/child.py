"""The inside of a child of ``ChildExecutor``: reads calls, runs them, answers."""

import os
import pickle
import struct
import sys

from archives.errors import ToolFailedError
from archives.message import message


def main() -> None:
    """Serve calls from standard input until it closes; answers go to the descriptor named on the command line."""
    answers = int(sys.argv[1])
    requests = os.fdopen(os.dup(0), "rb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    while len(head := requests.read(8)) == 8:
        function, args, kwargs = pickle.loads(requests.read(struct.unpack("<Q", head)[0]))  # noqa: S301 - our parent
        try:
            answer = pickle.dumps((True, function(*args, **kwargs)))
        except Exception as failure:  # whatever it is, it is the answer: the next call is served
            answer = _failure(failure)
        data = memoryview(struct.pack("<Q", len(answer)) + answer)
        while data:
            data = data[os.write(answers, data) :]


def _failure(failure: Exception) -> bytes:
    if isinstance(failure, MemoryError):
        failure = ToolFailedError(
            message("处理它需要的内存超过限额", "processing it needs more memory than it may have")
        )
    try:
        return pickle.dumps((False, failure))
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError):  # what pickling raises
        return pickle.dumps((False, RuntimeError(f"{type(failure).__name__}: {failure}")))


if __name__ == "__main__":
    main()
