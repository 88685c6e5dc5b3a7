"""Recordings (MP3, MP4 and its kin, AVI, Ogg): whether they reach their end, by what their own structure says.

Sources: ISO/IEC 14496-12 §4.2 (boxes), RIFF of AVI, ISO/IEC 11172-3 §2.4.1.3 (frames), RFC 3533 §6 (pages).
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import Message, message
from archives.record.record import FormatIdentification
from formats.kinds.kind import Kind, Look

_MP3, _MP4, _AVI, _OGG = "audio/mpeg", "video/mp4", "video/x-msvideo", "audio/ogg"
_ENDINGS = {_MP3: (".mp3",), _MP4: (".mp4", ".m4v", ".m4a"), _AVI: (".avi",), _OGG: (".ogg", ".oga", ".opus", ".ogv")}
_KIN = ("video/quicktime", "audio/mp4", "video/avi", "video/vnd.avi", "video/ogg", "application/ogg", "application/mp4")
_BRANDS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_RATES = {
    (3, 3): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLES_A_SECOND = (44_100, 48_000, 32_000)
_CUT = message("末尾缺失，录音录像不完整", "its end is missing: the recording is not whole")


def _recognised(path: Path) -> FormatIdentification | None:
    with path.open("rb") as file:
        head = file.read(16)
    known = (
        (head[4:8] in _BRANDS[:2], "MPEG-4 Media File", _MP4),
        (head[:4] == b"RIFF" and head[8:12] == b"AVI ", "Audio/Video Interleaved Format", _AVI),
        (head[:4] == b"OggS", "Ogg", _OGG),
        (head[:3] == b"ID3" or _begins_with_frames(path), "MPEG 1/2 Audio Layer 3", _MP3),
    )
    found = next(((name, mime) for fits, name, mime in known if fits), None)
    return FormatIdentification(None, found[0], "", found[1], "its first bytes") if found else None


def _begins_with_frames(path: Path) -> bool:
    """Say whether a file begins with three frames of sound that follow one another."""
    place = 0
    with path.open("rb") as file:
        for _ in range(3):
            file.seek(place)
            length = frame_bytes(file.read(4))
            if not length:
                return False
            place += length
    return True


def _looked(path: Path) -> Look:
    """Return what is missing as a finding: a recording that is cut short still plays; raises ``FormatError`` for none."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(0)
        try:
            if head[4:8] in _BRANDS:
                found = _missing_of_boxes(file, size)
            elif head[:4] == b"RIFF":
                found = None if struct.unpack_from("<I", head, 4)[0] + 8 <= size else _CUT
            elif head[:4] == b"OggS":
                found = _missing_of_pages(file, size)
            elif head[:3] == b"ID3" or head[:1] == b"\xff":
                found = _missing_of_frames(file, size)
            else:
                raise FormatError(message("不是完好的录音录像文件", "not a whole recording"), subject=path.name)
        except (struct.error, IndexError) as cause:
            raise FormatError(_CUT, subject=path.name) from cause
    return Look((), None, tuple(_told(found)))


def _told(missing: Message | None) -> Iterator[Finding]:
    if missing:
        yield warning(
            "file-cut-short",
            message(
                "文件残缺：{what}",
                "the file is cut short: {what}",
                what=missing,
            ),
        )


def _missing_of_boxes(file: BinaryIO, size: int) -> Message | None:
    place, kinds = 0, set()
    while place + 8 <= size:
        file.seek(place)
        head = file.read(16)
        length, kind = struct.unpack_from(">I4s", head)
        if length == 1:
            (length,) = struct.unpack_from(">Q", head, 8)
        elif length == 0:
            length = size - place
        if length < 8:
            break
        kinds.add(kind)
        place += length
        if place > size:
            return _CUT
    if not kinds & {b"moov", b"moof"}:
        return message("没有索引（moov），无法播放", "it has no index (moov) and cannot be played")
    return None


def _missing_of_pages(file: BinaryIO, size: int) -> Message | None:
    """Say what is missing of an Ogg whose last page is not said to be the last, or reaches beyond the file."""
    file.seek(max(0, size - (1 << 17)))
    end = file.read()
    at = end.rfind(b"OggS")
    if at < 0 or at + 27 > len(end):
        return _CUT
    segments = end[at + 27 : at + 27 + end[at + 26]]
    is_last = bool(end[at + 5] & 4) and len(end) >= at + 27 + len(segments) + sum(segments)
    return None if is_last else _CUT


def _missing_of_frames(file: BinaryIO, size: int) -> Message | None:
    """Say what is missing of an MP3 by the number of frames that its first tells, else by whether the last is whole."""
    head = file.read(10)
    place = 10 + _safe_number(head[6:10]) if head[:3] == b"ID3" else 0
    file.seek(place)
    first = file.read(512)
    told = next((at for tag in (b"Xing", b"Info") if 0 <= (at := first.find(tag)) < 200), None)
    if told is not None and first[told + 7] & 3 == 3:
        (length,) = struct.unpack_from(">I", first, told + 12)
        return None if place + length <= size + 1024 else _CUT
    while place + 4 <= size:
        file.seek(place)
        length = frame_bytes(file.read(4))
        if not length:
            return None  # tags and padding, or what is no frame: nothing says how long it should be
        place += length
    return _CUT if place > size else None


def _safe_number(data: bytes) -> int:
    return sum((byte & 0x7F) << (7 * (3 - at)) for at, byte in enumerate(data))


def frame_bytes(head: bytes) -> int:
    """Return the length of a frame by its first four bytes; 0 for what is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer, rate, sampling = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if layer == 0 or version == 1 or rate in (0, 15) or sampling == 3:
        return 0
    rates = _RATES[(3, layer)] if version == 3 else _RATES[(2, 3 if layer == 3 else 2)]
    samples = _SAMPLES_A_SECOND[sampling] // {3: 1, 2: 2, 0: 4}[version]
    padding = head[2] >> 1 & 1
    if layer == 3:
        return (12 * rates[rate] * 1000 // samples + padding) * 4
    return (72 if layer == 1 and version != 3 else 144) * rates[rate] * 1000 // samples + padding


KIND = Kind(
    endings={**_ENDINGS, **dict.fromkeys(_KIN, ())},
    recognise=_recognised,
    perhaps=lambda ends: ends.head.startswith((b"RIFF", b"OggS", b"ID3")) or ends.head[4:8] in _BRANDS,
    look=_looked,
    draw=None,
    read=None,
    is_silent=True,
)
