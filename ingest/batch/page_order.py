"""The order of a record's files by their names, read as numbers part by part; in doubt the record is refused by name.

``0001-1, 0001-2, 0002-1``; ``001r, 001v``; ``20140301_091500``; ``第一页``: each part of a name is a number or a word.
Numbers are ordered by value, a name before those that go on after it, words only where everybody orders them alike:
封面, 目录, the body, 附件, 备考表 (as volumes are scanned from cover to cover); 正, 反; a, b, c.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from archives.findings import Finding, error, warning
from archives.message import message
from archives.text.numerals import HAN, han_value, roman_value
from ingest.batch.listing import PlannedFile

_MOST_NAMED = 20
_PART = re.compile(rf"[0-9]+|[a-z]+|[{HAN}]+|[^\W\d_a-z{HAN}]+|/")
_WHOLE_WORD = re.compile(r"封[一二三四底面]")
_A_ROMAN = "(roman)"
_COPY = re.compile(r"副本|复件|\b(?:copy|kopie|copie|copia)\b", re.IGNORECASE)
_AGAIN = re.compile(r"[（(]\d+[)）]$")
"""What computers write behind the name of a file that lies there a second time."""
_SAYS_NOTHING = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-z])(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{16,}(?![0-9a-z])"
    r"|(?<!\d)\d{1,2}([-._])\d{1,2}\1(?:18|19|20)\d\d(?!\d)",
    re.IGNORECASE,
)
"""Identifiers and digests, which are drawn, and dates that begin with their day or month."""
_PAGE_WORDS = frozenset(("p", "pp", "pg", "page", "第", "页", "頁", "张", "張"))
_FOLDER = "/"
_BODY = 10
_PLACES = {
    **dict.fromkeys(("封面", "封一", "封皮", "卷皮", "fm", "cover", "front"), 0),
    **dict.fromkeys(("封二", "扉页", "扉頁", "title", "titlepage"), 1),
    **dict.fromkeys(("目录", "目錄", "卷内目录", "卷内文件目录", "ml", "contents", "toc"), 2),
    _A_ROMAN: _BODY - 1,
    **dict.fromkeys(("正文", "正本"), _BODY),
    **dict.fromkeys(("附", "附件", "附图", "附圖", "附表", "附页", "附頁", "附录", "附錄"), 20),
    **dict.fromkeys(("appendix", "annex", "attachment"), 20),
    **dict.fromkeys(("收文", "来文"), _BODY),
    **dict.fromkeys(("定稿", "底稿", "草稿", "修改稿"), 21),
    **dict.fromkeys(("处理单", "文件处理单", "收文处理单", "发文处理单", "阅办单", "拟办单", "发文稿纸", "稿纸"), 22),
    **dict.fromkeys(("备考表", "備考表", "卷内备考表", "备考", "bk", "bkb"), 30),
    "封三": 31,
    **dict.fromkeys(("封底", "封四", "fd", "back"), 32),
}
"""Where a part of a volume stands in it; what has a number stands in the body."""
_ROWS: tuple[tuple[str, ...], ...] = (
    ("r", "v"),
    ("bis", "ter", "quater"),
    ("recto", "verso"),
    ("正", "反"),
    ("正", "背"),
    ("正面", "反面"),
    ("正面", "背面"),
    ("上", "中", "下"),
    ("前", "后"),
    ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"),
    tuple("abcdefghijklmnopqrstuvwxyz"),
)
"""Words that everybody orders alike. Left and right are none: old Chinese volumes are read from the right."""

_Part = tuple[int, int, str]
"""Rank, value, and the word or the digits themselves."""


@dataclass(frozen=True, slots=True)
class Named:
    """A file and what its name says of its place: the name without the record's code, folders and ending."""

    file: PlannedFile
    name: str


def in_order(
    named: Sequence[Named], is_page: Callable[[PlannedFile], bool]
) -> tuple[tuple[PlannedFile, ...], list[Finding]]:
    """Return a record's files in the order of their names, with what was found.

    ``is_page`` says of which files the order must be beyond doubt: theirs is an error when it is not, unless they lie
    among documents and nothing in their names counts: then each is one of the documents. The page number is filled in
    where the names of all files are page numbers and nothing else.
    """
    parted = zip(named, _with_romans([_parts(one.name) for one in named]), strict=True)
    read = sorted(parted, key=lambda one: (_key(one[1]), one[0].file.relative))
    pages = [(one, parts) for one, parts in read if is_page(one.file)]
    doubtful = _drawn([one for one, _ in pages]) or _doubtful([parts for _, parts in pages])
    if len(pages) < len(read) and doubtful and not any(_is_number(one) for at in doubtful for one in pages[at][1]):
        doubtful = ()
    elif len(pages) < len(read) and _doubtful([parts for _, parts in read]):
        read = [*pages, *(one for one in read if not is_page(one[0].file))]
    files = tuple(one.file for one, _ in read)
    if doubtful:
        return files, [_doubt([pages[place][0].file for place in doubtful])]
    findings = list(_checked(pages))
    numbers = [parts[0][1] for _, parts in pages if _is_page_number(parts)]
    if len(numbers) == len(read) == len(set(numbers)) and 0 not in numbers:
        files = tuple(replace(file, page=number) for file, number in zip(files, numbers, strict=True))
    return files, findings


def _parts(name: str) -> tuple[_Part, ...]:
    plain = unicodedata.normalize("NFKC", name).casefold()
    plain = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in plain)
    parts: list[_Part] = []
    place = 0
    while found := (
        _WHOLE_WORD.search(plain, place) if _WHOLE_WORD.match(plain, place) else _PART.search(plain, place)
    ):
        place = found.end()
        if found[0] not in _PAGE_WORDS:
            parts.append(_part(found[0]))
    return tuple(parts)


def _part(text: str) -> _Part:
    if text.isdecimal():
        return _BODY, int(text), text
    if text[0] in HAN:
        return _BODY, han_value(text), text
    if text in _PLACES:
        return _PLACES[text], 0, text
    row = next((row for row in _ROWS if text in row), None)
    return (_BODY + 1, row.index(text), text) if row else (_BODY + 2, 0, text)


def _with_romans(names: Sequence[tuple[_Part, ...]]) -> list[tuple[_Part, ...]]:
    """Return names in which words are Roman numerals where all words at their place are, one after the other.

    Single letters alone are none: c and d may be letters. The pages that are counted so stand before the others.
    """
    answer = [list(parts) for parts in names]
    for level in range(max(map(len, answer), default=0)):
        words = {
            parts[level][2]
            for parts in answer
            if len(parts) > level and parts[level][0] > _BODY and parts[level][2] not in _PLACES
        }
        values = {word: roman_value(word) for word in words}
        counted = sorted(values.values())
        if (
            any(len(word) > 1 for word in words)
            and counted == list(range(counted[0], counted[0] + len(counted)))
            and counted[0]
        ):
            for parts in answer:
                if len(parts) > level and parts[level][2] in values:
                    parts[level] = (_BODY - 1, values[parts[level][2]], _A_ROMAN)
    return [tuple(parts) for parts in answer]


def _key(parts: Sequence[_Part]) -> tuple[_Part, ...]:
    """Return what a name is ordered by; one that says nothing is the body of its record."""
    return _said(parts) or ((_BODY, 0, ""),)


def _said(parts: Sequence[_Part]) -> tuple[_Part, ...]:
    """Return what parts say, by which they are ordered: 0007 says what 7 says."""
    return tuple((rank, value, "" if _is_number((rank, value, text)) else text) for rank, value, text in parts)


def _is_number(part: _Part) -> bool:
    return part[0] == _BODY and part[2] not in _PLACES


def _is_page_number(parts: Sequence[_Part]) -> bool:
    return len(parts) == 1 and _is_number(parts[0])


def _drawn(pages: Sequence[Named]) -> tuple[int, ...]:
    """Return the places of names that differ in what says nothing of their order."""
    found = [next((hit[0] for hit in _SAYS_NOTHING.finditer(one.name)), "") for one in pages]
    return tuple(range(len(pages))) if len({*found}) > 1 and any(found) else ()


def _doubtful(names: Sequence[tuple[_Part, ...]]) -> tuple[int, ...]:
    """Return the places of names whose order is in doubt, those of the first doubt; names stand in order."""
    bare = sum(not parts for parts in names)  # nothing but the code: the body, beside its cover or its annexes
    if bare > 1 or (bare and any(parts[:1] and parts[0][2] not in _PLACES for parts in names)):
        return tuple(range(len(names)))
    groups = [(0, tuple(range(len(names))))]
    while groups:
        level, group = groups.pop()
        longer = [place for place in group if len(names[place]) > level]
        kinds = {names[place][level][2] if not _is_number(names[place][level]) else "" for place in longer}
        widths = {len(names[place][level][2]) for place in longer if _is_number(names[place][level])}
        if not _are_ordered(kinds) or not _are_of_one_measure(widths):
            return group
        alike: dict[tuple[_Part, ...], list[int]] = {}
        for place in longer:
            alike.setdefault(_said(names[place][level : level + 1]), []).append(place)
        groups += ((level + 1, tuple(one)) for one in alike.values() if len(one) > 1)
    return ()


def _are_ordered(words: set[str]) -> bool:
    """Say whether everybody orders these words alike, "" standing for numbers."""
    if len(words) < 2 or all(word in _PLACES for word in words - {""}):
        return True
    return any(words <= set(row) and (row[0] in words) for row in _ROWS) and not words & {"", _FOLDER}


def _are_of_one_measure(widths: set[int]) -> bool:
    """Say whether numbers of these many digits can be compared: times with and without their fractions cannot."""
    return len(widths) < 2 or min(widths) < 6 or max(widths) < 8


def _doubt(files: Sequence[PlannedFile]) -> Finding:
    said = message(
        "无法从文件名断定这些页的先后：{names}；请改名，或在“文件”列中按顺序写出（用分号隔开）",
        "their names do not tell in which order these pages stand: {names}; rename them, or name them in their order in the column 文件 (files), divided by semicolons",
        names=_listed(files),
    )
    return error("pages-ambiguous", said)


def _checked(pages: Sequence[tuple[Named, tuple[_Part, ...]]]) -> Iterator[Finding]:
    """Find names that say the same, numbers that are missing, and a count from 0."""
    said = [_said(parts) for _, parts in pages]
    times = Counter(said)
    twice = [one.file for (one, _), what in zip(pages, said, strict=True) if times[what] > 1]
    if twice:
        yield warning(
            "page-twice",
            message(
                "页号重复：{names}；请核对是否同一页存了两次",
                "the same page number stands twice: {names}; look whether a page is there twice",
                names=_listed(twice),
            ),
        )
    copies = [one.file for one, _ in pages if _COPY.search(PurePosixPath(one.name).name)]
    if copies and len(copies) < len(pages):
        like_copies = message(
            "名称像是副本：{names}；请核对是否同一页存了两次",
            "by their names these are copies: {names}; look whether a page is there twice",
            names=_listed(copies),
        )
        yield warning("page-twice", like_copies)
    again = {parts for one, parts in pages if one.file in copies or _AGAIN.search(one.name)}
    yield from _counted([parts for _, parts in pages], again)


def _counted(names: Sequence[tuple[_Part, ...]], again: Collection[tuple[_Part, ...]]) -> Iterator[Finding]:
    """Find what is missing among the numbers by which the names differ first; dates and times are no count."""
    level = 0
    while len({parts[level : level + 1] for parts in names}) == 1 and len(names) > 1 and names[0][level:]:
        level += 1
    counted = [parts[level] for parts in names if len(parts) > level and _is_number(parts[level])]
    others = [parts for parts in names if len(parts) <= level or not _is_number(parts[level])]
    dated = any(len(part[2]) >= 8 for parts in names for part in parts[: level + 1] if _is_number(part))
    if not counted or dated or any(len(parts) > level and parts[level][2] not in _PLACES for parts in others):
        return
    if len(names) == 1 and not _is_page_number(names[0]):
        return
    every = {part[1] for part in counted}
    own = {parts[level][1] for parts in names if len(parts) > level and (parts in again or _is_own(parts, level))}
    numbers = own or every  # 005-1 is a slip of the page 005, and is not that page
    first = min(1, *numbers) if level == 0 else min(numbers)
    beyond = {max(every) + 1} - {max(numbers) + 1}  # a slip behind the last page: that page is missing too
    if missing := _gaps(first, numbers | beyond):
        said = message("缺少页：{pages}", "pages are missing: {pages}", pages=missing)
        if level or not all(_is_page_number(parts) for parts in names):
            zh, en = "文件名的编号不连续，缺 {numbers}", "the numbers in the names leave out {numbers}"
            said = message(zh, en, numbers=missing)
        yield warning("page-gap", said)
    if level == 0 and 0 in numbers:
        yield warning("page-zero", message("页号从 0 起，已从 1 重编", "pages count from 0; they were numbered from 1"))


def _is_own(parts: tuple[_Part, ...], level: int) -> bool:
    """Whether a name ends with its number, so that it is no slip's."""
    return _is_number(parts[level]) and not any(_is_number(one) for one in parts[level + 1 :])


def _gaps(first: int, numbers: set[int]) -> str:
    """Return the numbers that are missing from ``first`` on, the first of them, as people write them."""
    missing: list[str] = []
    before = first - 1
    for number in sorted(numbers):
        if number > before + 1:
            missing.append(str(before + 1) if number == before + 2 else f"{before + 1}–{number - 1}")
        before = number
    return ", ".join(missing[:_MOST_NAMED]) + (" …" if len(missing) > _MOST_NAMED else "")


def _listed(files: Sequence[PlannedFile]) -> str:
    names = [PurePosixPath(file.shown).name for file in files[:_MOST_NAMED]]
    return ", ".join(names) + (" …" if len(files) > _MOST_NAMED else "")
