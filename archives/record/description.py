"""The description of a record and of the fonds and repository that hold it (ISAD(G); DA/T 46-2009)."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from archives.errors import FormatError
from archives.message import Message, message
from archives.record.dates.record_date import RecordDate
from archives.record.fonds_names import names_on, parse_names
from archives.record.identifiers import ArchivalCode, CodeRule, RepositoryCode
from archives.record.secrecy import SecurityClassification as SecurityClassification
from archives.record.secrecy import parse_marking
from archives.text.numerals import HAN, han_value

RepositoryKind = Literal["馆", "室"]
"""馆: an archives open to the public; 室: the records room of one organisation."""


_SAYS_NONE = " \t\n\u3000-‐‑‒–—―−－/／\\_×✗"


def as_written(name: str) -> str:
    """Return the name under which what a cell says of an element, and nobody could read, stands beside the elements."""
    return f"{name}（照录）"


def parse_security(text: str) -> SecurityClassification | None:
    """Read a 密级, alone or with its term (``秘密★10年``), in Chinese or English; raises ``FormatError``.

    A dash or a stroke says that there is none, as an empty cell does.
    """
    if not text.strip(_SAYS_NONE):
        return None
    if level := parse_marking(text):
        return level
    plain = unicodedata.normalize("NFKC", text).strip()
    raise FormatError(
        message("不认识的密级：{value}", "unknown security classification: {value}", value=plain),
        subject=plain,
        advice=message(
            "请写 公开、非密、国内、内部、工作秘密、商业秘密、秘密、机密 或 绝密",
            "write public, unclassified, internal, work secret, trade secret, confidential, secret or top secret",
        ),
    )


@dataclass(frozen=True, slots=True)
class Retention:
    """保管期限: permanent, a number of years, or the older 长期 and 短期 (before 令第8号, 2006)."""

    kind: Literal["永久", "定期", "长期", "短期"]
    years: int | None = None

    def __str__(self) -> str:
        return f"定期{self.years}年" if self.kind == "定期" else self.kind

    @property
    def code(self) -> str:
        """The code of DA/T 13-2022: ``Y`` or ``D30``; the older terms stand for themselves."""
        return {"永久": "Y", "定期": f"D{self.years}"}.get(self.kind, self.kind)


_RETENTIONS: tuple[tuple[Literal["永久", "长期", "短期"], re.Pattern[str]], ...] = (
    ("永久", re.compile(r"永久?(?:保[存管])?|Y|PERMANENT(?:LY|RETENTION)?|INDEFINITE(?:LY)?|FOREVER")),
    ("长期", re.compile(r"[长長]期?(?:保[存管])?(?:\(.*年\))?|LONG-?TERM(?:\(.*\))?")),
    ("短期", re.compile(r"短期?(?:保[存管])?(?:\(.*年\))?|SHORT-?TERM(?:\(.*\))?")),
)
_YEARS = re.compile(rf"(?:定期|D)?[-:]?\(?(?P<years>\d{{1,3}}|[{HAN}]{{1,4}})(?:年期?|Y(?:EA)?RS?|Y)?\)?")

_LEAST_BARE_YEARS = 10
"""A smaller number without 年 is a code of an old database, in which 1 is often 永久."""


def parse_retention(text: str) -> Retention:
    """Read 永久, ``30年``, 定期（30年）, 三十年, 长期(16-50年), 短, ``Y``, ``D30``, ``permanent`` or ``30 years``.

    Raises ``FormatError``, also for a number below 10 that stands alone: such are codes, and nobody can tell of what.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    for kind, form in _RETENTIONS:
        if form.fullmatch(plain):
            return Retention(kind)
    if found := _YEARS.fullmatch(plain):
        years = int(found["years"]) if found["years"].isdecimal() else han_value(found["years"])
        is_code = found["years"] == plain and years < _LEAST_BARE_YEARS
        if years > 0 and not is_code:
            return Retention("定期", years)
    raise FormatError(
        message("不认识的保管期限：{value}", "unknown retention period: {value}", value=text),
        subject=text,
        advice=message(
            "请写 永久、长期、短期 或 30年；用代码的，在方案（profile）的 [maps.retention] 中写明各代码所指",
            "write permanent, long-term, short-term or 30 years; where codes are used, say under [maps.retention] of a profile what they stand for",
        ),
    )


def parse_count(text: str) -> int | None:
    """Read a whole number, with 年, 页, 张, leaves or the like behind it or not; raises ``FormatError``."""
    plain = re.sub(
        r"(?:\s*(?:年|页|頁|张|張|叶|葉|pages?|pp?\.?|leaves|leaf|folios?|ff?\.|sheets?))?$",
        "",
        unicodedata.normalize("NFKC", text).strip().lower(),
    )
    if plain and not (plain.isascii() and plain.isdigit()):
        said = message("“{value}”不是数字，已照录", "“{value}” is not a number; kept as written", value=plain)
        raise FormatError(said, subject=plain)
    return int(plain) if plain else None


LANGUAGE_NAMES = {
    "汉语": "zh-Hans", "中文": "zh-Hans", "简体": "zh-Hans", "简体中文": "zh-Hans", "汉语简体": "zh-Hans",
    "繁体": "zh-Hant", "繁体中文": "zh-Hant", "汉语繁体": "zh-Hant", "英语": "en", "英文": "en", "俄语": "ru",
    "俄文": "ru", "日语": "ja", "日文": "ja", "法语": "fr", "法文": "fr", "德语": "de", "德文": "de",
    "chinese": "zh-Hans", "english": "en", "zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "chi": "zh-Hans", "eng": "en",
}  # fmt: skip


def parse_language(text: str) -> str:
    """Return the BCP 47 tag of a language named in Chinese, in English or by its tag; raises ``FormatError``."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[plain]
    if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", plain):
        return plain
    raise FormatError(message("不认识的语种：{value}", "unknown language: {value}", value=text), subject=text)


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of one record: the elements of DA/T 46-2009 that a catalogue sheet holds.

    Texts are as written; an element that nobody gave is empty or None. ``language`` is a BCP 47 tag.
    ``formed`` is the date of formation (成文日期); ``year_basis`` says whence the year was taken that nobody stated
    (``archives.record.dates.year``).
    ``opening_proposal`` is the proposal of the transferring unit and opens nothing. ``former_code`` is a code that it had
    before (原档号), ``sequence`` its number in an inner list (顺序号), ``page_range`` the page on which it begins, or its
    pages, as they are numbered on the paper (页号). ``persons`` are the names of persons in it, each with what the person
    is in it (男方, 姓名); they are never public. ``other`` keeps columns that have no element of their own, in the sheet's
    order.
    """

    code: ArchivalCode
    title: str
    author: str = ""
    document_number: str = ""
    formed: RecordDate | None = None
    year: int | None = None
    year_basis: str = ""
    retention: Retention | None = None
    security: SecurityClassification | None = None
    declassified_on: date | None = None
    declassification_basis: str = ""
    opening_proposal: str = ""
    pages: int | None = None
    language: str = "zh-Hans"
    note: str = ""
    former_code: str = ""
    sequence: str = ""
    page_range: str = ""
    place: str = ""
    box: str = ""
    carrier: str = ""
    genesis: str = ""
    draft: str = ""
    script: str = ""
    attachments: str = ""
    names: str = ""
    fonds_kind: str = ""
    fonds_state: str = ""
    relations: str = ""
    history: str = ""
    persons: tuple[tuple[str, str], ...] = ()
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Repository:
    """An archives (馆) or a records room (室), and the one it belongs to (省, 市, 县; a level may be missing).

    ``codes`` is the rule by which its codes are written.
    """

    code: RepositoryCode
    name: str
    name_en: str
    kind: RepositoryKind
    parent: RepositoryCode | None = None
    codes: CodeRule = CodeRule.DA_T

    @property
    def called(self) -> Message:
        """Its name as a reader of either language is told it; in English the Chinese one where it has no other."""
        return message("{zh}", "{en}", zh=self.name, en=self.name_en or self.name)


@dataclass(frozen=True, slots=True)
class Fonds:
    """全宗: the records of one creator, held by one repository (GB/T 13967-2026).

    ``name`` and ``creator`` are those of now; ``names`` are all of them with their dates (``fonds_names``), empty where
    there was never another. ``kind`` is the 全宗属类, ``state`` whether it is closed, ``relations`` what became of it and
    of which it came. ``candidates`` are names of which it is not plain which held: then ``name`` and ``creator`` are empty.
    ``creator`` alone is empty where one name held and it is not plain whose records they then were.
    """

    repository: RepositoryCode
    number: str
    name: str
    creator: str = ""
    years: str = ""
    history: str = ""
    names: str = ""
    kind: str = ""
    state: str = ""
    relations: str = ""
    candidates: tuple[str, ...] = ()

    def on(self, formed: RecordDate | None, year: int | None) -> "Fonds":
        """Return the fonds as it was called when something was formed; where that is not plain no name is guessed."""
        names = parse_names(self.names)
        if not names:
            return self
        held = names_on(names, formed, year)
        called, creators = {one.name for one in held}, {one.creator for one in held}
        if len(called) == 1:
            creator = held[0].creator if len(creators) == 1 else ""
            return replace(self, name=held[0].name, creator=creator, candidates=())
        candidates = tuple(dict.fromkeys(one.name for one in held or names))
        return replace(self, name="", creator="", candidates=candidates)
