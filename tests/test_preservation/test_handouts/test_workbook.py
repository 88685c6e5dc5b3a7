import time
from io import BytesIO

import pytest
from openpyxl import load_workbook

from preservation.handouts.workbook import workbook


@pytest.mark.parametrize("seconds", [20, 1_795_000_000])
def test_a_workbook_is_written_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    moment = time.gmtime(seconds)
    monkeypatch.setattr(time, "localtime", lambda *_: moment)
    written = workbook([("1", [["档号", "页数"], ["T001-0001", 3]]), ("2", [["没有"]])])
    monkeypatch.undo()
    book = load_workbook(BytesIO(written))
    assert [[cell.value for cell in row] for row in book["1"].rows] == [["档号", "页数"], ["T001-0001", 3]]
    assert book["2"]["A1"].value == "没有"
