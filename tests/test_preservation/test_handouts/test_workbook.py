import time
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ingest.sheets.grid import cell_text, read_grid
from preservation.handouts.workbook import workbook, worksheet_name


@pytest.mark.parametrize("seconds", [20, 1_795_000_000])
def test_a_workbook_is_written_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    moment = time.gmtime(seconds)
    monkeypatch.setattr(time, "localtime", lambda *_: moment)
    written = workbook([("1", [["档号", "页数"], ["T001-0001", 3]]), ("2", [["没有"]])])
    monkeypatch.undo()
    book = load_workbook(BytesIO(written))
    assert [[cell.value for cell in row] for row in book["1"].rows] == [["档号", "页数"], ["T001-0001", 3]]
    assert book["2"]["A1"].value == "没有"


def test_what_looks_like_an_escape_is_read_as_it_was_written(tmp_path: Path) -> None:
    words = ["_x0041_", "_x0041_x0042_", "_x005F_", "_x00zz_", "x0041_"]
    (tmp_path / "b.xlsx").write_bytes(workbook([("1", [words])]))
    (sheet,) = read_grid(tmp_path / "b.xlsx")
    assert [cell_text(cell) for cell in sheet.rows[0].cells] == words


def test_a_worksheet_is_called_as_spreadsheets_allow() -> None:
    assert worksheet_name("1 batches that are not done, and more") == "1 batches that are not done, an"
    assert worksheet_name("2 a/b: [c]?") == "2 a b   c"
    assert len(load_workbook(BytesIO(workbook([(worksheet_name("3 " + "\\*" * 20), [["x"]])]))).sheetnames) == 1
