"""Files are hooked by a code alone where it names one unit; else it is said what the catalogue has near it."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.support.files import image_bytes
from tests.test_cli.test_commands.test_catalogue import founded, table

VOLUMES = [("J019-1-2", "卷二"), ("J019-1-9", "卷九"), ("J019-1-9", "卷九（续）")]


def catalogued(jinkui: Jinkui) -> None:
    """Describe a volume, and two under one code."""
    founded(jinkui)
    jinkui("catalogue", "import", table(jinkui.home.parent / "卷.csv", ("档号", "案卷题名"), *VOLUMES), code=12)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(catalogued, tmp_path, capsys)


def hooked(jinkui: Jinkui, code: str, *title: str) -> dict[str, Any]:
    """Take in a scan of a code, with a title or without, and return the only record's outcome."""
    batch = jinkui.home.parent / f"batch {code}"
    (batch / code).mkdir(parents=True)
    (batch / code / "001.jpg").write_bytes(image_bytes("JPEG"))
    table(batch / "catalogue.csv", ("档号", "题名")[: 1 + len(title)], (code, *title))
    told: dict[str, Any] = jinkui.json("ingest", str(batch), code=12)["records"][0]
    return told


def test_a_code_that_the_catalogue_lacks_is_told_with_what_is_near_it(jinkui: Jinkui) -> None:
    told = hooked(jinkui, "J019-1-0002")
    assert [one["code"] for one in told["findings"]] == ["code-unknown"]
    assert "J019-1-2" in str(told["findings"][0]["message"])
    assert [one["code"] for one in hooked(jinkui, "J019-7-0050")["findings"]] == ["code-unknown"]
    assert "J019-1-2" in jinkui("show", "J019-1-0002", code=4)


@pytest.mark.parametrize("title", [(), ("卷七",)])
@pytest.mark.parametrize(("state", "name"), [("已移交", "handed on"), ("已销毁", "destroyed")])
def test_nothing_is_hooked_to_what_is_said_to_have_left(
    jinkui: Jinkui, state: str, name: str, title: tuple[str, ...]
) -> None:
    heads = ("档号", "案卷题名", "状态")
    jinkui("catalogue", "import", table(jinkui.home.parent / "移交.csv", heads, ("J019-1-7", "卷七", state)))
    told = hooked(jinkui, "J019-1-7", *title)
    assert (told["outcome"], [one["code"] for one in told["findings"] if one["severity"] == "error"]) == (
        "rejected",
        ["unit-left"],
    )
    assert name in str(told["findings"])
    assert len(jinkui.json("catalogue", "list", "--code", "J019-1-7")["units"]) == 1
    correction = table(jinkui.home.parent / "收回.csv", ("档号", "状态"), ("J019-1-7", "在库"))
    jinkui("describe", correction, "--reason", "收回")
    jinkui("ingest", str(jinkui.home.parent / "batch J019-1-7"), code=12)
    (unit,) = jinkui.json("catalogue", "list", "--code", "J019-1-7")["units"]
    assert unit["has_content"]


@pytest.mark.parametrize("title", [(), ("卷九",)])
def test_nothing_goes_in_under_a_code_that_several_units_have(jinkui: Jinkui, title: tuple[str, ...]) -> None:
    told = hooked(jinkui, "J019-1-9", *title)
    assert [one["code"] for one in told["findings"] if one["severity"] == "error"] == ["code-of-several"]
    assert not any(one["has_content"] for one in jinkui.json("catalogue", "list", "--code", "J019-1-9")["units"])


def test_a_sheet_whose_titles_stand_under_an_unknown_heading_says_so_at_each_row(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    batch = tmp_path / "headed otherwise"
    batch.mkdir()
    (batch / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    (batch / "a.txt").write_text("text")
    rows = "archival code,name of the record,files\nJ019-7-0061,Minutes,a.txt\n"
    (batch / "catalogue.csv").write_text(rows, "utf-8")
    told = jinkui.json("ingest", str(batch), "--dry-run", code=12)
    every = [*told["findings"], *(one for row in told["records"] for one in row["findings"])]
    (found,) = [one for one in every if one["code"] == "code-unknown"]
    assert "call the column of titles" in found["message"]
    assert "mend these rows first" in jinkui("ingest", str(batch), "--dry-run", code=12)
