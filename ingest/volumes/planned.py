"""A volume with its items as a batch brings it, and what its package is to say of their pages."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from archives.findings import Finding, warning
from archives.message import Message, joined, listed, message
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS
from archives.record.identifiers import reference_code
from archives.record.volume.page_label import PageKind, PageLabel, Place, parse_label
from archives.record.volume.structure import VolumeItem, VolumeStructure
from ingest.volumes.assignment import Assignment, ItemPages, pages_of_items
from ingest.volumes.stand_in import is_stand_in


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item: what its row says of its pages, and its description (``stand_in`` where the row could not be used).

    Without one it is another row of an item that stands in: its pages are that one's, too. ``base`` is what was known of it when the
    sheet was read.
    """

    description: Description | None
    pages: ItemPages
    is_carried_over: bool = False
    base: Description | None = None


@dataclass(frozen=True, slots=True)
class PlannedVolume:
    """The items of a volume in the order of the sheet; ``known`` is what its package says already, where it stays so."""

    items: tuple[PlannedItem, ...] = ()
    known: VolumeStructure | None = None

    def structure(
        self,
        pages: Sequence["FilePages"],
        *,
        stored: VolumeStructure | None,
        new_id: Callable[[], str],
        described: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[VolumeStructure, tuple[Finding, ...]]:
        """Return what the package is to say, and what does not fit; ``stored`` is what its version before says.

        An item that is stored keeps its identifier, and so does one that is ``described`` already, by its code's key. One
        that is stored and of which no row came stays as it is, on the pages that are called as its own.
        """
        if self.known is not None:
            return self.known, ()
        called, supplied = labels_of_pages(pages)
        orders = sorted(called, key=lambda page: page)
        labels = [called[page][0] for page in orders]
        planned = _with_missing(self.items, stored) if self.items else ()
        found = pages_of_items([one.pages for one in planned], labels, [called[page][1] for page in orders])
        own: dict[str, set[int]] = {}
        for one, places in zip(planned, found.pages, strict=True):
            own.setdefault(_key(one), set()).update(orders[place] for place in places)
        texts = {page: label.text for page, (label, _) in called.items()}
        before = {one.description.code.key: one for one in (stored.items if stored else ())}
        known = dict(described) | {key: one.unit_id for key, one in before.items()}
        items: list[VolumeItem] = []
        for one in planned:
            if (said := one.description) is None:
                continue
            mine = own[said.code.key]
            if one.is_carried_over and stored:
                mine = {*mine, *_carried_over(before[said.code.key], stored, texts).pages}
            items.append(VolumeItem(known.get(said.code.key) or new_id(), said, tuple(sorted(mine))))
        if stored and not self.items:
            items = [_carried_over(item, stored, texts) for item in stored.items]
        differing = _counts_differ(planned, found, labels)
        about = (*supplied, *found.findings, *differing, *about_missing(self.items, stored))
        return VolumeStructure(texts, tuple(_without_replaced(items, {_key(one) for one in self.items}))), about


@dataclass(frozen=True, slots=True)
class FilePages:
    """A file of a volume: the label of its first page, whose it is by its name, and its pages by their running numbers."""

    name: str
    label: str
    item: str
    first: int
    count: int


def labels_of_pages(files: Sequence[FilePages]) -> tuple[dict[int, tuple[PageLabel, str]], tuple[Finding, ...]]:
    """Return the label of every page by its running number, with the item that its file's name says, and what was supplied.

    A file of several pages is labelled on from its first; one whose name says nothing is labelled from 1, if it is alone.
    """
    answer: dict[int, tuple[PageLabel, str]] = {}
    taken = {parse_label(file.label).place for file in files}
    findings: list[Finding] = []
    for file in files:
        label = parse_label(file.label)
        if label.kind is PageKind.OTHER and len(files) == 1 and file.count > 1:
            label = PageLabel(PageKind.PAGE, 1, "1")
            findings.append(_supplied(file))
        for index in range(file.count):
            answer[file.first + index] = (_following(label, index, file, taken), file.item)
    return answer, tuple(findings)


def differences(ours: Sequence[PlannedItem], stored: VolumeStructure | None) -> Iterator[str | Message]:
    """Yield what of the items is not as it is stored: another one, one less, an element that differs."""
    known = {item.description.code.key: item.description for item in (stored.items if stored else ())}
    if not ours:
        return
    mine = [item.description for item in ours if item.description]
    for one in mine:
        if one.code.key not in known:
            yield f"{one.code.written} +"
        elif changed := [e.label for e in ELEMENTS if e.of(one) != e.of(known[one.code.key])]:
            yield message("{code} {what}", "{code}: {what}", code=one.code.written, what=joined(changed))


def about_missing(ours: Sequence[PlannedItem], stored: VolumeStructure | None) -> Iterator[Finding]:
    """Yield that no row came of items that are stored, which stay as they are."""
    lost = [one.code.written for one in _missing(ours, stored) if not is_stand_in(one)]
    if lost:
        said = message(
            "表中没有 {codes} 的行，已保存的保持不变",
            "no row came of {codes}, which stay as they are stored",
            codes=listed(lost),
        )
        yield warning("item-row-missing", said, file=ours[0].pages.sheet)


def pages_differ(ours: VolumeStructure, stored: VolumeStructure | None) -> Iterator[str]:
    """Yield which labels and which items' pages are not as they are stored."""
    labels = dict(stored.labels) if stored else {}
    if ours.labels != labels:
        yield ", ".join(dict.fromkeys(text for page, text in ours.labels.items() if labels.get(page) != text)) or "-"
    theirs = {item.description.code.key: item.pages for item in (stored.items if stored else ())}
    for item in ours.items:
        if item.pages != theirs.get(item.description.code.key):
            yield f"{item.description.code.written}: {', '.join(ours.labels[page] for page in item.pages)}"


def described_anew(stored: VolumeStructure | None, ours: Sequence[PlannedItem]) -> VolumeStructure | None:
    """Return a stored structure whose items are described as a batch says that brings no files."""
    if stored is None:
        return None
    mine: Mapping[str, Description] = {one.description.code.key: one.description for one in ours if one.description}
    items = (replace(item, description=mine.get(item.description.code.key, item.description)) for item in stored.items)
    return replace(stored, items=tuple(items))


def _counts_differ(items: Sequence[PlannedItem], found: Assignment, labels: Sequence[PageLabel]) -> Iterator[Finding]:
    """Yield items that say another number of pages than they have, slips counted or not, and a page that two share."""
    for item, own, is_unsure in zip(items, found.pages, found.is_unsure, strict=True):
        stated = item.description.pages if item.description else None
        numbered = {(labels[page].item, labels[page].place[:2]) for page in own}
        may_be = {len(own), len(own) - 1, len(numbered), len(numbered) - 1}
        if stated and own and not is_unsure and stated not in may_be:
            said = message(
                "{code} 的页数栏为 {stated}，按页号属于它的有 {n} 页",
                "the sheet states {stated} pages for {code}; by the page numbers {n} are its own",
                code=item.pages.code,
                stated=stated,
                n=len(own),
            )
            yield warning("item-pages-differ", said, file=item.pages.sheet, row=item.pages.row)


def _key(item: PlannedItem) -> str:
    return item.description.code.key if item.description else reference_code(item.pages.code).key


def _missing(ours: Sequence[PlannedItem], stored: VolumeStructure | None) -> Iterator[Description]:
    """Yield the items that are stored and of which no row came, where rows of others did."""
    came = {_key(one) for one in ours}
    if ours and stored:
        yield from (one.description for one in stored.items if one.description.code.key not in came)


def _with_missing(ours: Sequence[PlannedItem], stored: VolumeStructure | None) -> Sequence[PlannedItem]:
    """Return items with those that are stored and of which no row came, each behind the one that it is stored behind.

    Where the sheet has page numbers they say theirs, too, so that their pages are no neighbour's.
    """
    planned = [*ours]
    missing = {one.code.key for one in _missing(ours, stored)}
    are_paged = any(one.pages.pages.strip() for one in ours)
    place = 0
    for item in stored.items if stored and missing else ():
        key = item.description.code.key
        if key not in missing:
            place = max(at for at, one in enumerate(planned) if _key(one) == key) + 1
            continue
        told = stored.pages_told(item) if are_paged and stored else ""
        pages = ItemPages(item.description.code.written, told, item=key.rpartition("-")[2])
        planned.insert(place, PlannedItem(item.description, pages, is_carried_over=True))
        place += 1
    return planned


def _without_replaced(items: Sequence[VolumeItem], came: Collection[str]) -> Iterator[VolumeItem]:
    """Yield items but for those that stand in for a row that comes under another code by now: others have all their pages."""
    read = {page for one in items if not is_stand_in(one.description) for page in one.pages}
    for one in items:
        if not is_stand_in(one.description) or one.description.code.key in came or not read.issuperset(one.pages):
            yield one


def _carried_over(item: VolumeItem, stored: VolumeStructure, texts: Mapping[int, str]) -> VolumeItem:
    own = {stored.labels.get(page) for page in item.pages}
    return replace(item, pages=tuple(page for page, text in texts.items() if text in own))


def _following(label: PageLabel, index: int, file: FilePages, taken: Collection[Place]) -> PageLabel:
    """Return the label of a later page of a file; one that another file has is named by its place in this one."""
    if index == 0:
        return label if label.text else PageLabel(PageKind.OTHER, digits=file.name)
    if label.kind is PageKind.PAGE and label.number is not None and not label.slips and label.digits.isdecimal():
        number = label.number + index
        following = replace(label, number=number, digits=str(number).zfill(len(label.digits)), side="")
        if following.place not in taken:
            return following
    return PageLabel(PageKind.OTHER, digits=f"{label.text or file.name}[{index + 1}]")


def _supplied(file: FilePages) -> Finding:
    said = message(
        "整卷只有一个 {n} 页的文件，看不出纸上的页号，页标识按文件中的次序从 1 编起",
        "the volume is one file of {n} pages that does not tell the numbers on the paper; its pages are labelled from 1 in their order",
        n=file.count,
    )
    return warning("page-labels-supplied", said, file=file.name)
