"""Which pages of a volume are whose: from the 页号 of its items and the labels of its pages; whatever does not fit is said.

Of an item of which only the first page is known, the last is the one before the next item's first. In doubt a page is of
more items rather than of fewer, for it may be shown only when all of them may.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import Message, message
from archives.record.volume.page_cell import PageSpan, parse_page_spans, spans_told, until
from archives.record.volume.page_label import PageKind, PageLabel, Place


@dataclass(frozen=True, slots=True)
class ItemPages:
    """What the row of an item says of its pages: the cell of its 页号, and that of its last page where it has one.

    ``sheet``, ``row`` and ``cell`` are where it says so. ``item`` is the number under which files name it, where they do.
    """

    code: str
    pages: str = ""
    last: str = ""
    sheet: str | None = None
    row: int | None = None
    cell: str | None = None
    item: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """The pages of each item in their order (indexes of the labels, from 0), and what was found.

    ``is_unsure`` says of each item whether its pages were not to be read, so that it shares those of its neighbours.
    """

    pages: tuple[tuple[int, ...], ...]
    is_unsure: tuple[bool, ...]
    findings: tuple[Finding, ...]

    def labels_of(self, item: int, labels: Sequence[PageLabel]) -> tuple[str, ...]:
        """Return the labels of an item's pages."""
        return tuple(labels[page].text for page in self.pages[item])


def pages_of_items(items: Sequence[ItemPages], labels: Sequence[PageLabel], owners: Sequence[str] = ()) -> Assignment:
    """Return whose the pages of a volume are; ``labels`` are those of all its pages, in their order.

    ``owners`` are the numbers of items by the names of files: they count where items count their own pages, or where the
    sheet says nothing of pages.
    A page on which one item ends and the next begins may be shared; cover, list of contents and closing note are
    nobody's but the volume's.
    """
    body = [place for place, label in enumerate(labels) if label.is_body]
    if not body:
        return Assignment(((),) * len(items), (False,) * len(items), ())
    says_nothing = bool(items) and not any(item.pages.strip() for item in items)
    if any(label.item for label in labels) or (says_nothing and any(owners)):
        return _counted_within(items, labels, body, owners or [label.item for label in labels])
    if says_nothing and len(items) > 1:
        said = message(
            "目录中各件都没有写页号，哪几页属于哪一件不明，卷内各页各件都算",
            "no item of the sheet has a page number, and nobody knows which pages are whose; every page counts for all of them",
        )
        found = warning("items-without-pages", said, file=items[0].sheet, row=items[0].row)
        return Assignment((tuple(body),) * len(items), (True,) * len(items), (found,))
    if says_nothing:
        return Assignment((tuple(body),), (False,), ())
    return _Spans(items, labels, body).assigned()


_Reach = tuple[tuple[int, int | None], ...]
"""First and last page of each part of an item, as places in the body; None: as far as the next item."""


class _Spans:
    """Reads what the items of one volume say of their pages, against the pages that are there."""

    def __init__(self, items: Sequence[ItemPages], labels: Sequence[PageLabel], body: Sequence[int]) -> None:
        self._items = items
        self._labels = [labels[place] for place in body]
        self._body = body
        self._places = [label.place if label.kind is PageKind.PAGE else None for label in self._labels]
        self._numbered = sorted((p, at) for at, p in enumerate(self._places) if p is not None)
        self._findings: list[Finding] = []

    def assigned(self) -> Assignment:
        """Return the pages of all items."""
        reaches = [self._reach(item) for item in self._items]
        starts = [reach[0][0] if reach else None for reach in reaches]
        in_order = _rising(starts)
        self._tell_descending([at for at, reach in enumerate(reaches) if reach and at not in in_order])
        known = sorted({first for at in in_order for first, _ in reaches[at]})
        pages = [self._pages(at, reach, starts, known) for at, reach in enumerate(reaches)]
        self._tell_overlaps([(at, pages[at]) for at in in_order])
        for at in range(len(pages)):
            if at not in in_order:
                pages[at] = tuple(sorted({*pages[at], *self._shared(at, in_order, pages)}))
        if in_order:
            self._tell_owned_by_nobody(pages)
        return Assignment(
            tuple(tuple(self._body[one] for one in own) for own in pages),
            tuple(at not in in_order for at in range(len(pages))),
            tuple(self._findings),
        )

    def _reach(self, item: ItemPages) -> _Reach:
        """Return where an item begins and ends; nothing where that cannot be told, and a finding says why."""
        try:
            spans = parse_page_spans(item.pages, item.last)
        except FormatError as cause:
            self._warn("item-pages-unreadable", item, _doubtful(cause.message), advice=cause.advice)
            return ()
        if not spans:
            self._warn("item-pages-missing", item, message(
                "没有写页号，卷内哪几页属于它不明",
                "it has no page number, and nobody knows which pages of the volume are its own",
            ))  # fmt: skip
            return ()
        if not self._numbered:
            return ()
        own = frozenset(place for place, _ in self._numbered)
        found = [self._located(item, span.as_in(own)) for span in spans]
        return tuple(one for one in found if one is not None)

    def _located(self, item: ItemPages, span: PageSpan) -> tuple[int, int | None] | None:
        if span.is_descending and span.last:
            self._warn("item-pages-reversed", item, message(
                "页号 {first}-{last} 前大后小，按 {last}-{first} 处理",
                "the pages {first}-{last} go down; they were read as {last}-{first}",
                first=span.first.text, last=span.last.text,
            ))  # fmt: skip
            span = PageSpan(span.last, span.first)
        start = bisect_left(self._numbered, (span.first.place, -1))
        end = None if span.last is None else bisect_left(self._numbered, (until(span.last), -1))
        is_there = start < len(self._numbered) and _page_of(self._numbered[start][0]) == _page_of(span.first.place)
        if start >= len(self._numbered) or (end is not None and end <= start):
            self._tell_beyond(item, span)
            return None
        if not is_there:
            self._tell_absent(item, span.first)
        if span.last is not None and end is not None and self._numbered[end - 1][0][:2] != span.last.place[:2]:
            self._tell_absent(item, span.last)
        first = self._numbered[start][1]
        return first, None if end is None else max(first, self._numbered[end - 1][1])

    def _pages(self, at: int, reach: _Reach, starts: Sequence[int | None], known: Sequence[int]) -> tuple[int, ...]:
        """Return the pages of an item as far as it says so itself."""
        own: set[int] = set()
        for first, last in reach:
            if last is None:
                last = first if len(reach) > 1 or first in starts[at + 1 :] else self._before_next(first, known)
            own.update(range(first, last + 1))
        return tuple(sorted(own))

    def _before_next(self, first: int, known: Sequence[int]) -> int:
        """Return the page before the one on which the next item begins."""
        return next((one for one in known if one > first), len(self._body)) - 1

    def _shared(self, at: int, in_order: Sequence[int], pages: Sequence[tuple[int, ...]]) -> range:
        """Return the pages on which an item may stand of which that is not sure: from the one before it to the next."""
        before = next((place for place in reversed(in_order) if place < at), None)
        after = next((place for place in in_order if place > at), None)
        first = 0 if before is None else pages[before][0]
        return range(first, len(self._body) if after is None else pages[after][0] + 1)

    def _tell_descending(self, items: Sequence[int]) -> None:
        for at in items:
            self._warn("item-pages-descending", self._items[at], message(
                "首页 {pages} 与前后各件的次序不合，它的页与相邻各件一并计算",
                "its first page {pages} is out of order among the items; the pages of its neighbours count for it too",
                pages=self._items[at].pages,
            ))  # fmt: skip

    def _tell_overlaps(self, sure: Sequence[tuple[int, tuple[int, ...]]]) -> None:
        """Tell of pages that two items have; that one ends where the next begins is no fault."""
        owner: dict[int, int] = {}
        pages = dict(sure)
        for at, own in sure:
            shared: dict[int, list[int]] = {}
            for page in own:
                if page in owner:
                    shared.setdefault(owner[page], []).append(page)
                owner[page] = at
            for other, common in shared.items():
                if (
                    len(common) == 1
                    and common[0] in (own[0], own[-1])
                    and common[0] in (pages[other][0], pages[other][-1])
                ):
                    continue
                self._warn("item-pages-overlap", self._items[at], message(
                    "与 {other} 的页号重叠（{pages}），这些页两件都算",
                    "its pages overlap with those of {other} ({pages}), which count for both",
                    other=self._items[other].code, pages=self._told(common),
                ))  # fmt: skip

    def _tell_owned_by_nobody(self, pages: Sequence[tuple[int, ...]]) -> None:
        owned = {page for own in pages for page in own}
        if free := [page for page in range(len(self._body)) if page not in owned]:
            said = message(
                "卷内第 {pages} 页不属于任何一件",
                "the pages {pages} of the volume belong to no item",
                pages=self._told(free),
            )
            self._findings.append(warning("pages-without-item", said, file=self._items[0].sheet))

    def _tell_beyond(self, item: ItemPages, span: PageSpan) -> None:
        last = self._labels[self._numbered[-1][1]]
        self._warn("item-pages-beyond", item, message(
            "页号 {page} 超出本卷，卷内最后一页是 {last}",
            "the page {page} lies beyond the volume, whose last is {last}",
            page=span.first.text, last=last.text,
        ))  # fmt: skip

    def _tell_absent(self, item: ItemPages, page: PageLabel) -> None:
        self._warn("item-page-absent", item, message(
            "卷内没有第 {page} 页的图像",
            "the volume has no image of the page {page}",
            page=page.text,
        ))  # fmt: skip

    def _told(self, pages: Sequence[int]) -> str:
        return spans_told([self._labels[page] for page in pages], [*pages])

    def _warn(self, code: str, item: ItemPages, said: Message, *, advice: Message | None = None) -> None:
        self._findings.append(_of(item, code, said, advice))


def _counted_within(
    items: Sequence[ItemPages], labels: Sequence[PageLabel], body: Sequence[int], owners: Sequence[str]
) -> Assignment:
    """Return the pages of items whose files say whose they are."""
    mine = {_number(item.item): at for at, item in enumerate(items) if item.item}
    pages: list[list[int]] = [[] for _ in items]
    free: list[int] = []
    for place in body:
        at = mine.get(_number(owners[place]))
        (free if at is None else pages[at]).append(place)
    findings = [
        _of(item, "item-pages-missing", message("没有它的图像", "none of the images is its own"))
        for item, own in zip(items, pages, strict=True)
        if not own
    ]
    if free:
        told = spans_told([labels[place] for place in free], free)
        said = message("{pages} 不属于目录中的任何一件", "the pages {pages} belong to no item of the sheet", pages=told)
        findings.append(warning("pages-without-item", said, file=items[0].sheet if items else None))
    return Assignment(tuple(map(tuple, pages)), tuple(not own for own in pages), tuple(findings))


def _rising(starts: Sequence[int | None]) -> tuple[int, ...]:
    """Return the places of the most items whose first pages do not go down: one wrong number makes no other doubtful."""
    ends: list[int] = []
    best: list[int] = []
    before: dict[int, int | None] = {}
    for at, start in enumerate(starts):
        if start is None:
            continue
        place = bisect_right(ends, start)
        before[at] = best[place - 1] if place else None
        ends[place : place + 1] = [start]
        best[place : place + 1] = [at]
    answer: list[int] = []
    last = best[-1] if best else None
    while last is not None:
        answer.append(last)
        last = before[last]
    return tuple(reversed(answer))


def _number(text: str) -> str:
    return str(int(text)) if text.isdecimal() else text.casefold()


def _page_of(place: Place) -> tuple[int, int]:
    """Return the page to which a place belongs, whatever is pasted to it."""
    return place[:2]


def _doubtful(said: Message) -> Message:
    """Return what is wrong with a cell, and what comes of it."""
    return message(
        "{said}，卷内哪几页属于它不明", "{said}; nobody knows which pages of the volume are its own", said=said
    )


def _of(item: ItemPages, code: str, said: Message, advice: Message | None = None) -> Finding:
    told = message("{code}：{said}", "{code}: {said}", code=item.code, said=said)
    found = warning(code, told, file=item.sheet, row=item.row, cell=item.cell)
    return replace(found, advice=advice) if advice else found
