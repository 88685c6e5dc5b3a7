"""Bundles that nothing here unpacks, 7z and RAR: whether they are whole, and whether they are encrypted.

Sources: 7zFormat.txt of the LZMA SDK; RAR 5.0 archive format and technote of RAR 4 (rarlab.com).
"""

import lzma
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

from archives.errors import FormatError
from archives.message import message
from archives.record.record import FormatIdentification
from formats.kinds.kind import Kind, Look

_7Z, _RAR = "application/x-7z-compressed", "application/vnd.rar"
_7Z_MAGIC, _RAR4_MAGIC, _RAR5_MAGIC = b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_AES = b"\x06\xf1\x07\x01"
_LZMA = b"\x03\x01\x01"
_PACKED_HEAD = 0x17
_MOST_HEAD_BYTES = 16 << 20


def _recognised(path: Path) -> FormatIdentification | None:
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_7Z_MAGIC):
        return FormatIdentification(None, "7Zip format", "", _7Z, "its first bytes")
    if head.startswith((_RAR4_MAGIC, _RAR5_MAGIC)):
        return FormatIdentification(None, "RAR Archive", "", _RAR, "its first bytes")
    return None


def _looked(path: Path) -> Look:
    """Raise ``FormatError`` for one that is encrypted, damaged or cut short."""
    with path.open("rb") as file:
        head = file.read(8)
        file.seek(0)
        try:
            if head.startswith(_7Z_MAGIC):
                _look_at_7z(file, path)
            elif head.startswith(_RAR5_MAGIC):
                _look_at_rar5(file, path)
            elif head.startswith(_RAR4_MAGIC):
                _look_at_rar4(file, path)
            else:
                raise _damaged(path)
        except (struct.error, IndexError, OSError, OverflowError, ValueError) as cause:
            raise _damaged(path) from cause
    return Look()


def _look_at_7z(file: BinaryIO, path: Path) -> None:
    start = file.read(32)
    (checksum,) = struct.unpack_from("<I", start, 8)
    offset, length, checksum_of_head = struct.unpack_from("<QQI", start, 12)
    if zlib.crc32(start[12:32]) != checksum or length > _MOST_HEAD_BYTES:
        raise _damaged(path)
    file.seek(32 + offset)
    head = file.read(length)
    if len(head) < length or zlib.crc32(head) != checksum_of_head:
        raise _damaged(path)
    if _AES in head or (head[:1] == bytes([_PACKED_HEAD]) and _AES in _unpacked_head(file, head)):
        raise _encrypted(path)


def _unpacked_head(file: BinaryIO, head: bytes) -> bytes:
    """Return the head that a packed one stands for, as far as its first 4 KiB; b"" where it is packed in another way."""
    at = head.find(_LZMA)
    if at < 0 or head[1] != 0x06:
        return b""
    position, place = _number(head, 2)
    _, place = _number(head, place)
    packed, _ = _number(head, place + 1)
    properties = head[at + 4 : at + 9]
    size = struct.unpack("<I", properties[1:])[0]
    lc, rest = properties[0] % 9, properties[0] // 9
    options = {"id": lzma.FILTER_LZMA1, "dict_size": size, "lc": lc, "lp": rest % 5, "pb": rest // 5}
    file.seek(32 + position)
    try:
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[options]).decompress(file.read(packed), 1 << 20)
    except lzma.LZMAError:
        return b""


def _number(data: bytes, place: int) -> tuple[int, int]:
    """Return a number of 7z and where it ends: the ones that lead its first byte count the bytes that follow."""
    first, value = data[place], 0
    for following in range(8):
        mask = 0x80 >> following
        if not first & mask:
            high = first & (mask - 1)
            return value | high << (8 * following), place + 1 + following
        value |= data[place + 1 + following] << (8 * following)
    return value, place + 9


def _look_at_rar5(file: BinaryIO, path: Path) -> None:
    size = path.stat().st_size
    place = len(_RAR5_MAGIC)
    while place < size:
        file.seek(place + 4)
        block = file.read(64)
        length, at = _variable(block, 0)
        begin = at
        kind, at = _variable(block, at)
        flags, at = _variable(block, at)
        _, at = _variable(block, at) if flags & 1 else (0, at)
        data, _ = _variable(block, at) if flags & 2 else (0, at)
        if kind == 4:
            raise _encrypted(path)
        place += 4 + begin + length + data
        if kind == 2 and _is_encrypted_rar5(file, place - data - length, length):
            raise _encrypted(path)
        if kind == 5:
            return
    raise _damaged(path)


def _is_encrypted_rar5(file: BinaryIO, place: int, length: int) -> bool:
    """Say whether a file's head has the record of its encryption (type 1 of its extra area)."""
    file.seek(place)
    head = file.read(min(length, 1 << 16))
    _, at = _variable(head, 0)
    flags, at = _variable(head, at)
    extra, _ = _variable(head, at) if flags & 1 else (0, at)
    area = head[len(head) - extra :] if extra else b""
    at = 0
    while at < len(area):
        size, begin = _variable(area, at)
        kind, _ = _variable(area, begin)
        if kind == 1:
            return True
        at = begin + size
    return False


def _variable(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if not byte & 0x80 or shift > 63:
            return value, place


def _look_at_rar4(file: BinaryIO, path: Path) -> None:
    size = path.stat().st_size
    place = len(_RAR4_MAGIC)
    while place + 7 <= size:
        file.seek(place)
        head = file.read(11)
        kind, flags, length = struct.unpack_from("<BHH", head, 2)
        if (kind == 0x73 and flags & 0x80) or (kind == 0x74 and flags & 0x04):
            raise _encrypted(path)
        if kind == 0x7B:
            return
        if length < 7:
            raise _damaged(path)
        place += length + (struct.unpack_from("<I", head, 7)[0] if flags & 0x8000 else 0)
    if place != size:  # older ones have no block that ends them
        raise _damaged(path)


def _damaged(path: Path) -> FormatError:
    said = message("文件损坏或残缺", "it is damaged or cut short")
    return FormatError(said, subject=path.name)


def _encrypted(path: Path) -> FormatError:
    said = message("文件已加密，需要口令（password）才能打开", "it is encrypted and opens with a password only")
    return FormatError(said, subject=path.name)


KIND = Kind(
    endings={_7Z: (".7z",), _RAR: (".rar",), "application/x-rar-compressed": ()},
    recognise=_recognised,
    perhaps=lambda ends: ends.head.startswith((_7Z_MAGIC, _RAR4_MAGIC, _RAR5_MAGIC)),
    look=_looked,
    draw=None,
    read=None,
)
