"""A store that is read no faster than it may be, so that audits and copying leave the disks to others."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from preservation.stores.store import Properties, Store, StoreEntry


class Throttle:
    """So many bytes a second, shared by everything that reads through it; safe for several threads.

    ``clock`` gives seconds that only go forward; ``wait`` lets so many seconds pass.
    """

    def __init__(self, bytes_per_second: float, *, clock: Callable[[], float], wait: Callable[[float], None]) -> None:
        self._rate = bytes_per_second
        self._clock = clock
        self._wait = wait
        self._guard = threading.Lock()
        self._free_at = clock()

    def pass_by(self, size_bytes: int) -> None:
        """Return when so many bytes may be read after all that passed by before."""
        with self._guard:
            moment = self._clock()
            begins = max(moment, self._free_at)
            self._free_at = begins + size_bytes / self._rate
        if begins > moment:
            self._wait(begins - moment)


class ThrottledStore:
    """Another store whose reading is throttled; everything else passes through unchanged."""

    def __init__(self, store: Store, throttle: Throttle) -> None:
        self._store = store
        self._throttle = throttle

    @property
    def name(self) -> str:
        """The name the operator gave it."""
        return self._store.name

    @property
    def properties(self) -> Properties:
        """Those of the other store, but that its files may not be read past the throttle."""
        return replace(self._store.properties, folder=None)

    def create(self, path: PurePosixPath, blocks: Iterable[bytes]) -> None:
        """See ``Store.create``."""
        self._store.create(path, blocks)

    def put(self, path: PurePosixPath, data: bytes, *, over: bytes | None) -> None:
        """See ``Store.put``."""
        self._store.put(path, data, over=over)

    def read(self, path: PurePosixPath | str) -> Iterator[bytes]:
        """Yield a file's bytes as fast as allowed; see ``Store.read``."""
        return self._slowly(self._store.read(path))

    def walk(
        self, folder: PurePosixPath, *, passing_over: Collection[PurePosixPath] = frozenset()
    ) -> Iterator[StoreEntry]:
        """See ``Store.walk``."""
        return self._store.walk(folder, passing_over=passing_over)

    def flush(self, paths: Iterable[PurePosixPath]) -> None:
        """See ``Store.flush``."""
        self._store.flush(paths)

    def move(self, source: PurePosixPath, target: PurePosixPath) -> None:
        """See ``Store.move``."""
        self._store.move(source, target)

    def move_below(self, paths: Iterable[PurePosixPath], target: PurePosixPath) -> None:
        """See ``Store.move_below``."""
        self._store.move_below(paths, target)

    def remove(self, path: PurePosixPath) -> None:
        """See ``Store.remove``."""
        self._store.remove(path)

    def _slowly(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self._throttle.pass_by(len(block))
            yield block
