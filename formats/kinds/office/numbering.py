"""The numbers that Word puts before paragraphs by itself (ISO/IEC 29500-1 §17.9): 第一条, 2.1, iii."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from formats.ooxml import attribute, child

_DIGITS = "〇一二三四五六七八九"
_ROMAN = dict(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"],
        strict=True,
    )
)
_SILENT = ("bullet", "none")
_MOST = 10_000
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int
    style: str | None


class Numbering:
    """The lists of a document, counted as its paragraphs are read one after the other."""

    def __init__(self, root: etree._Element | None, styles: etree._Element | None) -> None:
        found = {} if root is None else {attribute(one, "abstractNumId"): one for one in root.iter("{*}abstractNum")}
        levels = {name: dict(_levels(one)) for name, one in found.items()}
        self._lists: dict[str, str] = {}
        for one in () if root is None else root.iter("{*}num"):
            of = attribute(child(one, "abstractNumId"), "val")
            if of in levels:
                self._lists[attribute(one, "numId") or ""] = of or ""
        self._levels: Mapping[str | None, dict[int, _Level]] = levels
        self._styles = {} if styles is None else {attribute(s, "styleId"): s for s in styles.iter("{*}style")}
        self._counts: dict[str, list[int]] = {}

    def label(self, paragraph: etree._Element) -> str:
        """Return what stands before a paragraph, "" for most; each is to be asked for once, in their order."""
        number, depth = self._place(paragraph)
        of = self._lists.get(number or "")
        level = self._levels[of].get(depth) if of is not None else None
        if of is None or level is None:
            return ""
        counts = self._counts.setdefault(of, [0] * _LEVELS)
        for above in range(depth):
            counts[above] = counts[above] or (self._levels[of][above].start if above in self._levels[of] else 1)
        counts[depth] = counts[depth] + 1 if counts[depth] else level.start
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        if level.form in _SILENT:
            return ""
        text = level.text
        for place in range(depth + 1):
            form = self._levels[of][place].form if place in self._levels[of] else "decimal"
            text = text.replace(f"%{place + 1}", _written(counts[place], form))
        return text

    def _place(self, paragraph: etree._Element) -> tuple[str | None, int]:
        """Return in which list a paragraph is, by itself or by its style, and how deep."""
        own = child(paragraph, "pPr")
        found = child(own, "numPr")
        style = attribute(child(own, "pStyle"), "val")
        seen: set[str] = set()
        depth = _number(attribute(child(found, "ilvl"), "val"))
        number = attribute(child(found, "numId"), "val")
        while number is None and style and style not in seen:
            seen.add(style)
            properties = child(self._styles.get(style), "pPr")
            number = attribute(child(child(properties, "numPr"), "numId"), "val")
            depth = self._depth_of(number, style, _number(attribute(child(child(properties, "numPr"), "ilvl"), "val")))
            style = attribute(child(self._styles.get(style), "basedOn"), "val")
        return number, min(depth, _LEVELS - 1)

    def _depth_of(self, number: str | None, style: str, otherwise: int) -> int:
        levels = self._levels.get(self._lists.get(number or ""), {})
        return next((depth for depth, level in levels.items() if level.style == style), otherwise)


def _levels(root: etree._Element) -> Iterator[tuple[int, _Level]]:
    for one in root.iter("{*}lvl"):
        text, start = attribute(child(one, "lvlText"), "val") or "", attribute(child(one, "start"), "val")
        form = attribute(child(one, "numFmt"), "val") or "decimal"
        level = _Level(form, text, _number(start or "1"), attribute(child(one, "pStyle"), "val"))
        yield min(_number(attribute(one, "ilvl")), _LEVELS - 1), level


def _written(number: int, form: str) -> str:
    """Return a number as a format of numbers writes it (§17.18.59); those that are not known here, in digits."""
    if not 0 < number < _MOST:
        return str(number)
    match form:
        case "lowerRoman" | "upperRoman":
            roman = _roman(number)
            return roman.upper() if form == "upperRoman" else roman
        case "lowerLetter" | "upperLetter":
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letters.upper() if form == "upperLetter" else letters
        case "decimalZero":
            return f"{number:02}"
        case "chineseCounting" | "chineseCountingThousand" | "japaneseCounting" | "taiwaneseCountingThousand":
            return _counted(number)
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if number <= len("①②③④⑤⑥⑦⑧⑨⑩"):
            return "①②③④⑤⑥⑦⑧⑨⑩"[number - 1]
    return str(number)


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN.items():
        written += letters * (number // value)
        number %= value
    return written


def _counted(number: int) -> str:
    """Return a number as it is counted in Chinese: 十, 十二, 一百零三."""
    written, has_gap = "", False
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            is_ten = value == 10 and digit == 1 and not written
            written += ("零" if has_gap else "") + ("" if is_ten else _DIGITS[digit]) + unit
            has_gap = False
        else:
            has_gap = bool(written)
    return written


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
