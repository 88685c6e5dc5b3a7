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
    assert plain(tmp_path, film(pictures=(), sound=sound_entry(b"", coding=0x6B)))[0] == ".m4a"


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


def test_a_fill_that_widens_the_sound_stays() -> None:
    sounding = int(f"{6:03b}{3:04b}{13:04b}{0xABCDE:020b}0", 2).to_bytes(4, "big")
    assert without_words(sounding) == sounding
