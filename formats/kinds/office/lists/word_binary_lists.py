"""The numbers before paragraphs of a Word document in the binary format ([MS-DOC] 2.4.6.3): which list each is in, counted.

A paragraph is of a list by its own properties (sprmPIlfo, sprmPIlvl) or by those of its style and the styles that is based on.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from formats.kinds.office.lists.counting import BULLET, DECIMAL, LEVELS, NONE, Counting, Level, List

_STYLES, _PARAGRAPHS, _LISTS, _OVERRIDES = 0x00A2, 0x0102, 0x02E2, 0x02EA  # FibRgFcLcb97
_PAGE, _MOST_RUNS = 512, 0x1D
_DEPTH, _LIST, _TABLE = 0x260A, 0x460B, 0xD608
_OPERAND_BYTES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_LEVEL_BYTES, _LIST_BYTES, _OVERRIDE_BYTES = 28, 28, 16
_NO_STYLE, _OF_PARAGRAPHS = 0xFFF, 1
_FORMS = {
    0: DECIMAL, 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 5: "ordinal", 10: "ideographDigital",
    11: "japaneseCounting", 14: "decimalFullWidth", 17: "japaneseDigitalTenThousand", 18: "decimalEnclosedCircle",
    19: "decimalFullWidth2", 22: "decimalZero", 23: BULLET, 26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle", 30: "ideographTraditional", 31: "ideographZodiac",
    33: "taiwaneseCounting", 34: "ideographLegalTraditional", 35: "taiwaneseCountingThousand", 36: "taiwaneseDigital",
    37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand", 255: NONE,
}  # fmt: skip
"""MSONFC ([MS-OSHARED] 2.2.1.3); what is missing is written in digits."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Which list something says that it is in (0: none; None: nothing is said), and how deep."""

    number: int | None = None
    depth: int | None = None


class WordLists:
    """The lists of a document; raises ``struct.error`` or ``IndexError`` where their tables are damaged."""

    def __init__(self, data: bytes, table: bytes) -> None:
        lists = dict(_lists(table, *_placed(data, _LISTS)))
        self._counting = Counting(dict(_overridden(table, *_placed(data, _OVERRIDES), lists)))
        self._starts, self._places = list[int](), list[tuple[int, _Place]]()
        self._styles: dict[int, tuple[_Place, int]] = {}
        if self._counting.lists:
            self._styles = dict(_styles(table, *_placed(data, _STYLES)))
            found = sorted(_paragraphs(data, table))
            self._starts = [start for start, _, _ in found]
            self._places = [(style, place) for _, style, place in found]

    def label(self, mark: int) -> str:
        """Return what stands before the paragraph whose mark lies at this byte; each is to be asked for once, in order."""
        run = bisect_right(self._starts, mark)
        if not run:
            return ""
        style, place = self._places[run - 1]
        number, depth = place.number, place.depth
        seen: set[int] = set()
        while number is None and style in self._styles and style not in seen:
            seen.add(style)
            of_style, base = self._styles[style]
            number, depth = of_style.number, self._depth(of_style, style) if depth is None else depth
            style = base
        return self._counting.label(str(number), min(depth or 0, LEVELS - 1)) if number else ""

    def _depth(self, place: _Place, style: int) -> int | None:
        used = self._counting.lists.get(str(place.number))
        linked = (depth for depth, level in used.levels.items() if level.style == str(style)) if used else iter(())
        return next(linked, place.depth)


def sprms(properties: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield single properties, each by its code and its operand ([MS-DOC] 2.2.5.1)."""
    place = 0
    while place + 2 < len(properties):
        (sprm,) = struct.unpack_from("<H", properties, place)
        place += 2
        size = _OPERAND_BYTES.get(sprm >> 13)
        if sprm == _TABLE and place + 2 <= len(properties):
            size = 1 + struct.unpack_from("<H", properties, place)[0]
        elif size is None:
            size = 1 + properties[place]
        yield sprm, properties[place : place + size]
        place += size


def _placed(data: bytes, entry: int) -> tuple[int, int]:
    place, length = struct.unpack_from("<II", data, entry)
    return place, length


def _place_of(properties: bytes) -> _Place:
    number: int | None = None
    depth: int | None = None
    for sprm, operand in sprms(properties):
        if sprm == _LIST and len(operand) == 2:
            (said,) = struct.unpack("<h", operand)
            number = max(0, said)  # below 0: it is not shown
        elif sprm == _DEPTH and operand:
            depth = operand[0]
    return _Place(number, depth)


def _paragraphs(data: bytes, table: bytes) -> Iterator[tuple[int, int, _Place]]:
    """Yield the byte at which each paragraph begins, its style, and its own place ([MS-DOC] 2.8.6, 2.9.175)."""
    place, length = _placed(data, _PARAGRAPHS)
    plc = table[place : place + length]
    count = max(0, (len(plc) - 4) // 8)
    for page in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ():
        block = data[(page & 0x3FFFFF) * _PAGE :][:_PAGE]
        if len(block) < _PAGE or block[-1] > _MOST_RUNS:
            continue
        runs = block[-1]
        begins = struct.unpack_from(f"<{runs}I", block)
        for number in range(runs):
            offset = 2 * block[4 * (runs + 1) + 13 * number]
            yield begins[number], *_own(block, offset)


def _own(block: bytes, offset: int) -> tuple[int, _Place]:
    if not offset:
        return 0, _Place()
    size, begin = 2 * block[offset] - 1, offset + 1
    if not block[offset]:
        size, begin = 2 * block[offset + 1], offset + 2
    (style,) = struct.unpack_from("<H", block, begin)
    return style, _place_of(block[begin + 2 : begin + size])


def _styles(table: bytes, place: int, length: int) -> Iterator[tuple[int, tuple[_Place, int]]]:
    """Yield the styles of paragraphs by their numbers, each with its place and the style it is based on ([MS-DOC] 2.9.271)."""
    sheet = table[place : place + length]
    if len(sheet) < 6:
        return
    head, count, fixed = struct.unpack_from("<HHH", sheet)
    place = 2 + head
    for number in range(count):
        (size,) = struct.unpack_from("<H", sheet, place)
        style = sheet[place + 2 : place + 2 + size]
        place += 2 + size + (size & 1)
        if len(style) < fixed + 2:
            continue
        kind = struct.unpack_from("<H", style, 2)[0]
        if kind & 0xF != _OF_PARAGRAPHS:
            continue
        (letters,) = struct.unpack_from("<H", style, fixed)
        begin = fixed + 2 + 2 * letters + 2
        begin += begin & 1
        own = _Place()
        if begin + 2 <= len(style):
            (of_paragraphs,) = struct.unpack_from("<H", style, begin)
            own = _place_of(style[begin + 4 : begin + 2 + of_paragraphs])
        base = kind >> 4
        yield number, (own, base if base != _NO_STYLE else -1)


def _lists(table: bytes, place: int, length: int) -> Iterator[tuple[int, List]]:
    """Yield the lists by their identifiers ([MS-DOC] 2.9.131, 2.9.147); their levels follow them all."""
    if length < 2:
        return
    (count,) = struct.unpack_from("<H", table, place)
    heads = [
        table[place + 2 + _LIST_BYTES * number : place + 2 + _LIST_BYTES * (number + 1)] for number in range(count)
    ]
    place += 2 + _LIST_BYTES * count
    for head in heads:
        identifier = struct.unpack_from("<i", head)[0]
        linked = struct.unpack_from(f"<{LEVELS}H", head, 8)
        levels: dict[int, Level] = {}
        for depth in range(1 if head[26] & 1 else LEVELS):
            style = str(linked[depth]) if linked[depth] != _NO_STYLE else None
            levels[depth], place = _level(table, place, style)
        yield identifier, List(str(identifier), levels)


def _level(table: bytes, place: int, style: str | None) -> tuple[Level, int]:
    """Return a level and where the next begins ([MS-DOC] 2.9.150): a sign of its text below 9 stands for a number."""
    start, form, flags = struct.unpack_from("<iBB", table, place)
    of_letters, of_paragraphs, restart = table[place + 24], table[place + 25], table[place + 26]
    place += _LEVEL_BYTES + of_paragraphs + of_letters
    (letters,) = struct.unpack_from("<H", table, place)
    text = table[place + 2 : place + 2 + 2 * letters].decode("utf-16-le", "replace")
    text = "".join(f"%{ord(sign) + 1}" if ord(sign) < LEVELS else sign for sign in text)
    level = Level(
        _FORMS.get(form, DECIMAL),
        text,
        start,
        style,
        is_legal=bool(flags & 0x04),
        restarts_after=restart if flags & 0x08 else None,
    )
    return level, place + 2 + 2 * letters


def _overridden(table: bytes, place: int, length: int, lists: Mapping[int, List]) -> Iterator[tuple[str, List]]:
    """Yield the lists by the numbers that paragraphs name (from 1), each as it was changed for itself ([MS-DOC] 2.9.132)."""
    if length < 4:
        return
    (count,) = struct.unpack_from("<I", table, place)
    heads = [struct.unpack_from("<i8xB", table, place + 4 + _OVERRIDE_BYTES * number) for number in range(count)]
    place += 4 + _OVERRIDE_BYTES * count
    for number, (identifier, changes) in enumerate(heads, 1):
        place += 4
        of = lists.get(identifier)
        levels, starts = dict(of.levels) if of else {}, dict[int, int]()
        for _ in range(changes):
            start, flags = struct.unpack_from("<iI", table, place)
            place += 8
            depth = min(flags & 0xF, LEVELS - 1)
            if flags & 0x20:
                style = levels[depth].style if depth in levels else None
                levels[depth], place = _level(table, place, style)
                start = levels[depth].start
            if flags & 0x10:
                starts[depth] = start
        if of:
            yield str(number), List(of.of, levels, starts)
