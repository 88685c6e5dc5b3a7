"""What a batch came with, kept once: its sheet, its settings, files no row names, what is wrong with rejected rows."""

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace

from archives.errors import IntegrityError
from archives.findings import Finding
from archives.message import message
from archives.record.description import Description
from archives.record.identifiers import PackageId, RecordKey, archival_code_key, parse_archival_code
from archives.record.record import PackageKind
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import BatchPlan
from ingest.contents import Contents
from ingest.examine import examined_files
from ingest.outcome import Outcome, RecordOutcome
from ingest.package import Packaging, build_package, redescribe_package
from ingest.sheets.markings import is_of_unknown_secrecy
from ingest.tables.file_counts import told
from ingest.tables.row_list import ROWS_FILE
from ingest.workplace import Workplace
from preservation.actions.disposal.batches import ROWS_PREFIX
from preservation.actions.overview.batches import TABLES_PREFIX
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.sums.batches import DIFFERENCES


def store_submission(
    plan: BatchPlan, outcomes: Sequence[RecordOutcome], place: Workplace, *, prefix: str = TABLES_PREFIX
) -> None:
    """Keep what the batch came with: sheet, settings, files no row names, what is wrong with rejected rows.

    Once a batch under each ``prefix`` of its code; a later run adds what is wrong with rows that were not rejected for it before, as the next version.
    Raises ``UnfinishedError`` when that was begun before and cannot be ended yet.
    """
    code = parse_archival_code(f"{prefix}{plan.batch_id}")
    key = RecordKey(plan.repository.code.value, code.key)
    with place.archive.vault.locks.record(key):
        known = place.archive.refresh()
        rejected = tuple(
            replace(found, about=_about(one)) for one in outcomes if one.package_id is None for found in one.findings
        )
        differing = tuple(
            _without_values(found, one, known) for one in outcomes for found in one.findings if _differs(one, found)
        )
        anchors = known.anchors(batch_id=plan.batch_id)
        ours = (one for one in anchors.values() if one.kind is PackageKind.SUBMISSION)
        kept = next((one for one in ours if archival_code_key(one.archival_code) == code.key), None)
        if kept is not None and not (rejected or differing):
            return
        if kept is not None:
            # what differs was said already: where no copy of the submission can be read it fails no intake, and audits tell
            with nullcontext() if rejected else suppress(IntegrityError):
                _add_to_submission(PackageId(kept.package_id), (*rejected, *differing), plan, place)
            return
        known.open_work.require_none_under(key)
        examined = tuple(examined_files(plan.submission, place))
        package = build_package(
            Description(code, f"Submission {plan.folder.name}", other=_file_counts(plan)),
            Contents(examined, (0,) * len(examined), empty_folders=plan.empty_folders),
            (*plan.findings, *rejected, *differing),
            packaging_of(plan, place, PackageKind.SUBMISSION, "", ""),
        )
        place.archive.vault.put(package, note="submission")


def _file_counts(plan: BatchPlan) -> tuple[tuple[str, str], ...]:
    """Return how many files came, and of which rows: those of rejected rows are kept nowhere."""
    if plan.files_by_row is None:
        return ()
    return told(len(plan.submission) + sum(number for _, number in plan.files_by_row), plan.files_by_row)


def _about(rejected: RecordOutcome) -> str:
    """Return what a finding about a rejected row is about: its code, or its place where no word of it may be kept."""
    if not is_of_unknown_secrecy(rejected.findings):
        return rejected.archival_code
    return f"{rejected.findings[0].file} {rejected.findings[0].row}"


def _differs(one: RecordOutcome, found: Finding) -> bool:
    return one.outcome is Outcome.DIFFERS and found.code in DIFFERENCES


def _without_values(found: Finding, one: RecordOutcome, known: Catalogue) -> Finding:
    """Return a difference without what is said on either side: the words of a record belong in its own package alone.

    It names the version that the batch differs from, so that it is another one when it comes again beside a later version.
    """
    version = known.anchor(PackageId(one.package_id)).version if one.package_id else 1
    field = dict(found.message.values).get("field")
    zh, en = "与已保存的第 {v} 版不同，没有更改", "it is not as version {v}, which is stored, and was left alone"
    said = message(zh, en, v=version)
    if field:
        zh = "著录项“{field}”与已保存的第 {v} 版不同，没有更改"
        en = "the element {field} is not as in version {v}, which is stored, and was left alone"
        said = message(zh, en, field=field, v=version)
    return replace(found, message=said, about=one.archival_code)


def store_row_list(plan: BatchPlan, place: Workplace) -> None:
    """Keep the list of rows in place of sheets that may not be kept; once a batch. Raises as ``store_submission`` does."""
    if not plan.row_list:
        return
    path = place.folder / ROWS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(plan.row_list, "utf-8", newline="\n")
    state = path.stat()
    listed = PlannedFile(path, ROWS_FILE, state.st_size, identity=(state.st_dev, state.st_ino))
    alone = replace(plan, submission=(listed,), findings=(), empty_folders=(), files_by_row=None)
    store_submission(alone, (), place, prefix=ROWS_PREFIX)


def _add_to_submission(package_id: PackageId, rejected: Sequence[Finding], plan: BatchPlan, place: Workplace) -> None:
    held = place.archive.holdings.newest(package_id)
    known = {_place_of(found) for found in held.record.findings}
    living = {_place_of(found) for found in place.archive.catalogue.findings.open_about(package_id.value)}
    told = {(*_place_of(found), found.message.text("zh")) for found in held.record.findings}

    def is_new(found: Finding) -> bool:
        """Say whether nobody was told of it: what differs from a later version comes again, for what was settled was of another."""
        places = {_place_of(found), _place_of(_as_before(found))}
        is_again = found.code in DIFFERENCES and (*_place_of(found), found.message.text("zh")) not in told
        return not places & (living if is_again else known)

    new = tuple(found for found in rejected if found.severity != "note" and is_new(found))
    if not new:
        return
    packaging = replace(
        packaging_of(plan, place, PackageKind.SUBMISSION, "", ""),
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


def _as_before(found: Finding) -> Finding:
    """Return a finding as earlier software told it, which called a sheet by its file without the worksheet."""
    file = found.file.rpartition("!")[0] if found.file else ""
    if not found.file or not file:
        return found
    about = found.about.replace(found.file, file, 1) if found.about.startswith(found.file) else found.about
    return replace(found, file=file, about=about)


def _place_of(found: Finding) -> tuple[object, ...]:
    return found.code, found.file, found.row, found.cell, found.about


def packaging_of(plan: BatchPlan, place: Workplace, kind: PackageKind, fonds: str, engine: str) -> Packaging:
    """Return with what a package of a batch is made."""
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
