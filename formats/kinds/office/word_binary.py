"""Word documents in the binary format ([MS-DOC]), as Word 97 to 2003 and WPS wrote them: all text by its pieces.

Body, notes, headings and feet, comments and boxes follow one another in the file and here, paragraphs with the numbers that Word
puts before them. Hidden text (sprmCFVanish) and what was deleted with changes tracked (sprmCFRMarkDel) is left out where the letters
themselves say so.
"""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from formats.compound import Compound, encrypted, opened_compound
from formats.encoding.decoding import decode
from formats.kinds.embedded import embedded
from formats.kinds.kind import Hidden, Kind, Look, Reading
from formats.kinds.office.lists.word_binary_lists import WordLists, sprms

_MIME = "application/msword"
_STREAM = "WordDocument"
_MAGIC, _WORD_97 = (0xA5EC, 0xA5DC), 0x00C1  # the other is that of Word 6 and 95
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_CLX, _CHARACTERS = 0x01A2, 0x00FA  # FibRgFcLcb97: fcClx, fcPlcfBteChpx
_VANISH, _DELETED = 0x083C, 0x0800
_MARK = re.compile("[\r\x07\x0c]")
"""What ends a paragraph: its own mark, that of a cell or a row, that of a section."""
_COMPRESSED = 1 << 30
_SIGNS = {ord(sign): put for sign, put in zip("\r\x07\x0b\x0c\x0e\x1e", "\n\t\n\n\n-", strict=True)}
_SIGNS |= dict.fromkeys([*range(7), 8, 0x13, 0x14, 0x15, 0x1F], "")


@dataclass(frozen=True, slots=True)
class _Run:
    """Letters that are seen or not, the byte at which they lie, and how many bytes each has."""

    text: str
    is_seen: bool
    place: int
    width: int


def _looked(path: Path) -> Look:
    """Raise ``FormatError`` for one that is encrypted or damaged."""
    with opened_compound(path) as compound:
        _head(compound)
    return Look()


def _read(path: Path) -> Reading:
    with opened_compound(path) as compound:
        runs = list(_runs(compound))
        lists = _lists(compound)
    shown = "".join(
        _numbered(runs, lists) if isinstance(lists, WordLists) else (one.text for one in runs if one.is_seen)
    )
    lines = (line.rstrip() for line in _without_codes(shown).translate(_SIGNS).split("\n"))
    yield "\n".join(line for line in lines if line)
    if isinstance(lists, Finding):
        yield lists
    with opened_compound(path) as compound:
        yield from embedded(compound, within="ObjectPool")


def _lists(compound: Compound) -> WordLists | Finding | None:
    """Return the lists of a document, what is said of those that cannot be read, or None before Word 97."""
    data = _head(compound)
    if struct.unpack_from("<H", data, 2)[0] < _WORD_97:
        return None
    try:
        return WordLists(data, _table(compound, data))
    except (struct.error, IndexError):
        said = message(
            "段落前的自动编号读不出，文字中没有这些编号；请用 Word 打开核对",
            "the numbers that Word puts before paragraphs cannot be read, and its text is without them; open it in Word and see",
        )
        return warning("list-numbers-not-read", said)


def _numbered(runs: list[_Run], lists: WordLists) -> Iterator[str]:
    """Yield what is seen, a paragraph's number before it; one of which nothing is seen, its mark neither, is not counted."""
    paragraph: list[str] = []
    for run in runs:
        place = 0
        for mark in _MARK.finditer(run.text):
            paragraph.append(run.text[place : mark.end()] if run.is_seen else "")
            place = mark.end()
            words = "".join(paragraph)
            label = lists.label(run.place + mark.start() * run.width) if words else ""
            yield f"{label} {words}" if label and words.translate(_SIGNS).strip() else words
            paragraph.clear()
        paragraph.append(run.text[place:] if run.is_seen else "")
    yield "".join(paragraph)


def _hides(path: Path) -> Iterator[Hidden]:
    with opened_compound(path) as compound:
        unseen = "".join(run.text for run in _runs(compound) if not run.is_seen).translate(_SIGNS).strip()
    if unseen:
        said = message("隐藏或已删除的文字：{text}", "hidden or deleted text: {text}", text=unseen[:60])
        yield Hidden("hidden-text", said)


def _head(compound: Compound) -> bytes:
    """Return the stream of the document; raises ``FormatError`` when it is encrypted or none."""
    data = compound.stream(_STREAM)
    if len(data) < 0x20 or struct.unpack_from("<H", data)[0] not in _MAGIC:
        raise FormatError(message("不是完好的 Word 文档", "not a whole Word document"), subject=compound.name)
    if struct.unpack_from("<H", data, 0x0A)[0] & _ENCRYPTED:
        raise encrypted(compound.name)
    return data


def _table(compound: Compound, data: bytes) -> bytes:
    return compound.stream("1Table" if struct.unpack_from("<H", data, 0x0A)[0] & _TABLE_1 else "0Table")


def _runs(compound: Compound) -> Iterator[_Run]:
    """Yield runs of letters in reading order."""
    data = _head(compound)
    if struct.unpack_from("<H", data, 2)[0] < _WORD_97:
        begin, end = struct.unpack_from("<II", data, 0x18)
        yield _Run(decode(data[begin:end]).text, True, begin, 1)
        return
    table = _table(compound, data)
    try:
        starts, unseen = _unseen(data, table)
        for place, length, width in _pieces(data, table):
            yield from _cut(data, place, length, width, starts, unseen)
    except (struct.error, IndexError) as cause:
        said = message(
            "Word 文档损坏：文字的位置表读不出", "the Word document is damaged: the places of its text cannot be read"
        )
        raise FormatError(said, subject=compound.name) from cause


def _pieces(data: bytes, table: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield where each piece of text lies, how many letters it has, and how many bytes each has ([MS-DOC] 2.8.35)."""
    place, length = struct.unpack_from("<II", data, _CLX)
    clx = table[place : place + length]
    place = 0
    while place < len(clx) and clx[place] == 1:
        place += 3 + struct.unpack_from("<H", clx, place + 1)[0]
    (length,) = struct.unpack_from("<I", clx, place + 1)
    plc = clx[place + 5 : place + 5 + length]
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc)
    for number in range(count):
        (where,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)
        letters = max(0, ends[number + 1] - ends[number])
        if where & _COMPRESSED:
            yield (where & ~_COMPRESSED) // 2, letters, 1
        else:
            yield where, letters, 2


def _cut(data: bytes, place: int, length: int, width: int, starts: list[int], unseen: list[bool]) -> Iterator[_Run]:
    """Yield a piece cut where letters begin or cease to be seen."""
    end = min(place + length * width, len(data))
    while place < end:
        run = bisect_right(starts, place)
        until = min(end, starts[run]) if run < len(starts) else end
        until = max(until - (until - place) % width, place + width)
        text = data[place:until].decode("cp1252" if width == 1 else "utf-16-le", "replace")
        yield _Run(text, not (run and unseen[run - 1]), place, width)
        place = until


def _without_codes(text: str) -> str:
    """Return text without the codes of its fields, whose results are shown ([MS-DOC] 2.8.25); fields lie in one another."""
    shown: list[str] = []
    in_code: list[bool] = []
    for letter in text:
        if letter == "\x13":
            in_code.append(True)
        elif letter == "\x14" and in_code:
            in_code[-1] = False
        elif letter == "\x15" and in_code:
            in_code.pop()
        elif not any(in_code):
            shown.append(letter)
    return "".join(shown)


def _unseen(data: bytes, table: bytes) -> tuple[list[int], list[bool]]:
    """Return where runs of one look begin, and whether each is unseen ([MS-DOC] 2.8.5, 2.9.33)."""
    place, length = struct.unpack_from("<II", data, _CHARACTERS)
    plc = table[place : place + length]
    count = max(0, (len(plc) - 4) // 8)
    found: dict[int, bool] = {}
    for page in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ():
        block = data[(page & 0x3FFFFF) * 512 :][:512]
        if len(block) < 512 or block[511] > 0x65:
            continue
        runs = block[511]
        begins = struct.unpack_from(f"<{runs + 1}I", block)
        for number in range(runs):
            offset = 2 * block[4 * (runs + 1) + number]
            found[begins[number]] = bool(offset) and _is_unseen(block[offset + 1 : offset + 1 + block[offset]])
        found.setdefault(begins[runs], False)
    starts = sorted(found)
    return starts, [found[start] for start in starts]


def _is_unseen(properties: bytes) -> bool:
    return any(sprm in (_VANISH, _DELETED) and operand[:1] in (b"\x01", b"\x81") for sprm, operand in sprms(properties))


KIND = Kind(
    endings={_MIME: (".doc", ".dot", ".wps", ".wpt")},
    look=_looked,
    draw=None,
    read=_read,
    hides=_hides,
    leaves_out=True,
)
