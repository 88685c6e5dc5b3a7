"""Lists, counted: the numbers that office programs put before paragraphs by themselves (第一条, 2.1, iii)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_DIGITS = "〇一二三四五六七八九"
_ROMAN = dict(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"],
        strict=True,
    )
)
_SIGNS = {
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
"""Formats that have a sign for each of their first numbers."""
_COUNTED = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
)
_LEGAL = str.maketrans("〇一二三四五六七八九十百千零", "零壹贰叁肆伍陆柒捌玖拾佰仟零")
_DIGIT_BY_DIGIT = ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
BULLET, NONE, DECIMAL = "bullet", "none", "decimal"
_SILENT = (BULLET, NONE)
LEVELS = 9
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: the format of its number, and its text with ``%1`` to ``%9`` for the numbers of all levels.

    ``restarts_after`` is the depth (from 1) whose paragraphs let it begin anew, with those above it; None: every one, 0:
    none. ``is_legal``: all numbers in its text are written in digits. ``style`` is the style of paragraphs that are of it.
    """

    form: str
    text: str
    start: int = 1
    style: str | None = None
    is_legal: bool = False
    restarts_after: int | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list as paragraphs name it: its levels by their depth, and at what number some begin when it is used first.

    Lists ``of`` the same kind are counted together.
    """

    of: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int] = field(default_factory=dict)


class Counting:
    """The lists of a document, counted as its paragraphs are read one after the other."""

    def __init__(self, lists: Mapping[str, List]) -> None:
        self.lists = lists
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def begin_anew(self, name: str) -> None:
        """Let a list be counted from its start."""
        self._counts.pop(self.lists[name].of if name in self.lists else name, None)

    def label(self, name: str, depth: int, start: int | None = None) -> str:
        """Return what stands before a paragraph of a list, "" before most; each is to be asked for once, in their order.

        ``start`` is the number that the paragraph itself names.
        """
        used = self.lists.get(name)
        level = used.levels.get(depth) if used else None
        if used is None or level is None:
            return ""
        counts = self._counted(name, used, depth)
        counts[depth] = counts[depth] if start is None else start
        if level.form == BULLET:
            return level.text if len(level.text) > 1 else ""
        text = level.text
        for place in range(depth + 1):
            form = used.levels[place].form if place in used.levels else DECIMAL
            number = counts[place]
            form = DECIMAL if level.is_legal and form not in _SILENT else form
            text = text.replace(f"%{place + 1}", _written(1 if number is None else number, form))
        return text.strip()

    def _counted(self, name: str, used: List, depth: int) -> list[int | None]:
        level, counts = used.levels[depth], self._counts.setdefault(used.of, [None] * LEVELS)
        for above in range(depth):
            if counts[above] is None:
                counts[above] = used.starts.get(above, used.levels[above].start if above in used.levels else 1)
        number = counts[depth]
        if depth in used.starts and (name, depth) not in self._begun:
            counts[depth] = used.starts[depth]
        else:
            counts[depth] = level.start if number is None else number + 1
        self._begun.add((name, depth))
        for below in range(depth + 1, LEVELS):
            after = used.levels[below].restarts_after if below in used.levels else None
            if after is None or depth < after:
                counts[below] = None
        return counts


def whole_number(text: str | None) -> int:
    """Return a number of up to five digits; 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _written(number: int, form: str) -> str:
    """Return a number as a format of numbers writes it (§17.18.59); those that are not known here, in digits."""
    if form in _SILENT:
        return ""
    if form == "decimalZero":
        return f"{number:02}"
    if form == "ordinal":
        return f"{number}{_ordinal(number)}"
    if not 0 < number < _MOST:
        return str(number)
    if form in _SIGNS and number <= len(_SIGNS[form]):
        return _SIGNS[form][number - 1]
    if form in _COUNTED:
        return _counted(number)
    if form in _DIGIT_BY_DIGIT:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    match form:
        case "lowerRoman" | "upperRoman":
            roman = _roman(number)
            return roman.upper() if form == "upperRoman" else roman
        case "lowerLetter" | "upperLetter":
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letters.upper() if form == "upperLetter" else letters
        case "decimalFullWidth" | "decimalFullWidth2":
            return str(number).translate(_FULL_WIDTH)
        case "chineseLegalSimplified" | "ideographLegalTraditional":
            return (_counted(number) if not 10 <= number < 20 else f"一{_counted(number)}").translate(_LEGAL)
    return str(number)


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return "th" if number % 100 in (11, 12, 13) else ending


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
