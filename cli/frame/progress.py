"""One line of a terminal that says how far the work is, written over itself until the work is done."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from rich.cells import set_cell_size

from archives.message import Language, Message, message
from archives.text.harmless import harmless

QUIET_SECONDS = 2.0
"""For how long nothing is said: most commands have ended by then."""
_BEAT_SECONDS = 0.5
_CLEAR = "\r\x1b[K"
_WIDTH = 80


class ProgressLine:
    """The newest word of how far the work is, with the time that it has taken, drawn twice a second by a thread of its own.

    Whoever writes to the terminal beside it does so while the line is ``lifted``.
    """

    def __init__(self, stream: TextIO, language: Language, said: Message) -> None:
        self._stream, self._language, self._said = stream, language, said
        self._writing = threading.RLock()
        self._ended = threading.Event()
        self._begun = time.monotonic()
        threading.Thread(target=self._go_on, daemon=True).start()

    def tell(self, said: Message) -> None:
        """Say from now on that the work is so far."""
        self._said = said

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Keep the line away while something else is written or asked."""
        with self._writing:
            self._write("")
            yield

    def end(self) -> None:
        """Take the line away for good."""
        self._ended.set()
        with self._writing:
            self._write("")

    def _go_on(self) -> None:
        pause = QUIET_SECONDS
        while not self._ended.wait(pause):
            pause = _BEAT_SECONDS
            with self._writing:
                if not self._ended.is_set():
                    self._write(self._text())

    def _text(self) -> str:
        took = duration(int(time.monotonic() - self._begun)).text(self._language)
        said = " ".join(harmless(self._said.text(self._language)).split())
        room = self._width() - len(took) - 6
        return f"{set_cell_size(said, room).rstrip()} · {took}" if room > 0 else took

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _WIDTH
        except (OSError, ValueError):
            return _WIDTH

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # the terminal went away: the work goes on
            self._stream.write(f"{_CLEAR}{text}")
            self._stream.flush()


def duration(seconds: int) -> Message:
    """Return how long something took, as people say it."""
    if seconds < 60:
        return message("{s} 秒", "{s} s", s=seconds)
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return message("{m} 分 {s} 秒", "{m} min {s} s", m=minutes, s=seconds)
    hours, minutes = divmod(minutes, 60)
    return message("{h} 小时 {m} 分", "{h} h {m} min", h=hours, m=minutes)
