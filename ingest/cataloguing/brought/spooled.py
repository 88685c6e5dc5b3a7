"""Rows of tables set aside on disk between the two times that an import looks at them, so that they are read once."""

import pickle
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.profiles.reading import ProfiledRow

_AT_ONCE = 1_000
_LEVEL = 1
_LENGTH_BYTES = 4


class SpooledRows:
    """Takes rows one after another and gives them again in that order, as often as wanted; a context, at whose end they are gone.

    They lie packed in a file without a name on the disk of ``folder``, some hundred bytes each, and never all in memory.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it is closed with this context
        self._waiting: list[tuple[str, ProfiledRow]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, unit_id: str, row: ProfiledRow) -> None:
        """Set a row and the identifier of its unit aside, behind those that are there."""
        self._waiting.append((unit_id, row))
        if len(self._waiting) >= _AT_ONCE:
            self._write()

    def __iter__(self) -> Iterator[tuple[str, ProfiledRow]]:
        """Yield every row; nothing may be added meanwhile."""
        self._write()
        self._file.seek(0)
        while length := self._file.read(_LENGTH_BYTES):
            packed = self._file.read(int.from_bytes(length))
            yield from pickle.loads(zlib.decompress(packed))  # noqa: S301 - nobody else has ever seen the file

    def _write(self) -> None:
        if self._waiting:
            packed = zlib.compress(pickle.dumps(self._waiting, pickle.HIGHEST_PROTOCOL), _LEVEL)
            self._file.seek(0, 2)
            self._file.write(len(packed).to_bytes(_LENGTH_BYTES) + packed)
            self._waiting.clear()
