"""Recognising records that are kept: their originals written out of the stores and read, for the next version."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from archives.errors import ToolMissingError
from archives.findings import Finding
from archives.pipeline import Done
from archives.record.holding import Holding
from archives.record.record import FileObject, Record, RepresentationName
from archives.text.language import language_to_read_in
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import BatchKind, BatchPlan, PlannedRecord
from ingest.comparison import Candidate
from ingest.contents import place_of
from ingest.examine import ExaminedFile, ExaminedRecord, examined_files, look_at_record, with_seen
from ingest.outcome import RecordOutcome
from ingest.page.ocr.engine import engine_for
from ingest.reading.reading import tasks_of
from ingest.reading.tasks import PageTask
from ingest.storing import Storing
from ingest.volumes.planned import PlannedVolume
from ingest.workflow import read_and_store
from ingest.workplace import Workplace

_TREE = place_of(RepresentationName.ORIGINAL, PurePosixPath())
_OF_NAMES = frozenset(("name-made-safe", "name-alike", "name-composed"))


@dataclass(frozen=True, slots=True)
class Unread:
    """A stored record, made ready to be read, and how many of its pages there are to read."""

    candidate: Candidate
    plan: BatchPlan
    place: Workplace
    pages: int


def require_engines(holdings: Sequence[Holding], place: Workplace) -> None:
    """Raise ``ToolMissingError`` when the engine of a record's language is missing."""
    said = (one.description for one in holdings)
    for language in sorted({language_to_read_in(one.language, one.title, one.author) for one in said}):
        if missing := engine_for(language, place.ocr).missing(language):
            raise ToolMissingError(missing, subject=language, advice=missing)


def find_unread(holding: Holding, place: Workplace, *, anew: bool) -> Unread:
    """Write a record's originals out of the stores and find the pages to read: those without text, or, ``anew``, all.

    Raises ``IntegrityError`` when no store has the record whole, ``StorageError`` when there is no room for it.
    """
    newest = place.archive.holdings.newest(holding.package_id)
    folder = place.folder / holding.package_id.value
    place = replace(place, folder=folder / "drafts")
    place.archive.vault.export(place.archive.vault.inventory(newest.anchor), folder / "kept")
    originals = _originals(newest.record)
    planned = PlannedRecord(
        0,
        holding.description,
        tuple(
            PlannedFile(
                folder / "kept" / file.path,
                str(file.path),
                file.digests.size_bytes,
                page=file.page,
                place=file.path.relative_to(_TREE),
                is_beside=file.page is None,
                known_as=file.original_name,
            )
            for file in originals
        ),
        _lasting(newest.record, originals),
        tuple(str(empty.relative_to(_TREE)) for empty in newest.record.empty_folders),
        volume=PlannedVolume(known=newest.record.volume) if newest.record.volume else None,
        base=holding.description,
    )
    plan = BatchPlan(
        newest.anchor.batch_id, folder, holding.repository, BatchKind.MIXED, "", (planned,), (), (), (), ()
    )
    changes = "text recognised anew" if anew else "text recognised"
    record = _with_known_pages(_examined(planned, place), holding)
    candidate = Candidate(record, holding, changes, note="recognise", anew=anew)
    tasks = tasks_of(candidate, plan.kind, place)
    return Unread(candidate, plan, place, sum(isinstance(one, PageTask) and one.known_alto is None for one in tasks))


def recognise(unread: Unread, *, progress: Callable[[str], None]) -> RecordOutcome:
    """Read what is unread of a record and store its next version; the originals stay what they are."""
    plan, place = unread.plan, unread.place
    (outcome,) = read_and_store(iter([unread.candidate]), plan, place, Storing(plan, place), progress=progress)
    return outcome


def _originals(record: Record) -> tuple[FileObject, ...]:
    return tuple(
        file for one in record.representations if one.name is RepresentationName.ORIGINAL for file in one.files
    )


def _lasting(record: Record, originals: Sequence[FileObject]) -> tuple[Finding, ...]:
    """Return what was found of a record that is not found again by looking at its files and reading them."""
    names = {file.original_name for file in originals}
    return tuple(
        found for found in record.findings if found.code in _OF_NAMES or (found.file and found.file not in names)
    )


def _examined(planned: PlannedRecord, place: Workplace) -> ExaminedRecord:
    (outcome,) = place.run(look_at_record, [planned])
    if isinstance(outcome, Done):
        return with_seen(planned, outcome.result)
    return ExaminedRecord(planned, tuple(examined_files(planned.files, place)))


def _with_known_pages(record: ExaminedRecord, holding: Holding) -> ExaminedRecord:
    """Return a record in which the pages that were recognised before are among those that have to be."""
    read = {file.page for file in holding.files if file.path.suffix == ".xml" and file.page}
    return replace(record, files=tuple(_with_pages(file, read) for file in record.files))


def _with_pages(file: ExaminedFile, read: set[int]) -> ExaminedFile:
    def known() -> Iterator[int]:
        for index in range(file.pages or 0):
            if file.planned.page and file.planned.page + index in read:
                yield index

    return replace(file, unwritten=tuple(sorted({*file.unwritten, *known()})))
