"""Any date of a catalogue, read as the days that it can mean."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from archives.errors import FormatError
from archives.message import Message, message
from archives.record.dates.calendars import TRADITIONAL
from archives.record.dates.points import Point, points_of
from archives.record.dates.record_date import Certainty, RecordDate

_UNKNOWN = frozenset(
    [
        "不详",
        "不明",
        "未知",
        "无",
        "无日期",
        "無日期",
        "日期不详",
        "时间不详",
        "年代不详",
        "年月不详",
        "不可考",
        "待考",
        "缺",
        "缺日期",
        "00000000",
        "0000-00-00",
    ]
) | {"undated", "n.d.", "n.d", "nd", "no date", "not dated", "unknown", "date unknown", "s.d."}
_DASHES = str.maketrans("–—―−‐‑‒﹣", "--------")
_CERTAINTIES: tuple[tuple[Certainty, re.Pattern[str]], ...] = (
    ("考证", re.compile(r"[\[〔【](?P<rest>.+)[\]〕】]")),
    (
        "约",
        re.compile(r"(?:约|大约|circa|ca?\.|ca?(?= ?\d)|approx(?:\.|imately)?|about|around|~)\s*(?P<rest>.+)", re.I),
    ),
    ("约", re.compile(r"(?P<rest>.+?)(?:前后|左右|~)")),
    ("存疑", re.compile(r"(?P<rest>.+?)(?:\(?\?\)?|\(?存疑\)?)")),
    ("存疑", re.compile(r"(?:probably|possibly|疑)\s*(?P<rest>.+)", re.I)),
)
_BEFORE = re.compile(
    r"(?:before|pre-?|until|截至|至|到|\.\./)\s*(?P<rest>.+)|(?P<rest_2>.+?)(?:年?)(?:以前|之前)", re.I
)
_AFTER = re.compile(
    r"(?:after|since|post-?|from)\s*(?P<rest>.+)|(?P<rest_2>.+?)(?:以后|之后|以来|起|至今|-|/\.\.|to present)", re.I
)
_BESIDE = re.compile(r"(?P<rest>[^()]+)\((?P<other>[^()]+)\)")
_SEPARATOR = re.compile(r"\s*(?:至|到|迄|~|--?|/|\bto\b)\s*")
_ONE_UNIT = re.compile(r"([^年月日号至到~/-]+)(至|到|~|-)([^年月日号至到~/-]+)([年月日号])")
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,? |,?(?:星期|周)[一二三四五六日天]")
_MONTHS = 12
_IN_FIGURES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")

Days = tuple[date, date]


@lru_cache(maxsize=1 << 14)
def parse_record_date(text: str) -> RecordDate:
    """Read a date, a range, or that there is none, in the forms that catalogues use.

    ``2014-09-30``, ``20140930``, ``198305``, ``2014.9``, 2014年9月, 一九八三年五月三日, 19830104-19831220, 1983年5至8月,
    民国三十六年五月, 民国36.5, 光绪三十一年五月, 昭和十五年, ``12 March 1987``, ``c. 1871``, ``1990s``, 20世纪50年代,
    ``[1952]`` (inferred, DA/T 18-2022 7.6.6), 不详. ``0`` for a month or a day says that it is not known.

    Raises ``FormatError`` for anything else, days that there are not, ranges that end before they begin, and dates that
    can be read in two ways (``03/04/1987``).
    """
    plain = _plain(text)
    certainty, rest = _qualified(plain)
    if rest in _UNKNOWN:
        return RecordDate(text.strip(), date.min, date.max)
    found = None if _is_ambiguous(rest) else _days(rest)
    if found is None:
        raise _refused(text, rest)
    (first, last), is_vague = found
    if first > last:
        raise _fault(text, message("日期的起止颠倒：{value}", "the range ends before it begins: {value}", value=text))
    return RecordDate(text.strip(), first, last, certainty or ("约" if is_vague else ""))


def parse_last_day(text: str) -> date:
    """Return the last day that a date can mean; raises ``FormatError`` where it has none."""
    found = parse_record_date(text)
    if found.latest == date.max:
        raise _fault(text, message("日期没有终止的一日：{value}", "a date without a last day: {value}", value=text))
    return found.latest


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES).translate(TRADITIONAL)
    plain = re.sub(r"\s+", " ", plain.strip()).lower()
    plain = _WEEKDAY.sub("", plain)
    is_chinese = re.search(r"[\u4e00-\u9fff]", plain) is not None
    return plain.replace(" ", "") if is_chinese else plain.rstrip(",;")


def _qualified(plain: str) -> tuple[Certainty, str]:
    certainty: Certainty = ""
    for found, form in _CERTAINTIES:
        if (match := form.fullmatch(plain)) and not points_of(plain):
            certainty, plain = found if certainty != "约" else certainty, match["rest"].strip()
    return certainty, plain


def _days(text: str) -> tuple[Days, bool] | None:
    """Return the days of a text, and whether it says them vaguely; None where it is no date."""
    if one := next(_single(text), None):
        return one
    for form, is_before in ((_BEFORE, True), (_AFTER, False)):
        if (match := form.fullmatch(text)) and (known := _days(match["rest"] or match["rest_2"])):
            (first, last), is_vague = known
            return ((date.min, last) if is_before else (first, date.max)), is_vague
    if match := _BESIDE.fullmatch(text):
        return _both(match["rest"], match["other"])
    return _range(text) or next((found for one in _with_units(text) if (found := _range(one))), None)


def _both(text: str, other: str) -> tuple[Days, bool] | None:
    """Read one date said in two ways, 民国三十六年(1947年): the days that both can mean."""
    ours, theirs = _days(text), _days(other)
    if ours is None or theirs is None:
        return None
    first, last = max(ours[0][0], theirs[0][0]), min(ours[0][1], theirs[0][1])
    return ((first, last), ours[1]) if first <= last else None


def _single(text: str) -> Iterator[tuple[Days, bool]]:
    for point in points_of(text):
        try:
            yield point.days(), point.is_vague
        except ValueError:
            continue


def _with_units(text: str) -> Iterator[str]:
    """Give the first of two numbers the unit that only the second has: 1983年5-8月, 民国三十五至三十七年."""
    if _ONE_UNIT.search(text):
        yield _ONE_UNIT.sub(r"\1\4\2\3\4", text)
    if match := re.fullmatch(r"(.*年(?:.*月)?)([^年月]+?)(至|到|~|-)(.+?)([月日号])", text):
        yield f"{match[1]}{match[2]}{match[5]}{match[3]}{match[4]}{match[5]}"


def _range(text: str) -> tuple[Days, bool] | None:
    """Read a range; what one end leaves out is said at the other."""
    reversed_days: tuple[Days, bool] | None = None
    for separator in _SEPARATOR.finditer(text):
        for left in points_of(text[: separator.start()]):
            for right in points_of(text[separator.end() :]):
                days = _between(left, right)
                if days and days[0] <= days[1]:
                    return days, left.is_vague or right.is_vague
                reversed_days = reversed_days or ((days, False) if days else None)
    return reversed_days


def _between(left: Point, right: Point) -> Days | None:
    try:
        return left.beside(right).days()[0], right.beside(left).days()[1]
    except ValueError:
        return None


def _is_ambiguous(plain: str) -> bool:
    match = _IN_FIGURES.fullmatch(plain)
    return match is not None and match[1] != match[2] and max(int(match[1]), int(match[2])) <= _MONTHS


def _refused(text: str, plain: str) -> FormatError:
    points = points_of(plain)
    if _is_ambiguous(plain):
        said = message("日期有两种读法：{value}", "this date can be read in two ways: {value}", value=text)
    elif _BESIDE.fullmatch(plain):
        said = message("两处日期不一致：{value}", "two dates that contradict each other: {value}", value=text)
    elif not points:
        said = message("不认识的日期：{value}", "not a date: {value}", value=text)
    elif all(point.year is None for point in points):
        said = message("日期没有年份：{value}", "a date without its year: {value}", value=text)
    elif all(point.is_short and not point.era for point in points):
        said = message("年份没有写全：{value}", "a year without its century: {value}", value=text)
    else:
        said = message("没有这样的日期：{value}", "there is no such day: {value}", value=text)
    return _fault(text, said)


def _fault(text: str, said: Message) -> FormatError:
    advice = message("写成 2014-09-30、2014年9月30日 或 20140930", "write 2014-09-30 or 20140930")
    return FormatError(said, subject=text, advice=advice)
