"""Digests of many files: each read once for all its algorithms, and copied meanwhile when told to, on every processor.

Small files go in batches to children, because opening a file costs more of the interpreter than hashing it; large ones
to threads, one file a thread, because hashing frees the interpreter; a lone large one gets a thread an algorithm.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Self

from archives.errors import ToolFailedError
from preservation.digests.one_file import Batch, Item, Outcome, of_file, of_lone_file, work

LARGE_BYTES = 8 * 1024 * 1024
"""From this size on a file is work for a thread of its own."""

_BATCH_FILES = 512
_BATCH_BYTES = 64 * 1024 * 1024
_WORTH_CHILDREN_FILES = 2000

Sizes = Mapping[str, int]
"""How many bytes files are thought to have, by relative path; it only decides how they are shared out."""


@dataclass(slots=True)
class Digesting:
    """Digests files; threads and children are started when they are first worth it, and ended by ``close``.

    ``children`` makes an executor of child processes; without it threads do all the work.
    """

    workers: int
    children: Callable[[], Executor] | None = None
    _pool: ThreadPoolExecutor | None = None
    _started: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what was started."""
        for pool in (self._pool, self._started):
            if pool is not None:
                pool.shutdown(cancel_futures=True)
        self._pool = self._started = None

    def digests(self, root: Path, wanted: Mapping[str, tuple[str, ...]], sizes: Sizes) -> Iterator[tuple[str, Outcome]]:
        """Begin at once, and yield every file of ``wanted`` (relative path to algorithms) with its digests.

        The order is not promised. Work goes on while the caller does other things between two answers.
        """
        items = {Item(path): algorithms for path, algorithms in wanted.items()}
        return ((item.source, outcome) for item, outcome in self._run(root, None, items, sizes))

    def copies(
        self, root: Path, target: Path, plan: Mapping[str, str], algorithms: tuple[str, ...], sizes: Sizes
    ) -> Iterator[tuple[str, Outcome]]:
        """Copy files and yield each copy with the digests of the bytes that went into it.

        ``plan`` leads from a copy's path below ``target`` to its source below ``root``; the folders of the copies are
        there already. A copy that could not be read to the end is removed. Raises ``StorageError`` when a copy
        cannot be written, and when something stands in its place already. Nothing is flushed.
        """
        items = {Item(source, copy): algorithms for copy, source in plan.items()}
        return ((item.target, outcome) for item, outcome in self._run(root, target, items, sizes))

    def _run(
        self, root: Path, target: Path | None, items: Mapping[Item, tuple[str, ...]], sizes: Sizes
    ) -> Iterator[tuple[Item, Outcome]]:
        large = [item for item in items if sizes.get(item.source, 0) >= LARGE_BYTES]
        small = {item: its for item, its in items.items() if sizes.get(item.source, 0) < LARGE_BYTES}
        executor = self._executor(len(small))
        to = "" if target is None else str(target)
        waiting = [(batch, executor.submit(work, batch)) for batch in batches(str(root), to, small, sizes)]
        pool = self._threads()
        if len(large) < self.workers:
            lone = ((item, of_lone_file(root, target, item, items[item], pool=pool)) for item in large)
        else:
            jobs = [(item, pool.submit(of_file, root, target, item, items[item])) for item in large]
            lone = ((item, job.result()) for item, job in jobs)
        several = (zip(_items(batch), _outcomes(batch, job), strict=True) for batch, job in waiting)
        return chain(lone, chain.from_iterable(several))

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max(self.workers, 2))
        return self._pool

    def _executor(self, files: int) -> Executor:
        if self.children is None or files < _WORTH_CHILDREN_FILES:
            return self._threads()
        if self._started is None:
            self._started = self.children()
        return self._started


def batches(root: str, target: str, items: Mapping[Item, tuple[str, ...]], sizes: Sizes) -> Iterator[Batch]:
    """Yield files in batches of one folder, one set of algorithms and a bounded size."""
    groups: dict[tuple[str, tuple[str, ...]], list[Item]] = {}
    for item, algorithms in items.items():
        groups.setdefault((item.source.rpartition("/")[0], algorithms), []).append(item)
    for (folder, algorithms), members in groups.items():
        cut = len(folder) + 1 if folder else 0
        for part in _parts(members, sizes):
            names = tuple([item.source[cut:] for item in part])
            targets = tuple([item.target for item in part]) if target else ()
            yield Batch(root, folder, names, algorithms, targets, target)


def _parts(items: Sequence[Item], sizes: Sizes) -> Iterator[list[Item]]:
    part: list[Item] = []
    size_bytes = 0
    for item in items:
        part.append(item)
        size_bytes += sizes.get(item.source, 0)
        if len(part) == _BATCH_FILES or size_bytes >= _BATCH_BYTES:
            yield part
            part, size_bytes = [], 0
    if part:
        yield part


def _items(batch: Batch) -> Iterable[Item]:
    before = f"{batch.folder}/" if batch.folder else ""
    targets = batch.targets or ("",) * len(batch.names)
    return (Item(before + name, target) for name, target in zip(batch.names, targets, strict=True))


def _outcomes(batch: Batch, job: "Future[list[Outcome]]") -> list[Outcome]:
    try:
        return job.result()
    except ToolFailedError as failure:
        if batch.targets:
            raise
        return [failure.message] * len(batch.names)
