"""Two people correct what they exported: the second is told what the first changed, and writes over nothing unasked."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Jinkui, Prepared

BARE, KEPT, OTHER = (f"Z109-WS·2001-Y-BGS-000{number}" for number in (1, 2, 3))


def table(path: Path, *rows: tuple[str, ...]) -> str:
    """Write a table and return its path."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def make_batch(folder: Path, title: str) -> str:
    """Write a batch of one text document."""
    table(folder / "catalogue.csv", ("档号", "题名", "日期", "保管期限"), (KEPT, title, "2001", "永久"))
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    (folder / f"{KEPT}.txt").write_text("a page of words\n" * 20, "utf-8")
    return str(folder)


def founded(jinkui: Jinkui) -> None:
    """Describe two units without content, and take in a record of which only its package says anything."""
    place = jinkui.home.parent
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆")
    rows = [(code, f"Title {code[-1]}", "2001", "永久") for code in (BARE, OTHER)]
    jinkui("catalogue", "import", table(place / "件.csv", ("档号", "题名", "日期", "保管期限"), *rows))
    jinkui("ingest", make_batch(place / "batch", "Title 2"), code=12)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def exported(jinkui: Jinkui, path: Path) -> dict[str, dict[str, str]]:
    """Export the catalogue and return its rows by their codes."""
    jinkui("catalogue", "export", str(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["archival code"]: row for row in csv.DictReader(file) if row["archival code"].count("-") > 2}


def changed(path: Path, rows: Mapping[str, dict[str, str]], code: str, **cells: str) -> str:
    """Write a sheet like the one that was exported, with other cells in the row of a code."""
    cells = {name.replace("_", " "): text for name, text in cells.items()}
    head = tuple(dict.fromkeys((*rows[code], *cells)))
    of_all = ({**row, **cells} if key == code else row for key, row in rows.items())
    return table(path, head, *(tuple(row.get(name, "") for name in head) for row in of_all))


def described(jinkui: Jinkui, sheet: str, by: str, *more: str, code: int = 0) -> dict[str, Any]:
    """Correct by a sheet, for a person."""
    return jinkui.json("describe", sheet, "--reason", f"as {by} saw", "--by", by, *more, code=code)


def title(jinkui: Jinkui, code: str) -> str:
    """Return what is said of a unit."""
    return str(jinkui.json("show", code)["description"]["title"])


@pytest.mark.parametrize("code", [BARE, KEPT], ids=["of rows", "of a package alone"])
def test_a_cell_that_a_colleague_changed_since_stays_and_is_told_with_name_and_time(
    jinkui: Jinkui, tmp_path: Path, code: str
) -> None:
    rows = exported(jinkui, tmp_path / "out.csv")
    described(jinkui, changed(tmp_path / "first.csv", rows, code, title="First", note="seen"), "王甲")
    second = changed(tmp_path / "second.csv", rows, code, title="Second", box="7")
    told = described(jinkui, second, "李乙", code=12)
    now = jinkui.json("show", code)["description"]
    assert (now["title"], now["note"], now["box"]) == ("First", "seen", "7"), "only the box is this person's alone"
    (conflict,) = told["conflicts"]
    assert (conflict["exported"], conflict["now"], conflict["yours"]) == (rows[code]["title"], "First", "Second")
    assert (conflict["by"], conflict["reason"], conflict["written"]) == ("王甲", "as 王甲 saw", False)
    assert conflict["at"]
    assert [one["code"] for one in told["findings"]] == ["described-since", "changed-meanwhile"]
    assert "王甲" in told["findings"][1]["message"]
    again = described(jinkui, second, "李乙", code=12)
    assert (again["corrected"], len(again["conflicts"])) == (0, 1)
    over = described(jinkui, second, "李乙", "--over-newer")
    assert ([one["written"] for one in over["conflicts"]], title(jinkui, code)) == ([True], "Second")
    assert jinkui.json("show", code)["description"]["note"] == "seen", "what the sheet does not change stays theirs"


def test_a_sheet_that_comes_back_as_it_was_exported_undoes_nothing_of_a_colleague(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    rows = exported(jinkui, tmp_path / "out.csv")
    for code in (BARE, KEPT):
        described(jinkui, changed(tmp_path / "first.csv", rows, code, title="First"), "王甲")
    told = described(jinkui, str(tmp_path / "out.csv"), "李乙")
    assert (told["corrected"], told["conflicts"]) == (0, [])
    assert [title(jinkui, code) for code in (BARE, KEPT)] == ["First", "First"]
    assert {one["code"] for one in told["findings"]} == {"described-since"}
    both = described(jinkui, changed(tmp_path / "both.csv", rows, BARE, title="First"), "李乙")
    assert both["conflicts"] == [], "both say the same"


def test_each_of_several_colleagues_is_named_for_what_he_changed_last(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = exported(jinkui, tmp_path / "out.csv")
    described(jinkui, table(tmp_path / "a.csv", ("档号", "题名"), (BARE, "One")), "王甲")
    described(jinkui, table(tmp_path / "b.csv", ("档号", "备注", "状态"), (BARE, "two", "缺失")), "赵丙")
    mine = changed(tmp_path / "mine.csv", rows, BARE, title="Mine", note="mine", state="实物")
    told = described(jinkui, mine, "李乙", code=12)
    by = {one["element"]: (one["by"], one["now"], one["yours"]) for one in told["conflicts"]}
    assert by == {
        "state": ("赵丙", "缺失", "实物"),
        "title": ("王甲", "One", "Mine"),
        "note": ("赵丙", "two", "mine"),
    }
    assert told["corrected"] == 0
    assert jinkui.json("show", BARE)["state"] == "缺失"
    assert "--over-newer" in jinkui("describe", mine, "--reason", "r", "--dry-run", code=12, lang="zh")


def test_a_batch_that_updated_a_record_since_counts_as_a_colleague(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = exported(jinkui, tmp_path / "out.csv")
    assert rows[KEPT]["revision"] == "v1", "no row says anything of it, and its package has one version"
    jinkui("ingest", make_batch(tmp_path / "again", "Title of the update"), "--update", code=12)
    told = described(jinkui, changed(tmp_path / "mine.csv", rows, KEPT, title="Mine"), "李乙", code=12)
    assert [(one["now"], one["by"]) for one in told["conflicts"]] == [("Title of the update", "")]
    assert title(jinkui, KEPT) == "Title of the update"


def test_a_row_of_what_was_taken_back_since_changes_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = exported(jinkui, tmp_path / "out.csv")
    (number,) = {one["import"] for one in jinkui.json("catalogue", "list")["units"] if one["code"] == OTHER}
    jinkui("catalogue", "undo", number, "--reason", "the wrong table")
    told = described(jinkui, changed(tmp_path / "mine.csv", rows, OTHER, title="Mine"), "李乙", code=12)
    assert told["corrected"] == 0
    assert {one["code"] for one in told["findings"]} == {"unit-gone"}
    assert "the wrong table" in told["findings"][0]["message"]


def test_a_sheet_whose_codes_alone_are_left_still_says_when_it_was_written(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = exported(jinkui, tmp_path / "out.csv")
    described(jinkui, table(tmp_path / "a.csv", ("档号", "题名"), (BARE, "One")), "王甲")
    bare = table(
        tmp_path / "mine.csv",
        ("档号", "修订号", "题名"),
        (BARE, rows[BARE]["revision"], rows[BARE]["title"]),
    )
    assert described(jinkui, bare, "李乙")["corrected"] == 0
    without = table(tmp_path / "no.csv", ("unit_id", "档号", "备注"), (rows[BARE]["unit identifier"], BARE, "x"))
    assert [one["code"] for one in described(jinkui, without, "李乙")["findings"]] == ["export-unmarked"]
