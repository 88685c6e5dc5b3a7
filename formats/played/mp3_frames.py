"""The frames of MP3 without what was written between their sound: names of programs, and whatever else no decoder reads.

What a frame sounds may begin in the frames before it, and what is behind that sound (ancillary data) belongs to no frame. It
is made zeros; no byte moves. Filling inside the sound itself, where only a decoder could tell it, is not looked for.
Sources: ISO/IEC 11172-3 §2.4.1.7 and §2.4.3.4 (side information, main data), ISO/IEC 13818-3 §2.4.1.7 (half the samples).
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LAYER_3 = 1
"""Layer III, as the head of a frame says it."""

_FULL_RATE, _MONO = 3, 3
_FARTHEST_BACK = 511  # bytes by which sound may begin before its own frame
_LENGTH_BITS = 12


@dataclass(frozen=True, slots=True)
class Side:
    """What a frame says of its sound: where its own bytes begin in it, how many before them are used, and how many bits in all."""

    begin: int
    bytes_before: int
    bits: int


@dataclass(slots=True)
class _Held:
    """A frame that may still sound in those behind it: it, where its bytes stand among those of all, and what is kept of them."""

    head: bytes
    place: int
    data: bytes
    kept: bytearray

    def keep(self, begin: int, end_bits: int) -> None:
        """Keep what lies in a run that begins with a byte and ends with a bit."""
        first, last = max(begin - self.place, 0), min(end_bits - 8 * self.place, 8 * len(self.data))
        whole, rest = last // 8, last % 8
        if last <= 8 * first:
            return
        self.kept[first:whole] = self.data[first:whole]
        if rest:
            self.kept[whole] |= self.data[whole] & 0xFF00 >> rest & 0xFF


def side_bytes(head: bytes) -> int:
    """Return the length of the side information of a frame with this head."""
    is_mono = head[3] >> 6 == _MONO
    if head[1] >> 3 & 3 == _FULL_RATE:
        return 17 if is_mono else 32
    return 9 if is_mono else 17


def side_of(frame: bytes) -> Side:
    """Return what a whole frame of Layer III says of its sound."""
    length = side_bytes(frame)
    checked = 0 if frame[1] & 1 else 2
    begin = 4 + checked + length
    bits, left = int.from_bytes(frame[4 + checked : begin], "big"), 8 * length
    channels = 1 if frame[3] >> 6 == _MONO else 2
    if frame[1] >> 3 & 3 == _FULL_RATE:
        back, place, each, parts = 9, 9 + (5 + 4 if channels == 1 else 3 + 8), 59, 2 * channels
    else:
        back, place, each, parts = 8, 8 + channels, 63, channels
    lengths = (bits >> (left - place - each * one - _LENGTH_BITS) & (1 << _LENGTH_BITS) - 1 for one in range(parts))
    return Side(begin, bits >> (left - back), sum(lengths))


def plain_frames(frames: Iterable[bytes]) -> Iterator[bytes]:
    """Yield whole frames of Layer III, each as long as it was; some are read ahead, since what sounds may lie before its frame."""
    held: deque[_Held] = deque()
    place = 0
    for frame in frames:
        side = side_of(frame)
        data = frame[side.begin :]
        held.append(_Held(frame[: side.begin], place, data, bytearray(len(data))))
        begin = place - side.bytes_before
        place += len(data)
        for one in reversed(held):
            if one.place + len(one.data) <= begin:
                break
            one.keep(begin, min(8 * begin + side.bits, 8 * place))
        while held and held[0].place + len(held[0].data) <= place - _FARTHEST_BACK:
            yield _plain(held.popleft())
    yield from map(_plain, held)


def _plain(held: _Held) -> bytes:
    return held.head + held.kept
