"""Collecting of cycles, put off while very many values are made that have none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Let nobody look for cycles meanwhile: entries and rows have none, and there are very many."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
