"""密级 as it was written, with its term, and what became of it: 机密★10年, declassified, run out."""

import re
import unicodedata
from calendar import monthrange
from datetime import date

from archives.errors import FormatError
from archives.message import Message, message
from archives.record.dates.record_date import RecordDate
from archives.record.description import Description, as_written, parse_security
from archives.text.numerals import HAN, han_value

AS_WRITTEN = as_written("密级")
"""The name under which a classification stands beside the elements with the term that was written behind it."""
_TERM = re.compile(rf"(?P<number>\d{{1,3}}|[{HAN}]{{1,4}})(?P<unit>年|个?月|years?|months?)", re.IGNORECASE)
_MORE = re.compile(r"\d|年|月|长期|永久|[★☆*]")
_MONTHS = 12


def term_kept(text: str) -> str:
    """Return a classification that says more than its level (``机密★10年``) as it is written; empty for any other text."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        level = parse_security(plain)
    except FormatError:
        return ""
    return text.strip() if level and level.is_state_secret and _MORE.search(plain) else ""


def security_written(said: Description) -> str:
    """Return the classification with its term, where one was written, else the level; empty where there is none."""
    level = str(said.security or "")
    kept = dict(said.other).get(AS_WRITTEN, "")
    return kept if level and term_kept(kept) and parse_security(kept) == said.security else level


def security_told(said: Description, today: date) -> str:
    """Return the classification as a printed form has it, with what became of it behind: ``机密★10年（2016-03-01 已解密）``."""
    written, state = security_written(said), secrecy_state(said, today)
    return f"{written}（{state.text('zh')}）" if state else written


def secrecy_state(said: Description, today: date) -> Message | None:
    """Return what became of a state secret: declassified and when, or to when its term runs or ran; None where nothing is known.

    The term counts from the day on which the record was formed (保守国家秘密法实施条例).
    """
    if said.security is None or not said.security.is_state_secret:
        return None
    if said.declassified_on is not None:
        day = said.declassified_on.isoformat()
        if said.declassified_on <= today:
            return message("{day} 已解密", "declassified on {day}", day=day)
        return message("定于 {day} 解密", "to be declassified on {day}", day=day)
    end = _end_of_term(security_written(said), said.formed)
    if not end:
        return None
    if end < today.isoformat()[: len(end)]:
        return message("保密期限已于 {end} 届满", "the term ran out: {end}", end=end)
    return message("保密期限至 {end}", "the term runs until {end}", end=end)


def _end_of_term(written: str, formed: RecordDate | None) -> str:
    """Return the day, or the year, on which a term ends; empty where it has none, or began nobody knows when."""
    found = _TERM.search(unicodedata.normalize("NFKC", written))
    if found is None or formed is None or not formed.is_known or formed.earliest.year != formed.latest.year:
        return ""
    number = int(found["number"]) if found["number"].isdecimal() else han_value(found["number"])
    months = number if found["unit"][-1] == "月" or found["unit"].lower().startswith("month") else number * _MONTHS
    first = formed.earliest
    year, month = divmod(first.year * _MONTHS + first.month - 1 + months, _MONTHS)
    if not months > 0 or year > date.max.year:
        return ""
    if formed.earliest != formed.latest:
        return str(year) if months % _MONTHS == 0 else ""
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1])).isoformat()
