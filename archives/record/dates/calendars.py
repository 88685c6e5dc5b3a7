"""Reigns and eras in which records are dated, and the days of their years, months and days.

Until 1911 a Chinese year is lunar: 光绪三十一年五月 began on 3 June 1905. The years of the Republic, of Manchukuo and of
Japan (since Meiji 6) are those of the Gregorian calendar, counted from another first year.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from archives.record.dates.record_date import month_end

if TYPE_CHECKING:
    from lunar_python import LunarMonth


@dataclass(frozen=True, slots=True)
class Era:
    """A reign or an era: the Gregorian years in which its first and last year began, and since which they are solar."""

    first: int
    last: int
    solar_from: int = 0


_REIGNS = (
    "洪武1368-1398 建文1399-1402 永乐1403-1424 洪熙1425-1425 宣德1426-1435 正统1436-1449 景泰1450-1456 天顺1457-1464 "
    "成化1465-1487 弘治1488-1505 正德1506-1521 嘉靖1522-1566 隆庆1567-1572 万历1573-1620 泰昌1620-1620 天启1621-1627 "
    "崇祯1628-1644 顺治1644-1661 康熙1662-1722 雍正1723-1735 乾隆1736-1795 嘉庆1796-1820 道光1821-1850 咸丰1851-1861 "
    "同治1862-1874 光绪1875-1908 宣统1909-1911"
)


_REPUBLIC = 1912


def _reigns(text: str) -> dict[str, Era]:
    return {one[:2]: Era(int(one[2:6]), int(one[7:]), solar_from=_REPUBLIC) for one in text.split()}


ERAS = {
    **_reigns(_REIGNS),
    "中华民国": Era(1912, 2199), "民国": Era(1912, 2199), "洪宪": Era(1916, 1916),
    "大同": Era(1932, 1934), "康德": Era(1934, 1945), "伪大同": Era(1932, 1934), "伪康德": Era(1934, 1945),
    "明治": Era(1868, 1912, solar_from=1873), "大正": Era(1912, 1926), "昭和": Era(1926, 1989), "平成": Era(1989, 2019),
    "令和": Era(2019, 2199),
    "公元": Era(1, 2199), "西元": Era(1, 2199),
}  # fmt: skip
"""By name, simplified."""

TRADITIONAL = str.maketrans("華國萬曆啟啓禎順緒統豐慶偽僞農陰舊閏紀", "华国万历启启祯顺绪统丰庆伪伪农阴旧闰纪")
"""Turns the characters of an era's name that differ into the simplified ones."""

_JULIAN_DAY_OF_ORDINAL_0 = 1_721_425
_FIRST_LUNAR = 1583
"""Before it dates are Julian; only the year is read."""


def days_of(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    """Return the first and last day of a Gregorian year, month or day; raises ``ValueError`` when there is none."""
    if not month:
        if day:
            raise ValueError("a day without its month")
        return date(year, 1, 1), date(year, 12, 31)
    if not day:
        first = date(year, month, 1)
        return first, month_end(first)
    exact = date(year, month, day)
    return exact, exact


def lunar_days_of(year: int, month: int | None, day: int | None, *, is_leap: bool) -> tuple[date, date]:
    """Return the first and last day of a lunar year, month or day, named by the Gregorian year that it began in.

    Raises ``ValueError`` when that year has no such month, or the month no such day.
    """
    if year < _FIRST_LUNAR:
        return date(year, 1, 1), date(year + 1, 2, 28)
    from lunar_python import LunarYear

    months = {one.getMonth(): one for one in LunarYear.fromYear(year).getMonthsInYear()}
    if not month:
        last = months[-12] if -12 in months else months[12]
        return _starts(months[1]), _starts(last) + timedelta(days=last.getDayCount() - 1)
    found = months.get(-month if is_leap else month)
    if found is None or (day or 1) > found.getDayCount():
        raise ValueError("no such month, or no such day in it")
    first = _starts(found)
    if day:
        first += timedelta(days=day - 1)
        return first, first
    return first, first + timedelta(days=found.getDayCount() - 1)


def _starts(month: "LunarMonth") -> date:
    return date.fromordinal(round(month.getFirstJulianDay()) - _JULIAN_DAY_OF_ORDINAL_0)
