"""What was decided about each unit is listed as a sheet that, applied as it stands, decides nothing anew."""

import csv
from pathlib import Path

import pytest

from archives.message import Language
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import write
from tests.test_cli.test_commands.test_opening_units import BARE, ONE, THREE, TWO, VOLUME, with_a_catalogue

_HEAD = "档号,结论,依据,会同单位,审核人,批准人,审核日期,开放日期,关闭日期,延期至,网上范围,公开题名\n"
_DECIDED = (
    f"{ONE},开放,法,某局,甲,乙,2021-09-01,2021-10-01,2090-01-01,,仅目录,材料\n",
    f"{TWO},开放,法,,甲,乙,2021-09-01,2021-11-01,,,全文,\n",
    f"{THREE},控制使用,涉及个人,,甲,乙,2021-09-01,,,,,\n",
    f"{BARE},延期开放,期限未满,,甲,乙,2021-09-01,,,2040-01-01,,\n",
)


def with_every_decision(jinkui: Jinkui) -> None:
    """Decide about four units in as many ways, and about a volume not at all; take one opening back."""
    with_a_catalogue(jinkui)
    sheet = jinkui.home.parent / "decisions.csv"
    write(sheet, _HEAD + "".join(_DECIDED))
    jinkui("opening", "apply", str(sheet))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_every_decision, tmp_path, capsys)


def codes(jinkui: Jinkui, *options: str) -> list[str]:
    """Return the codes of what is listed."""
    return [one["archival_code"] for one in jinkui.json("opening", "list", *options)["decisions"]]


def test_each_unit_stands_with_what_was_decided_about_it(jinkui: Jinkui) -> None:
    found = {one["archival_code"]: one for one in jinkui.json("opening", "list")["decisions"]}
    assert sorted(found) == sorted([ONE, TWO, THREE, BARE])
    one = found[ONE]
    assert (one["openness"], one["conclusion"], one["basis"], one["joint_unit"]) == ("开放", "开放", "法", "某局")
    assert (one["reviewer"], one["approver"], one["reviewed_on"]) == ("甲", "乙", "2021-09-01")
    assert (one["opens_on"], one["closes_on"]) == ("2021-10-01", "2090-01-01")
    assert (one["online_scope"], one["public_title"]) == ("仅目录", "材料")
    assert (found[BARE]["openness"], found[BARE]["postponed_until"]) == ("延期开放", "2040-01-01")


def test_units_are_chosen_by_state_day_level_and_fonds(jinkui: Jinkui) -> None:
    jinkui("opening", "withdraw", TWO, "--reason", "a name")
    assert codes(jinkui, "--state", "open") == codes(jinkui, "--state", "开放") == [ONE]
    assert codes(jinkui, "--state", "controlled") == [THREE]
    assert codes(jinkui, "--state", "withdrawn") == [TWO]
    assert codes(jinkui, "--state", "closed") == []
    assert codes(jinkui, "--state", "undecided") == [VOLUME]
    assert codes(jinkui, "--opened-from", "2021-10-01", "--opened-to", "2021-10-31") == [ONE]
    assert codes(jinkui, "--opened-from", "2021-10-02") == []
    assert codes(jinkui, "--level", "案卷") == [BARE]
    assert codes(jinkui, "--fonds", "Z110") == []
    jinkui("opening", "list", "--state", "ajar", code=2)


def test_a_long_list_says_how_it_goes_on(jinkui: Jinkui) -> None:
    first = codes(jinkui, "--most", "3")
    assert f"--after {first[-1]}" in jinkui("opening", "list", "--most", "3")
    assert {*first, *codes(jinkui, "--after", first[-1])} == {ONE, TWO, THREE, BARE}
    assert "--after" not in jinkui("opening", "list")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_sheet_applied_as_it_stands_decides_nothing_anew(jinkui: Jinkui, language: Language, ending: str) -> None:
    sheet = jinkui.home.parent / f"standing.{ending}"
    jinkui("opening", "list", "--report", str(sheet), lang=language)
    journal = (jinkui.home / "journal" / "last").read_bytes()
    foreseen = jinkui.json("opening", "apply", str(sheet), "--dry-run")
    assert foreseen["effects"] == {"opens": 0, "closes": 0, "changes": 0, "stands": 4}
    done = jinkui.json("opening", "apply", str(sheet))
    assert (done["unchanged"], done["findings"]) == (4, [])
    assert (jinkui.home / "journal" / "last").read_bytes() == journal
    assert "4 rows stand as decided before" in jinkui("opening", "apply", str(sheet))


def test_what_was_taken_back_or_is_to_be_is_not_opened_again_by_the_sheet(jinkui: Jinkui) -> None:
    jinkui("opening", "withdraw", ONE, "--reason", "a name on page 2")
    jinkui("opening", "withdraw", TWO, "--reason", "by contract", "--on", "2090-05-01")
    sheet = jinkui.home.parent / "standing.csv"
    jinkui("opening", "list", "--report", str(sheet))
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        taken = {row["archival code"]: (row["conclusion"], row["remarks"]) for row in csv.DictReader(file)}
    assert taken[ONE] == ("", "taken back: a name on page 2")
    assert taken[TWO] == ("", "closes on 2090-05-01: by contract")
    done = jinkui.json("opening", "apply", str(sheet))
    assert (len(done["applied"]), done["unchanged"]) == (2, 2)
    assert [one["withdrawn_because"] for one in jinkui.json("opening", "list")["decisions"]].count(None) == 2


def test_a_corrected_row_decides_that_alone(jinkui: Jinkui) -> None:
    sheet = jinkui.home.parent / "standing.csv"
    jinkui("opening", "list", "--report", str(sheet), lang="zh")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    for row in rows:
        if row["档号"] == THREE:
            row["结论"] = "不开放"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    assert jinkui.json("opening", "apply", str(sheet))["unchanged"] == 3
    assert codes(jinkui, "--state", "closed") == [THREE]


def test_an_open_unit_that_changed_since_is_not_approved_by_the_sheet(jinkui: Jinkui) -> None:
    table = jinkui.home.parent / "titles.csv"
    write(table, f"档号,题名\n{TWO},另一题名\n")
    jinkui("describe", str(table), "--reason", "as on the paper", "--repository", "990001")
    assert codes(jinkui, "--state", "changed") == [TWO]
    sheet = jinkui.home.parent / "standing.csv"
    jinkui("opening", "list", "--report", str(sheet))
    done = jinkui.json("opening", "apply", str(sheet), code=12)
    assert (done["unchanged"], [one["code"] for one in done["findings"]]) == (3, ["conflict"])
    assert codes(jinkui, "--state", "changed") == [TWO]
