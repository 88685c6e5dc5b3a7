"""Of an MP3 its frames are kept wherever they go on, and no tag; what would be cut short is not played."""

import io
import struct

import pytest

from archives.errors import FormatError
from formats.kinds.media.recording import frame_bytes
from formats.played.plain_mp3 import plain_mp3
from tests.support.mp3 import HALF_RATE, QUARTER_RATE, mp3_frame

WORDS = b"quetzalcoatl"
FRAME = b"\xff\xfb\x90\x00" + bytes(413)
OTHER = b"\xff\xfb\x94\x00" + bytes(range(1, 218)) + bytes(167)  # 48,000 samples a second
ID3 = b"ID3\x04\x00\x00" + bytes([0, 0, 1, 0]) + WORDS.ljust(128, b"\0")
ID3_AT_END = b"TAG" + WORDS.ljust(125, b"\0")
ID3_FOOTER = ID3[:5] + b"\x10" + ID3[6:] + b"3DI\x04\x00\x10" + ID3[6:10]
ITEM = WORDS * 9
APE_HEAD = b"APETAGEX" + struct.pack("<IIII8x", 2000, len(ITEM) + 32, 1, 0xA0000000)
APE_FOOT = b"APETAGEX" + struct.pack("<IIII8x", 2000, len(ITEM) + 32, 1, 0x80000000)
APE = APE_HEAD + ITEM + APE_FOOT
LYRICS = b"LYRICSBEGIN" + WORDS * 500
LYRICS += f"{len(LYRICS):06}".encode() + b"LYRICS200"
OLD_LYRICS = b"LYRICSBEGIN" + WORDS * 400 + b"LYRICSEND"
TOLD = FRAME[:36] + b"Xing" + WORDS.ljust(377, b"\0")
MANY = FRAME * 400


def kept(data: bytes) -> bytes:
    """Return what is kept of an MP3."""
    return b"".join(plain_mp3(io.BytesIO(data), len(data)))


@pytest.mark.parametrize(
    "data",
    [
        FRAME * 5,
        ID3 + FRAME * 5 + ID3_AT_END,
        ID3 + ID3 + bytes(3000) + FRAME * 5 + APE + ID3_AT_END,
        TOLD + FRAME * 5,
        FRAME * 5 + FRAME[:100] + WORDS,
        APE + FRAME * 5,
        ID3 + APE + FRAME * 5,
        WORDS + FRAME * 5,
        WORDS + ID3 + FRAME * 5,
        WORDS * 5000 + FRAME * 5,
        FRAME * 5 + LYRICS + ID3_AT_END,
        FRAME * 5 + OLD_LYRICS + ID3_AT_END,
        FRAME * 5 + APE + LYRICS + ID3_AT_END,
        FRAME * 5 + APE * 90,
        FRAME * 5 + ID3_FOOTER,
        FRAME * 6 + bytes(2000),
        FRAME * 6 + WORDS,
        FRAME * 6 + OTHER * 3,
    ],
)
def test_frames_are_kept_and_no_tag(data: bytes) -> None:
    assert kept(data) == FRAME * 5


@pytest.mark.parametrize(
    "between",
    [
        ID3,
        ID3_AT_END,
        ID3_AT_END + ID3 + TOLD,
        ID3 + bytes(3000) + TOLD,
        APE,
        ID3_AT_END + APE + ID3,
        b"",
        bytes(37),
        WORDS * 20,
    ],
)
def test_joined_recordings_and_those_with_a_fault_play_to_the_end(between: bytes) -> None:
    data = FRAME * 100 + between + FRAME * 100
    is_fault = between in (bytes(37), WORDS * 20)
    assert kept(data) == FRAME * (199 if is_fault else 200)


def test_much_that_is_a_tag_between_is_no_loss() -> None:
    picture = ID3[:6] + bytes([0, 0x40, 0, 0]) + WORDS.ljust(1 << 20, b"\x01")
    assert kept(MANY + ID3_AT_END + picture + MANY) == MANY * 2


def test_a_frame_that_lost_bytes_is_left_out_and_the_rest_is_kept() -> None:
    sounding = mp3_frame(b"\x11" * 350, bits=2800)
    for lost in (1, 7, 200, 413):
        assert kept(sounding * 99 + sounding[:-lost] + sounding * 100) == sounding * 199


def test_the_last_frame_before_a_tag_is_not_completed_with_it() -> None:
    sounding = mp3_frame(b"\x11" * 380, bits=3040)
    picture = ID3[:6] + bytes([0, 0x40, 0, 0]) + WORDS.ljust(1 << 20, b"\x01")
    for tag in (ID3, APE, ID3_AT_END, picture):
        for lost in (5, 60, 100):
            found = kept(sounding * 50 + sounding[:-lost] + tag + sounding * 50)
            assert found == sounding * 100


@pytest.mark.parametrize(
    "data",
    [
        b"",
        ID3 + FRAME * 2,
        WORDS * 99,
        WORDS * 6000 + MANY,
        b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + FRAME * 9,
        MANY + OTHER * 400,
        MANY + WORDS * 500 + MANY,
        MANY + bytes(5000),
        MANY + ID3[:6] + bytes([0, 0x10, 0, 0]) + WORDS * 999,
        MANY + b"ID3\x04\x00\x00\x00\x04\x00\x00" + WORDS.ljust(65536, b"\1") + FRAME * 2 + WORDS * 999,
        (FRAME * 3 + WORDS) * 200,
        bytes([0xFF, 0xFD, 0x90, 0]) + b"\x01" * 413,
        (bytes([0xFF, 0xFD, 0x90, 0]) + b"\x01" * 413) * 9,
        TOLD * 3,
    ],
)
def test_what_would_play_with_a_part_missing_or_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        kept(data)


def test_a_name_of_the_program_between_the_sound_is_not_kept() -> None:
    named = mp3_frame(b"\x11" * 100 + b"LAME3.100" * 9, bits=800)
    assert kept(ID3 + named * 9) == mp3_frame(b"\x11" * 100, bits=800) * 9


@pytest.mark.parametrize(("version", "is_mono"), [(3, False), (3, True), (HALF_RATE, False), (QUARTER_RATE, True)])
def test_a_recording_of_changing_rate_tells_its_length_in_numbers(version: int, is_mono: bool) -> None:
    frames = [
        mp3_frame(b"\x11", bits=8, rate=rate, version=version, is_mono=is_mono) for rate in (4, 9) for _ in range(150)
    ]
    sound = b"".join(frames)
    found = kept(ID3 + TOLD[:0] + sound)
    told = found[: frame_bytes(found[:4])]
    assert found[len(told) :] == sound
    at = told.index(b"Xing")
    assert at == {(3, False): 36, (3, True): 21, (2, False): 21, (0, True): 13}[version, is_mono]
    assert struct.unpack_from(">III", told, at + 4) == (7, 300, len(found))
    places = told[at + 16 : at + 116]
    assert list(places) == sorted(places)
    halfway = len(told) + sum(map(len, frames[:150]))
    assert places[50] == 256 * halfway // len(found)
    assert not any(told[4:at] + told[at + 116 :])
    assert kept(found) == found


def test_padding_alone_is_no_change_of_rate() -> None:
    padded = b"\xff\xfb\x92\x00" + bytes(414)
    assert kept((FRAME + padded) * 50) == (FRAME + padded) * 50
