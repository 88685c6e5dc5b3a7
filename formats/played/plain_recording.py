"""A recording without whatever was written beside its sound: tags, pictures, texts, places, names of programs.

What is known to be sound, or pictures, is copied, and nothing else: of WAVE its form and its samples; of MP3 see
``plain_mp3``, of MP4 and its kin ``plain_film``. Ogg and others hold such things in their streams; no writer here could vouch for them.
Sources: RIFF of WAVE (Multimedia Programming Interface 1.0), EBU Tech 3285 (bext).
"""

import os
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archives.errors import FormatError
from archives.message import message
from formats.played.kinds import MP3, MP4, PLAYED, WAVE
from formats.played.plain_film import plain_film
from formats.played.plain_mp3 import plain_mp3
from formats.processes.child import apart
from formats.processes.opened import Opened

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_OF_SUBFORMAT = bytes.fromhex("000000001000800000aa00389b71")
_BLOCK = 1 << 20
_BESIDE = (
    b"LIST",
    b"id3 ",
    b"ID3 ",
    b"bext",
    b"iXML",
    b"axml",
    b"_PMX",
    b"cue ",
    b"fact",
    b"PEAK",
    b"smpl",
    b"inst",
    b"JUNK",
)
"""The chunks that programs write behind samples."""
_PERHAPS_BESIDE = re.compile(b"(?=" + b"|".join(_BESIDE) + b")")


@dataclass(frozen=True, slots=True)
class PlainRecordingTask:
    """A recording that was opened, what is to be written to, and what it is."""

    source: Opened
    target: Opened
    mime: str


def make_plain_recording(task: PlainRecordingTask) -> str:
    """Write a recording like ``write_plain_recording``, read where nothing else can be."""
    return apart(write_plain_recording, task.source, task.target, mime=task.mime)


def write_plain_recording(path: Path, target: Opened, *, mime: str) -> str:
    """Write the sound and the pictures of a recording and nothing else of it, and return how the name of such a file ends.

    Raises ``FormatError`` for one of which that cannot be told.
    """
    try:
        with path.open("rb") as file, os.fdopen(os.dup(target.handle), "wb") as out:
            ending, blocks = _KEPT[PLAYED[mime]](file, path.stat().st_size)
            for block in blocks:
                out.write(block)
    except (struct.error, IndexError, KeyError) as cause:
        raise _no_sound(path.name) from cause
    return ending


def _wave(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield a WAVE file of one form and one run of samples."""
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise _no_sound("WAVE")
    form, place = b"", 12
    while place + 8 <= size:
        file.seek(place)
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"fmt ":
            form = _form(file.read(min(length, 40)))
        elif name == b"data" and form:
            begin, align = place + 8, struct.unpack_from("<H", form, 12)[0]
            end = begin + length if begin + length <= size else _end_of_samples(file, begin, size)
            length = (end - begin) // align * align
            if not length:
                break  # nobody came back to write how long it is
            file.seek(begin)
            yield struct.pack("<4sI4s4sI", b"RIFF", 20 + len(form) + length, b"WAVE", b"fmt ", len(form)) + form
            yield struct.pack("<4sI", b"data", length)
            while length and (block := file.read(min(_BLOCK, length))):
                length -= len(block)
                yield block
            return
        place += 8 + length + length % 2
    raise _no_sound("WAVE")


def _end_of_samples(file: BinaryIO, begin: int, size: int) -> int:
    """Return where the samples end of which nobody said how many they are: at chunks that reach the very end, or there."""
    others: set[int] = set()
    for place in range(begin, size, _BLOCK):
        file.seek(place)
        for perhaps in _PERHAPS_BESIDE.finditer(file.read(_BLOCK + 3)):
            if _reach_end(file, place + perhaps.start(), size, others):
                return place + perhaps.start()
    return size


def _reach_end(file: BinaryIO, place: int, size: int, others: set[int]) -> bool:
    """Say whether the chunks from a place on end with the file, and note the places from which they do not."""
    passed = []
    while place + 8 <= size and place not in others:
        file.seek(place)
        name, length = struct.unpack("<4sI", file.read(8))
        if name not in _BESIDE:
            break
        passed.append(place)
        place += 8 + length
        if size in (place, place + length % 2):
            return True
        place += length % 2
    others.update(passed)
    return False


def _form(data: bytes) -> bytes:
    """Return how samples are written, of linear samples or numbers alone, made anew of what was read."""
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data)
    more = b""
    if tag == _EXTENSIBLE:
        _, valid, mask, real = struct.unpack_from("<HHIH", data, 16)
        if data[26:40] != _OF_SUBFORMAT or real not in (_PCM, _FLOAT) or valid > bits:
            raise _no_sound("WAVE")
        more = struct.pack("<HHIH", 22, valid, mask & 0x3FFFF, real) + _OF_SUBFORMAT
    if tag not in (_PCM, _FLOAT, _EXTENSIBLE) or bits not in (8, 16, 24, 32, 64) or not 1 <= channels <= 8:
        raise _no_sound("WAVE")
    align = channels * bits // 8
    return struct.pack("<HHIIHH", tag, channels, rate, rate * align & 0xFFFFFFFF, align, bits) + more


_KEPT: Mapping[str, Callable[[BinaryIO, int], tuple[str, Iterator[bytes]]]] = {
    WAVE: lambda file, size: (".wav", _wave(file, size)),
    MP3: lambda file, size: (".mp3", plain_mp3(file, size)),
    MP4: plain_film,
}


def _no_sound(name: str) -> FormatError:
    return FormatError(message("其中的声音取不出来", "its sound cannot be told from the rest"), subject=name)
