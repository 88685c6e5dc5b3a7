"""Small packages of rows are merged: every row of every revision stays, and no old one goes before it was looked for."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import RefusedError
from archives.journal.facts import DescriptionsMerged, DisposalIntended, PackageDisposed, Unproved
from archives.record.description import Description
from archives.record.identifiers import PackageId, reference_code
from archives.units.unit import Level, Unit
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.actions.units.history import rows_about
from preservation.actions.units.merging import finish_merges, merge, plan_merges
from preservation.archive import Archive
from preservation.catalogue.levels.wanted import Wanted
from preservation.package.description_package import UNITS, package_of_rows
from preservation.package.ocfl import object_folder
from preservation.vault.recovery import recover, welcome
from tests.support.archives import an_archive, keep_record
from tests.support.intake import HOME, small_archive

ONE = "10000000-0000-4000-8000-000000000001"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Give an archive of two stores in which a unit was described, and corrected three times."""
    with small_archive(tmp_path / "archive") as opened:
        unit = Unit(ONE, "990001", Level.ITEM, Description(reference_code("J019-1"), "第0题"))
        for number in range(4):
            known = opened.refresh().units.get([ONE]).get(ONE)
            said = replace(unit, description=replace(unit.description, title=f"第{number}题"))
            change = Change(replace(said, import_id="import"), known.digest if known else None)
            for _ in describe_units(
                opened, HOME, [change], Said(f"correction-{number}" if number else "import", "李档")
            ):
                pass
        yield opened


def copies(archive: Archive, package_id: str) -> list[bool]:
    """Say of each store whether it has something of a package."""
    folder = object_folder(PackageId(package_id))
    return [any(True for _ in store.walk(folder)) for store in archive.vault.stores]


def test_all_rows_lie_in_the_one_package_that_stays_and_say_the_same(archive: Archive) -> None:
    before = list(archive.catalogue.units.all(Wanted()))
    history = list(rows_about(archive, ONE))
    assert plan_merges(archive) == (), "there are few"
    (one,) = plan_merges(archive, many=2)
    assert one.rows == len(one.packages) == 3, "an import that may be taken back stays by itself"
    assert merge(archive, one) == 3
    assert [copies(archive, package_id) for package_id in one.packages] == [[False, False]] * 3
    assert copies(archive, one.into.value) == [True, True]
    assert (list(archive.catalogue.units.all(Wanted())), list(rows_about(archive, ONE))) == (before, history)
    assert [archive.decisions.judge_tombstone(package_id) for package_id in one.packages] == [None] * 3
    archive.forget()
    assert (list(archive.refresh().units.all(Wanted())), list(rows_about(archive, ONE))) == (before, history)
    assert finish_merges(archive) == 0


def test_the_first_corrections_of_records_that_came_with_files_are_merged(tmp_path: Path) -> None:
    with an_archive(tmp_path / "home") as opened:
        place = opened.catalogue.repositories()[0]
        for number in range(1, 4):
            kept = keep_record(opened, f"Z109-WS·2001-Y-BGS-{number:04}").unit_id
            known = opened.refresh().units.get([kept])[kept]
            list(
                describe_units(opened, place, [Change(known.unit, known.digest)], Said(f"correction-{number}", "李档"))
            )
            assert opened.refresh().units.get([kept])[kept].unit.import_id == "", "no import brought it"
        (one,) = plan_merges(opened, many=2)
        assert merge(opened, one) == 3


def test_a_merge_that_was_stopped_goes_on(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = plan_merges(archive, many=2)
    append = archive.vault.ledger.append
    left = 0

    class DeadError(Exception):
        """The process is gone."""

    def dying(facts: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise DeadError
        return append(facts)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(archive.vault.ledger, "append", dying)
    for number in range(12):
        left = number
        try:
            recover(archive.vault, archive.fresh_reading, today=archive.world.today())
            for again in plan_merges(archive, many=2):
                assert again == one, "nothing is merged twice"
                merge(archive, again)
            finish_merges(archive)
            break
        except DeadError:
            archive.refresh()
    assert [copies(archive, package_id) for package_id in one.packages] == [[False, False]] * 3
    assert [row.revision for row in rows_about(archive, ONE)] == [1, 2, 3, 4]


def test_a_package_of_which_a_row_would_be_lost_stays(archive: Archive) -> None:
    (one,) = plan_merges(archive, many=2)
    anchor = archive.catalogue.anchor(PackageId(one.packages[0]))
    rows = archive.vault.read(archive.vault.inventory(anchor), UNITS)
    now = archive.world.now()
    archive.vault.put(
        package_of_rows(
            one.into, HOME, rows, (), code="CATALOGUE-merged-1", batch_id="merged-1", now=now, software="s"
        ),
        note="merge",
    )
    archive.vault.ledger.append([DescriptionsMerged(one.into.value, one.packages)])
    with pytest.raises(RefusedError):
        finish_merges(archive)
    assert [copies(archive, package_id) for package_id in one.packages] == [[False, False], [True, True], [True, True]]
    archive.vault.ledger.append([DisposalIntended(one.packages[1], one.into.value)])
    recovered = recover(archive.vault, archive.fresh_reading, today=archive.world.today()).outcomes
    assert [getattr(outcome, "reason", None) for outcome in recovered] == [Unproved.ROWS_MISSING]
    archive.vault.ledger.append(
        [
            DisposalIntended(one.packages[2], one.into.value),
            PackageDisposed(one.packages[2], one.into.value, "990001", ""),
        ]
    )
    welcomed = welcome(archive.vault, archive.fresh_reading, ["first"])
    assert [why for _, _, why in welcomed.kept] == [Unproved.ROWS_MISSING], "a store that was away looks, too"
