"""Frames of MP3 with sound and words where a test wants them."""

from formats.kinds.media.recording import frame_bytes
from formats.played.mp3_frames import side_bytes

FULL_RATE, HALF_RATE, QUARTER_RATE = 3, 2, 0


def mp3_frame(
    data: bytes = b"",
    *,
    bits: int = 0,
    before: int = 0,
    version: int = FULL_RATE,
    is_mono: bool = False,
    is_checked: bool = False,
    rate: int = 9,
    joint: int = 0,
) -> bytes:
    """Return a frame of Layer III whose sound is so many bits long and begins so many bytes before its data."""
    head = bytes([0xFF, 0xE2 | version << 3 | (not is_checked), rate << 4, 0xC0 if is_mono else 0x40 | joint << 4])
    channels, is_full = 1 if is_mono else 2, version == FULL_RATE
    parts = channels * (2 if is_full else 1)
    side = f"{before:09b}" + "0" * (9 if is_mono else 11) if is_full else f"{before:08b}" + "0" * channels
    for part in range(parts):
        length = min(bits // parts, 4095) if part < parts - 1 else bits - min(bits // parts, 4095) * (parts - 1)
        side += f"{length:012b}" + "1" * ((59 if is_full else 63) - 12)
    assert len(side) == 8 * side_bytes(head)
    begun = head + b"\xaa\xbb" * is_checked + int(side, 2).to_bytes(len(side) // 8, "big")
    whole = (begun + data).ljust(frame_bytes(head), b"\0")
    assert len(whole) == frame_bytes(head)
    return whole
