"""A unit as the catalogue knows it: description, files, decisions, and where it stands in the journal."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import PurePosixPath

from archives.record.description import Description, Fonds, Repository
from archives.record.identifiers import PackageId, RecordKey
from archives.record.record import RepresentationName
from archives.record.rights import Access, Conclusion, OnlineScope, OpeningDecision, Openness, Withdrawal, access_on
from archives.record.volume.components import Component, component_at, components_of
from archives.record.volume.page_label import PageKind, PageLabel
from archives.record.volume.structure import VolumeStructure


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One payload file of a package's newest version; ``path`` is its place in the bag (``data/…``).

    ``role`` says which part of a document it is (正本, 附件), empty where nothing does.
    """

    path: PurePosixPath
    size_bytes: int
    sha256: str
    puid: str | None
    format_name: str
    mime: str
    original_name: str
    representation: RepresentationName | None = None
    page: int | None = None
    role: str = ""


LEFT = ("已撤销", "已清除")
"""The states of a unit that is in the catalogue no more (``archives.units.unit.State``)."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a unit, and whether it stands for what the unit is now.

    ``reviewed`` is the digest of what a review looks at now, ``approved`` the one that the last opening decision stands for.
    ``code_key`` is the matching form of its code.
    """

    decisions: tuple[OpeningDecision | Withdrawal, ...]
    reviewed: str = ""
    approved: str = ""
    code_key: str = ""

    def access_on(self, day: date) -> Access:
        """Return what may be done with the unit on ``day``: what was not reviewed as it is now waits."""
        access = access_on(day, self.decisions)
        if access.is_open and self.approved != self.reviewed:
            return Access(Openness.CHANGED, OnlineScope.NOT_ONLINE)
        return access

    @property
    def public_title(self) -> str:
        """What the last decision says the public is told in place of its title (公开题名), empty where it says nothing."""
        last = next((one for one in reversed(self.decisions) if isinstance(one, OpeningDecision)), None)
        return (last.public_title or "") if last else ""


@dataclass(frozen=True, slots=True)
class Holding:
    """A record in its newest version, an item of a volume, or a unit without content, with everything decided about it.

    ``package_id`` names the package that holds the files: of an item its volume's, while ``item`` is its own identifier;
    of a unit without content (``version`` 0) its own. ``record`` is the identifier of the unit whose content the package
    is, where that is not its own: of one that took another's place. ``sequence`` is the journal's number of the newest entry that touched
    it: the version of every search document and published view made from it. ``reviewed`` is the digest of what a review
    of this version looks at; ``approved`` the one that the last opening decision stands for, made when
    ``approved_version`` was the newest. ``volume`` says what the pages of a volume are called and which items stand on
    them, of an item that of its volume; ``items`` what was decided about each of these items, and about those that the
    catalogue has below the volume without content, by identifier. ``state``
    tells what became of a unit without content (``archives.units.unit.State``), empty where nothing did, ``level`` which one
    it has in the catalogue (``archives.units.unit.Level``), empty for what has content. ``fonds_decision`` is the last one about
    its fonds itself: where that closed it nobody outside is told what the fonds is called.
    """

    package_id: PackageId
    version: int
    key: RecordKey
    repository: Repository
    fonds: Fonds | None
    description: Description
    files: tuple[StoredFile, ...]
    decisions: tuple[OpeningDecision | Withdrawal, ...]
    sequence: int
    stored_at: datetime
    reviewed: str = ""
    approved: str = ""
    approved_version: int = 0
    volume: VolumeStructure | None = None
    item: str = ""
    record: str = ""
    state: str = ""
    level: str = ""
    items: Mapping[str, Decided] = field(default_factory=dict)
    fonds_decision: OpeningDecision | Withdrawal | None = None

    @property
    def unit_id(self) -> str:
        """The identifier of the unit: of a record that of its first package, of a unit without content its own."""
        return self.item or self.record or self.package_id.value

    @property
    def decided(self) -> Decided:
        """What was decided about it."""
        return Decided(self.decisions, self.reviewed, self.approved)

    def access_on(self, day: date) -> Access:
        """Return what may be done with the unit on ``day``: what was not reviewed as it is now waits, and so does what left."""
        if self.has_left:
            return Access(Openness.CHANGED, OnlineScope.NOT_ONLINE)
        return self.decided.access_on(day)

    @property
    def has_left(self) -> bool:
        """Whether it left the catalogue: it was taken back, or nothing is left of what was said of it."""
        return self.state in LEFT

    @property
    def public_description(self) -> Description:
        """Its description as the public is told it."""
        return as_told(self.description, self.decided.public_title)

    def public_fonds_name(self, day: date) -> str:
        """Return what the public is told on a day its fonds is called, empty where it is told nothing."""
        last = self.fonds_decision
        if self.fonds is None or (last and not access_on(day, (last,)).is_online):
            return ""
        return (isinstance(last, OpeningDecision) and last.public_title) or self.fonds.name

    @property
    def waits_for_review(self) -> bool:
        """Whether the last decision opens the unit, now or later, and it is not any more what was reviewed."""
        last = self.decisions[-1] if self.decisions else None
        is_opening = isinstance(last, OpeningDecision) and last.conclusion is Conclusion.OPEN
        return is_opening and self.approved != self.reviewed

    @property
    def own_pages(self) -> tuple[int, ...] | None:
        """The pages that are its own, in their order: of an item those on which it stands, of a volume those on which no
        item does; None for what is no volume, whose pages are all its own."""
        if self.volume is not None and not self.volume.items and self.items:
            return self.volume.of_the_volume
        return own_pages(self.volume, self.item)

    def public_pages(self, pages: Collection[int], day: date, *, opened: Collection[str] = ()) -> tuple[int, ...]:
        """Return those of its pages that may be shown on a day on which it is open, in their order.

        A page that several items stand on is public only if all of them are; a list of contents, which names items, only
        if all items of the volume are, each under its own title. Openness is never inherited. ``opened`` are items to be taken for open.
        """
        own = self.own_pages
        if own is None or self.volume is None:
            return tuple(sorted(pages))
        known = {*opened, self.item}
        shown = {unit for unit, one in self.items.items() if one.access_on(day).is_online_in_full}
        closed = self._every_item - shown - known
        if self.item:
            hidden = {page for item in self.volume.items if item.unit_id in closed for page in item.pages}
            return tuple(page for page in own if page in pages and page not in hidden)
        titles = {one.unit_id: ("", one.description.title) for one in self.volume.items}
        may_name = not closed and all(one.public_title in titles.get(key, ("",)) for key, one in self.items.items())
        return tuple(page for page in own if page in pages and (may_name or self.volume.is_of_the_volume_alone(page)))

    @property
    def _every_item(self) -> set[str]:
        """Everything below a volume: what stands in its package, and what is only described."""
        return {*(one.unit_id for one in (self.volume.items if self.volume else ())), *self.items}

    def others_on(self, pages: Collection[int]) -> tuple[str, ...]:
        """Return the items, but itself, that have to be open for these pages to be public."""
        if self.volume is None:
            return ()
        if not self.item:
            return () if all(map(self.volume.is_of_the_volume_alone, pages)) else tuple(sorted(self._every_item))
        others = (one for one in self.volume.items if one.unit_id != self.item)
        return tuple(one.unit_id for one in others if not {*pages}.isdisjoint(one.pages))

    def public_until(self, pages: Collection[int], day: date) -> date | None:
        """Return the first day from which on something of these public pages is open no more, as far as that is known."""
        others = (self.items[one] for one in self.others_on(pages) if one in self.items)
        ends = (self.access_on(day).until, *(one.access_on(day).until for one in others))
        return min((end for end in ends if end), default=None)

    def openness_of(self, page: int, day: date) -> Openness:
        """Return the state of a page on a day: open only where everything that stands on it is."""
        volume = self.volume
        if volume is None or self.item or not self.items:
            return self.access_on(day).openness
        on_it = [one.unit_id for one in volume.items if page in one.pages]
        states = [self.items[one].access_on(day).openness for one in on_it if one in self.items]
        if not on_it:
            states = [self.access_on(day).openness]
            if not volume.is_of_the_volume_alone(page):
                states += [one.access_on(day).openness for one in self.items.values()]
        return next((one for one in states if one is not Openness.OPEN), Openness.OPEN)

    def each_item(self) -> Iterator["Holding"]:
        """Yield the items of a volume as units of their own, each with the files that its pages stand on."""
        paged = PagedFiles(self.files)
        for item in self.volume.items if self.volume else ():
            decided = self.items.get(item.unit_id, Decided(()))
            yield replace(
                self,
                key=RecordKey(self.key.repository, item.description.code.key),
                description=item.description,
                files=paged.on(item.pages),
                decisions=decided.decisions,
                reviewed=decided.reviewed,
                approved=decided.approved,
                approved_version=0,
                item=item.unit_id,
            )

    def label_of(self, page: int | None) -> PageLabel | None:
        """Return what a page is called, on paper or within its part; None where it has but its number in the record."""
        if self.volume or not page:
            return self.volume.label(page) if self.volume and page else None
        part = component_at(self.components, page)
        return PageLabel(PageKind.OTHER, digits=part.label(page)) if part else None

    def label_text(self, page: int) -> str:
        """Return the same as one text, empty where there is none."""
        if self.volume:
            return self.volume.labels.get(page, "")
        label = self.label_of(page)
        return label.text if label else ""

    @property
    def components(self) -> tuple[Component, ...]:
        """The parts of a document that is one record, in their order; none where no file is said to be one."""
        if self.volume or not any(file.role for file in self.files):
            return ()
        files = [(file.page, file.role) for file in self.originals if file.page]
        return components_of(files, max(file.page or 0 for file in self.files))

    @property
    def originals(self) -> tuple[StoredFile, ...]:
        """The files as they came, in page order."""
        return self._of(RepresentationName.ORIGINAL)

    @property
    def attachments(self) -> tuple[StoredFile, ...]:
        """What was attached to the mails among the files, taken out of them."""
        return self._of(RepresentationName.ATTACHED)

    @property
    def page_texts(self) -> tuple[StoredFile, ...]:
        """The plain text of each page, in page order."""
        return tuple(file for file in self._of(RepresentationName.TEXT) if file.mime == "text/plain")

    def _of(self, name: RepresentationName) -> tuple[StoredFile, ...]:
        chosen = (file for file in self.files if file.representation is name)
        return tuple(sorted(chosen, key=lambda file: (file.page or 0, file.path)))


def as_told(description: Description, public_title: str) -> Description:
    """Return a description with the title that the public is told in place of its own, where there is one.

    The names that a fonds had are its title at other times, and go with it.
    """
    return replace(description, title=public_title, names="") if public_title else description


def own_pages(volume: VolumeStructure | None, item: str = "") -> tuple[int, ...] | None:
    """Return the pages of a volume that are its own, or those of one of its items; None for what is no volume with items."""
    if volume is None or not volume.items:
        return None
    if not item:
        return volume.of_the_volume
    return next((one.pages for one in volume.items if one.unit_id == item), ())


class PagedFiles:
    """Files by the pages that they hold: originals, which may hold many, and what was made of each page."""

    def __init__(self, files: Iterable[StoredFile]) -> None:
        paged = sorted((file for file in files if file.page), key=lambda file: file.page or 0)
        self._originals = [file for file in paged if file.representation is RepresentationName.ORIGINAL]
        self._starts = [file.page or 0 for file in self._originals]
        self._made: dict[int, list[StoredFile]] = {}
        for file in paged:
            if file.representation is not RepresentationName.ORIGINAL:
                self._made.setdefault(file.page or 0, []).append(file)

    def on(self, pages: Collection[int]) -> tuple[StoredFile, ...]:
        """Return those files on which any of these pages stand."""
        places = sorted({bisect_right(self._starts, page) - 1 for page in pages} - {-1})
        chosen = (self._originals[place] for place in places)
        return (*chosen, *(file for page in sorted({*pages}) for file in self._made.get(page, ())))
