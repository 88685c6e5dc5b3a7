"""The catalogue's memory of upkeep is a fold over the journal."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from archives.journal.chain import Entry, Head
from archives.journal.facts import (
    AuditCompleted,
    CopyRepaired,
    DamageFound,
    Fact,
    FixityChecked,
    PackageDisposed,
    PackageStored,
    RestoreDrilled,
    StoreReading,
)
from archives.record.record import PackageKind
from preservation.catalogue.anchors import CopyRecord
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.descriptions import PackageContent
from preservation.catalogue.journal_fold import JournalFold
from preservation.catalogue.upkeep import VerificationMove

AT = datetime(2026, 3, 1, 10, tzinfo=UTC)
STORED = PackageStored("p1", 1, "0" * 128, 100, PackageKind.SUBMISSION, "990001", "batch", "b", ("first", "second"))


class Journal:
    """Feeds facts to a catalogue, one group each."""

    def __init__(self, path: Path) -> None:
        self.catalogue = Catalogue(JournalFold(path))
        self.sequence = 0

    def __call__(self, fact: Fact, *, days: float = 0) -> None:
        self.sequence += 1
        entry = Entry(self.sequence, "", AT + timedelta(days=days), "tester", fact)
        head = Head(self.sequence, f"{self.sequence:064}")
        self.catalogue.fold.follow(lambda at: [(head, (entry,))] if at.sequence < head.sequence else [])
        self.catalogue.descriptions.describe(lambda _: PackageContent(None, ()), lost=lambda _: None)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "catalogue.db")


def test_copies_come_with_the_size_of_all_their_versions(journal: Journal) -> None:
    journal(STORED)
    journal(replace(STORED, version=2, size_bytes=30), days=1)
    journal(FixityChecked("second", ("p1",)), days=2)
    assert sorted(journal.catalogue.copy_records(), key=lambda c: c.store) == [
        CopyRecord("first", "p1", 130, AT + timedelta(days=1)),
        CopyRecord("second", "p1", 130, AT + timedelta(days=2)),
    ]


def test_speed_is_measured_over_the_audits_and_without_one_unknown(journal: Journal) -> None:
    assert journal.catalogue.upkeep.reading_speeds() == {}
    journal(AuditCompleted("all", 0, (StoreReading("first", 1, 5, 1000, 2.0), StoreReading("second", 1, 5, 0, 0.0))))
    journal(AuditCompleted("due 90", 3, (StoreReading("first", 1, 5, 3000, 2.0),)), days=1)
    assert journal.catalogue.upkeep.reading_speeds() == {"first": 1000.0}
    last = journal.catalogue.upkeep.last_audit()
    assert last is not None
    assert (last.at, last.audit.selection, last.audit.problems) == (AT + timedelta(days=1), "due 90", 3)


@pytest.mark.parametrize(
    "ending",
    [
        CopyRepaired("first", "p1", "a", "copy", "second"),
        FixityChecked("first", ("p1",)),
        PackageDisposed("p1", "plan", "990001", "batch"),
    ],
)
def test_damage_is_open_until_it_is_mended_found_whole_or_gone(journal: Journal, ending: Fact) -> None:
    journal(STORED)
    journal(DamageFound("first", "p1", "a", "DAMAGED"))
    journal(FixityChecked("second", ("p1",)))
    assert [one.file for one in journal.catalogue.upkeep.open_damage()] == ["a"]
    journal(ending)
    assert journal.catalogue.upkeep.open_damage() == ()


def test_damage_outside_packages_ends_with_a_whole_audit_that_finds_nothing(journal: Journal) -> None:
    reading = (StoreReading("first", 1, 1, 1, 1.0),)
    journal(DamageFound("first", None, "stray", "UNTRACKED"))
    journal(DamageFound("second", None, "stray", "UNTRACKED"))
    journal(AuditCompleted("due 90", 0, reading))
    journal(AuditCompleted("all", 1, reading))
    assert len(journal.catalogue.upkeep.open_damage()) == 2
    journal(AuditCompleted("all", 0, reading))
    assert [one.store for one in journal.catalogue.upkeep.open_damage()] == ["second"]


def test_verifications_are_counted_by_day_and_the_day_before(journal: Journal) -> None:
    journal(STORED)
    journal(replace(STORED, package_id="p2", stores=("first",)))
    journal(FixityChecked("first", ("p1", "p2")), days=5)
    journal(FixityChecked("first", ("p1", "unknown")), days=5.1)
    day, later = date(2026, 3, 1), date(2026, 3, 6)
    assert sorted(journal.catalogue.upkeep.verification_moves(), key=str) == sorted(
        [
            VerificationMove(day, None, 2),
            VerificationMove(day, None, 1),
            VerificationMove(later, day, 2),
            VerificationMove(later, later, 1),
        ],
        key=str,
    )


def test_the_last_drill_is_remembered(journal: Journal) -> None:
    assert journal.catalogue.upkeep.last_drill() is None
    journal(RestoreDrilled((("p1", 1),), (("p2", 3),)), days=1)
    last = journal.catalogue.upkeep.last_drill()
    assert last is not None
    assert (last.at, last.drill.failed) == (AT + timedelta(days=1), (("p2", 3),))
