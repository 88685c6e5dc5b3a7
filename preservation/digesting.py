"""Digests of many files: each read once for all its algorithms, on every processor.

Small files go in batches to children, because opening a file costs more of the interpreter than hashing it; large ones
to threads, one file a thread, because hashing frees the interpreter; a lone large one gets a thread an algorithm.
"""

import functools
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from archives.errors import ToolFailedError
from preservation.store import BLOCK_BYTES

LARGE_BYTES = 8 * 1024 * 1024
"""From this size on a file is work for a thread of its own."""

_BATCH_FILES = 512
_BATCH_BYTES = 64 * 1024 * 1024
_WORTH_CHILDREN_FILES = 2000
_STRIDE_BYTES = 2 * 1024 * 1024

_SIZED = {
    "sha512/256": "sha512_256",
    "blake2b-512": "blake2b/64",
    "blake2b-384": "blake2b/48",
    "blake2b-256": "blake2b/32",
    "blake2b-160": "blake2b/20",
}


class Hash(Protocol):
    """A running digest, as hashlib makes them."""

    @property
    def digest_size(self) -> int:
        """How many bytes its digest has."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Take the next bytes."""

    def digest(self) -> bytes:
        """Return the digest of all bytes taken so far."""


Outcome = tuple[bytes, ...] | str
"""The digests of one file in the order they were asked for, or why it could not be read."""


def known_algorithm(name: str) -> str | None:
    """Return the algorithm that a manifest or an inventory calls ``name``, as ``new_hash`` takes it; None for none.

    Letters' case and all signs but letters and digits are passed over (RFC 8493 §2.4).
    """
    if name in _SIZED:
        return _SIZED[name]
    return _available().get(_plain(name))


def new_hash(algorithm: str) -> Hash:
    """Return an empty hash of an algorithm that ``known_algorithm`` named."""
    name, _, size = algorithm.partition("/")
    if size:
        return hashlib.blake2b(digest_size=int(size))
    return hashlib.new(name, usedforsecurity=False)


def digest_bytes(algorithm: str) -> int:
    """Return how long a digest of this algorithm is."""
    return new_hash(algorithm).digest_size


@dataclass(frozen=True, slots=True)
class Batch:
    """Files of one folder that need the same digests."""

    folder: str
    names: tuple[str, ...]
    algorithms: tuple[str, ...]


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

    def digests(
        self, root: Path, wanted: Mapping[str, tuple[str, ...]], sizes: Mapping[str, int]
    ) -> Iterator[tuple[str, Outcome]]:
        """Yield every file of ``wanted`` (relative path to algorithms) with its digests, in no promised order."""
        large = [path for path in wanted if sizes.get(path, 0) >= LARGE_BYTES]
        small = batches({p: a for p, a in wanted.items() if sizes.get(p, 0) < LARGE_BYTES}, sizes)
        pool = self._threads()
        executor = self._executor(len(wanted) - len(large))
        waiting = [(batch, executor.submit(digest_batch, str(root), batch)) for batch in small]
        if len(large) < self.workers:
            for path in large:
                yield path, _of_lone_file(root / path, wanted[path], pool)
        else:
            jobs = [(path, pool.submit(_of_file, root / path, wanted[path])) for path in large]
            for path, job in jobs:
                yield path, job.result()
        for batch, batch_job in waiting:
            yield from zip(_paths(batch), _outcomes(batch, batch_job), strict=True)

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


def batches(wanted: Mapping[str, tuple[str, ...]], sizes: Mapping[str, int]) -> Iterator[Batch]:
    """Yield the files in batches of one folder, one set of algorithms and a bounded size."""
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for path, algorithms in wanted.items():
        folder, _, name = path.rpartition("/")
        groups.setdefault((folder, algorithms), []).append(name)
    for (folder, algorithms), names in groups.items():
        before = f"{folder}/" if folder else ""
        for part in _parts(names, [sizes.get(before + name, 0) for name in names]):
            yield Batch(folder, part, algorithms)


def digest_batch(root: str, batch: Batch) -> list[Outcome]:
    """Return the outcome of each file of a batch; runs in a child or a thread."""
    try:
        folder = _open_folder(root, batch.folder)
    except OSError as cause:
        return [_reason(cause)] * len(batch.names)
    try:
        buffer = memoryview(bytearray(BLOCK_BYTES))
        return [_of_name(name, folder, batch.algorithms, buffer) for name in batch.names]
    finally:
        os.close(folder)


def read_into_hashes(handle: int, hashes: Sequence[Hash], buffer: memoryview) -> None:
    """Read a file to its end, every block into every hash."""
    while size := os.readv(handle, [buffer]):
        block = buffer[:size]
        for hash_ in hashes:
            hash_.update(block)


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


@functools.cache
def _available() -> dict[str, str]:
    names: dict[str, str] = {}
    for name in sorted(hashlib.algorithms_available):
        try:
            if hashlib.new(name, usedforsecurity=False).digest_size:
                names.setdefault(_plain(name), name)
        except ValueError:  # listed by OpenSSL but switched off, as MD4 is
            continue
    return names


def _parts(names: Sequence[str], sizes: Sequence[int]) -> Iterator[tuple[str, ...]]:
    part: list[str] = []
    size_bytes = 0
    for name, size in zip(names, sizes, strict=True):
        part.append(name)
        size_bytes += size
        if len(part) == _BATCH_FILES or size_bytes >= _BATCH_BYTES:
            yield tuple(part)
            part, size_bytes = [], 0
    if part:
        yield tuple(part)


def _paths(batch: Batch) -> Iterable[str]:
    return (f"{batch.folder}/{name}" for name in batch.names) if batch.folder else batch.names


def _outcomes(batch: Batch, job: "Future[list[Outcome]]") -> list[Outcome]:
    try:
        return job.result()
    except ToolFailedError as failure:
        return [str(failure)] * len(batch.names)


def _open_folder(root: str, folder: str) -> int:
    """Open a folder part by part, so that no link on the way is followed."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    handle = os.open(root, flags)
    for part in folder.split("/") if folder else ():
        above = handle
        try:
            handle = os.open(part, flags | os.O_NOFOLLOW, dir_fd=above)
        finally:
            os.close(above)
    return handle


def _of_name(name: str, folder: int, algorithms: tuple[str, ...], buffer: memoryview) -> Outcome:
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as cause:
        return _reason(cause)
    return _of_handle(handle, algorithms, buffer)


def _of_file(path: Path, algorithms: tuple[str, ...]) -> Outcome:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_SEQUENTIAL)
    except OSError as cause:
        return _reason(cause)
    return _of_handle(handle, algorithms, memoryview(bytearray(BLOCK_BYTES)))


def _of_handle(handle: int, algorithms: tuple[str, ...], buffer: memoryview) -> Outcome:
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return "not a regular file"
        hashes = [new_hash(algorithm) for algorithm in algorithms]
        read_into_hashes(handle, hashes, buffer)
    except OSError as cause:
        return _reason(cause)
    finally:
        os.close(handle)
    return tuple([hash_.digest() for hash_ in hashes])


def _of_lone_file(path: Path, algorithms: tuple[str, ...], pool: ThreadPoolExecutor) -> Outcome:
    """Return a file's digests, each algorithm in a thread of its own while the next stretch is read."""
    if len(algorithms) == 1:
        return _of_file(path, algorithms)
    hashes = [new_hash(algorithm) for algorithm in algorithms]
    buffers = [memoryview(bytearray(_STRIDE_BYTES)) for _ in range(2)]
    running: list[Future[Any]] = []
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_SEQUENTIAL)
            turn = 0
            while size := os.readv(handle, [buffers[turn]]):
                for job in running:
                    job.result()
                running = [pool.submit(hash_.update, buffers[turn][:size]) for hash_ in hashes]
                turn = 1 - turn
        finally:
            for job in running:
                job.result()
            os.close(handle)
    except OSError as cause:
        return _reason(cause)
    return tuple([hash_.digest() for hash_ in hashes])


def _reason(cause: OSError) -> str:
    return cause.strerror or str(cause)
