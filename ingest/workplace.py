"""Where a batch is worked on: the archive it goes into, and the children and the folder that it is worked on with."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from archives.pipeline import Done, Failed, Stage, run, run_parts
from ingest.page.ocr.engine import OcrSettings
from preservation.archive import Archive

_UNDER_WAY_A_WORKER = 4

Item = TypeVar("Item")
Given = TypeVar("Given")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Workplace:
    """What ingest works with; ``folder`` is for drafts, ``update`` says that what differs becomes a new version.

    ``removed_too`` says that what had been removed as taken in by mistake is meant to come in all the same.
    """

    archive: Archive
    executor: Executor
    folder: Path
    ocr: OcrSettings
    software: str
    update: bool = False
    removed_too: bool = False

    def run(
        self,
        stage: Stage[Item, Result],
        items: Iterable[Item],
        *,
        ahead: int = 0,
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[Done[Item, Result] | Failed[Item]]:
        """Yield one outcome an item, in the order of the items, worked on by the children.

        ``ahead`` is how many outcomes may wait at least, so that the children work on while those before them are stored;
        ``meanwhile`` is called while they are waited for.
        """
        window = max(self._window, ahead)
        return run(
            stage, items, executor_factory=lambda: nullcontext(self.executor), window=window, meanwhile=meanwhile
        )

    def run_parts(
        self,
        stage: Stage[Given, Result],
        items: Iterable[tuple[Item, Given]],
        *,
        at_once: Callable[[Given], bool],
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[Done[Item, Result] | Failed[Item]]:
        """Yield one outcome an item, of which a child is given a part; what is done ``at_once`` is not sent to one."""
        return run_parts(
            stage,
            items,
            at_once=at_once,
            executor_factory=lambda: nullcontext(self.executor),
            window=self._window,
            meanwhile=meanwhile,
        )

    @property
    def _window(self) -> int:
        return _UNDER_WAY_A_WORKER * self.ocr.workers
