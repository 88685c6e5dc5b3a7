"""Values as practice writes them, and what they stand for: written 1 and meant 永久, written 95 below 时长（分） and meant 95分."""

import re
import unicodedata
from collections.abc import Mapping

from archives.text.unseen import as_compared

_BRACKETED = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]{1,20})[)）\]】〕]")
_BEFORE_UNIT = re.compile(r"^(?:单位|unit)?[:：]?\s*[长宽高厚深×xX*、，,/\s]*(?=\S)", re.IGNORECASE)
_UNITS = frozenset(
    [
        "秒",
        "分",
        "分钟",
        "小时",
        "时",
        "s",
        "sec",
        "min",
        "h",
        "hr",
        "hrs",
        "毫米",
        "厘米",
        "公分",
        "分米",
        "米",
        "公里",
        "寸",
        "英寸",
        "mm",
        "cm",
        "dm",
        "m",
        "km",
        "in",
        "inch",
        "平方米",
        "平米",
        "平方公里",
        "亩",
        "公顷",
        "m2",
        "m²",
        "ha",
        "间",
        "克",
        "公斤",
        "千克",
        "吨",
        "g",
        "kg",
        "t",
        "字节",
        "b",
        "kb",
        "mb",
        "gb",
        "tb",
        "兆",
        "页",
        "张",
        "件",
        "册",
        "卷",
        "盒",
        "袋",
        "包",
        "幅",
        "枚",
        "套",
        "个",
        "支",
        "盘",
        "份",
        "本",
        "块",
        "面",
        "把",
        "只",
        "台",
        "箱",
        "元",
        "千元",
        "万元",
        "亿元",
        "人",
        "户",
        "像素",
        "px",
        "dpi",
        "ppi",
        "hz",
        "khz",
        "kbps",
        "fps",
        "%",
        "年",
    ]
)
_MEASURE = re.compile(
    r"约?(?=.*[\d〇零一二两三四五六七八九十百])[\d\s.,/×xX*✕~～±+\-—–〇零一二两三四五六七八九十百千半]+"
)


def unit_of_heading(heading: str) -> str:
    """Return the unit that a heading says in brackets (时长（分）, 规格（长×宽，cm）), empty where it says none."""
    for found in _BRACKETED.finditer(heading):
        unit = _BEFORE_UNIT.sub("", found[1].strip())
        if unicodedata.normalize("NFKC", unit).casefold() in _UNITS:
            return unit
    return ""


def with_unit(text: str, unit: str) -> str:
    """Return a measure with the unit of its column; any other text as it is."""
    return f"{text}{unit}" if unit and _MEASURE.fullmatch(unicodedata.normalize("NFKC", text)) else text


def folded_value(text: str) -> str:
    """Return the form in which values are looked up in a map: one width and case, no blanks, no leading zeros of a number."""
    plain = as_compared(text)
    return plain.lstrip("0") or "0" if plain.isascii() and plain.isdigit() else plain


def mapped(text: str, values: Mapping[str, str]) -> str | None:
    """Return what a value stands for; itself where it is already one of those, None where the map does not know it."""
    found = values.get(folded_value(text))
    return found if found is not None else text if text in values.values() else None
