"""The digests of one file, read once for all its algorithms and copied meanwhile when told to.

Folders are opened part by part and files without following a link or waiting for a pipe, so that what was looked at
is what is read.
"""

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from archives.errors import StorageError
from archives.message import Message, message
from archives.system_reason import reason_of
from preservation.digests.algorithms import Hash, new_hash
from preservation.stores.store import BLOCK_BYTES

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_STRIDE_BYTES = 2 * 1024 * 1024
_WINDOW_BYTES = 512 * 1024 * 1024
"""How much the kernel copies before it is digested: in small stretches copying costs the system two to three times as much."""

_NO_FILE = message("不是普通文件", "not a regular file")

Outcome = tuple[bytes, ...] | Message
"""The digests of one file in the order they were asked for, or why it could not be read."""


class Item(NamedTuple):
    """A file to read, and where its copy goes (empty: nowhere), both relative to their roots."""

    source: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Files of one folder that need the same digests; ``copies_root`` is where their copies go, empty for nowhere."""

    root: str
    folder: str
    names: tuple[str, ...]
    algorithms: tuple[str, ...]
    targets: tuple[str, ...] = ()
    copies_root: str = ""


def work(batch: Batch) -> list[Outcome]:
    """Return the outcome of each file of a batch; runs in a child or a thread."""
    try:
        folder = _open_folder(batch.root, batch.folder)
    except OSError as cause:
        return [reason_of(cause)] * len(batch.names)
    try:
        buffer = memoryview(bytearray(BLOCK_BYTES))
        if batch.targets:
            return _copied(batch, folder, buffer)
        return [_of_name(name, folder, batch.algorithms, buffer) for name in batch.names]
    finally:
        os.close(folder)


def of_file(root: Path, target: Path | None, item: Item, algorithms: tuple[str, ...]) -> Outcome:
    """Return a file's outcome; for a large file in a thread of its own."""
    buffer = memoryview(bytearray(BLOCK_BYTES))
    with _open_large(root, target, item) as opened:
        if isinstance(opened, Message):
            return opened
        handle, copies = opened
        if copies is None:
            return _of_handle(handle, None, algorithms, buffer)
        return _into_copy(handle, copies, item.target, algorithms, buffer)


def of_lone_file(
    root: Path, target: Path | None, item: Item, algorithms: tuple[str, ...], *, pool: ThreadPoolExecutor
) -> Outcome:
    """Return a file's digests, each algorithm in a thread of its own while the next stretch is read and written."""
    with _open_large(root, target, item) as opened:
        if isinstance(opened, Message):
            return opened
        handle, copies = opened
        if copies is None:
            return _in_lockstep(handle, None, algorithms, pool)
        with _new_copy(copies, item.target) as copy:
            outcome = _in_lockstep(handle, copy, algorithms, pool)
        if isinstance(outcome, Message):
            os.unlink(item.target, dir_fd=copies)
        return outcome


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
        handle = os.open(name, _READ, dir_fd=folder)
    except OSError as cause:
        return reason_of(cause)
    try:
        return _of_handle(handle, None, algorithms, buffer)
    finally:
        os.close(handle)


def _copied(batch: Batch, folder: int, buffer: memoryview) -> list[Outcome]:
    copies = os.open(batch.copies_root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        outcomes: list[Outcome] = []
        for name, target in zip(batch.names, batch.targets, strict=True):
            try:
                handle = os.open(name, _READ, dir_fd=folder)
            except OSError as cause:
                outcomes.append(reason_of(cause))
                continue
            try:
                outcomes.append(_into_copy(handle, copies, target, batch.algorithms, buffer))
            finally:
                os.close(handle)
        return outcomes
    finally:
        os.close(copies)


def _into_copy(handle: int, copies: int, target: str, algorithms: tuple[str, ...], buffer: memoryview) -> Outcome:
    with _new_copy(copies, target) as copy:
        outcome = _of_handle(handle, copy, algorithms, buffer)
    if isinstance(outcome, Message):
        os.unlink(target, dir_fd=copies)
    return outcome


@contextlib.contextmanager
def _open_large(root: Path, target: Path | None, item: Item) -> Iterator[tuple[int, int | None] | Message]:
    """Give an open source and the folder its copy goes below, or why the source cannot be opened."""
    with contextlib.ExitStack() as closing:
        folder, _, name = item.source.rpartition("/")
        try:
            above = _open_folder(str(root), folder)
            closing.callback(os.close, above)
            handle = os.open(name, _READ, dir_fd=above)
            closing.callback(os.close, handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        except OSError as cause:
            yield reason_of(cause)
            return
        copies = None
        if target is not None:
            copies = os.open(target, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            closing.callback(os.close, copies)
        yield handle, copies


def _of_handle(handle: int, copy: int | None, algorithms: tuple[str, ...], buffer: memoryview) -> Outcome:
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return _NO_FILE
        hashes = [new_hash(algorithm) for algorithm in algorithms]
        position = 0
        if copy is not None and state.st_size > len(buffer):
            position = _by_kernel(handle, copy, hashes, buffer)
        while size := os.preadv(handle, [buffer], position):
            block = buffer[:size]
            position += size
            if copy is not None:
                _write(copy, block)
            for hash_ in hashes:
                hash_.update(block)
            if size == state.st_size:  # the only block of a small file: one read less
                break
    except OSError as cause:
        return reason_of(cause)
    return tuple([hash_.digest() for hash_ in hashes])


def _in_lockstep(handle: int, copy: int | None, algorithms: tuple[str, ...], pool: ThreadPoolExecutor) -> Outcome:
    hashes = [new_hash(algorithm) for algorithm in algorithms]
    buffers = [memoryview(bytearray(_STRIDE_BYTES)) for _ in range(2)]
    running: list[Future[None]] = []
    turn = 0
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return _NO_FILE
        while size := os.readv(handle, [buffers[turn]]):
            block = buffers[turn][:size]
            wait(running)
            running = [pool.submit(hash_.update, block) for hash_ in hashes]
            if copy is not None:
                _write(copy, block)
            turn = 1 - turn
    except OSError as cause:
        return reason_of(cause)
    finally:
        wait(running)
    return tuple([hash_.digest() for hash_ in hashes])


def _by_kernel(handle: int, copy: int, hashes: Sequence[Hash], buffer: memoryview) -> int:
    """Let the kernel copy, digest what then stands in the copy, and return how far it came.

    Blocks that pass through here on their way into a copy fall out of the processor's cache: a third of the time.
    Where the kernel cannot go on, what is left is read and written, which also tells whose fault it is.
    """
    position = 0
    while True:
        try:
            end = position + os.copy_file_range(handle, copy, _WINDOW_BYTES, position)
        except OSError:
            return position
        if end == position:
            return position
        while position < end:
            size = os.preadv(copy, [buffer[: end - position]], position)
            if not size:
                raise _not_written(OSError(0, "shorter than what was written"), "")
            for hash_ in hashes:
                hash_.update(buffer[:size])
            position += size


@contextlib.contextmanager
def _new_copy(copies: int, target: str) -> Iterator[int]:
    try:
        copy = os.open(target, _NEW, 0o666, dir_fd=copies)
    except OSError as cause:
        raise _not_written(cause, target) from cause
    try:
        yield copy
    finally:
        os.close(copy)


def _write(copy: int, block: memoryview) -> None:
    try:
        while block:
            block = block[os.write(copy, block) :]
    except OSError as cause:
        raise _not_written(cause, "") from cause


def _not_written(cause: OSError, target: str) -> StorageError:
    return StorageError(
        message(
            "无法写入副本 {file}：{reason}",
            "a copy cannot be written: {file} {reason}",
            file=target,
            reason=reason_of(cause),
        ),
        subject=target,
    )
