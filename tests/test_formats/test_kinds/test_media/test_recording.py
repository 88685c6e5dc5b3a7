"""A recording that was cut short says so, though it plays; a whole one is left in peace."""

import struct
from pathlib import Path

import pytest

from formats.characterize import characterize
from formats.identify import identify
from tests.support.files import put, video_bytes, wave_bytes

FRAME = b"\xff\xfb\x90\x00" + b"\0" * 413  # MPEG 1, layer 3, 128 kbit/s, 44.1 kHz: 417 bytes
AVI = b"RIFF" + struct.pack("<I", 4 + 100) + b"AVI " + b"\0" * 100


def xing(frames: int) -> bytes:
    """Return an MP3 whose first frame tells how many bytes there are."""
    head = b"\xff\xfb\x90\x00" + b"\0" * 32 + b"Xing" + struct.pack(">III", 3, frames, 417 * (frames + 1))
    return head.ljust(417, b"\0") + FRAME * frames


def page(last: bool) -> bytes:
    """Return a page of an Ogg."""
    return b"OggS\0" + (b"\4" if last else b"\0") + b"\0" * 20 + b"\1\5" + b"sound"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.mp4", video_bytes(), []),
        ("a.mp4", video_bytes()[:-10], ["file-cut-short"]),
        ("a.mov", video_bytes()[:-10], ["file-cut-short"]),
        ("a.mp4", video_bytes()[:28] + struct.pack(">I", 9) + b"mdat" + b"x", ["file-cut-short"]),
        ("a.mp3", b"ID3\4\0\0\0\0\0\0" + FRAME * 20, []),
        ("a.mp3", b"ID3\4\0\0\0\0\0\0" + FRAME * 20 + b"TAG" + b"\0" * 125, []),
        ("a.mp3", b"ID3\4\0\0\0\0\0\0" + (FRAME * 20)[:-100], ["file-cut-short"]),
        ("a.mp3", b"ID3\4\0\0\0\0\0\0" + xing(20), []),
        ("a.mp3", b"ID3\4\0\0\0\0\0\0" + xing(20)[: 417 * 9], ["file-cut-short"]),
        ("a.mp3", FRAME * 20 + FRAME[:-100], ["file-cut-short"]),
        ("a.avi", AVI, []),
        ("a.avi", AVI[:-1], ["file-cut-short"]),
        ("a.wav", wave_bytes(), []),
        ("a.wav", wave_bytes()[:-100], ["file-cut-short"]),
        ("a.ogg", page(last=False) + page(last=True), []),
        ("a.ogg", page(last=False) * 2, ["file-cut-short"]),
        ("a.ogg", (page(last=False) + page(last=True))[:-2], ["file-cut-short"]),
    ],
)
def test_a_recording_that_is_cut_short_is_told_and_a_whole_one_is_not(
    tmp_path: Path, name: str, data: bytes, expected: list[str]
) -> None:
    path = put(tmp_path, name, data)
    found = identify(path)
    assert [one.code for one in characterize(path, found).findings] == expected
