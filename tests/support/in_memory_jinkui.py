"""The jinkui command with everything in one process: pages and files are examined in threads instead of children.

What it writes, and in which order, is what the command writes; only the children are away, so that a kill at a system
call always hits the process that writes.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cli.home.home import Home
from cli.main import main

DRIVER = Path(__file__).resolve()


@contextmanager
def threads(_: Home, workers: int, *__: object, **___: object) -> Iterator[Executor]:
    """Give threads to work in, as ``Home.children`` gives children."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def in_one_process() -> None:
    """Let the command work in this process alone."""
    Home.children = threads  # type: ignore[method-assign, assignment]  # the point of this module


if __name__ == "__main__":
    in_one_process()
    main()
