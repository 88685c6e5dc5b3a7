"""The pages of a record as the public sees them: their texts, and their images drawn for the screen."""

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

from archives.errors import FormatError, IntegrityError, StorageError
from archives.exchange.alto import read_alto
from archives.message import message
from archives.record.checksum import Kept
from archives.record.holding import Holding, StoredFile
from archives.record.rights import OnlineScope
from archives.system_reason import reason_of
from archives.text.page import Page
from archives.units.unit import Level
from search.index.document import TextOrigin, layouts_of
from search.index.shared import make_folder, take_after_folder
from search.published.closing import remove_images
from search.published.shown.page_file import PageImages, page_file
from search.published.shown.word_places import TextPlaces, text_places
from search.published.view import PublishedPage, PublishedView

_CHUNK_BYTES = 1 << 20


class HoldingSource(Protocol):
    """Where records and their files are read from."""

    def changed_after(self, sequence: int, *, decided: bool = False) -> Iterator[Holding]:
        """Yield the units that changed after a journal sequence.

        With ``decided`` of the units without content only those about which something was decided.
        """

    def ahead(self, today: date) -> frozenset[str]:
        """Return the identifiers of the units with a decision of which a day is still to come."""

    def awaiting(self, sequence: int, today: date, early: Collection[str] = ()) -> Iterator[Holding]:
        """Yield the units with a decision that takes effect, or ends, on a day that has come since a journal entry.

        More rather than less, whole volumes of them, and of what is ``early`` too.
        """

    def named(self, unit_ids: Collection[str]) -> Iterator[Holding]:
        """Yield those of these units that there are."""

    def disposed_after(self, sequence: int) -> tuple[tuple[str, int], ...]:
        """Return the packages disposed of after a journal sequence, each with the sequence of its tombstone."""

    def former_codes(self, holding: Holding) -> tuple[str, ...]:
        """Return the matching forms of the archival codes that a record had before."""

    def as_reviewed(self, holding: Holding) -> Holding | None:
        """Return a record that waits for review as it was when it was approved; None where that cannot be had."""

    def kept(self, holding: Holding, day: date) -> Kept | None:
        """Return how a unit's content is kept as of a day, with all masters of its package; None where it has none."""

    def head(self) -> int:
        """Return the journal sequence up to which changes are known."""

    def read(self, holding: Holding, file: StoredFile) -> bytes:
        """Return a file's bytes, checked."""


ImageOf = Callable[[Holding, StoredFile, int], PageImages]
"""Draws a page of an original (index from 0) for screens, or gives a recording as it is played; raises ``JinkuiError`` when it cannot."""


def page_texts(source: HoldingSource, holding: Holding) -> dict[int, str]:
    """Return the texts of a record's pages by their numbers; raises what the source raises."""
    return {
        file.page: source.read(holding, file).decode("utf-8", "replace").strip("\n")
        for file in holding.page_texts
        if file.page is not None
    }


def level_of(holding: Holding) -> str:
    """Return the level of a unit as its view tells it; empty for what has content and is no volume."""
    if holding.item:
        return Level.ITEM.value
    return Level.FILE.value if holding.volume else holding.level


def pages_of(holding: Holding, texts: Collection[int]) -> frozenset[int]:
    """Return every page of a unit that has a text or begins a file, of a volume every one that has a label."""
    if (own := holding.own_pages) is not None:
        return frozenset(own)
    return frozenset({*texts, *(file.page for file in holding.originals if file.page)})


def shown_pages(
    holding: Holding, texts: Collection[int], day: date, *, opened: Collection[str] = ()
) -> tuple[int, ...]:
    """Return those of an open unit's pages that the public may see on a day, in their order; see ``public_pages``."""
    return holding.public_pages(pages_of(holding, texts), day, opened=opened)


def kept_for_public(source: HoldingSource, holding: Holding, shown: Collection[int], day: date) -> Kept | None:
    """Return how a unit is kept, with the masters of which every page is public: nothing is told of a file that has another."""
    kept = source.kept(holding, day)
    if kept is None:
        return None
    is_shown = {*shown} if holding.own_pages is not None else None
    whole = (
        one
        for one in kept.masters
        if shown and (is_shown is None or is_shown.issuperset(range(one.first, one.last + 1)))
    )
    return replace(kept, masters=tuple(whole))


def says_the_same(view: PublishedView, stored: PublishedView | None) -> bool:
    """Say whether a view tells what stands, but for how copies were found since: that alone is no news."""
    if stored is None or view.kept is None or stored.kept is None:
        return view == stored
    was = stored.kept
    kept = replace(view.kept, copies=was.copies, verified_on=was.verified_on, as_of=was.as_of)
    return replace(view, kept=kept) == stored


def shows(stored: PublishedView, holding: Holding, content: str) -> bool:
    """Say whether a view's pages were made of these files, as pages are made now."""
    if any(page.image and not page.beside for page in stored.pages):
        return False
    made_of_this_version = not stored.content and stored.sequence == holding.sequence
    return stored.content == content or made_of_this_version


def tells_less(stored: PublishedView, holding: Holding, day: date, content: str) -> bool:
    """Say whether a view tells what the public is to be told no more: pages, a title, the name of a fonds.

    That is taken back like what closes, and before anything opens: an index that lags would go on finding it, and show it.
    ``content`` is the digest of what the pages are made of by now.
    """
    access = holding.access_on(day)
    if stored.pages and (access.scope is OnlineScope.CATALOGUE_ONLY or not shows(stored, holding, content)):
        return True
    title, fonds = holding.public_description.title, holding.public_fonds_name(day)
    name = holding.fonds.name if holding.fonds else ""
    has_title_back = title not in (holding.description.title, stored.said("title"))
    return has_title_back or fonds not in (name, stored.fonds_name)


def says_otherwise(view: PublishedView, stored: PublishedView | None) -> bool:
    """Say whether something that a view of before says stands in this one no more: what is found by it has to go first."""
    said = stored.elements.items() if stored else ()
    return any(view.elements.get(key) != value for key, value in said if value)


def draw_pages(
    source: HoldingSource, holding: Holding, folder: Path, image_of: ImageOf, day: date
) -> Iterator[PublishedPage]:
    """Yield a unit's public pages, with their images drawn into its folder in place of those of before.

    Raises what the source raises, ``ToolError`` where a page is not drawn in time, ``StorageError`` where an image cannot be written.
    """
    texts, layouts = page_texts(source, holding), layouts_of(holding)
    remove_images(folder)
    for number in shown_pages(holding, texts, day):
        images = _images(holding, number, image_of)
        read = _read(source, holding, layouts.get(number))
        text = texts.get(number, "").strip()
        if images or number in texts:
            origin = TextOrigin.RECOGNISED if number in layouts else TextOrigin.EXTRACTED
            page = PublishedPage(number, text, None, origin=origin if text else "")
            yield write_page(folder, page, images, read) if images else page


def write_page(folder: Path, page: PublishedPage, images: PageImages, read: Page | None) -> PublishedPage:
    """Write what is shown of a page into its view's folder, and return the page with the names and digests of that."""
    if images.recording is not None:
        name = f"{page.number:04}{images.recording.suffix}"
        size, sha256 = _take_recording(images.recording, folder / name)
        return replace(page, recording=name, recording_sha256=sha256, recording_bytes=size)
    image, beside, data = f"{page.number:04}.jpg", "", b""
    _write_image(folder / image, images.screen)
    if images.parts:
        measures = {"width_px": images.width_px, "height_px": images.height_px}
        data = page_file(images, text_places(read, page.text, **measures) if read else TextPlaces())
        beside = f"{page.number:04}.zip"
        _write_image(folder / beside, data)
    digests = [hashlib.sha256(one).hexdigest() if one else "" for one in (images.screen, data)]
    return replace(page, image=image, sha256=digests[0], beside=beside, beside_sha256=digests[1])


def _read(source: HoldingSource, holding: Holding, layout: StoredFile | None) -> Page | None:
    """Return what was read on a page with its places, None where nobody recognised it."""
    if layout is None:
        return None
    try:
        return read_alto(source.read(holding, layout), subject=layout.path.name)
    except FormatError:
        return None


def _images(holding: Holding, number: int, image_of: ImageOf) -> PageImages | None:
    """Return a page's image, None where its file has none or is not whole.

    Raises where the file cannot be read, and ``ToolError`` where drawing it came to no end: another time it may.
    """
    sources = [file for file in holding.originals if file.page and file.page <= number]
    if not sources:
        return None
    try:
        return image_of(holding, sources[-1], number - (sources[-1].page or 1))
    except FormatError:
        return None


def _write_image(path: Path, image: bytes) -> None:
    with _writing(path):
        path.write_bytes(image)


def _take_recording(made: Path, path: Path) -> tuple[int, str]:
    """Move a recording to its place, read as it is written, and return its length and its digest; nothing is left of one that fails."""
    size, digest = 0, hashlib.sha256()
    try:
        with _writing(path), made.open("rb") as source, path.open("wb") as target:
            while chunk := source.read(_CHUNK_BYTES):
                digest.update(chunk)
                size += target.write(chunk)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    finally:
        with suppress(OSError):
            made.unlink()
    return size, digest.hexdigest()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Give a published file its folder, and the folder's rights when it is written; raises ``StorageError``."""
    try:
        make_folder(path.parent)
        yield
        take_after_folder(path)
    except OSError as cause:
        raise StorageError(
            message(
                "公开的文件写不了：{path}（{reason}）",
                "a published file cannot be written: {path} ({reason})",
                path=str(path),
                reason=reason_of(cause),
            ),
            subject=str(path),
        ) from cause


def unread(code: str) -> IntegrityError:
    """Return the error that says that a record's description cannot be read."""
    return IntegrityError(
        message("{code} 的著录读不出来", "the description of {code} cannot be read", code=code),
        subject=code,
        advice=message("请核查并修复", "audit and repair"),
    )
