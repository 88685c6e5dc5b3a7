"""A row whose code is described already is never lost in silence: what it says otherwise is told, another unit comes in."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_catalogue import codes, founded, rows, table

HEAD = ("档号", "案卷题名", "起止日期")
FIRST, SECOND = ("J019-1-0001", "甲卷", "1951"), ("J019-1-0002", "综合材料", "1951")


def with_two_volumes(jinkui: Jinkui) -> None:
    """Import a table of two volumes."""
    founded(jinkui)
    jinkui("catalogue", "import", table(jinkui.home.parent / "甲.csv", HEAD, FIRST, SECOND))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_two_volumes, tmp_path, capsys)


def sums(told: dict[str, Any]) -> tuple[int, int, list[str]]:
    """Return how many rows are new and known, and the kinds of dirt."""
    (one,) = told["tables"]
    return one["new"], one["known"], [kind["code"] for kind in told["dirt"]]


def test_another_unit_of_a_code_that_is_taken_comes_in_and_is_told(jinkui: Jinkui, tmp_path: Path) -> None:
    other_year = ("J019-1-0002", "综合材料", "1966")
    second = table(tmp_path / "乙.csv", HEAD, ("J019-1-0001", "完全不同的乙卷", "1966"), other_year)
    sheet = tmp_path / "更正.csv"
    told = jinkui.json("catalogue", "import", second, "--to-correct", str(sheet), code=12)
    assert sums(told) == (2, 0, ["code-taken"])
    assert "甲卷 → 完全不同的乙卷" in told["dirt"][0]["first"]
    assert [row[6:8] for row in rows(sheet)[1:]] == [["完全不同的乙卷", "甲卷"], ["综合材料", "综合材料"]]
    assert codes(jinkui) == [FIRST[0], FIRST[0], SECOND[0], SECOND[0]]
    assert jinkui.json("search", "乙卷")["total"] == 1
    assert jinkui.json("catalogue", "reconcile", told["import"])["adds_up"]
    (found,) = jinkui.json("findings", "list", "--batch", told["import"])["findings"]
    assert "乙.csv B2" in found["message"]
    assert "甲卷" in found["message"]
    jinkui("catalogue", "import", second)
    assert sums(jinkui.json("catalogue", "import", str(jinkui.home.parent / "甲.csv"))) == (0, 2, [])
    assert len(codes(jinkui)) == 4


def test_a_row_that_says_the_same_or_less_or_what_was_said_before_is_known(jinkui: Jinkui, tmp_path: Path) -> None:
    correction = table(tmp_path / "c.csv", ("档号", "题名", "存放位置"), (FIRST[0], "甲卷（更正）", "3"))
    jinkui("describe", correction, "--reason", "as on the cover")
    again = table(tmp_path / "又来.csv", ("序号", *HEAD[:2]), ("7", *FIRST[:2]), ("8", SECOND[0], ""))
    told = jinkui.json("catalogue", "import", again, code=12)
    assert sums(told) == (0, 2, ["title-missing"])
    jinkui("catalogue", "export", str(tmp_path / "out.csv"))
    came_back = jinkui.json("catalogue", "import", str(tmp_path / "out.csv"), "--dry-run")
    assert sums(came_back)[1:] == (2, []), "but for the fonds, which the rule of codes tells and nobody described"
    for language, name in (("zh", "list.csv"), ("en", "list.xlsx")):
        jinkui("catalogue", "list", "--report", str(tmp_path / name), lang=language)
        assert sums(jinkui.json("catalogue", "import", str(tmp_path / name), "--dry-run")) == (0, 2, []), language
    assert len(codes(jinkui)) == 2


def test_what_a_row_says_otherwise_of_the_same_unit_is_told_and_changes_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    wider = table(tmp_path / "宽.csv", (*HEAD, "保管期限", "经手"), (*FIRST, "永久", "王五"), (*SECOND, "", ""))
    told = jinkui.json("catalogue", "import", wider, code=12)
    assert sums(told) == (0, 2, ["unit-differs"])
    assert told["dirt"][0]["count"] == 2
    (found,) = jinkui.json("findings", "list", "--batch", told["import"])["findings"]
    assert "retention: — → 永久" in found["message"]
    assert codes(jinkui) == [FIRST[0], SECOND[0]]
    jinkui("catalogue", "export", str(tmp_path / "out.csv"), lang="zh")
    head, *said = rows(tmp_path / "out.csv")
    edited = [["改过的题名" if text == "甲卷" else text for text in map(str, row)] for row in said]
    back = table(tmp_path / "back.csv", tuple(map(str, head)), *map(tuple, edited))
    told = jinkui.json("catalogue", "import", back, "--dry-run", code=12)
    assert sums(told)[1:] == (2, ["unit-differs"])
    assert "甲卷 → 改过的题名" in told["dirt"][0]["first"]
    assert codes(jinkui) == [FIRST[0], SECOND[0]]
