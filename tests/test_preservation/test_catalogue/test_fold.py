"""The fold: the same whether entries come one by one or all at once, whichever process goes on, cached or afresh."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sql
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import IntegrityError
from archives.journal.chain import Entry, Head
from archives.journal.concern import Subject, SubjectKind, the_package
from archives.journal.facts import (
    AuditCompleted,
    CopiesReplicated,
    CopyRepaired,
    DamageFound,
    DisposalIntended,
    Fact,
    FixityChecked,
    HoldLifted,
    HoldPlaced,
    PackageAbandoned,
    PackageDisposed,
    PackageIntended,
    PackageStored,
    ReplicationAbandoned,
    ReplicationIntended,
    RepositoryAdded,
    StoreAdded,
    StoreAway,
    StoreMoved,
    StoreReading,
    StoreReplaced,
    StoreRetired,
    StoreReturned,
    StoreSetRight,
)
from archives.record.description import Description, Repository
from archives.record.identifiers import RepositoryCode, parse_archival_code
from archives.record.record import PackageKind
from preservation.audit.forecast import past_coverage
from preservation.catalogue import tables
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.descriptions import PackageContent
from preservation.catalogue.journal_fold import JournalFold, JournalReading
from preservation.catalogue.upkeep import Upkeep
from tests.support.vaults import make_vault

START = datetime(2026, 1, 1, tzinfo=UTC)
STORES = ("first", "second")
HOME = Repository(RepositoryCode("990001"), "馆", "Archives", "馆")


def package(number: int) -> str:
    """Return a package's identifier."""
    return f"00000000-0000-4000-8000-{number:012}"


def stored(number: int, version: int, stores: tuple[str, ...]) -> PackageStored:
    """Return the anchor of a version."""
    code = f"Z1-WS·2001-D10-BGS-{number:04}"
    return PackageStored(package(number), version, "0" * 128, 10, PackageKind.RECORD, "990001", code, "b", stores)


def intended(number: int, version: int, stores: tuple[str, ...]) -> PackageIntended:
    """Return the intent of a version."""
    anchor = stored(number, version, stores)
    return PackageIntended(
        *(getattr(anchor, name) for name in PackageIntended.__dataclass_fields__ if name not in ("type", "together"))
    )


numbers, versions = st.integers(1, 3), st.integers(1, 3)
some_stores = st.lists(st.sampled_from(STORES), min_size=1, unique=True).map(tuple)
one_store = st.sampled_from(STORES)
packages = st.lists(numbers.map(package), min_size=1, unique=True).map(tuple)
copied = st.tuples(numbers.map(package), versions).map(lambda one: (one,))
FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.builds(stored, numbers, versions, some_stores),
    st.builds(intended, numbers, versions, some_stores),
    st.builds(PackageAbandoned, numbers.map(package), versions, st.just("crash")),
    st.builds(FixityChecked, one_store, packages),
    st.builds(DamageFound, one_store, numbers.map(package), st.just("x"), st.sampled_from(["DAMAGED", "MISSING"])),
    st.builds(CopyRepaired, one_store, numbers.map(package), st.just("x"), st.just("copied"), st.none()),
    st.builds(StoreAway, one_store),
    st.builds(StoreReturned, one_store),
    st.builds(StoreReplaced, st.just("id"), one_store, st.just("{}"), st.just("0"), st.just(("first",))),
    st.builds(StoreRetired, one_store, st.just("id")),
    st.builds(StoreMoved, one_store),
    st.builds(StoreSetRight, one_store, st.integers(0, 2), st.just(1)),
    st.builds(ReplicationIntended, one_store, copied),
    st.builds(ReplicationAbandoned, one_store, copied),
    st.builds(CopiesReplicated, one_store, copied),
    st.builds(AuditCompleted, st.just("all"), st.integers(0, 1), st.just((StoreReading("first", 1, 1, 1, 1.0),))),
    st.builds(DisposalIntended, numbers.map(package), st.just("plan")),
    st.builds(PackageDisposed, numbers.map(package), st.just("plan"), st.just("990001"), st.just("Z1-WS·2001-1")),
)


def in_groups(facts: list[Fact]) -> list[tuple[Head, tuple[Entry, ...]]]:
    """Return the facts as groups of one entry each, a day apart."""
    known: list[Fact] = [StoreAdded(name, name, "{}", "0") for name in STORES]
    return [
        (Head(n, f"{n:064}"), (Entry(n, f"{n - 1:064}", START + timedelta(days=n), "tester", fact),))
        for n, fact in enumerate([*known, *facts], 1)
    ]


def in_order(facts: list[Fact]) -> list[Fact]:
    """Leave out versions that do not follow the one before: no vault stores them."""
    newest: dict[str, int] = {}
    kept: list[Fact] = []
    for fact in facts:
        if isinstance(fact, PackageStored):
            if fact.version != newest.get(fact.package_id, 0) + 1:
                continue
            newest[fact.package_id] = fact.version
        elif isinstance(fact, PackageDisposed):
            newest.pop(fact.package_id, None)
        kept.append(fact)
    return kept


def contents(fold: JournalFold) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    with fold.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sql.select(table))), key=repr)
            for table in tables.METADATA.sorted_tables
        }


@given(st.lists(FACTS, max_size=25))
def test_all_at_once_is_the_same_as_one_by_one(facts: list[Fact]) -> None:
    groups = in_groups(facts)
    at_once, one_by_one = JournalFold(), JournalFold()
    at_once.follow(lambda at: groups[at.sequence :])
    for number in range(1, len(groups) + 1):
        one_by_one.follow(lambda at, number=number: groups[at.sequence : number])  # type: ignore[misc]
    assert contents(at_once) == contents(one_by_one)


@given(st.lists(FACTS, max_size=25))
def test_what_is_counted_is_what_is_there(facts: list[Fact]) -> None:
    groups = in_groups(in_order(facts))
    fold = JournalFold()
    fold.follow(lambda at: groups[at.sequence :])
    anchors = Anchors(fold.engine, fold.guard)
    for store in STORES:
        mine = [copy for copy in anchors.copy_records() if copy.store == store]
        totals = anchors.totals(store)
        assert (totals.copies, totals.size_bytes) == (len(mine), sum(copy.size_bytes for copy in mine))
        moments = [copy.verified_at for copy in mine if copy.verified_at]
        assert totals.oldest == (min(moments) if moments and len(moments) == len(mine) else None)
        newest = {package_id: found[-1].version for package_id, found in anchors.versions.items()}
        lacking = [p for p, version in newest.items() if anchors.held.get(p, {}).get(store, 0) < version]
        assert list(anchors.lacking(store)) == lacking


@pytest.mark.parametrize(
    "fact", [StoreReplaced("new", "second", "{}", "1", ("second",)), StoreRetired("second", "second")]
)
def test_nothing_is_expected_any_more_in_a_store_that_left(fact: Fact) -> None:
    other = package(2)
    groups = in_groups(
        [
            stored(1, 1, STORES),
            intended(2, 1, STORES),
            StoreAway("second"),
            stored(2, 1, ("first",)),
            DamageFound("second", package(1), "x", "DAMAGED"),
            ReplicationIntended("second", ((other, 1),)),
            fact,
            FixityChecked("first", (package(1), other)),
        ]
    )
    fold = JournalFold()
    fold.follow(lambda at: groups[at.sequence :])
    anchors, upkeep = Anchors(fold.engine, fold.guard), Upkeep(fold.engine)
    assert {copy.store for copy in anchors.copy_records()} == {"first"}
    assert (anchors.totals("second").copies, upkeep.open_damage(), anchors.away) == (0, (), {})
    assert (anchors.replications, anchors.leftovers_in("second")) == ({}, {})
    assert list(anchors.lacking("second")) == [package(1), other]
    assert ("second" in anchors.stores) is isinstance(fact, StoreReplaced)
    later = START + timedelta(days=14)
    (point,) = past_coverage(upkeep.verification_moves(), now=later, interval_days=5, days=1)
    assert point.share == 1.0, "nobody waits for what left to be read again"


@pytest.mark.parametrize("fact", [StoreMoved("second"), StoreSetRight("second", 1, 2)])
def test_what_lies_in_a_store_that_moved_or_was_set_back_counts_as_unread_until_it_was_read(fact: Fact) -> None:
    checked = FixityChecked("second", (package(1),))
    groups = in_groups([stored(1, 1, STORES), stored(2, 1, ("first",)), fact, stored(1, 2, STORES), checked])
    fold = JournalFold()

    def unread() -> int:
        return sum(copy.verified_at is None for copy in Anchors(fold.engine, fold.guard).copy_records())

    def covered(day: int) -> float:
        moves = Upkeep(fold.engine).verification_moves()
        (point,) = past_coverage(moves, now=START + timedelta(days=day + 1), interval_days=20, days=1)
        return round(point.share, 2)

    fold.follow(lambda at: groups[at.sequence : 6])
    assert (unread(), covered(4), covered(5)) == (1, 1.0, 0.67), "a version that came later read no other"
    assert Anchors(fold.engine, fold.guard).totals("second").oldest is None
    fold.follow(lambda at: groups[at.sequence :])
    assert (unread(), covered(4), covered(6), covered(7)) == (0, 1.0, 0.67, 1.0)


def test_another_process_may_go_on_meanwhile(tmp_path: Path) -> None:
    groups = in_groups([stored(n, 1, STORES) for n in range(1, 4)])
    one, other = JournalFold(tmp_path / "catalogue.db"), JournalFold(tmp_path / "catalogue.db")

    def interrupted(at: Head) -> list[tuple[Head, tuple[Entry, ...]]]:
        other.follow(lambda at: groups[at.sequence :])
        return groups[at.sequence :]

    one.follow(interrupted)
    assert one.head() == groups[-1][0]
    assert Anchors(one.engine, one.guard).totals("first").copies == 3
    one.close()
    other.close()


def test_a_database_of_another_form_is_made_again(tmp_path: Path) -> None:
    groups = in_groups([stored(1, 1, STORES)])
    fold = JournalFold(tmp_path / "catalogue.db")
    fold.follow(lambda at: groups[at.sequence :])
    with fold.engine.begin() as connection:
        connection.execute(tables.position.update().values(schema=tables.SCHEMA - 1))
        connection.exec_driver_sql("CREATE TABLE former (x)")
    fold.close()
    again = JournalFold(tmp_path / "catalogue.db")
    assert again.head() == Head()
    assert not sql.inspect(again.engine).has_table("former")
    again.close()


def test_entries_are_found_by_whom_they_concern_and_read_from_a_whole_copy(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    anchor = stored(1, 1, STORES)
    placed = HoldPlaced("hold-1", "990001", anchor.archival_code, "诉讼")
    vault.ledger.append([anchor, stored(2, 1, STORES)])
    vault.ledger.append([placed])
    vault.ledger.append([HoldLifted("hold-1", "结案"), FixityChecked("first", (package(2), package(1)))])
    reading = JournalReading(vault.ledger)

    def told(*subjects: Subject) -> list[str]:
        return [entry.fact.type for entry in reading.entries_about(*subjects)]

    assert told(the_package(package(1))) == ["package-stored", "fixity-checked"]
    assert told(Subject(SubjectKind.HOLD)) == ["hold-placed", "hold-lifted"]
    assert told(Subject(SubjectKind.RECORD, f"990001:{anchor.archival_code}")) == ["hold-placed"]
    vault.ledger.settle()
    groups = [sorted((tmp_path / name / "journal").glob("*.jsonl"))[-1] for name in STORES]
    whole = groups[0].read_bytes()
    groups[0].write_bytes(whole.replace(b"hold-1", b"hold-2"))
    assert told(Subject(SubjectKind.HOLD)) == ["hold-placed", "hold-lifted"]
    groups[1].write_bytes(whole.replace(b"hold-1", b"hold-2"))
    with pytest.raises(IntegrityError):
        told(Subject(SubjectKind.HOLD))


def test_a_further_version_leaves_a_store_behind_until_it_is_copied() -> None:
    first = stored(1, 1, STORES)
    groups = in_groups([first, replace(first, version=2, size_bytes=5, stores=("first",))])
    fold = JournalFold()
    fold.follow(lambda at: groups[at.sequence :])
    anchors = Anchors(fold.engine, fold.guard)
    assert list(anchors.lacking("second")) == [package(1)]
    ((versions_there, held),) = anchors.states([package(1)])
    assert ([anchor.version for anchor in versions_there], held) == ([1, 2], {"first": 2, "second": 1})
    assert anchors.totals("second").size_bytes == 10
    groups = in_groups(
        [
            first,
            replace(first, version=2, size_bytes=5, stores=("first",)),
            CopiesReplicated("second", ((package(1), 2),)),
        ]
    )
    fold.follow(lambda at: groups[at.sequence :])
    assert list(anchors.lacking("second")) == []
    assert anchors.totals("second").size_bytes == 15


def test_what_packages_do_not_say_yet_keeps_the_head_of_search_back(tmp_path: Path) -> None:
    groups = in_groups([RepositoryAdded(HOME), stored(1, 1, STORES), stored(2, 1, STORES)])
    catalogue = Catalogue(JournalFold(tmp_path / "catalogue.db"))
    catalogue.fold.follow(lambda at: groups[at.sequence : 4])
    said = PackageContent(Description(parse_archival_code("Z1-WS·2001-D10-BGS-0001"), title="件"), ())
    catalogue.descriptions.describe(lambda anchor: said, lost=lambda _: None)
    assert (catalogue.descriptions.head(), len(list(catalogue.holdings()))) == (4, 1)
    catalogue.fold.follow(lambda at: groups[at.sequence :])  # as another process does that only looks
    assert (catalogue.head().sequence, catalogue.descriptions.head()) == (5, 4)
    assert [holding.package_id.value for holding in catalogue.holdings()] == [package(1)]
    catalogue.descriptions.describe(lambda anchor: said, lost=lambda _: None)
    assert (catalogue.descriptions.head(), len(list(catalogue.holdings()))) == (5, 2)
    catalogue.fold.close()


def test_what_is_said_of_a_record_under_its_former_code_is_found_under_the_new(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    first = stored(1, 1, STORES)
    new = replace(first, version=2, archival_code="Z1-WS·2001-D10-BGS-0901")
    vault.ledger.append([first])
    vault.ledger.append([new])
    vault.ledger.append([HoldPlaced("hold-1", "990001", first.archival_code, "诉讼")])
    reading = JournalReading(vault.ledger)
    now, before = (Subject(SubjectKind.RECORD, f"990001:{one.archival_code}") for one in (new, first))
    assert [entry.fact.type for entry in reading.entries_about(now, once=[before])] == ["hold-placed"]


def test_a_group_is_found_while_others_are_appended(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    vault.ledger.append([stored(1, 1, STORES)])
    reading = JournalReading(vault.ledger)
    place = reading.fold.places([the_package(package(1))])
    vault.ledger.append([stored(2, 1, STORES)])
    reading.refresh()
    assert reading.fold.places([the_package(package(1))]) == place
    assert [entry.fact for entry in reading.entries_about(the_package(package(1)))] == [stored(1, 1, STORES)]
