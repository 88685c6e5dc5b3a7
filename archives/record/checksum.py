"""Message digests: several algorithms in one reading of the bytes; and what may be told of how bytes are kept."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from archives.errors import FormatError
from archives.message import message

_HEX = {"sha256": 64, "sha512": 128}


@dataclass(frozen=True, slots=True)
class Digests:
    """The SHA-256 and SHA-512 of the same bytes (lower-case hexadecimal) and how many bytes they were."""

    sha256: str
    sha512: str
    size_bytes: int

    def __post_init__(self) -> None:
        for name, length in _HEX.items():
            value = getattr(self, name)
            if not re.fullmatch(rf"[0-9a-f]{{{length}}}", value):
                raise FormatError(
                    message("{name} 摘要不合规范：{value}", "not a {name} digest: {value}", name=name, value=value)
                )


@dataclass(frozen=True, slots=True)
class Master:
    """A file as it came: the pages that stand in it, from the first to the last, and its SHA-256."""

    first: int
    last: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """How what a unit holds was kept on the day ``as_of``, without where.

    ``stored_on`` is the day on which its newest version was stored; so many ``copies`` had last been read whole and found
    good, each of them on the day ``verified_on`` or later (None where there is no such copy).
    """

    stored_on: date
    as_of: date
    copies: int
    verified_on: date | None
    masters: tuple[Master, ...] = ()


class Digester:
    """Computes both digests while bytes pass by."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._sha512 = hashlib.sha512()
        self._size_bytes = 0

    def update(self, block: bytes | bytearray | memoryview) -> None:
        """Take the next bytes."""
        self._sha256.update(block)
        self._sha512.update(block)
        self._size_bytes += len(block)

    def digests(self) -> Digests:
        """Return the digests of all bytes taken so far."""
        return Digests(self._sha256.hexdigest(), self._sha512.hexdigest(), self._size_bytes)


def digests_of(data: bytes) -> Digests:
    """Return the digests of bytes in memory."""
    digester = Digester()
    digester.update(data)
    return digester.digests()
