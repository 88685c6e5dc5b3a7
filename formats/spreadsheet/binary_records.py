"""What a workbook in the binary format of before 2007 says beside its cells ([MS-XLS] 2.1.4): boxes, heads and feet, charts.

The library that reads its cells leaves this out, and how words are pronounced, too.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from formats.compound import MAGIC, opened_compound
from formats.encoding.decoding import codec_of
from formats.spreadsheet.cells import head_parts
from formats.spreadsheet.number_format import GENERAL, shown

_BEGINS, _ENDS = (0x0009, 0x0209, 0x0409, 0x0809), 0x000A
_SHEET, _CODE_PAGE = 0x0085, 0x0042
_BOX, _CONTINUED, _HEAD, _FOOT = 0x01B6, 0x003C, 0x0014, 0x0015
_SERIES_TEXT, _LABEL, _NUMBER = 0x100D, 0x0204, 0x0203
_STRINGS = 0x00FC
_UNICODE, _CHART, _WORKSHEET = 0x0600, 0x0020, 0
_WIDE, _EXTENDED, _RICH = 1, 4, 8

Beside = tuple[str, str]
"""Of what kind something beside the cells is, and its text."""


def stream_of(path: Path) -> bytes:
    """Return the records of a workbook; the file itself where it is no compound one (before Excel 5)."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            file.seek(0)
            return file.read()
    with opened_compound(path) as compound:
        return compound.stream(next((name for name in ("Workbook", "Book") if compound.has(name)), "Workbook"))


def words_beside(stream: bytes) -> dict[int, list[Beside]]:
    """Return what the sheets say beside their cells, by the byte at which each sheet begins."""
    found: dict[int, list[Beside]] = {}
    begun: list[int] = []
    letters, is_unicode, is_chart, codec = 0, True, False, "cp1252"
    for place, kind, body in _records(stream):
        if kind in _BEGINS:
            begun.append(place)
            is_unicode = body[:2] == struct.pack("<H", _UNICODE)
            is_chart = body[2:4] == struct.pack("<H", _CHART)
        elif kind == _ENDS and begun:
            begun.pop()
        elif kind == _CODE_PAGE and len(body) == 2:
            codec = codec_of(f"cp{struct.unpack('<H', body)[0]}") or codec
        elif kind == _BOX and len(body) >= 12:
            (letters,) = struct.unpack_from("<H", body, 10)
        elif kind == _CONTINUED and letters and body:
            text = body[1:].decode("utf-16-le" if body[0] & _WIDE else "latin-1", "replace")[:letters].strip()
            found.setdefault(begun[0] if begun else 0, []).append(("box", text))
            letters = 0
        else:
            own = _own_words(kind, body, is_chart, "" if is_unicode else codec)
            found.setdefault(begun[0] if begun else 0, []).extend(own)
    return found


def worksheet_places(stream: bytes) -> list[int]:
    """Return the bytes at which the worksheets begin, in their order ([MS-XLS] 2.4.28); none before Excel 5."""
    sheets = (body for _, kind, body in _records(stream) if kind == _SHEET and len(body) > 6)
    return [struct.unpack_from("<I", body)[0] for body in sheets if body[5] == _WORKSHEET]


def readings(stream: bytes) -> Iterator[str]:
    """Yield how words of the cells are pronounced, as far as the file says so ([MS-XLS] 2.5.86)."""
    parts: list[bytes] = []
    is_open = False
    for _, kind, body in _records(stream):
        is_open = kind == _STRINGS or (is_open and kind == _CONTINUED)
        if is_open:
            parts.append(body)
    if parts:
        try:
            yield from _readings(_Strings(parts))
        except (IndexError, struct.error):
            return


class _Strings:
    """The bytes of strings that go on in other records, where letters go on under a new flag ([MS-XLS] 2.5.293)."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts
        self._part, self._place = 0, 0

    def taken(self, count: int) -> bytes:
        """Return so many bytes; raises ``IndexError`` where there are no more."""
        made = b""
        while len(made) < count:
            some = self._parts[self._part][self._place : self._place + count - len(made)]
            made += some
            self._place += len(some)
            if not some:
                self._part, self._place = self._part + 1, 0
        return made

    def skip_letters(self, count: int, flags: int) -> None:
        """Go on behind so many letters."""
        while count:
            left = len(self._parts[self._part]) - self._place
            if left <= 0:
                self._part, self._place = self._part + 1, 1
                flags = self._parts[self._part][0]
                continue
            width = 2 if flags & _WIDE else 1
            some = min(count, max(1, left // width))
            count -= some
            self._place += some * width


def _readings(strings: _Strings) -> Iterator[str]:
    _, count = struct.unpack("<II", strings.taken(8))
    for _ in range(count):
        letters, flags = struct.unpack("<HB", strings.taken(3))
        runs = struct.unpack("<H", strings.taken(2))[0] if flags & _RICH else 0
        (extended,) = struct.unpack("<I", strings.taken(4)) if flags & _EXTENDED else (0,)
        strings.skip_letters(letters, flags)
        strings.taken(4 * runs)
        if data := strings.taken(extended):
            (spoken,) = struct.unpack_from("<H", data, 10)
            if text := data[14 : 14 + 2 * spoken].decode("utf-16-le", "replace").strip():
                yield text


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield each record with its place, its kind and what it holds."""
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _own_words(kind: int, body: bytes, is_chart: bool, codec: str) -> Iterator[Beside]:
    """Yield what a record says; ``codec`` is that of Excel 5, "" where letters say themselves how wide they are."""
    if kind in (_HEAD, _FOOT):
        text = _text(body, 1 if codec else 2, codec)
        yield from (("head" if kind == _HEAD else "foot", part) for part in head_parts(text))
    elif not is_chart:
        return
    elif kind == _SERIES_TEXT:
        yield "chart", _text(body[2:], 1, codec)
    elif kind == _LABEL:
        yield "chart", _text(body[6:], 2, codec)
    elif kind == _NUMBER and len(body) == 14:
        (value,) = struct.unpack_from("<d", body, 6)
        if abs(value) < 1e15:
            yield "chart", shown(value, GENERAL)[0]


def _text(body: bytes, size: int, codec: str) -> str:
    """Return a text behind the number of its letters, which has so many bytes."""
    if len(body) <= size:
        return ""
    letters = int.from_bytes(body[:size], "little")
    if codec:
        return body[size : size + letters].decode(codec, "replace")
    wide = body[size] & _WIDE
    return body[size + 1 :].decode("utf-16-le" if wide else "latin-1", "replace")[:letters]
