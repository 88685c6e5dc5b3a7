"""What a batch brings, beside what is stored: new, in already, another version, or not to be taken in."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from archives.errors import FormatError
from archives.findings import Finding, error, note, refusal, warning
from archives.message import Message, joined, listed, message
from archives.pipeline import Done, Failed
from archives.record.elements.differences import told_differences
from archives.record.elements.table import ELEMENTS
from archives.record.holding import Holding
from archives.record.identifiers import RecordKey
from archives.record.names import safe_names, safe_paths
from archives.record.record import RepresentationName
from archives.reviewed import reviewed_digest
from ingest.batch.listing import is_litter
from ingest.batch.plan import BatchPlan, PlannedRecord
from ingest.contents import Contents, file_pages, place_of
from ingest.examine import ExaminedFile, ExaminedRecord, examined_files
from ingest.outcome import Outcome, RecordOutcome, as_stored, left_before, outcome_of
from ingest.volumes.planned import about_missing, differences, pages_differ
from ingest.workplace import Workplace
from preservation.catalogue.holdings.tombstone import Tombstone

WAITS = "open-record-waits"
"""The finding that an open record would be closed until it is reviewed again."""
_UPDATES = message(
    "不带 --dry-run 运行即存为新版本；不该更改的，先在批次中改回",
    "without --dry-run it is stored as a new version; what is not meant to change is put back in the batch first",
)
_NOTHING = message("（空）", "(nothing)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An examined record that is to be stored: as a new one, or as the next version of ``held``, for its ``changes``.

    ``note`` is what its inventory says of that version; ``anew`` that pages which were read before are read again.
    """

    record: ExaminedRecord
    held: Holding | None = None
    changes: str = ""
    note: str = "update"
    anew: bool = False


def decide(
    outcome: Done[PlannedRecord, ExaminedRecord] | Failed[PlannedRecord], plan: BatchPlan, place: Workplace
) -> Candidate | RecordOutcome:
    """Return the record that is to be stored, or at once the outcome of one that is in already or cannot be read."""
    if isinstance(outcome, Failed):  # file by file, so that what defeats its tools is alone
        planned = outcome.item
        try:
            record = ExaminedRecord(planned, tuple(examined_files(planned.files, place)))
        except FormatError as unreadable:
            found = refusal(unreadable, code="file-unreadable", file=unreadable.subject or None, row=planned.row)
            return outcome_of(planned, plan, Outcome.REJECTED, None, (*planned.findings, found))
    else:
        record = outcome.result
    key = RecordKey(plan.repository.code.value, record.planned.description.code.key)
    held = place.archive.refresh().find_key(key)
    if held is None:
        gone = disposed_before(record, plan, place, place.archive.catalogue.tombstone(key))
        return gone or left_before(record.planned, plan, place.archive.catalogue) or Candidate(record)
    if held.key.code_key != record.planned.description.code.key:  # it was renumbered since
        described = replace(record.planned.description, code=held.description.code)
        record = replace(record, planned=replace(record.planned, description=described))
    differences = tuple(_differences(record, held, plan.sheet_of(record.planned)))
    about = place.archive.catalogue.findings.open_about(held.package_id.value)
    volume = record.planned.volume
    missing = about_missing(volume.items, held.volume) if volume and not record.planned.keeps_files else ()
    living = (
        *(as_stored(found, held, plan.sheet_of(record.planned), record.planned.row) for found in about),
        *missing,
    )
    if not differences:
        return outcome_of(record.planned, plan, Outcome.ALREADY_IN, held.package_id, living, version=held.version)
    if not place.update:
        told = (*living, *differences)
        return outcome_of(record.planned, plan, Outcome.DIFFERS, held.package_id, told, version=held.version)
    return Candidate(record, held, "; ".join(found.message.text("en") for found in differences))


def foresee(candidate: Candidate, found: tuple[Finding, ...], plan: BatchPlan, *, today: date) -> RecordOutcome:
    """Return what would become of a record that is to be stored; ``found`` is what was found wrong with it."""
    planned, held = candidate.record.planned, candidate.held
    if held is None:
        outcome = Outcome.STORED_WITH_FINDINGS if any(one.severity != "note" for one in found) else Outcome.STORED
        return outcome_of(planned, plan, outcome, None, found)
    differences = tuple(_differences(candidate.record, held, plan.sheet_of(planned)))
    if held.access_on(today).is_open and _is_seen_otherwise(candidate.record, held):
        said = message(
            "已开放，更新后待复审，其间不公开", "it is open; after the update it is closed until it is reviewed again"
        )
        differences += (warning(WAITS, said, file=plan.sheet_of(planned), row=planned.row),)
    told = (*found, *map(_as_meant, differences))
    return outcome_of(planned, plan, Outcome.UPDATED, held.package_id, told, version=held.version)


def _as_meant(found: Finding) -> Finding:
    """Return a difference that the update will store, with the advice for who asked for updates already."""
    return found if found.code == WAITS else replace(found, advice=_UPDATES)


def _is_seen_otherwise(record: ExaminedRecord, held: Holding) -> bool:
    """Say whether the public would see something else than was reviewed: what its reviewer saw of it, or files."""
    ours, theirs = (reviewed_digest(one, ()) for one in (record.planned.description, held.description))
    if record.planned.keeps_files:
        return ours != theirs
    files = Counter(file.digests.sha256 for file in record.files if not file.planned.is_beside)
    return ours != theirs or files != Counter(file.sha256 for file in held.originals if file.page)


def disposed_before(
    record: ExaminedRecord, plan: BatchPlan, place: Workplace, gone: Tombstone | None
) -> RecordOutcome | None:
    """Return the refusal of a record that was disposed of; nobody brings it back by taking the batch in again.

    What had been taken in by mistake leaves its code free for the record that it belongs to, once a person says that it is
    that one.
    """
    planned = record.planned
    if gone is None or (gone.mistake and place.removed_too):
        return None
    found = replace(_refused(gone), file=plan.sheet_of(planned), row=planned.row)
    return outcome_of(planned, plan, Outcome.REJECTED, None, (*planned.findings, found))


def _refused(gone: Tombstone) -> Finding:
    if gone.mistake:
        return error("removed", gone.said(message("此档号的档案", "what had this code")))
    said = message(
        "此件已按计划 {plan} 销毁，不再接收",
        "it was disposed of under the plan {plan} and is not taken in again",
        plan=gone.plan_id,
    )
    return error("disposed", said)


def _differences(record: ExaminedRecord, held: Holding, sheet_name: str) -> Iterator[Finding]:
    planned = record.planned
    if not planned.keeps_files:
        yield from _other_files(record, held, sheet_name)
    if planned.volume and planned.volume.known is None:
        yield from _other_items(record, held, sheet_name)
    for element in ELEMENTS:
        if element.of(planned.description) != element.of(held.description):
            for name, ours, theirs in told_differences(element, planned.description, held.description):
                said = message(
                    "著录项“{field}”与已保存的不同：批次中为 {ours}，已保存的为 {theirs}",
                    "the element {field} is not as stored: {ours} in the batch, {theirs} stored",
                    field=name,
                    ours=ours or _NOTHING,
                    theirs=theirs or _NOTHING,
                )
                yield warning("description-differs", said, file=sheet_name, row=planned.row)


def _other_items(record: ExaminedRecord, held: Holding, sheet_name: str) -> Iterator[Finding]:
    """Yield what of a volume's items and of their pages is not as it is stored."""
    planned = record.planned
    if planned.volume is None or (held.volume is None and not planned.volume.items):
        return  # what was stored before pages had labels stays as it is
    others: list[str | Message] = [*differences(planned.volume.items, held.volume)]
    if not planned.keeps_files and not others:
        ours, _ = planned.volume.structure(file_pages(record.files), stored=held.volume, new_id=str)
        others = [*pages_differ(ours, held.volume)]
    if others:
        said = message(
            "卷内各件的著录或页号与已保存的不同：{items}",
            "items of the volume are not described, or not paged, as stored: {items}",
            items=joined(others),
        )
        yield warning("description-differs", said, file=sheet_name, row=planned.row)


def _other_files(record: ExaminedRecord, held: Holding, sheet_name: str) -> Iterator[Finding]:
    row = record.planned.row
    theirs_lie: dict[str, list[PurePosixPath]] = {}
    for stored_file in held.originals:
        theirs_lie.setdefault(stored_file.sha256, []).append(stored_file.path)
    theirs_kept = [file for file in held.originals if not is_litter(file.original_name)]
    stored = Counter(file.sha256 for file in theirs_kept)
    others: list[tuple[ExaminedFile, PurePosixPath]] = []
    for file, place in zip(record.files, _places(record), strict=True):
        if is_litter(file.planned.relative):
            continue
        if stored[file.digests.sha256] <= 0:
            others.append((file, place))
            continue
        if place not in theirs_lie[file.digests.sha256]:
            yield _moved(file, place, theirs_lie[file.digests.sha256][0], row)
        stored[file.digests.sha256] -= 1
    absent = []
    for one in theirs_kept:
        if stored[one.sha256] > 0:
            stored[one.sha256] -= 1
            absent.append(one.path)
    yield from _replaced(others, absent, row)
    if gone := [_in_record(path) for path in absent if path not in {place for _, place in others}]:
        said = message(
            "已保存的文件不在批次中：{names}", "stored files are not in the batch: {names}", names=listed(gone)
        )
        yield warning("file-absent", said, file=sheet_name, row=row)


def _replaced(
    others: Sequence[tuple[ExaminedFile, PurePosixPath]], absent: Sequence[PurePosixPath], row: int
) -> Iterator[Finding]:
    """Yield a finding for every file with bytes that are not stored: in the place of one that is, or beside them."""
    for file, place in others:
        if place in absent:
            said = message("文件与已保存的不同", "the file is not the one that is stored")
            yield warning("file-differs", said, file=file.planned.shown, row=row)
        else:
            said = message("文件不在此件已保存的文件之中", "the file is not among those that are stored of this record")
            yield warning("file-new", said, file=file.planned.shown, row=row)


def _places(record: ExaminedRecord) -> tuple[PurePosixPath, ...]:
    """Return where the files would lie in the record's package."""
    planned = record.planned
    return Contents(record.files, (0,) * len(record.files), empty_folders=planned.empty_folders).places


def _moved(file: ExaminedFile, ours: PurePosixPath, theirs: PurePosixPath, row: int) -> Finding:
    """Return the finding that a file has the bytes of one that is stored and lies elsewhere in the record's tree."""
    said = message(
        "文件内容与已保存的相同，但在档案中的位置或名称不同：批次中为 {ours}，已保存的为 {theirs}",
        "the file has the bytes that are stored and lies elsewhere in its record, or has another name: {ours} in the batch, {theirs} stored",
        ours=_in_record(ours),
        theirs=_in_record(theirs),
    )
    return warning("file-moved", said, file=file.planned.shown, row=row)


def _in_record(place: PurePosixPath) -> str:
    """Return where an original lies in its record's own tree."""
    return str(place.relative_to(place_of(RepresentationName.ORIGINAL, PurePosixPath())))


def renamed(files: Sequence[ExaminedFile]) -> Iterator[Finding]:
    """Yield a finding for every file or folder that is kept under another name than it came with, and why."""
    kept = [file.planned.kept_at for file in files]
    told: set[PurePosixPath] = set()
    for file, came, safe in zip(files, kept, safe_paths(kept), strict=True):
        names = (
            [*zip(came.parts, safe.parts, strict=False)] if len(came.parts) == len(safe.parts) else [("", str(safe))]
        )
        for depth, (name, safe_name) in enumerate(names, 1):
            place = PurePosixPath(*came.parts[:depth]) if name else came
            if name != safe_name and place not in told:
                told.add(place)
                is_folder = bool(name) and depth < len(names)
                shown = (
                    str(PurePosixPath(file.planned.shown).parents[len(names) - depth - 1])
                    if is_folder
                    else file.planned.shown
                )
                yield _renamed(name, safe_name, shown)


def _renamed(name: str, safe: str, shown: str) -> Finding:
    if unicodedata.normalize("NFC", name) == safe:
        said = message(
            "名称为分解形式的 Unicode，包内写作组合形式，原名记在 PREMIS 中",
            "its name is in decomposed Unicode; in the package it is composed, the name it came with stands in PREMIS",
        )
        return note("name-composed", said, file=shown)
    if name and safe_names([name]) == (name,):
        said = message(
            "与另一个名称只差大小写或写法，有的系统分不开，包内改为 {safe}，原名记在 PREMIS 中",
            "another name differs from it in case or Unicode form only, and some systems cannot tell them apart; in the package it is {safe}, the name it came with stands in PREMIS",
            safe=safe,
        )
        return warning("name-alike", said, file=shown)
    said = message(
        "名称不便长期保存，包内改为 {safe}，原名记在 PREMIS 中（控制字符和不成文字的字节写作 \\xNN）",
        "its name is not safe to keep; in the package it is {safe}, the name it came with stands in PREMIS (controls and bytes that are no text as \\xNN)",
        safe=safe,
    )
    return warning("name-made-safe", said, file=shown)
