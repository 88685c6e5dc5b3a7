"""Numbers as their format shows them (ISO/IEC 29500-1 §18.8.30, §18.8.31): 5 under ``0000`` is seen as 0005."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from formats.spreadsheet.cells import How

GENERAL = "General"
BUILT_IN = MappingProxyType(
    {
        0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
        13: "# ??/??", 14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
        19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-m-d h:mm", 27: "yyyy年m月", 28: "m月d日",
        29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒", 34: "h时mm分",
        35: "h时mm分ss秒", 36: "yyyy年m月", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss",
        46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月",
        53: "m月d日", 54: "m月d日", 55: "h时mm分", 56: "h时mm分ss秒", 57: "yyyy年m月", 58: "m月d日",
    }
)  # fmt: skip
"""Formats that have a number and stand in no file; those of East Asia as Excel shows them in Chinese."""
_PLAIN = ("", "@", "G/通用格式")
"""Formats that show a number as it is; the last is what Excel in Chinese calls General."""
_MOST_DIGITS = 15
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<blank>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]|(?P<meridiem>AM/PM|A/P|上午/下午)'
    r"|(?P<general>(?i:General)|G/通用格式)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|[eE](?![+-])|[aA]{3,4}|[bBgG]+)|(?P<power>[eE][+-])|(?P<digit>[0#?])"
    r"|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<slash>/)|(?P<text>@)|(?P<plain>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def shown(value: float, code: str, *, from_1904: bool = False) -> tuple[str, How]:
    """Return what is seen of a number under a format, and how that came about; a date is given in ISO 8601."""
    if code in _PLAIN or code.lower() == "general":
        return _general(value)
    sections = _sections(code)
    if any(token.kind == "condition" for section in sections for token in section):
        return _general(value)[0], How.ODD
    place = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    tokens = sections[place]
    kinds = {token.kind for token in tokens}
    if "date" in kinds and "digit" not in kinds:
        return _date(value, tokens, from_1904=from_1904)
    if kinds & {"odd", "power", "date"}:
        return _general(value)[0], How.ODD
    if "slash" in kinds:
        return _vulgar(abs(value) if place == 1 else value, tokens) or (_general(value)[0], How.ODD)
    return _number(abs(value) if place == 1 else value, tokens)


def shown_text(text: str, code: str) -> str:
    """Return what is seen of a text under a format: a section with ``@`` may put words around it."""
    if "@" not in code or code == "@":
        return text
    tokens = _sections(code)[-1]
    return "".join(text if token.kind == "text" else token.text if token.kind == "literal" else "" for token in tokens)


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[tuple[_Token, ...], ...]:
    sections: list[list[_Token]] = [[]]
    for found in _TOKEN.finditer(code):
        kind, text = str(found.lastgroup), str(found[str(found.lastgroup)])
        if kind == "plain" and text == ";":
            sections.append([])
        elif kind in ("quoted", "escaped", "plain"):
            sections[-1].append(_Token("literal", text))
        elif kind == "blank":
            sections[-1].append(_Token("literal", " "))
        elif kind == "bracket":
            sections[-1] += _of_bracket(text)
        elif kind != "fill":
            sections[-1].append(_Token(kind, text))
    return tuple(tuple(section) for section in sections)


def _of_bracket(text: str) -> list[_Token]:
    """Return what is in brackets: a currency with a language, a colour, a condition, hours beyond a day."""
    if text.startswith("$"):
        return [_Token("literal", text[1:].split("-")[0])]
    if re.fullmatch(r"(?i)black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|黑色?|红色?|蓝色?|绿色?", text):
        return []
    if re.match(r"[<>=]", text):
        return [_Token("condition", text)]
    return [_Token("odd", text)]


def _general(value: float) -> tuple[str, How]:
    if value == int(value) and abs(value) < 1e300:
        digits = str(int(value))
        return digits, How.LONG if len(digits.lstrip("-")) > _MOST_DIGITS else How.NUMBER
    number = format(Decimal(format(value, f".{_MOST_DIGITS}g")), "f")
    return number, How.NUMBER


def _number(value: float, tokens: tuple[_Token, ...]) -> tuple[str, How]:
    """Return a number in the digits of a format; words stand where the format has them."""
    if not any(token.kind in ("digit", "general") for token in tokens):
        return "".join(token.text for token in tokens if token.kind in ("literal", "point")), How.SHOWN
    if any(token.kind == "general" for token in tokens):
        plain = _general(value)[0]
        words = (plain if t.kind == "general" else t.text if t.kind == "literal" else "" for t in tokens)
        return "".join(words), How.SHOWN
    exact = Decimal(format(value, f".{_MOST_DIGITS}g"))
    scaled = exact.scaleb(2 * sum(token.kind == "percent" for token in tokens))
    last_digit = max(place for place, token in enumerate(tokens) if token.kind == "digit")
    scaled = scaled.scaleb(-3 * sum(token.kind == "comma" for token in tokens[last_digit:]))
    point = next((place for place, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    decimals = [token for token in tokens[point:] if token.kind == "digit"]
    try:
        rounded = scaled.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    except InvalidOperation:
        return _general(value)[0], How.ODD
    whole, _, fraction = format(abs(rounded), "f").partition(".")
    before = _whole("" if whole == "0" else whole, tokens[:point])
    after = _fraction(fraction, tokens[point:])
    sign = "-" if rounded < 0 else ""
    says_more = any(token.kind != "digit" and token.text.strip() for token in tokens)
    zeros = sum(token.kind == "digit" and token.text == "0" for token in tokens)
    how = (
        How.LONG
        if len(whole) > _MOST_DIGITS
        else How.ROUNDED
        if rounded != scaled
        else How.SHOWN
        if says_more or zeros > 1
        else How.NUMBER
    )
    return f"{sign}{before}{after}", how


def _vulgar(value: float, tokens: tuple[_Token, ...]) -> tuple[str, How] | None:
    """Return a number as a whole and a fraction (1 1/2); None for a format that has more than these."""
    form = "".join(token.text for token in tokens)
    found = re.fullmatch(
        r"(?P<whole>[#0]+ +|)(?P<above>[?#0]+) ?/ ?(?:(?P<below>[?#0]+)|(?P<fixed>[1-9]\d{0,3})) *", form
    )
    if found is None or abs(value) >= 1e15:
        return None
    exact = abs(Fraction(format(value, f".{_MOST_DIGITS}g")))
    below = int(found["fixed"]) if found["fixed"] else 0
    near = Fraction(round(exact * below), below) if below else exact.limit_denominator(10 ** len(found["below"]) - 1)
    whole, rest = divmod(near, 1) if found["whole"] else (0, near)
    written = (
        f"{rest.numerator * below // rest.denominator}/{below}" if below else f"{rest.numerator}/{rest.denominator}"
    )
    parts = [str(whole)] if whole or "0" in found["whole"] or (found["whole"] and not rest) else []
    parts += [written] if rest or not found["whole"] else []
    sign = "-" if value < 0 and near else ""
    return sign + " ".join(parts), How.SHOWN if near == exact else How.ROUNDED


def _whole(digits: str, tokens: tuple[_Token, ...]) -> str:
    """Return the digits before the point, filled in from the right; the first place takes all that are left."""
    places = [place for place, token in enumerate(tokens) if token.kind == "digit"]
    groups = any(token.kind == "comma" for token in tokens[: places[-1]]) if places else False
    written: list[str] = []
    left, taken = digits, 0
    for place in range(len(tokens) - 1, -1, -1):
        token = tokens[place]
        if token.kind == "digit":
            some = left if place == places[0] else left[-1:]
            left = left[: len(left) - len(some)]
            some = some or {"0": "0", "?": " "}.get(token.text, "")
            for digit in reversed(some):
                written.append("," if groups and taken and taken % 3 == 0 and digit != " " else "")
                written.append(digit)
                taken += 1
        elif token.kind in ("literal", "percent"):
            written.append(token.text[::-1])
    return "".join(written)[::-1] if places else digits + "".join(written)[::-1]


def _fraction(digits: str, tokens: tuple[_Token, ...]) -> str:
    written, left = [], digits
    for token in tokens:
        if token.kind == "digit":
            one, left = left[:1], left[1:]
            written.append("" if token.text == "#" and not (one + left).strip("0") else one or "0")
        elif token.kind in ("literal", "point", "percent"):
            written.append(token.text)
    return "".join(written)


def _date(value: float, tokens: tuple[_Token, ...], *, from_1904: bool) -> tuple[str, How]:
    """Return as much of a date as its format shows, largest part first."""
    if any(token.kind == "odd" and not token.text.upper().startswith("DBNUM") for token in tokens):
        return _general(value)[0], How.ODD
    try:
        moment = moment_of(value, from_1904=from_1904)
    except (OverflowError, ValueError):
        return _general(value)[0], How.ODD
    parts = _parts(tokens)
    clock = moment.strftime("%H:%M:%S" if moment.second else "%H:%M") if "h" in parts else ""
    if "y" in parts:
        day = moment.strftime("%Y-%m-%d" if {"m", "d"} <= parts else "%Y-%m" if "m" in parts else "%Y")
        return f"{day} {clock}" if clock and clock != "00:00" else day, How.DATE
    if "m" in parts or "d" in parts:
        month = f"{moment.month}月" if "m" in parts else ""
        return f"{month}{moment.day}日" if "d" in parts else month, How.YEARLESS
    return clock or _general(value)[0], How.SHOWN if clock else How.ODD


def _parts(tokens: tuple[_Token, ...]) -> set[str]:
    """Return the parts of a date that a format shows; an m beside hours or seconds is minutes."""
    named = [token.text[0].lower() for token in tokens if token.kind == "date"]
    parts = set()
    for place, letter in enumerate(named):
        if letter == "m" and ("h" in named[max(0, place - 1) : place] or named[place + 1 : place + 2] == ["s"]):
            continue
        parts.add("y" if letter in "eg" else "h" if letter == "s" else letter)
    return parts


def moment_of(value: float, *, from_1904: bool = False) -> datetime:
    """Return the moment that a serial number stands for; raises ``ValueError`` or ``OverflowError``.

    The first of the year 1900 is 1, and 60 is a day that never was (ISO/IEC 29500-1 §18.17.4.1).
    """
    if value < 0:
        raise ValueError(value)
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if value >= 61 else 31)  # noqa: DTZ001 - a sheet has no zone
    return start + timedelta(seconds=round(value * 86400))
