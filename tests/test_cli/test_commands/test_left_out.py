"""Rows that an import leaves out: of units whose data were purged, of unknown secrecy, and what takes a value from such rows."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.support.command_line import Jinkui, Prepared
from tests.support.county_home import places_of
from tests.test_cli.test_commands.test_catalogue import codes, table
from tests.test_cli.test_commands.test_purge import BARE, CANARY, GOING, STAYING, founded, planned


def purged(jinkui: Jinkui) -> None:
    """Purge a record and a unit without content of one import."""
    founded(jinkui)
    jinkui("catalogue", "export", str(jinkui.home.parent / "before.xlsx"))
    planned(jinkui, "--code", GOING, "--code", BARE)
    jinkui("purge", "run", str(jinkui.home.parent / "purge.json"), "--yes")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(purged, tmp_path, capsys)


@pytest.mark.parametrize(("name", "read"), [("目录.csv", 4), ("before.xlsx", 4)])
def test_what_was_purged_does_not_come_back_by_the_table_that_brought_it(jinkui: Jinkui, name: str, read: int) -> None:
    assert places_of(CANARY, jinkui.home) == []
    told = jinkui.json("catalogue", "import", str(jinkui.home.parent / name), code=12)
    assert [(one["read"], one["left_out"]) for one in told["tables"]] == [(read, 2)]
    assert [one["code"] for one in told["findings"] if one["severity"] == "error"] == ["row-purged"]
    assert places_of(CANARY, jinkui.home) == []
    assert {GOING, BARE}.isdisjoint(codes(jinkui)) and STAYING in codes(jinkui)
    assert not list((jinkui.home / "stores").rglob(name)), "only the list of the rows is kept"
    (rows,) = {path.read_bytes() for path in (jinkui.home / "stores").rglob("rows.jsonl")}
    assert rows.count(b'"left_out": "purged"') == rows.count(b"left_out") == 2
    assert GOING.encode() not in rows
    summed = jinkui.json("catalogue", "reconcile", told["import"])
    assert {one["reason"] for one in summed["rows_out"]} == {
        "the data of the unit that it is about were purged, so it was left out"
    }


def test_a_record_that_was_purged_is_known_by_its_code_in_another_table(jinkui: Jinkui, tmp_path: Path) -> None:
    other = table(tmp_path / "别.csv", ("档号", "题名"), (GOING, f"{CANARY}的来信"), (STAYING, "新题名"))
    told = jinkui.json("catalogue", "import", other, code=12)
    assert [(one["known"], one["left_out"]) for one in told["tables"]] == [(1, 1)]
    assert places_of(CANARY, jinkui.home) == []
    anew = table(
        tmp_path / "新.csv", ("单元标识", "档号", "题名"), ("b4f1c1f0-5a52-4d0f-8c0e-0d9f6a1b2c3d", GOING, "别的")
    )
    assert jinkui.json("catalogue", "import", anew)["tables"][0]["new"] == 1
    assert jinkui.json("catalogue", "import", other, code=12)["tables"][0]["left_out"] == 0, (
        "it is compared with that one"
    )


HEAD = ("档号", "题名", "密级", "责任者")
LEAVES_OUT = 'title = "x"\nname = "x"\nsecret-rows = "leave out"\n'


@pytest.mark.parametrize(
    ("heading", "text"),
    [("密级", f"{CANARY}海防图"), ("密级代码", f"{CANARY}7"), ("保密期限", "74310743年")],
)
def test_of_a_row_of_unknown_secrecy_no_word_is_repeated(
    jinkui: Jinkui, tmp_path: Path, heading: str, text: str
) -> None:
    rows = (("J019-3-1", "卷一", "", ""), ("J019-3-2", f"{CANARY}题名", text, f"{CANARY}人"))
    shifted = table(tmp_path / "t.csv", ("档号", "题名", heading, "责任者"), *rows)
    sheet = tmp_path / "更正.csv"
    told = jinkui("catalogue", "import", shifted, "--to-correct", str(sheet), code=12)
    assert "t.csv #3 C3" in told
    assert (CANARY not in told, "74310743" not in told) == (True, True)
    for word in (CANARY, "74310743"):
        assert places_of(word, jinkui.home) == []
        assert word not in sheet.read_text("utf-8")


@pytest.mark.parametrize(("level", "profile"), [("MJ-3", ""), ("机密", LEAVES_OUT)])
def test_what_says_the_same_as_a_row_that_is_left_out_is_left_out_too(
    jinkui: Jinkui, tmp_path: Path, level: str, profile: str
) -> None:
    rows = (
        ("J019-3-1", "卷一", "", "甲"),
        ("J019-3-2", f"{CANARY}工程", level, f"{CANARY}人"),
        ("J019-3-3", "同上", "", "乙"),
        ("J019-3-4", "别卷", "", "同上"),
        ("J019-3-5", "又一卷", "", "〃"),
        ("J019-3-6", "末卷", "", "丙"),
        ("J019-3-7", "同上", "", "丁"),
    )
    (tmp_path / "p.toml").write_text(profile, "utf-8")
    options = ("--profile", str(tmp_path / "p.toml")) if profile else ()
    told = jinkui.json("catalogue", "import", table(tmp_path / "t.csv", HEAD, *rows), *options, code=12)
    assert [(one["read"], one["new"], one["left_out"]) for one in told["tables"]] == [(7, 3, 4)]
    (found,) = (one for one in told["findings"] if one["code"] == "row-takes-from-left-out")
    assert "t.csv 4, t.csv 5, t.csv 6" in found["message"]
    assert places_of(CANARY, jinkui.home) == []
    assert [one for one in codes(jinkui) if "-3-" in one] == ["J019-3-1", "J019-3-6", "J019-3-7"]
    assert jinkui.json("show", "J019-3-7")["description"]["title"] == "末卷"


def test_a_cell_that_is_merged_with_one_of_a_row_that_is_left_out_leaves_its_row_out(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    rows = (
        ("J019-3-1", "卷一", "", "甲"),
        ("J019-3-2", f"{CANARY}工程", "机密", "乙"),
        ("J019-3-3", None, "", "丙"),
        ("J019-3-4", "同上", "", "丁"),
        ("J019-3-5", "末卷", "", "戊"),
    )
    for row in (HEAD, *rows):
        sheet.append(row)
    sheet.merge_cells("B3:B4")
    book.save(tmp_path / "m.xlsx")
    (tmp_path / "p.toml").write_text(LEAVES_OUT, "utf-8")
    given = (str(tmp_path / "m.xlsx"), "--profile", str(tmp_path / "p.toml"))
    told = jinkui.json("catalogue", "import", *given, code=12)
    assert [(one["new"], one["left_out"]) for one in told["tables"]] == [(2, 3)]
    assert places_of(CANARY, jinkui.home) == []


def test_what_says_the_same_as_the_row_of_a_purged_unit_is_left_out_too(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = ((GOING, f"{CANARY}的来信"), ("J019-3-9", "同上"), ("J019-3-10", "别的"))
    told = jinkui.json("catalogue", "import", table(tmp_path / "t.csv", ("档号", "题名"), *rows), code=12)
    assert [(one["new"], one["left_out"]) for one in told["tables"]] == [(1, 2)]
    assert places_of(CANARY, jinkui.home) == []
