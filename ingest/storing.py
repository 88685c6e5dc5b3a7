"""What was worked out, put into the vault: a record as its first or next version, and what the batch came with."""

from collections.abc import Sequence
from dataclasses import replace

from archives.errors import ConflictError, UnfinishedError
from archives.findings import Finding, refusal
from archives.journal.facts import PackageStored
from archives.record.description import Description
from archives.record.identifiers import PackageId, RecordKey, parse_archival_code
from archives.record.record import PackageKind
from ingest.batch.plan import BatchPlan
from ingest.comparison import Candidate
from ingest.contents import Contents
from ingest.examine import examined_files
from ingest.outcome import Outcome, RecordOutcome, outcome_of
from ingest.package import Packaging, build_package, redescribe_package
from ingest.sheets.catalogue import is_mended
from ingest.workplace import Workplace


def store_record(
    candidate: Candidate, contents: Contents, findings: tuple[Finding, ...], plan: BatchPlan, place: Workplace
) -> RecordOutcome:
    """Store a record unless somebody else did meanwhile; what stands in its way is an outcome."""
    planned = candidate.record.planned
    key = RecordKey(plan.repository.code.value, planned.description.code.key)
    packaging = _packaging(plan, place, PackageKind.RECORD, planned.description.code.fonds, contents.engine)
    package_id, outcome = packaging.package_id, Outcome.STORED
    with place.archive.vault.locks.record(key):
        held = place.archive.refresh().find_key(key)
        known = candidate.held.version if candidate.held else None
        if held is not None and known != held.version:
            return outcome_of(planned, plan, Outcome.ALREADY_IN, held.package_id, findings, version=held.version)
        try:
            if held is not None:
                package_id, outcome = held.package_id, Outcome.UPDATED
                stored = _store_next(replace(candidate, held=held), contents, findings, packaging, place)
            else:
                place.archive.refresh().open_work.require_none_under(key)
                package = build_package(planned.description, contents, findings, packaging)
                stored = place.archive.vault.put(package, note="ingest")
        except ConflictError as changed:
            code = changed.code if isinstance(changed, UnfinishedError) else "source-changed"
            found = refusal(changed, code=code, file=changed.subject or plan.sheet_name, row=planned.row)
            return outcome_of(planned, plan, Outcome.REJECTED, None, (*findings, found))
    if outcome is Outcome.STORED and any(found.severity != "note" for found in findings):
        outcome = Outcome.STORED_WITH_FINDINGS
    return outcome_of(
        planned, plan, outcome, package_id, findings, pages=contents.pages_read_anew, version=stored.version
    )


def store_submission(plan: BatchPlan, outcomes: Sequence[RecordOutcome], place: Workplace) -> None:
    """Keep what the batch came with: sheet, settings, files no row names, what is wrong with rejected rows.

    Once a batch; a later run adds what is wrong with rows that were not rejected for it before, as the next version.
    Raises ``UnfinishedError`` when that was begun before and cannot be ended yet.
    """
    code = parse_archival_code(f"BATCH-{plan.batch_id}")
    key = RecordKey(plan.repository.code.value, code.key)
    with place.archive.vault.locks.record(key):
        known = place.archive.refresh()
        rejected = tuple(
            replace(found, about=one.archival_code)
            for one in outcomes
            if one.package_id is None
            for found in one.findings
        )
        anchors = known.anchors(batch_id=plan.batch_id)
        kept = next((one for one in anchors.values() if one.kind is PackageKind.SUBMISSION), None)
        if kept is not None and not rejected:
            return
        if kept is not None:
            _add_to_submission(PackageId(kept.package_id), rejected, plan, place)
            return
        known.open_work.require_none_under(key)
        examined = tuple(examined_files(plan.submission, place))
        package = build_package(
            Description(code, f"Submission {plan.folder.name}"),
            Contents(examined, (0,) * len(examined), empty_folders=plan.empty_folders),
            (*plan.findings, *rejected),
            _packaging(plan, place, PackageKind.SUBMISSION, "", ""),
        )
        place.archive.vault.put(package, note="submission")


def _add_to_submission(package_id: PackageId, rejected: Sequence[Finding], plan: BatchPlan, place: Workplace) -> None:
    held = place.archive.holdings.newest(package_id)
    known = {_place_of(found) for found in held.record.findings}
    new = tuple(found for found in rejected if _place_of(found) not in known and found.severity != "note")
    if not new:
        return
    packaging = replace(
        _packaging(plan, place, PackageKind.SUBMISSION, "", ""),
        package_id=package_id,
        previous=held.record,
        changes="; ".join(f"{found.about}: {found.message}" for found in new),
    )
    before = replace(held.record, findings=(*held.record.findings, *new))
    package = redescribe_package(before, held.record.description, packaging)
    place.archive.vault.put_next(
        package,
        held.anchor,
        holders=held.holders,
        note="submission",
        require_newest=lambda known: place.archive.refresh().require_newest(known),
    )


def _place_of(found: Finding) -> tuple[object, ...]:
    return found.code, found.file, found.row, found.cell, found.about


def _store_next(
    candidate: Candidate, contents: Contents, findings: tuple[Finding, ...], packaging: Packaging, place: Workplace
) -> PackageStored:
    """Store the next version of a record that is held; only what changed is written."""
    assert candidate.held is not None
    held = place.archive.holdings.newest(candidate.held.package_id)
    packaging = replace(
        packaging, package_id=candidate.held.package_id, previous=held.record, changes=candidate.changes
    )
    planned = candidate.record.planned
    if planned.keeps_files:
        living = (found for found in held.record.findings if not is_mended(found, planned.description))
        before = replace(held.record, findings=(*living, *findings))
        package = redescribe_package(before, planned.description, packaging)
    else:
        package = build_package(planned.description, contents, findings, packaging)
    return place.archive.vault.put_next(
        package,
        held.anchor,
        holders=held.holders,
        note=candidate.note,
        require_newest=lambda known: place.archive.refresh().require_newest(known),
    )


def _packaging(plan: BatchPlan, place: Workplace, kind: PackageKind, fonds: str, engine: str) -> Packaging:
    return Packaging(
        package_id=PackageId(place.archive.world.new_identifier()),
        kind=kind,
        repository=plan.repository,
        fonds=place.archive.fonds(plan.repository.code.value, fonds),
        batch_id=plan.batch_id,
        now=place.archive.world.now(),
        operator=place.archive.operator,
        software=place.software,
        engine=engine,
    )
