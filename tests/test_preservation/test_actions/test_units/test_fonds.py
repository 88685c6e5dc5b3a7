"""A fonds has its names one after the other: a later one never changes what an older record says of its creator."""

from dataclasses import replace
from pathlib import Path

import pytest

from archives.record.dates.parse import parse_record_date
from archives.record.description import Fonds
from archives.record.fonds_names import FondsName, in_order, names_on, names_text, parse_names
from ingest.sheets.fonds import FONDS_HEADINGS, REQUIRED, read_fonds
from ingest.sheets.table import read_sheet
from ingest.workflow import ingest
from preservation.actions.units.fonds import describe_fonds
from preservation.actions.units.history import rows_about
from preservation.archive import Archive
from tests.support.intake import CODE, FONDS, HOME, batch, planned, record, retitled, workplace

BUREAU = FondsName("水利局全宗", "县水利局", "1953.5", "1984年3月")
OFFICE = FondsName("水务局全宗", "县水务局", "198403", "")
SHEET = """全宗号,全宗名称,立档单位,启用时间,停用时间,全宗属类,封闭全宗,关系,相关全宗,关系时间
Z109,水务局全宗,县水务局,1984.4,,党政机关,否,由…改名,,
Z109,水利局全宗,县水利局,1953.5,1984.3,,,合并入,J020,1984.3
J021,农机站,,早年,,,,,,
"""


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("1983", ["水利局全宗"]),
        ("1984-03-05", ["水利局全宗", "水务局全宗"]),
        ("1984-04", ["水务局全宗"]),
        ("民国三十六年", []),
        ("1980-1990", ["水利局全宗", "水务局全宗"]),
        ("不详", ["水利局全宗", "水务局全宗"]),
    ],
)
def test_the_name_is_that_of_the_records_own_date(written: str, held: list[str]) -> None:
    names = in_order([OFFICE, BUREAU])
    assert parse_names(names_text(names)) == names == (BUREAU, OFFICE)
    assert [one.name for one in names_on(names, parse_record_date(written), None)] == held
    fonds = Fonds(HOME.code, "J019", "水务局全宗", "县水务局", names=names_text(names))
    said = fonds.on(parse_record_date(written), None)
    assert said.name == (held[0] if len(held) == 1 else "")
    assert bool(said.candidates) is (len(held) != 1)
    assert fonds.on(None, 1975).creator == "县水利局"
    assert fonds.on(None, None).name == ""


def test_a_name_without_an_end_ends_where_the_next_begins() -> None:
    names = parse_names("1953— 水利局；1984.4— 水务局；— 水利科")
    assert [one.name for one in names_on(names, parse_record_date("1984-03"), None)] == ["水利局"]
    assert [one.name for one in names_on(names, parse_record_date("1952"), None)] == ["水利科"]


def test_a_sheet_tells_names_kind_state_and_relations(tmp_path: Path) -> None:
    path = tmp_path / "fonds.csv"
    path.write_text(SHEET, "utf-8")
    fonds, findings = read_fonds(read_sheet(path, FONDS_HEADINGS, required=REQUIRED), HOME.code)
    assert fonds[0].names == "1953.5—1984.3 水利局全宗｜县水利局；1984.4— 水务局全宗｜县水务局"
    assert (fonds[0].name, fonds[0].creator, fonds[0].kind, fonds[0].state) == (
        "水务局全宗",
        "县水务局",
        "党政机关",
        "未封闭",
    )
    assert fonds[0].relations == "由…改名；合并入 J020（1984.3）"
    assert [(one.code, one.row, one.cell) for one in findings] == [("date-unreadable", 4, "D4")]


def test_a_later_name_changes_nothing_that_an_older_record_says(tmp_path: Path) -> None:
    file = planned(tmp_path / "1.jpg", page=1)
    plan = batch(tmp_path, record(file, formed=parse_record_date("1983-05-03")))
    with workplace(tmp_path, update=True) as place:
        archive = place.archive
        describe_fonds(archive, HOME, [replace(FONDS, creator="县水利局")])
        list(ingest(plan, place, progress=lambda _: None))
        renamed = replace(
            FONDS, name="水务局全宗", creator="县水务局", names=names_text([replace(BUREAU, name="全宗"), OFFICE])
        )
        assert describe_fonds(archive, HOME, [renamed]) == ()
        assert _fonds_of(archive) == ("全宗", "县水利局")
        list(ingest(retitled(plan, "更正"), place, progress=lambda _: None))
        held = archive.refresh().find(CODE)
        newest = archive.holdings.newest(held.package_id).record
        assert held.version == 2 and newest.fonds and newest.fonds.creator == "县水利局"
        known = archive.fonds("990001", "Z109")
        assert known and known.name == "水务局全宗"
        (listed,) = archive.catalogue.units.by_code("990001", ["Z109"])["Z109"]
        describe_fonds(archive, HOME, [replace(renamed, kind="党政机关")])
        kinds = [row.description.fonds_kind for row in rows_about(archive, listed.unit.unit_id)]
        assert kinds == ["", "党政机关"]
        known = archive.fonds("990001", "Z109")
        archive.forget()
        assert _fonds_of(archive) == ("全宗", "县水利局")
        assert archive.fonds("990001", "Z109") == known


def test_a_name_without_dates_beside_another_is_told_and_not_guessed(tmp_path: Path) -> None:
    plan = batch(tmp_path, record(planned(tmp_path / "1.jpg", page=1), formed=parse_record_date("1983")))
    with workplace(tmp_path) as place:
        archive = place.archive
        list(ingest(plan, place, progress=lambda _: None))
        assert describe_fonds(archive, HOME, [FONDS]) == ()
        (found,) = describe_fonds(archive, HOME, [replace(FONDS, name="水务局全宗")])
        assert found.code == "fonds-names-undated"
        held = archive.refresh().find(CODE)
        assert held.fonds and (held.fonds.name, held.fonds.candidates) == ("", ("全宗", "水务局全宗"))


def _fonds_of(archive: Archive) -> tuple[str, str]:
    fonds = archive.refresh().find(CODE).fonds
    assert fonds
    return fonds.name, fonds.creator
