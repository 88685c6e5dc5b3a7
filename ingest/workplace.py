"""Where a batch is worked on: the archive it goes into, and the children, folder, clock and hands that work on it."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from archives.pipeline import Done, Failed, Stage, run
from archives.record.description import Fonds
from archives.record.identifiers import PackageId
from ingest.page.ocr.engine import OcrSettings
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.holdings import Holdings
from preservation.vault.vault import Vault

_UNDER_WAY_A_WORKER = 4

Item = TypeVar("Item")
Result = TypeVar("Result")


class OpenArchive(Protocol):
    """An archive opened for writing, as far as ingest uses it."""

    @property
    def vault(self) -> Vault:
        """The stores as one."""

    @property
    def catalogue(self) -> Catalogue:
        """What is stored, as far as the journal was followed."""

    @property
    def holdings(self) -> Holdings:
        """The records and their files."""

    def refresh(self) -> Catalogue:
        """Return the catalogue after following the journal to its head."""

    def fonds(self, repository: str, number: str) -> Fonds | None:
        """Return a fonds as it is described, or None."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """What ingest works with; ``folder`` is for drafts, ``update`` says that what differs becomes a new version."""

    archive: OpenArchive
    executor: Executor
    folder: Path
    ocr: OcrSettings
    operator: str
    software: str
    now: Callable[[], datetime]
    new_id: Callable[[], PackageId]
    update: bool = False

    def run(self, stage: Stage[Item, Result], items: Iterable[Item]) -> Iterator[Done[Item, Result] | Failed[Item]]:
        """Yield one outcome an item, in the order of the items, worked on by the children."""
        window = _UNDER_WAY_A_WORKER * self.ocr.workers
        return run(stage, items, executor_factory=lambda: nullcontext(self.executor), window=window)
