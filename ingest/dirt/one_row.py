"""What is doubtful in one row by itself."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from archives.errors import IdentifierError
from archives.record.identifiers import archival_code_key
from archives.text.harmless import UNWRITABLE
from archives.text.unseen import without_unseen
from archives.units.unit import Level
from ingest.dirt.kinds import KINDS
from ingest.dirt.values import Days, count_of, days_of, is_readable, pages_of, retention_years
from ingest.profiles.reading import ProfiledRow
from ingest.sheets.layout import is_ditto

_DOUBLED = re.compile(r"[ \u3000\u00a0\t]{2,}")
_LOST = re.compile(r"\ufffd|[\u4e00-\u9fff？]?\?{2,}[\u4e00-\u9fff]|[\u4e00-\u9fff]\?{2,}")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_POWER = re.compile(r"[-+]?\d(?:\.\d+)?[Ee]\+?\d{1,3}")
_ODD_IN_CODE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a‐‑‒–—―−﹣－．•‧∙⋅・･]")
_LETTER = re.compile(r"[^\W\d_]")
_NO_TITLE = re.compile(
    r"[(（\[【]?(?:无|空|空白|缺|略|不详|无题名|无标题|未命名|untitled|no title|none|n/?a|null|nil)[)）\]】]?",
    re.IGNORECASE,
)
_LINE = re.compile(r"\s*[\r\n]+\s*")
_YEAR_OF_NUMBER = re.compile(r"[〔\[［【(（]\s*((?:18|19|20)\d\d)\s*[〕\]］】)）]")
_RETENTION_IN_CODE = re.compile(r"[-·](Y|D\d{1,3})[-·]")
_YEAR_IN_CODE = re.compile(r"·((?:19|20)\d\d)[-·]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FORBIDDEN, _FORBIDDEN_IN_LATIN = re.compile(r'["<>={}&*%]'), re.compile(r"[<>={}*]")
_HANDED_OVER = frozenset(("title", "author", "document_number", "security", "retention"))
"""What is looked through for characters when archives hand records over (as a city's rules have it)."""
_IN_ONE_LINE = frozenset(("title", "code", "document_number", "date"))
_UNREADABLE = {
    "retention": "retention-unreadable",
    "security": "security-unreadable",
    "language": "language-unreadable",
    "state": "state-unreadable",
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
            said = dict(note.message.values)
            element = str(said.get("names") or next((key for key, cell in row.cells.items() if cell == note.cell), ""))
            yield Found(
                note.code,
                element.removeprefix("part "),
                str(said.get("text", said.get("part", ""))),
                str(said.get("proposed", "")),
                cell=note.cell or "",
            )
    if row.is_hidden:
        yield Found("row-hidden", "", "")
    if row.code:
        yield from _of_code(row.code, None if row.level == Level.FONDS else read_code)
    title = row.values.get("title", "")
    if not _LETTER.search(title) or _NO_TITLE.fullmatch(title):
        yield Found("title-missing", "title", title)
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
    if key in _IN_ONE_LINE and "\n" in text:
        sign = "" if _HAN.search(text) else " "
        yield Found("line-breaks", key, text, _LINE.sub(sign, text.strip()))
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
    if UNWRITABLE.search(text):
        yield Found("control-characters", key, text, UNWRITABLE.sub("", text))
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
    elif row.level == "件" and days.first and days.last:
        found = _YEAR_OF_NUMBER.search(row.values.get("document_number", ""))
        if found and not _is_near(int(found[1]), days):
            yield Found("document-number-differs", "document_number", row.values["document_number"], text)
    year_text = row.values.get("year", "")
    year = count_of(year_text) if year_text else None
    if year is not None and not 1000 <= year <= today.year + 1:
        yield Found("year-unreadable", "year", year_text)
    elif year is not None and days.first and days.last and not _is_near(year, days):
        yield Found("year-differs", "year", year_text, str(date.fromordinal(days.last).year))
    if year is not None and (stated := _YEAR_IN_CODE.search(row.code)) and int(stated[1]) != year:
        yield Found("code-differs", "year", year_text, stated[1])
    if (stated := _RETENTION_IN_CODE.search(row.code)) and "retention" in row.values:
        years, meant = retention_years(row.values["retention"]), retention_years(stated[1])
        if years is not None and years != meant:
            yield Found("code-differs", "retention", row.values["retention"], stated[1])
    for one in row.fields:
        if one.kind == "date" and (kind := days_of(one.text).dirt):
            yield Found(kind, one.name, one.text, cell=row.cells.get(f"field {one.name}", ""))


def _is_near(year: int, days: Days) -> bool:
    """Say whether a year is one of a date's, or next to one: matters are ended, and papers numbered, around the turn of a year."""
    return date.fromordinal(days.first).year - 1 <= year <= date.fromordinal(days.last).year + 1


def _of_pages(row: ProfiledRow) -> Iterator[Found]:
    stated = row.values.get("pages", "")
    count = count_of(stated) if stated else None
    if count == 0:
        yield Found("pages-none", "pages", stated)
    text = row.values.get("page_range", "")
    if not text:
        return
    pages = pages_of(text)
    if pages.dirt:
        yield Found(pages.dirt, "page_range", text)
    elif pages.last and row.level == "件" and count and count != pages.last - pages.first + 1:
        yield Found("pages-differ", "pages", stated, str(pages.last - pages.first + 1))
