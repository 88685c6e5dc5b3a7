"""What was done on a record, put together into what its package holds."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from archives.errors import IntegrityError, StorageError
from archives.findings import Finding, note
from archives.message import message
from archives.pipeline import Done, Failed, run
from archives.record.checksum import Digests, digests_of
from archives.record.record import RepresentationName
from ingest.examine import (
    AccessCopyTask,
    ExaminedFile,
    PageTask,
    ReadPage,
    extract_file_text,
    make_access_copy,
    read_page,
)
from ingest.lines.drafts import Draft, RecordOutcome, Workshop, finding_of
from ingest.package import Contents, PageText


@dataclass(frozen=True, slots=True)
class Work:
    """One task of the draft (or of the settled outcome) with this number; None where nothing is left to do."""

    number: int
    owner: Draft | RecordOutcome
    task: PageTask | ExaminedFile | None


def do_work(work: Work) -> ReadPage | tuple[tuple[str, ...], tuple[Finding, ...]] | None:
    """Do one piece of work in a child."""
    if isinstance(work.task, PageTask):
        return read_page(work.task)
    return extract_file_text(work.task) if work.task else None


Worked = Done[Work, ReadPage | tuple[tuple[str, ...], tuple[Finding, ...]] | None] | Failed[Work]


def scan_contents(draft: Draft, worked: Sequence[Worked], findings: list[Finding], shop: Workshop) -> Contents:
    """Return what the package of a scanned record holds; pages that were not read are findings already."""
    done = [outcome for outcome in worked if isinstance(outcome, Done) and isinstance(outcome.result, ReadPage)]
    pages = tuple(outcome.result for outcome in done if isinstance(outcome.result, ReadPage))
    originals = draft.record.files
    sources = tuple(
        originals.index(outcome.item.task.file) for outcome in done if isinstance(outcome.item.task, PageTask)
    )
    blank = [str(page.number) for page in pages if not page.page.lines]
    if blank:
        said = message("第 {pages} 页没有识别出文字", "no text was read on page {pages}", pages=", ".join(blank))
        findings.append(note("page-without-text", said))
    return Contents(originals, draft.first_pages, pages, sources, (), _access_copy(draft, pages, findings, shop))


def _access_copy(
    draft: Draft, pages: tuple[ReadPage, ...], findings: list[Finding], shop: Workshop
) -> tuple[Path, Digests] | None:
    if not pages:
        return None
    description = draft.record.planned.description
    target = pages[0].text.with_name("access.pdf")
    if (known := _known_access_copy(draft, shop)) is not None:
        target.write_bytes(known)
        return target, digests_of(known)
    task = AccessCopyTask(pages, target, description.title, description.language, shop.now())
    (made,) = run(make_access_copy, [task], executor_factory=lambda: nullcontext(shop.executor), window=1)
    if isinstance(made, Done):
        return target, made.result
    findings.append(finding_of(made.error, "access-copy-failed"))
    return None


def _known_access_copy(draft: Draft, shop: Workshop) -> bytes | None:
    """Return the stored access copy when it shows exactly these pages; None when it has to be made."""
    held = draft.held
    if held is None or shop.updating is None:
        return None
    same = [file.digests.sha256 for file in draft.record.files] == [file.sha256 for file in held.originals]
    read_before = all(isinstance(task, PageTask) and task.known_alto is not None for task in draft.tasks)
    access = next((file for file in held.files if file.representation is RepresentationName.ACCESS), None)
    if not same or not read_before or access is None:
        return None
    try:
        return shop.updating.read(held, access)
    except (IntegrityError, StorageError):
        return None


def document_contents(draft: Draft, worked: Sequence[Worked], findings: list[Finding]) -> Contents:
    """Return what the package of electronic documents holds, pages numbered through all files."""
    texts: list[PageText] = []
    first_pages: list[int] = []
    following = 1
    for source, (file, outcome) in enumerate(zip(draft.record.files, worked, strict=True)):
        pages: tuple[str, ...] = ()
        if isinstance(outcome, Done) and isinstance(outcome.result, tuple):
            pages = outcome.result[0]
            findings += outcome.result[1]
        first_pages.append(following)
        texts += [PageText(following + index, source, text) for index, text in enumerate(pages) if text]
        following += max(1, len(pages), file.pages or 0)
    return Contents(draft.record.files, tuple(first_pages), page_texts=tuple(texts))


def not_read(failed: Failed[Work]) -> Finding:
    """Return the finding for a page or file that was not read."""
    task = failed.item.task
    file = task.file if isinstance(task, PageTask) else task
    return finding_of(failed.error, "page-not-read").at(file=file.planned.shown if file else None)
