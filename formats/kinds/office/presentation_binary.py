"""Presentations in the binary format ([MS-PPT]), as PowerPoint 97 to 2003 and WPS wrote them: every slide a page."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archives.errors import FormatError
from archives.message import message
from formats.compound import Compound, encrypted, opened_compound
from formats.kinds.kind import Enclosed, Kind, Look, Reading

_MIME = "application/vnd.ms-powerpoint"
_ENCRYPTED = 0xF3D1C4DF  # headerToken of [MS-PPT] 2.3.2
_DOCUMENT, _LIST, _SLIDE_OF_LIST = 1000, 4080, 1011
_OLE_OBJECT, _PACKED = 0x1011, 1  # [MS-PPT] 2.10.34
_WIDE, _NARROW, _EDIT, _DIRECTORY = 4000, 4008, 4085, 6002
_HEAD_BYTES = 20
_MOST_OBJECT_BYTES = 128 << 20
_DEEPEST, _MOST_EDITS = 24, 10_000


class _Record(NamedTuple):
    kind: int
    instance: int
    data: memoryview
    is_container: bool


def _looked(path: Path) -> Look:
    """Count the slides; raises ``FormatError`` for one that is encrypted or damaged."""
    pages = sum(isinstance(one, str) for one in _read(path))
    return Look((("pages", str(pages)),), pages)


def _read(path: Path) -> Reading:
    with opened_compound(path) as compound:
        try:
            yield from _slides(compound)
        except struct.error as cause:
            said = message("演示文稿损坏，幻灯片读不出", "the presentation is damaged: its slides cannot be read")
            raise FormatError(said, subject=path.name) from cause


def _slides(compound: Compound) -> Reading:
    """Yield the text of each slide in their order: what the outline has of it, what stands on it, its notes; what is embedded."""
    user = compound.stream("Current User") if compound.has("Current User") else b""
    if len(user) < _HEAD_BYTES:
        said = message("PowerPoint 97 之前的格式，此处不支持", "a format of before PowerPoint 97, not supported here")
        raise FormatError(said, subject=compound.name)
    token, edit = struct.unpack_from("<II", user, 12)
    if token == _ENCRYPTED:
        raise encrypted(compound.name)
    stream = memoryview(compound.stream("PowerPoint Document"))
    places = _places(stream, edit)
    parts = {number: record for number, place in places.items() if (record := _record(stream, place))}
    documents = [record for record in parts.values() if record.kind == _DOCUMENT]
    slides: dict[int, list[str]] = {}
    for inside in _inside(documents[-1].data) if documents else ():
        if inside.kind == _LIST and inside.instance in (0, 2):
            current: list[str] = []
            for one in _inside(inside.data):
                if one.kind == _SLIDE_OF_LIST:
                    (number,) = struct.unpack_from("<I", one.data)
                    current = slides.setdefault(number if inside.instance == 0 else -number, [])
                current += _words(one, 0)
    for number, words in slides.items():
        if (part := parts.get(abs(number))) is not None:
            words += _words(part, 0)
    notes = [words for number, words in slides.items() if number < 0]
    shown = [words for number, words in slides.items() if number >= 0]
    for place, words in enumerate(shown):
        yield "\n".join(dict.fromkeys([*words, *(notes[place] if len(notes) == len(shown) else ())]))
    if notes and len(notes) != len(shown):
        yield "\n".join(word for words in notes for word in words)
    objects = (record for record in parts.values() if record.kind == _OLE_OBJECT)
    for count, record in enumerate(objects, 1):
        yield Enclosed(f"object-{count}", _object(record))


def _object(record: _Record) -> bytes:
    """Return the compound file that an embedded object is; b"" of one that is damaged."""
    if record.instance != _PACKED:
        return bytes(record.data)
    try:
        return zlib.decompressobj().decompress(record.data[4:], _MOST_OBJECT_BYTES)
    except zlib.error:
        return b""


def _places(stream: memoryview, edit: int) -> dict[int, int]:
    """Return where the current version of each part lies, by its number ([MS-PPT] 2.3.4)."""
    places: dict[int, int] = {}
    for _ in range(_MOST_EDITS):
        record = _record(stream, edit)
        if record is None or record.kind != _EDIT:
            break
        before, directory = struct.unpack_from("<II", record.data, 8)
        listed = _record(stream, directory)
        place = 0
        while listed is not None and listed.kind == _DIRECTORY and place + 4 <= len(listed.data):
            (head,) = struct.unpack_from("<I", listed.data, place)
            first, count = head & 0xFFFFF, head >> 20
            for number, where in enumerate(struct.unpack_from(f"<{count}I", listed.data, place + 4), first):
                places.setdefault(number, where)
            place += 4 + 4 * count
        if not before or before == edit:
            break
        edit = before
    return places


def _words(record: _Record, depth: int) -> Iterator[str]:
    if record.kind in (_WIDE, _NARROW):
        text = bytes(record.data).decode("utf-16-le" if record.kind == _WIDE else "latin-1", "replace")
        text = text.replace("\r", "\n").replace("\x0b", "\n").strip()
        if text and text != "*":  # the place of a number or a date
            yield text
    elif record.is_container and depth < _DEEPEST:
        for inside in _inside(record.data):
            yield from _words(inside, depth + 1)


def _inside(data: memoryview) -> Iterator[_Record]:
    place = 0
    while (record := _record(data, place)) is not None:
        yield record
        place += 8 + len(record.data)


def _record(data: memoryview, place: int) -> _Record | None:
    if place < 0 or place + 8 > len(data):
        return None
    head, kind, length = struct.unpack_from("<HHI", data, place)
    return _Record(kind, head >> 4, data[place + 8 : place + 8 + length], head & 0xF == 0xF)


KIND = Kind(endings={_MIME: (".ppt", ".pps", ".pot", ".dps")}, look=_looked, draw=None, read=_read)
