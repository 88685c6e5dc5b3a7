"""Renumbering without a terminal: a whole plan at one moment, and every code that anything had finds it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import ConflictError, IdentifierError, JinkuiError, StorageError, UsageProblem
from archives.journal.facts import DisposalIntended, PackageAbandoned, PackageDisposed, PackageStored, UnitsRenumbered
from archives.message import message
from archives.record.description import Description
from archives.record.identifiers import RecordKey, parse_archival_code, reference_code
from archives.record.record import PackageKind
from archives.units.unit import Level, Unit
from preservation.actions.units import describing
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.actions.units.history import rows_about
from preservation.actions.units.renumbering import carry_out, renumber_one
from preservation.actions.units.renumbering_plan import Asked, RenumberingPlan, plan_renumbering, renumbering_number
from preservation.archive import Archive
from preservation.package.new_package import PlannedVersion
from preservation.stores.store import Store
from preservation.vault.vault import Vault
from preservation.vault.writing import write_versions
from tests.support.archives import REPOSITORY, an_archive, keep_record

OLD, TAKEN, NEW = (f"Z109-WS·2001-Y-BGS-{number:04}" for number in (1, 2, 3))
SAID = Said("2026-1", "王档", "重编")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with an_archive(tmp_path) as made:
        keep_record(made, OLD)
        keep_record(made, TAKEN)
        yield made


def planned(archive: Archive, *pairs: tuple[str, str]) -> RenumberingPlan:
    asked = [Asked(old, new, row=row) for row, (old, new) in enumerate(pairs, 2)]
    number = renumbering_number(REPOSITORY, asked)
    return plan_renumbering(archive.refresh(), REPOSITORY, asked, parse=parse_archival_code, number=number)


def renumber(archive: Archive, *pairs: tuple[str, str]) -> RenumberingPlan:
    plan = planned(archive, *pairs)
    assert plan.may_go, [str(one.message) for one in plan.findings]
    carry_out(archive, archive.catalogue.repositories()[0], plan, replace(SAID, number=plan.number))
    return plan


def one(archive: Archive, old: str, new: str, reason: str = "") -> RenumberingPlan:
    place = archive.refresh().repositories()[0]
    return renumber_one(archive, place, old, new, reason=reason, parse=parse_archival_code)


def volume_with_items(archive: Archive) -> list[Unit]:
    """Describe a volume without content and three items below it, of which one has a code of its own."""
    codes = ("J019-2-0015", "J019-2-0015-001", "J019-2-0015-002", "X-9")
    units = [
        Unit(
            f"10000000-0000-4000-8000-{number:012}",
            REPOSITORY,
            Level.ITEM if number else Level.FILE,
            Description(reference_code(code), "题名"),
            "10000000-0000-4000-8000-000000000000" if number else "",
        )
        for number, code in enumerate(codes)
    ]
    list(describe_units(archive, archive.catalogue.repositories()[0], map(Change, units), Said("1", "李档")))
    return units


def test_both_codes_find_a_renumbered_record_and_no_version_of_it_is_written(archive: Archive) -> None:
    before = archive.catalogue.find(OLD)
    one(archive, OLD, NEW, "filed twice")
    found = {archive.refresh().find(code).package_id for code in (OLD, NEW)}
    assert found == {before.package_id}
    now = archive.catalogue.find(OLD)
    assert (now.description.code.written, now.description.former_code, now.version) == (NEW, OLD, 1)
    assert archive.catalogue.find_key(RecordKey(REPOSITORY, now.key.code_key)) == now
    again = NEW.replace("0003", "0004")
    one(archive, NEW, again)
    assert archive.refresh().find(again).description.former_code == f"{OLD}；{NEW}"
    one(archive, again, OLD)
    assert archive.refresh().find(OLD).description.former_code == f"{NEW}；{again}"


def test_what_was_corrected_before_a_record_was_renumbered_stays_so(archive: Archive) -> None:
    held = archive.refresh().find(OLD)
    (listed,) = archive.catalogue.units.get([held.package_id.value]).values()
    corrected = replace(listed.unit, description=replace(held.description, title="更正后"))
    list(describe_units(archive, held.repository, [Change(corrected, listed.digest)], Said("", "王档", "更正")))
    one(archive, OLD, NEW, "重编")
    now = archive.refresh().find(NEW).description
    assert (now.title, now.code.written, now.former_code) == ("更正后", NEW, OLD)
    assert [row.reason for row in rows_about(archive, held.package_id.value)] == ["更正", "重编"]
    archive.forget()
    assert archive.refresh().find(NEW).description == now


def test_codes_that_are_taken_had_disposed_of_or_no_codes_are_not_given_to_one(archive: Archive) -> None:
    with pytest.raises(ConflictError):
        one(archive, OLD, TAKEN)
    with pytest.raises(ConflictError):
        one(archive, "Z109-9-9", NEW)
    with pytest.raises(UsageProblem):
        one(archive, OLD, OLD)
    with pytest.raises(IdentifierError):
        one(archive, OLD, "no code!")
    assert not archive.refresh().find(OLD).description.former_code
    one(archive, OLD, NEW)
    with pytest.raises(ConflictError):
        one(archive, TAKEN, OLD)
    gone = archive.catalogue.find(TAKEN).package_id.value
    archive.vault.ledger.append([DisposalIntended(gone, "plan"), PackageDisposed(gone, "plan", REPOSITORY, TAKEN)])
    with pytest.raises(ConflictError):
        one(archive, NEW, TAKEN)


def test_codes_are_swapped_and_handed_round_and_made_anew_alike(archive: Archive) -> None:
    ids = {code: archive.catalogue.find(code).package_id for code in (OLD, TAKEN)}
    units = volume_with_items(archive)
    first, second = (unit.description.code.written for unit in units[1:3])
    renumber(archive, (OLD, TAKEN), (TAKEN, NEW), (first, second), (second, first))
    now = archive.refresh()
    assert {code: now.find(code).package_id for code in (TAKEN, NEW)} == {TAKEN: ids[OLD], NEW: ids[TAKEN]}
    assert now.find(OLD).package_id == ids[OLD]
    called = {
        unit_id: listed.unit.description.code.written
        for unit_id, listed in now.units.get(u.unit_id for u in units).items()
    }
    assert (called[units[1].unit_id], called[units[2].unit_id]) == (second, first)
    assert [o.unit.unit_id for o in now.units.by_former_code(REPOSITORY, [first])[first]] == [units[1].unit_id]
    before = [(h.key, h.description, now.former_codes(h)) for h in now.holdings()]
    archive.forget()
    now = archive.refresh()
    assert [(h.key, h.description, now.former_codes(h)) for h in now.holdings()] == before


def test_nothing_that_stands_below_another_unit_of_the_same_code_follows(archive: Archive) -> None:
    volume, *_ = volume_with_items(archive)
    described = (
        ("J019-2-0015", Level.FILE, ""),
        ("J019-2-0015-009", Level.ITEM, "twin"),
        ("J019-2-0015-010", Level.ITEM, ""),
    )
    units = [
        Unit(
            f"{'twin' if level is Level.FILE else code}",
            REPOSITORY,
            level,
            Description(parse_archival_code(code), "乙"),
            parent,
        )
        for code, level, parent in described
    ]
    list(describe_units(archive, archive.catalogue.repositories()[0], [Change(unit) for unit in units], SAID))
    asked = [Asked("J019-2-0015", "J019-2-0016", unit_id=volume.unit_id)]
    plan = plan_renumbering(archive.refresh(), REPOSITORY, asked, parse=parse_archival_code, number="n")
    moved = {move.unit.description.code.written for move in plan.moves}
    assert moved == {"J019-2-0015", "J019-2-0015-001", "J019-2-0015-002", "J019-2-0015-010"}
    assert "twin" not in {move.unit.unit_id for move in plan.moves}


def test_what_stands_below_follows_and_what_cannot_is_told(archive: Archive) -> None:
    volume_with_items(archive)
    plan = renumber(archive, ("J019-2-0015", "J019-3-0001"), ("J019-2-0015-002", "J019-3-0001-009"))
    assert sorted(move.code.written for move in plan.moves) == ["J019-3-0001", "J019-3-0001-001", "J019-3-0001-009"]
    assert [(found.code, found.severity) for found in plan.findings] == [("code-does-not-follow", "warning")]


def test_what_cannot_be_done_is_told_by_cell_and_nothing_is_done(archive: Archive) -> None:
    volume_with_items(archive)
    plan = planned(
        archive,
        (OLD, TAKEN),
        ("J019-2-0015-001", "J019-2-0015-009"),
        ("J019-2-0015-002", "J019-2-0015-009"),
        ("J019-2-0015-777", "J019-2-0015-778"),
        ("X-9", "no code"),
        (OLD, NEW),
    )
    assert not plan.may_go
    assert sorted((found.code, found.row) for found in plan.findings) == [
        ("code-taken", 2),
        ("code-twice", 4),
        ("code-unreadable", 6),
        ("renumbered-twice", 7),
        ("unit-unknown", 5),
    ]


def test_a_version_that_repeats_a_code_of_before_gives_it_to_nobody(archive: Archive) -> None:
    """A snapshot in a package may be older than the row that renumbered its record."""
    one(archive, OLD, NEW)
    anchor = archive.catalogue.anchor(archive.refresh().find(NEW).package_id)
    archive.vault.ledger.append([replace(anchor, version=2)])
    assert archive.reading.refresh() is not None
    assert archive.catalogue.find_key(RecordKey(REPOSITORY, parse_archival_code(NEW).key)) is not None


@pytest.mark.parametrize("written", [0, 1])
def test_a_renumbering_killed_at_any_package_leaves_all_or_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """The packages of one renumbering count together: what a crash left whole of them counts for nothing."""
    monkeypatch.setattr(describing, "MOST_ROWS", 1)
    place = archive.refresh().repositories()[0]
    plan = planned(archive, (OLD, TAKEN), (TAKEN, OLD))

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        if written:
            dying.setattr(Vault, "_anchor", die)
        else:
            dying.setattr("preservation.vault.writing.write_versions", die)
        with pytest.raises(KeyboardInterrupt):
            carry_out(archive, place, plan, replace(SAID, number=plan.number))
    archive.begin_writing()
    facts = [entry.fact for entry in archive.vault.ledger.entries()]
    assert sum(isinstance(fact, PackageAbandoned) for fact in facts) == 2
    assert not [f for f in facts if isinstance(f, PackageStored) and f.kind is PackageKind.DESCRIPTION]
    assert archive.refresh().find(OLD).description.former_code == ""
    renumber(archive, (OLD, TAKEN), (TAKEN, OLD))
    assert archive.catalogue.find(OLD).description.former_code == TAKEN
    facts = [entry.fact for entry in archive.vault.ledger.entries()]
    assert sum(isinstance(fact, UnitsRenumbered) for fact in facts) == 1


def test_where_one_package_cannot_be_stored_none_is(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing, "MOST_ROWS", 1)
    failure = StorageError(message("坏了", "it is broken"), subject="x")

    def half(store: Store, plans: Sequence[PlannedVersion]) -> tuple[JinkuiError | None, ...]:
        return (*write_versions(store, plans)[:-1], failure)

    monkeypatch.setattr("preservation.vault.writing.write_versions", half)
    with pytest.raises(StorageError):
        renumber(archive, (OLD, TAKEN), (TAKEN, OLD))
    assert archive.refresh().find(OLD).description.former_code == ""
    assert not archive.catalogue.open_work.is_there()


def test_of_two_plans_that_give_one_code_to_two_units_the_second_is_refused(archive: Archive) -> None:
    new = "J019-WS·2011·Y·BGS-0099"
    first, second = planned(archive, (OLD, new)), planned(archive, (TAKEN, new))
    place = archive.catalogue.repositories()[0]
    carry_out(archive, place, first, replace(SAID, number=first.number))
    with pytest.raises(ConflictError) as raised:
        carry_out(archive, place, second, replace(SAID, number=second.number))
    assert raised.value.subject == new
    assert archive.refresh().find(TAKEN).description.former_code == ""
