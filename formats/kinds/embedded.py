"""What programs put into documents: files that are read by themselves ([MS-OLEDS]), objects that nothing here opens, and pictures."""

import io
import re
import struct
from collections.abc import Iterator
from typing import Protocol

from PIL import Image, UnidentifiedImageError

from archives.errors import FormatError
from archives.findings import Finding, note, warning
from archives.message import message
from formats.compound import MAGIC, Compound
from formats.kinds.kind import Enclosed, Reading

_PICTURE = re.compile(r"(?i)(?:^|/)(?:media|Pictures)/[^/]+\.(?:(png|jpe?g|gif|bmp|tiff?|webp)|emf|wmf|svg)$")
_HEAD_BYTES, _LEAST_PIXELS = 64 << 10, 60_000  # of 300 × 200 dots: less is an icon or a line
_NAMELESS = "native"
_NATIVE = "\x01Ole10Native"
_OF_OBJECTS = ("\x01CompObj", "\x01Ole", "\x03ObjInfo")
_BEGINNINGS = (b"PK", b"%PDF-", b"{\\rtf", MAGIC)
_WHOLE = {"package": "package", "contents": "contents", "embeddedodf": "embedded.odt"}
"""Streams that are a file as it was: an Office document, whatever a program calls so (a PDF), an OpenDocument file."""


class Parts(Protocol):
    """Something that is made of parts with names."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts."""

    def head(self, part: str, size_bytes: int, /) -> bytes:
        """Return the first bytes of a part; raises ``FormatError``."""


def unread_pictures(parts: Parts) -> Iterator[Finding]:
    """Yield that a document has pictures in it, on which there may be writing: nothing here reads it."""
    pictures = 0
    for name in parts.names:
        if found := _PICTURE.search(name):
            pictures += not found[1] or _is_large(parts, name)
    if pictures:
        said = message(
            "文档中有 {n} 幅图片，图片上如有文字，未作识别；是扫描件的，请另存为图像文件一并归入",
            "{n} pictures are in the document; writing on them, if there is any, is not recognised: where they are scans, take them "
            "in as image files, too",
            n=pictures,
        )
        yield note("pictures-not-read", said)


def _is_large(parts: Parts, name: str) -> bool:
    try:
        with Image.open(io.BytesIO(parts.head(name, _HEAD_BYTES))) as picture:
            return picture.width * picture.height >= _LEAST_PIXELS
    except (FormatError, OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return False


def embedded(compound: Compound, *, within: str = "") -> Reading:
    """Yield the files in the storages of a compound file whose path begins with this, and how many objects are not read."""
    unread = 0
    for storage, streams in compound.storages():
        if not storage.startswith(within):
            continue
        found = list(_files(compound, storage, streams))
        for one in found:
            yield from [one.name] if _NATIVE in streams and one.name != _NAMELESS else []  # it is seen below its sign
            yield one
        unread += not found and bool(storage) and not streams.isdisjoint(_OF_OBJECTS)
    if unread:
        yield not_read(unread)


def not_read(objects: int) -> Finding:
    """Return the finding that a file has so many objects in it that nothing here reads."""
    said = message(
        "文档内嵌了 {n} 个对象，其文字未提取；请另存为单独的文件后归入",
        "{n} objects are embedded in the document, their text is not taken out; keep them as files of their own too",
        n=objects,
    )
    return warning("embedded-not-read", said)


def _files(compound: Compound, storage: str, streams: frozenset[str]) -> Iterator[Enclosed]:
    for stream in sorted(streams):
        place = f"{storage}/{stream}" if storage else stream
        if stream == _NATIVE:
            yield _native(compound.stream(place))
        elif stream.lower() in _WHOLE and (data := compound.stream(place)).startswith(_BEGINNINGS):
            yield Enclosed(_WHOLE[stream.lower()], data)


def _native(data: bytes) -> Enclosed:
    """Return a file that was packed ([MS-OLEDS] 2.3.6): its name and its path stand before it."""
    try:
        name, place = _text(data, 6)
        _, place = _text(data, place)
        (length,) = struct.unpack_from("<I", data, place + 4)
        place += 8 + length
        (length,) = struct.unpack_from("<I", data, place)
    except (struct.error, ValueError):
        return Enclosed(_NAMELESS, data[4:])
    inside = data[place + 4 : place + 4 + length]
    return Enclosed(name.replace("/", "_") or _NAMELESS, inside) if inside else Enclosed(_NAMELESS, data[4:])


def _text(data: bytes, place: int) -> tuple[str, int]:
    end = data.index(0, place)
    return data[place:end].decode("gb18030", "replace"), end + 1
