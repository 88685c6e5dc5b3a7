"""The boxes that MP4 and its kin are made of (ISO/IEC 14496-12 §4.2), and QuickTime, which they come from."""

import struct
from collections.abc import Iterator

from archives.errors import FormatError
from archives.message import message

_MOST_BOXES = 1_000


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the boxes in the body of another, each with its kind and its body; what is behind the last is left."""
    place = 0
    for _ in range(_MOST_BOXES):
        if place + 8 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, place)
        begin = place + 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, begin)
            begin += 8
        if not begin - place <= length <= len(data) - place:
            return
        yield kind, data[begin : place + length]
        place += length
    raise unknown()


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def unknown() -> FormatError:
    """Return the error that says that a film is not played."""
    return FormatError(
        message("其中的画面和声音取不出来", "its pictures and its sound cannot be told from the rest"), subject="MP4"
    )
