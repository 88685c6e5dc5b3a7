"""A volume goes into one package with its items, and comes out of it with the pages as they are called on paper."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archives.journal.facts import FondsDescribed
from archives.record.description import Fonds
from archives.record.holding import Holding
from archives.record.identifiers import RecordKey
from archives.record.volume.structure import VolumeStructure
from ingest.outcome import Outcome, RecordOutcome
from ingest.readers.registry import read_batch
from ingest.volumes.stand_in import is_stand_in
from ingest.workflow import foresee_batch, ingest
from ingest.workplace import Workplace
from tests.support.files import image_bytes
from tests.support.intake import HOME, KNOWN, workplace

VOLUME = "J019-2-15"
STARTS = (1, 5, 9, 16, 28, 34, 42, 45, 50, 61, 70, 88, 100, 117)
PAGES = ("FM", "ML001", *(f"{number:03}" for number in range(1, 121)), "45-1", "BK")
JPEG = image_bytes("JPEG")
Items = Sequence[tuple[str, str, str]]
FOURTEEN: Items = [(f"{VOLUME}-{at:03}", f"第{at}件", str(start)) for at, start in enumerate(STARTS, 1)]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    """Give a place to work in, with the fonds of the volume."""
    with workplace(tmp_path) as opened:
        opened.archive.vault.ledger.append([FondsDescribed(Fonds(HOME.code, "J019", "水利局"))])
        yield opened


def bring(folder: Path, items: Items = FOURTEEN, pages: Sequence[str] = PAGES, *, title: str = "水利工程") -> Path:
    """Write a batch of one volume; images of documents are not recognised."""
    (folder / VOLUME).mkdir(parents=True, exist_ok=True)
    (folder / "batch.toml").write_text('kind = "documents"\nlanguage = "汉语"\n', "utf-8")
    for name, rows in (
        ("案卷目录.csv", [("档号", "题名", "页数"), (VOLUME, title, "120")]),
        ("卷内目录.csv", [("档号", "题名", "页号"), *items]),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    for page in pages:
        (folder / VOLUME / f"{VOLUME}-{page}.jpg").write_bytes(JPEG + page.encode())
    return folder


def take_in(place: Workplace, folder: Path, *, update: bool = False) -> RecordOutcome:
    """Take a batch of one volume in, and return what became of it."""
    place = replace(place, update=update)
    known = replace(KNOWN, fonds={("990001", "J019")}, update=update, held=place.archive.refresh().find_key)
    (outcome,) = ingest(read_batch(folder, known), place, progress=lambda code: None)
    return outcome


def held(place: Workplace) -> Holding:
    """Return the volume as the catalogue knows it."""
    found = place.archive.refresh().find_key(RecordKey("990001", VOLUME))
    assert found is not None
    return found


def volume_of(place: Workplace) -> VolumeStructure:
    """Return what the catalogue knows of the volume's pages and items."""
    structure = held(place).volume
    assert structure is not None
    return structure


def labels(place: Workplace, code: str) -> list[str]:
    """Return what the pages of an item are called."""
    structure = volume_of(place)
    (item,) = (one for one in structure.items if one.description.code.written == code)
    return [structure.labels[page] for page in item.pages]


def told(outcome: RecordOutcome) -> set[str]:
    """Return the codes of what was found, but for notes."""
    return {found.code for found in outcome.findings if found.severity != "note"}


def test_a_volume_of_fourteen_items(tmp_path: Path, place: Workplace) -> None:
    outcome = take_in(place, bring(tmp_path / "in"))
    assert (outcome.outcome, told(outcome)) == (Outcome.STORED, set())
    assert labels(place, f"{VOLUME}-006") == [f"{number:03}" for number in range(34, 42)]
    assert labels(place, f"{VOLUME}-008") == ["045", "45-1", "046", "047", "048", "049"]
    structure = volume_of(place)
    assert [structure.labels[page] for page in structure.of_the_volume] == ["FM", "ML001", "BK"]
    assert len({item.unit_id for item in structure.items}) == 14
    stored = place.archive.holdings.newest(held(place).package_id).record
    assert stored.volume == structure
    shown = {file.page: file.original_name for file in stored.representations[0].files}
    assert [shown[page].rpartition("-")[2] for page in structure.items[5].pages] == [
        f"{n:03}.jpg" for n in range(34, 42)
    ]


@pytest.mark.parametrize(
    ("stated", "found"), [("120", set()), ("121", set()), ("124", set()), ("99", {"page-count-differs"})]
)
def test_the_pages_of_a_volume_may_be_counted_with_or_without_cover_and_slips(
    tmp_path: Path, place: Workplace, stated: str, found: set[str]
) -> None:
    folder = bring(tmp_path / "in")
    sheet = folder / "案卷目录.csv"
    sheet.write_text(sheet.read_text("utf-8").replace(",120", f",{stated}"), "utf-8")
    assert told(take_in(place, folder)) == found


def test_the_same_batch_again_is_in_already(tmp_path: Path, place: Workplace) -> None:
    take_in(place, bring(tmp_path / "in"))
    assert take_in(place, tmp_path / "in").outcome is Outcome.ALREADY_IN


def test_another_title_of_an_item_is_an_update_and_its_identifier_stays(tmp_path: Path, place: Workplace) -> None:
    folder = bring(tmp_path / "in")
    take_in(place, folder)
    before = volume_of(place)
    bring(folder, [*FOURTEEN[:2], (FOURTEEN[2][0], "改过的题名", "10"), *FOURTEEN[3:]], ())
    assert take_in(place, folder).outcome is Outcome.DIFFERS
    assert take_in(place, folder, update=True).outcome is Outcome.UPDATED
    after = volume_of(place)
    assert after.items[2].description.title == "改过的题名"
    assert labels(place, FOURTEEN[2][0])[0] == "010"
    assert [item.unit_id for item in after.items] == [item.unit_id for item in before.items]


def test_a_volume_that_was_stored_before_pages_had_labels_is_in_already(
    tmp_path: Path, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bring(tmp_path / "in", ())
    (folder / "卷内目录.csv").unlink()
    with monkeypatch.context() as before:
        before.setattr("ingest.storing._with_volume", lambda _, contents, *others: contents)
        assert take_in(place, folder).outcome is Outcome.STORED
    assert held(place).volume is None
    assert take_in(place, folder).outcome is Outcome.ALREADY_IN


def test_items_are_described_anew_without_an_image(tmp_path: Path, place: Workplace) -> None:
    take_in(place, bring(tmp_path / "in"))
    before = volume_of(place)
    sheets = bring(tmp_path / "again", [(FOURTEEN[0][0], "新题名", "")], ())
    (sheets / VOLUME).rmdir()
    assert take_in(place, sheets, update=True).outcome is Outcome.UPDATED
    after = volume_of(place)
    assert after.items[0].description.title == "新题名"
    assert [item.pages for item in after.items] == [item.pages for item in before.items]


def test_a_new_page_is_put_in_its_place_and_items_stay_though_no_row_of_theirs_comes(
    tmp_path: Path, place: Workplace
) -> None:
    folder = bring(tmp_path / "in")
    take_in(place, folder)
    (folder / "卷内目录.csv").unlink()
    (folder / VOLUME / f"{VOLUME}-003-1.jpg").write_bytes(JPEG + b"new")
    assert take_in(place, folder, update=True).outcome is Outcome.UPDATED
    assert "003-1" in volume_of(place).labels.values()
    assert labels(place, f"{VOLUME}-006") == [f"{number:03}" for number in range(34, 42)]


def test_what_does_not_fit_is_foreseen_and_stored_and_costs_no_volume(tmp_path: Path, place: Workplace) -> None:
    folder = bring(tmp_path / "in", [*FOURTEEN[:13], (FOURTEEN[13][0], "超出", "130")])
    plan = read_batch(folder, replace(KNOWN, fonds={("990001", "J019")}))
    (foreseen,) = foresee_batch(plan, place, progress=lambda code: None)
    outcome = take_in(place, folder)
    assert told(foreseen) == told(outcome) == {"item-pages-beyond"}
    (found,) = (one for one in outcome.findings if one.code == "item-pages-beyond")
    assert (found.file, found.row, found.cell) == ("卷内目录.csv", 15, "C15")
    assert outcome.outcome is Outcome.STORED_WITH_FINDINGS


def test_an_item_whose_row_is_left_out_or_cannot_be_used_stays_as_it_is_stored(
    tmp_path: Path, place: Workplace
) -> None:
    take_in(place, bring(tmp_path / "in"))
    before = volume_of(place)
    bad = (FOURTEEN[5][0], "两行一号", FOURTEEN[5][2])
    sheets = bring(tmp_path / "in", [(FOURTEEN[0][0], "新题名", "1"), *FOURTEEN[1:5], FOURTEEN[5], bad, *FOURTEEN[7:]])
    outcome = take_in(place, sheets, update=True)
    assert outcome.outcome is Outcome.UPDATED
    assert {"code-twice", "item-stands-in", "item-row-missing"} <= told(outcome)
    (missing,) = (one for one in outcome.findings if one.code == "item-row-missing")
    assert f"{VOLUME}-007" in missing.message.text("zh")
    after = volume_of(place)
    assert after.items[1:] == before.items[1:]
    assert after.items[0].description.title == "新题名"


def test_that_rows_are_left_out_is_told_where_nothing_else_changes(tmp_path: Path, place: Workplace) -> None:
    take_in(place, bring(tmp_path / "in"))
    outcome = take_in(place, bring(tmp_path / "in", FOURTEEN[:-1]), update=True)
    assert (outcome.outcome, told(outcome)) == (Outcome.ALREADY_IN, {"item-row-missing"})


def test_what_stands_in_for_a_row_gives_way_to_it_once_it_is_corrected(tmp_path: Path, place: Workplace) -> None:
    twice = [*FOURTEEN[:6], (FOURTEEN[5][0], "第七件", FOURTEEN[6][2]), *FOURTEEN[7:]]
    take_in(place, bring(tmp_path / "in", twice))
    assert labels(place, FOURTEEN[5][0]) == [f"{number:03}" for number in range(34, 45)]
    assert [one.description.code.written for one in volume_of(place).items if is_stand_in(one.description)] == [
        FOURTEEN[5][0]
    ]
    assert take_in(place, tmp_path / "in").outcome is Outcome.ALREADY_IN
    outcome = take_in(place, bring(tmp_path / "in"), update=True)
    assert (outcome.outcome, told(outcome)) == (Outcome.UPDATED, set())
    assert not any(is_stand_in(one.description) for one in volume_of(place).items)
    assert labels(place, FOURTEEN[5][0]) == [f"{number:03}" for number in range(34, 42)]


def test_what_stands_in_under_a_code_that_nobody_can_read_gives_way_to_the_true_one(
    tmp_path: Path, place: Workplace
) -> None:
    wrong = (f"{VOLUME}-0/6", "第6件", FOURTEEN[5][2])
    take_in(place, bring(tmp_path / "in", [*FOURTEEN[:5], wrong, *FOURTEEN[6:]]))
    assert labels(place, wrong[0]) == [f"{number:03}" for number in range(34, 42)]
    take_in(place, bring(tmp_path / "in"), update=True)
    assert [one.description.code.written for one in volume_of(place).items] == [code for code, _, _ in FOURTEEN]


def test_pages_of_an_item_whose_row_cannot_be_used_never_are_public_with_their_volume(
    tmp_path: Path, place: Workplace
) -> None:
    take_in(place, bring(tmp_path / "in", [*FOURTEEN[:5], (FOURTEEN[5][0], "", FOURTEEN[5][2]), *FOURTEEN[6:]]))
    structure = volume_of(place)
    assert [structure.labels[page] for page in structure.of_the_volume] == ["FM", "ML001", "BK"]
    others = {one.unit_id for one in structure.items if not is_stand_in(one.description)}
    shown = held(place).public_pages({*structure.labels}, KNOWN.today, opened=others)
    assert [structure.labels[page] for page in shown] == ["FM", "BK"]
