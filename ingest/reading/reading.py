"""Reading a record: for each file it is decided whether its pages are recognised or its own text is taken out.

A picture is recognised, and so are the pages of a PDF that have no text fit to be kept; whatever else has text keeps it.
Pages are numbered through all files of a record.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeVar

from archives.errors import IntegrityError, StorageError, ToolMissingError
from archives.findings import Finding, Severity
from archives.pipeline import Done
from formats.kinds.registry import PAGE_ENDINGS, PICTURE_ENDINGS, kind_of
from formats.page_image import is_page_source
from formats.text import WITHOUT_TEXT, ExtractedText
from ingest.batch.plan import BatchKind, BatchPlan, PlannedRecord
from ingest.comparison import Candidate
from ingest.contents import Contents, PageText, ReadPage, file_pages
from ingest.examine import ExaminedFile, ExaminedRecord
from ingest.page.ocr.engine import OcrSettings, engine_for
from ingest.reading.access_copy import access_copy
from ingest.reading.page_checks import FILE_CHECKS, IMAGE_CHECKS, MOST_PAGES, TEXT_CHECKS
from ingest.reading.tasks import LookTask, PageTask, TextTask
from ingest.reading.work import Draft, OwnText, PageLook, Task, Worked
from ingest.volumes.planned import labels_of_pages
from ingest.workplace import Workplace

Numbered = TypeVar("Numbered", ReadPage, PageLook)

_SEVERAL = 2
_MOST_TOLD = 20
"""In how many files of a record something is told file by file."""


def require_tools(records: Sequence[PlannedRecord], kind: BatchKind, ocr: OcrSettings) -> None:
    """Raise ``ToolMissingError``, before anything begins, when an engine is missing that will be needed."""
    for language in sorted({record.reading_language for record in records if _will_be_recognised(record, kind)}):
        missing = engine_for(language, ocr).missing(language)
        if missing:
            raise ToolMissingError(missing, subject=language, advice=missing)


def may_be_recognised(plan: BatchPlan) -> bool:
    """Say whether any page of a batch may have to be recognised, which takes more memory than reading does."""
    files = (file for record in plan.records for file in record.files if not file.is_beside)
    endings = {PurePosixPath(file.relative).suffix.lower() for file in files}
    return plan.kind is not BatchKind.DOCUMENTS and not endings.isdisjoint({*PAGE_ENDINGS, ""})


def recognised_pages(file: ExaminedFile, kind: BatchKind) -> tuple[int, ...]:
    """Return the indexes of a file's pages that are to be recognised."""
    if file.planned.is_beside or kind is BatchKind.DOCUMENTS:
        return ()
    if kind is BatchKind.SCANS and is_page_source(file.format.mime):
        return tuple(range(min(file.pages or 0, MOST_PAGES)))
    return file.unwritten[:MOST_PAGES]


def tasks_of(candidate: Candidate, kind: BatchKind, place: Workplace) -> tuple[Task, ...]:
    """Return the work on an examined record, file by file."""
    record = candidate.record
    folder = place.folder / f"row-{record.planned.row}"
    tasks: list[Task] = []
    for source, file in enumerate(record.files):
        pages = recognised_pages(file, kind)
        known = _known_texts(file, candidate, place) if pages else {}
        tasks += (
            PageTask(
                file,
                source,
                index,
                record.planned.reading_language,
                folder,
                place.ocr,
                place.software,
                known.get(index),
            )
            for index in pages
        )
        if not file.planned.is_beside and (not pages or kind_of(file.format.mime).read):
            tasks.append(TextTask(file, source, folder))
    return tuple(tasks)


def looks_of(candidate: Candidate, kind: BatchKind, place: Workplace) -> tuple[Task, ...]:
    """Return the work on an examined record that is only looked at: as ``tasks_of``, and no page is recognised."""
    folder = place.folder / f"row-{candidate.record.planned.row}"
    tasks: list[Task] = []
    for source, file in enumerate(candidate.record.files):
        pages = recognised_pages(file, kind)
        tasks += (LookTask(file, source, index) for index in pages)
        if not file.planned.is_beside and (not pages or kind_of(file.format.mime).read):
            tasks.append(TextTask(file, source, folder))
    return tuple(tasks)


def check(candidate: Candidate, kind: BatchKind) -> tuple[Finding, ...]:
    """Return what is wrong with an examined record, and how its files are read where that is not plain."""
    record = candidate.record
    pages = {source: recognised_pages(file, kind) for source, file in enumerate(record.files)}
    return tuple(found for check in FILE_CHECKS for found in check(record, pages))


def contents_of(draft: Draft, worked: Sequence[Worked], place: Workplace) -> tuple[Contents, list[Finding]]:
    """Return what the package holds and what was found, from the outcomes of the draft's tasks in their order."""
    record = draft.candidate.record
    done = [(one.item.task.source, one.result) for one in worked if isinstance(one, Done) and one.item.task]
    texts = {source: result for source, result in done if isinstance(result, OwnText)}
    read = [result for _, result in done if isinstance(result, ReadPage)]
    recognised = {page.source for page in read}
    findings = _about_texts(record, texts, recognised)
    first = first_pages(record.files, {source: len(own.text.pages) for source, own in texts.items()})
    page_texts = tuple(_own_texts(record.files, first, texts, {(page.source, page.index) for page in read}))
    contents = Contents(
        record.files,
        first,
        tuple(read),
        page_texts,
        empty_folders=record.planned.empty_folders,
        attachments=tuple(one for source, own in texts.items() for one in own.numbered(first[source])),
    )
    numbered = _labelled(contents.numbered, record, first)
    for image_check in IMAGE_CHECKS:
        findings += _by_file(image_check, numbered, record.files)
    for text_check in TEXT_CHECKS:
        findings += _by_file(text_check, numbered, record.files)
    if not read or record.planned.volume is not None:  # its items are opened one by one: no copy of it as a whole
        return contents, findings
    made = access_copy(draft, tuple(read), place)
    if isinstance(made, Finding):
        return contents, [*findings, made]
    return contents.with_access_copy(made), findings


def foreseen(draft: Draft, worked: Sequence[Worked]) -> tuple[Sequence[PageText], list[Finding]]:
    """Return the texts that the files have by themselves, and what ``contents_of`` would find in them and in the images of pages."""
    record = draft.candidate.record
    done = [(one.item.task.source, one.result) for one in worked if isinstance(one, Done) and one.item.task]
    texts = {source: result for source, result in done if isinstance(result, OwnText)}
    looks = [result for _, result in done if isinstance(result, PageLook)]
    first = first_pages(record.files, {source: len(own.text.pages) for source, own in texts.items()})
    numbered = _labelled({first[page.source] + page.index: page for page in looks}, record, first)
    about_images = (found for check in IMAGE_CHECKS for found in _by_file(check, numbered, record.files))
    own_texts = _own_texts(record.files, first, texts, {(page.source, page.index) for page in looks})
    return own_texts, [*_about_texts(record, texts, {page.source for page in looks}), *about_images]


def _labelled(pages: Mapping[int, Numbered], record: ExaminedRecord, first: Sequence[int]) -> Mapping[int, Numbered]:
    """Return the pages of a volume with what they are called on paper, others as they are."""
    if record.planned.volume is None:
        return pages
    known = record.planned.volume.known
    labels = (
        known.labels
        if known
        else {n: one.text for n, (one, _) in labels_of_pages(file_pages(record.files, first))[0].items()}
    )
    return {number: replace(page, label=labels.get(number, "")) for number, page in pages.items()}


def _by_file(
    check: Callable[[Mapping[int, Numbered]], Iterable[Finding]],
    pages: Mapping[int, Numbered],
    files: Sequence[ExaminedFile],
) -> list[Finding]:
    """Return what a check finds, each with the file that it is about; notes, and what is so of many files, are told once."""
    by_source: dict[int, dict[int, Numbered]] = {}
    for number, page in pages.items():
        by_source.setdefault(page.source, {})[number] = page
    apart = [found.at(file=files[source].planned.shown) for source, own in by_source.items() for found in check(own)]
    is_note = any(found.severity is Severity.NOTE for found in apart)
    return apart if len(apart) < _SEVERAL or (len(apart) <= _MOST_TOLD and not is_note) else [*check(pages)]


def _about_texts(record: ExaminedRecord, texts: Mapping[int, OwnText], recognised: Collection[int]) -> list[Finding]:
    return [
        found.at(file=record.files[source].planned.shown)
        for source, own in texts.items()
        for found in own.text.findings
        if found.code != WITHOUT_TEXT or source not in recognised
    ]


def first_pages(files: Sequence[ExaminedFile], texts: Mapping[int, int]) -> tuple[int, ...]:
    """Return the number of each file's first page in the record, 0 for one that lies beside.

    ``texts`` says of how many pages a file's own text is. The number that a file's name gives counts unless the pages of
    the files before it reach further.
    """
    numbers: list[int] = []
    following = 1
    for source, file in enumerate(files):
        if file.planned.is_beside:
            numbers.append(0)
            continue
        numbers.append(max(file.planned.page or 1, following))
        following = numbers[-1] + max(1, file.pages or 0, texts.get(source, 0))
    return tuple(numbers)


def _own_texts(
    files: Sequence[ExaminedFile],
    first: Sequence[int],
    texts: Mapping[int, OwnText],
    read: set[tuple[int, int]],
) -> Sequence[PageText]:
    """Return the texts of the pages that were not recognised; of a file that is drawn, every page has one, if empty."""
    made: list[PageText] = []
    before = 0
    for source, file in enumerate(files):
        own = texts.get(source, OwnText(ExtractedText()))
        pages = own.text.pages
        drawn = (file.pages or 0) if first[source] and is_page_source(file.format.mime) else 0
        for index in range(max(len(pages), drawn)):
            text = pages[index] if index < len(pages) else ""
            if (source, index) not in read and (text or 0 < index < drawn):
                within = own.attachment_of(index)
                attachment = None if within is None else before + within
                made.append(PageText(first[source] + index, source, text, attachment))
        before += len(own.attachments)
    return made


def _will_be_recognised(record: PlannedRecord, kind: BatchKind) -> bool:
    if kind is not BatchKind.MIXED:
        return kind is BatchKind.SCANS
    return any(file.kept_at.suffix.lower() in PICTURE_ENDINGS for file in record.files if not file.is_beside)


def _known_texts(file: ExaminedFile, candidate: Candidate, place: Workplace) -> dict[int, bytes]:
    """Return the stored ALTO of a file's pages by index, where the stored version has the very same file.

    A record in another language is read by another engine, and what no store gives whole is read anew.
    """
    held = candidate.held
    if held is None or candidate.anew or candidate.record.planned.description.language != held.description.language:
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
