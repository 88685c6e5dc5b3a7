"""Batches: which were received, how far each came, what of it was refused, and from where it can be gone on with."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from archives.errors import AmbiguousError, NotFoundError
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import BatchClosed, BatchSum, DisposalPlanned
from archives.message import Message, listed, message
from archives.record.identifiers import PackageId
from preservation.actions.overview.intakes import Intake, Intakes
from preservation.archive import Archive
from preservation.catalogue.findings import KeptFinding, Wanted
from preservation.catalogue.sums.batches import (
    DIFFERENCES,
    Closed,
    Receipt,
    Submission,
    closed_batches,
    packages_of,
    receipts,
    refused_by,
    rejected_codes,
    removed_by_plan,
    stored_by,
    submissions,
)
from preservation.package.ocfl import object_folder

SHORTEST_PART = 4
"""Of how many letters the beginning of a number is that names a batch."""
TABLES_PREFIX = "BATCH-"
"""How the code begins under which is kept what a batch or an import came with."""
_LOCKS = 256
WITHOUT_ROW = "file-without-row"
"""The finding about a file that no row of the sheet names."""


class BatchState(StrEnum):
    """How far the ingest of a batch came; overtaken is one whose folder went in as it was later."""

    DONE = "done"
    UNDER_WAY = "under-way"
    UNFINISHED = "unfinished"
    OVERTAKEN = "overtaken"
    CLOSED = "closed"
    REMOVED = "removed"

    @property
    def said(self) -> Message:
        """Return it as people read it."""
        return _SAID[self]


_SAID = {
    BatchState.DONE: message("已完成", "done"),
    BatchState.UNDER_WAY: message("正在接收", "under way"),
    BatchState.UNFINISHED: message("未完成", "unfinished"),
    BatchState.OVERTAKEN: message("改动后作为另一批次接收", "taken in, changed, as another batch"),
    BatchState.CLOSED: message("已放弃", "given up"),
    BatchState.REMOVED: message("已移除", "removed"),
}


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as people see it.

    ``receipt`` is None when the journal has not heard of it yet, ``intake`` when this home does not remember from where it
    came (the newest; ``first`` is the one that gave it its name); ``submission`` is where its sheet and the files without a
    row are kept; ``removed`` are how many of its records left when it was taken back.
    """

    batch_id: str
    state: BatchState
    receipt: Receipt | None
    intake: Intake | None
    submission: Submission | None
    closed: Closed | None = None
    first: Intake | None = None
    removed: int = 0

    @property
    def name(self) -> str:
        """The name of its folder, empty where that is not remembered."""
        return self.first.asked.folder.name if self.first else ""

    @property
    def began_at(self) -> datetime | None:
        """When it first came."""
        return self.receipt.at if self.receipt else self.intake.begun_at if self.intake else None

    @property
    def person(self) -> str:
        """Who took it in."""
        return self.receipt.agent if self.receipt else self.intake.person if self.intake else ""


@dataclass(frozen=True, slots=True)
class BatchContent:
    """What a batch brought: its records with the newest version that came with it, and what was found wrong.

    ``begun`` were being written when it was stopped: the next command that writes says which of them are whole.
    ``refused`` are findings about rows that did not get in, ``loose`` about files that no row names, ``others`` the rest. ``before`` is what had become of one that
    was removed.
    """

    records: dict[str, int]
    refused: tuple[KeptFinding, ...]
    loose: tuple[KeptFinding, ...]
    others: tuple[KeptFinding, ...]
    begun: int = 0
    before: BatchSum | None = None


def all_batches(archive: Archive) -> tuple[Batch, ...]:
    """Return every batch that the journal or this home knows, in the order in which they came."""
    engine = archive.refresh().fold.engine
    known, begun = {one.batch_id: one for one in receipts(engine)}, Intakes(archive.work).newest()
    kept, closed = submissions(engine, {*known, *begun}), closed_batches(engine)
    first, removed = Intakes(archive.work).first(), _removed_of(archive)
    every = [
        _standing(
            Batch(
                one,
                BatchState.UNFINISHED,
                known.get(one),
                begun.get(one),
                kept.get(one),
                closed.get(one),
                first.get(one),
                removed[one],
            ),
            archive.locks.is_under_way,
        )
        for one in {**known, **begun}
    ]
    return tuple(sorted(every, key=lambda one: str(one.began_at)))


def _removed_of(archive: Archive) -> Counter[str]:
    """Return how many records left when each batch was taken back, by batch."""
    left = removed_by_plan(archive.catalogue.fold.engine)
    plans = [Subject(SubjectKind.PLAN, one) for one in left]
    facts = (entry.fact for entry in archive.reading.entries_about(*plans)) if plans else ()
    planned = {one.plan_id: one.batch for one in facts if isinstance(one, DisposalPlanned) and one.batch}
    found: Counter[str] = Counter()
    for plan_id, batch_id in planned.items():
        found[batch_id] += left[plan_id]
    return found


def numbers_by_batch(archive: Archive, batches: Sequence[Batch]) -> dict[str, tuple[int | None, int | None]]:
    """Return how many records each batch brought, and how many rows of each were refused; removed ones too, as it was before.

    None stands for what nobody wrote down when a batch was removed, as earlier software did.
    """
    engine = archive.catalogue.fold.engine
    stored, refused = stored_by(engine), refused_by(engine)
    removed = [one for one in batches if one.state is BatchState.REMOVED]
    before = {one.batch_id: sum_before(archive, one) for one in removed}
    numbers: dict[str, tuple[int | None, int | None]] = {
        one.batch_id: (stored.get(one.batch_id, 0), refused.get(one.batch_id, 0)) for one in batches
    }
    return numbers | {one: (was.records, was.refused) if was else (None, None) for one, was in before.items()}


def sum_of(archive: Archive, batch_id: str) -> BatchSum:
    """Return what became of a batch as the catalogue has it now, to be told when what it came with is gone."""
    engine = archive.catalogue.fold.engine
    kinds: Counter[str] = sum(rejected_codes(engine, batch_id).values(), Counter())
    stored, refused = stored_by(engine, batch_id), refused_by(engine, batch_id)
    return BatchSum(batch_id, stored.get(batch_id, 0), refused.get(batch_id, 0), tuple(sorted(kinds.items())))


def sum_before(archive: Archive, batch: Batch) -> BatchSum | None:
    """Return what had become of a batch before it was removed; None for one that is here, or of which nobody wrote it down."""
    plan_id = batch.submission.plan_id if batch.submission else ""
    entries = archive.reading.entries_about(Subject(SubjectKind.PLAN, plan_id)) if plan_id else ()
    sums = (one for entry in entries if isinstance(entry.fact, DisposalPlanned) for one in entry.fact.sums)
    return next((one for one in sums if one.batch_id == batch.batch_id), None)


def find_batch(archive: Archive, named: str) -> Batch:
    """Return the batch that an identifier, the beginning of one, the code of its submission, or the name of its folder names.

    Raises ``NotFoundError``, or ``AmbiguousError`` when it names several.
    """
    every = all_batches(archive)
    part = named.removeprefix(TABLES_PREFIX)
    found = [one for one in every if one.batch_id == part] or [one for one in every if one.name == named]
    if not found and len(part) >= SHORTEST_PART:
        found = [one for one in every if one.batch_id.startswith(part)]
    if len(found) == 1:
        return found[0]
    advice = message("用 jinkui batch list 列出", "jinkui batch list lists them")
    several = [f"{one.batch_id} ({one.began_at:%Y-%m-%d %H:%M})" if one.began_at else one.batch_id for one in found]
    which = message("请写批次号：{all}", "write the number of the one that is meant: {all}", all=listed(several))
    if not found:
        raise NotFoundError(message("没有批次 {id}", "there is no batch {id}", id=named), subject=named, advice=advice)
    names = tuple(one.batch_id for one in found)
    said = message("{id} 指几个批次：{names}", "{id} names several batches: {names}", id=named, names=listed(names))
    raise AmbiguousError(said, subject=named, candidates=names, advice=which)


def content_of(archive: Archive, batch: Batch) -> BatchContent:
    """Return what a batch brought, its findings as far as nobody settled them."""
    found = [one for one in archive.refresh().findings.of(Wanted(batch_id=batch.batch_id)) if one.settlement is None]
    refused = tuple(one for one in found if one.finding.about and one.finding.code not in DIFFERENCES)
    loose = tuple(one for one in found if one.finding.code == WITHOUT_ROW and not one.finding.about)
    others = tuple(one for one in found if one not in refused and one not in loose)
    before = sum_before(archive, batch) if batch.state is BatchState.REMOVED else None
    records = packages_of(archive.catalogue.fold.engine, batch.batch_id)
    return BatchContent(records, refused, loose, others, archive.catalogue.open_work.begun_of(batch.batch_id), before)


def place_of(submission: Submission) -> str:
    """Return where a submission lies in every store that has it."""
    return f"packages/{object_folder(PackageId(submission.package_id))}"


def rows_of(findings: Sequence[KeptFinding]) -> int:
    """Return about how many rows findings are."""
    return len({(one.finding.file, one.finding.row, one.finding.about) for one in findings})


def duty_of(intake: int) -> str:
    """Return under which name an ingest holds a lock while it is under way; as many files as there are locks of packages."""
    return f"intake-{intake % _LOCKS}"


def close_batch(archive: Archive, batch: Batch, *, reason: str) -> None:
    """Let the journal say that an unfinished batch is not gone on with; what is in stays, and a later ingest opens it again."""
    archive.begin_writing()
    archive.vault.ledger.append([BatchClosed(batch.batch_id, reason)])
    archive.refresh()


def _ended_as_the_journal_says(intake: Intake, kept: Submission | None) -> bool:
    """Say whether an ingest came to its end though this home does not remember it, as one restored from an older backup.

    What a batch came with is stored last. Of an update nobody can tell, for a run without updates stores that as well.
    """
    ended_at = kept.ended_at if kept else None
    return not intake.asked.update and ended_at is not None and ended_at >= intake.begun_at


def _standing(one: Batch, is_under_way: Callable[[str], bool]) -> Batch:
    intake = one.intake
    if intake is not None and intake.ended_at is None and not _ended_as_the_journal_says(intake, one.submission):
        state = BatchState.UNDER_WAY if is_under_way(duty_of(intake.number)) else BatchState.UNFINISHED
    elif one.submission is None:
        state = BatchState.OVERTAKEN if intake else BatchState.UNFINISHED
    else:
        state = BatchState.REMOVED if one.submission.is_gone else BatchState.DONE
    last = max((at for at in (one.receipt and one.receipt.last_at, intake and intake.begun_at) if at), default=None)
    if state is BatchState.UNFINISHED and one.closed and (last is None or last < one.closed.at):
        state = BatchState.CLOSED
    return replace(one, state=state)
