"""The samples of a film without what is written among pictures and sound: messages, fillings, data of others.

Sources: ISO/IEC 14496-10 §7.4.1 (NAL units), ISO/IEC 14496-3 §4.4.2 (raw_data_block: fill and data stream elements).
"""

from formats.played.boxes import unknown

LONGEST_PARAMETERS = 512
"""The longest parameter set of H.264, in bytes: what is longer holds something else."""

_SLICES, _MESSAGES, _PARAMETERS = frozenset((1, 5)), 6, frozenset((7, 8))
_RECOVERY_POINT, _LONGEST_RECOVERY_POINT, _MOST_ZEROS = 6, 4, 7
_MOST_UNITS = 4_096
_DATA, _TABLE, _FILL, _END = 4, 5, 6, 7  # elements of AAC that do not sound
_LONGEST_FRAME, _MOST_ELEMENTS = 1 << 16, 64


def without_messages(data: bytes, *, length_bytes: int) -> bytes:
    """Return the slices of a picture of H.264, and the parameter sets among them; the lengths before each are kept.

    Of messages only the number that says after how many pictures a decoder that begins here is right is written anew (the recovery
    point, §D.2.8): without it films that begin with no whole picture, or are sought in, stay black. Raises ``FormatError`` for what is no picture, or has an end that is not there.
    """
    if not data:
        return b""
    kept, place, kinds, units = [], 0, set(), 0
    while place + length_bytes < len(data):
        begin = place + length_bytes
        end = begin + int.from_bytes(data[place:begin], "big")
        units += 1
        if end > len(data) or units > _MOST_UNITS:
            raise unknown()
        kind = data[begin] & 0x1F if end > begin else 0
        if kind == _MESSAGES and (point := _recovery_point(data[begin + 1 : end])):
            kept.append(len(point).to_bytes(length_bytes, "big") + point)
        if kind in _SLICES or (kind in _PARAMETERS and end - begin <= LONGEST_PARAMETERS):
            kept.append(data[place:end])
            kinds.add(kind)
        place = end
    if not kinds & _SLICES:
        raise unknown()
    return b"".join(kept)


def _recovery_point(messages: bytes) -> bytes:
    """Return a NAL unit with the recovery point among messages alone, empty where there is none."""
    data, place = messages.replace(b"\0\0\x03", b"\0\0"), 0
    while place + 2 < len(data):
        told = [0, 0]  # kind and length, each in bytes of which all but the last are 255
        for at in range(2):
            while place < len(data) and data[place] == 0xFF:
                told[at], place = told[at] + 0xFF, place + 1
            told[at], place = told[at] + (data[place] if place < len(data) else 0), place + 1
        kind, length = told
        if kind == _RECOVERY_POINT and length <= _LONGEST_RECOVERY_POINT:
            bits = "".join(f"{one:08b}" for one in data[place : place + length])
            zeros = bits.find("1")
            if not 0 <= zeros <= _MOST_ZEROS or len(bits) < 2 * zeros + 5:
                return b""
            kept = bits[: 2 * zeros + 5]  # ue(v), two flags, two bits: none of its bytes needs to be escaped
            kept += "1" * (len(kept) % 8 > 0)
            whole = kept.ljust(-(-len(kept) // 8) * 8, "0")
            body = int(whole, 2).to_bytes(len(whole) // 8, "big")
            return bytes([_MESSAGES, kind, len(body)]) + body + b"\x80"
        place += length
    return b""


def without_words(data: bytes) -> bytes:
    """Return a frame of AAC of the same length, with zeros for what fills or accompanies it before its sound begins.

    Behind the sound nothing is looked for: where it ends only a decoder knows. Raises ``FormatError`` for a frame with a table of
    channels, which has room for a comment, and for what is no frame.
    """
    frame, place = bytearray(data), 0
    if len(data) > _LONGEST_FRAME:
        raise unknown()
    for _ in range(_MOST_ELEMENTS):
        element, place = _bits(data, place, 3), place + 3
        if element == _END:
            _clear(frame, place, 8 * len(data) - place)
        if element not in (_DATA, _TABLE, _FILL):
            return bytes(frame)
        if element == _TABLE:
            break
        if element == _FILL:
            count, place = _bits(data, place, 4), place + 4
            if count == 15:
                count, place = count + _bits(data, place, 8) - 1, place + 8
        else:
            is_aligned, count, place = _bits(data, place + 4, 1), _bits(data, place + 5, 8), place + 13
            if count == 255:
                count, place = count + _bits(data, place, 8), place + 8
            place = -(-place // 8) * 8 if is_aligned else place
        if place + 8 * count > 8 * len(data):
            break
        _clear(frame, place, 8 * count)
        place += 8 * count
    raise unknown()


def _bits(data: bytes, place: int, count: int) -> int:
    """Return some bits as a number; what is behind the end is 0."""
    first, last = place // 8, (place + count + 7) // 8
    number = int.from_bytes(data[first:last].ljust(last - first, b"\0"), "big")
    return number >> (8 * last - place - count) & (1 << count) - 1


def _clear(data: bytearray, place: int, count: int) -> None:
    """Make bits 0."""
    if count <= 0:
        return
    first, last = place // 8, (place + count + 7) // 8
    mask = ((1 << count) - 1) << (8 * last - place - count)
    number = int.from_bytes(data[first:last], "big") & ~mask
    data[first:last] = number.to_bytes(last - first, "big")
