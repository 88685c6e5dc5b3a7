"""How the samples of a film's track are coded, written anew with nothing but what a player needs.

Sources: ISO/IEC 14496-12 §8.5.2 (sample entries), 14496-15 §5.3 (avcC), 14496-14 §5.6 and 14496-1 §7.2.6 (esds),
14496-3 §1.6.2.1 (AudioSpecificConfig), QuickTime File Format (sound sample descriptions).
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from formats.played.boxes import box, boxes, unknown
from formats.played.film_samples import LONGEST_PARAMETERS, without_messages, without_words

PICTURES, SOUND = b"vide", b"soun"
_LONGEST_CONFIGURATION = 8
_HIGH_PROFILES = (100, 110, 122, 144)
_LOW_COMPLEXITY, _WIDENED = 2, (5, 29)
_AAC = (0x40, 0x67)
_COLOURS = {b"nclx": 11, b"nclc": 10}  # how colours are coded, in numbers, with their length in bytes


@dataclass(frozen=True, slots=True)
class SampleDescription:
    """A sample entry, and what is kept of a sample that it describes."""

    entry: bytes
    plain: Callable[[bytes], bytes]


def sample_description(kind: bytes, data: bytes) -> SampleDescription | None:
    """Return how a track's samples are coded; None for several codings, and for one that is not known."""
    entries = list(boxes(data[8:]))
    if len(entries) != 1:
        return None
    name, body = entries[0]
    if kind == PICTURES and name in (b"avc1", b"avc3"):
        return _pictures(name, body)
    return _sound(body) if kind == SOUND and name == b"mp4a" else None


def _pictures(name: bytes, body: bytes) -> SampleDescription:
    width, height = struct.unpack_from(">HH", body, 24)
    beside = dict(boxes(body[78:]))
    parameters, length_bytes = _parameters(beside[b"avcC"])
    aspect = beside.get(b"pasp", b"")
    shape = box(b"pasp", aspect) if len(aspect) == 8 else b""
    colour = beside.get(b"colr", b"")
    colours = box(b"colr", colour[:length]) if (length := _COLOURS.get(colour[:4], 0)) else b""
    head = struct.pack(">6xH16xHHIII", 1, width, height, 0x480000, 0x480000, 0)
    entry = box(name, head, struct.pack(">H32xHh", 1, 24, -1), box(b"avcC", parameters), colours, shape)
    return SampleDescription(entry, partial(without_messages, length_bytes=length_bytes))


def _parameters(data: bytes) -> tuple[bytes, int]:
    """Return avcC with its parameter sets and nothing behind them, and the bytes of a NAL unit's length."""
    kept, place = data[:4] + bytes([0xFC | data[4] & 3]), 5
    for mask, filled, wanted in ((0x1F, 0xE0, 7), (0xFF, 0, 8)):
        sets = []
        count, place = data[place] & mask, place + 1
        for _ in range(count):
            (length,) = struct.unpack_from(">H", data, place)
            one, place = data[place + 2 : place + 2 + length], place + 2 + length
            if len(one) != length or not 0 < length <= LONGEST_PARAMETERS or one[0] & 0x1F != wanted:
                raise unknown()
            sets.append(struct.pack(">H", length) + one)
        kept += bytes([filled | count]) + b"".join(sets)
    if data[1] in _HIGH_PROFILES and len(data) >= place + 4:
        kept += bytes([0xFC | data[place] & 3, 0xF8 | data[place + 1] & 7, 0xF8 | data[place + 2] & 7, 0])
    return kept, (data[4] & 3) + 1


def _sound(body: bytes) -> SampleDescription | None:
    """Return the description of AAC; None for other sound."""
    version, channels, bits = struct.unpack_from(">8xH6xHH", body)
    (rate,) = struct.unpack_from(">I", body, 24)
    if version > 1:
        return None
    beside = dict(boxes(body[28 + 16 * version :]))
    told = beside.get(b"esds") or dict(boxes(beside.get(b"wave", b""))).get(b"esds", b"")
    tag, stream = _told(told[4:]) if told else (0, b"")
    if tag != 3 or stream[2] & 0x40:
        return None
    begin = 3 + (2 if stream[2] & 0x80 else 0) + (2 if stream[2] & 0x20 else 0)
    tag, coded = _told(stream[begin:])
    if tag != 4 or coded[0] not in _AAC:
        return None
    tag, special = _told(coded[13:])
    if tag != 5 or len(special) > _LONGEST_CONFIGURATION or not _is_known(special):
        return None
    coder = coded[:1] + bytes([0x15]) + coded[2:13] + bytes([5, len(special)]) + special
    descriptor = bytes([3, 3 + 2 + len(coder) + 3, 0, 0, 0, 4, len(coder)]) + coder + bytes([6, 1, 2])
    head = struct.pack(">6xH8xHH4xI", 1, channels, bits, rate)
    entry = box(b"mp4a", head, box(b"esds", bytes(4), descriptor))
    return SampleDescription(entry, without_words)


def _told(data: bytes) -> tuple[int, bytes]:
    """Return the tag and the body of a descriptor."""
    length, place = 0, 1
    for place in range(1, 5):
        length = length << 7 | data[place] & 0x7F
        if not data[place] & 0x80:
            break
    return data[0], data[place + 1 : place + 1 + length]


def _is_known(special: bytes) -> bool:
    """Say whether sound is AAC-LC, or widened from it, whose channels a number tells: a table (PCE) has room for words."""
    bits, place = int.from_bytes(special.ljust(16, b"\0"), "big"), 128

    def taken(count: int) -> int:
        nonlocal place
        place -= count
        return bits >> place & (1 << count) - 1

    kind = taken(5)
    if taken(4) == 15:
        taken(24)
    channels = taken(4)
    if kind in _WIDENED:
        if taken(4) == 15:
            taken(24)
        kind = taken(5)
    return kind == _LOW_COMPLEXITY and channels != 0
