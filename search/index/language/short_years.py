"""A document number with its year in two digits or in four: 浦政〔56〕3号 may be 浦政〔1956〕3号, and may be kept as either."""

import re
from collections.abc import Iterator

from archives.text.numerals import han_value
from search.index.language.document_number import NUMBER
from search.index.language.terms import HAN

_DIGITS = "0-9零〇○一二三四五六七八九"
_YEAR = rf"[{_DIGITS}]{{4}}|[{_DIGITS}]{{2}}"
_SAID = re.compile(
    rf"(?P<office>[{HAN}][{HAN}A-Za-z]*(?<![{_DIGITS}]))"
    rf"(?:\s*[〔\[(【〖〈《{{]\s*(?P<bracketed>{_YEAR})\s*[\]〕)】〗〉》}}]|(?P<plain>{_YEAR})年)"
    rf"\s*(?P<number>第?\s*{NUMBER}\s*[号號])"
)
_CENTURIES = (19, 20)
_CENTURY = 100


def with_the_year_otherwise(said: str, this_year: int | None) -> Iterator[str]:
    """Yield a document number with its year in four digits, none behind this year, for one in two, and the other way.

    What is no document number yields nothing.
    """
    if not (found := _SAID.fullmatch(said)):
        return
    digits = "".join(one if one.isascii() else str(han_value(one)) for one in found["bracketed"] or found["plain"])
    for year in _whole(digits, this_year) if len(digits) == len("56") else _short(digits):
        yield f"{found['office']}〔{year}〕{found['number']}"


def _whole(digits: str, this_year: int | None) -> Iterator[str]:
    for century in _CENTURIES:
        year = century * _CENTURY + int(digits)
        if this_year is None or year <= this_year:
            yield str(year)


def _short(digits: str) -> Iterator[str]:
    if int(digits) // _CENTURY in _CENTURIES:
        yield digits[2:]
