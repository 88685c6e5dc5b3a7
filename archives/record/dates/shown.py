"""How a date of formation is told: as it is written, with what that says, or as people read dates, with what only the writing says."""

import re
from dataclasses import replace
from datetime import date

from archives.errors import FormatError
from archives.message import Message, message
from archives.record.dates.parse import parse_record_date
from archives.record.dates.record_date import Certainty, RecordDate, month_end

_HAN = re.compile(r"[\u3400-\u9fff]")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = ("年", "月", "日")
_LETTER = re.compile(r"[^\W\d_]")
_NOT_KNOWN = "日期不详"
_SAYS_NO_MORE = re.compile(
    r"前后|左右|存疑|大约|[〇○零一二三四五六七八九十廿卅年月日号约疑至到起]"
    r"|\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|to|from|until|ca?|circa|about|around|approx(?:imately)?)\b|(?<=\d)(?:st|nd|rd|th)\b",
    re.I,
)
"""The words of a date that its reading has, too."""
_SAID: dict[Certainty, tuple[str, str]] = {
    "": ("", ""),
    "考证": ("考证所得", "inferred"),
    "约": ("约略", "approximate"),
    "存疑": ("存疑", "doubtful"),
}


def shown_date(written: str) -> Message:
    """Return a date as it is written, and what a reader would not see: how sure it is, and the days of one in Chinese.

    One that cannot be read stands as it is.
    """
    try:
        read = parse_record_date(written)
    except FormatError:
        return message("{written}", "{written}", written=written)
    is_chinese = _HAN.search(written) is not None
    zh, en = _SAID[read.certainty]
    if not read.is_known:
        zh, en = "日期不详", "date not known"
    is_sign_only = read.certainty == "考证" or not _LETTER.search(written)
    in_chinese = zh if is_sign_only or not is_chinese else ""
    in_english = ", ".join(filter(None, (_days(read) if is_chinese else "", en if is_sign_only or is_chinese else "")))
    return message(
        "{written}（{zh}）" if in_chinese else "{written}",
        "{written} ({en})" if in_english else "{written}",
        written=written,
        zh=in_chinese,
        en=in_english,
    )


def read_date(written: str) -> Message:
    """Return a date as lists tell it: 1985年3月1日—11月20日, 1 Mar – 20 Nov 1985, whatever way it is written.

    One that cannot be read stands as it is.
    """
    try:
        read = parse_record_date(written)
    except FormatError:
        return message("{written}", "{written}", written=written)
    if not read.is_known:
        return message(_NOT_KNOWN, "date not known")
    first, last = _sides(read)
    zh, en = _in_chinese(first, last), _in_english(first, last)
    match read.certainty:
        case "":
            return message(zh, en)
        case "约":
            return message(f"约{zh}", f"c. {en}")
    said, said_en = _SAID[read.certainty]
    return message(f"{zh}（{said}）", f"{en} ({said_en})")


def told_date(written: str) -> Message:
    """Return a date as people read it, and as it is written where that says more: the year of a reign, a season, a decade.

    One that cannot be read stands as it is.
    """
    read = read_date(written)
    if read.values or not read.zh or read.zh == _NOT_KNOWN or not _LETTER.search(_SAYS_NO_MORE.sub("", written)):
        return read
    return message("{read}（原作“{written}”）", "{read} (written “{written}”)", read=read, written=written.strip())


_Side = tuple[int, ...]
"""A year, its month, its day, as far as a date says them; empty where a date is open."""


def _sides(read: RecordDate) -> tuple[_Side, _Side]:
    first, last = read.earliest, read.latest
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        length = 1
    else:
        length = 2 if first.day == 1 and last == month_end(last) else 3
    parts = [(one.year, one.month, one.day)[:length] for one in (first, last)]
    return () if first == date.min else parts[0], () if last == date.max else parts[1]


def _in_chinese(first: _Side, last: _Side) -> str:
    whole = ["".join(f"{n}{unit}" for n, unit in zip(one, _UNITS, strict=False)) for one in (first, last)]
    if not first or not last:
        return f"{whole[0]}起" if first else f"至{whole[1]}"
    if first == last:
        return whole[0]
    if len(first) == 1:
        return f"{first[0]}—{whole[1]}"
    shared = next(n for n, pair in enumerate(zip(first, last, strict=True)) if pair[0] != pair[1])
    rest = zip(last[shared:], _UNITS[shared:], strict=False)
    return f"{whole[0]}—{''.join(f'{n}{unit}' for n, unit in rest)}"


def _in_english(first: _Side, last: _Side) -> str:
    if not first or not last:
        return f"from {_day(first)}" if first else f"until {_day(last)}"
    if first == last:
        return _day(first)
    if len(first) == 1:
        return f"{first[0]}–{last[0]}"
    if len(first) == 3 and first[:2] == last[:2]:
        return f"{first[2]}–{_day(last)}"
    begun = _day(first).rpartition(" ")[0] if first[0] == last[0] else _day(first)
    return f"{begun} – {_day(last)}"


def _day(one: _Side) -> str:
    return " ".join([*map(str, one[2:]), *(_MONTHS[month - 1] for month in one[1:2]), str(one[0])])


def _days(read: RecordDate) -> str:
    first, _, last = replace(read, certainty="").edtf.partition("/")
    if first == "..":
        return f"until {last}"
    if last == "..":
        return f"from {first}"
    return f"{first} to {last}" if last else first
