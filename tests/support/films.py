"""Films of a few samples, with words wherever a film has room for them."""

import struct
from collections.abc import Sequence

WORDS = b"quetzalcoatl"
PARAMETERS = (b"\x67\x64\x00\x0d" + bytes(12), b"\x68\xee\x3c\x80")
SLICE = b"\x65\x88" + bytes(range(40))
MESSAGE = b"\x06\x05" + WORDS * 4
SOUND = b"\x21\x10\x04" + bytes(range(1, 60))
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box of a film."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def unit(data: bytes) -> bytes:
    """Return a NAL unit behind its length."""
    return struct.pack(">I", len(data)) + data


def filling(data: bytes) -> bytes:
    """Return a frame of AAC whose sound comes behind a fill element with these bytes."""
    bits = f"{6:03b}{15:04b}{len(data) - 14:08b}" + "".join(f"{one:08b}" for one in b"\0" + data[1:])
    bits += "".join(f"{one:08b}" for one in SOUND)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


PICTURE = unit(MESSAGE) + unit(SLICE)
FRAME = filling(b"\0" + WORDS * 2)


def picture_entry(coding: bytes = b"avc1", *, beside: bytes = b"") -> bytes:
    """Return how pictures are coded, with the name of a program."""
    head = struct.pack(">6xH16xHHIIIH", 1, 320, 240, 0x480000, 0x480000, 0, 1)
    sets = b"".join(
        bytes([count | 1]) + struct.pack(">H", len(one)) + one for count, one in zip((0xE0, 0), PARAMETERS, strict=True)
    )
    coder = box(b"avcC", b"\x01\x64\x00\x0d\xff" + sets + WORDS)
    return box(coding, head + WORDS.ljust(32, b"\0") + struct.pack(">Hh", 24, -1), coder, beside, box(b"udta", WORDS))


def sound_entry(special: bytes = b"\x12\x10", *, coding: int = 0x40, is_quicktime: bool = False) -> bytes:
    """Return how sound is coded."""
    coder = bytes([4, 15 + len(special), coding, 0x15]) + bytes(11) + bytes([5, len(special)]) + special
    told = box(b"esds", bytes(4), bytes([3, 0x80, 0x80, 0x80, 3 + len(coder)]), bytes(3), coder, WORDS)
    head = struct.pack(">6xHH6xHH4xI", 1, is_quicktime, 2, 16, 44_100 << 16)
    more = (bytes(16), box(b"wave", box(b"frma", b"mp4a"), told)) if is_quicktime else (told,)
    return box(b"mp4a", head, *more)


def track(
    kind: bytes,
    entry: bytes,
    sizes: Sequence[int],
    place: int,
    *,
    beside: bytes = b"",
    flags: int = 3,
    edits: bytes = b"",
) -> bytes:
    """Return a track whose samples lie one after another from a place on."""
    header = box(b"tkhd", struct.pack(">I8xI4xI8xhhh2x", flags, 1, 1000, 0, 0, 0x100), _MATRIX, bytes(8))
    table = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), entry),
        box(b"stts", struct.pack(">IIII", 0, 1, len(sizes), 10), WORDS),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, len(sizes), 1)),
        box(b"stsz", struct.pack(f">III{len(sizes)}I", 0, 0, len(sizes), *sizes)),
        box(b"stco", struct.pack(">III", 0, 1, place)),
        beside,
    )
    handler = box(b"hdlr", bytes(8), kind, bytes(12), WORDS)
    media = box(b"mdia", box(b"mdhd", struct.pack(">I8xIIHH", 0, 1000, 1000, 0, 0)), handler, box(b"minf", table))
    return box(b"trak", header, edits, media, box(b"udta", WORDS))


def film(
    pictures: Sequence[bytes] = (PICTURE, PICTURE),
    sounds: Sequence[bytes] = (FRAME, FRAME),
    *,
    picture: bytes = b"",
    sound: bytes = b"",
    beside: bytes = b"",
    more: bytes = b"",
    matrix: bytes = _MATRIX,
    edits: bytes = b"",
    sound_flags: int = 3,
) -> bytes:
    """Return a film of these samples; ``beside`` stands in the tables of its pictures, ``more`` in its index."""
    head = box(b"ftyp", b"qt  ", bytes(4), b"qt  ") + box(b"free", WORDS)
    samples = b"".join((*pictures, *sounds))
    place = len(head) + 8
    entries = picture or picture_entry(), sound or sound_entry()
    tracks = [
        track(b"vide", entries[0], [len(one) for one in pictures], place, beside=beside, edits=edits)
        if pictures
        else b"",
        track(b"soun", entries[1], [len(one) for one in sounds], place + sum(map(len, pictures)), flags=sound_flags)
        if sounds
        else b"",
        track(b"text", box(b"text", WORDS), [1], place),
    ]
    told = box(b"mvhd", struct.pack(">I8xII16x36s24xI", 0, 1000, 1000, matrix, 4))
    return head + box(b"mdat", samples + WORDS) + box(b"moov", told, *tracks, box(b"udta", WORDS), more)
