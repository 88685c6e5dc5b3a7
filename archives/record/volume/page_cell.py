"""The 页号 of an item as catalogues write it: its first page (``34``, ``034``, ``P34``), or from where to where (``34-41``)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from archives.errors import FormatError
from archives.message import message
from archives.record.volume.page_label import PageLabel, Place, parse_page_number

_SEVERAL = re.compile(r"[,，、;；\n]+")
_UNTIL = re.compile(r"\s*(?:[—–―~～〜∼至到]+|--+|\.\.+|\bto\b)\s*")
_COUNTED = re.compile(r"\(?[共计]\s*\d+\s*[页頁张張]?\)?$")
_AFTER_SLIPS = ((10**10, ""),)


@dataclass(frozen=True, slots=True)
class PageSpan:
    """Pages of one item: from the first to the ``last``, which is None where only the first is written.

    ``slip`` is another reading of what is written: ``45-1`` is page 45-1 in a volume that has one, though it looks like a
    span.
    """

    first: PageLabel
    last: PageLabel | None = None
    slip: PageLabel | None = None

    @property
    def is_descending(self) -> bool:
        """Whether the last page stands before the first."""
        return self.last is not None and self.last.place < self.first.place

    def as_in(self, places: frozenset[Place]) -> "PageSpan":
        """Return the span as it is meant in a volume with these pages."""
        is_slip = self.slip is not None and self.slip.place in places and self.is_descending
        return PageSpan(self.slip) if self.slip and is_slip else PageSpan(self.first, self.last)


def parse_page_spans(text: str, last: str = "") -> tuple[PageSpan, ...]:
    """Read the cell of an item's pages, and the one of its last page where that stands in a column of its own.

    Nothing for an empty cell. Raises ``FormatError`` for what names no page.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain.strip("-—/ "):
        return ()
    plain = _COUNTED.sub("", plain).strip() or plain
    spans = tuple(_span(part.strip(), text) for part in _SEVERAL.split(plain) if part.strip())
    if last.strip() and len(spans) == 1 and spans[0].last is None:
        return (PageSpan(spans[0].first, _page(last, last)),)
    return spans


def until(page: PageLabel) -> Place:
    """Return the place behind a page and everything that is pasted to it or inserted behind it."""
    roman, number, slips = page.place
    return roman, number, (*slips, *_AFTER_SLIPS)


def spans_told(labels: Sequence[PageLabel], places: Sequence[int] = ()) -> str:
    """Return labels as people write them, those that follow one another from the first to the last (``034–041, 045-1``)."""
    at = places or range(len(labels))
    parts: list[list[PageLabel]] = []
    for place, label in enumerate(labels):
        if place and at[place] == at[place - 1] + 1:
            parts[-1].append(label)
        else:
            parts.append([label])
    return ", ".join(part[0].text if len(part) == 1 else f"{part[0].text}–{part[-1].text}" for part in parts)


def _span(part: str, text: str) -> PageSpan:
    first, *others = _UNTIL.split(part)
    if len(others) == 1:
        return PageSpan(_page(first, text), _page(others[0], text))
    pieces = [piece for piece in part.split("-") if piece]
    if others or len(pieces) > 4:
        raise _unreadable(text)
    if len(pieces) == 1:
        return PageSpan(_page(part, text))
    if len(pieces) == 2:
        return PageSpan(_page(pieces[0], text), _page(pieces[1], text), parse_page_number(part))
    return _with_slips(pieces, text)


def _with_slips(pieces: list[str], text: str) -> PageSpan:
    """Read ``45-1-46``, ``44-45-1`` and ``45-1-46-2``: a number that goes down is that of a slip."""
    heads = (1, 2) if len(pieces) == 3 else (2,)
    for place in heads:
        ends = parse_page_number("-".join(pieces[:place])), parse_page_number("-".join(pieces[place:]))
        if ends[0] and ends[1] and ends[0].place <= ends[1].place:
            return PageSpan(ends[0], ends[1])
    raise _unreadable(text)


def _page(piece: str, text: str) -> PageLabel:
    found = parse_page_number(piece)
    if found is None:
        raise _unreadable(text)
    return found


def _unreadable(text: str) -> FormatError:
    return FormatError(
        message("“{value}”不是页号", "“{value}” names no page", value=text),
        subject=text,
        advice=message(
            "请写首页的页号，或起止页号，例如 34 或 34-41",
            "write the number of the first page, or of the first and the last: 34, or 34-41",
        ),
    )
