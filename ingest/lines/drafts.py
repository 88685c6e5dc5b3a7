"""Records on their way: examined, compared with what is stored, and the work that is left on the new ones."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from archives.errors import FormatError, IntegrityError, JinkuiError, StorageError
from archives.findings import Finding, error, warning
from archives.journal.facts import PackageStored
from archives.message import Message, message
from archives.pipeline import Done, Failed, run
from archives.record.description import Fonds
from archives.record.elements import ELEMENTS
from archives.record.holding import Holding, StoredFile
from archives.record.identifiers import PackageId, RecordKey
from archives.record.names import safe_names
from archives.record.record import FormatIdentification, Record
from formats.page_image import is_page_source
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import BatchPlan, PlannedRecord
from ingest.examine import ExaminedFile, ExaminedRecord, PageTask, digest_file, examine_file
from ingest.page.ocr.engine import OcrSettings
from preservation.catalogue.catalogue import Tombstone
from preservation.vault.vault import Vault


class Outcome(StrEnum):
    """What became of a row of the sheet."""

    STORED = "stored"
    STORED_WITH_FINDINGS = "stored_with_findings"
    UPDATED = "updated"
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
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Updating:
    """What writing further versions needs: the stored record, its anchor and who has it, its files' bytes."""

    stored: Callable[[Holding], tuple[Record, PackageStored, tuple[str, ...]]]
    require_newest: Callable[[PackageStored], None]
    read: Callable[[Holding, StoredFile], bytes]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What ingest works with: the vault, what is known already, a place for drafts, and children to work in."""

    vault: Vault
    find: Callable[[RecordKey], Holding | None]
    require_none_begun: Callable[[RecordKey], None]
    disposed: Callable[[RecordKey], Tombstone | None]
    fonds: Callable[[str, str], Fonds | None]
    has_submission: Callable[[str], bool]
    executor: Executor
    window: int
    folder: Path
    ocr: OcrSettings
    progress: Callable[[str], None]
    now: Callable[[], datetime]
    new_id: Callable[[], PackageId]
    operator: str
    software: str
    updating: Updating | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A record on its way: examined, found to be new (or another version of ``held``), with the work that is left."""

    record: ExaminedRecord
    first_pages: tuple[int, ...]
    tasks: tuple[PageTask | ExaminedFile, ...]
    findings: tuple[Finding, ...]
    held: Holding | None = None
    changes: str = ""


def decide(
    outcome: Done[PlannedRecord, ExaminedRecord] | Failed[PlannedRecord], plan: BatchPlan, shop: Workshop
) -> Draft | RecordOutcome:
    """Return the draft of a new record, or at once the outcome of one that is in already or cannot be read."""
    if isinstance(outcome, Failed):
        try:
            record = _examine_alone(outcome.item, shop)
        except FormatError as unreadable:
            found = finding_of(unreadable, "file-unreadable")
            return outcome_of(outcome.item, plan, Outcome.REJECTED, None, (*outcome.item.findings, found))
    else:
        record = outcome.result
    held = shop.find(RecordKey(plan.repository.code.value, record.planned.description.code.key))
    if held is None:
        return _disposed_before(record, plan, shop) or _draft(record, plan, shop)
    if held.key.code_key != record.planned.description.code.key:  # it was renumbered since
        described = replace(record.planned.description, code=held.description.code)
        record = replace(record, planned=replace(record.planned, description=described))
    differences = tuple(_differences(record, held, plan.sheet_name))
    if not differences:
        return outcome_of(record.planned, plan, Outcome.ALREADY_IN, held.package_id, (), version=held.version)
    if shop.updating is None:
        return outcome_of(record.planned, plan, Outcome.DIFFERS, held.package_id, differences, version=held.version)
    changes = "; ".join(found.message.text("en") for found in differences)
    return replace(_draft(record, plan, shop, held=held), held=held, changes=changes)


def foresee(
    planned: PlannedRecord, plan: BatchPlan, find: Callable[[RecordKey], Holding | None], *, update: bool
) -> RecordOutcome:
    """Return what would become of a record; its files are read only when a record with its code is stored."""
    held = find(RecordKey(plan.repository.code.value, planned.description.code.key))
    if held is None:
        return outcome_of(planned, plan, Outcome.STORED, None, planned.findings)
    unknown = FormatIdentification(None, "unknown", "", "application/octet-stream", "")
    files = tuple(ExaminedFile(file, digest_file(file.path), unknown, (), None, ()) for file in planned.files)
    described = replace(planned.description, code=held.description.code)
    record = ExaminedRecord(replace(planned, description=described), files)
    differences = tuple(_differences(record, held, plan.sheet_name))
    outcome = (Outcome.UPDATED if update else Outcome.DIFFERS) if differences else Outcome.ALREADY_IN
    return outcome_of(planned, plan, outcome, held.package_id, differences, version=held.version)


def _disposed_before(record: ExaminedRecord, plan: BatchPlan, shop: Workshop) -> RecordOutcome | None:
    """Return the refusal of a record that was disposed of; nobody brings it back by taking the batch in again."""
    planned = record.planned
    gone = shop.disposed(RecordKey(plan.repository.code.value, planned.description.code.key))
    if gone is None:
        return None
    said = message(
        "此件已按计划 {plan} 销毁，不再接收",
        "it was disposed of under the plan {plan} and is not taken in again",
        plan=gone.plan_id,
    )
    found = error("disposed", said, file=plan.sheet_name, row=planned.row)
    return outcome_of(planned, plan, Outcome.REJECTED, None, (*planned.findings, found))


def _examine_alone(planned: PlannedRecord, shop: Workshop) -> ExaminedRecord:
    """Examine file by file; one that defeats its tools is kept with its digests and a finding."""
    return ExaminedRecord(planned, tuple(examined_files(planned.files, shop)))


def examined_files(files: Sequence[PlannedFile], shop: Workshop) -> Iterator[ExaminedFile]:
    """Yield files examined one by one; one that defeats its tools is kept with its digests and a finding."""
    for outcome in run(examine_file, files, executor_factory=lambda: nullcontext(shop.executor), window=shop.window):
        if isinstance(outcome, Done):
            yield outcome.result
            continue
        file = outcome.item
        unknown = FormatIdentification(None, "unknown", "", "application/octet-stream", "", str(outcome.error))
        found = finding_of(outcome.error, "file-not-examined").at(file=file.shown)
        yield ExaminedFile(file, digest_file(file.path), unknown, (), None, (found,))


def _differences(record: ExaminedRecord, held: Holding, sheet_name: str) -> Iterator[Finding]:
    planned = record.planned
    stored = Counter(file.sha256 for file in held.originals)
    fewer = len(held.originals) - len(record.files)
    for file in record.files:
        if stored[file.digests.sha256] <= 0:
            said = message("文件与已保存的不同", "the file is not the one that is stored")
            yield warning("file-differs", said, file=file.planned.shown, row=planned.row)
        stored[file.digests.sha256] -= 1
    if fewer > 0:
        said = message("批次比已保存的少 {n} 个文件", "the batch has {n} files fewer than are stored", n=fewer)
        yield warning("file-absent", said, file=sheet_name, row=planned.row)
    for element in ELEMENTS:
        ours, theirs = element.of(planned.description), element.of(held.description)
        if ours != theirs:
            said = message(
                "著录项“{field}”与已保存的不同：{ours} ≠ {theirs}",
                "the element {field} is not as stored: {ours} ≠ {theirs}",
                field=element.label,
                ours=str(ours),
                theirs=str(theirs),
            )
            yield warning("description-differs", said, file=sheet_name, row=planned.row)


def _draft(record: ExaminedRecord, plan: BatchPlan, shop: Workshop, *, held: Holding | None = None) -> Draft:
    findings = [*record.planned.findings, *(found for file in record.files for found in file.findings)]
    findings += _renamed(record.files)
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
        known = _known_texts(file, held, shop, record.planned.description.language)
        tasks += [
            PageTask(
                file,
                index,
                first + index,
                record.planned.description.language,
                folder,
                shop.ocr,
                shop.software,
                known.get(index),
            )
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


def _known_texts(file: ExaminedFile, held: Holding | None, shop: Workshop, language: str) -> dict[int, bytes]:
    """Return the stored ALTO of a file's pages by index, where the stored version has the very same file.

    A record in another language is read by another engine, and what no store gives whole is read anew.
    """
    if held is None or shop.updating is None or language != held.description.language:
        return {}
    same = next((stored for stored in held.originals if stored.sha256 == file.digests.sha256), None)
    if same is None or same.page is None:
        return {}
    texts = {stored.page: stored for stored in held.files if stored.path.suffix == ".xml" and stored.page}
    count = file.pages or 0
    known: dict[int, bytes] = {}
    for index in range(count):
        if (stored := texts.get(same.page + index)) is not None:
            with suppress(IntegrityError, StorageError):
                known[index] = shop.updating.read(held, stored)
    return known


def _renamed(files: Sequence[ExaminedFile]) -> Iterator[Finding]:
    """Yield a finding for every file that is kept under another name than it came with."""
    names = [PurePosixPath(file.planned.shown).name for file in files]
    for file, name, safe in zip(files, names, safe_names(names), strict=True):
        if safe != name:
            said = message(
                "文件名不便长期保存，包内改为 {safe}，原名记在 PREMIS 中",
                "its name is not safe to keep; in the package it is {safe}, the name it came with stands in PREMIS",
                safe=safe,
            )
            yield warning("name-made-safe", said, file=file.planned.shown)


def outcome_of(
    planned: PlannedRecord,
    plan: BatchPlan,
    outcome: Outcome,
    package_id: PackageId | None,
    findings: tuple[Finding, ...],
    *,
    pages: int = 0,
    version: int | None = None,
) -> RecordOutcome:
    """Return a row's outcome."""
    identifier = package_id.value if package_id else None
    code = planned.description.code.written
    return RecordOutcome(code, plan.repository.code.value, outcome, identifier, findings, pages, version)


def finding_of(failure: JinkuiError, code: str, make: Callable[[str, Message], Finding] = warning) -> Finding:
    """Return what an error says as a finding."""
    return make(code, failure.message)
