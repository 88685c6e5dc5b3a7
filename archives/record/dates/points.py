"""One date without a range: the parts that are written of it, in the forms of practice, and the days that it can mean."""

import re
from dataclasses import dataclass, replace
from datetime import date

from archives.record.dates.calendars import ERAS, days_of, lunar_days_of
from archives.text.numerals import HAN, han_value

_NAMED = {"元": 1, "正": 1, "冬": 11, "腊": 12, "臘": 12}
_LUNAR_NAMES = ("正", "冬", "腊", "臘")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_N = rf"(?:\d{{1,4}}|[元正冬腊臘{HAN}]+)"
_ERA = "|".join(sorted(ERAS, key=len, reverse=True))
_DYNASTY = r"(?:[清明]朝?)?"
_NAME = r"(?P<name>(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?)"
_PART = "(?P<part>上旬|中旬|下旬|上半年|下半年|第?[一二三四1-4]季度|初|[末底中]|[春夏秋冬]季?)?"
_TIME_OF = "(?P<part>初期?|中[期叶]?|[末后晚]期?)?"
_MONTH_AND_DAY = (
    r"(?P<lunar>农历|夏历|阴历|旧历)?"
    rf"(?:(?P<leap>闰)?(?P<month>{_N})月份?(?:(?P<lunar_day>初)?(?P<day>{_N})[日号號]?)?)?"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<year>\d{4})(?P<month>0\d|1[0-2])",
        r"(?P<year>\d{4})(?P<mark>[-./])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})\.?(?:[t ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?z?)?",
        r"(?P<year>\d{4})[-./](?P<month>\d{1,2})\.?",
        r"(?P<year>\d{4})\.?",
        r"(?P<day>1[3-9]|2\d|3[01])[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})",
        r"(?P<month>\d{1,2})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})",
        rf"{_DYNASTY}(?P<era>{_ERA})(?P<year>{_N})(?:[-./](?P<month>\d{{1,2}})(?:[-./](?P<day>\d{{1,2}}))?)?",
        rf"(?:{_DYNASTY}(?P<era>{_ERA}))?(?P<year>{_N})年度?{_MONTH_AND_DAY}{_PART}",
        rf"(?P<month>{_N})月份?(?:(?P<day>{_N})[日号號]?)?{_PART}",
        rf"(?P<day>{_N})[日号號]",
        r"(?P<month>\d{1,2})[./-](?P<day>\d{1,2})",
        rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -])?{_NAME}(?:[ ,-]+(?P<year>\d{{4}}))?",
        rf"{_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?",
        rf"(?P<year>\d{{4}}),? {_NAME}(?: (?P<day>\d{{1,2}}))?",
        r"(?P<part>spring|summer|autumn|fall|winter|early|mid|late)[ -](?P<year>\d{4})",
        r"(?P<part>early|mid|late)?[ -]?(?:the )?(?P<decade>\d{3})0'?s",
        rf"(?P<decade>\d{{3}})(?:0年代|[-x?]年?){_TIME_OF}",
        rf"(?P<century>\d\d|[一二三四五六七八九十廿]+)世纪(?:(?P<tens>\d|[一二三四五六七八九])[0十]年代)?{_TIME_OF}",
        r"(?P<part>early|mid|late)?[ -]?(?P<century>\d{2})(?:st|nd|rd|th)[ -]century",
        r"(?P<hundred>\d\d)(?:--|xx|\?\?)",
        r"(?P<bare>\d{1,2})",
    )
)
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
_MONTHS_OF = {"上半年": (1, 6), "下半年": (7, 12)}


@dataclass(frozen=True, slots=True)
class Point:
    """What is written of a date. ``bare`` is a number alone, which another date must explain; ``is_short``: its year
    has no century; ``years`` is a decade or a century; ``part`` is a third, a half, a quarter or a vaguer word.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    era: str = ""
    is_lunar: bool = False
    is_leap: bool = False
    part: str = ""
    bare: int | None = None
    is_short: bool = False
    years: tuple[int, int] | None = None

    @property
    def is_vague(self) -> bool:
        """Whether it says more than its days do: early, spring."""
        return bool(self.part) and not _exact(self)

    def beside(self, other: "Point") -> "Point":
        """Return this date with what it leaves out taken from the other end of its range."""
        if self.bare is not None and other.year is not None:
            if other.day:
                return replace(other, day=self.bare, part="")
            if other.month:
                return replace(other, month=self.bare, part="")
            return replace(other, year=self.bare if other.era else other.year - other.year % 100 + self.bare)
        if self.year is not None or self.years:
            return replace(self, era=other.era) if self.is_short and not self.era else self
        month = self.month or other.month
        return replace(self, year=other.year, month=month, era=other.era, is_lunar=self.is_lunar or other.is_lunar)

    def days(self) -> tuple[date, date]:
        """Return the first and the last day; raises ``ValueError`` where there is no such day, or it is not said."""
        if self.years:
            return date(self.years[0], 1, 1), date(self.years[1], 12, 31)
        if self.year is None:
            raise ValueError("no year")
        era = ERAS.get(self.era)
        year = self.year
        if era:
            year = era.first + self.year - 1
            if not era.first <= year <= era.last:
                raise ValueError("the era has no such year")
        elif self.is_short:
            raise ValueError("the century is not said")
        if self.is_lunar or (era and year < era.solar_from):
            return lunar_days_of(year, self.month, self.day, is_leap=self.is_leap)
        return _exact(replace(self, year=year)) or days_of(year, self.month, self.day)


def _exact(point: Point) -> tuple[date, date] | None:
    """Return the days of a third of a month, a half or a quarter of a year; None for vaguer words."""
    if point.year is None or not point.part:
        return None
    if point.month and not point.day and point.part in _THIRDS:
        first, last = _THIRDS[point.part]
        end = days_of(point.year, point.month, None)[1]
        return end.replace(day=first), end.replace(day=min(last, end.day))
    months = _MONTHS_OF.get(point.part)
    if found := re.fullmatch(r"第?(.)季度", point.part):
        quarter = _number(found[1]) or 0
        months = (quarter * 3 - 2, quarter * 3)
    if months and not point.month:
        return date(point.year, months[0], 1), days_of(point.year, months[1], None)[1]
    return None


def points_of(text: str) -> list[Point]:
    """Return every reading of a text as one date, the likeliest first."""
    found = (form.fullmatch(text) for form in _FORMS)
    return [_point(one.groupdict()) for one in found if one]


def _point(said: dict[str, str | None]) -> Point:
    year, month, day = (_number(said.get(part) or "") for part in ("year", "month", "day"))
    if name := said.get("name"):
        month = _MONTHS.index(name[:3].lower()) + 1
    return Point(
        year,
        month or None,
        day or None,
        era=said.get("era") or "",
        is_lunar=bool(said.get("lunar") or said.get("lunar_day")) or (said.get("month") or "") in _LUNAR_NAMES,
        is_leap=bool(said.get("leap")),
        part=said.get("part") or "",
        bare=_number(said.get("bare") or ""),
        is_short=0 < len(said.get("year") or "") < len("1983"),
        years=_years(said),
    )


def _years(said: dict[str, str | None]) -> tuple[int, int] | None:
    if decade := said.get("decade"):
        return int(decade) * 10, int(decade) * 10 + 9
    if hundred := said.get("hundred"):
        return int(hundred) * 100, int(hundred) * 100 + 99
    century = _number(said.get("century") or "")
    if century is None:
        return None
    first = (century - 1) * 100
    if tens := _number(said.get("tens") or ""):
        return first + tens * 10, first + tens * 10 + 9
    return first + 1, first + 100


def _number(text: str) -> int | None:
    """Read a number in Arabic or Chinese figures: 36, 三十六, 一九三六, 廿六, 元; None for nothing."""
    if not text:
        return None
    if text.isdecimal():
        return int(text)
    if text in _NAMED:
        return _NAMED[text]
    if any(one not in HAN for one in text):
        return None
    return han_value(text)
