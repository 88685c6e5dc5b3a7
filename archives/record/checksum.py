"""Message digests: several algorithms in one reading of the bytes."""

import hashlib
import re
from dataclasses import dataclass

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
