"""What a batch brings is compared with what is stored before anything is worked on."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from archives.advice import advice_on
from archives.errors import FormatError, ToolFailedError
from archives.journal.facts import PackageDisposed
from archives.message import message
from archives.pipeline import Done, Failed
from archives.record.record import PackageKind
from ingest.batch.plan import BatchPlan
from ingest.comparison import Candidate, decide, renamed
from ingest.examine import examine_record
from ingest.outcome import Outcome, RecordOutcome
from ingest.workflow import foresee_batch, ingest
from ingest.workplace import Workplace
from tests.support.intake import CODE, batch, codes, examined, planned, record, retitled, workplace


def one(folder: Path, data: bytes = b"text") -> BatchPlan:
    """Return a batch of one document."""
    return batch(folder / "in", record(planned(folder / "in" / "a.txt", data=data)))


def take_in(plan: BatchPlan, place: Workplace) -> list[RecordOutcome]:
    """Take a batch in to the end."""
    return list(ingest(plan, place, progress=lambda code: None))


def foreseen(plan: BatchPlan, place: Workplace) -> RecordOutcome:
    """Foresee what would become of the only record of a batch."""
    (outcome,) = foresee_batch(plan, place, progress=lambda code: None)
    return outcome


def decided(plan: BatchPlan, place: Workplace) -> Candidate | RecordOutcome:
    """Decide about the only record of a batch."""
    (planned_record,) = plan.records
    return decide(Done(planned_record, examine_record(planned_record)), plan, place)


def test_a_record_that_nobody_knows_is_to_be_stored(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        plan = one(tmp_path)
        assert decided(plan, place) == Candidate(examine_record(plan.records[0]))
        assert foreseen(plan, place).outcome is Outcome.STORED


def test_a_record_that_is_in_already_is_left_alone(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        plan = one(tmp_path)
        (stored,) = take_in(plan, place)
        again = decided(plan, place)
        assert isinstance(again, RecordOutcome)
        assert (again.outcome, again.package_id, again.findings) == (Outcome.ALREADY_IN, stored.package_id, ())


@pytest.mark.parametrize(("update", "expected"), [(False, Outcome.DIFFERS), (True, Outcome.UPDATED)])
def test_what_is_foreseen_of_another_title_depends_on_whether_versions_are_wanted(
    tmp_path: Path, update: bool, expected: Outcome
) -> None:
    with workplace(tmp_path, update=update) as place:
        plan = one(tmp_path)
        take_in(plan, place)
        outcome = foreseen(retitled(plan, "另题"), place)
        assert (outcome.outcome, codes(outcome.findings)) == (expected, ["description-differs"])


def test_what_is_wrong_with_its_files_is_foreseen_and_nothing_is_written(tmp_path: Path) -> None:
    broken = planned(tmp_path / "in" / "a.pdf", data=b"%PDF-1.4 broken")
    plan = batch(tmp_path / "in", record(broken, planned(tmp_path / "in" / "b.txt", data=b"")))
    with workplace(tmp_path) as place:
        head = place.archive.vault.ledger.head()
        would = foreseen(plan, place)
        assert place.archive.vault.ledger.head() == head
        (done,) = take_in(plan, place)
    assert would.outcome is Outcome.STORED_WITH_FINDINGS is done.outcome
    assert {"file-unreadable", "file-empty"} <= set(codes(would.findings)) <= set(codes(done.findings))


def test_a_difference_without_an_update_is_told_with_its_element(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        plan = one(tmp_path)
        take_in(plan, place)
        differing = decided(retitled(plan, "另题"), place)
        assert isinstance(differing, RecordOutcome)
        assert differing.outcome is Outcome.DIFFERS
        (found,) = differing.findings
        assert "title" in found.message.text("en")
        assert "题名" in found.message.text("zh")
        assert (found.file, found.row) == ("catalogue.csv", 2)


def test_with_an_update_what_differs_is_the_next_version_and_says_why(tmp_path: Path) -> None:
    with workplace(tmp_path, update=True) as place:
        plan = one(tmp_path)
        take_in(plan, place)
        candidate = decided(retitled(plan, "另题"), place)
        assert isinstance(candidate, Candidate)
        assert candidate.held is not None
        assert candidate.held.version == 1
        assert "另题 in the batch, 题名 stored" in candidate.changes


@pytest.mark.parametrize("after", ["附件/b.txt", "c.txt", "附件/深/b.txt"])
def test_a_file_that_was_moved_inside_its_record_is_told_and_updated(tmp_path: Path, after: str) -> None:
    def plan(folder: Path, place: str) -> BatchPlan:
        first = replace(planned(folder / "a.txt", data=b"one"), place=PurePosixPath("a.txt"))
        second = replace(planned(folder / place, data=b"two"), place=PurePosixPath(place))
        return batch(folder, record(first, second))

    with workplace(tmp_path, update=True) as place:
        take_in(plan(tmp_path / "in", "b.txt"), place)
        moved = plan(tmp_path / "again", after)
        would = foreseen(moved, place)
        assert codes(would.findings) == ["file-moved"]
        assert f"{after} in the batch, b.txt stored" in would.findings[0].message.text("en")
        (outcome,) = take_in(moved, place)
        assert outcome.outcome is Outcome.UPDATED
        held = place.archive.refresh().find(CODE)
        assert {str(PurePosixPath(*file.path.parts[4:])) for file in held.originals} == {"a.txt", after}
        assert foreseen(moved, place).outcome is Outcome.ALREADY_IN


def test_other_bytes_and_fewer_files_are_told_file_by_file(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        files = [planned(tmp_path / "in" / name, data=name.encode()) for name in ("a.txt", "b.txt", "c.txt")]
        take_in(batch(tmp_path / "in", record(*files)), place)
        files[0].path.write_bytes(b"other")
        differing = decided(batch(tmp_path / "in", record(*files[:2])), place)
        assert isinstance(differing, RecordOutcome)
        assert [(f.code, f.file) for f in differing.findings] == [
            ("file-differs", "a.txt"),
            ("file-absent", "catalogue.csv"),
        ]
        assert differing.findings[1].message.text("en").endswith("not in the batch: c.txt")


def test_a_file_that_is_new_and_one_that_is_gone_are_told_as_such(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        files = [planned(tmp_path / "in" / name, data=name.encode()) for name in ("a.txt", "b.txt", "c.txt")]
        take_in(batch(tmp_path / "in", record(*files[:2])), place)
        differing = decided(batch(tmp_path / "in", record(files[0], files[2])), place)
        assert isinstance(differing, RecordOutcome)
        new, absent = differing.findings
        assert [(new.code, new.file), (absent.code, absent.file)] == [
            ("file-new", "c.txt"),
            ("file-absent", "catalogue.csv"),
        ]
        assert "b.txt" in absent.message.text("zh")
        advised = str(advice_on(absent))
        assert advised.index("back into the batch") < advised.index("--update")


def test_who_asked_for_updates_is_not_advised_to_ask_for_them(tmp_path: Path) -> None:
    with workplace(tmp_path, update=True) as place:
        files = [planned(tmp_path / "in" / name, data=name.encode()) for name in ("a.txt", "b.txt", "c.txt")]
        take_in(batch(tmp_path / "in", record(*files[:2])), place)
        files[0].path.write_bytes(b"other")
        would = foreseen(retitled(batch(tmp_path / "in", record(files[0], files[2])), "另题"), place)
        assert {*codes(would.findings)} >= {"file-differs", "file-new", "file-absent", "description-differs"}
        assert [found.code for found in would.findings if "--update" in str(advice_on(found))] == []


def test_the_same_file_twice_is_not_the_same_as_once(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        first, second = (planned(tmp_path / "in" / name, data=b"same") for name in ("a.txt", "b.txt"))
        take_in(batch(tmp_path / "in", record(first)), place)
        differing = decided(batch(tmp_path / "in", record(first, second)), place)
        assert isinstance(differing, RecordOutcome)
        assert [(f.code, f.file) for f in differing.findings] == [("file-new", "b.txt")]


def test_a_code_written_in_another_way_is_the_same_record(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        plan = one(tmp_path)
        take_in(plan, place)
        spelled = batch(tmp_path / "in", record(*plan.records[0].files, code=CODE.replace("·", "．").lower()))
        known = decided(spelled, place)
        assert isinstance(known, RecordOutcome)
        assert known.outcome is Outcome.ALREADY_IN


def test_a_record_that_was_disposed_of_does_not_come_back(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        plan = one(tmp_path)
        (stored,) = take_in(plan, place)
        assert stored.package_id
        place.archive.vault.ledger.append([PackageDisposed(stored.package_id, "plan-7", "990001", CODE)])
        refused = decided(plan, place)
        assert isinstance(refused, RecordOutcome)
        assert (refused.outcome, codes(refused.findings)) == (Outcome.REJECTED, ["disposed"])
        assert "plan-7" in refused.findings[0].message.text("en")


def test_a_record_that_defeats_its_child_is_examined_file_by_file(tmp_path: Path) -> None:
    plan = one(tmp_path)
    with workplace(tmp_path) as place:
        candidate = decide(Failed(plan.records[0], ToolFailedError(message("坏", "died"))), plan, place)
    assert isinstance(candidate, Candidate)
    assert [file.planned.relative for file in candidate.record.files] == ["a.txt"]


def test_a_record_with_a_file_that_cannot_be_read_is_rejected_and_says_so(tmp_path: Path) -> None:
    plan = one(tmp_path)
    plan.records[0].files[0].path.unlink()
    with workplace(tmp_path) as place:
        outcome = decide(Failed(plan.records[0], FormatError(message("坏", "gone"))), plan, place)
    assert isinstance(outcome, RecordOutcome)
    assert (outcome.outcome, codes(outcome.findings)) == (Outcome.REJECTED, ["file-unreadable"])


def test_what_a_batch_came_with_is_kept_once(tmp_path: Path) -> None:
    plan = one(tmp_path)
    with workplace(tmp_path) as place:
        take_in(plan, place)
        take_in(plan, place)
        kinds = [anchor.kind for anchor in place.archive.refresh().anchors().values()]
    assert kinds.count(PackageKind.SUBMISSION) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.txt", []),
        (".a.txt", []),
        ("a?.txt", ["name-made-safe"]),
        ("CON.txt", ["name-made-safe"]),
        ("e\u0301.txt", ["name-composed"]),
    ],
)
def test_a_name_that_is_not_safe_to_keep_is_told_with_the_one_it_gets(
    tmp_path: Path, name: str, told: list[str]
) -> None:
    file = planned(tmp_path / "x.txt", data=b"text")
    seen = examined(replace(file, relative=f"folder/{name}"))
    found = list(renamed(seen.files))
    assert codes(found) == told
    assert all(f.file == f"folder/{name}" for f in found)


def test_names_that_are_alike_are_told_as_such_and_not_as_unsafe(tmp_path: Path) -> None:
    file = planned(tmp_path / "x.txt", data=b"text")
    places = ("a/1.txt", "b/1.txt", "b/1.TXT", "B/1.txt", "c?/1.txt", "c?/2.txt")
    seen = examined(*(replace(file, relative=f"in/{place}", place=PurePosixPath(place)) for place in places))
    assert [(found.code, found.file) for found in renamed(seen.files)] == [
        ("name-alike", "in/b/1.TXT"),
        ("name-alike", "in/B"),
        ("name-made-safe", "in/c?"),
    ]


def test_what_systems_leave_behind_makes_no_difference(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        file = planned(tmp_path / "in" / "a.txt", data=b"text")
        litter = replace(planned(tmp_path / "in" / "Thumbs.db", data=b"x"), is_beside=True)
        take_in(batch(tmp_path / "in", record(file)), place)
        again = decided(batch(tmp_path / "in", record(file, litter)), place)
        assert isinstance(again, RecordOutcome)
        assert again.outcome is Outcome.ALREADY_IN
