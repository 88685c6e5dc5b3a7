"""JPEG 2000 that was cut short, made whole for a decoder that refuses it: what is missing is filled with nothing."""

_BEGIN = b"\xff\x4f\xff\x51"  # SOC, SIZ
_TILE_PART = b"\xff\x90"  # SOT
_END = b"\xff\xd9"  # EOC
_SEGMENT_BYTES, _TILE_PART_BYTES = 4, 12
_MOST_FILLED_BYTES = 64 << 20


def filled_up(data: bytes) -> bytes:
    """Return a codestream, with what stands before it, that ends as one should; as it is where that cannot be done.

    Zeros are packets in which nothing is (ISO/IEC 15444-1 B.10.3), so that the tile that was cut is shown as far as its
    bytes go, and coarser than it was; tiles of which nothing came are left out.
    """
    place = data.find(_BEGIN)
    if place < 0:
        return data
    place += len(_BEGIN) // 2
    while data[place : place + 2] != _TILE_PART:
        if place + _SEGMENT_BYTES > len(data):
            return data
        place += 2 + int.from_bytes(data[place + 2 : place + 4])
    while data[place : place + 2] == _TILE_PART and place + _TILE_PART_BYTES <= len(data):
        length = int.from_bytes(data[place + 6 : place + 10])
        missing = place + length - len(data)
        if missing > _MOST_FILLED_BYTES:
            return data
        if length < _TILE_PART_BYTES:  # it reaches to the end, wherever that was
            return data + _END
        if missing > 0:
            return data + bytes(missing) + _END
        place += length
    return data[:place] + _END
