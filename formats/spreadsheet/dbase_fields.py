"""Fields of DBF tables: where each stands in a record, and the numbers and days that are stored as such."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DBASE_7 = (0x04, 0x8C)
_DAYS_BEFORE = 1_721_425  # from the day 1 of Julius Scaliger to that of Python's calendar


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a table: what it is, and where it stands in every record."""

    name: bytes
    kind: str
    start: int
    length: int
    decimals: int


def descriptors(head: bytes) -> list[bytes]:
    """Return the descriptions of the fields, which end with a carriage return."""
    size, start = (48, 68) if head[0] in DBASE_7 else (32, 32)
    found: list[bytes] = []
    while start + size <= len(head) and head[start] != 0x0D:
        one = head[start : start + size]
        if not chr(one[32 if size == 48 else 11]).isprintable() or not one[0]:
            return []
        found.append(one)
        start += size
    return found


def fields(descriptors: Sequence[bytes], *, is_seven: bool) -> Iterator[Field]:
    """Yield the fields that descriptions are of, each with its place in a record."""
    start = 1
    for one in descriptors:
        name, kind, length, decimals = (
            (one[:32], chr(one[32]), one[33], one[34]) if is_seven else (one[:11], chr(one[11]), one[16], one[17])
        )
        if kind == "C":
            length, decimals = length + 256 * decimals, 0  # as Clipper and FoxPro write long ones
        yield Field(name, kind.upper(), start, length, decimals)
        start += length


def digits(data: bytes) -> str:
    """Return what programs write of a number, without what fills its field."""
    return data.decode("ascii", "replace").strip(" \0*")


def is_number(data: bytes) -> bool:
    """Say whether a field holds a whole number."""
    return digits(data).isdigit()


def day(text: str) -> str:
    """Return a day in ISO 8601; what is none stands there as it is."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat() if len(text) == 8 else text
    except ValueError:
        return text


def binary_number(field: Field, data: bytes, *, is_foxpro: bool) -> str:
    """Return a number, a sum or a moment that is stored as such; empty for none."""
    if not any(data):
        return "0" if field.kind == "I" else ""
    if field.kind in ("I", "+") and len(data) == 4:
        return str(struct.unpack("<i", data)[0])
    if field.kind == "Y" and len(data) == 8:
        whole, rest = divmod(abs(struct.unpack("<q", data)[0]), 10_000)
        sign = "-" if data[7] & 0x80 else ""
        return f"{sign}{whole}.{rest:04}".rstrip("0").rstrip(".")
    if field.kind in ("B", "O") and len(data) == 8 and is_foxpro:
        return f"{struct.unpack('<d', data)[0]:.{field.decimals}f}"
    if field.kind in ("T", "@") and len(data) == 8:
        days, milliseconds = struct.unpack("<ii", data)
        try:
            day = date.fromordinal(days - _DAYS_BEFORE + 1)
        except (ValueError, OverflowError):
            return ""
        clock = str(timedelta(seconds=round(milliseconds / 1000)))
        return day.isoformat() if milliseconds == 0 else f"{day.isoformat()} {clock}"
    return ""
