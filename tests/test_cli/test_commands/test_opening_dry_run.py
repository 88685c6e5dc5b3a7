"""A sheet of decisions applied with ``--dry-run``: all is checked and said, and no file of the home changes."""

import hashlib
from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import write
from tests.test_cli.test_commands.test_opening_units import BARE, ONE, THREE, TWO, VOLUME, decide, with_a_catalogue

_HEAD = "档号,结论,依据,审核人,批准人,审核日期,开放日期,网上范围\n"


def with_decisions(jinkui: Jinkui) -> None:
    """Open two items, and close one."""
    with_a_catalogue(jinkui)
    decide(jinkui, ONE, TWO)
    decide(jinkui, THREE, conclusion="不开放")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_decisions, tmp_path, capsys)


@pytest.fixture
def sheet(jinkui: Jinkui) -> Path:
    """Return a sheet of which a row each opens, closes, is decided anew, stands, and names nothing; one is not filled in."""
    path = jinkui.home.parent / "asked.csv"
    rows = (
        f"{BARE},开放,法,甲,乙,2021-09-01,2021-10-01,全文",
        f"{ONE},不开放,涉及个人,甲,乙,2021-09-01,,",
        f"{THREE},控制使用,涉及个人,甲,乙,2021-09-01,,",
        f"{TWO},开放,法,甲,乙,2021-09-01,2021-10-01,全文",
        "Z109-9-9,开放,法,甲,乙,2021-09-01,2021-10-01,全文",
        f"{VOLUME},,,,,,,",
    )
    write(path, _HEAD + "".join(f"{row}\n" for row in rows))
    return path


def files_of(home: Path) -> dict[str, str]:
    """Return the digest of every file of a home, by its path."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def test_what_would_open_close_be_decided_anew_and_stand_is_counted(jinkui: Jinkui, sheet: Path) -> None:
    done = jinkui.json("opening", "apply", str(sheet), "--dry-run", code=12)
    assert done["effects"] == {"opens": 1, "closes": 1, "changes": 1, "stands": 1}
    effects = {one["archival_code"]: (one["openness"], one["effect"]) for one in done["decisions"]}
    assert effects == {
        BARE: ("未审核", "opens"),
        ONE: ("开放", "closes"),
        THREE: ("不开放", "changes"),
        TWO: ("开放", "stands"),
    }
    told = jinkui("opening", "apply", str(sheet), "--dry-run", code=12)
    assert "1 would open, 1 would close" in told
    assert "1 row stands as decided before" in told
    assert "1 row is not filled in yet" in told


def test_no_file_of_the_home_changes_and_applied_the_sheet_does_what_was_said(jinkui: Jinkui, sheet: Path) -> None:
    before = files_of(jinkui.home)
    foreseen = jinkui.json("opening", "apply", str(sheet), "--dry-run", code=12)
    assert files_of(jinkui.home) == before
    done = jinkui.json("opening", "apply", str(sheet), code=12)
    assert files_of(jinkui.home) != before
    assert done["findings"] == foreseen["findings"]
    assert [one["archival_code"] for one in done["applied"]] == [one["archival_code"] for one in foreseen["decisions"]]
    assert done["unchanged"] == foreseen["effects"]["stands"]
    again = jinkui.json("opening", "apply", str(sheet), "--dry-run", code=12)
    assert again["effects"] == {"opens": 0, "closes": 0, "changes": 0, "stands": 4}


def test_a_sheet_in_which_all_is_well_ends_like_its_application(jinkui: Jinkui) -> None:
    sheet = jinkui.home.parent / "well.csv"
    write(sheet, f"{_HEAD}{BARE},开放,法,甲,乙,2021-09-01,2021-10-01,全文\n")
    foreseen = jinkui.json("opening", "apply", str(sheet), "--dry-run", code=0)
    done = jinkui.json("opening", "apply", str(sheet), code=0)
    assert foreseen["effects"] == {"opens": 1, "closes": 0, "changes": 0, "stands": 0}
    assert [one["archival_code"] for one in done["applied"]] == [BARE]
    assert (foreseen["findings"], done["findings"]) == ([], [])


def test_a_withdrawn_unit_would_open_again_and_a_change_of_an_open_one_opens_nothing(jinkui: Jinkui) -> None:
    jinkui("opening", "withdraw", ONE, "--reason", "a name")
    sheet = jinkui.home.parent / "again.csv"
    write(
        sheet,
        f"{_HEAD}{ONE},开放,法,甲,乙,2021-09-01,2021-10-01,全文\n{TWO},开放,法,甲,乙,2021-09-01,2021-10-01,仅目录\n",
    )
    done = jinkui.json("opening", "apply", str(sheet), "--dry-run")
    assert {one["archival_code"]: one["effect"] for one in done["decisions"]} == {ONE: "opens", TWO: "changes"}
