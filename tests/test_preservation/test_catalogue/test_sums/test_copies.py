"""Owed, overdue and damaged copies are counted as they would be listed, and growth by the day on which copies came."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from archives.journal.facts import (
    CopiesReplicated,
    DamageFound,
    DisposalIntended,
    Fact,
    FixityChecked,
    PackageStored,
    StoreAdded,
)
from archives.record.record import PackageKind
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.journal_fold import JournalFold
from preservation.catalogue.sums.copies import CopySum, Growth, copies_of, damaged_elsewhere, growth_of
from preservation.stores.promise import Promise
from preservation.vault.replication import plan_replication
from tests.support.folds import fold_of

AT = datetime(2026, 3, 1, 10, tzinfo=UTC)
NAMES = ("first", "second", "third")
BOTH = ("first", "second")


def stored(number: int, version: int = 1, stores: tuple[str, ...] = BOTH) -> PackageStored:
    name = f"00000000-0000-4000-8000-{number:012}"
    code = f"Z1-WS·2001-D10-BGS-{number:04}"
    return PackageStored(name, version, "0" * 128, 100, PackageKind.RECORD, "990001", code, "b", stores)


JOURNAL: tuple[tuple[float, Fact], ...] = (
    *((0, StoreAdded(name, name, "{}", "0")) for name in NAMES),
    (0, stored(1)),
    (1, stored(2, stores=("first",))),
    (2, stored(3)),
    (3, stored(3, version=2, stores=("first",))),
    (4, stored(4)),
    (5, DisposalIntended(stored(4).package_id, "plan")),
    (6, CopiesReplicated("third", ((stored(1).package_id, 1),))),
)


def promised(fold: JournalFold, names: Sequence[str], promise: Promise, since: datetime = AT) -> tuple[CopySum, ...]:
    """Count as the state of an archive is counted."""
    due = {*[name for name in names if name not in promise.offline][: promise.copies], *promise.offline}
    return copies_of(fold.engine, names, due=due, sealed=promise.sealed, read_since=since)


def moments(journal: tuple[tuple[float, Fact], ...]) -> list[tuple[datetime, Fact]]:
    return [(AT + timedelta(days=days), fact) for days, fact in journal]


@pytest.mark.parametrize("copies", [1, 2, 3])
@pytest.mark.parametrize("offline", [(), ("third",)])
def test_as_many_copies_are_owed_as_replication_would_write(copies: int, offline: tuple[str, ...]) -> None:
    promise = Promise(min(copies, 3 - len(offline)), 1, frozenset(offline))
    fold = fold_of(moments(JOURNAL))
    plan = plan_replication(Anchors(fold.engine, fold.guard), promise, NAMES)
    counted = {one.store: one.owed for one in promised(fold, NAMES, promise)}
    assert counted == {name: sum(owed.store == name for owed in plan) for name in NAMES}
    assert plan or copies == 1


def test_copies_that_were_not_read_for_long_are_overdue_but_those_of_sealed_sets() -> None:
    journal = (*JOURNAL[:6], (9, FixityChecked("first", (stored(1).package_id,))))
    fold = fold_of(moments(journal))
    since = AT + timedelta(days=0.5)
    online = promised(fold, BOTH, Promise(2, 1), since)
    assert online[0] == CopySum("first", 3, 300, 0, 0, AT + timedelta(days=1), 0)
    assert (online[1].overdue, online[1].oldest) == (1, AT)
    sealed = promised(fold, BOTH, Promise(1, 1, frozenset({"second"}), frozenset({"second"})), since)
    assert sealed[1].overdue == 0


def test_a_damaged_file_counts_once_whatever_was_found_of_it() -> None:
    found = [DamageFound("first", stored(1).package_id, "a", verdict) for verdict in ("DAMAGED", "MISSING")]
    found.append(DamageFound("gone", stored(1).package_id, "a", "DAMAGED"))
    fold = fold_of(moments((*JOURNAL, *((10, one) for one in found))))
    assert [one.damaged for one in promised(fold, NAMES, Promise(2, 1))] == [1, 0, 0]
    assert damaged_elsewhere(fold.engine, NAMES) == 1


def test_growth_is_what_came_by_its_day_and_a_check_adds_nothing() -> None:
    checked = FixityChecked("first", (stored(1).package_id,))
    fold = fold_of(moments((*JOURNAL, (8, checked))))
    first = date(2026, 3, 1)
    assert growth_of(fold.engine, (*NAMES, "none"), since=first) == (
        Growth("first", 500, first),
        Growth("second", 300, first),
        Growth("third", 100, date(2026, 3, 7)),
        Growth("none", 0, None),
    )
    assert growth_of(fold.engine, ("first",), since=date(2026, 3, 4)) == (Growth("first", 200, first),)


def test_a_second_anchor_of_the_same_version_adds_nothing() -> None:
    again = replace(stored(1), stores=("first", "second", "third"))
    fold = fold_of(moments((*JOURNAL[:4], (1, again))))
    grown = {one.store: one.size_bytes for one in growth_of(fold.engine, NAMES, since=date(2026, 1, 1))}
    assert grown == {"first": 100, "second": 100, "third": 100}
