"""Items that were described before their volume was: by their codes they stand below it, whenever it came."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import RefusedError
from archives.record.description import parse_security
from cli.frame.output import Output
from cli.home.home import open_home
from preservation.actions.purging.propose import require_not_held
from preservation.actions.units.describing import Change, Said, describe_units
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import founded, write
from tests.test_cli.test_commands.test_opening_units import decide, public_bytes, shown

VOLUME = "Z109-2-0015"
ONE, TWO = f"{VOLUME}-001", f"{VOLUME}-002"
ITEMS = f"档号,题名,页号\n{ONE},canaryone,1\n{TWO},canarytwo,2\n"


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def imported(jinkui: Jinkui, rows: str, *, code: int = 0) -> None:
    """Describe what a table says."""
    jinkui("catalogue", "import", str(write(jinkui.home.parent / "table.csv", rows)), code=code)


def hooked(jinkui: Jinkui, volume: str = VOLUME) -> None:
    """Take in the pages of the volume, from a sheet that says its code and nothing else."""
    batch = jinkui.home.parent / "batch"
    for page in ("FM", "ML001", "001", "002"):
        write(batch / volume / f"{volume}-{page}.txt", f"leaf{page}")
    write(batch / "catalogue.csv", f"档号,语种\n{volume},汉语\n")
    jinkui("ingest", str(batch))


def volume_after_items(jinkui: Jinkui) -> None:
    imported(jinkui, ITEMS)
    imported(jinkui, f"档号,案卷题名\n{VOLUME},水利卷\n")


def volume_renumbered_into_place(jinkui: Jinkui) -> None:
    imported(jinkui, ITEMS)
    imported(jinkui, "档号,案卷题名\nZ109-2-0051,水利卷\n")
    jinkui("renumber", "Z109-2-0051", VOLUME, "--reason", "typo")


def volume_left_out_at_first(jinkui: Jinkui) -> None:
    rows = f"档号,题名,层次,页号,密级\n{VOLUME},水利卷,案卷,,%s\n{ONE},canaryone,件,1,\n{TWO},canarytwo,件,2,\n"
    imported(jinkui, rows % "MJ-3", code=12)
    imported(jinkui, rows % "")


def volume_of_other_zeros(jinkui: Jinkui) -> None:
    imported(jinkui, ITEMS.replace("Z109-2-0015", "Z109-2-15"))
    imported(jinkui, f"档号,案卷题名\n{VOLUME},水利卷\n")


def items_renumbered_into_place(jinkui: Jinkui) -> None:
    imported(jinkui, ITEMS.replace("Z109-2-0015", "Z109-2-0051"))
    imported(jinkui, f"档号,案卷题名\n{VOLUME},水利卷\n")
    for one in ("001", "002"):
        jinkui("renumber", f"Z109-2-0051-{one}", f"{VOLUME}-{one}", "--reason", "typo")


WAYS = [
    volume_after_items,
    volume_renumbered_into_place,
    volume_left_out_at_first,
    volume_of_other_zeros,
    items_renumbered_into_place,
]


@pytest.mark.parametrize("come_in", WAYS)
def test_a_volume_opens_no_page_of_items_that_were_described_before_it(
    jinkui: Jinkui, come_in: Callable[[Jinkui], None]
) -> None:
    come_in(jinkui)
    hooked(jinkui)
    for again in ((), ("rebuild",)):
        if again:
            jinkui(*again)
        else:
            decide(jinkui, VOLUME)
        assert shown(jinkui) == {VOLUME: ["FM"]}
        for hidden in ("leaf001", "leaf002", "leafML001", "canaryone"):
            assert hidden.encode() not in public_bytes(jinkui)
    last = "Z109-2-15-002" if come_in is volume_of_other_zeros else TWO
    decide(jinkui, last)
    assert shown(jinkui) == {VOLUME: ["FM"], last: ["002"]}


def test_an_item_that_comes_later_or_opens_later_is_seen_by_the_open_volume(jinkui: Jinkui) -> None:
    volume_after_items(jinkui)
    imported(jinkui, "档号,题名\nZ109-2-0016-001,elsewhere\n")
    hooked(jinkui)
    decide(jinkui, VOLUME, ONE, TWO)
    assert shown(jinkui)[VOLUME] == ["FM", "ML001"]
    jinkui("renumber", "Z109-2-0016-001", f"{VOLUME}-003", "--reason", "typo")
    assert shown(jinkui)[VOLUME] == ["FM"], "its list of contents may name the third"
    decide(jinkui, f"{VOLUME}-003")
    assert shown(jinkui)[VOLUME] == ["FM", "ML001"]
    jinkui("opening", "withdraw", f"{VOLUME}-003", "--reason", "r")
    assert shown(jinkui)[VOLUME] == ["FM"]
    jinkui("renumber", f"{VOLUME}-003", "Z109-2-0016-001", "--reason", "typo")
    assert shown(jinkui)[VOLUME] == ["FM", "ML001"]
    jinkui("rebuild")
    assert shown(jinkui)[VOLUME] == ["FM", "ML001"]


def test_a_list_shows_items_below_the_volume_that_came_after_them_and_nowhere_else(jinkui: Jinkui) -> None:
    volume_after_items(jinkui)
    imported(jinkui, "档号,题名\nZ109-2-0016-001,alone\n")

    def below(code: str) -> list[str]:
        return [one["code"] for one in jinkui.json("catalogue", "list", "--below", code)["units"]]

    assert below(VOLUME) == [ONE, TWO]
    assert below("Z109-2") == [VOLUME, "Z109-2-0016-001"]
    assert VOLUME in jinkui("show", ONE)


def test_an_import_with_items_of_another_below_it_is_not_taken_back_from_under_them(jinkui: Jinkui) -> None:
    volume_after_items(jinkui)
    (number,) = {one["import"] for one in jinkui.json("catalogue", "list", "--code", VOLUME)["units"]} - {
        one["import"] for one in jinkui.json("catalogue", "list", "--code", ONE)["units"]
    }
    jinkui("catalogue", "undo", number, "--reason", "r", code=12)
    assert VOLUME in [one["code"] for one in jinkui.json("catalogue", "list", "--fonds", "Z109")["units"]]


def test_a_hold_on_the_volume_holds_for_items_that_were_described_before_it(jinkui: Jinkui) -> None:
    volume_after_items(jinkui)
    hooked(jinkui)
    imported(jinkui, f"档号,题名\n{VOLUME}-003,later\n")
    codes = (ONE, f"{VOLUME}-003")
    with open_home(jinkui.home, Output("en", as_json=False)) as home:
        items = [some[0].unit for some in home.catalogue.units.by_code("990001", codes).values()]
        require_not_held(home.archive, items)
    jinkui("hold", "place", VOLUME, "--reason", "court")
    with open_home(jinkui.home, Output("en", as_json=False)) as home:
        for item in items:
            with pytest.raises(RefusedError):
                require_not_held(home.archive, [item])


def test_a_state_secret_of_the_volume_holds_for_items_that_were_described_before_it(jinkui: Jinkui) -> None:
    volume_after_items(jinkui)
    with open_home(jinkui.home, Output("en", as_json=False)) as home:
        home.begin_writing()
        (listed,) = home.catalogue.units.by_code("990001", [VOLUME])[VOLUME]
        secret = replace(listed.unit.description, security=parse_security("机密"))
        change = Change(replace(listed.unit, description=secret), listed.digest)
        list(describe_units(home.archive, home.catalogue.repositories()[0], [change], Said("1", "甲", "封面有印")))
    decide(jinkui, ONE, code=12)
    assert shown(jinkui) == {}


def with_an_item_that_left(jinkui: Jinkui, state: str) -> None:
    rows = f"{VOLUME},卷,案卷,,\n{ONE},canaryone,件,1,\n{TWO},canarytwo,件,2,{state}\n{VOLUME}-003,three,件,3,\n"
    imported(jinkui, f"档号,题名,层次,页号,状态\n{rows}")


@pytest.mark.parametrize("state", ["已移交", "已销毁"])
def test_the_page_of_an_item_that_left_stays_its_own_and_closed(jinkui: Jinkui, state: str) -> None:
    with_an_item_that_left(jinkui, state)
    write(jinkui.home.parent / "batch" / VOLUME / f"{VOLUME}-003.txt", "leaf003")
    hooked(jinkui)
    assert len(jinkui.json("catalogue", "list", "--code", TWO)["units"]) == 1
    decide(jinkui, VOLUME, ONE, f"{VOLUME}-003")
    for again in ((), ("rebuild",)):
        if again:
            jinkui(*again)
        assert shown(jinkui) == {VOLUME: ["FM"], ONE: ["001"], f"{VOLUME}-003": ["003"]}
    decide(jinkui, TWO)
    assert shown(jinkui)[TWO] == ["002"]


def test_the_page_of_an_item_that_is_kept_apart_goes_to_no_neighbour(jinkui: Jinkui) -> None:
    batch = jinkui.home.parent / "apart"
    write(batch / f"{TWO}.txt", "the letter itself")
    write(batch / "catalogue.csv", f"档号,题名,语种\n{TWO},canarytwo,汉语\n")
    jinkui("ingest", str(batch))
    imported(
        jinkui,
        f"档号,题名,层次,页号\n{VOLUME},卷,案卷,\n{ONE},canaryone,件,1\n{VOLUME}-003,three,件,3\n",
    )
    jinkui("describe", str(write(jinkui.home.parent / "pages.csv", f"档号,页号\n{TWO},2\n")), "--reason", "r")
    write(jinkui.home.parent / "batch" / VOLUME / f"{VOLUME}-003.txt", "leaf003")
    hooked(jinkui)
    assert len(jinkui.json("catalogue", "list", "--code", TWO)["units"]) == 1
    decide(jinkui, VOLUME, ONE, f"{VOLUME}-003")
    assert shown(jinkui) == {VOLUME: ["FM"], ONE: ["001"], f"{VOLUME}-003": ["003"]}
    assert b"leaf002" not in public_bytes(jinkui)
