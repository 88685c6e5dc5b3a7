"""A renumbered unit stands below what its new code names; what cannot go there is refused."""

from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import founded, write

VOLUMES = "全宗号,目录号,案卷号,案卷题名\nZ109,20,1,子卷\nZ109,20,2,丑卷\n"
ITEMS = "全宗号,目录号,案卷号,件号,题名,页号\nZ109,20,1,1,误编入子卷的件,1\nZ109,,,,无号的件,\n"


def catalogued(jinkui: Jinkui) -> None:
    """Describe two volumes, an item in the first, and an item without a code."""
    founded(jinkui)
    place = jinkui.home.parent
    jinkui("catalogue", "import", str(write(place / "案卷.csv", VOLUMES)))
    jinkui("catalogue", "import", str(write(place / "卷内.csv", ITEMS)), code=12)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(catalogued, tmp_path, capsys)


def below(jinkui: Jinkui, code: str) -> list[str]:
    """Return the codes of what stands directly below a unit."""
    return [str(one["code"]) for one in jinkui.json("catalogue", "list", "--below", code)["units"]]


def test_an_item_goes_into_the_volume_that_its_new_code_names(jinkui: Jinkui) -> None:
    assert below(jinkui, "Z109-20-1") == ["Z109-20-1-1"]
    jinkui("renumber", "Z109-20-1-1", "Z109-20-2-1", "--reason", "改卷")
    assert (below(jinkui, "Z109-20-1"), below(jinkui, "Z109-20-2")) == ([], ["Z109-20-2-1"])
    jinkui("rebuild")
    assert below(jinkui, "Z109-20-2") == ["Z109-20-2-1"]


def test_a_unit_that_had_no_code_goes_where_its_code_says(jinkui: Jinkui) -> None:
    (unit,) = [one for one in jinkui.json("catalogue", "list")["units"] if one["title"] == "无号的件"]
    jinkui("renumber", str(unit["unit_id"]), "Z109-20-2-7", "--reason", "查明")
    assert below(jinkui, "Z109-20-2") == ["Z109-20-2-7"]
    assert "Z109-20-2-7" not in below(jinkui, "Z109")


def test_volumes_that_are_swapped_keep_their_items(jinkui: Jinkui) -> None:
    rows = "原档号,新档号\nZ109-20-1,Z109-20-2\nZ109-20-2,Z109-20-1\n"
    jinkui("renumber", "--sheet", str(write(jinkui.home.parent / "swap.csv", rows)), "--reason", "装订颠倒")
    assert below(jinkui, "Z109-20-2") == ["Z109-20-2-1"]
    (item,) = jinkui.json("catalogue", "list", "--below", "Z109-20-2")["units"]
    assert item["title"] == "误编入子卷的件"
    assert below(jinkui, "Z109-20-1") == []


def test_a_volume_moved_to_another_series_takes_its_items_along(jinkui: Jinkui) -> None:
    jinkui("renumber", "Z109-20-1", "Z109-21-5", "--reason", "改目录")
    assert below(jinkui, "Z109-21-5") == ["Z109-21-5-1"]
    assert {"Z109-21-5"} <= {*below(jinkui, "Z109-21")}


def test_an_item_whose_pages_lie_in_its_volume_does_not_leave_it(jinkui: Jinkui) -> None:
    place, volume = jinkui.home.parent, "Z109-2-0015"
    rows = f"档号,题名,层次,页号\n{volume},水利卷,案卷,\n{volume}-001,甲,件,1\n{volume}-002,乙,件,2\n"
    jinkui("catalogue", "import", str(write(place / "水利.csv", rows)))
    for page in ("FM", "ML001", "001", "002"):
        write(place / "batch" / volume / f"{volume}-{page}.txt", f"leaf{page}")
    write(place / "batch" / "catalogue.csv", f"档号,语种\n{volume},汉语\n")
    jinkui("ingest", str(place / "batch"))
    assert len(below(jinkui, volume)) == 2
    told = jinkui("renumber", f"{volume}-002", "Z109-20-2-3", "--reason", "改卷", code=6)
    assert "package of its volume" in told
    jinkui("renumber", f"{volume}-002", f"{volume}-003", "--reason", "改件号")
    jinkui("renumber", volume, "Z109-21-5", "--reason", "改目录")
    assert below(jinkui, "Z109-21-5") == ["Z109-21-5-001", "Z109-21-5-003"]
