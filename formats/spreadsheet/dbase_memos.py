"""Memos of DBF tables: the texts of no fixed length in a second file (DBT, FPT), by the blocks at which they begin."""

import os
import struct
from collections.abc import Iterator

from formats.processes.opened import Opened

MEMOS = (".fpt", ".dbt")
"""What the names of files of memos end with, in whatever case."""
_FOXPRO = (0x30, 0x31, 0x32, 0xF5, 0xFB)
_LONGEST_BYTES = 1 << 20
_BEGINS_IV = b"\xff\xff\x08\x00"
_BLOCK = 512
_TEXT = 1
_KINDS = (0, 1, 2)


def memo_names(name: str) -> tuple[str, ...]:
    """Return what the file with the memos of a table may be called, in the same folder."""
    stem = name.rpartition(".")[0]
    return tuple(stem + ending for ending in (".fpt", ".FPT", ".dbt", ".DBT", ".Fpt", ".Dbt"))


class Memos:
    """An opened file of memos. ``lost`` counts those that were asked for and are not there, no text, or not whole."""

    def __init__(self, opened: Opened, version: int) -> None:
        self._opened = opened
        self._is_foxpro = version in _FOXPRO
        self._size_bytes = os.fstat(opened.handle).st_size
        head = os.pread(opened.handle, 24, 0).ljust(24, b"\0")
        size = struct.unpack(">H", head[6:8])[0] if self._is_foxpro else struct.unpack("<H", head[20:22])[0]
        self._block = size or (1 if self._is_foxpro else _BLOCK)
        self._asked: set[int] = set()
        self.lost = 0

    def text(self, block: int) -> bytes:
        """Return the memo that begins at a block; what is not there is empty and counted."""
        self._asked.add(block)
        found, is_whole = self._at(block)
        self.lost += not is_whole
        return found

    def others(self) -> Iterator[tuple[str, bytes]]:
        """Yield the memos that no record asked for, each with its place: what was written anew or deleted stays in the file."""
        block = max(1, _BLOCK // self._block) if self._is_foxpro else 1
        while block * self._step(block) < self._size_bytes:
            found, is_whole = self._at(block)
            if found and is_whole and block not in self._asked:
                yield f"{self._opened.name} {block}", found
            block += -(-(len(found) + 8) // self._step(block)) if found and is_whole else 1

    def _step(self, block: int) -> int:
        """Return how many bytes a block has; those of dBASE III never have more or less than 512."""
        return self._block if self._is_foxpro or self._is_iv(block) else _BLOCK

    def _is_iv(self, block: int) -> bool:
        return os.pread(self._opened.handle, 4, block * self._block) == _BEGINS_IV

    def _at(self, block: int) -> tuple[bytes, bool]:
        """Return the text that begins at a block, and whether it is one and all of it was read."""
        if self._is_foxpro or self._is_iv(block):
            begins = block * self._block
            head = os.pread(self._opened.handle, 8, begins)
            if len(head) < 8:
                return b"", False
            if self._is_foxpro:
                kind, length = struct.unpack(">II", head)
            else:
                kind, length = _TEXT, max(0, struct.unpack("<I", head[4:])[0] - 8)
            if kind != _TEXT:
                return b"", kind in _KINDS and length == 0
            found = os.pread(self._opened.handle, min(length, _LONGEST_BYTES), begins + 8)
            return found, len(found) == length
        found = os.pread(self._opened.handle, _LONGEST_BYTES, block * _BLOCK)
        text, end, _ = found.partition(b"\x1a")
        return text, bool(end) or (bool(found) and len(found) < _LONGEST_BYTES)
