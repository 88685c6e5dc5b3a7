"""Of a frame of MP3 its sound is kept where it is, and nothing that stands beside it."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.played.mp3_frames import plain_frames, side_of
from tests.support.mp3 import FULL_RATE, HALF_RATE, QUARTER_RATE, mp3_frame

WORDS = b"quetzalcoatl"
KINDS = tuple(product((FULL_RATE, HALF_RATE, QUARTER_RATE), (False, True), (False, True)))


def data_of(frame: bytes) -> bytes:
    """Return the bytes behind a frame's side information."""
    return frame[side_of(frame).begin :]


@pytest.mark.parametrize(("version", "is_mono", "is_checked"), KINDS)
def test_sound_that_begins_in_the_frame_before_is_kept_and_words_between_are_not(
    version: int, is_mono: bool, is_checked: bool
) -> None:
    def frame(data: bytes, *, bits: int, before: int) -> bytes:
        return mp3_frame(data, bits=bits, before=before, version=version, is_mono=is_mono, is_checked=is_checked)

    room = len(data_of(frame(b"", bits=0, before=0)))
    first = b"\x11" * 10 + WORDS.ljust(room - 40, b"!") + b"\x22" * 30
    last = b"\x22" * 5 + b"\xff" + WORDS.ljust(room - 6, b"!")
    frames = [frame(first, bits=80, before=0), frame(last, bits=8 * 35 + 3, before=30)]
    kept = list(plain_frames(frames))
    assert data_of(kept[0]) == b"\x11" * 10 + bytes(room - 40) + b"\x22" * 30
    assert data_of(kept[1]) == b"\x22" * 5 + b"\xe0" + bytes(room - 6)
    for was, one in zip(frames, kept, strict=True):
        assert was[: side_of(was).begin] == one[: side_of(one).begin]


def test_what_stands_between_the_sound_of_every_frame_of_a_long_recording_is_cleared() -> None:
    data = b"\x33" * 100 + (WORDS * 30)[:261] + b"\x44" * 20
    frames = [mp3_frame(data, bits=960 if at else 800, before=20 if at else 0) for at in range(99)]
    kept = list(plain_frames(frames))
    assert WORDS not in b"".join(kept)
    assert {data_of(one)[:100] for one in kept} == {b"\x33" * 100}
    assert {data_of(one)[361:] for one in kept[:-1]} == {b"\x44" * 20}
    assert {data_of(one)[100:361] for one in kept} == {bytes(261)}
    assert [len(one) for one in kept] == [len(one) for one in frames]


def test_sound_whose_beginning_is_lost_is_kept_as_far_as_it_is_there() -> None:
    (kept,) = plain_frames([mp3_frame(b"\x55" * 10 + WORDS, bits=8 * 110, before=100)])
    assert data_of(kept) == b"\x55" * 10 + bytes(len(data_of(kept)) - 10)


RUNS = st.lists(st.tuples(st.integers(0, 511), st.integers(0, 9000), st.sampled_from((1, 2, 9, 14))), max_size=9)


@settings(max_examples=60, deadline=None)
@given(RUNS)
def test_a_bit_is_kept_if_any_sound_runs_over_it(runs: list[tuple[int, int, int]]) -> None:
    frames = []
    for before, bits, rate in runs:
        room = len(data_of(mp3_frame(rate=rate)))
        frames.append(mp3_frame(b"\xff" * room, bits=bits, before=before, rate=rate))
    expected: list[int] = []
    sounding: set[int] = set()
    for frame, (before, bits, _) in zip(frames, runs, strict=True):
        begin = 8 * (len(expected) // 8 - before)
        expected += [0] * (8 * len(data_of(frame)))
        sounding |= set(range(max(begin, 0), min(begin + bits, len(expected))))
    kept = list(plain_frames(frames))
    found = "".join(f"{byte:08b}" for one in kept for byte in data_of(one))
    assert found == "".join("1" if at in sounding else "0" for at in range(len(expected)))
    assert list(plain_frames(kept)) == kept
