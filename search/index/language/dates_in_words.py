"""Days, months and decades as people say them: 12 May 1956, May 1956, 五十年代, 1934-36."""

import re

from search.index.language.document_number import YEAR

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<{}>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_IN_ENGLISH = re.compile(
    rf"\b(?:{_DAY.format('before')}\s+(?:of\s+)?)?{_MONTH}(?:\s+{_DAY.format('behind')}(?=[\s,]))?,?\s+(?P<year>{YEAR})\b",
    re.ASCII | re.IGNORECASE,
)
_TENS = "一二三四五六七八九"
_DECADE = re.compile(rf"(?:上世纪|(?:20|二十)世纪)?(?P<tens>[1-9](?=0)|[{_TENS}](?=十))[0十]年代")
_SHORT = re.compile(r"(?<![\d-])(?P<first>(?P<century>1\d|20)\d\d)\s?[-–—~至到]\s?(?P<last>\d\d)年?(?![\d-])", re.ASCII)


def with_dates_in_figures(words: str) -> str:
    """Return a query with what it says of days as the search reads it, unchanged where it says nothing of any.

    A decade without its century is one of the twentieth.
    """
    words = _IN_ENGLISH.sub(_as_figures, words)
    words = _DECADE.sub(lambda found: f"19{_digit(found['tens'])}0s", words)
    return _SHORT.sub(_as_years, words)


def _as_figures(found: re.Match[str]) -> str:
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    day = found["before"] or found["behind"]
    return f"{found['year']}-{month:02}" + (f"-{int(day):02}" if day else "")


def _digit(tens: str) -> str:
    return tens if tens.isascii() else str(_TENS.index(tens) + 1)


def _as_years(found: re.Match[str]) -> str:
    last = f"{found['century']}{found['last']}"
    return f"{found['first']}-{last}" if found["first"] < last else found[0]
