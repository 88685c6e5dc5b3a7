"""Parts of a binary workbook of 2007 and later ([MS-XLSB] 2.1.4): what they say beside the cells, record by record."""

from collections.abc import Iterator

from formats.spreadsheet.cells import head_parts

_COMMENT, _HEADS_AND_FEET, _STRING = 637, 479, 19
_RICH, _SPOKEN = 1, 2
_NO_TEXT = 0xFFFFFFFF
_NAMES = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


def comments(data: bytes) -> Iterator[str]:
    """Yield the comments of a part ([MS-XLSB] 2.4.28)."""
    for kind, body in _records(data):
        if kind == _COMMENT and len(body) > 5:
            yield _text(body, 1)[0]


def heads_and_feet(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield what stands above and below the printed pages of a sheet, each part with its place ([MS-XLSB] 2.4.40)."""
    for kind, body in _records(data):
        place = 2
        for name in _NAMES if kind == _HEADS_AND_FEET else ():
            text, place = _text(body, place)
            yield from ((name, part) for part in head_parts(text))


def readings(data: bytes) -> Iterator[str]:
    """Yield how the strings of a workbook are pronounced, as far as the part says so ([MS-XLSB] 2.5.122)."""
    for kind, body in _records(data):
        if kind == _STRING and body and body[0] & _SPOKEN:
            _, place = _text(body, 1)
            if body[0] & _RICH:
                place += 4 + 4 * int.from_bytes(body[place : place + 4], "little")
            if spoken := _text(body, place)[0].strip():
                yield spoken


def _text(body: bytes, place: int) -> tuple[str, int]:
    """Return a text behind the number of its letters, "" for none, and where it ends."""
    letters = int.from_bytes(body[place : place + 4], "little")
    if letters == _NO_TEXT or place + 4 > len(body):
        return "", place + 4
    end = min(place + 4 + 2 * letters, len(body))
    return body[place + 4 : end].decode("utf-16-le", "replace"), end


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the records: numbers and lengths are of seven bits a byte."""
    place = 0
    while place < len(data):
        kind, place = _seven_bits(data, place, most=2)
        length, place = _seven_bits(data, place, most=4)
        yield kind, data[place : place + length]
        place += length


def _seven_bits(data: bytes, place: int, *, most: int) -> tuple[int, int]:
    number = 0
    for count in range(most):
        byte = data[place] if place < len(data) else 0
        place += 1
        number |= (byte & 0x7F) << (7 * count)
        if not byte & 0x80:
            break
    return number, place
