"""The one safe reader of ZIP containers: members are read into memory, counted, and never written anywhere.

Refused: encrypted members, more members or bytes than the limits, ratios of a bomb, overlapping members
(CVE-2024-0450), and two members of one name.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Self

from archives.errors import FormatError
from archives.message import Message, message


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """How much a container may hold before it is refused."""

    members: int = 50_000
    member_bytes: int = 256 << 20
    total_bytes: int = 1 << 30
    ratio: int = 1000


def may_be_container(path: Path) -> bool:
    """Say whether a file begins as a ZIP does, which is quick to see."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"


class Container:
    """A ZIP whose members can be read by name; names are matched without regard to case when need be."""

    def __init__(self, path: Path, limits: ContainerLimits | None = None) -> None:
        self._limits = limits or ContainerLimits()
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self._members = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        except (zipfile.BadZipFile, OSError, ValueError, LookupError, NotImplementedError) as cause:
            raise self._refused(message("不是完好的 ZIP 容器", "not a whole ZIP container")) from cause
        self._folded = {name.lower(): name for name in self._members}
        self._read_bytes = 0
        self._require_sane()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members, in the order of the directory."""
        return tuple(self._members)

    @property
    def unmarked_names(self) -> tuple[str, ...]:
        """Names that are not said to be UTF-8 (APPNOTE 6.3.10 4.4.4, bit 11), read as CP437."""
        return tuple(name for name, info in self._members.items() if not info.flag_bits & 0x800)

    @property
    def comments(self) -> tuple[bytes, ...]:
        """What the directory says beside its members and the bytes of them: comments on the whole and on each."""
        every = (self._zip.comment, *(info.comment for info in self._zip.infolist()))
        return tuple(one for one in every if one)

    def has(self, name: str) -> bool:
        """Say whether there is a member of this name."""
        return name in self._members or name.lower() in self._folded

    def read(self, name: str) -> bytes:
        """Return a member's bytes; raises ``FormatError`` when it is absent, damaged or too large."""
        found = name if name in self._members else self._folded.get(name.lower())
        if found is None:
            raise self._refused(message("容器中没有 {name}", "the container has no {name}", name=name))
        info = self._members[found]
        try:
            with self._zip.open(info) as member:
                data = member.read(self._limits.member_bytes + 1)
        except NotImplementedError as cause:
            raise self._refused(
                message(
                    "成员 {name} 的压缩方法不受支持", "the compression of the member {name} is not supported", name=name
                )
            ) from cause
        except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError) as cause:
            raise self._refused(
                message("无法读取成员 {name}", "the member {name} cannot be read", name=name)
            ) from cause
        self._read_bytes += len(data)
        if len(data) > self._limits.member_bytes or self._read_bytes > self._limits.total_bytes:
            raise self._refused(message("容器内容过大", "the container holds too much"))
        return data

    def files(self) -> Iterator[tuple[zipfile.ZipInfo, IO[bytes]]]:
        """Yield what the directory says of each member with its bytes as a stream, links left out; raises ``FormatError``."""
        for name, info in self._members.items():
            if stat.S_IFMT(info.external_attr >> 16) != stat.S_IFLNK:
                with self.stream(name) as member:
                    yield info, member

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """Open a member to be read as a stream; raises ``FormatError``, now or then, when it is absent or damaged."""
        found = name if name in self._members else self._folded.get(name.lower())
        if found is None:
            raise self._refused(message("容器中没有 {name}", "the container has no {name}", name=name))
        try:
            with self._zip.open(self._members[found]) as member:
                yield member
        except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError) as cause:
            raise self._refused(
                message("无法读取成员 {name}", "the member {name} cannot be read", name=name)
            ) from cause

    def head(self, name: str, size_bytes: int) -> bytes:
        """Return the first bytes of a member; raises ``FormatError``."""
        with self.stream(name) as stream:
            return stream.read(size_bytes)

    def _require_sane(self) -> None:
        infos = self._zip.infolist()
        packed = sum(info.compress_size for info in infos)
        unpacked = sum(info.file_size for info in infos)
        if len(infos) > self._limits.members or unpacked > self._limits.total_bytes:
            raise self._refused(message("容器内容过大", "the container holds too much"))
        if unpacked > (packed + 1024) * self._limits.ratio:
            raise self._refused(message("压缩比异常，疑为压缩炸弹", "its ratio is that of a bomb"))
        if any(info.flag_bits & 1 for info in infos):
            raise self._refused(
                message(
                    "容器已加密，需要口令（password）才能打开",
                    "the container is encrypted and opens with a password only",
                )
            )
        if len({info.filename for info in infos}) != len(infos):
            raise self._refused(message("容器中有重名成员", "two members have one name"))
        ends = sorted((info.header_offset, info.header_offset + 30 + info.compress_size) for info in infos)
        if any(end > start for (_, end), (start, _) in pairwise(ends)):
            raise self._refused(message("容器成员互相重叠", "members overlap"))

    def _refused(self, reason: Message) -> FormatError:
        return FormatError(
            message("{file}：{reason}", "{file}: {reason}", file=self._path.name, reason=reason),
            subject=self._path.name,
        )
