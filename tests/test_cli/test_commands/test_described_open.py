"""Whoever corrects an open unit is told that it waits for another review, before and after."""

from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_former_codes import opened
from tests.test_cli.test_commands.test_ingest import write
from tests.test_cli.test_commands.test_opening_units import BARE, ONE, VOLUME, shown


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(opened, tmp_path, capsys)


@pytest.mark.parametrize("code", [VOLUME, ONE, BARE])
def test_who_corrects_an_open_unit_is_told_that_it_waits(jinkui: Jinkui, tmp_path: Path, code: str) -> None:
    sheet = str(tmp_path / "d.csv")
    write(tmp_path / "d.csv", f"档号,题名\n{code},更正\n")
    assert jinkui.json("describe", sheet, "--reason", "r", "--dry-run")["would_wait"] == 1
    assert code in shown(jinkui)
    said = jinkui("describe", sheet, "--reason", "r")
    assert "1 of them are open and wait for another review now" in " ".join(said.split())
    assert "jinkui opening review" in said
    assert code not in shown(jinkui)
    assert jinkui.json("describe", sheet, "--reason", "r")["waiting"] == 0, "nothing is corrected"


def test_what_the_public_does_not_see_lets_nothing_wait(jinkui: Jinkui, tmp_path: Path) -> None:
    write(tmp_path / "d.csv", f"档号,存放位置\n{BARE},1库\n")
    told = jinkui.json("describe", str(tmp_path / "d.csv"), "--reason", "r")
    assert (told["corrected"], told["waiting"]) == (1, 0)
    assert "待复审" not in jinkui("describe", str(tmp_path / "d.csv"), "--reason", "r", lang="zh")
