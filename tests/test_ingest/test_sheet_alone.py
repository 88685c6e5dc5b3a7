"""A sheet alone corrects what is kept: only what it says changes, files stay as they are, differences are told in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from archives.advice import advice_on
from archives.record.holding import Holding
from ingest.batch.plan import BatchPlan
from ingest.outcome import Outcome, RecordOutcome
from ingest.readers.registry import read_batch
from ingest.workflow import foresee_batch, ingest
from ingest.workplace import Workplace
from preservation.archive import Archive
from tests.support.files import put
from tests.support.intake import CODE, KNOWN, codes, small_archive, workplace

FIRST = f"档号,题名,责任者,日期,柜架号,密级,文件\n{CODE},一,某局,2011-05-01,7,国内,a.txt\n"


def plan_of(folder: Path, archive: Archive, sheet: str, *, update: bool = True) -> BatchPlan:
    """Plan a batch against what an archive keeps."""
    put(folder, "catalogue.csv", sheet.encode())
    return read_batch(folder, replace(KNOWN, held=archive.refresh().find_key, update=update))


def take_in(plan: BatchPlan, place: Workplace) -> list[RecordOutcome]:
    """Take a batch in to the end."""
    return list(ingest(plan, place, progress=lambda code: None))


def stored(folder: Path, archive: Archive) -> Holding:
    """Take the first batch in and return its record."""
    put(folder / "first", "a.txt", b"text")
    with workplace(folder / "w", archive=archive) as place:
        (outcome,) = take_in(plan_of(folder / "first", archive, FIRST, update=False), place)
        assert outcome.outcome is Outcome.STORED
        return archive.refresh().find(outcome.archival_code)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an archive without records."""
    return small_archive(tmp_path / "archive")


def test_only_what_the_sheet_says_changes_and_the_files_stay(tmp_path: Path, archive: Archive) -> None:
    with archive:
        before = stored(tmp_path, archive)
        plan = plan_of(tmp_path / "second", archive, f"档号,题名,柜架号\n{CODE},新题名,\n")
        with workplace(tmp_path / "w2", archive=archive, update=True) as place:
            (outcome,) = take_in(plan, place)
        after = archive.refresh().find_key(before.key)
    assert (outcome.outcome, outcome.version) == (Outcome.UPDATED, 2)
    assert after is not None
    assert after.description == replace(before.description, title="新题名")
    assert [file.sha256 for file in after.originals] == [file.sha256 for file in before.originals]
    assert [file.sha256 for file in after.page_texts] == [file.sha256 for file in before.page_texts]


@pytest.mark.parametrize("mark", ["（清空）", "(clear)", "[清空]"])
def test_a_mark_empties_an_element_and_an_empty_cell_does_not(tmp_path: Path, archive: Archive, mark: str) -> None:
    with archive:
        before = stored(tmp_path, archive)
        sheet = f"档号,责任者,日期,柜架号\n{CODE},{mark},,{mark}\n"
        (record,) = plan_of(tmp_path / "second", archive, sheet).records
    assert record.description == replace(before.description, author="", other=())


def test_a_sheet_that_changes_nothing_is_in_already(tmp_path: Path, archive: Archive) -> None:
    with archive:
        stored(tmp_path, archive)
        plan = plan_of(tmp_path / "second", archive, f"档号,责任者\n{CODE},某局\n")
        with workplace(tmp_path / "w2", archive=archive, update=True) as place:
            assert [one.outcome for one in take_in(plan, place)] == [Outcome.ALREADY_IN]


def test_what_could_not_be_read_before_is_gone_when_it_is_said_anew(tmp_path: Path, archive: Archive) -> None:
    with archive:
        put(tmp_path / "first", "a.txt", b"text")
        odd = FIRST.replace("2011-05-01", "2011-02-30")
        with workplace(tmp_path / "w", archive=archive) as place:
            (outcome,) = take_in(plan_of(tmp_path / "first", archive, odd, update=False), place)
        before = archive.refresh().find(outcome.archival_code)
        plan = plan_of(tmp_path / "second", archive, f"档号,日期\n{CODE},2011-02-28\n")
        (record,) = plan.records
        with workplace(tmp_path / "w2", archive=archive) as place:
            (differs,) = take_in(plan, place)
        with workplace(tmp_path / "w3", archive=archive, update=True) as place:
            (updated,) = take_in(plan, place)
            assert updated.outcome is Outcome.UPDATED
            assert place.archive.catalogue.findings.open_about(updated.package_id or "") == ()
    told = [one.message.text("en") for one in differs.findings if one.code == "date-unreadable"]
    assert [text.startswith("version 1, stored, ") and " then: " in text for text in told] == [True]
    assert before.description.other == (("柜架号", "7"), ("日期（照录）", "2011-02-30"))
    assert record.description.other == (("柜架号", "7"),)
    assert record.description.formed is not None
    assert record.description.formed.edtf == "2011-02-28"


def test_without_an_update_a_row_without_files_is_refused_as_before(tmp_path: Path, archive: Archive) -> None:
    with archive:
        stored(tmp_path, archive)
        plan = plan_of(tmp_path / "second", archive, f"档号,题名\n{CODE},二\n", update=False)
    assert [codes(row.findings) for row in plan.rejected] == [["files-missing"]]
    assert "--update" in str(advice_on(plan.rejected[0].findings[0]))


def test_a_record_that_is_not_kept_needs_its_files_and_its_title(tmp_path: Path, archive: Archive) -> None:
    with archive:
        plan = plan_of(tmp_path / "in", archive, f"档号,责任者\n{CODE},某局\n")
    assert [codes(row.findings) for row in plan.rejected] == [["title-missing", "files-missing"]]


def test_differences_are_told_in_words(tmp_path: Path, archive: Archive) -> None:
    with archive:
        stored(tmp_path, archive)
        plan = plan_of(tmp_path / "second", archive, f"档号,日期,柜架号,柜号,责任者\n{CODE},2011-06,8,3,（清空）\n")
        with workplace(tmp_path / "work", archive=archive, update=True) as place:
            (foreseen,) = foresee_batch(plan, place, progress=lambda code: None)
    said = [f"{found.message.text('zh')} {found.message.text('en')}" for found in foreseen.findings]
    assert foreseen.outcome is Outcome.UPDATED
    assert len(said) == 4
    assert not [one for one in said if "RecordDate" in one or "(('" in one or "None" in one]
    assert [one for one in said if "2011-06" in one and "2011-05-01" in one]
    assert [one for one in said if "柜架号" in one and "8" in one and "7" in one]
