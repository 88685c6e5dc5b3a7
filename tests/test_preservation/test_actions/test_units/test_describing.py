"""Units are described by rows that are added: the newest holds, whatever the order, and a record's own words follow."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import ConflictError
from archives.findings import warning
from archives.journal.facts import PackageStored
from archives.message import message
from archives.record.description import Description
from archives.record.identifiers import PackageId, reference_code
from archives.record.record import PackageKind
from archives.units.state import State
from archives.units.unit import Level, Unit, read_unit_row, row_digest, unit_row
from ingest.workflow import ingest
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.archive import Archive
from preservation.catalogue.findings import Wanted as WantedFindings
from preservation.catalogue.levels.wanted import Wanted
from preservation.package.description_package import UNITS, description_package
from tests.support.files import docx_bytes
from tests.support.intake import CODE, HOME, batch, planned, record, retitled, small_archive, workplace

SAID = Said("2026-0001", "李档", "导入")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Give an archive of two stores."""
    with small_archive(tmp_path / "archive") as opened:
        yield opened


def unit(number: int, title: str = "题名", *, level: Level = Level.ITEM, code: str = "", parent: str = "") -> Unit:
    """Return a unit without content."""
    written = code or f"J019-2-0015-{number:03}"
    return Unit(
        f"10000000-0000-4000-8000-{number:012}", "990001", level, Description(reference_code(written), title), parent
    )


def say(archive: Archive, changes: Iterable[Change], said: Said = SAID) -> list[int]:
    """Describe units to the end."""
    return list(describe_units(archive, HOME, changes, said))


def new(*units: Unit) -> list[Change]:
    """Return changes that say something of units of which nothing was said."""
    return [Change(one) for one in units]


def titles(archive: Archive) -> list[tuple[str, str]]:
    """Return codes and titles of every unit, in order."""
    return [
        (one.unit.description.code.written, one.unit.description.title) for one in archive.refresh().units.all(Wanted())
    ]


def packages(archive: Archive) -> list[PackageStored]:
    """Return every package of rows."""
    facts = (entry.fact for entry in archive.vault.ledger.entries())
    return [fact for fact in facts if isinstance(fact, PackageStored) and fact.kind is PackageKind.DESCRIPTION]


def test_units_without_content_are_in_the_catalogue_in_the_order_of_their_codes(archive: Archive) -> None:
    volume = unit(0, "案卷", level=Level.FILE, code="J019-2-0015")
    items = [unit(number, f"第{number}件", parent=volume.unit_id) for number in (10, 9, 1)]
    assert say(archive, new(*items, volume)) == [4]
    assert [code for code, _ in titles(archive)] == ["J019-2-0015", *(f"J019-2-0015-{n:03}" for n in (1, 9, 10))]
    units = archive.catalogue.units
    assert [one.unit.description.title for one in units.all(Wanted(parent=volume.unit_id))] == [
        "第1件",
        "第9件",
        "第10件",
    ]
    assert [one.unit.level for one in units.all(Wanted(levels=[Level.FILE]))] == [Level.FILE]
    ((listed,),) = units.by_code("990001", ["j019–2–0015–009"]).values()
    assert (listed.unit.person, listed.unit.import_id, listed.unit.revision) == ("李档", "2026-0001", 1)


def test_rows_lie_in_every_store_in_a_package_that_needs_nothing_of_ours(archive: Archive) -> None:
    say(archive, new(unit(1), unit(2)))
    (anchor,) = packages(archive)
    assert len(anchor.stores) == 2
    data = archive.vault.read(archive.vault.inventory(anchor), UNITS)
    assert [read_unit_row(row).description.title for row in data.splitlines(keepends=True)] == ["题名", "题名"]


def test_a_page_of_units_begins_where_the_one_before_ended(archive: Archive) -> None:
    say(archive, new(*(unit(number) for number in range(1, 8))))
    units = archive.catalogue.units
    first = units.page(Wanted(), most=3)
    second = units.page(Wanted(), after=first[-1].after, most=3)
    last = units.page(Wanted(), after=second[-1].after, most=3)
    assert [len(page) for page in (first, second, last)] == [3, 3, 1]
    assert len({one.unit.unit_id for page in (first, second, last) for one in page}) == 7


def test_what_was_said_before_stays_and_the_newest_row_holds(archive: Archive) -> None:
    say(archive, new(unit(1, "错题名"), unit(2)))
    (before,) = archive.catalogue.units.get([unit(1).unit_id]).values()
    say(
        archive,
        [Change(replace(before.unit, description=unit(1, "正题名").description), before.digest)],
        Said("", "王档", "更正"),
    )
    assert titles(archive) == [("J019-2-0015-001", "正题名"), ("J019-2-0015-002", "题名")]
    (now,) = archive.catalogue.units.get([unit(1).unit_id]).values()
    assert (now.unit.revision, now.unit.previous, now.unit.person) == (2, row_digest(unit_row(before.unit)), "王档")
    assert [revision for revision, _ in archive.catalogue.units.packages.packages_of(unit(1).unit_id)] == [1, 2]


def test_a_correction_of_what_somebody_else_corrected_is_refused(archive: Archive) -> None:
    say(archive, new(unit(1)))
    (before,) = archive.catalogue.units.get([unit(1).unit_id]).values()
    change = Change(unit(1, "另"), before.digest)
    say(archive, [change])
    with pytest.raises(ConflictError):
        say(archive, [change])


def test_an_import_that_was_stopped_goes_on_where_it_stood(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("preservation.actions.units.describing.MOST_ROWS", 2)
    units = [unit(number) for number in range(1, 6)]
    way = describe_units(archive, HOME, new(*units), SAID)
    assert next(way) == 2
    way.close()  # type: ignore[attr-defined]  # a generator
    assert say(archive, new(*units)) == [2, 4, 5]
    assert (len(titles(archive)), len(packages(archive))) == (5, 3)


def test_a_catalogue_that_is_made_anew_says_the_same(archive: Archive) -> None:
    say(archive, new(unit(1, "一"), unit(2)))
    (before,) = archive.catalogue.units.get([unit(1).unit_id]).values()
    say(archive, [Change(replace(before.unit, description=unit(1, "二").description), before.digest)])
    known = list(archive.catalogue.units.all(Wanted()))
    archive.forget()
    assert list(archive.refresh().units.all(Wanted())) == known


def test_a_record_with_a_package_is_a_unit_and_is_called_what_its_newest_row_says(
    tmp_path: Path, archive: Archive
) -> None:
    with workplace(tmp_path, archive=archive) as place:
        plan = batch(tmp_path / "in", record(planned(tmp_path / "in" / "a.docx", data=docx_bytes())))
        (stored,) = ingest(plan, place, progress=lambda code: None)
        assert stored.package_id is not None
        assert titles(archive) == [(CODE, "题名")]
        (before,) = archive.catalogue.units.get([stored.package_id]).values()
        again = replace(before.unit, description=replace(before.unit.description, title="更正后的题名"))
        held = archive.refresh().find(CODE)
        say(archive, [Change(again, before.digest)], Said("", "王档", "更正"))
        assert (before.unit.revision, titles(archive)) == (0, [(CODE, "更正后的题名")])
        now = archive.refresh().find(CODE)
        assert (now.description.title, now.version) == ("更正后的题名", 1)
        assert now.sequence > held.sequence
        assert now.reviewed != held.reviewed
        assert [one.key for one in archive.catalogue.holdings(after_sequence=held.sequence)] == [now.key]
        archive.forget()
        assert archive.refresh().find(CODE) == now


def test_the_same_revision_with_other_words_is_a_fault_that_is_told(archive: Archive) -> None:
    for title in ("一", "二"):
        rows = [replace(unit(1, title), revision=1)]
        package = description_package(
            PackageId(archive.world.new_identifier()),
            HOME,
            rows,
            (),
            code="X-1",
            batch_id="b",
            now=archive.world.now(),
            software="x",
        )
        archive.vault.put(package, note="describe")
    assert titles(archive) == [("J019-2-0015-001", "一")]
    (found,) = archive.catalogue.findings.of(WantedFindings())
    assert found.finding.code == "description-contradicts"


def test_what_was_found_wrong_is_kept_with_the_rows(archive: Archive) -> None:
    found = warning("retention-unreadable", message("读不了", "unreadable"), file="目录.xls", row=3)
    list(describe_units(archive, HOME, new(unit(1), unit(2)), SAID, [found]))
    (kept,) = archive.refresh().findings.of(WantedFindings())
    assert kept.finding == found


def test_units_are_counted_by_level_and_state(archive: Archive) -> None:
    say(
        archive,
        new(unit(1), replace(unit(2), state=State.NOT_DIGITISED), unit(3, level=Level.FILE, code="J019-2-0016")),
    )
    assert archive.catalogue.units.counts(Wanted()) == {
        ("990001", "J019", Level.ITEM, State.HELD): 1,
        ("990001", "J019", Level.ITEM, State.NOT_DIGITISED): 1,
        ("990001", "J019", Level.FILE, State.HELD): 1,
    }


def test_an_update_after_a_correction_holds(tmp_path: Path, archive: Archive) -> None:
    plan = batch(tmp_path / "in", record(planned(tmp_path / "in" / "a.docx", data=docx_bytes())))
    with workplace(tmp_path, archive=archive) as place:
        list(ingest(plan, place, progress=lambda code: None))
        held = archive.refresh().find(CODE)
        (listed,) = archive.catalogue.units.get([held.package_id.value]).values()
        corrected = replace(listed.unit, description=replace(held.description, title="更正后"))
        say(archive, [Change(corrected, listed.digest)])
    with workplace(tmp_path / "again", archive=archive, update=True) as place:
        list(ingest(retitled(plan, "又改"), place, progress=lambda code: None))
        now = archive.refresh().find(CODE)
        assert (now.description.title, now.version) == ("又改", 2)
        archive.forget()
        assert archive.refresh().find(CODE) == now
