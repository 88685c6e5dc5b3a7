"""The whole way of a batch, from the plan that its delivery was read into, to acknowledged packages."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from archives.findings import Finding, error, warning
from archives.journal.facts import BatchReceived
from archives.message import message
from archives.pipeline import Done, Failed
from ingest.batch.plan import BatchKind, BatchPlan, PlannedRecord
from ingest.comparison import Candidate, decide, foresee, renamed
from ingest.contents import Contents
from ingest.examine import ExaminedRecord, Seen, look_at_record, with_seen
from ingest.outcome import Outcome, RecordOutcome, outcome_of, outcomes_of_rejected
from ingest.page.ocr.engine import OcrSettings
from ingest.reading import reading
from ingest.reading.own_language import with_own_language
from ingest.reading.work import Draft, Task, TaskAnswer, Work, Worked
from ingest.storing import store_record, store_submission
from ingest.workplace import Workplace


def ingest(plan: BatchPlan, place: Workplace, *, progress: Callable[[str], None]) -> Iterator[RecordOutcome]:
    """Take a batch in, record by record; yields each outcome when it is acknowledged.

    ``progress`` is told the archival code whenever a piece of work is done. May be stopped at any moment and called
    again with the same batch: what is in already is left alone.
    """
    require_tools(plan, place.ocr)
    place.archive.vault.ledger.append([_received(plan)])
    examined = map(_examined, place.run(look_at_record, plan.records))
    decided = (decide(outcome, plan, place) for outcome in examined)
    lost = [*outcomes_of_rejected(plan)]
    for outcome in read_and_store(decided, plan, place, progress=progress):
        if outcome.package_id is None:
            lost.append(outcome)
        yield outcome
    yield from outcomes_of_rejected(plan)
    store_submission(plan, lost, place)
    shutil.rmtree(place.folder, ignore_errors=True)


def foresee_batch(plan: BatchPlan, place: Workplace, *, progress: Callable[[str], None]) -> Iterator[RecordOutcome]:
    """Yield what would become of each record: its files are examined and read as ``ingest`` does it, and nothing is stored.

    Pages are drawn and not recognised, so what only their text tells is not foreseen.
    """
    today = place.archive.world.today()
    decided = (decide(examined, plan, place) for examined in map(_examined, place.run(look_at_record, plan.records)))
    drafted = (_draft(one, plan, place, reading.looks_of) if isinstance(one, Candidate) else one for one in decided)
    worked = _told(map(_kept, place.run(do_work, _work(drafted))), progress)
    for _, group in groupby(worked, key=lambda outcome: outcome.item.number):
        yield _foreseen(list(group), plan, today)


def read_and_store(
    decided: Iterator[Candidate | RecordOutcome], plan: BatchPlan, place: Workplace, *, progress: Callable[[str], None]
) -> Iterator[RecordOutcome]:
    """Read the files of records that are to be stored, and store them; yields every outcome, settled ones as they are."""
    drafted = (_draft(one, plan, place, reading.tasks_of) if isinstance(one, Candidate) else one for one in decided)
    worked = _told(map(_kept, place.run(do_work, _work(drafted))), progress)
    for _, group in groupby(worked, key=lambda outcome: outcome.item.number):
        yield _stored(list(group), plan, place)


def require_tools(plan: BatchPlan, ocr: OcrSettings) -> None:
    """Raise ``ToolMissingError``, before anything begins, when the batch needs what is not installed."""
    reading.require_tools(plan.records, plan.kind, ocr)


def do_work(work: Work) -> TaskAnswer:
    """Do one piece of work in a child."""
    return work.task.do() if work.task else None


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


def _received(plan: BatchPlan) -> BatchReceived:
    files = sum(len(record.files) for record in plan.records)
    return BatchReceived(plan.batch_id, plan.repository.code.value, len(plan.records), files, plan.not_secret)


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
    known = {found.code for found in record.planned.findings}
    checked = (
        found if found.file else found.at(file=plan.sheet_name, row=record.planned.row)
        for found in reading.check(candidate, plan.kind)
        if found.file or found.code not in known
    )
    return (*record.planned.findings, *about_files, *checked)


def _work(drafted: Iterator[Draft | RecordOutcome]) -> Iterator[Work]:
    for number, owner in enumerate(drafted):
        for task in (owner.tasks if isinstance(owner, Draft) else ()) or (None,):
            yield Work(number, owner, task)


def _told(worked: Iterator[Worked], progress: Callable[[str], None]) -> Iterator[Worked]:
    for outcome in worked:
        if isinstance(outcome.item.owner, Draft):
            progress(outcome.item.owner.candidate.record.planned.description.code.written)
        yield outcome


def _foreseen(worked: Sequence[Worked], plan: BatchPlan, today: date) -> RecordOutcome:
    owner = worked[0].item.owner
    if isinstance(owner, RecordOutcome):
        return owner
    own, found = reading.foreseen(owner, worked)
    record = owner.candidate.record
    planned, guessed = with_own_language(record.planned, [text.text for text in own], plan.sheet_name)
    candidate = replace(owner.candidate, record=replace(record, planned=planned))
    return foresee(candidate, (*owner.findings, *_unread(worked), *found, *guessed), plan, today=today)


def _unread(worked: Sequence[Worked]) -> tuple[Finding, ...]:
    return tuple(
        warning("page-not-read", one.error.message, file=one.item.task.file.planned.shown if one.item.task else None)
        for one in worked
        if isinstance(one, Failed)
    )


def _stored(worked: Sequence[Worked], plan: BatchPlan, place: Workplace) -> RecordOutcome:
    draft = worked[0].item.owner
    if isinstance(draft, RecordOutcome):
        return draft
    unread = _unread(worked)
    if draft.candidate.record.planned.keeps_files:
        return store_record(draft.candidate, Contents((), ()), draft.findings, plan, place)
    if unread and draft.candidate.anew:
        return _as_it_was(draft.candidate, unread, plan)
    contents, found = reading.contents_of(draft, worked, place)
    record = draft.candidate.record
    own = [text.text for text in contents.page_texts]
    planned, guessed = with_own_language(record.planned, own, plan.sheet_name)
    candidate = replace(draft.candidate, record=replace(record, planned=planned))
    return store_record(candidate, contents, (*draft.findings, *unread, *found, *guessed), plan, place)


def _as_it_was(candidate: Candidate, unread: tuple[Finding, ...], plan: BatchPlan) -> RecordOutcome:
    """Return the outcome of a record that was to be read again and could not be: the text that it has is not given up."""
    said = message(
        "有的页没能重新识别，已保存的文字不变；请排除原因后重试",
        "not every page could be read again, and the stored text stays; remove the cause and try again",
    )
    held = candidate.held.package_id if candidate.held else None
    found = (*unread, error("not-read-again", said))
    return outcome_of(candidate.record.planned, plan, Outcome.REJECTED, held, found)
