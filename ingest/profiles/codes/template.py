"""Codes built from parts: ``{QZH}-{MLH}-{AJH:04}[-{JH:03}]``, numbers padded, what is in brackets left out where a part is empty."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from archives.errors import FormatError
from archives.message import message
from archives.record.description import parse_retention

_TOKEN = re.compile(
    r"\{(?P<part>[^{}:\[\]]+)(?::(?P<form>[^{}\[\]]*))?\}|(?P<open>\[)|(?P<close>\])|(?P<text>[^{}\[\]]+)"
)
_FORM = re.compile(r"0?\d{1,2}|year|code")
_NUMBER = re.compile(r"(\d+)(.*)", re.DOTALL)
_DECIMALS = re.compile(r"(\d+)\.0+")
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part with its form, or a text; ``group`` counts the brackets that it stands in, 0 for none."""

    group: int
    part: str = ""
    form: str = ""
    text: str = ""


@dataclass(frozen=True)
class Template:
    """How a code is put together. Forms of a part: ``04`` (digits, padded with zeros), ``year``, ``code`` (of a retention period)."""

    written: str
    pieces: tuple[_Piece, ...]

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The names of all parts."""
        return tuple(piece.part for piece in self.pieces if piece.part)

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The names of the parts without which there is no code."""
        return tuple(piece.part for piece in self.pieces if piece.part and not piece.group)

    def beginning_with(self, whole: Collection[str]) -> "Template":
        """Return what is left where a part is a whole code already: it from there on, with that part as it is written."""
        start = max((n for n, piece in enumerate(self.pieces) if piece.part in whole), default=None)
        if start is None:
            return self
        return Template(self.written, (_Piece(0, self.pieces[start].part), *self.pieces[start + 1 :]))

    def code(self, parts: Mapping[str, str]) -> str:
        """Return the code of these parts, empty where one is missing that is needed."""
        return "".join(_formed(parts[one.part], one.form) if one.part else one.text for one in self._kept(parts))

    def text(self, parts: Mapping[str, str]) -> str:
        """Return the same as people read it: parts without a form are as they are written (``李 明``、``王秀珍（王秀贞）``)."""
        kept = self._kept(parts)
        read = (_formed(parts[one.part], one.form) if one.form else parts.get(one.part, one.text) for one in kept)
        return "".join(read)

    def _kept(self, parts: Mapping[str, str]) -> Iterator[_Piece]:
        """Yield the pieces without those in brackets of which a part is missing; nothing where one is that is needed."""
        if not all(map(parts.get, self.needed)):
            return iter(())
        without = {piece.group for piece in self.pieces if piece.group and piece.part and not parts.get(piece.part)}
        return (piece for piece in self.pieces if not piece.group or piece.group not in without)


def parse_template(text: str) -> Template:
    """Read a template; raises ``FormatError`` that says what of it cannot be understood."""
    pieces, end = tuple(_pieces(text)), sum(len(one[0]) for one in _TOKEN.finditer(text))
    if end != len(text) or not any(piece.part for piece in pieces):
        raise _unreadable(text)
    return Template(text, pieces)


def plain_part(text: str) -> str:
    """Return a part of a code as it is compared and built in: one width, no blanks, no decimals of a number."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = "".join(plain.split())
    return found[1] if (found := _DECIMALS.fullmatch(plain)) else plain


def _pieces(text: str) -> Iterator[_Piece]:
    group, groups = 0, 0
    for found in _TOKEN.finditer(text):
        if found["open"]:
            if group:
                raise _unreadable(text)
            groups += 1
            group = groups
        elif found["close"]:
            if not group:
                raise _unreadable(text)
            group = 0
        elif found["text"]:
            yield _Piece(group, text=found["text"])
        else:
            form = found["form"] or ""
            if form and not _FORM.fullmatch(form):
                raise _unreadable(text)
            yield _Piece(group, found["part"].strip(), form)
    if group:
        raise _unreadable(text)


@lru_cache(maxsize=1 << 12)
def _formed(part: str, form: str) -> str:
    plain = plain_part(part)
    if form == "year":
        return found[0] if (found := _YEAR.search(plain)) else plain
    if form == "code":
        try:
            return parse_retention(plain).code
        except FormatError:
            return plain
    if form and (found := _NUMBER.fullmatch(plain)):
        return (found[1].lstrip("0") or "0").rjust(int(form), "0") + found[2]
    return plain


def _unreadable(text: str) -> FormatError:
    return FormatError(
        message("读不懂的模板：{text}", "a template that cannot be understood: {text}", text=text),
        subject=text,
        advice=message(
            "写成 {example} 的样子：花括号内是档号的组成部分，冒号后是补零的位数，方括号内的部分缺则省略",
            "write it like {example}: parts in braces, behind a colon to how many digits they are padded, in brackets what is left out where a part is empty",
            example="{QZH}-{MLH}-{AJH:04}[-{JH:03}]",
        ),
    )
