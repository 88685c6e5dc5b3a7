"""The pages of a record as the public sees them: their texts, and their images drawn for the screen."""

import hashlib
from collections.abc import Callable, Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Protocol

from archives.errors import FormatError, IntegrityError, StorageError
from archives.message import message
from archives.record.holding import Holding, StoredFile
from archives.system_reason import reason_of
from archives.units.unit import Level
from search.index.shared import make_folder, take_after_folder
from search.published.closing import remove_images
from search.published.view import PublishedPage


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

    def head(self) -> int:
        """Return the journal sequence up to which changes are known."""

    def read(self, holding: Holding, file: StoredFile) -> bytes:
        """Return a file's bytes, checked."""


ImageOf = Callable[[Holding, StoredFile, int], bytes]
"""Draws a page of an original (index from 0) as JPEG for the screen; raises ``JinkuiError`` when it cannot."""


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


def draw_pages(
    source: HoldingSource, holding: Holding, folder: Path, image_of: ImageOf, day: date
) -> Iterator[PublishedPage]:
    """Yield a unit's public pages, with their images drawn into its folder in place of those of before.

    Raises what the source raises, ``ToolError`` where a page is not drawn in time, ``StorageError`` where an image cannot be written.
    """
    texts = page_texts(source, holding)
    remove_images(folder)
    for number in shown_pages(holding, texts, day):
        image = _image(holding, number, image_of)
        name = f"{number:04}.jpg" if image else None
        if image and name:
            _write_image(folder / name, image)
        if image or number in texts:
            digest = hashlib.sha256(image).hexdigest() if image else ""
            yield PublishedPage(number, texts.get(number, "").strip(), name, digest)


def _image(holding: Holding, number: int, image_of: ImageOf) -> bytes | None:
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
    try:
        make_folder(path.parent)
        path.write_bytes(image)
        take_after_folder(path)
    except OSError as cause:
        raise StorageError(
            message(
                "页面图像写不了：{path}（{reason}）",
                "a page image cannot be written: {path} ({reason})",
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
