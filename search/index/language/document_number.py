"""The numbers in a document number, in whatever numerals: 〔1984〕17号 is 〔一九八四〕十七号, and 第304号 is 第三〇四号.

A year in brackets is also said without them: 1984年17号.
"""

from collections.abc import Iterator
from itertools import product

from archives.text.numerals import HAN, han_value

_DIGITS, _ACCOUNTS = "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "十", "百", "千")
_OF_ACCOUNTS = str.maketrans(_DIGITS + "十百千", _ACCOUNTS + "拾佰仟")
_SHORT = (("二十", "廿"), ("三十", "卅"))
NUMBER = rf"(?:\d{{1,5}}|[{HAN}]{{1,9}})"
YEAR = r"(?:1[0-9]|20)\d\d"
SAID_YEAR = rf"(?:{YEAR}|[一二][{_DIGITS}零○]{{3}})"
"""The year before 年."""
BRACKETED_YEAR = rf"(?:{YEAR}|\d\d|[{_DIGITS}零○]{{4}}|[{_DIGITS}零○]{{2}})"


def of_year(office: str, year: str, number: str) -> Iterator[str]:
    """Yield a document number as it may be written, as it was typed first: with or without 第 before its number."""
    for of, one in product(_as_written(year), _as_counted(number)):
        yield f"{office}({of}){one}号"
        yield f"{office}({of})第{one}号"
    for of, one in _alike(year, number):
        yield f"{office}{of}年{one}号"
        yield f"{office}{of}年第{one}号"


def of_series(series: str, number: str) -> Iterator[str]:
    """Yield a document number without a year as it may be written, as ``of_year`` does."""
    for one in _as_counted(number):
        yield f"{series}{one}号"
        yield f"{series}第{one}号"


def _alike(year: str, number: str) -> Iterator[tuple[str, str]]:
    """Yield a year and a number both in digits, then both in Chinese numerals, but for those of accounts."""
    numbers = [one for one in _as_counted(number) if not set(one) & set(_ACCOUNTS[1:])]
    for of, one in product(_as_written(year), numbers):
        if of.isascii() == one.isascii():
            yield of, one


def _as_written(number: str) -> list[str]:
    """Return a number as it was typed, in digits, and in Chinese ones, digit by digit."""
    digits = _digits(number)
    return list(dict.fromkeys([number, digits, "".join(_DIGITS[int(one)] for one in digits)]))


def _as_counted(number: str) -> list[str]:
    """Return a number as ``_as_written`` does, then counted (三百〇四), each with the numerals of accounts, too."""
    ways = _as_written(number)
    digits = _digits(number)
    if digits[0] != "0" and 1 < len(digits) <= len(_UNITS):
        ways += _counted(digits)
    return list(dict.fromkeys([*ways, *(one.translate(_OF_ACCOUNTS) for one in ways)]))


def _digits(number: str) -> str:
    """Return a number in digits; of one that is written digit by digit its zeros stay."""
    if number.isascii():
        return number
    each = [str(han_value(one)) for one in number]
    return (
        "".join(each)
        if all(len(one) == 1 for one in each) and not set(number) & set("廿卅")
        else str(han_value(number))
    )


def _counted(digits: str) -> list[str]:
    """Return what a number of two to four digits is called, as it is said and as it is written short or in accounts."""
    said = ""
    for place, one in enumerate(digits):
        unit = _UNITS[len(digits) - place - 1]
        said += _DIGITS[int(one)] + unit if one != "0" else _DIGITS[0] * (not said.endswith(_DIGITS[0]))
    said = said.rstrip(_DIGITS[0])
    if said.startswith("一十"):
        return [said[1:], said]
    return [said, *(said.replace(long, short) for long, short in _SHORT if said.startswith(long))]
