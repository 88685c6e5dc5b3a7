"""How values of elements are written and read: in cells of sheets, in XML, in JSON, for readers, for the public."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from archives.record.dates.parse import parse_last_day, parse_record_date
from archives.record.dates.record_date import RecordDate, certainty_of
from archives.record.description import (
    SecurityClassification,
    parse_count,
    parse_language,
    parse_retention,
    parse_security,
)
from archives.record.identifiers import parse_archival_code, reference_code

Value = TypeVar("Value")
Value_co = TypeVar("Value_co", covariant=True)

Public = str | int | None
Data = Public | list[list[str]]


class Written(NamedTuple):
    """One XML element's text and attributes; a row of six hundred thousand has eight of them."""

    text: str
    attributes: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Kind(Generic[Value_co]):
    """How values of one type are written and read; each is only given the values of its own element.

    ``parse`` reads what a cell of a sheet says and raises ``FormatError``; it is None for what no single cell holds.
    ``read`` returns what ``write`` wrote, and of nothing the value that nobody gave. ``text`` is for readers, Dublin
    Core and search, ``data`` for ``--json``, ``public`` for the published view. A cell that cannot be read is an error
    with the code ``unreadable`` (by default the element's key and ``-unreadable``), or a doubt if it ``is_kept``
    as written. ``has_zeros``: its leading zeros count, and spreadsheets lose them.
    """

    parse: Callable[[str], Value_co] | None
    read: Callable[[Sequence[Written]], Value_co]
    write: Callable[[Value_co], Sequence[Written]]
    text: Callable[[Value_co], str]
    data: Callable[[Value_co], Data]
    public: Callable[[Value_co], Public]
    unreadable: str = ""
    is_kept: bool = False
    has_zeros: bool = False


def _first(found: Sequence[Written]) -> str:
    return found[0].text if found else ""


def _plain(
    parse: Callable[[str], Value], read: Callable[[str], Value], write: Callable[[Value], str] = str
) -> Kind[Value]:
    """A kind whose value stands as one text; ``read`` reads what ``write`` wrote."""
    return Kind(parse, lambda found: read(_first(found)), lambda value: (Written(write(value)),), write, write, write)


def _optional(
    parse: Callable[[str], Value | None], read: Callable[[str], Value], write: Callable[[Value], str] = str
) -> Kind[Value | None]:
    """The same of a value that may be absent."""

    def text(value: Value | None) -> str:
        return "" if value is None else write(value)

    def data(value: Value | None) -> Public:
        return value if value is None or isinstance(value, int) else write(value)

    return Kind(
        parse,
        read=lambda found: read(found[0].text) if _first(found) else None,
        write=lambda value: (Written(text(value)),),
        text=text,
        data=data,
        public=data,
    )


def _read_date(found: Sequence[Written]) -> RecordDate | None:
    if not found:
        return None
    text, said = found[0]
    first, last = date.fromisoformat(said.get("起", "")), date.fromisoformat(said.get("止", ""))
    return RecordDate(text, first, last, certainty_of(said.get("确定程度", "")))


def _write_date(value: RecordDate | None) -> Sequence[Written]:
    if value is None:
        return ()
    days = {"起": value.earliest.isoformat(), "止": value.latest.isoformat()}
    return (Written(value.written, days | ({"确定程度": value.certainty} if value.certainty else {})),)


def _pairs_text(value: Sequence[tuple[str, str]]) -> str:
    return "\n".join(text for _, text in value if text)


TEXT = _plain(str, str)
IDENTIFIER = replace(TEXT, has_zeros=True)
LANGUAGE = replace(_plain(parse_language, str), is_kept=True)
COUNT = replace(_optional(parse_count, int), unreadable="number-unreadable", is_kept=True)
RETENTION = replace(_optional(parse_retention, parse_retention), is_kept=True)
SECURITY = replace(_optional(parse_security, SecurityClassification), unreadable="security-unknown")
DAY = _optional(parse_last_day, date.fromisoformat, date.isoformat)
CODE = replace(_plain(parse_archival_code, reference_code), has_zeros=True)
DATE: Kind[RecordDate | None] = Kind(
    parse_record_date,
    read=_read_date,
    write=_write_date,
    text=lambda value: (value.edtf or value.written) if value else "",
    data=lambda value: value.edtf if value else "",
    public=lambda value: value.written if value else "",
    is_kept=True,
)
PAIRS: Kind[tuple[tuple[str, str], ...]] = Kind(
    None,
    read=lambda found: tuple((one.attributes.get("名称", ""), one.text) for one in found),
    write=lambda value: tuple(Written(text, {"名称": name}) for name, text in value),
    text=_pairs_text,
    data=lambda value: [list(pair) for pair in value],
    public=_pairs_text,
)
