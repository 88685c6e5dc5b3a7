"""What a person typed, read as terms: words, phrases, codes, document numbers, years; what must stand, and what must not.

Nothing that is typed is refused: what means nothing here is looked for as it stands, and what has neither letter nor digit
is left out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, product

from archives.errors import FormatError
from archives.record.dates.parse import parse_record_date
from archives.text.folding import Phrase, phrase_of
from archives.text.tokens import named
from search.index.document import Field, IndexedRecord
from search.index.language import document_number, english
from search.index.language.document_number import BRACKETED_YEAR, NUMBER, SAID_YEAR, YEAR
from search.index.language.written_days import is_in_figures, is_range_in_figures, written_otherwise

LONGEST_QUERY = 200
MOST_TERMS = 8
_TOLD_LONGER = 5  # of how many times the longest query is told what is left out
_APART = r"\s,、;。"
_QUOTES = '"“”„「」『』'
HAN = "㐀-鿿豈-﫿𠀀-𿿽々"
_TO = r"(?:[-–—~至到]|\.{2,6})"  # NFKC makes dots of an ellipsis
_DASH = r"\-–—−"  # NFKC leaves the long ones as they are typed
_DIVIDED = r"(?:[-·./—–]|[ \t]+[-·./—–][ \t]+|[ \t]+)"
_PIECES = re.compile(
    rf"""
    (?P<without>(?<![^{_APART}{_QUOTES}])[{_DASH}](?=[^{_APART}{_DASH}]))?
    (?:
      ["“”„](?P<quoted>[^"“”„]+)["“”„] | 「(?P<cornered>[^」]+)」 | 『(?P<hollow>[^』]+)』
      # a document number, in whatever brackets or none, perhaps with blanks within: 粤办函〔2014〕524号
    | (?P<office>[{HAN}][{HAN}A-Za-z]*)
      (?:\s*[〔[(【〖〈《{{]\s*(?P<bracketed>{BRACKETED_YEAR})\s*[]〕)】〗〉》}}]|(?<!第)(?!\d{{5}}(?!\d))(?P<plain>{YEAR}))
      \s*第?\s*(?P<number>{NUMBER})\s*[号號]
      # one whose year is said, perhaps behind a blank: 粤办函2014年524号, but not 关于1984年5号台风
    | (?P<of_office>[{HAN}][{HAN}A-Za-z]*(?=[\d〇零○一二])|(?<![^{_APART}]))
      (?P<said_year>{SAID_YEAR})\s*年\s*第?\s*(?P<said_number>{NUMBER})\s*[号號](?=(?:文件?|令)?(?![{HAN}]))
      # one without a year: 建字第114号
    | (?P<series>[{HAN}]*字)\s*第?\s*(?P<count>{NUMBER})\s*[号號]
      # an archival code whose parts are divided by blanks, too: Z109 WS 2011 Y BGS 0001
    | (?P<code>[A-Za-z]{{1,3}}\d{{1,5}}
        (?:{_DIVIDED}(?:\d{{1,6}}|[A-Z]{{1,5}}\d{{0,4}}|永久|长期|短期|\d{{1,3}}年)){{2,}})(?![^{_APART}])
    | (?P<years>{YEAR}年?(?:{_TO}|[ ]{_TO}[ ]){YEAR}年?度?)(?![^{_APART}])
    | (?P<word>(?:[^{_APART}{_QUOTES}]|(?<=\d),(?=\d))+)
    )
    """,
    re.VERBOSE,
)
_BARE_YEAR = re.compile(rf"({YEAR})(?:年度?)?")
_SAYS_A_DATE = re.compile(r"[年纪]|\d{3}0s\Z")
_RANGE = re.compile("[至到迄~–—-]")
_FROM_TO = re.compile(rf"({YEAR})年?\s?{_TO}\s?({YEAR})年?度?")
_LONGEST_DATE = 24
_COUNTED = 2  # numbers of a code of which only one has to be meant: that of the volume and that of the item
_WIDEST = {True: 6, False: 4}
"""With how many digits the last number of a code is written at the most, and the one before it."""
_DAYS_OF_YEAR = 350  # the least that a year of the moon has


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a date, as numbers (19860512), and the years that they are, where they are whole ones.

    A record is of these days when its own lie within them, of a range (``is_range``) when any of its own does; in any case
    when it is filed under one of the years.
    """

    first: int
    last: int
    years: tuple[int, int] | None
    is_range: bool

    def hold(self, record: IndexedRecord) -> bool:
        """Say whether a record is of these days."""
        if self.years and record.year and self.years[0] <= record.year <= self.years[1]:
            return True
        if self.is_range:
            return record.date_from <= self.last and record.date_to >= self.first
        return self.first <= record.date_from <= self.last and self.first <= record.date_to <= self.last


@dataclass(frozen=True, slots=True)
class Term:
    """What must stand in a record, or must not (``is_unwanted``): any of its phrases, or its days instead of them.

    ``said`` is what was typed for it. A term with a ``field`` stands there and nowhere else.
    """

    said: str
    phrases: tuple[Phrase, ...]
    days: Days | None = None
    field: Field | None = None
    is_unwanted: bool = False


def parse_terms(words: str, field: Field | None = None) -> tuple[Term, ...]:
    """Read what a person typed: what blanks or commas divide must each be found, quotes keep together as it stands.

    Never raises; what cannot be looked for is left out, and what is too long is cut.
    """
    return tuple(islice(_by_meaning(words[:LONGEST_QUERY], field).values(), MOST_TERMS))


def terms_left_out(words: str, field: Field | None = None) -> tuple[Term, ...]:
    """Return what was typed and ``parse_terms`` leaves out for being too much: of very long texts only the beginning is read."""
    read = islice(_by_meaning(words[:LONGEST_QUERY], field), MOST_TERMS)
    every = _by_meaning(words[: LONGEST_QUERY * _TOLD_LONGER], field)
    for meaning in read:
        every.pop(meaning, None)
    return tuple(every.values())


def years_in(text: str) -> str:
    """Return the years that a text says as those of a filter, one (1986) or from one to another; empty where it says none."""
    said = _days(unicodedata.normalize("NFKC", text).strip())
    if said is None or said.years is None:
        return ""
    first, last = said.years
    return str(first) if first == last else f"{first}-{last}"


def years_of(first: int, last: int) -> Days:
    """Return the days from one year to another, as a range."""
    first, last = min(first, last), max(first, last)
    return Days(first * 10_000 + 101, last * 10_000 + 1231, (first, last), is_range=True)


def _by_meaning(words: str, field: Field | None) -> dict[tuple[object, ...], Term]:
    """Return each term once, whoever says it twice."""
    found: dict[tuple[object, ...], Term] = {}
    for term in _terms(unicodedata.normalize("NFKC", words), field):
        found.setdefault((term.phrases, term.days, term.is_unwanted), term)
    return found


def _terms(words: str, field: Field | None) -> Iterator[Term]:
    for piece in _PIECES.finditer(words):
        phrases, days = _meant(piece, field)
        if field:
            phrases = tuple(named(field.sign, phrase) for phrase in phrases)
        if phrases or days:
            yield Term(_said(piece), phrases, days, field, bool(piece["without"]))


def _said(piece: re.Match[str]) -> str:
    return piece[0].removeprefix(piece["without"] or "")


def _meant(piece: re.Match[str], field: Field | None) -> tuple[tuple[Phrase, ...], Days | None]:
    """Return what a piece looks for: phrases, days, or phrases that days may stand for."""
    for quoted in ("quoted", "cornered", "hollow"):
        if piece[quoted]:
            return _phrases(piece[quoted]), None
    if piece["office"]:
        year = piece["bracketed"] or piece["plain"]
        return _phrases(*document_number.of_year(piece["office"], year, piece["number"])), None
    if piece["said_year"]:
        written = document_number.of_year(piece["of_office"], piece["said_year"], piece["said_number"])
        return _phrases(*written, _said(piece)), None
    if piece["series"]:
        return _phrases(*document_number.of_series(piece["series"], piece["count"])), None
    if piece["code"]:
        return _phrases(*_codes(piece["code"])), None
    text = piece["years"] or piece["word"]
    days = None if field else _days(text)
    if days and days.is_range:
        return (), days
    others = _phrases(*written_otherwise(text)) if days or field else ()
    return tuple(dict.fromkeys((*english.phrases_of(text), *others))), days


def _codes(code: str) -> Iterator[str]:
    """Yield a code as it was typed, then with other zeros before its last two numbers: M001-1-12 is M001-1-0012."""
    yield code
    parts = phrase_of(code)
    pieces = parts.folded.split() if parts else []
    numbers = [place for place, one in enumerate(pieces) if place and one.isascii() and one.isdigit()][-_COUNTED:]
    forms = [_with_zeros(pieces[place], _WIDEST[place == numbers[-1]]) for place in numbers]
    for chosen in product(*forms):
        for place, form in zip(numbers, chosen, strict=True):
            pieces[place] = form
        yield " ".join(pieces)


def _with_zeros(number: str, widest: int) -> list[str]:
    least = number.lstrip("0") or "0"
    return list(dict.fromkeys([number, *(least.zfill(width) for width in range(len(least), widest + 1))]))


def _phrases(*texts: str) -> tuple[Phrase, ...]:
    return tuple(dict.fromkeys(phrase for text in texts if (phrase := phrase_of(text))))


def _days(text: str) -> Days | None:
    if year := _BARE_YEAR.fullmatch(text):
        return Days(int(year[1]) * 10_000 + 101, int(year[1]) * 10_000 + 1231, (int(year[1]),) * 2, is_range=False)
    if years := _FROM_TO.fullmatch(text):
        return years_of(int(years[1]), int(years[2]))
    in_figures = is_in_figures(text)
    if len(text) > _LONGEST_DATE or not (in_figures or is_range_in_figures(text) or _SAYS_A_DATE.search(text)):
        return None
    try:
        said = parse_record_date(text)
    except FormatError:
        return None
    if said.earliest == date.min or said.latest == date.max:
        return None
    whole = _whole_years(said.earliest, said.latest)
    return Days(
        _number(said.earliest), _number(said.latest), whole, is_range=not in_figures and _RANGE.search(text) is not None
    )


def _whole_years(first: date, last: date) -> tuple[int, int] | None:
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return (first.year, last.year)
    return (first.year, first.year) if _DAYS_OF_YEAR < (last - first).days < 2 * _DAYS_OF_YEAR else None


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
