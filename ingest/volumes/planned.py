"""A volume with its items as a batch brings it, and what its package is to say of their pages."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from archives.findings import Finding, warning
from archives.message import message
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS
from archives.record.volume.page_label import PageKind, PageLabel, Place, parse_label
from archives.record.volume.structure import VolumeItem, VolumeStructure
from ingest.volumes.assignment import ItemPages, pages_of_items


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item: what its row says of its pages, and its description, None where the row could not be used."""

    description: Description | None
    pages: ItemPages


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

        An item that is stored keeps its identifier, and so does one that is ``described`` already, by its code's key. One whose row could not be used keeps its pages from the others and
        is left out. Where the sheet has no items, those that are stored stay on the pages that are called as theirs.
        """
        if self.known is not None:
            return self.known, ()
        called, supplied = labels_of_pages(pages)
        orders = sorted(called, key=lambda page: page)
        labels = [called[page][0] for page in orders]
        owners = [called[page][1] for page in orders]
        found = pages_of_items([item.pages for item in self.items], labels, owners)
        known = dict(described) | {one.description.code.key: one.unit_id for one in (stored.items if stored else ())}
        items = tuple(
            VolumeItem(known.get(said.code.key) or new_id(), said, tuple(orders[page] for page in own))
            for item, own in zip(self.items, found.pages, strict=True)
            if (said := item.description)
        )
        texts = {page: label.text for page, (label, _) in called.items()}
        if stored and not self.items:
            items = tuple(_carried_over(item, stored, texts) for item in stored.items)
        return VolumeStructure(texts, items), (*supplied, *found.findings)


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


def differences(ours: Sequence[PlannedItem], stored: VolumeStructure | None) -> Iterator[str]:
    """Yield in English what of the items is not as it is stored: another one, one less, an element that differs."""
    known = {item.description.code.key: item.description for item in (stored.items if stored else ())}
    if not ours:
        return
    mine = [item.description for item in ours if item.description]
    for one in mine:
        if one.code.key not in known:
            yield f"{one.code.written} +"
        elif changed := [e.label.text("en") for e in ELEMENTS if e.of(one) != e.of(known[one.code.key])]:
            yield f"{one.code.written}: {', '.join(changed)}"
    keys = {one.code.key for one in mine}
    yield from (f"{one.code.written} -" for key, one in known.items() if key not in keys)


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
