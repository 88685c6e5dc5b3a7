"""Numerals beside our own digits, on pages, in dates and terms: Chinese ones, plain and of accounts, and Roman ones."""

import re

HAN = "零〇○一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟貳參陸廿卅"
_NUMERALS = {
    numeral: value for row in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖") for value, numeral in enumerate(row)
} | {"○": 0, "两": 2, "貳": 2, "參": 3, "陸": 6}
_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_TENS = {"廿": "二十", "卅": "三十"}
_ROMAN = re.compile(r"(?=[ivxlc])(c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def han_value(numeral: str) -> int:
    """Return what a Chinese numeral says: 十二, 贰佰零叁, 廿一, or digit by digit (一九八六)."""
    numeral = "".join(_TENS.get(one, one) for one in numeral)
    if not any(one in _UNITS for one in numeral):
        return int("".join(str(_NUMERALS[one]) for one in numeral))
    total, digit = 0, 0
    for one in numeral:
        if one in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[one], 0
        else:
            digit = _NUMERALS[one]
    return total + digit


def roman_value(word: str) -> int:
    """Return what a Roman numeral says, 0 for what is none."""
    if not _ROMAN.fullmatch(word):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in word]
    return sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True))
