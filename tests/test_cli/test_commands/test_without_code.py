"""Units whose codes could not be built: they are of their fonds, and are listed, counted and exported with it."""

import csv
from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import founded, write

HEADS = "全宗号,目录号,案卷号,件号,题名,日期"
WITHOUT = "canarywithout"


@pytest.fixture(params=["registered", "unknown"])
def jinkui(
    request: pytest.FixtureRequest, prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Jinkui:
    jinkui = prepared.copy(founded, tmp_path, capsys)
    if request.param == "registered":
        fonds = write(tmp_path / "fonds.csv", "全宗号,全宗名称\nB012,农业局\n")
        jinkui("fonds", "import", str(fonds), "--repository", "990001")
    rows = f"{HEADS}\nB012,10,,1,{WITHOUT},1957\nB012,10,2,1,有案卷号的一件,1957\n"
    jinkui("catalogue", "import", str(write(tmp_path / "items.csv", rows)), code=12)
    return jinkui


def titles(jinkui: Jinkui, *options: str) -> list[str]:
    """Return the titles of what a list has, in its order."""
    return [str(one["title"]) for one in jinkui.json("catalogue", "list", *options)["units"]]


def exported(jinkui: Jinkui, path: Path) -> list[dict[str, str]]:
    """Return the rows of the exported fonds."""
    jinkui("catalogue", "export", str(path), "--fonds", "B012")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_unit_without_code_is_listed_and_exported_with_its_fonds(jinkui: Jinkui, tmp_path: Path) -> None:
    assert WITHOUT in titles(jinkui, "--fonds", "B012")
    assert WITHOUT in [row.get("题名", row.get("title")) for row in exported(jinkui, tmp_path / "out.csv")]
    jinkui("rebuild")
    assert WITHOUT in titles(jinkui, "--fonds", "B012")


def test_what_was_exported_comes_back_into_its_fonds(
    jinkui: Jinkui, tmp_path: Path, prepared: Prepared, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(jinkui, tmp_path / "out.csv")
    other = prepared.copy(founded, tmp_path / "other", capsys)
    other("catalogue", "import", str(tmp_path / "out.csv"), code=12)
    assert WITHOUT in titles(other, "--fonds", "B012")


def test_its_code_puts_it_into_the_series_that_the_code_names(jinkui: Jinkui) -> None:
    (unit,) = [one for one in jinkui.json("catalogue", "list")["units"] if one["title"] == WITHOUT]
    jinkui("renumber", str(unit["unit_id"]), "B012-10-3-1", "--reason", "查明案卷号")
    assert WITHOUT in titles(jinkui, "--fonds", "B012")


@pytest.mark.parametrize("jinkui", ["registered"], indirect=True)
def test_all_that_stands_below_a_fonds_is_listed_though_a_unit_has_no_code(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = f"{HEADS}\nB012,10,3,,第三卷,1957\nB012,10,3,1,卷内的,1957\n"
    jinkui("catalogue", "import", str(write(tmp_path / "more.csv", rows)))
    below = titles(jinkui, "--under", "B012")
    assert {"有案卷号的一件", "卷内的", "第三卷", WITHOUT} <= {*below}
    of_fonds = [one for one in titles(jinkui, "--fonds", "B012") if one != "农业局"]
    assert sorted(below) == sorted([*of_fonds, ""]), "and the series that only codes name"
