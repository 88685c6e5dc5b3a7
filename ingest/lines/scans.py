"""Scans: images and PDFs in page order, every page read by an engine, and a searchable copy of them all."""

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from archives.errors import IntegrityError, StorageError, ToolMissingError
from archives.exchange.alto import read_alto, write_alto
from archives.findings import Finding, warning
from archives.pipeline import Done
from archives.record.checksum import Digests, digests_of
from archives.record.record import RepresentationName
from formats.kinds.registry import PAGE_ENDINGS
from formats.page_image import grey_page_apart, is_page_source
from formats.processes.child import apart
from formats.processes.opened import Opened
from ingest.batch.listing import PlannedFile
from ingest.batch.matching import Claim
from ingest.batch.plan import PlannedRecord
from ingest.batch.reopened import open_listed
from ingest.comparison import Candidate
from ingest.examine import ExaminedFile, digest_opened
from ingest.lines.line import Draft, Line, PageAnswer, TaskAnswer, Worked
from ingest.lines.page_checks import FILE_CHECKS, MOST_PAGES, NUMBER_CHECKS, TEXT_CHECKS, page_numbers
from ingest.package import Contents, ReadPage
from ingest.page.access_pdf import AccessPage, write_access_pdf
from ingest.page.ocr.engine import OcrSettings, engine_for
from ingest.page.ocr.recognise import recognise_page
from ingest.workplace import Workplace

_ACCESS_QUALITY = 60


@dataclass(frozen=True, slots=True)
class PageTask:
    """One page that is to be read: which page of which file, its number in the record, where its results are kept.

    ``known_alto`` is what was read of the very same page before; then it is not read again.
    """

    file: ExaminedFile
    page_index: int
    number: int
    language: str
    folder: Path
    settings: OcrSettings
    software: str
    known_alto: bytes | None = None

    def do(self) -> PageAnswer:
        """Read the page."""
        with open_listed(self.file.planned) as opened:
            image = grey_page_apart(opened, self.file.format.mime, self.page_index, quality=_ACCESS_QUALITY)
        if self.known_alto is not None:
            page = read_alto(self.known_alto)
        else:
            page = recognise_page(
                image.grey, resolution_dpi=image.resolution_dpi, language=self.language, settings=self.settings
            )
        alto = self.known_alto or write_alto(page, image_name=self.file.planned.shown, software=self.software)
        return PageAnswer(page, image.jpeg, alto, tuple(sorted(image.oddities)))

    def kept(self, answer: TaskAnswer) -> ReadPage:
        """Write the page's image, ALTO and text into the folder."""
        assert isinstance(answer, PageAnswer)
        self.folder.mkdir(parents=True, exist_ok=True)
        jpeg_path, alto_path, text_path = (self.folder / f"{self.number:04}.{end}" for end in ("jpg", "xml", "txt"))
        jpeg_path.write_bytes(answer.jpeg)
        alto_path.write_bytes(answer.alto)
        text_path.write_bytes((answer.page.text + "\n").encode("utf-8"))
        return ReadPage(
            self.number,
            answer.page,
            jpeg_path,
            alto_path,
            text_path,
            anew=self.known_alto is None,
            oddities=frozenset(answer.oddities),
        )


@dataclass(frozen=True, slots=True)
class AccessCopyTask:
    """The pages of a record that become one searchable PDF: their images stand in ``images`` one behind the other."""

    images: Opened
    target: Opened
    pages: tuple[AccessPage, ...]
    title: str
    language: str
    created_at: datetime


class Scans(Line):
    """The line of scans; a file's name or its place in the sheet says which page it is."""

    def suits(self, files: Sequence[PlannedFile]) -> bool:
        """Take batches that hold nothing but files with page images."""
        return all(PurePosixPath(file.relative).suffix.lower() in PAGE_ENDINGS for file in files)

    def page_in_folder(self, stem: str) -> int | None:
        """Take the digits at the end for the page number."""
        digits = re.search(r"(\d{1,6})$", stem)
        return int(digits[1]) if digits else None

    def code_in(self, stem: str, codes: Collection[str]) -> str | None:
        """Take a name that is no code and no code with a page number for nobody's."""
        return None

    def listed(self, files: Sequence[PlannedFile]) -> tuple[PlannedFile, ...]:
        """Number the files in the order of the sheet."""
        return tuple(replace(file, page=number) for number, file in enumerate(files, 1))

    def found(self, files: Sequence[PlannedFile]) -> Claim:
        """Check the numbers; where they stand twice or begin with 0, the pages are numbered anew."""
        numbers = page_numbers(files)
        findings = tuple(found for check in NUMBER_CHECKS for found in check(files))
        usable = len(set(numbers)) == len(numbers) and 0 not in numbers
        return tuple(files) if usable else self.listed(files), findings

    def require_tools(self, records: Sequence[PlannedRecord], ocr: OcrSettings) -> None:
        """Need an engine for every language."""
        for language in sorted({record.description.language for record in records}):
            missing = engine_for(language, ocr).missing(language)
            if missing:
                raise ToolMissingError(missing, subject=language, advice=missing)

    def tasks_of(self, candidate: Candidate, place: Workplace) -> tuple[PageTask, ...]:
        """Return one task a page."""
        record, language = candidate.record, candidate.record.planned.description.language
        folder = place.folder / f"row-{record.planned.row}"
        return tuple(
            PageTask(file, index, first + index, language, folder, place.ocr, place.software, known.get(index))
            for file, first in zip(record.files, first_pages(record.files), strict=True)
            for known in (_known_texts(file, candidate, place),)
            for index in range(_page_images(file))
        )

    def check(self, candidate: Candidate) -> tuple[Finding, ...]:
        """Check what the files show by themselves."""
        return tuple(found for check in FILE_CHECKS for found in check(candidate.record))

    def contents_of(self, draft: Draft, worked: Sequence[Worked], place: Workplace) -> tuple[Contents, list[Finding]]:
        """Return the scans with the text of every page that could be read, and their access copy."""
        files = draft.candidate.record.files
        read = [(one.item.task, one.result) for one in worked if isinstance(one, Done) and one.item.task]
        pages = tuple(page for _, page in read if isinstance(page, ReadPage))
        places = {file: place for place, file in reversed(tuple(enumerate(files)))}
        sources = tuple(places[task.file] for task, page in read if isinstance(page, ReadPage))
        findings = [found for check in TEXT_CHECKS for found in check(pages)]
        made = _access_copy(draft, pages, place) if pages else None
        if isinstance(made, Finding):
            findings.append(made)
        access = made if isinstance(made, tuple) else None
        return Contents(files, first_pages(files), pages, sources, (), access), findings


def first_pages(files: Sequence[ExaminedFile]) -> tuple[int, ...]:
    """Return the number of each file's first page in the record."""
    numbers: list[int] = []
    following = 1
    for file in files:
        numbers.append(file.planned.page if file.planned.page is not None else following)
        following = numbers[-1] + max(1, _page_images(file))
    return tuple(numbers)


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
    )
    return digest_opened(task.target)


def _page_images(file: ExaminedFile) -> int:
    return min(file.pages or 0, MOST_PAGES) if is_page_source(file.format.mime) else 0


def _known_texts(file: ExaminedFile, candidate: Candidate, place: Workplace) -> dict[int, bytes]:
    """Return the stored ALTO of a file's pages by index, where the stored version has the very same file.

    A record in another language is read by another engine, and what no store gives whole is read anew.
    """
    held = candidate.held
    if held is None or candidate.record.planned.description.language != held.description.language:
        return {}
    same = next((stored for stored in held.originals if stored.sha256 == file.digests.sha256), None)
    if same is None or same.page is None:
        return {}
    texts = {stored.page: stored for stored in held.files if stored.path.suffix == ".xml" and stored.page}
    known: dict[int, bytes] = {}
    for index in range(file.pages or 0):
        if (stored := texts.get(same.page + index)) is not None:
            with suppress(IntegrityError, StorageError):
                known[index] = place.archive.holdings.read(held, stored)
    return known


def _access_copy(draft: Draft, pages: tuple[ReadPage, ...], place: Workplace) -> tuple[Path, Digests] | Finding:
    """Return the access copy, or why there is none."""
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
            description.language,
            place.archive.world.now(),
        )
        (made,) = place.run(make_access_copy, [task])
    return (target, made.result) if isinstance(made, Done) else warning("access-copy-failed", made.error.message)


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
    same = [file.digests.sha256 for file in draft.candidate.record.files] == [file.sha256 for file in held.originals]
    read_before = all(isinstance(task, PageTask) and task.known_alto is not None for task in draft.tasks)
    access = next((file for file in held.files if file.representation is RepresentationName.ACCESS), None)
    if not same or not read_before or access is None:
        return None
    with suppress(IntegrityError, StorageError):
        return place.archive.holdings.read(held, access)
    return None
