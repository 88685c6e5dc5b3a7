"""Following the journal into the indexes: the staff's, which hold everything, and what is published to the public.

What the public can reach is written here and nowhere else. A record that closes is taken back at once and in this
order: its view, its page images, its documents.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from archives.errors import JinkuiError
from archives.record.elements import public_elements
from archives.record.holding import Holding, StoredFile
from archives.record.rights import Access, OnlineScope
from search.index.document import public_documents, staff_documents
from search.index.search_index import SearchIndex
from search.published.views import PublishedPage, PublishedView, PublishedViews


class HoldingSource(Protocol):
    """Where records and their files are read from."""

    def changed_after(self, sequence: int) -> Iterator[Holding]:
        """Yield the records that changed after a journal sequence, in the order of their changes."""

    def awaiting(self) -> Iterator[Holding]:
        """Yield the records with a decision that was to take effect later than it was recorded."""

    def disposed_after(self, sequence: int) -> tuple[tuple[str, int], ...]:
        """Return the packages disposed of after a journal sequence, each with the sequence of its tombstone."""

    def head(self) -> int:
        """Return the journal sequence up to which changes are known."""

    def read(self, holding: Holding, file: StoredFile) -> bytes:
        """Return a file's bytes, checked."""


ImageOf = Callable[[Holding, StoredFile, int], bytes]
"""Draws a page of an original (index from 0) as JPEG for the screen; raises ``JinkuiError`` when it cannot."""


@dataclass(frozen=True, slots=True)
class PublicSide:
    """Everything the public can reach: views, the folder of page images, the public index."""

    views: PublishedViews
    images: Path
    index: SearchIndex


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What following the journal did."""

    indexed: int
    published: int
    withdrawn: int


def catch_up(
    source: HoldingSource, staff: SearchIndex, public: PublicSide, *, today: date, image_of: ImageOf
) -> CaughtUp:
    """Bring the staff's index and everything public up to the journal's head; may be called at any time."""
    head = source.head()
    indexed = 0
    for holding in (*source.changed_after(staff.head()), *source.awaiting()):
        texts = _page_texts(source, holding)
        documents = staff_documents(holding, texts, holding.access_on(today).openness)
        staff.replace(holding.package_id.value, documents, sequence=holding.sequence)
        indexed += 1
    for package_id, sequence in source.disposed_after(staff.head()):
        staff.replace(package_id, (), sequence=sequence)
    staff.commit(head)
    published, withdrawn = _publish(source, public, today=today, image_of=image_of)
    public.index.commit(head)
    return CaughtUp(indexed, published, withdrawn)


def rebuild(
    source: HoldingSource, staff: SearchIndex, public: PublicSide, *, today: date, image_of: ImageOf
) -> CaughtUp:
    """Make both indexes and everything public again from nothing but the source."""
    staff.clear()
    public.index.clear()
    public.views.clear()
    shutil.rmtree(public.images, ignore_errors=True)
    return catch_up(source, staff, public, today=today, image_of=image_of)


def take_back(public: PublicSide, package_id: str, *, sequence: int) -> None:
    """Remove a record from everything the public can reach, before this returns."""
    public.views.remove(package_id)
    shutil.rmtree(public.images / package_id, ignore_errors=True)
    public.index.replace(package_id, (), sequence=sequence)


def _publish(source: HoldingSource, public: PublicSide, *, today: date, image_of: ImageOf) -> tuple[int, int]:
    """Bring everything public up to date with the records that changed, or whose decision's day may have come."""
    published = withdrawn = 0
    for package_id, sequence in source.disposed_after(public.index.head()):
        withdrawn += public.views.get_by_id(package_id) is not None
        take_back(public, package_id, sequence=sequence)
    for holding in (*source.changed_after(public.index.head()), *source.awaiting()):
        view_id = holding.package_id.value
        access = holding.access_on(today)
        view = public.views.get_by_id(view_id)
        if not access.is_online:
            take_back(public, view_id, sequence=holding.sequence)
            withdrawn += view is not None
            continue
        if view is None or view.sequence < holding.sequence or view.scope is not access.scope:
            _put(source, public, holding, access, image_of)
            published += 1
        texts = _page_texts(source, holding) if access.is_online_in_full else {}
        public.index.replace(view_id, public_documents(holding, texts), sequence=holding.sequence)
    return published, withdrawn


def _put(source: HoldingSource, public: PublicSide, holding: Holding, access: Access, image_of: ImageOf) -> None:
    view_id = holding.package_id.value
    if access.scope is OnlineScope.CATALOGUE_ONLY:
        take_back(public, view_id, sequence=holding.sequence)
    texts = _page_texts(source, holding) if access.is_online_in_full else {}
    pages = tuple(_pages(public, holding, texts, image_of)) if access.is_online_in_full else ()
    public.views.put(_view(holding, access, pages))


def _pages(public: PublicSide, holding: Holding, texts: dict[int, str], image_of: ImageOf) -> Iterator[PublishedPage]:
    folder = public.images / holding.package_id.value
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number in sorted(set(texts) | {file.page for file in holding.originals if file.page}):
        image = _image(holding, number, image_of)
        name = f"{number:04}.jpg" if image else None
        if image and name:
            (folder / name).write_bytes(image)
        if image or number in texts:
            yield PublishedPage(number, texts.get(number, "").strip(), name)


def _image(holding: Holding, number: int, image_of: ImageOf) -> bytes | None:
    """Return a page's image, None where its file has none or it cannot be drawn."""
    sources = [file for file in holding.originals if file.page and file.page <= number]
    if not sources:
        return None
    try:
        return image_of(holding, sources[-1], number - (sources[-1].page or 1))
    except JinkuiError:
        return None


def _view(holding: Holding, access: Access, pages: tuple[PublishedPage, ...]) -> PublishedView:
    return PublishedView(
        view_id=holding.package_id.value,
        repository=holding.repository.code.value,
        repository_name=holding.repository.name,
        repository_name_en=holding.repository.name_en,
        code_key=holding.key.code_key,
        elements=public_elements(holding.description),
        fonds_number=holding.description.code.fonds,
        fonds_name=holding.fonds.name if holding.fonds else "",
        scope=access.scope,
        pages=pages,
        sequence=holding.sequence,
    )


def _page_texts(source: HoldingSource, holding: Holding) -> dict[int, str]:
    return {
        file.page: source.read(holding, file).decode("utf-8", "replace").strip("\n")
        for file in holding.page_texts
        if file.page is not None
    }
