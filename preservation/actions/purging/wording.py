"""Words by which data of units are known again elsewhere, and whether something says any: a finding, an entry, a reason.

A text is compared as people read it: widths and capitals, blanks of any kind and line breaks make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import PurePath

from archives.findings import Finding
from archives.message import Message
from archives.record.description import Description
from archives.record.identifiers import archival_code_key
from archives.text.unseen import without_unseen
from archives.units.unit import Unit

_LEAST = 2
_BEGINNING = 2
_LEAST_OF_OTHERS = 6
_LEAST_DIGITS = 11
_NUMBER = re.compile(r"[\d\W_]+")
_BETWEEN_NAMES = re.compile(r"[、，；;/\n]")
_BESIDE_NAMES = re.compile(r"（.*?）|\(.*?\)|〔.*?〕|\[.*?\]|【.*?】|「.*?」|“.*?”|\".*?\"")
_BESIDE_HAN = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


def words_of(said: Iterable[Description]) -> tuple[str, ...]:
    """Return what is likely said of these and of nobody else: titles, persons, numbers of documents, long texts, in order.

    One character alone is none, nor a date, an amount, or what many say of themselves (未婚); numbers of identity cards and
    telephones are.
    """
    own: set[str] = set()
    for one in said:
        own |= {one.title, one.document_number, *(name for _, who in one.persons for name in _names(who))}
        own |= {text for text in (one.note, *(text for _, text in one.other)) if len(text.strip()) >= _LEAST_OF_OTHERS}
    return tuple(sorted({text.strip() for text in own if _tells(text.strip())}))


def as_read(text: str) -> str:
    """Return the form in which two writings of one text are equal."""
    plain = unicodedata.normalize("NFKC", without_unseen(text)).casefold()
    return _BESIDE_HAN.sub("", " ".join(plain.split()))


def texts_of(thing: object) -> Iterator[str]:
    """Yield every text that something says: of a message its values, not the sentence that everybody gets."""
    if isinstance(thing, Enum):
        return
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Message):
        for part in (value for _, value in thing.values):
            yield from texts_of(part)
        if thing.zh == thing.en:  # a text for both, no sentence
            yield thing.zh
    elif isinstance(thing, PurePath):
        yield str(thing)
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from texts_of(getattr(thing, field.name))
    elif isinstance(thing, Mapping):
        for pair in thing.items():
            yield from texts_of(pair)
    elif isinstance(thing, tuple | list | frozenset | set):
        for part in thing:
            yield from texts_of(part)


def values_of(said: Description) -> Iterator[str]:
    """Yield every value that a description has, without the names of columns."""
    yield from (text for text in texts_of(replace(said, persons=(), other=(), language="")) if text)
    yield from (text for _, text in (*said.persons, *said.other) if text)


class Wording:
    """Words, and codes: a code is none that goes on, ``J019-2-15`` is not said by ``J019-2-15-3``."""

    def __init__(self, words: Iterable[str], codes: Iterable[str] = ()) -> None:
        self._words = _by_beginning((as_read(word), word) for word in words)
        self._codes = _by_beginning((key, key) for key in map(archival_code_key, codes))

    def first_in(self, thing: object) -> str:
        """Return the first word or code that something says, empty for none."""
        for text in texts_of(thing):
            read = as_read(text)
            for start, one, word in _found(self._words, read):
                if _stands_alone(one, read, start):
                    return word
            key = archival_code_key(text) if self._codes else ""
            for _, code, _ in _found(self._codes, key):
                if re.search(_of_code(code), key):
                    return code
        return ""

    def is_in(self, thing: object) -> bool:
        """Say whether something says any of them."""
        return bool(self.first_in(thing))


def not_about(findings: Iterable[Finding], wording: Wording, gone: Iterable[Unit]) -> tuple[Finding, ...]:
    """Return the findings that repeat none of these words and codes.

    ``gone`` are the rows that go: where a finding is about the place in a table that one came from, and about no other,
    every value of the row is known, however short.
    """
    rows: dict[tuple[str, str], set[str]] = {}
    for one in gone:
        place, _, number = one.source.rpartition(" ")
        rows.setdefault((place.partition("!")[0], number), set()).update(map(as_read, values_of(one.description)))

    def is_kept(found: Finding) -> bool:
        said = (found.message, found.advice)
        own = rows.get(((found.file or "").partition("!")[0], str(found.row)), set())
        is_of_many = any(name == "n" and number != 1 for name, number in found.message.values)
        is_own = not is_of_many and not own.isdisjoint(map(as_read, texts_of(said)))
        return not is_own and not wording.is_in((*said, found.file, found.about))

    return tuple(found for found in findings if is_kept(found))


def _names(who: str) -> list[str]:
    """Return a name as it is written, and each of those in it without what is said beside it: 张三（已故）、李四."""
    return [who, *_BETWEEN_NAMES.split(_BESIDE_NAMES.sub("", who))]


def _tells(text: str) -> bool:
    if _NUMBER.fullmatch(text):
        return sum(map(str.isdigit, text)) >= _LEAST_DIGITS
    return len(text) >= _LEAST


_ByBeginning = Mapping[str, Sequence[tuple[str, str]]]
"""Texts as they are looked for, each with what is told of it, by their first characters: many are asked for at once."""


def _by_beginning(texts: Iterable[tuple[str, str]]) -> _ByBeginning:
    found: dict[str, list[tuple[str, str]]] = {}
    for one, told in texts:
        if one:
            found.setdefault(one[:_BEGINNING], []).append((one, told))
    return found


def _found(wanted: _ByBeginning, text: str) -> Iterator[tuple[int, str, str]]:
    """Yield where one of the texts begins, it, and what is told of it."""
    for start in range(len(text)):
        for beginning in (text[start : start + _BEGINNING], text[start]):
            for one, told in wanted.get(beginning, ()):
                if text.startswith(one, start):
                    yield start, one, told


def _stands_alone(word: str, text: str, start: int) -> bool:
    """Say whether letters end a word where it begins in a text: ``Li`` is not in ``library``, 张三 is in 张三的."""
    around = (text[max(start - 1, 0) : start] + word[0], word[-1] + text[start + len(word) :][:1])
    return not any(len(both) > 1 and both.isascii() and both.isalnum() for both in around)


def _of_code(key: str) -> str:
    """Return what finds a code that neither begins before nor goes on; a folder or an ending after it is no part of it."""
    goes_on = r"[-/·]" if "/" in key else r"[-·]"
    ending = r"(?=·[0-9A-Z]{2,5}(?![0-9A-Z·/-]))"
    return rf"(?<![0-9A-Z])(?<!\w[-·]){re.escape(key)}(?:{ending}|(?![0-9A-Z]|{goes_on}\w))"
