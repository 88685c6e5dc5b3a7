"""A film, or sound, in boxes (MP4, M4A, QuickTime) without whatever was written beside its pictures and its sound.

Nothing is copied but what is known: the slices and parameter sets of H.264, the frames of AAC, and the numbers by
which a player finds and times them; all boxes are written anew. What cameras and programs write of places, days, makers
and settings lies elsewhere: in other boxes and tracks, in names and days, in the messages (SEI) between the pictures.
Sources: ISO/IEC 14496-12 §8 (boxes and tables), ISO/IEC 14496-10 §7.4.1 (NAL units).
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import BinaryIO, NamedTuple

from formats.played.boxes import box, boxes, unknown
from formats.played.sample_descriptions import PICTURES, SOUND, sample_description

_LONGEST_INDEX_BYTES = 64 << 20
_MOST_SAMPLES = 1_500_000  # half a day of pictures and sound
_LONGEST_SAMPLE_BYTES = 16 << 20
_MOST_EDITS = 64
_LEFT_OUT_SECONDS = 5  # what is trimmed begins at a whole picture: as much of it stays in the file
_NOT_KNOWN, _NOT_KNOWN_SHORT = (1 << 64) - 1, (1 << 32) - 1
_ANY_PLAYER = box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")
_UNDETERMINED = 0x55C4  # the language "und", as mdhd packs it
_HEADS = {PICTURES: box(b"vmhd", b"\0\0\0\x01", bytes(8)), SOUND: box(b"smhd", bytes(8))}
_IN_THIS_FILE = box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), box(b"url ", b"\0\0\0\x01")))
_TABLES = {b"stts": 8, b"ctts": 8, b"stss": 4, b"stsc": 12}
"""The tables of a track that are numbers alone, with the length of a row in bytes."""


class _Chunk(NamedTuple):
    """Samples of a track that lie one after another."""

    place: int
    first: int
    end: int


class _Movie(NamedTuple):
    """What is kept of the header of a film: its time scale, its length in that, how it is turned."""

    scale: int
    length: int
    matrix: bytes


@dataclass(frozen=True, slots=True)
class _Track:
    """What is kept of a track: numbers, the description of its samples, and where they lie."""

    kind: bytes
    number: int
    header: bytes
    edits: bytes
    timescale: int
    duration: int
    entry: bytes
    plain: Callable[[bytes], bytes]  # what is kept of a sample
    tables: bytes
    sizes: tuple[int, ...]
    chunks: tuple[_Chunk, ...]


def plain_film(file: BinaryIO, size: int) -> tuple[str, Iterator[bytes]]:
    """Return how a film's file ends (``.m4a`` where there are no pictures), and its blocks, made anew.

    Raises ``FormatError``, ``struct.error``, ``IndexError`` or ``KeyError`` for what is none, or not known.
    """
    movie, tracks = _read(file, size)
    if sum(sum(one.sizes) for one in tracks) > size or sum(len(one.sizes) for one in tracks) > _MOST_SAMPLES:
        raise unknown()  # samples lie upon one another, or are too many to be held
    return ".mp4" if any(one.kind == PICTURES for one in tracks) else ".m4a", _blocks(file, movie, tracks)


def _blocks(file: BinaryIO, movie: _Movie, tracks: list[_Track]) -> Iterator[bytes]:
    kept = [replace(one, sizes=tuple(len(data) for _, data in _samples(file, one))) for one in tracks]
    order = sorted((was.place, number, at) for number, one in enumerate(tracks) for at, was in enumerate(one.chunks))
    lengths = [[sum(one.sizes[chunk.first : chunk.end]) for chunk in one.chunks] for one in kept]
    begin = len(_head(movie, kept, [[0] * len(one.chunks) for one in kept]))
    ends = accumulate((lengths[number][at] for _, number, at in order), initial=begin)
    places = [[0] * len(one.chunks) for one in kept]
    for (_, number, at), place in zip(order, ends, strict=False):
        places[number][at] = place
    yield _head(movie, kept, places)
    for _, number, at in order:
        for _, data in _samples(file, tracks[number], at):
            yield data


def _read(file: BinaryIO, size: int) -> tuple[_Movie, list[_Track]]:
    """Return what is told of the whole film, and its tracks of pictures and sound."""
    place = 0
    while place + 8 <= size:
        file.seek(place)
        length, kind = struct.unpack(">I4s", file.read(8))
        begin = place + 8
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
            begin += 8
        length = length or size - place
        if kind == b"moov":
            if not begin - place <= length <= min(_LONGEST_INDEX_BYTES, size - place):
                raise unknown()
            return _movie(file.read(place + length - begin), size)
        if length < begin - place:
            break
        place += length
    raise unknown()


def _movie(data: bytes, size: int) -> tuple[_Movie, list[_Track]]:
    inside = list(boxes(data))
    if any(kind == b"mvex" for kind, _ in inside):
        raise unknown()  # its samples lie in fragments
    head = dict(inside)[b"mvhd"]
    movie = _Movie(*_times(head), head[48:84] if head[0] else head[36:72])
    traks = [dict(boxes(body)) for kind, body in inside if kind == b"trak"]
    shown = [(kind, trak) for trak in traks if trak[b"tkhd"][3] & 1 and (kind := _kind(trak)) in _HEADS]
    tracks = [(kind, _track(kind, trak, movie, size)) for kind, trak in shown]
    known = [track for _, track in tracks if track is not None and track.sizes]
    unread = {kind for kind, track in tracks if track is None}
    if not known or PICTURES in unread or unread - {track.kind for track in known}:
        raise unknown()  # it would play without its sound, or as a preview of its pictures
    return movie, known


def _kind(trak: dict[bytes, bytes]) -> bytes:
    return dict(boxes(trak[b"mdia"]))[b"hdlr"][8:12]


def _track(kind: bytes, trak: dict[bytes, bytes], movie: _Movie, size: int) -> _Track | None:
    """Return a track; None for one whose samples are not known."""
    media = dict(boxes(trak[b"mdia"]))
    table = dict(boxes(dict(boxes(media[b"minf"]))[b"stbl"]))
    described = sample_description(kind, table[b"stsd"])
    if described is None:
        return None
    sizes = _sizes(table[b"stsz"])
    rows = {name: _rows(table[name], length) for name, length in _TABLES.items() if name in table}
    timed = sum(count for count, _ in struct.iter_unpack(">II", rows[b"stts"][8:]))
    shifted = sum(count for count, _ in struct.iter_unpack(">II", rows.get(b"ctts", b"")[8:]))
    if timed != len(sizes) or shifted not in (0, timed):
        raise unknown()
    chunks = tuple(_chunks(rows[b"stsc"][8:], _places(table), len(sizes)))
    if any(one.place + sum(sizes[one.first : one.end]) > size for one in chunks):
        raise unknown()
    timescale, duration = _times(media[b"mdhd"])
    edits = dict(boxes(trak.get(b"edts", b""))).get(b"elst", b"")
    edits = _rows(edits, 20 if edits[0] else 12, most=_MOST_EDITS) if edits else b""
    _require_shown(
        edits, movie, sum(count * each for count, each in struct.iter_unpack(">II", rows[b"stts"][8:])), timescale
    )
    return _Track(
        kind,
        *_track_header(trak[b"tkhd"]),
        edits=edits,
        timescale=timescale,
        duration=duration,
        entry=described.entry,
        plain=described.plain,
        tables=b"".join(box(name, data) for name, data in rows.items()),
        sizes=sizes,
        chunks=chunks,
    )


def _require_shown(edits: bytes, movie: _Movie, length: int, scale: int) -> None:
    """Raise ``FormatError`` where edits leave out more than what stands before a whole picture: it would be in the file."""
    rows = struct.iter_unpack(">Qqi" if edits[:1] == b"\x01" else ">Iii", edits[8:])
    shown = [lasting for lasting, begin, _ in rows if begin >= 0]
    if not shown or 0 in (*shown, movie.scale, scale):
        return
    if length / scale - sum(shown) / movie.scale > _LEFT_OUT_SECONDS:
        raise unknown()


def _track_header(data: bytes) -> tuple[int, bytes]:
    """Return a track's number, and its header without days: its layer, loudness, turn and size are kept."""
    number, length = struct.unpack_from(">I4xQ" if data[0] else ">I4xI", data, 20 if data[0] else 12)
    length = _long(length, is_long=bool(data[0]))
    layer, group, volume, matrix, size = struct.unpack_from(">8xhhh2x36s8s", data, 36 if data[0] else 24)
    told = struct.pack(">B2xB16xI4xQ8xhhh2x", 1, data[3] & 3, number, length, layer, group, volume)
    return number, told + matrix + size


def _times(data: bytes) -> tuple[int, int]:
    """Return the units of a second, and how many of them it is long, of mvhd and of mdhd."""
    scale, length = struct.unpack_from(">IQ" if data[0] else ">II", data, 20 if data[0] else 12)
    return scale, _long(length, is_long=bool(data[0]))


def _long(length: int, *, is_long: bool) -> int:
    """Return a length as headers of 64 bits tell it, also one that is not known."""
    return _NOT_KNOWN if not is_long and length == _NOT_KNOWN_SHORT else length


def _sizes(data: bytes) -> tuple[int, ...]:
    same, count = struct.unpack_from(">II", data, 4)
    if count > _MOST_SAMPLES:
        raise unknown()
    sizes = (same,) * count if same else struct.unpack_from(f">{count}I", data, 12)
    if max(sizes, default=0) > _LONGEST_SAMPLE_BYTES:
        raise unknown()
    return sizes


def _places(table: dict[bytes, bytes]) -> tuple[int, ...]:
    data = table.get(b"co64") or table[b"stco"]
    (count,) = struct.unpack_from(">I", data, 4)
    if count > _MOST_SAMPLES:
        raise unknown()
    return struct.unpack_from(f">{count}{'Q' if b'co64' in table else 'I'}", data, 8)


def _chunks(rows: bytes, places: tuple[int, ...], samples: int) -> Iterator[_Chunk]:
    """Yield the chunks of a track, each with which samples lie in it."""
    runs = list(struct.iter_unpack(">III", rows))
    ends = [*(first for first, _, _ in runs[1:]), len(places) + 1]
    if not samples:
        return
    rising = all(first < end for (first, _, _), end in zip(runs, ends, strict=False))
    if not runs or runs[0][0] != 1 or not rising or any(entry != 1 or not each for _, each, entry in runs):
        raise unknown()
    number = 0
    for (first, each, _), end in zip(runs, ends, strict=True):
        for place in places[first - 1 : end - 1]:
            yield _Chunk(place, number, number + each)
            number += each
    if number != samples:
        raise unknown()


def _samples(file: BinaryIO, track: _Track, only: int | None = None) -> Iterator[tuple[int, bytes]]:
    """Yield what is kept of a track's samples, or of those of one chunk, each with its number."""
    for chunk in track.chunks if only is None else track.chunks[only : only + 1]:
        file.seek(chunk.place)
        for number in range(chunk.first, chunk.end):
            yield number, track.plain(file.read(track.sizes[number]))


def _head(movie: _Movie, tracks: list[_Track], places: list[list[int]]) -> bytes:
    """Return everything before the samples, of which each chunk lies at its place."""
    scale, length, matrix = movie
    number = max(one.number for one in tracks) + 1
    header = struct.pack(">B3x16xIQIH10x36s24xI", 1, scale, length, 0x10000, 0x100, matrix, number)
    traks = (_trak(one, at) for one, at in zip(tracks, places, strict=True))
    sounding = struct.pack(">I4s", 8 + sum(sum(one.sizes) for one in tracks), b"mdat")
    return _ANY_PLAYER + box(b"moov", box(b"mvhd", header), *traks) + sounding


def _trak(track: _Track, places: list[int]) -> bytes:
    header = struct.pack(">B3x16xIQHH", 1, track.timescale, track.duration, _UNDETERMINED, 0)
    table = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), track.entry),
        track.tables,
        box(b"stsz", struct.pack(f">III{len(track.sizes)}I", 0, 0, len(track.sizes), *track.sizes)),
        box(b"stco", struct.pack(f">II{len(places)}I", 0, len(places), *places)),
    )
    handler = box(b"hdlr", bytes(8), track.kind, bytes(13))
    media = box(b"mdia", box(b"mdhd", header), handler, box(b"minf", _HEADS[track.kind], _IN_THIS_FILE, table))
    edits = box(b"edts", box(b"elst", track.edits)) if track.edits else b""
    return box(b"trak", box(b"tkhd", track.header), edits, media)


def _rows(data: bytes, length: int, *, most: int = _MOST_SAMPLES) -> bytes:
    """Return a table with its version and as many rows as it says, and nothing behind them."""
    (count,) = struct.unpack_from(">I", data, 4)
    if count > most or len(data) < 8 + count * length:
        raise unknown()
    return bytes([data[0], 0, 0, 0]) + data[4 : 8 + count * length]
