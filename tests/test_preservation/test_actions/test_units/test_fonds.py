"""A fonds has its names one after the other: a later one never changes what an older record says of its creator."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import ConflictError
from archives.record.dates.parse import parse_record_date
from archives.record.description import Fonds
from archives.record.fonds_names import FondsName, in_order, joined_names, names_on, names_text, parse_names
from ingest.sheets.fonds import FONDS_HEADINGS, REQUIRED, read_fonds
from ingest.sheets.table import read_sheet
from ingest.workflow import ingest
from preservation.actions.units.describing import Said
from preservation.actions.units.fonds import FondsCalled, correct_fonds, describe_fonds
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


@pytest.mark.parametrize(
    ("periods", "years", "codes"),
    [
        (("1950-1955", "1956-2010"), "1950-2010", []),
        (("1956—2010", "1950 - 1955", "2010-"), "1950-", []),
        (("1950-1955", ""), "1950-1955", []),
        (("光绪三十一年-民国三十八年", "1949-1950"), "光绪三十一年-1950", []),
        (("早期", "1956-2010"), "早期", ["fonds-rows-differ"]),
    ],
)
def test_a_fonds_has_the_years_of_all_its_rows(
    tmp_path: Path, periods: tuple[str, ...], years: str, codes: list[str]
) -> None:
    rows = "".join(f"B012,农业局{n},,{text}\n" for n, text in enumerate(periods))
    path = tmp_path / "fonds.csv"
    path.write_text(f"全宗号,全宗名称,立档单位,起止年\n{rows}", "utf-8")
    fonds, findings = read_fonds(read_sheet(path, FONDS_HEADINGS, required=REQUIRED), HOME.code)
    assert (fonds[0].years, [one.code for one in findings]) == (years, codes)


def test_what_only_one_row_of_a_fonds_can_say_is_told_where_rows_differ(tmp_path: Path) -> None:
    path = tmp_path / "fonds.csv"
    path.write_text("全宗号,全宗名称,全宗介绍,是否封闭\nB012,农业科,甲,是\nB012,农业局,乙,封闭\n", "utf-8")
    fonds, findings = read_fonds(read_sheet(path, FONDS_HEADINGS, required=REQUIRED), HOME.code)
    assert (fonds[0].history, fonds[0].state) == ("甲", "封闭")
    assert [(one.code, one.row, one.cell) for one in findings] == [("fonds-rows-differ", 3, "C3")]
    assert "乙" in findings[0].message.text("zh")


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


ONE_NAME = """全宗号,全宗名称,立档单位,启用时间,停用时间,关系,相关全宗
J019,水利局全宗,水利科,1950.3,,,
J019,,水利局,1955.1,1968.9,,
J019,水利局全宗,革命领导小组,1968.10,1978,,
J019,,水利局,1979,,,
J019,,,,,并入,J020
"""


def test_one_name_of_a_fonds_may_have_held_under_several_creators(tmp_path: Path) -> None:
    path = tmp_path / "fonds.csv"
    path.write_text(ONE_NAME, "utf-8")
    fonds, findings = read_fonds(read_sheet(path, FONDS_HEADINGS, required=REQUIRED), HOME.code)
    (one,) = fonds
    assert [(name.creator, name.first) for name in parse_names(one.names)] == [
        ("水利科", "1950.3"),
        ("水利局", "1955.1"),
        ("革命领导小组", "1968.10"),
        ("水利局", "1979"),
    ]
    assert [one.on(None, year).creator for year in (1952, 1960, 1970, 1990)] == [
        "水利科",
        "水利局",
        "革命领导小组",
        "水利局",
    ]
    between = one.on(parse_record_date("1968"), None)
    assert (between.name, between.creator, between.candidates) == ("水利局全宗", "", ())
    assert [(found.code, found.row) for found in findings] == [("fonds-incomplete", 6)]
    assert "未登记" in findings[0].message.zh


@pytest.mark.parametrize(
    ("new", "joined"),
    [
        ("1968.10— 局全宗｜甲委", "1950— 科全宗｜甲科；1955.1—1968.9 局全宗｜甲局；1968.10— 局全宗｜甲委"),
        (
            "1955.1— 局全宗｜甲局；1968.10— 局全宗｜甲局",
            "1950— 科全宗｜甲科；1955.1—1968.9 局全宗｜甲局；1968.10— 局全宗｜甲局",
        ),
        ("1955.2— 局全宗｜甲局", "1950— 科全宗｜甲科；1955.2—1968.9 局全宗｜甲局"),
        ("— 局全宗｜", "1950— 科全宗｜甲科；1955.1—1968.9 局全宗｜甲局"),
    ],
)
def test_names_said_later_are_joined_to_those_known_before(new: str, joined: str) -> None:
    old = parse_names("1950— 科全宗｜甲科；1955.1—1968.9 局全宗｜甲局")
    assert names_text(joined_names(parse_names(new), old)) == joined
    assert names_text(joined_names(parse_names(joined), parse_names(joined))) == joined


def test_another_creator_said_later_takes_no_record_from_the_first(tmp_path: Path) -> None:
    sheets = [f"全宗号,全宗名称,立档单位,启用时间\nJ020,甲局全宗,{row}\n" for row in ("甲局,1955.1", "甲委,1968.10")]
    with workplace(tmp_path) as place:
        for number, sheet in enumerate(sheets):
            (tmp_path / f"{number}.csv").write_text(sheet, "utf-8")
            table = read_sheet(tmp_path / f"{number}.csv", FONDS_HEADINGS, required=REQUIRED)
            assert describe_fonds(place.archive, HOME, read_fonds(table, HOME.code)[0]) == ()
        known = place.archive.fonds("990001", "J020")
        assert known and [known.on(None, year).creator for year in (1960, 1970)] == ["甲局", "甲委"]


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


Between = Callable[[Archive, Callable[[], object]], None]


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Between:
    """Let something be done after the next plan and before it is carried out, as somebody else would."""

    def once(archive: Archive, act: Callable[[], object]) -> None:
        begin = Archive.begin_writing

        def begin_writing(self: Archive) -> None:
            monkeypatch.setattr(Archive, "begin_writing", begin)
            act()
            begin(self)

        monkeypatch.setattr(Archive, "begin_writing", begin_writing)

    return once


def test_two_sheets_of_fonds_at_once_lose_nothing_of_each_other(tmp_path: Path, between: Between) -> None:
    with workplace(tmp_path) as place:
        archive = place.archive
        describe_fonds(archive, HOME, [FONDS])
        theirs = replace(FONDS, creator="县水利局", history="他人所写")
        between(archive, lambda: describe_fonds(archive, HOME, [theirs]))
        describe_fonds(archive, HOME, [replace(FONDS, name="水利局", names="1953.5— 水利局")])
        known = archive.fonds("990001", "Z109")
        assert known and (known.name, known.history) == ("水利局", "他人所写")


def test_a_correction_while_others_describe_the_fonds_is_done_or_refused(tmp_path: Path, between: Between) -> None:
    with workplace(tmp_path) as place:
        archive = place.archive
        describe_fonds(archive, HOME, [FONDS])
        said, called = Said("0" * 16, "甲", "印章"), FondsCalled(name="水利局全宗")
        between(archive, lambda: describe_fonds(archive, HOME, [replace(FONDS, kind="党政机关")]))
        with pytest.raises(ConflictError):
            correct_fonds(archive, HOME, "Z109", called, was=None, said=said)
        assert correct_fonds(archive, HOME, "Z109", called, was=None, said=said).kind == "党政机关"
        known = archive.fonds("990001", "Z109")
        assert known and (known.name, known.kind) == ("水利局全宗", "党政机关")


def test_a_sheet_of_fonds_keeps_what_was_corrected_meanwhile(tmp_path: Path, between: Between) -> None:
    with workplace(tmp_path) as place:
        archive = place.archive
        describe_fonds(archive, HOME, [FONDS])
        said, called = Said("0" * 16, "甲", "印章"), FondsCalled(creator="县水利局")
        between(archive, lambda: correct_fonds(archive, HOME, "Z109", called, was=None, said=said))
        describe_fonds(archive, HOME, [replace(FONDS, history="甲写")])
        known = archive.fonds("990001", "Z109")
        assert known and (known.creator, known.history) == ("县水利局", "甲写")


def _fonds_of(archive: Archive) -> tuple[str, str]:
    fonds = archive.refresh().find(CODE).fonds
    assert fonds
    return fonds.name, fonds.creator
