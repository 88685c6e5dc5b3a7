"""A day or a month in figures, 1956.5.12, and how else the same day may be written: 1956年5月12日, 1956-05-12."""

import re
from collections.abc import Iterator

from search.index.language.document_number import YEAR

_MONTH, _DAY = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_ONE = rf"(?:{YEAR}[./]{_MONTH}|{YEAR}-(?:1[0-2]|0[1-9])|{YEAR}(?:\.{_MONTH}\.|/{_MONTH}/|-{_MONTH}-){_DAY})"
_ONE_IN_FIGURES = re.compile(rf"{_ONE}|{YEAR}(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])")
_RANGE_IN_FIGURES = re.compile(rf"{_ONE}\s?[-–—~至到]\s?{_ONE}")
_WHOLE_DAY = re.compile(r"(\d{4})(?:([./-])(\d\d?)\2(\d\d?)|(\d\d)(\d\d)|年(\d\d?)月(\d\d?)[日号])", re.ASCII)
_MONTH_IN_FIGURES = re.compile(r"(\d{4})[./-](\d\d?)", re.ASCII)
_DIGITS = "〇一二三四五六七八九"


def is_in_figures(text: str) -> bool:
    """Say whether a text may be one day or month in figures."""
    return _ONE_IN_FIGURES.fullmatch(text) is not None


def is_range_in_figures(text: str) -> bool:
    """Say whether a text may be days or months from one to another, in figures."""
    return _RANGE_IN_FIGURES.fullmatch(text) is not None


def written_otherwise(text: str) -> Iterator[str]:
    """Yield how else a day may be written, of a month in figures that with 年 and 月 alone.

    ``1956 5`` would be 〔1956〕5号, too. What is no day yields nothing.
    """
    if found := _MONTH_IN_FIGURES.fullmatch(text):
        yield f"{found[1]}年{int(found[2])}月"
    if not (found := _WHOLE_DAY.fullmatch(text)):
        return
    year, month, day = found[1], int(found[3] or found[5] or found[7]), int(found[4] or found[6] or found[8])
    yield f"{year}年{month}月{day}日"
    yield f"{year}.{month}.{day}"
    yield f"{year}-{month:02}-{day:02}"
    yield f"{''.join(_DIGITS[int(one)] for one in year)}年{_said(month)}月{_said(day)}日"


def _said(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + "十" * (tens > 0) + (_DIGITS[ones] if ones else "")
