"""The whole way of a batch, from the folder it came in to acknowledged packages."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from archives.checksum import Digests
from archives.description import Description, Fonds
from archives.errors import ConflictError, FormatError, JinkuiError, ToolMissingError
from archives.findings import Finding, error, note, warning
from archives.holding import Holding
from archives.identifiers import PackageId, RecordKey, parse_archival_code
from archives.journal import BatchReceived
from archives.message import Message, message
from archives.pipeline import Done, Failed, run
from archives.record import FormatIdentification, PackageKind
from formats.render import is_page_source
from ingest.batch import BatchPlan, PlannedRecord
from ingest.listing import PlannedFile
from ingest.ocr.engine import OcrSettings, engine_for
from ingest.sip import Contents, Packaging, PageText, build_package
from ingest.stages import (
    AccessCopyTask,
    ExaminedFile,
    ExaminedRecord,
    PageTask,
    ReadPage,
    digest_file,
    examine_file,
    examine_record,
    extract_file_text,
    make_access_copy,
    read_page,
)
from preservation.vault import Vault


class Outcome(StrEnum):
    """What became of a row of the sheet."""

    STORED = "stored"
    STORED_WITH_FINDINGS = "stored_with_findings"
    ALREADY_IN = "already_in"
    DIFFERS = "differs"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """One row's outcome; ``package_id`` is None only when it was rejected."""

    archival_code: str
    repository: str
    outcome: Outcome
    package_id: str | None
    findings: tuple[Finding, ...]
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Workshop:
    """What ingest works with: the vault, what is known already, a place for drafts, and children to work in."""

    vault: Vault
    find: Callable[[RecordKey], Holding | None]
    fonds: Callable[[str, str], Fonds | None]
    has_submission: Callable[[str], bool]
    executor: Executor
    window: int
    folder: Path
    ocr: OcrSettings
    now: Callable[[], datetime]
    new_id: Callable[[], PackageId]
    operator: str
    software: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A record on its way: examined, found to be new, with the work that is left to do on it."""

    record: ExaminedRecord
    first_pages: tuple[int, ...]
    tasks: tuple[PageTask | ExaminedFile, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """One task of the draft (or of the settled outcome) with this number; None where nothing is left to do."""

    number: int
    owner: Draft | RecordOutcome
    task: PageTask | ExaminedFile | None


def ingest(plan: BatchPlan, shop: Workshop) -> Iterator[RecordOutcome]:
    """Take a batch in, record by record; yields each outcome when it is acknowledged.

    May be stopped at any moment and called again with the same batch: what is in already is left alone.
    """
    require_engines(plan, shop.ocr)
    shop.vault.ledger.append([_received(plan)])
    examined = run(
        examine_record, plan.records, executor_factory=lambda: nullcontext(shop.executor), window=shop.window
    )
    decided = (_decide(outcome, plan, shop) for outcome in examined)
    worked = run(do_work, _work(decided), executor_factory=lambda: nullcontext(shop.executor), window=shop.window)
    for _, group in groupby(worked, key=lambda outcome: outcome.item.number):
        yield _finish(list(group), plan, shop)
    for row in plan.rejected:
        yield RecordOutcome(row.code_text, plan.repository.code.value, Outcome.REJECTED, None, row.findings)
    _store_submission(plan, shop)
    shutil.rmtree(shop.folder, ignore_errors=True)


def require_engines(plan: BatchPlan, settings: OcrSettings) -> None:
    """Raise ``ToolMissingError``, before anything begins, when the batch needs an engine that is not installed."""
    languages = {record.description.language for record in plan.records} if plan.kind == "scans" else set()
    for language in sorted(languages):
        missing = engine_for(language, settings).missing(language)
        if missing:
            raise ToolMissingError(missing, subject=language, advice=missing)


def do_work(work: Work) -> ReadPage | tuple[tuple[str, ...], tuple[Finding, ...]] | None:
    """Do one piece of work in a child."""
    if isinstance(work.task, PageTask):
        return read_page(work.task)
    return extract_file_text(work.task) if work.task else None


Worked = Done[Work, ReadPage | tuple[tuple[str, ...], tuple[Finding, ...]] | None] | Failed[Work]


def _received(plan: BatchPlan) -> BatchReceived:
    files = sum(len(record.files) for record in plan.records)
    return BatchReceived(plan.batch_id, plan.repository.code.value, len(plan.records), files)


def _decide(
    outcome: Done[PlannedRecord, ExaminedRecord] | Failed[PlannedRecord], plan: BatchPlan, shop: Workshop
) -> Draft | RecordOutcome:
    if isinstance(outcome, Failed):
        try:
            record = _examine_alone(outcome.item, shop)
        except FormatError as unreadable:
            found = _finding_of(unreadable, "file-unreadable")
            return _outcome(outcome.item, plan, Outcome.REJECTED, None, (*outcome.item.findings, found))
    else:
        record = outcome.result
    settled = _compare(record, plan, shop)
    return settled or _draft(record, plan, shop)


def _examine_alone(planned: PlannedRecord, shop: Workshop) -> ExaminedRecord:
    """Examine file by file; one that defeats its tools is kept with its digests and a finding."""
    return ExaminedRecord(planned, tuple(_examined(planned.files, shop)))


def _examined(files: Sequence[PlannedFile], shop: Workshop) -> Iterator[ExaminedFile]:
    for outcome in run(examine_file, files, executor_factory=lambda: nullcontext(shop.executor), window=shop.window):
        if isinstance(outcome, Done):
            yield outcome.result
            continue
        file = outcome.item
        unknown = FormatIdentification(None, "unknown", "", "application/octet-stream", "", str(outcome.error))
        found = _finding_of(outcome.error, "file-not-examined").at(file=file.shown)
        yield ExaminedFile(file, digest_file(file.path), unknown, (), None, (found,))


def _compare(record: ExaminedRecord, plan: BatchPlan, shop: Workshop) -> RecordOutcome | None:
    """Return the outcome of a record that is in already, the same or different; None for a new one."""
    planned = record.planned
    held = shop.find(RecordKey(plan.repository.code.value, planned.description.code.key))
    if held is None:
        return None
    findings = tuple(_differences(record, held, plan.sheet_name))
    if not findings:
        return _outcome(planned, plan, Outcome.ALREADY_IN, held.package_id, ())
    return _outcome(planned, plan, Outcome.DIFFERS, held.package_id, findings)


def _differences(record: ExaminedRecord, held: Holding, sheet_name: str) -> Iterator[Finding]:
    planned = record.planned
    stored = Counter(file.sha256 for file in held.originals)
    for file in record.files:
        if stored[file.digests.sha256] <= 0:
            said = message("文件与已保存的不同", "the file is not the one that is stored")
            yield warning("file-differs", said, file=file.planned.shown, row=planned.row)
        stored[file.digests.sha256] -= 1
    if +stored:
        said = message("已保存的 {n} 个文件不在批次中", "{n} stored files are not in the batch", n=(+stored).total())
        yield warning("file-absent", said, file=sheet_name, row=planned.row)
    for field in fields(planned.description):
        ours, theirs = getattr(planned.description, field.name), getattr(held.description, field.name)
        if ours != theirs:
            said = message(
                "著录项“{field}”与已保存的不同：{ours} ≠ {theirs}",
                "the element {field} is not as stored: {ours} ≠ {theirs}",
                field=field.name,
                ours=str(ours),
                theirs=str(theirs),
            )
            yield warning("description-differs", said, file=sheet_name, row=planned.row)


def _draft(record: ExaminedRecord, plan: BatchPlan, shop: Workshop) -> Draft:
    findings = [*record.planned.findings, *(found for file in record.files for found in file.findings)]
    if plan.kind == "documents":
        return Draft(record, (), tuple(record.files), tuple(findings))
    folder = shop.folder / f"row-{record.planned.row}"
    first_pages: list[int] = []
    tasks: list[PageTask] = []
    following = 1
    for file in record.files:
        first = file.planned.page if file.planned.page is not None else following
        count = (file.pages or 0) if is_page_source(file.format.mime) else 0
        first_pages.append(first)
        following = first + max(1, count)
        if not is_page_source(file.format.mime) and not file.findings:
            said = message("不是图像或 PDF，未识别文字", "no image and no PDF; its text was not read")
            findings.append(warning("not-a-page", said, file=file.planned.shown))
        tasks += [
            PageTask(file, index, first + index, record.planned.description.language, folder, shop.ocr, shop.software)
            for index in range(count)
        ]
    stated, found = record.planned.description.pages, sum(max(1, file.pages or 0) for file in record.files)
    if stated is not None and stated != found:
        said = message(
            "页数栏为 {stated}，实有 {found} 页",
            "the sheet states {stated} pages, there are {found}",
            stated=stated,
            found=found,
        )
        findings.append(warning("page-count-differs", said, file=plan.sheet_name, row=record.planned.row))
    return Draft(record, tuple(first_pages), tuple(tasks), tuple(findings))


def _work(decided: Iterator[Draft | RecordOutcome]) -> Iterator[Work]:
    for number, owner in enumerate(decided):
        tasks: Sequence[PageTask | ExaminedFile | None] = owner.tasks if isinstance(owner, Draft) else ()
        for task in tasks or (None,):
            yield Work(number, owner, task)


def _finish(worked: Sequence[Worked], plan: BatchPlan, shop: Workshop) -> RecordOutcome:
    owner = worked[0].item.owner
    if isinstance(owner, RecordOutcome):
        return owner
    findings = [*owner.findings, *(_not_read(outcome) for outcome in worked if isinstance(outcome, Failed))]
    if plan.kind == "documents":
        contents = _document_contents(owner, worked, findings)
    else:
        contents = _scan_contents(owner, worked, findings, shop)
    return _store(owner.record.planned, contents, findings, plan, shop)


def _scan_contents(draft: Draft, worked: Sequence[Worked], findings: list[Finding], shop: Workshop) -> Contents:
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
    task = AccessCopyTask(pages, target, description.title, description.language, shop.now())
    (made,) = run(make_access_copy, [task], executor_factory=lambda: nullcontext(shop.executor), window=1)
    if isinstance(made, Done):
        return target, made.result
    findings.append(_finding_of(made.error, "access-copy-failed"))
    return None


def _document_contents(draft: Draft, worked: Sequence[Worked], findings: list[Finding]) -> Contents:
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


def _store(
    planned: PlannedRecord, contents: Contents, findings: Sequence[Finding], plan: BatchPlan, shop: Workshop
) -> RecordOutcome:
    key = RecordKey(plan.repository.code.value, planned.description.code.key)
    engine = contents.read_pages[0].page.engine if contents.read_pages else ""
    packaging = _packaging(plan, shop, PackageKind.RECORD, planned.description.code.fonds, engine)
    package = build_package(planned.description, contents, findings, packaging)
    with shop.vault.locks.record(key):
        if (held := shop.find(key)) is not None:
            return _outcome(planned, plan, Outcome.ALREADY_IN, held.package_id, tuple(findings))
        try:
            shop.vault.put(package, note="ingest")
        except ConflictError as changed:
            found = _finding_of(changed, "source-changed", error)
            return _outcome(planned, plan, Outcome.REJECTED, None, (*findings, found))
    worse = any(found.severity != "note" for found in findings)
    stored = Outcome.STORED_WITH_FINDINGS if worse else Outcome.STORED
    return _outcome(planned, plan, stored, packaging.package_id, tuple(findings), pages=len(contents.read_pages))


def _store_submission(plan: BatchPlan, shop: Workshop) -> None:
    """Keep what the batch came with: sheet, settings, files no row names; once a batch."""
    if shop.has_submission(plan.batch_id):
        return
    examined = tuple(_examined(plan.submission, shop))
    code = parse_archival_code(f"BATCH-{plan.batch_id}")
    description = Description(code, f"Submission {plan.folder.name}")
    packaging = _packaging(plan, shop, PackageKind.SUBMISSION, "", "")
    findings = (*plan.findings, *(found for row in plan.rejected for found in row.findings))
    contents = Contents(examined, (0,) * len(examined))
    shop.vault.put(build_package(description, contents, findings, packaging), note="submission")


def _packaging(plan: BatchPlan, shop: Workshop, kind: PackageKind, fonds: str, engine: str) -> Packaging:
    return Packaging(
        package_id=shop.new_id(),
        kind=kind,
        repository=plan.repository,
        fonds=shop.fonds(plan.repository.code.value, fonds),
        batch_id=plan.batch_id,
        now=shop.now(),
        operator=shop.operator,
        software=shop.software,
        engine=engine,
    )


def _outcome(
    planned: PlannedRecord,
    plan: BatchPlan,
    outcome: Outcome,
    package_id: PackageId | None,
    findings: tuple[Finding, ...],
    *,
    pages: int = 0,
) -> RecordOutcome:
    identifier = package_id.value if package_id else None
    code = planned.description.code.written
    return RecordOutcome(code, plan.repository.code.value, outcome, identifier, findings, pages)


def _not_read(failed: Failed[Work]) -> Finding:
    task = failed.item.task
    file = task.file if isinstance(task, PageTask) else task
    return _finding_of(failed.error, "page-not-read").at(file=file.planned.shown if file else None)


def _finding_of(failure: JinkuiError, code: str, make: Callable[[str, Message], Finding] = warning) -> Finding:
    return make(code, failure.message)
