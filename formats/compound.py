"""Compound files (OLE2, [MS-CFB]), in which the office programs of before 2007 wrote: streams by their names."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import olefile

from archives.errors import FormatError
from archives.message import message
from formats.foreign import words_of

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST_STREAM_BYTES = 256 << 20
_BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError)


class Compound:
    """An opened compound file."""

    def __init__(self, file: olefile.OleFileIO, name: str) -> None:
        self._file = file
        self.name = name

    def has(self, stream: str) -> bool:
        """Say whether there is a stream of this name."""
        return bool(self._file.exists(stream))

    def storages(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield each storage by its path ("" for the root) with the names of the streams that lie in it directly."""
        inside: dict[str, set[str]] = {}
        for *folders, name in self._file.listdir():
            inside.setdefault("/".join(folders), set()).add(name)
        yield from ((storage, frozenset(streams)) for storage, streams in inside.items())

    def stream(self, name: str) -> bytes:
        """Return the bytes of a stream; raises ``FormatError``."""
        if not self.has(name):
            raise FormatError(message("文件中没有 {name}", "the file has no {name}", name=name), subject=self.name)
        with self._file.openstream(name) as stream:
            data: bytes = stream.read(_LARGEST_STREAM_BYTES + 1)
        if len(data) > _LARGEST_STREAM_BYTES:
            raise FormatError(message("文件内容过大", "the file holds too much"), subject=self.name)
        return data


@contextmanager
def opened_compound(path: Path) -> Iterator[Compound]:
    """Open a compound file; whatever the library raises, now or while it is read, becomes ``FormatError``."""
    try:
        with path.open("rb") as source, olefile.OleFileIO(source) as file:
            yield Compound(file, path.name)
    except _BROKEN as cause:
        said = message("文件损坏：{reason}", "it is damaged: {reason}", reason=words_of(cause, path))
        raise FormatError(said, subject=path.name) from cause


def encrypted(name: str) -> FormatError:
    """Return the error of a file that is encrypted."""
    said = message("文件已加密，需要口令（password）才能打开", "it is encrypted and opens with a password only")
    return FormatError(said, subject=name)
