"""How many searches are at work, and how many wait: what comes beyond that is told at once to come again."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from archives.errors import SearchBusyError
from archives.message import message

_T = TypeVar("_T")


class Places:
    """Places for so many pieces of work ``at_work`` at a time, in threads of their own, and so many ``waiting``."""

    def __init__(self, at_work: int, waiting: int) -> None:
        self._limiter = CapacityLimiter(at_work)
        self._most = at_work + waiting
        self._taken = 0

    async def run(self, work: Callable[[], _T]) -> _T:
        """Return what the work returns when it had its turn; raises ``SearchBusyError`` where no place is free."""
        if self._taken >= self._most:
            raise SearchBusyError(
                message("正在进行的检索太多", "too many searches are waiting"),
                advice=message("请稍后再试", "try again in a moment"),
            )
        self._taken += 1
        try:
            return await to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._taken -= 1
