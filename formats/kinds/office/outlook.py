"""Mail as Outlook keeps it in a file ([MS-OXMSG]): a compound file of properties; what is attached, files of their own.

A message that is attached is a page of its own, as a forwarded letter is. Of the forms of a text the plain one is read, else that in
HTML, else that in RTF, which is packed ([MS-OXRTFCP]).
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archives.errors import FormatError
from formats.compound import Compound, opened_compound
from formats.encoding.decoding import decode
from formats.kinds.kind import Enclosed, Kind, Reading
from formats.kinds.markup import encoding_named, without_markup
from formats.kinds.office.rich_text import shown_words

_MIME = "application/vnd.ms-outlook"
_SUBJECT, _SENDER, _SENDER_ADDRESS, _TO, _CC = "0037", "0C1A", "5D01", "0E04", "0E03"
_RECIPIENT_NAME, _RECIPIENT_ADDRESSES = "3001", ("39FE", "3003")
_BODY, _HTML, _RTF = "1000", "1013", "1009"
_NAMES, _DATA, _CONTENT_ID = ("3707", "3704", "3001"), "3701", "3712"
_WIDE, _NARROW, _BINARY, _OBJECT = "001F", "001E", "0102", "000D"
_DATES = (0x0039, 0x0E06)  # sent, delivered
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf")
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_PACKED, _RING = b"LZFu", 4096
_PRELOADED = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans "
    b"SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_MOST_BYTES, _DEEPEST = 64 << 20, 8


def _read(path: Path) -> Reading:
    with opened_compound(path) as compound:
        yield from _message(compound, "", 0)


def _message(compound: Compound, place: str, depth: int) -> Reading:
    """Yield the page of a message, then what is attached to it; ``place`` is its storage, "" or ending with a slash."""
    attached = [
        f"{storage}/"
        for storage, _ in compound.storages()
        if storage.startswith(f"{place}__attach_version1.0_") and "/" not in storage.removeprefix(place)
    ]
    names = [next(filter(None, (_text(compound, one, name) for name in _NAMES)), "") for one in attached]
    sender = " ".join(filter(None, (_text(compound, place, _SENDER), _text(compound, place, _SENDER_ADDRESS))))
    headings = {"From": sender, "To": _text(compound, place, _TO), "Cc": _text(compound, place, _CC)}
    headings |= {"Recipients": "; ".join(_recipients(compound, place))}
    headings |= {"Date": _date(compound, place), "Subject": _text(compound, place, _SUBJECT)}
    lines = [f"{name}: {words}" for name, words in headings.items() if words]
    yield "\n".join([*lines, "", _body(compound, place), *(f"Attachment: {name}" for name in names if name)])
    for one, name in zip(attached, names, strict=True):
        data = f"{one}__substg1.0_{_DATA}{_BINARY}"
        if compound.has(data):
            if not (_text(compound, one, _CONTENT_ID) and name.lower().endswith(_PICTURES)):
                yield Enclosed(name.replace("/", "_") or "attachment", compound.stream(data))
        elif depth < _DEEPEST:
            yield from _message(compound, f"{one}__substg1.0_{_DATA}{_OBJECT}/", depth + 1)


def _recipients(compound: Compound, place: str) -> Iterator[str]:
    """Yield those to whom a message went: their names, and their addresses where they are of the internet ([MS-OXOMSG] 2.2.3)."""
    for storage, _ in compound.storages():
        inside = storage.removeprefix(place)
        if storage.startswith(f"{place}__recip_version1.0_") and "/" not in inside:
            addresses = (_text(compound, f"{storage}/", tag) for tag in _RECIPIENT_ADDRESSES)
            address = next((one for one in addresses if "@" in one), "")
            yield " ".join(dict.fromkeys(filter(None, (_text(compound, f"{storage}/", _RECIPIENT_NAME), address))))


def _text(compound: Compound, place: str, tag: str) -> str:
    wide, narrow = (f"{place}__substg1.0_{tag}{kind}" for kind in (_WIDE, _NARROW))
    if compound.has(wide):
        words = compound.stream(wide).decode("utf-16-le", "replace")
    elif compound.has(narrow):
        words = _decoded(compound.stream(narrow).strip(b"\0"))
    else:
        return ""
    return words.strip("\0\r\n ")


def _body(compound: Compound, place: str) -> str:
    if plain := _text(compound, place, _BODY):
        return plain
    html = _text(compound, place, _HTML) or _binary_markup(compound, f"{place}__substg1.0_{_HTML}{_BINARY}")
    if html.strip():
        return without_markup(html)
    packed = f"{place}__substg1.0_{_RTF}{_BINARY}"
    return shown_words(unpacked_rtf(compound.stream(packed))) if compound.has(packed) else ""


def _binary_markup(compound: Compound, place: str) -> str:
    data = compound.stream(place).rstrip(b"\0") if compound.has(place) else b""
    return _decoded(data, encoding_named(data)) if data else ""


def _decoded(data: bytes, label: str | None = None) -> str:
    try:
        return decode(data, label=label).text
    except FormatError:
        return data.decode("utf-8", "replace")


def _date(compound: Compound, place: str) -> str:
    """Return when a message was sent, else delivered, as its properties of a fixed length say it (UTC)."""
    name = f"{place}__properties_version1.0"
    data = compound.stream(name) if compound.has(name) else b""
    values = dict(_fixed(data[24 if place else 32 :]))
    ticks = next((values[date] for date in _DATES if values.get(date)), 0)
    try:
        return (_EPOCH + timedelta(microseconds=ticks // 10)).isoformat(" ", "minutes") if ticks else ""
    except OverflowError:
        return ""


def _fixed(data: bytes) -> Iterator[tuple[int, int]]:
    for place in range(0, len(data) - 15, 16):
        _, identifier, _, value = struct.unpack_from("<HHIQ", data, place)
        yield identifier, value


def unpacked_rtf(data: bytes) -> bytes:
    """Return the RTF that was packed ([MS-OXRTFCP] 2.2); what is cut short, as far as it goes."""
    if len(data) < 16 or data[8:12] != _PACKED:
        return data[16:]
    ring, at = bytearray(_PRELOADED.ljust(_RING, b"\0")), len(_PRELOADED)
    made, place = bytearray(), 16
    while place < len(data) and len(made) < _MOST_BYTES:
        control, place = data[place], place + 1
        for bit in range(8):
            if place + (control >> bit & 1) >= len(data):
                return bytes(made)
            if control >> bit & 1:
                token = data[place] << 8 | data[place + 1]
                begin, length, place = token >> 4, (token & 0xF) + 2, place + 2
                if begin == at:
                    return bytes(made)
            else:
                ring[at], begin, length, place = data[place], at, 1, place + 1
            for step in range(length):
                letter = ring[(begin + step) % _RING]
                made.append(letter)
                ring[at], at = letter, (at + 1) % _RING
    return bytes(made)


KIND = Kind(endings={_MIME: (".msg", ".oft")}, look=None, draw=None, read=_read, attaches=True)
