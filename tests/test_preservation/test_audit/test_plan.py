"""Which copies are read, in which order: no clock can skip one, and a sample says what it rules out."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archives.journal.facts import Fact, FixityChecked, PackageStored, StoreAdded
from archives.record.record import PackageKind
from preservation.audit.plan import AuditSelection, largest_damaged_share, plan_audit
from preservation.catalogue.anchors import Anchors
from tests.support.folds import anchors_of

START = datetime(2026, 1, 1, tzinfo=UTC)
STORES = ("first", "second")


def package(number: int) -> str:
    """Return a package's identifier."""
    return f"00000000-0000-4000-8000-{number:012}"


def checked_copies(checked_after_days: list[int | None]) -> Anchors:
    """Return anchors in which each package's copy in the first store was checked so many days after it was stored."""
    facts: list[tuple[datetime, Fact]] = [(START, StoreAdded(name, name, "{}", "0")) for name in STORES]
    for number, days in enumerate(checked_after_days):
        stored = PackageStored(package(number), 1, "0", 10, PackageKind.RECORD, "r", f"A-{number}", "b", STORES)
        facts.append((START, stored))
        if days is not None:
            facts.append((START + timedelta(days=days), FixityChecked("first", (package(number),))))
    return anchors_of(facts)


def planned(anchors: Anchors, selection: AuditSelection, *, after_days: int) -> list[tuple[str, str]]:
    """Return the copies that are read, in order."""
    plan = plan_audit(
        anchors,
        selection,
        there=frozenset(STORES),
        now=START + timedelta(days=after_days),
        draw=lambda tasks, number: tasks[:number],
    )
    assert len(plan.tasks) + plan.not_due == plan.population or selection.sample is not None
    return [(task.store, task.package_id) for task in plan.tasks]


@given(st.lists(st.one_of(st.none(), st.integers(-400, 400)), max_size=12), st.integers(-400, 800))
def test_what_is_due_is_read_and_the_oldest_first(checked: list[int | None], today: int) -> None:
    anchors = checked_copies(checked)
    chosen = planned(anchors, AuditSelection(interval_days=90), after_days=today)
    now = START + timedelta(days=today)
    for copy in anchors.copies():
        verified = anchors.verified_at[copy]
        fresh = timedelta(0) <= now - verified < timedelta(days=89)
        assert (copy in chosen) is not fresh
    assert [anchors.verified_at[copy] for copy in chosen] == sorted(anchors.verified_at[copy] for copy in chosen)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=12))
def test_everything_is_everything(checked: list[int]) -> None:
    anchors = checked_copies(list(checked))
    assert sorted(planned(anchors, AuditSelection(), after_days=5)) == sorted(anchors.copies())


def test_a_selection_narrows_by_store_package_and_share() -> None:
    anchors = checked_copies([1, 2, 3, 4])
    only = AuditSelection(stores=frozenset({"second"}), package_ids=frozenset({package(2)}))
    assert planned(anchors, only, after_days=1) == [("second", package(2))]
    assert len(planned(anchors, AuditSelection(sample=0.25), after_days=1)) == 2
    assert len(planned(anchors, AuditSelection(sample=0.0001), after_days=1)) == 1


@given(st.integers(1, 400), st.data())
def test_a_sample_rules_out_what_it_would_have_found(population: int, data: st.DataObject) -> None:
    sampled = data.draw(st.integers(1, population))
    share = largest_damaged_share(sampled, population)
    if sampled == population:
        assert share == 0
        return
    damaged = round(share * population)
    missed = 1.0
    for drawn in range(sampled):
        missed *= max(0, population - damaged - drawn) / (population - drawn)
    assert missed <= 0.05 + 1e-9 or damaged == population
