"""How far what is published was when it was last served: an older state of it, put back, is not served again."""

import logging
import os
from contextlib import suppress
from pathlib import Path

from archives.errors import SearchError
from archives.message import message

log = logging.getLogger("jinkui." + __name__)


class Served:
    """The highest journal entry up to which what closed had been taken back when it was served.

    Kept in a file that lies outside what is published; without one it is known as long as the site runs.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._highest = 0
        if path is not None:
            with suppress(OSError, ValueError):
                self._highest = int(path.read_text("ascii"))

    def require_current(self, closed: int) -> None:
        """Remember a state that is to be served; raises ``SearchError`` for one that is older than what was served."""
        if closed < self._highest:
            raise SearchError(
                message(
                    "公开内容停在日志第 {n} 条，此前已到第 {m} 条：被换成了较早的状态",
                    "what is published stands at entry {n}, and was at {m} before: it was put back to an earlier state",
                    n=closed,
                    m=self._highest,
                ),
                subject=str(self._path or ""),
                advice=message(
                    "请运行 jinkui opening publish；若确要从较早的状态继续，请删除此文件",
                    "run jinkui opening publish; to go on from the earlier state, delete this file",
                ),
            )
        if closed > self._highest:
            self._highest = closed
            self._keep()

    def _keep(self) -> None:
        if self._path is None:
            return
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            with beside.open("w", encoding="ascii") as file:
                file.write(f"{self._highest}\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as failure:
            log.warning("portal: what was served cannot be remembered: %s", failure)
