"""Of a recording its sound is kept, and nothing that was written beside it."""

import io
import struct
import wave
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives.errors import FormatError
from formats.played.kinds import MP3, PLAYED, WAVE
from formats.played.plain_recording import write_plain_recording
from formats.processes.opened import Opened
from tests.support.files import wave_bytes

CANARY = b"quetzalcoatl"
FRAME = b"\xff\xfb\x90\x00" + bytes(413)
ID3 = b"ID3\x04\x00\x00" + bytes([0, 0, 1, 0]) + CANARY.ljust(128, b"\0")


def plain(folder: Path, data: bytes, mime: str) -> bytes:
    """Return what is kept of a recording."""
    source, target = folder / "a", folder / "b"
    source.write_bytes(data)
    target.unlink(missing_ok=True)
    with Opened.anew(target) as opened:
        write_plain_recording(source, opened, mime=mime)
    return target.read_bytes()


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a chunk of a RIFF file."""
    return struct.pack("<4sI", name, len(data)) + data + b"\0" * (len(data) % 2)


def riff(*chunks: bytes) -> bytes:
    """Return a WAVE file of these chunks."""
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


FORM = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
SAMPLES = struct.pack("<8h", *range(8))


def test_a_wave_keeps_form_and_samples_and_no_chunk_beside_them(tmp_path: Path) -> None:
    beside = (
        chunk(b"LIST", b"INFOIART" + CANARY),
        chunk(b"bext", CANARY * 50),
        chunk(b"id3 ", ID3),
        chunk(b"iXML", CANARY),
    )
    data = riff(beside[0], chunk(b"fmt ", FORM + CANARY), *beside[1:3], chunk(b"data", SAMPLES), beside[3]) + CANARY
    kept = plain(tmp_path, data, "audio/x-wav")
    assert CANARY not in kept
    with wave.open(io.BytesIO(kept)) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getsampwidth()) == (1, 8000, 2)
        assert sound.readframes(99) == SAMPLES
    assert plain(tmp_path, kept, "audio/wav") == kept


def test_a_plain_wave_is_kept_as_it_is(tmp_path: Path) -> None:
    assert plain(tmp_path, wave_bytes(channels=2), "audio/vnd.wave") == wave_bytes(channels=2)


BESIDE = (
    chunk(b"LIST", b"INFOIART" + CANARY),
    chunk(b"id3 ", ID3),
    chunk(b"bext", CANARY * 50),
    chunk(b"iXML", CANARY + b"!"),
)


@pytest.mark.parametrize("told", [0xFFFFFFFF, 0x7FFFFF00, 116])
@pytest.mark.parametrize("beside", [*BESIDE, b"".join(BESIDE), BESIDE[3][:-1], b"LIST\0\0\0\0" * 99])
def test_samples_of_which_no_length_is_known_end_before_the_chunks_behind_them(
    tmp_path: Path, told: int, beside: bytes
) -> None:
    samples = b"LIST" + SAMPLES * 6 + b"iXMLIST\0"
    samples += b"\x11" * (len(samples) % 2)
    told = told if told > 116 else len(samples) + len(beside) + 1
    data = riff(chunk(b"fmt ", FORM), struct.pack("<4sI", b"data", told) + samples + beside)
    with wave.open(io.BytesIO(plain(tmp_path, data, "audio/wav"))) as sound:
        assert sound.readframes(999) == samples


def test_chunks_behind_many_samples_are_found_wherever_they_begin(tmp_path: Path) -> None:
    for size in range((1 << 20) - 6, (1 << 20) + 8, 2):
        data = riff(chunk(b"fmt ", FORM), struct.pack("<4sI", b"data", 0xFFFFFFFF) + b"\x22" * size + BESIDE[0])
        assert plain(tmp_path, data, "audio/wav")[44:] == b"\x22" * size


def test_what_only_looks_like_chunks_is_sound_and_looked_at_once(tmp_path: Path) -> None:
    samples = b"LIST\0\0\0\0" * 20_000 + b"!!"
    data = riff(chunk(b"fmt ", FORM), struct.pack("<4sI", b"data", 0xFFFFFFFF) + samples)
    assert plain(tmp_path, data, "audio/wav")[44:] == samples


def test_a_wave_of_a_length_that_was_never_written_is_refused(tmp_path: Path) -> None:
    for told, samples in ((0, SAMPLES * 99), (0, b""), (0xFFFFFFFF, BESIDE[0]), (1, SAMPLES)):
        with pytest.raises(FormatError):
            plain(tmp_path, riff(chunk(b"fmt ", FORM), struct.pack("<4sI", b"data", told) + samples), "audio/wav")


def test_an_mp3_keeps_its_sound_alone(tmp_path: Path) -> None:
    assert plain(tmp_path, ID3 + FRAME * 5, "audio/mpeg") == FRAME * 5


def test_a_wave_that_is_cut_short_is_as_long_as_its_samples(tmp_path: Path) -> None:
    with wave.open(io.BytesIO(plain(tmp_path, wave_bytes()[:-101], "audio/wav"))) as sound:
        assert sound.readframes(10**6) == wave_bytes()[44:-102]


@pytest.mark.parametrize(
    ("mime", "data"),
    [
        (WAVE, b""),
        (WAVE, b"RIFF\0\0\0\0AVI "),
        (WAVE, riff(chunk(b"data", SAMPLES))),
        (WAVE, riff(chunk(b"fmt ", FORM))),
        (WAVE, riff(chunk(b"fmt ", FORM[:9]), chunk(b"data", SAMPLES))),
        (WAVE, riff(chunk(b"fmt ", b"\x55" + FORM[1:]), chunk(b"data", SAMPLES))),
        (WAVE, riff(chunk(b"fmt ", struct.pack("<HHIIHH", 1, 99, 8000, 1, 1, 16)), chunk(b"data", SAMPLES))),
        (MP3, b""),
        (MP3, ID3 + FRAME * 2),
    ],
)  # fmt: skip
def test_what_cannot_be_told_from_the_rest_is_not_kept(tmp_path: Path, mime: str, data: bytes) -> None:
    with pytest.raises(FormatError):
        plain(tmp_path, data, mime)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_bytes_that_were_changed_anywhere_are_refused_or_kept_as_sound(tmp_path: Path, data: st.DataObject) -> None:
    mime = data.draw(st.sampled_from(sorted(PLAYED)))
    whole = bytearray(ID3 + FRAME * 6 if PLAYED[mime] == MP3 else wave_bytes(seconds=0.02))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        kept = plain(tmp_path, bytes(whole), mime)
    except FormatError:
        return
    assert kept[:2] in (b"RI", b"\xff\xfb") or kept[0] == 0xFF
    assert len(kept) <= len(whole) + 28
