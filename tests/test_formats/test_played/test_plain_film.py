"""Of a film its pictures and its sound are kept, and nothing that was written beside, between or behind them."""

import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives.errors import FormatError
from formats.played.boxes import boxes
from formats.played.film_samples import without_messages, without_words
from formats.played.plain_recording import write_plain_recording
from formats.processes.opened import Opened
from tests.support.films import (
    FRAME,
    PICTURE,
    SLICE,
    SOUND,
    WORDS,
    box,
    filling,
    film,
    picture_entry,
    sound_entry,
    track,
    unit,
)


def plain(folder: Path, data: bytes) -> tuple[str, bytes]:
    """Return how the file of a film ends, and what is kept of it."""
    source, target = folder / "a", folder / "b"
    source.write_bytes(data)
    target.unlink(missing_ok=True)
    with Opened.anew(target) as opened:
        ending = write_plain_recording(source, opened, mime="video/mp4")
    return ending, target.read_bytes()


def samples(data: bytes) -> list[list[bytes]]:
    """Return the samples of each track of a film with one chunk a track, as a player finds them."""
    found = []
    moov = dict(boxes(data))[b"moov"]
    for trak in (body for kind, body in boxes(moov) if kind == b"trak"):
        table = dict(boxes(dict(boxes(dict(boxes(dict(boxes(trak))[b"mdia"]))[b"minf"]))[b"stbl"]))
        _, count, place = struct.unpack(">III", table[b"stco"])
        assert count == 1
        (number,) = struct.unpack_from(">I", table[b"stsz"], 8)
        sizes = struct.unpack_from(f">{number}I", table[b"stsz"], 12)
        ends = [place + sum(sizes[: at + 1]) for at in range(number)]
        found.append([data[end - size : end] for end, size in zip(ends, sizes, strict=True)])
    return found


def test_pictures_and_sound_are_kept_and_no_word_beside_them(tmp_path: Path) -> None:
    data = film()
    assert data.count(WORDS) > 20
    ending, kept = plain(tmp_path, data)
    assert (ending, WORDS in kept) == (".mp4", False)
    assert [kind for kind, _ in boxes(kept)] == [b"ftyp", b"moov", b"mdat"]
    pictures, sounds = samples(kept)
    assert pictures == [unit(SLICE)] * 2
    assert [len(one) for one in sounds] == [len(FRAME)] * 2
    assert kept[-len(FRAME) :] == sounds[1]


def test_what_a_player_needs_stays(tmp_path: Path) -> None:
    tables = box(b"stss", struct.pack(">III", 0, 1, 1)), box(b"ctts", struct.pack(">IIII", 0, 1, 2, 5))
    _, kept = plain(tmp_path, film(picture=picture_entry(), beside=b"".join(tables)))
    for known in (
        *tables,
        b"avcC\x01\x64\x00\x0d\xff",
        box(b"stts", struct.pack(">IIII", 0, 1, 2, 10)),
        b"\x05\x02\x12\x10",
    ):
        assert known in kept


def test_sound_alone_and_pictures_alone_are_played(tmp_path: Path) -> None:
    assert plain(tmp_path, film(pictures=()))[0] == ".m4a"
    assert plain(tmp_path, film(sounds=()))[0] == ".mp4"
    assert plain(tmp_path, film(sound=sound_entry(is_quicktime=True)))[0] == ".mp4"


@pytest.mark.parametrize(
    "data",
    [
        film(picture=picture_entry(b"hvc1")),
        film(sound=box(b"ac-3", bytes(40))),
        film(sound=sound_entry(b"\x10\x00" + WORDS)),
        film(sound=sound_entry(WORDS * 2)),
        film(more=box(b"mvex")),
        film(pictures=(unit(b"\x06" + WORDS),)),
        film(pictures=(PICTURE[:-5] + b"\xff" * 5 + struct.pack(">I", 1 << 30) + SLICE,)),
        film(beside=box(b"ctts", struct.pack(">IIII", 0, 1, 9, 5))),
        film(pictures=(), sounds=()),
        film(picture=picture_entry(b"hvc1"), more=track(b"vide", picture_entry(), [len(PICTURE)], 40)),
        film(sound=sound_entry(b"", coding=0x6B)),
        film(sound=sound_entry(b"\x2b\x92\x58\x00")),
        film(sound=sound_entry(b"\x2b\x92\xb0\x00")),
        film()[:-300],
        b"ftyp" * 20,
        box(b"ftyp", b"isom") + box(b"moov"),
        b"",
    ],
)  # fmt: skip
def test_what_is_not_known_is_not_played(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FormatError):
        plain(tmp_path, data)


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_damaged_film_is_played_or_refused_and_nothing_else(tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(film())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(FormatError):
        plain(tmp_path, bytes(damaged))


def test_a_picture_without_its_end_is_refused() -> None:
    with pytest.raises(FormatError):
        without_messages(struct.pack(">I", 99) + SLICE, length_bytes=4)
    assert without_messages(b"\0\x03\x65\x01\x02\0\x02\x06\x01", length_bytes=2) == b"\0\x03\x65\x01\x02"


def test_what_fills_a_frame_before_its_sound_is_zeros_and_the_sound_is_as_it_was() -> None:
    """Also of data stream elements, aligned and not, and longer than their shortest form."""
    assert without_words(SOUND) == SOUND
    bits = f"{int.from_bytes(FRAME, 'big'):0{8 * len(FRAME)}b}"
    kept = f"{int.from_bytes(without_words(FRAME), 'big'):0{8 * len(FRAME)}b}"
    length = 15 + 8 * (1 + 2 * len(WORDS))
    assert (kept[:15], set(kept[15:length]), kept[length:]) == (bits[:15], {"0"}, bits[length:])
    aligned = b"\x81\x08" + bytes([2]) and f"{4:03b}{0:04b}1{len(WORDS):08b}"
    data = int(aligned, 2).to_bytes(2, "big") + WORDS + SOUND
    assert without_words(data) == data[:2] + bytes(len(WORDS)) + SOUND
    longer = int(f"{4:03b}{0:04b}1{255:08b}{1:08b}", 2).to_bytes(3, "big") + bytes([7]) * 256 + SOUND
    assert without_words(longer) == longer[:3] + bytes(256) + SOUND
    with pytest.raises(FormatError):
        without_words(filling(b"\0" + WORDS * 2)[:20])


def test_a_frame_that_ends_at_once_ends_with_zeros_and_one_with_a_table_is_refused() -> None:
    assert without_words(b"\xe0" + WORDS) == b"\xe0" + bytes(len(WORDS))
    with pytest.raises(FormatError):
        without_words(b"\xa0" + WORDS)
    chinese = filling(b"\0" + "\u5bc6".encode() * 8)
    assert "\u5bc6".encode() not in without_words(chinese)
    with pytest.raises(FormatError):
        without_words(bytes([0x80, 0, 0]) * 30_000)


def test_the_recovery_point_is_written_anew_and_no_other_message() -> None:
    """After three pictures (ue(v) 00100), exact, the link whole, no change of slice groups."""
    other = bytes([5, len(WORDS)]) + WORDS
    point = bytes([6, 2, 0b00100100, 0b01000000])
    kept = without_messages(unit(b"\x06" + other + point + other + b"\x80") + unit(SLICE), length_bytes=4)
    assert kept == unit(bytes([6, 6, 2, 0b00100100, 0b01000000, 0x80])) + unit(SLICE)
    for damaged in (bytes([6, 2, 0, 0]), bytes([6, 1, 0b00000010]), bytes([6, 200]) + WORDS, b"\xff" * 9):
        assert without_messages(unit(b"\x06" + damaged) + unit(SLICE), length_bytes=4) == unit(SLICE)


def test_colours_and_the_turn_of_the_whole_film_stay(tmp_path: Path) -> None:
    told = b"nclx" + struct.pack(">HHHB", 9, 16, 9, 0x80)
    turned = struct.pack(">9I", 0, 0x10000, 0, 0xFFFF0000, 0, 0, 240 << 16, 0, 0x40000000)
    _, kept = plain(tmp_path, film(picture=picture_entry(beside=box(b"colr", told + WORDS)), matrix=turned))
    assert box(b"colr", told) in kept
    assert dict(boxes(dict(boxes(kept))[b"moov"]))[b"mvhd"][48:84] == turned
    _, kept = plain(tmp_path, film(picture=picture_entry(beside=box(b"colr", b"prof" + WORDS))))
    assert WORDS not in kept


def test_what_is_switched_off_or_cut_away_is_not_in_what_is_played(tmp_path: Path) -> None:
    _, kept = plain(tmp_path, film(sound_flags=2))
    assert len(samples(kept)) == 1
    long = tuple(PICTURE for _ in range(600))  # of a hundredth of a second each
    edited = box(b"edts", box(b"elst", struct.pack(">IIIii", 0, 1, 500, 0, 0x10000)))
    with pytest.raises(FormatError):
        plain(tmp_path, film(pictures=long, edits=edited))
    plain(tmp_path, film(pictures=long[:400], edits=edited))


def test_a_track_in_a_long_box_is_found(tmp_path: Path) -> None:
    data = film()
    moov = dict(boxes(data))[b"moov"]
    parts = [struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body for kind, body in boxes(moov)]
    _, kept = plain(tmp_path, data.replace(box(b"moov", moov), box(b"moov", *parts)))
    assert len(samples(kept)) == 2


@pytest.mark.parametrize("length", [*range(9), 15, 1 << 40])
def test_an_index_whose_length_cannot_be_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(FormatError):
        plain(tmp_path, struct.pack(">I4sQ", 1, b"moov", length) + film())


def test_samples_that_lie_upon_one_another_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        plain(
            tmp_path,
            film().replace(
                box(b"stsz", struct.pack(">III2I", 0, 0, 2, *[len(PICTURE)] * 2)),
                box(b"stsz", struct.pack(">III2I", 0, len(PICTURE) * 60, 2, 0, 0)),
            ),
        )
