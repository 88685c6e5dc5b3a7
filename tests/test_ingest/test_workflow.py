"""The whole way in, on real stores: every row has an outcome, whatever goes wrong on its way."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

from archives.errors import StorageError, ToolFailedError
from archives.findings import error
from archives.journal.facts import BatchReceived, PackageDisposed, PackageIntended, PackageStored
from archives.message import message
from archives.record.identifiers import RecordKey, parse_archival_code
from archives.record.record import PackageKind
from formats.text import ExtractedText
from ingest.batch.plan import BatchPlan, RejectedRow
from ingest.comparison import Candidate
from ingest.examine import ExaminedFile, examine_record
from ingest.outcome import Outcome, RecordOutcome, outcome_of
from ingest.reading import reading
from ingest.reading.work import OwnText
from ingest.storing import Storing
from ingest.workflow import ingest, read_and_store
from ingest.workplace import Workplace
from tests.support.files import docx_bytes, pdf_bytes
from tests.support.intake import CODE, batch, codes, planned, record, retitled, small_archive, workplace

SECOND = CODE[:-1] + "2"


def two(folder: Path) -> BatchPlan:
    """Return a batch of two records."""
    return batch(
        folder / "in",
        record(planned(folder / "in" / "a.docx", data=docx_bytes())),
        record(planned(folder / "in" / "b.pdf", data=pdf_bytes(pages=2)), code=SECOND, row=3),
    )


def take_in(plan: BatchPlan, place: Workplace, told: Callable[[str], None] = lambda code: None) -> list[RecordOutcome]:
    """Take a batch in to the end."""
    return list(ingest(plan, place, progress=told))


@contextmanager
def slow_workplace(folder: Path) -> Iterator[Workplace]:
    """Give a place to work in where every piece of work takes so long that no record waits for another."""
    archive = small_archive(folder / "archive")
    moments = count(0, 10)
    archive.world = replace(archive.world, seconds=lambda: float(next(moments)))
    with workplace(folder, archive=archive) as place:
        yield place


def stored(place: Workplace) -> list[PackageStored]:
    """Return every package that the journal acknowledges."""
    return [e.fact for e in place.archive.vault.ledger.entries() if isinstance(e.fact, PackageStored)]


@dataclass(frozen=True)
class BreakingTask:
    """A piece of work that fails as a child does that died."""

    file: ExaminedFile
    source: int = 0
    is_light: bool = False

    def do(self) -> object:
        """Fail."""
        raise ToolFailedError(message("坏", "died at work"))


@dataclass(frozen=True)
class LongText:
    """A small file whose own text is as long as what may be stored together."""

    file: ExaminedFile
    source: int = 0
    is_light: bool = True

    def do(self) -> ExtractedText:
        """Return the text."""
        return ExtractedText(("x" * (64 << 20),))

    def kept(self, answer: ExtractedText) -> OwnText:
        """Return the text as it came."""
        return OwnText(answer)


def received_in(place: Workplace) -> list[BatchReceived]:
    """Return how often, and with which words, the journal says that a batch was received."""
    facts = (entry.fact for entry in place.archive.vault.ledger.entries())
    return [fact for fact in facts if isinstance(fact, BatchReceived)]


def test_every_record_is_stored_and_then_what_the_batch_came_with(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        outcomes = take_in(two(tmp_path), place)
        assert [(o.archival_code, o.outcome, o.version) for o in outcomes] == [
            (CODE, Outcome.STORED, 1),
            (SECOND, Outcome.STORED, 1),
        ]
        assert [fact.kind for fact in stored(place)] == [PackageKind.RECORD, PackageKind.RECORD, PackageKind.SUBMISSION]


def test_a_batch_is_announced_before_its_first_record(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        take_in(two(tmp_path), place)
        facts = [entry.fact for entry in place.archive.vault.ledger.entries()]
        (received,) = received_in(place)
    assert (received.records, received.files) == (2, 2)
    assert facts.index(received) < min(facts.index(fact) for fact in facts if isinstance(fact, PackageStored))


def test_an_outcome_is_told_only_when_its_package_is_acknowledged(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        for number, outcome in enumerate(ingest(two(tmp_path), place, progress=lambda code: None), 1):
            assert [fact.package_id for fact in stored(place)][number - 1] == outcome.package_id


def test_the_same_batch_again_stores_nothing(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        first = take_in(two(tmp_path), place)
        count = len(stored(place))
        again = take_in(two(tmp_path), place)
        assert [o.outcome for o in again] == [Outcome.ALREADY_IN] * 2
        assert [o.package_id for o in again] == [o.package_id for o in first]
        assert len(stored(place)) == count


def test_a_batch_that_was_stopped_goes_on_where_it_stood(tmp_path: Path) -> None:
    with slow_workplace(tmp_path) as place:
        way = ingest(two(tmp_path), place, progress=lambda code: None)
        assert isinstance(way, Generator)
        assert next(way).outcome is Outcome.STORED
        way.close()
        assert [o.outcome for o in take_in(two(tmp_path), place)] == [Outcome.ALREADY_IN, Outcome.STORED]
        assert len(received_in(place)) == 1, "it was received once"


def test_what_is_judged_anew_of_a_batch_that_is_in_is_remembered(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        plan = two(tmp_path)
        judged = replace(plan, not_secret=(("sheet.csv A2", "机密", "a title of a film"),))
        for one in (plan, judged, judged, plan):
            take_in(one, place)
        assert [fact.no_markings for fact in received_in(place)] == [(), judged.not_secret]


def test_records_that_are_ready_together_wait_for_journal_and_disks_together(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        take_in(two(tmp_path), place)
        groups = [[entry.fact for entry in entries] for _, entries in place.archive.vault.ledger.groups()]
    kinds = [[type(fact) for fact in group if isinstance(fact, PackageIntended | PackageStored)] for group in groups]
    assert [group for group in kinds if group] == [
        [PackageIntended] * 2,
        [PackageStored] * 2,
        [PackageIntended],
        [PackageStored],
    ]


def test_records_whose_texts_are_long_are_not_gathered_in_memory(tmp_path: Path) -> None:
    with workplace(tmp_path) as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "tasks_of", lambda candidate, *_: tuple(map(LongText, candidate.record.files)))
        take_in(two(tmp_path), place)
        groups = [[type(entry.fact) for entry in entries] for _, entries in place.archive.vault.ledger.groups()]
    assert [group.count(PackageStored) for group in groups if PackageStored in group] == [1, 1, 1]


def test_no_record_waits_long_for_others(tmp_path: Path) -> None:
    with slow_workplace(tmp_path) as place:
        way = ingest(two(tmp_path), place, progress=lambda code: None)
        assert (next(way).package_id,) == tuple(fact.package_id for fact in stored(place))


def test_what_stands_in_the_way_of_one_record_keeps_no_other_out(tmp_path: Path) -> None:
    plan = two(tmp_path)

    def change(code: str) -> None:
        if code == SECOND:
            (tmp_path / "in" / "a.docx").write_bytes(docx_bytes()[:-1] + b"x")

    with workplace(tmp_path) as place:
        outcomes = take_in(plan, place, change)
        assert [(o.outcome, codes(o.findings)) for o in outcomes] == [
            (Outcome.REJECTED, ["source-changed"]),
            (Outcome.STORED, []),
        ]
        assert [o.package_id for o in outcomes if o.package_id] == [fact.package_id for fact in stored(place)[:-1]]


def test_a_record_disposed_of_meanwhile_is_not_taken_in_again(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        plan = two(tmp_path)
        candidates = [Candidate(examine_record(one)) for one in plan.records]
        (first, *_) = take_in(batch(tmp_path / "in", plan.records[0]), place)
        assert first.package_id is not None
        gone = PackageDisposed(first.package_id, "plan", "990001", CODE)
        place.archive.vault.ledger.append([gone])
        outcomes = list(read_and_store(iter(candidates), plan, place, Storing(plan, place), progress=lambda code: None))
    assert [(o.outcome, codes(o.findings)) for o in outcomes] == [
        (Outcome.REJECTED, ["disposed"]),
        (Outcome.STORED, []),
    ]


def test_what_is_being_stored_when_the_rest_of_a_batch_fails_is_ended_by_who_comes_next(tmp_path: Path) -> None:
    def examined(plan: BatchPlan) -> Iterator[Candidate | RecordOutcome]:
        yield from [Candidate(examine_record(one)) for one in plan.records]
        yield from [outcome_of(plan.records[1], plan, Outcome.REJECTED, None, ())] * 3  # as many as are under way
        raise StorageError(message("磁盘没了", "the disk is gone"))

    archive = small_archive(tmp_path / "archive")
    with workplace(tmp_path, archive=archive) as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.workflow._MOST_RECORDS", 1)
        plan = two(tmp_path)
        with pytest.raises(StorageError):
            list(read_and_store(examined(plan), plan, place, Storing(plan, place), progress=lambda code: None))
        assert not stored(place)
        assert place.archive.refresh().open_work.is_there()
    archive.begin_writing()
    with workplace(tmp_path / "again", archive=archive) as place:
        outcomes = take_in(two(tmp_path), place)
    assert [o.outcome for o in outcomes] == [Outcome.ALREADY_IN, Outcome.STORED]


def test_work_is_told_piece_by_piece_and_settled_rows_are_not(tmp_path: Path) -> None:
    told: list[str] = []
    with workplace(tmp_path) as place:
        take_in(two(tmp_path), place, told.append)
        assert told == [CODE, SECOND]
        take_in(two(tmp_path), place, told.append)
    assert told == [CODE, SECOND]


def test_a_row_that_cannot_go_in_is_an_outcome_and_its_findings_are_kept(tmp_path: Path) -> None:
    found = error("title-missing", message("缺少题名", "the title is missing"), row=4)
    plan = replace(two(tmp_path), rejected=(RejectedRow(4, "Z109-1-4", (found,)),))
    with workplace(tmp_path) as place:
        last = take_in(plan, place)[-1]
        assert (last.archival_code, last.outcome, last.package_id) == ("Z109-1-4", Outcome.REJECTED, None)
        (submission,) = [fact for fact in stored(place) if fact.kind is PackageKind.SUBMISSION]
        inventory = place.archive.vault.inventory(submission)
        premis = next(path for path in inventory.logical_files(1) if path.name == "premis.xml")
        assert b"title-missing" in place.archive.vault.read(inventory, premis)


def test_what_is_wrong_with_files_goes_in_with_the_record(tmp_path: Path) -> None:
    plan = batch(tmp_path / "in", record(planned(tmp_path / "in" / "a.docx", data=b"\x01no document")))
    with workplace(tmp_path) as place:
        (outcome,) = take_in(plan, place)
    assert outcome.outcome is Outcome.STORED_WITH_FINDINGS
    assert codes(outcome.findings) == ["format-unknown"]


def test_a_piece_of_work_that_dies_is_a_finding_at_its_file(tmp_path: Path) -> None:
    with workplace(tmp_path) as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "tasks_of", lambda candidate, *_: tuple(map(BreakingTask, candidate.record.files)))
        outcomes = take_in(two(tmp_path), place)
    assert [[(f.code, f.file) for f in o.findings] for o in outcomes] == [
        [("page-not-read", "a.docx")],
        [("page-not-read", "b.pdf")],
    ]
    assert all(o.outcome is Outcome.STORED_WITH_FINDINGS for o in outcomes)


def test_a_record_that_cannot_be_read_again_keeps_the_text_that_it_has(tmp_path: Path) -> None:
    with workplace(tmp_path) as place, pytest.MonkeyPatch.context() as patch:
        take_in(two(tmp_path), place)
        plan = two(tmp_path)
        held = place.archive.refresh().find_key(RecordKey("990001", parse_archival_code(CODE).key))
        again = Candidate(examine_record(plan.records[0]), held, "again", anew=True)
        patch.setattr(reading, "tasks_of", lambda candidate, *_: tuple(map(BreakingTask, candidate.record.files)))
        (outcome,) = read_and_store(iter([again]), plan, place, Storing(plan, place), progress=lambda code: None)
        assert (outcome.outcome, outcome.version) == (Outcome.REJECTED, None)
        assert codes(outcome.findings) == ["page-not-read", "not-read-again"]
        assert [fact.version for fact in stored(place)] == [1, 1, 1]


def test_another_title_becomes_the_next_version_and_files_are_not_written_again(tmp_path: Path) -> None:
    archive = small_archive(tmp_path / "archive")
    with workplace(tmp_path, archive=archive) as place:
        take_in(two(tmp_path), place)
    with workplace(tmp_path / "again", archive=archive, update=True) as place:
        outcomes = take_in(retitled(two(tmp_path), "另题"), place)
        assert [(o.outcome, o.version) for o in outcomes] == [(Outcome.UPDATED, 2)] * 2
        held = place.archive.refresh().find_key(_key(outcomes[0]))
        assert held is not None
        inventory = place.archive.vault.inventory(place.archive.catalogue.anchor(held.package_id))
        (original,) = (path for path in inventory.logical_files(2) if path.name == "a.docx")
        assert inventory.logical_files(2)[original] == inventory.logical_files(1)[original]


def test_files_that_change_while_they_are_taken_in_reject_their_record_alone(tmp_path: Path) -> None:
    plan = two(tmp_path)

    def change(code: str) -> None:
        if code == CODE:
            plan.records[0].files[0].path.write_bytes(b"changed meanwhile")

    with workplace(tmp_path) as place:
        outcomes = take_in(plan, place, change)
    assert [(o.outcome, codes(o.findings)) for o in outcomes] == [
        (Outcome.REJECTED, ["source-changed"]),
        (Outcome.STORED, []),
    ]


def test_a_record_that_somebody_else_stored_meanwhile_is_in_already(tmp_path: Path) -> None:
    archive = small_archive(tmp_path / "archive")
    plan = batch(tmp_path / "in", record(planned(tmp_path / "in" / "a.txt", data=b"text")))

    def overtake(code: str) -> None:
        if not archive.catalogue.anchors():
            with workplace(tmp_path / "other", archive=archive) as other:
                take_in(replace(plan, batch_id="1" * 24), other)

    with workplace(tmp_path, archive=archive) as place:
        (outcome,) = take_in(plan, place, overtake)
    assert (outcome.outcome, outcome.version) == (Outcome.ALREADY_IN, 1)


def test_drafts_are_gone_when_the_batch_is_in(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        place.folder.mkdir()
        (place.folder / "left.txt").write_text("x")
        take_in(two(tmp_path), place)
        assert not place.folder.exists()


def _key(outcome: RecordOutcome) -> RecordKey:
    return RecordKey(outcome.repository, parse_archival_code(outcome.archival_code).key)
