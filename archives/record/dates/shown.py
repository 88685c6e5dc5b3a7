"""How the public is told a date of formation: as it is written, with what that says in the reader's own language."""

import re
from dataclasses import replace

from archives.errors import FormatError
from archives.message import Message, message
from archives.record.dates.parse import parse_record_date
from archives.record.dates.record_date import Certainty, RecordDate

_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
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


def _days(read: RecordDate) -> str:
    first, _, last = replace(read, certainty="").edtf.partition("/")
    if first == "..":
        return f"until {last}"
    if last == "..":
        return f"from {first}"
    return f"{first} to {last}" if last else first
