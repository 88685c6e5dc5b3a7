"""Corrections of units that a sheet names by the parts of their codes, or says to stand elsewhere."""

from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import write
from tests.test_cli.test_commands.test_renumbered_below import below, catalogued


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(catalogued, tmp_path, capsys)


def described(jinkui: Jinkui, text: str, *, code: int = 0) -> dict[str, object]:
    """Correct by a sheet and return the answer."""
    sheet = write(jinkui.home.parent / "更正.csv", text)
    return jinkui.json("describe", str(sheet), "--reason", "封面", code=code)


def test_a_sheet_with_the_parts_of_codes_corrects_what_they_name(jinkui: Jinkui) -> None:
    rows = "题名更正表,,,,\n全宗号,目录号,案卷号,件号,题名\nZ109,20,2,,丑卷之更正\nZ109,20,1,1,件之更正\n"
    told = described(jinkui, rows)
    assert (told["corrected"], told["findings"]) == (2, [])
    assert jinkui.json("show", "Z109-20-2")["description"]["title"] == "丑卷之更正"
    assert jinkui.json("show", "Z109-20-1-1")["description"]["title"] == "件之更正"


def test_a_sheet_without_codes_and_their_parts_says_which_column_it_lacks(jinkui: Jinkui) -> None:
    told = described(jinkui, "题名,备注,责任者\n丑卷之更正,x,y\n", code=12)
    findings = told["findings"]
    assert isinstance(findings, list)
    assert [one["code"] for one in findings] == ["column-missing"]


def test_another_unit_above_is_no_correction_and_told(jinkui: Jinkui) -> None:
    told = described(jinkui, "档号,上级档号\nZ109-20-1-1,Z109-20-2\n", code=12)
    findings = told["findings"]
    assert isinstance(findings, list)
    assert [(one["code"], one["row"]) for one in findings] == [("parent-not-changed", 2)]
    assert "renumber" in str(findings[0]["advice"])
    assert below(jinkui, "Z109-20-1") == ["Z109-20-1-1"]
    assert described(jinkui, "档号,上级档号,题名\nZ109-20-1-1,Z109-20-1,新\n")["findings"] == []
