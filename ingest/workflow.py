"""The whole way of a batch, from the folder it came in to acknowledged packages."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import groupby

from archives.errors import ConflictError, ToolMissingError, UnfinishedError
from archives.findings import Finding, error
from archives.journal.facts import BatchReceived
from archives.pipeline import Failed, run
from archives.record.description import Description
from archives.record.holding import Holding
from archives.record.identifiers import ArchivalCode, RecordKey, parse_archival_code
from archives.record.record import PackageKind
from ingest.batch.plan import BatchPlan
from ingest.examine import ExaminedFile, PageTask, examine_record
from ingest.lines.contents import Work, Worked, do_work, document_contents, not_read, scan_contents
from ingest.lines.drafts import (
    Draft,
    Outcome,
    RecordOutcome,
    Workshop,
    decide,
    examined_files,
    finding_of,
    outcome_of,
)
from ingest.package import Contents, Packaging, build_package
from ingest.page.ocr.engine import OcrSettings, engine_for
from preservation.package.new_package import NewPackage


def ingest(plan: BatchPlan, shop: Workshop) -> Iterator[RecordOutcome]:
    """Take a batch in, record by record; yields each outcome when it is acknowledged.

    May be stopped at any moment and called again with the same batch: what is in already is left alone.
    """
    require_engines(plan, shop.ocr)
    shop.vault.ledger.append([_received(plan)])
    examined = run(
        examine_record, plan.records, executor_factory=lambda: nullcontext(shop.executor), window=shop.window
    )
    decided = (decide(outcome, plan, shop) for outcome in examined)
    worked = run(do_work, _work(decided), executor_factory=lambda: nullcontext(shop.executor), window=shop.window)
    for _, group in groupby(_told(worked, shop), key=lambda outcome: outcome.item.number):
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


def _told(worked: Iterator[Worked], shop: Workshop) -> Iterator[Worked]:
    """Tell of every piece of work as it is done."""
    for outcome in worked:
        owner = outcome.item.owner
        if isinstance(owner, Draft):
            shop.progress(owner.record.planned.description.code.written)
        yield outcome


def _received(plan: BatchPlan) -> BatchReceived:
    files = sum(len(record.files) for record in plan.records)
    return BatchReceived(plan.batch_id, plan.repository.code.value, len(plan.records), files)


def _work(decided: Iterator[Draft | RecordOutcome]) -> Iterator[Work]:
    for number, owner in enumerate(decided):
        tasks: Sequence[PageTask | ExaminedFile | None] = owner.tasks if isinstance(owner, Draft) else ()
        for task in tasks or (None,):
            yield Work(number, owner, task)


def _finish(worked: Sequence[Worked], plan: BatchPlan, shop: Workshop) -> RecordOutcome:
    owner = worked[0].item.owner
    if isinstance(owner, RecordOutcome):
        return owner
    findings = [*owner.findings, *(not_read(outcome) for outcome in worked if isinstance(outcome, Failed))]
    if plan.kind == "documents":
        contents = document_contents(owner, worked, findings)
    else:
        contents = scan_contents(owner, worked, findings, shop)
    return _store(owner, contents, tuple(findings), plan, shop)


def _store(
    draft: Draft, contents: Contents, findings: tuple[Finding, ...], plan: BatchPlan, shop: Workshop
) -> RecordOutcome:
    planned = draft.record.planned
    key = RecordKey(plan.repository.code.value, planned.description.code.key)
    engine = contents.read_pages[0].page.engine if contents.read_pages else ""
    packaging = _packaging(plan, shop, PackageKind.RECORD, planned.description.code.fonds, engine)
    with shop.vault.locks.record(key):
        held = shop.find(key)
        if held is not None and (draft.held is None or draft.held.version != held.version):
            return outcome_of(planned, plan, Outcome.ALREADY_IN, held.package_id, findings, version=held.version)
        try:
            if held is not None:
                return _update(held, draft, contents, findings, packaging, plan, shop)
            shop.require_none_begun(key)
            shop.vault.put(build_package(planned.description, contents, findings, packaging), note="ingest")
        except ConflictError as changed:
            code = changed.code if isinstance(changed, UnfinishedError) else "source-changed"
            found = finding_of(changed, code, error)
            return outcome_of(planned, plan, Outcome.REJECTED, None, (*findings, found))
    worse = any(found.severity != "note" for found in findings)
    stored = Outcome.STORED_WITH_FINDINGS if worse else Outcome.STORED
    pages = len(contents.read_pages)
    return outcome_of(planned, plan, stored, packaging.package_id, findings, pages=pages, version=1)


def _update(
    held: Holding,
    draft: Draft,
    contents: Contents,
    findings: tuple[Finding, ...],
    packaging: Packaging,
    plan: BatchPlan,
    shop: Workshop,
) -> RecordOutcome:
    """Store the next version of a record that is held; only what changed is written."""
    assert shop.updating is not None
    record, anchor, holders = shop.updating.stored(held)
    packaging = replace(packaging, package_id=held.package_id, previous=record, changes=draft.changes)
    package = build_package(draft.record.planned.description, contents, findings, packaging)
    stored = shop.vault.put_next(
        package, anchor, holders=holders, note="update", require_newest=shop.updating.require_newest
    )
    pages = sum(isinstance(task, PageTask) and task.known_alto is None for task in draft.tasks)
    return outcome_of(
        draft.record.planned, plan, Outcome.UPDATED, held.package_id, findings, pages=pages, version=stored.version
    )


def _store_submission(plan: BatchPlan, shop: Workshop) -> None:
    """Keep what the batch came with: sheet, settings, files no row names; once a batch.

    Raises ``UnfinishedError`` when that was begun before and cannot be ended yet.
    """
    code = parse_archival_code(f"BATCH-{plan.batch_id}")
    key = RecordKey(plan.repository.code.value, code.key)
    with shop.vault.locks.record(key):
        if not shop.has_submission(plan.batch_id):
            shop.require_none_begun(key)
            shop.vault.put(_submission(code, plan, shop), note="submission")


def _submission(code: ArchivalCode, plan: BatchPlan, shop: Workshop) -> NewPackage:
    examined = tuple(examined_files(plan.submission, shop))
    description = Description(code, f"Submission {plan.folder.name}")
    packaging = _packaging(plan, shop, PackageKind.SUBMISSION, "", "")
    findings = (*plan.findings, *(found for row in plan.rejected for found in row.findings))
    contents = Contents(examined, (0,) * len(examined))
    return build_package(description, contents, findings, packaging)


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
