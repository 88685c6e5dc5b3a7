"""The samples of a film without what is written among pictures and sound: messages, fillings, data of others.

Sources: ISO/IEC 14496-10 §7.4.1 (NAL units), ISO/IEC 14496-3 §4.4.2 (raw_data_block: fill and data stream elements).
"""

from formats.played.boxes import unknown

LONGEST_PARAMETERS = 512
"""The longest parameter set of H.264, in bytes: what is longer holds something else."""

_SLICES, _PARAMETERS = frozenset(range(1, 6)), frozenset((7, 8))
_DATA, _FILL = 4, 6  # elements of AAC that do not sound
_SOUNDING_FILL = (13, 14)  # extensions of AAC that widen its band


def without_messages(data: bytes, *, length_bytes: int) -> bytes:
    """Return the slices of a picture of H.264, and the parameter sets among them; the lengths before each are kept.

    Raises ``FormatError`` for what is no picture, or has an end that is not there.
    """
    kept, place, kinds = [], 0, set()
    while place + length_bytes < len(data):
        begin = place + length_bytes
        end = begin + int.from_bytes(data[place:begin], "big")
        if end > len(data):
            raise unknown()
        kind = data[begin] & 0x1F if end > begin else 0
        if kind in _SLICES or (kind in _PARAMETERS and end - begin <= LONGEST_PARAMETERS):
            kept.append(data[place:end])
            kinds.add(kind)
        place = end
    if not kinds & _SLICES:
        raise unknown()
    return b"".join(kept)


def without_words(data: bytes) -> bytes:
    """Return a frame of AAC of the same length, with zeros for what fills or accompanies it before its sound begins.

    Behind the sound nothing is looked for: where it ends only a decoder knows.
    """
    frame, place = bytearray(data), 0
    while (element := _bits(data, place, 3)) in (_DATA, _FILL):
        place += 3
        if element == _FILL:
            count, place = _bits(data, place, 4), place + 4
            if count == 15:
                count, place = count + _bits(data, place, 8) - 1, place + 8
            sounds = count and _bits(data, place, 4) in _SOUNDING_FILL
        else:
            is_aligned, count, place = _bits(data, place + 4, 1), _bits(data, place + 5, 8), place + 13
            if count == 255:
                count, place = count + _bits(data, place, 8), place + 8
            place, sounds = (-(-place // 8) * 8 if is_aligned else place), False
        if place + 8 * count > 8 * len(data):
            raise unknown()
        if not sounds:
            _clear(frame, place, 8 * count)
        place += 8 * count
    return bytes(frame)


def _bits(data: bytes, place: int, count: int) -> int:
    """Return some bits as a number; what is behind the end is 0."""
    first, last = place // 8, (place + count + 7) // 8
    number = int.from_bytes(data[first:last].ljust(last - first, b"\0"), "big")
    return number >> (8 * last - place - count) & (1 << count) - 1


def _clear(data: bytearray, place: int, count: int) -> None:
    """Make bits 0."""
    first, last = place // 8, (place + count + 7) // 8
    mask = ((1 << count) - 1) << (8 * last - place - count)
    number = int.from_bytes(data[first:last], "big") & ~mask
    data[first:last] = number.to_bytes(last - first, "big")
