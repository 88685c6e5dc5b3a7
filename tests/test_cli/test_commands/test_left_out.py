"""Rows that an import leaves out: of units whose data were purged, of unknown secrecy, and what takes a value from such rows."""

from pathlib import Path

import pytest

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
