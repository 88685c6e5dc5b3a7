"""The access copy of a record: one searchable PDF of all its pages that were recognised."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archives.errors import IntegrityError, StorageError
from archives.findings import Finding, warning
from archives.pipeline import Done
from archives.record.checksum import Digests, digests_of
from archives.record.record import RepresentationName
from formats.processes.child import apart
from formats.processes.opened import Opened
from ingest.contents import ReadPage
from ingest.examine import digest_opened
from ingest.page.access_pdf import AccessPage, write_access_pdf
from ingest.reading.tasks import PageTask
from ingest.reading.work import Draft
from ingest.workplace import Workplace


@dataclass(frozen=True, slots=True)
class AccessCopyTask:
    """The pages of a record that become one searchable PDF: their images stand in ``images`` one behind the other."""

    images: Opened
    target: Opened
    pages: tuple[AccessPage, ...]
    title: str
    language: str
    created_at: datetime | None
    code: str = ""
    holder: str = ""


def access_copy(draft: Draft, pages: tuple[ReadPage, ...], place: Workplace) -> tuple[Path, Digests] | Finding:
    """Return the access copy of pages that were read, or why there is none."""
    description = draft.candidate.record.planned.description
    target = pages[0].text.with_name("access.pdf")
    if (known := _known_access_copy(draft, place)) is not None:
        target.write_bytes(known)
        return target, digests_of(known)
    with _images_of(pages) as images, Opened.anew(target) as opened:
        task = AccessCopyTask(
            images,
            opened,
            tuple(AccessPage(page.jpeg.stat().st_size, page.page) for page in pages),
            description.title,
            draft.candidate.record.planned.reading_language,
            place.archive.world.now(),
        )
        (made,) = place.run(make_access_copy, [task])
    return (target, made.result) if isinstance(made, Done) else warning("access-copy-failed", made.error.message)


def make_access_copy(task: AccessCopyTask) -> Digests:
    """Write the searchable PDF of a record and return its digests."""
    apart(
        write_access_pdf,
        task.images,
        task.target,
        task.pages,
        title=task.title,
        language=task.language,
        created_at=task.created_at,
        code=task.code,
        holder=task.holder,
    )
    return digest_opened(task.target)


def _images_of(pages: Sequence[ReadPage]) -> Opened:
    """Return one file in which the images of all pages stand one behind the other; it goes with the folder of drafts."""
    place = pages[0].jpeg.with_name("pages.jpg")
    with place.open("wb") as images:
        for page in pages:
            images.write(page.jpeg.read_bytes())
    return Opened.at(place)


def _known_access_copy(draft: Draft, place: Workplace) -> bytes | None:
    """Return the stored access copy when it shows exactly these pages; None when it has to be made."""
    held = draft.candidate.held
    if held is None:
        return None
    ours = [file.digests.sha256 for file in draft.candidate.record.files if not file.planned.is_beside]
    same = ours == [file.sha256 for file in held.originals if file.page]
    recognised = [task for task in draft.tasks if isinstance(task, PageTask)]
    access = next((file for file in held.files if file.representation is RepresentationName.ACCESS), None)
    read_before = sum(
        file.path.suffix == ".xml" for file in held.files if file.representation is RepresentationName.TEXT
    )
    if (
        not same
        or access is None
        or any(task.known_alto is None for task in recognised)
        or read_before != len(recognised)
    ):
        return None
    with suppress(IntegrityError, StorageError):
        return place.archive.holdings.read(held, access)
    return None
