"""Corrections by sheet alone: only the columns in it change, no file is touched, what was said before stays to be seen."""

import csv
from pathlib import Path

import pytest

from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared

CODE = "Z109-WS·2011-Y-BGS-0001"
SECOND = "Z109-WS·2011-Y-BGS-0002"
ROWS = [(CODE, "Flood report", "2011", "永久", "英语", "1"), (SECOND, "River levels", "2011", "永久", "英语", "1")]


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆")
    jinkui("ingest", str(make_batch(jinkui.home.parent / "batch", ROWS)), code=12)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def sheet(tmp_path: Path, *rows: tuple[str, ...]) -> str:
    """Write a sheet of corrections and return its path."""
    path = tmp_path / "corrections.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def test_only_the_columns_of_the_sheet_change_and_no_file_is_written(jinkui: Jinkui, tmp_path: Path) -> None:
    lies = {p: (p.stat().st_ino, p.read_bytes()) for p in (jinkui.home / "stores").rglob("*.jpg")}
    before = jinkui.json("show", CODE)
    corrections = sheet(tmp_path, ("档号", "题名", "存放位置"), (CODE, "Flood report of the county", "1库2列"))
    foreseen = jinkui.json("describe", corrections, "--reason", "as on the cover", "--dry-run")
    assert [one["after"] for one in foreseen["changes"]] == ["Flood report of the county", "1库2列"]
    assert jinkui.json("show", CODE)["description"] == before["description"]
    jinkui("describe", corrections, "--reason", "as on the cover", "--by", "王档")
    now = jinkui.json("show", CODE)
    changed = {key for key, value in now["description"].items() if before["description"][key] != value}
    assert changed == {"title", "place"}
    assert now["versions"] == before["versions"]
    assert {p: (p.stat().st_ino, p.read_bytes()) for p in (jinkui.home / "stores").rglob("*.jpg")} == lies
    (row,) = now["history"]
    assert (row["person"], row["reason"], row["source"]) == ("王档", "as on the cover", "corrections.csv 2")
    assert jinkui.json("search", "county")["total"] == 1
    was = before["description"]["title"]
    assert f"{was} → Flood report of the county" in str(row["what"]), "what it was called before is told"
    for command in ("show", "explain"):
        told = jinkui(command, CODE)
        table = told[told.index("what was said of it") :]
        first, second = (line for line in table.splitlines()[4:] if line.startswith(("│ — ", "│ 1 ")))
        assert (first[2], second[2]) == ("—", "1"), "what came with it is the first"
        assert "王档" in second


def test_an_empty_cell_changes_nothing_and_the_mark_empties(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("describe", sheet(tmp_path, ("档号", "备注", "盒号"), (CODE, "mended", "007")), "--reason", "a")
    jinkui("describe", sheet(tmp_path, ("档号", "备注", "盒号"), (CODE, "", "（清空）")), "--reason", "b")
    described = jinkui.json("show", CODE)["description"]
    assert (described["note"], described["box"]) == ("mended", "")
    assert [one["reason"] for one in jinkui.json("explain", CODE)["descriptions"]] == ["a", "b"]


def test_a_row_that_means_no_unit_is_told_and_the_others_go_on(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = sheet(tmp_path, ("档号", "题名"), ("Z109-WS·2011-Y-BGS-0999", "nobody"), (SECOND, "Water levels"))
    told = jinkui.json("describe", rows, "--reason", "c", code=12)
    assert told["corrected"] == 1
    assert [(one["code"], one["row"]) for one in told["findings"]] == [("unit-unknown", 2)]
    assert jinkui.json("show", SECOND)["description"]["title"] == "Water levels"


def test_of_two_rows_of_one_unit_the_second_is_told(jinkui: Jinkui, tmp_path: Path) -> None:
    unit_id = jinkui.json("show", CODE)["package_id"]
    twice = sheet(
        tmp_path, ("档号", "unit_id", "题名"), (CODE, "", "First"), ("", unit_id, "Second"), (SECOND, "", "Third")
    )
    told = jinkui.json("describe", twice, "--reason", "r", code=12)
    assert ([one["code"] for one in told["findings"]], told["corrected"]) == (["unit-twice"], 2)
    assert [jinkui.json("show", one)["description"]["title"] for one in (CODE, SECOND)] == ["First", "Third"]


def test_a_row_that_cannot_be_read_is_told_why(jinkui: Jinkui, tmp_path: Path) -> None:
    unclear = sheet(tmp_path, ("档号", "题名", "密级"), (CODE, "First", "MJ-3"), (SECOND, "Second", ""))
    told = jinkui.json("describe", unclear, "--reason", "r", code=12)
    assert "unit-unknown" not in [one["code"] for one in told["findings"]]
    assert [jinkui.json("show", one)["description"]["title"] for one in (CODE, SECOND)] == ["Flood report", "Second"]


def test_a_marking_of_secrecy_stops_the_sheet(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = sheet(tmp_path, ("档号", "题名", "密级"), (SECOND, "Water levels", "机密"))
    jinkui("describe", rows, "--reason", "c", code=5)
    assert jinkui.json("show", SECOND)["description"]["title"] == "River levels"


def test_a_word_that_was_judged_to_be_no_marking_corrects(jinkui: Jinkui, tmp_path: Path) -> None:
    corrections = sheet(tmp_path, ("档号", "题名", "备注"), (CODE, "绝密", "影片"))
    jinkui("describe", corrections, "--reason", "x", code=5)
    told = jinkui.json("describe", corrections, "--reason", "x", "--not-secret", "B2=title of a film")
    assert (told["corrected"], [one["code"] for one in told["findings"]]) == (1, ["judged-not-secret"])
    assert jinkui.json("show", CODE)["description"]["title"] == "绝密"


def test_a_correction_without_a_reason_is_refused(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("describe", sheet(tmp_path, ("档号", "题名"), (CODE, "x")), "--reason", " ", code=2)
    assert jinkui.json("show", CODE)["description"]["title"] == "Flood report"


def test_records_are_listed_in_the_catalogue_page_by_page(jinkui: Jinkui) -> None:
    listed = jinkui.json("catalogue", "list")
    assert [(one["code"], one["level"]) for one in listed["units"]] == [(CODE, "件"), (SECOND, "件")]
    assert listed["count"] == 2
    page = jinkui.json("catalogue", "list", "--after", CODE)
    assert [one["code"] for one in page["units"]] == [SECOND]


def test_a_word_that_is_no_level_is_refused(jinkui: Jinkui) -> None:
    jinkui("catalogue", "list", "--level", "盒子", code=2)
    jinkui("catalogue", "list", "--after", "Z109-9-9-9", code=4)
    assert jinkui.json("catalogue", "list", "--level", "案卷")["units"] == []


def test_a_finding_about_a_cell_is_settled_when_its_element_is_corrected(jinkui: Jinkui, tmp_path: Path) -> None:
    table = tmp_path / "卷.csv"
    rows = ("档号,案卷题名,日期", "Z109-1-1,卷一,1957.7-1956.9", "Z109-1-2,卷二,某年某月", "Z109-1-3,卷三,又某年")
    table.write_text("\n".join(rows) + "\n", "utf-8")
    jinkui("catalogue", "import", str(table), code=12)

    def found(*options: str) -> dict[str, str]:
        every = jinkui.json("findings", "list", *options)["findings"]
        return {one["code"]: (one["settled"] or {}).get("reason", "") for one in every if one["file"] == table.name}

    assert set(found()) == {"date-reversed", "date-unreadable"}
    of_title = sheet(tmp_path, ("档号", "题名"), ("Z109-1-1", "另一题名"))
    assert jinkui.json("describe", of_title, "--reason", "a")["settled"] == 0
    dates = sheet(tmp_path, ("档号", "日期"), ("Z109-1-1", "1956.7-1957.9"), ("Z109-1-2", "1957"))
    assert jinkui.json("describe", dates, "--reason", "as on the cover")["settled"] == 1
    assert set(found()) == {"date-unreadable"}, "one of its two rows is as it was"
    assert "as on the cover" in found("--settled")["date-reversed"]
    assert (
        jinkui.json("describe", sheet(tmp_path, ("档号", "日期"), ("Z109-1-3", "1958")), "--reason", "b")["settled"]
        == 1
    )
    assert found() == {}
