"""What pages are called on the site, and which page somebody means who types what it is called."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from archives.message import Message, joined, message
from archives.record.names import role_named
from archives.record.volume.page_label import PageKind, PageLabel, parse_label, parse_page_number
from archives.text.folding import folded_text
from search.published.shown.called import ATTACHED, SHEET
from search.published.view import PublishedPage, PublishedView

_CODED = (PageKind.COVER, PageKind.CONTENTS, PageKind.CLOSING, PageKind.BACK)
_HAN = re.compile("[㐀-鿿]")
_OF_A_PART = re.compile(r"(?P<part>.+) (?P<page>\d{1,6})")
_MOST_NAMED = 6
LONGEST_NAME = 40
"""How long what is typed for a page may be."""


class Named(Protocol):
    """What is called as a page is: one, or where it stands."""

    @property
    def number(self) -> int:
        """Its number in the record."""

    @property
    def label(self) -> str:
        """What it is called on paper, empty where it is called nothing there."""


_Page = TypeVar("_Page", bound=Named)


def page_name(number: int, label: str) -> Message:
    """Return what a page is called in words: as on paper, within its part, or by its number in the record."""
    if not label:
        return message("第 {n} 页", "page {n}", n=number)
    if label.startswith(SHEET):
        return message("工作表 {name}", "sheet {name}", name=label.removeprefix(SHEET))
    if label.startswith(ATTACHED):
        return message("附件 {name}", "attachment {name}", name=label.removeprefix(ATTACHED))
    found = _OF_A_PART.fullmatch(label)
    if found and role_named(found["part"]):
        return message("{part} 第{n}页", "{part}, p. {n}", part=found["part"], n=int(found["page"]))
    return parse_label(label).shown


def page_span(first: PublishedPage, last: PublishedPage) -> Message:
    """Return what pages are called that follow one another: 第 1–4 页, pp. 1–4; those with names by the first and the last."""
    if first.number == last.number:
        return page_name(first.number, first.label)
    numbers = [_plain_number(one) for one in (first, last)]
    if all(numbers):
        return message("第 {first}–{last} 页", "pp. {first}–{last}", first=numbers[0], last=numbers[1])
    names = [page_name(one.number, one.label) for one in (first, last)]
    return message("{first}–{last}", "{first}–{last}", first=names[0], last=names[1])


def pages_named(pages: Sequence[PublishedPage]) -> Message:
    """Return what several pages are called, each kind once, and those that follow one another: 封面、目录、第 3–12 页."""
    runs: list[list[PublishedPage]] = []
    for page in pages:
        if runs and page.number == runs[-1][-1].number + 1 and _is_of_kind(runs[-1][-1], page):
            runs[-1].append(page)
        else:
            runs.append([page])
    names = list(dict.fromkeys(_kind_name(run[0]) or page_span(run[0], run[-1]) for run in runs))
    if len(names) > _MOST_NAMED:
        return message(
            "{first}等 {n} 页", "{first} and others, {n} {n:page|pages} in all", first=names[0], n=len(pages)
        )
    return joined(names)


def page_called(view: PublishedView, text: str) -> PublishedPage | None:
    """Return the page of a record that is called so; see ``called_so``."""
    return called_so(view.pages, text)


def called_so(pages: Sequence[_Page], text: str) -> _Page | None:
    """Return the first page that is called so on paper, one that is called nothing by its number in the record; None where none is.

    Where no page has a number on paper, all are found by theirs in the record.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_NAME:
        return None
    wanted, number = {_plain(text)}, 0
    if _HAN.search(text):
        wanted.add(_plain(folded_text(text)))  # written in traditional characters
    if (label := parse_page_number(text)) and label.number is not None:
        is_plain = not (label.slips or label.side)
        is_roman = label.digits.isascii() and label.digits.isalpha()
        number = label.number if is_plain and not is_roman else 0
        wanted.add(str(label.number) if is_plain else _plain(label.text))
    for page in pages:
        if page.label and not wanted.isdisjoint(_names(page)):
            return page
    is_numbered = any(_has_number(page) for page in pages)
    return next((one for one in pages if one.number == number and not (one.label and is_numbered)), None)


def _kind_name(page: Named) -> Message | None:
    """Return what a page is called that has no number on paper but its place in its kind: 目录; None for any other."""
    kind = parse_label(page.label).kind if page.label else PageKind.OTHER
    return parse_label(kind.value).shown if kind in _CODED else None


def _is_of_kind(one: Named, other: Named) -> bool:
    """Say whether two pages are called by numbers of one kind."""
    if all(map(_plain_number, (one, other))):
        return bool(one.label) == bool(other.label)
    return _kind_name(one) is not None and _kind_name(one) == _kind_name(other)


def _plain(text: str) -> str:
    """Return a name without what does not tell it from others: blanks, large and small letters, their width."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _has_number(page: Named) -> bool:
    label = parse_label(page.label) if page.label else None
    return label is not None and label.kind is PageKind.PAGE and label.number is not None


def _names(page: Named) -> set[str]:
    shown = page_name(page.number, page.label)
    names = {page.label, shown.text("zh"), shown.text("en"), *filter(None, [_plain_number(page)])}
    label = parse_label(page.label)
    if label.kind in _CODED:
        names.update(_names_of_kind(label))
    return {_plain(name) for name in names}


def _names_of_kind(label: PageLabel) -> Iterator[str]:
    """Yield what the first page of a kind is called in short, with and without its number: 目录, 目录1, ML1."""
    shown = parse_label(label.kind.value).shown
    for name in (label.kind.value, shown.text("zh"), shown.text("en")):
        yield name
        if label.number is not None:
            yield f"{name}{label.number}"


def _plain_number(page: Named) -> str:
    """Return the number by which a page is called, empty where it has a name or what it is called says more."""
    if not page.label:
        return str(page.number)
    label = parse_label(page.label)
    is_plain = label.kind is PageKind.PAGE and not (label.slips or label.side or label.item or label.is_blank)
    return str(label.number) if is_plain and label.number is not None else ""
