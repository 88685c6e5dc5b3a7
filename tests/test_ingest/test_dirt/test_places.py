"""Places are told whole: table, worksheet and cell, rows in words, runs of cells as one."""

from archives.findings import warning
from archives.message import message
from ingest.cataloguing.told import ToldOnce
from ingest.dirt.places import Places, place_of_cell


def test_every_place_is_told_with_its_worksheet_and_runs_as_one() -> None:
    places = Places()
    for row in (9, 12, 13, 14):
        places.add("目录.xlsx!案卷{1}", row, f"F{row}")
        places.add("目录.xlsx!案卷{1}", row, f"G{row}")
    places.add("卷内.csv", 3)
    places.add("卷内.csv", 4)
    assert places.told().text("zh") == "目录.xlsx!案卷{1} F9, G9, F12–F14, G12–G14; 卷内.csv 第 3–4 行"
    assert places.told().text("en").endswith("; 卷内.csv rows 3–4")
    assert places.told(most=1).text("en") == "目录.xlsx!案卷{1} F9 … (10 in all)"
    assert place_of_cell("a.csv", 7, "").text("zh") == "a.csv 第 7 行"


def test_a_finding_of_many_places_names_them_all() -> None:
    told = ToldOnce()
    told.take(
        warning("x", message("甲", "a"), file="a.xlsx!一", row=row, cell=f"B{row}") for row in (*range(2, 40), 50)
    )
    (found,) = told.told()
    assert found.message.text("zh") == "甲（39 处：a.xlsx!一 B2–B39, B50）"
