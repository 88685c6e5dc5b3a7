"""A store in memory: a fake that is held to the same contract as every kind there is."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from preservation.stores.passed_over import passed_over_in
from preservation.stores.store import (
    BLOCK_BYTES,
    EntryKind,
    Properties,
    StoreEntry,
    absent,
    no_file,
    require_removable,
    taken,
)


class MemoryStore:
    """A store whose files are entries of ``files``; ``present`` is False while its medium is away."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.files: dict[PurePosixPath, bytes] = {}
        self.present = True

    @property
    def name(self) -> str:
        """The name the operator gave it."""
        return self._name

    @property
    def properties(self) -> Properties:
        """It lies nowhere."""
        return Properties("memory")

    def create(self, path: PurePosixPath, blocks: Iterable[bytes]) -> None:
        """Write a new file; see ``Store.create``."""
        self._require_presence()
        self._require_free(path)
        self.files[path] = b"".join(blocks)

    def put(self, path: PurePosixPath, data: bytes, *, over: bytes | None) -> None:
        """Put a small file in place at once; see ``Store.put``."""
        self._require_presence()
        if over is None:
            self._require_free(path)
        elif path not in self.files:
            raise no_file(self, path)
        elif self.files[path] != over:
            raise taken(self, path)
        self.files[path] = bytes(data)

    def read(self, path: PurePosixPath | str) -> Iterator[bytes]:
        """Yield a file's bytes; see ``Store.read``."""
        self._require_presence()
        path = PurePosixPath(path)
        if path not in self.files:
            raise no_file(self, path)
        data = self.files[path]
        return (data[start : start + BLOCK_BYTES] for start in range(0, len(data), BLOCK_BYTES))

    def walk(
        self, folder: PurePosixPath, *, passing_over: Collection[PurePosixPath] = frozenset()
    ) -> Iterator[StoreEntry]:
        """Yield everything below a folder; see ``Store.walk``."""
        self._require_presence()
        for path in sorted(path for path in self.files if path.is_relative_to(folder)):
            if any(parent in passing_over for parent in path.parents) or passed_over_in(str(path)):
                continue
            yield StoreEntry(str(path), EntryKind.FILE, len(self.files[path]), changed=str(id(self.files[path])))

    def flush(self, paths: Iterable[PurePosixPath]) -> None:
        """Memory needs no flush; a file that is not there is an error all the same."""
        self._require_presence()
        for path in paths:
            if path not in self.files:
                raise no_file(self, path)

    def move(self, source: PurePosixPath, target: PurePosixPath) -> None:
        """Rename within the store; see ``Store.move``."""
        self._require_presence()
        moved = [path for path in self.files if path.is_relative_to(source)]
        if not moved:
            raise no_file(self, source)
        self._require_free(target)
        for path in moved:
            self.files[target / path.relative_to(source)] = self.files.pop(path)

    def move_below(self, paths: Iterable[PurePosixPath], target: PurePosixPath) -> None:
        """Move one after another; see ``Store.move_below``."""
        for path in paths:
            self.move(path, target / path)

    def remove(self, path: PurePosixPath) -> None:
        """Delete for good; see ``Store.remove``."""
        self._require_presence()
        require_removable(self, path)
        for gone in [file for file in self.files if file.is_relative_to(path)]:
            del self.files[gone]

    def _require_free(self, path: PurePosixPath) -> None:
        if any(file.is_relative_to(path) or path.is_relative_to(file) for file in self.files):
            raise taken(self, path)

    def _require_presence(self) -> None:
        if not self.present:
            raise absent(self)
