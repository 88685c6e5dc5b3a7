"""What programs embedded in a compound file ([MS-OLEDS]): files that are read by themselves, and objects that nothing here opens."""

import struct
from collections.abc import Iterator

from archives.findings import Finding, warning
from archives.message import message
from formats.compound import MAGIC, Compound
from formats.kinds.kind import Enclosed, Reading

_NATIVE = "\x01Ole10Native"
_OF_OBJECTS = ("\x01CompObj", "\x01Ole", "\x03ObjInfo")
_BEGINNINGS = (b"PK", b"%PDF-", b"{\\rtf", MAGIC)
_WHOLE = {"package": "package", "contents": "contents", "embeddedodf": "embedded.odt"}
"""Streams that are a file as it was: an Office document, whatever a program calls so (a PDF), an OpenDocument file."""


def embedded(compound: Compound, *, within: str = "") -> Reading:
    """Yield the files in the storages of a compound file whose path begins with this, and how many objects are not read."""
    unread = 0
    for storage, streams in compound.storages():
        if not storage.startswith(within):
            continue
        found = list(_files(compound, storage, streams))
        yield from found
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
        return Enclosed("native", data[4:])
    inside = data[place + 4 : place + 4 + length]
    return Enclosed(name.replace("/", "_") or "native", inside) if inside else Enclosed("native", data[4:])


def _text(data: bytes, place: int) -> tuple[str, int]:
    end = data.index(0, place)
    return data[place:end].decode("gb18030", "replace"), end + 1
