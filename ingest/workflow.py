"""The whole way of a batch, from the plan that its delivery was read into, to acknowledged packages."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from archives.findings import Finding, error
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import BatchReceived, DisposalPlanned, Fact
from archives.message import message
from archives.pipeline import Done, Failed
from ingest.batch.plan import BatchKind, BatchPlan, PlannedRecord
from ingest.comparison import Candidate, decide, foresee, renamed
from ingest.contents import Contents, file_pages
from ingest.examine import ExaminedRecord, Seen, look_at_record, with_seen
from ingest.outcome import Outcome, RecordOutcome, outcome_of, outcomes_of_rejected
from ingest.page.ocr.engine import OcrSettings
from ingest.prepared import Prepared
from ingest.reading import reading
from ingest.reading.not_read import pages_not_read
from ingest.reading.own_language import with_own_language
from ingest.reading.work import Draft, OwnText, Task, TaskAnswer, Work, Worked
from ingest.storing import Storing
from ingest.submission import store_row_list, store_submission
from ingest.workplace import Workplace

_MOST_RECORDS, _MOST_FILES, _MOST_BYTES = 64, 256, 64 << 20
"""How much is stored together."""
_LONGEST_WAIT_SECONDS = 1.0
"""How long a record that is ready may wait for others, so that they are stored together."""


@dataclass(frozen=True, slots=True)
class _Load:
    """What is stored together so far; texts and small files of all of it lie in memory at once."""

    records: int = 0
    files: int = 0
    size_bytes: int = 0

    def with_record(self, pieces: Sequence[Worked]) -> "_Load":
        """Return the load with one record more; a file may be small and its text long."""
        owner = pieces[0].item.owner
        files = owner.candidate.record.files if isinstance(owner, Draft) else ()
        texts = [one.result.text for one in pieces if isinstance(one, Done) and isinstance(one.result, OwnText)]
        characters = sum(len(page) for text in texts for page in text.pages)
        size_bytes = sum(file.planned.size_bytes for file in files) + characters
        return _Load(self.records + 1, self.files + len(files), self.size_bytes + size_bytes)

    @property
    def is_full(self) -> bool:
        """Whether no more should be stored with it."""
        return self.records >= _MOST_RECORDS or self.files >= _MOST_FILES or self.size_bytes >= _MOST_BYTES


def ingest(plan: BatchPlan, place: Workplace, *, progress: Callable[[str], None]) -> Iterator[RecordOutcome]:
    """Take a batch in, record by record; yields each outcome when it is acknowledged.

    ``progress`` is told the archival code whenever a piece of work is done. May be stopped at any moment and called
    again with the same batch: what is in already is left alone.
    """
    require_tools(plan, place.ocr)
    _say_received(plan, place)
    storing = Storing(plan, place)
    run = place.run(look_at_record, plan.records, ahead=_ahead(plan), meanwhile=storing.go_on)
    examined = map(_examined, run)
    decided = (decide(outcome, plan, place) for outcome in examined)
    lost = [*outcomes_of_rejected(plan)]
    for outcome in read_and_store(decided, plan, place, storing, progress=progress):
        if outcome.package_id is None or outcome.outcome is Outcome.DIFFERS:
            lost.append(outcome)
        yield outcome
    yield from outcomes_of_rejected(plan)
    store_row_list(plan, place)
    store_submission(plan, lost, place)
    shutil.rmtree(place.folder, ignore_errors=True)


def _ahead(plan: BatchPlan) -> int:
    """Return how many records may be examined while others are stored: as many as the next group may have."""
    return min(_MOST_RECORDS, _MOST_FILES // max([1, *(len(record.files) for record in plan.records)]))


def foresee_batch(plan: BatchPlan, place: Workplace, *, progress: Callable[[str], None]) -> Iterator[RecordOutcome]:
    """Yield what would become of each record: its files are examined and read as ``ingest`` does it, and nothing is stored.

    Pages are drawn and not recognised, so what only their text tells is not foreseen.
    """
    today = place.archive.world.today()
    decided = (decide(examined, plan, place) for examined in map(_examined, place.run(look_at_record, plan.records)))
    drafted = (_draft(one, plan, place, reading.looks_of) if isinstance(one, Candidate) else one for one in decided)
    for _, group in groupby(_worked(drafted, place, progress), key=lambda outcome: outcome.item.number):
        yield _foreseen(list(group), plan, today)


def read_and_store(
    decided: Iterator[Candidate | RecordOutcome],
    plan: BatchPlan,
    place: Workplace,
    storing: Storing,
    *,
    progress: Callable[[str], None],
) -> Iterator[RecordOutcome]:
    """Read the files of records that are to be stored, and store them while the next are read.

    Yields every outcome, settled ones as they are.
    """
    drafted = (_draft(one, plan, place, reading.tasks_of) if isinstance(one, Candidate) else one for one in decided)
    try:
        worked = _worked(drafted, place, progress, meanwhile=storing.go_on)
        for together in _together(worked, place.archive.world.seconds):
            prepared = [_prepared(one, plan, place) for one in together]
            yield from storing.finished()
            storing.begin(prepared)
        yield from storing.finished()
    finally:
        storing.left()


def require_tools(plan: BatchPlan, ocr: OcrSettings) -> None:
    """Raise ``ToolMissingError``, before anything begins, when the batch needs what is not installed."""
    reading.require_tools(plan.records, plan.kind, ocr)


def do_task(task: Task | None) -> TaskAnswer:
    """Do one piece of work; a stage, for a child."""
    return task.do() if task else None


def _is_light(task: Task | None) -> bool:
    return task is None or task.is_light


def _examined(
    outcome: Done[PlannedRecord, tuple[Seen, ...]] | Failed[PlannedRecord],
) -> Done[PlannedRecord, ExaminedRecord] | Failed[PlannedRecord]:
    return outcome if isinstance(outcome, Failed) else Done(outcome.item, with_seen(outcome.item, outcome.result))


def _kept(outcome: Done[Work, TaskAnswer] | Failed[Work]) -> Worked:
    """Take over at once what a child answered, so that no more than a few answers lie in memory."""
    if isinstance(outcome, Failed):
        return outcome
    if outcome.item.task is None:
        return Done(outcome.item, None)
    return Done(outcome.item, outcome.item.task.kept(outcome.result))


def _say_received(plan: BatchPlan, place: Workplace) -> None:
    """Let the journal say that the batch was received: once, however often its ingest is stopped and gone on with.

    Said again only where something else is said (other judgements, or another number of what could be taken in), and after
    it was to be taken back.
    """
    files = sum(len(record.files) for record in plan.records)
    fact = BatchReceived(plan.batch_id, plan.repository.code.value, len(plan.records), files, plan.not_secret)
    place.archive.refresh()
    before: list[Fact] = []
    for entry in place.archive.reading.entries_about(Subject(SubjectKind.BATCH, plan.batch_id)):
        before = [] if isinstance(entry.fact, DisposalPlanned) else [*before, entry.fact]
    if fact not in before:
        place.archive.vault.ledger.append([fact])


def _draft(
    candidate: Candidate,
    plan: BatchPlan,
    place: Workplace,
    tasks_of: Callable[[Candidate, BatchKind, Workplace], tuple[Task, ...]],
) -> Draft:
    keeps_files = candidate.record.planned.keeps_files
    tasks = () if keeps_files else tasks_of(candidate, plan.kind, place)
    return Draft(candidate, tasks, _found_of(candidate, plan))


def _found_of(candidate: Candidate, plan: BatchPlan) -> tuple[Finding, ...]:
    """Return what was found wrong with an examined record, before its files are read."""
    record = candidate.record
    if record.planned.keeps_files:
        return record.planned.findings
    looked_at = (found for file in record.files if not file.planned.is_beside for found in file.findings)
    about_files = (*looked_at, *renamed(record.files))
    about_files = (*about_files, *_about_items(candidate))
    known = {found.code for found in record.planned.findings}
    checked = (
        found if found.file else found.at(file=plan.sheet_of(record.planned), row=record.planned.row)
        for found in reading.check(candidate, plan.kind)
        if found.file or found.code not in known
    )
    return (*record.planned.findings, *about_files, *checked)


def _about_items(candidate: Candidate) -> tuple[Finding, ...]:
    """Return what does not fit between the items of a volume and its pages."""
    volume, stored = candidate.record.planned.volume, candidate.held.volume if candidate.held else None
    if volume is None:
        return ()
    return volume.structure(file_pages(candidate.record.files), stored=stored, new_id=str)[1]


def _work(drafted: Iterator[Draft | RecordOutcome]) -> Iterator[Work]:
    for number, owner in enumerate(drafted):
        for task in (owner.tasks if isinstance(owner, Draft) else ()) or (None,):
            yield Work(number, owner, task)


def _worked(
    drafted: Iterator[Draft | RecordOutcome],
    place: Workplace,
    progress: Callable[[str], None],
    *,
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[Worked]:
    work = ((one, one.task) for one in _work(drafted))
    return _told(map(_kept, place.run_parts(do_task, work, at_once=_is_light, meanwhile=meanwhile)), progress)


def _told(worked: Iterator[Worked], progress: Callable[[str], None]) -> Iterator[Worked]:
    for outcome in worked:
        if isinstance(outcome.item.owner, Draft):
            progress(outcome.item.owner.candidate.record.planned.description.code.written)
        yield outcome


def _together(worked: Iterator[Worked], seconds: Callable[[], float]) -> Iterator[list[list[Worked]]]:
    """Yield records of which every piece is there, as many as may be stored together; none waits long for others.

    A record is whole when the first piece of the next one is there.
    """
    whole: list[list[Worked]] = []
    pieces: list[Worked] = []
    load, since = _Load(), seconds()
    for one in worked:
        if pieces and one.item.number != pieces[0].item.number:
            since = since if whole else seconds()
            whole.append(pieces)
            load = load.with_record(pieces)
            pieces = []
        if whole and (load.is_full or seconds() - since > _LONGEST_WAIT_SECONDS):
            yield whole
            whole, load = [], _Load()
        pieces.append(one)
    if pieces:
        whole.append(pieces)
    if whole:
        yield whole


def _prepared(worked: Sequence[Worked], plan: BatchPlan, place: Workplace) -> Prepared | RecordOutcome:
    draft = worked[0].item.owner
    if isinstance(draft, RecordOutcome):
        return draft
    unread = pages_not_read(worked)
    if draft.candidate.record.planned.keeps_files:
        return Prepared(draft.candidate, Contents((), ()), draft.findings)
    if unread and draft.candidate.anew:
        return _as_it_was(draft.candidate, unread, plan)
    contents, found = reading.contents_of(draft, worked, place)
    record = draft.candidate.record
    own = [text.text for text in contents.page_texts]
    planned, guessed = with_own_language(record.planned, own, plan.sheet_of(record.planned))
    candidate = replace(draft.candidate, record=replace(record, planned=planned))
    return Prepared(candidate, contents, (*draft.findings, *unread, *found, *guessed))


def _foreseen(worked: Sequence[Worked], plan: BatchPlan, today: date) -> RecordOutcome:
    owner = worked[0].item.owner
    if isinstance(owner, RecordOutcome):
        return owner
    own, found = reading.foreseen(owner, worked)
    record = owner.candidate.record
    planned, guessed = with_own_language(record.planned, [text.text for text in own], plan.sheet_of(record.planned))
    candidate = replace(owner.candidate, record=replace(record, planned=planned))
    return foresee(candidate, (*owner.findings, *pages_not_read(worked), *found, *guessed), plan, today=today)


def _as_it_was(candidate: Candidate, unread: tuple[Finding, ...], plan: BatchPlan) -> RecordOutcome:
    """Return the outcome of a record that was to be read again and could not be: the text that it has is not given up."""
    said = message(
        "有的页没能重新识别，已保存的文字不变；请排除原因后重试",
        "not every page could be read again, and the stored text stays; remove the cause and try again",
    )
    held = candidate.held.package_id if candidate.held else None
    found = (*unread, error("not-read-again", said))
    return outcome_of(candidate.record.planned, plan, Outcome.REJECTED, held, found)
