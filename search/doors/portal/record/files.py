"""The files of a page as they are sent: only those that its view names, and of a signed one only as they were signed."""

import hashlib
import re
from io import BytesIO
from pathlib import Path

from search.published.shown.page_file import PageTold, part_of, told_in
from search.published.view import PublishedPage, PublishedView

_PART = re.compile(r"thumbnail\.jpg|\d{1,2}/\d{1,4}_\d{1,4}\.jpg")


def file_of(images: Path, view: PublishedView, name: str, sha256: str, *, is_signed: bool) -> bytes | None:
    """Return a file of a view; None where it is not there, or not as it was signed."""
    try:
        data = (images / view.view_id / name).read_bytes()
    except OSError:
        return None
    return None if is_signed and hashlib.sha256(data).hexdigest() != sha256 else data


def page_part(images: Path, view: PublishedView, place: str, part: str, *, is_signed: bool) -> bytes | None:
    """Return a tile or the thumbnail of a page, by the name of its folder (``0001``); None where there is none."""
    page = next((page for page in view.pages if page.beside and folder_of(page) == place), None)
    if page is None or not _PART.fullmatch(part):
        return None
    if is_signed:  # as a whole, so it has to be read as a whole
        data = file_of(images, view, page.beside, page.beside_sha256, is_signed=True)
        return part_of(BytesIO(data), part) if data is not None else None
    try:
        with (images / view.view_id / page.beside).open("rb") as file:
            return part_of(file, part)
    except OSError:
        return None


def told_of(images: Path, view: PublishedView, page: PublishedPage, *, is_signed: bool) -> PageTold | None:
    """Return what the file of a page tells beside its tiles; None where it has none."""
    if not page.beside:
        return None
    data = file_of(images, view, page.beside, page.beside_sha256, is_signed=is_signed)
    return told_in(data) if data is not None else None


def folder_of(page: PublishedPage) -> str:
    """Return the name of the folder in which the parts of a page seem to lie."""
    return page.beside.partition(".")[0]
