"""What a volume's package says of its pages and items: volume → items → pages (METS 1.12, structMap)."""

from collections.abc import Mapping
from dataclasses import dataclass

from archives.record.description import Description
from archives.record.volume.page_cell import spans_told
from archives.record.volume.page_label import PageKind, PageLabel, parse_label

_OF_THE_VOLUME_ALONE = (PageKind.COVER, PageKind.CLOSING, PageKind.BACK)


@dataclass(frozen=True, slots=True)
class VolumeItem:
    """An item of a volume: its own identifier (a UUID that is never used again), its description, its pages in order.

    ``pages`` are running numbers in the volume, from 1; one may be on another item's list too, where they share it.
    """

    unit_id: str
    description: Description
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VolumeStructure:
    """The pages of a volume, by their running numbers what each is called, and its items in their order."""

    labels: Mapping[int, str]
    items: tuple[VolumeItem, ...] = ()

    def label(self, page: int) -> PageLabel | None:
        """Return what a page is called, None for one that has no label."""
        return parse_label(self.labels[page]) if page in self.labels else None

    def unit_id_of(self, code_key: str) -> str | None:
        """Return the identifier of the item with a code, in the form in which codes are compared."""
        return next((item.unit_id for item in self.items if item.description.code.key == code_key), None)

    def pages_told(self, item: VolumeItem) -> str:
        """Return the pages of an item as people cite them (``034–041``)."""
        known = [page for page in item.pages if page in self.labels]
        return spans_told([parse_label(self.labels[page]) for page in known], known)

    def described(self, code_key: str) -> Description | None:
        """Return the description of the item with a code."""
        return next((item.description for item in self.items if item.description.code.key == code_key), None)

    def is_of_the_volume_alone(self, page: int) -> bool:
        """Say whether a page is the volume's whatever its items are: its cover, its closing note."""
        return page in self.labels and parse_label(self.labels[page]).kind in _OF_THE_VOLUME_ALONE

    @property
    def of_the_volume(self) -> tuple[int, ...]:
        """The pages that belong to no item: cover, list of contents, closing note, and what nobody claims."""
        owned = {page for item in self.items for page in item.pages}
        return tuple(page for page in sorted(self.labels) if page not in owned)
