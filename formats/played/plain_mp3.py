"""An MP3 file without whatever was written before, between and behind its frames, and in them beside their sound.

A file may be several that were joined, or have lost some bytes: what follows is still its sound. More than a little that is
neither frame nor tag is not passed over in silence. Where the rate changes, a first frame is made anew that tells the length.
Sources: ISO/IEC 11172-3 §2.4.1, ID3v1, ID3v2.4 §3, APEv2, Lyrics3 v2.00, the Xing header (Xing VBR SDK), VBRI.
"""

import re
import struct
from array import array
from collections.abc import Iterator
from itertools import accumulate
from typing import BinaryIO

from archives.errors import FormatError
from archives.message import message
from formats.kinds.media.recording import frame_bytes
from formats.played.mp3_frames import LAYER_3, plain_frames, side_bytes, side_of

_SAME_SOUND = 0xFFFE0C00  # of a frame's head: what all frames of a recording have in common
_LEAST_FRAMES = 3
_TOLD_WITHIN = 200  # bytes of a frame that tells of the others instead of sounding
_TELLING = re.compile(b"Xing|Info|VBRI")
_MOST_BEFORE = 64 << 10
_MOST_LEFT_OUT, _SHARE_LEFT_OUT, _FEW_FRAMES = 64 << 10, 100, 4 << 10
_BLOCK = 1 << 16
_ID3V2, _ID3V1, _APE, _LYRICS = b"ID3", b"TAG", b"APETAGEX", b"LYRICSBEGIN"
_TAGS = (_ID3V2, _ID3V1, _APE, _LYRICS)
_LONGEST_NAME = len(_LYRICS)
_ID3V1_BYTES, _ID3V2_HEAD, _APE_HEAD = 128, 10, 32
_ENDS_OF_LYRICS = (b"LYRICS200", b"LYRICSEND")
_LONGEST_OLD_LYRICS = 5120
_PERHAPS = re.compile(rb"\xff(?=[\xe0-\xff])|" + b"|".join(_TAGS))
_TOLD = 3 + 4  # of a Xing header: frames, bytes and the table of places
_PLACES = 100


def plain_mp3(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the frames of an MP3 file that belong to one recording, of changing rate behind one that tells of them.

    Raises ``FormatError`` for a file without frames, of another layer, or of which more than a little is no frame of them.
    """
    lengths, rates, head = array("H"), set(), b""
    for frame in _frames(file, size):
        head = head or frame[:4]
        lengths.append(len(frame))
        rates.add(frame[2] >> 4)
    if not lengths:
        raise _no_sound()
    if len(rates) > 1:
        yield _telling(head, lengths)
    yield from plain_frames(_frames(file, size))


def _telling(head: bytes, lengths: "array[int]") -> bytes:
    """Return a frame that sounds nothing and tells how many follow, how long they are, and where each hundredth is."""
    begin = 4 + side_bytes(head)
    heads = (bytes([0xFF, head[1] | 1, rate << 4 | head[2] & 0x0C, head[3] & 0xC0]) for rate in range(1, 15))
    own = next(one for one in heads if frame_bytes(one) >= begin + 16 + _PLACES)
    starts = list(accumulate(lengths, initial=frame_bytes(own)))
    places = bytes(256 * starts[len(lengths) * part // _PLACES] // starts[-1] for part in range(_PLACES))
    told = struct.pack(">4sIII", b"Xing", _TOLD, len(lengths), starts[-1]) + places
    return (own.ljust(begin, b"\0") + told).ljust(frame_bytes(own), b"\0")


def _frames(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the frames that sound; one behind which nothing follows that may is left out: other bytes may be in it."""
    end = _end(file, size)
    first = _found(file, _behind_tags(file, 0, end), end, None, within=_MOST_BEFORE)
    if first is None:
        raise _no_sound()
    place = _behind_tags(file, first, end)
    same, number, left_out = _common(_at(file, place, 4)), 0, 0
    most = max(min(size // _SHARE_LEFT_OUT, _MOST_LEFT_OUT), _FEW_FRAMES)
    while place < end:
        if frame := _whole_frame(file, place, end, same):
            if not _tells(frame, is_first=not number):
                yield frame
            place, number = place + len(frame), number + 1
            continue
        following = (
            place if _is_tag(file, place, end, same) else _found(file, place + 1, end, same, within=most - left_out)
        )
        left_out += (end if following is None else following) - place
        if left_out > most:
            raise _left_out()
        place = end if following is None else _behind_tags(file, following, end)
    if number < _LEAST_FRAMES:
        raise _no_sound()


def _whole_frame(file: BinaryIO, place: int, end: int, same: int) -> bytes:
    """Return the frame at a place, with what may follow a frame behind it; nothing where there is none."""
    head = _at(file, place, 4)
    length = _length(head)
    if not length or place + length > end or _common(head) != same:
        return b""
    data = _at(file, place, min(length + _LONGEST_NAME, end - place))
    behind = data[length:]
    is_followed = not behind or behind.startswith(_TAGS) or (_length(behind) and _common(behind) == same)
    return data[:length] if is_followed else b""


def _tells(frame: bytes, *, is_first: bool) -> bool:
    """Say whether a frame tells of the others: the first of a file, or of one that was joined to it."""
    return _TELLING.search(frame, 0, _TOLD_WITHIN) is not None and (is_first or not side_of(frame).bits)


def _found(file: BinaryIO, place: int, end: int, same: int | None, *, within: int) -> int | None:
    """Return where frames of the same sound follow one another, or a tag stands before such; None if not so near."""
    for perhaps in _PERHAPS.finditer(_at(file, place, min(within + _LONGEST_NAME, end - place))):
        at = place + perhaps.start()
        if _is_row(file, at, end, same) or _is_tag(file, at, end, same):
            return at
    return None


def _is_row(file: BinaryIO, place: int, end: int, same: int | None) -> bool:
    """Say whether as many frames of one sound follow one another as a recording has at least."""
    for _ in range(_LEAST_FRAMES):
        head = _at(file, place, 4)
        length = _length(head)
        same = _common(head) if same is None else same
        if not length or place + length > end or _common(head) != same:
            return False
        place += length
    return True


def _is_tag(file: BinaryIO, place: int, end: int, same: int | None) -> bool:
    """Say whether a tag stands at a place that frames follow, or the end: anything can call itself a tag."""
    behind = _behind_tags(file, place, end)
    return place < behind <= end and (behind == end or _is_row(file, behind, end, same))


def _behind_tags(file: BinaryIO, place: int, end: int) -> int:
    """Return what is behind the tags at a place, and behind zeros that follow these; more than the end for one that is cut."""
    while length := _tag_bytes(_at(file, place, _APE_HEAD)):
        place += length
        while place < end and not (rest := (block := _at(file, place, min(_BLOCK, end - place))).lstrip(b"\0")):
            place += len(block)
        if place < end:
            place += len(block) - len(rest)
    return place


def _tag_bytes(head: bytes) -> int:
    """Return the length of the tag that begins so; 0 for none, and for one that does not say it."""
    if head[:3] == _ID3V2 and len(head) >= _ID3V2_HEAD:
        length = _safe_number(head[6:10])
        return _ID3V2_HEAD + length + (_ID3V2_HEAD if head[5] & 0x10 else 0)
    if head[:8] == _APE and len(head) == _APE_HEAD:
        return _APE_HEAD + int.from_bytes(head[12:16], "little")
    return _ID3V1_BYTES if head[:3] == _ID3V1 else 0


def _end(file: BinaryIO, size: int) -> int:
    """Return where the tags begin that stand at the end of a file."""
    end = size
    while length := _tag_bytes_at_end(file, end):
        end -= length
    return end


def _tag_bytes_at_end(file: BinaryIO, end: int) -> int:
    """Return the length of the tag that ends here; 0 for none."""
    tail = _at(file, max(0, end - _ID3V1_BYTES), min(_ID3V1_BYTES, end))
    if len(tail) == _ID3V1_BYTES and tail.startswith(_ID3V1):
        return _ID3V1_BYTES
    length = 0
    if tail[-_APE_HEAD:-24] == _APE:
        items, flags = (int.from_bytes(tail[at : at + 4], "little") for at in (-20, -12))
        length = items + (_APE_HEAD if flags >> 31 else 0)
    elif tail[-_ID3V2_HEAD:-7] == b"3DI":
        length = 2 * _ID3V2_HEAD + _safe_number(tail[-4:])
    elif tail[-9:] in _ENDS_OF_LYRICS:
        return _lyrics_bytes(file, end, tail)
    return length if length <= end else 0


def _lyrics_bytes(file: BinaryIO, end: int, tail: bytes) -> int:
    """Return the length of the Lyrics3 that end here; 0 where they have no beginning."""
    if tail.endswith(_ENDS_OF_LYRICS[0]):
        length = int(tail[-15:-9]) + 15 if tail[-15:-9].isdigit() else 0
        return length if length <= end and _at(file, end - length, len(_LYRICS)) == _LYRICS else 0
    near = _at(file, max(0, end - _LONGEST_OLD_LYRICS), min(_LONGEST_OLD_LYRICS, end))
    begin = near.rfind(_LYRICS)
    return len(near) - begin if begin >= 0 else 0


def _safe_number(data: bytes) -> int:
    return sum((byte & 0x7F) << (7 * (3 - at)) for at, byte in enumerate(data))


def _length(head: bytes) -> int:
    """Return the length of a frame of Layer III; 0 for what is none."""
    length = frame_bytes(head)
    return length if length and head[1] >> 1 & 3 == LAYER_3 else 0


def _common(head: bytes) -> int:
    return int.from_bytes(head[:4], "big") & _SAME_SOUND


def _at(file: BinaryIO, place: int, length: int) -> bytes:
    file.seek(place)
    return file.read(max(length, 0))


def _no_sound() -> FormatError:
    return FormatError(message("其中的声音取不出来", "its sound cannot be told from the rest"), subject="MP3")


def _left_out() -> FormatError:
    what = message(
        "其中不是声音的部分太多，播放会缺一段", "too much of it is no sound: it would play with a part missing"
    )
    return FormatError(what, subject="MP3")
