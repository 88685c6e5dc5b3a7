"""What is doubtful in one row by itself."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from archives.errors import IdentifierError
from archives.record.identifiers import archival_code_key
from archives.text.unseen import without_unseen
from ingest.dirt.kinds import KINDS
from ingest.dirt.values import Days, count_of, days_of, is_readable, pages_of
from ingest.profiles.reading import ProfiledRow
from ingest.sheets.layout import is_ditto

_DOUBLED = re.compile(r"[ \u3000\u00a0\t]{2,}")
_LOST = re.compile(r"\ufffd|[\u4e00-\u9fff？]?\?{2,}[\u4e00-\u9fff]|[\u4e00-\u9fff]\?{2,}")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_POWER = re.compile(r"[-+]?\d(?:\.\d+)?[Ee]\+?\d{1,3}")
_ODD_IN_CODE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a‐‑‒–—―−﹣－．•‧∙⋅・･]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FORBIDDEN, _FORBIDDEN_IN_LATIN = re.compile(r'["<>={}&*%]'), re.compile(r"[<>={}*]")
_HANDED_OVER = frozenset(("title", "author", "document_number", "security", "retention"))
"""What is looked through for characters when archives hand records over (as a city's rules have it)."""
_UNREADABLE = {
    "retention": "retention-unreadable",
    "security": "security-unreadable",
    "language": "language-unreadable",
    "pages": "pages-unreadable",
    "year": "year-unreadable",
}
ReadCode = Callable[[str], object]
"""The repository's rule for codes; raises ``IdentifierError``."""


class Found(NamedTuple):
    """A kind of dirt with the element it is of, what is written, and what would be right."""

    kind: str
    element: str
    written: str
    proposed: str = ""
    cell: str = ""


def dirt_of(row: ProfiledRow, *, today: date, read_code: ReadCode | None) -> Iterator[Found]:
    """Yield what is doubtful in a row."""
    for note in row.notes:
        if note.code in KINDS:
            yield Found(note.code, "", str(note.message.text("zh")), cell=note.cell or "")
    if row.is_hidden:
        yield Found("row-hidden", "", "")
    if row.code:
        yield from _of_code(row.code, read_code)
    if not row.values.get("title"):
        yield Found("title-missing", "title", "")
    for key, text in row.values.items():
        yield from _of_text(key, text)
        if key in _UNREADABLE and not is_readable(key, text):
            yield Found(_UNREADABLE[key], key, text)
    for heading, text in row.rest:
        yield from _of_text(heading, text)
    yield from _of_date(row, today)
    yield from _of_pages(row)


def _of_code(code: str, read_code: ReadCode | None) -> Iterator[Found]:
    if not code.isascii():
        yield from _of_text("code", code)
        if _ODD_IN_CODE.search(code):
            yield Found("code-written-otherwise", "code", code, archival_code_key(code))
    if read_code is not None:
        try:
            read_code(code)
        except IdentifierError:
            yield Found("code-unreadable", "code", code)


def _of_text(key: str, text: str) -> Iterator[Found]:
    if text.isascii() and text.isalnum():
        return
    if _DOUBLED.search(text):
        yield Found("spaces-doubled", key, text, _DOUBLED.sub(lambda found: found[0][0], text).strip())
    if not text.isascii():
        seen = without_unseen(text)
        if len(seen) != len(text) or "\u00a0" in text:
            yield Found("characters-unseen", key, text, seen.strip())
        if _PRIVATE.search(text):
            yield Found("characters-private", key, text)
        if len(text) < 10 and is_ditto(text):
            yield Found("nothing-above", key, text)
    if ("?" in text or "\ufffd" in text) and _LOST.search(text):
        yield Found("characters-lost", key, text)
    if _CONTROLS.search(text):
        yield Found("control-characters", key, text, _CONTROLS.sub("", text))
    if "E+" in text and _POWER.fullmatch(text):
        yield Found("digits-lost", key, text)
    if key in _HANDED_OVER:
        forbidden = _FORBIDDEN if _HAN.search(text) else _FORBIDDEN_IN_LATIN
        if forbidden.search(text):
            yield Found("characters-forbidden", key, text, _plain_signs(text))


def _plain_signs(text: str) -> str:
    """Return a text with the signs of writing in place of those of programs; ASCII quotes become pairs of curved ones."""
    pairs = iter("“”" * text.count('"'))
    text = re.sub('"', lambda _: next(pairs), text)
    return text.translate(str.maketrans("<>={}&*%", "〈〉＝｛｝＆＊％"))


def _of_date(row: ProfiledRow, today: date) -> Iterator[Found]:
    text = row.values.get("date", "")
    days = days_of(text) if text else Days()
    if days.dirt:
        yield Found(days.dirt, "date", text)
    elif days.first > today.toordinal() or (days.last and date.fromordinal(days.last).year > today.year):
        yield Found("date-in-future", "date", text)
    year_text = row.values.get("year", "")
    year = count_of(year_text) if year_text else None
    if year is not None and not 1000 <= year <= today.year + 1:
        yield Found("year-unreadable", "year", year_text)
    elif year is not None and days.first and days.last:
        first, last = date.fromordinal(days.first).year, date.fromordinal(days.last).year
        if not first - 1 <= year <= last + 1:
            yield Found("year-differs", "year", year_text, str(last))
    for one in row.fields:
        if one.kind == "date" and (kind := days_of(one.text).dirt):
            yield Found(kind, one.name, one.text)


def _of_pages(row: ProfiledRow) -> Iterator[Found]:
    text = row.values.get("page_range", "")
    if not text:
        return
    pages = pages_of(text)
    if pages.dirt:
        yield Found(pages.dirt, "page_range", text)
    elif pages.last and row.level == "件":
        stated = row.values.get("pages", "")
        count = count_of(stated) if stated else None
        if count is not None and count != pages.last - pages.first + 1:
            yield Found("pages-differ", "pages", stated, str(pages.last - pages.first + 1))
