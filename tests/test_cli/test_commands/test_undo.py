"""A wrong import taken back by its number: what somebody works with by now stays, and it is said why."""

import csv
from pathlib import Path

import pytest

from preservation.actions.units.undoing import close_first
from tests.support.command_line import Jinkui, Prepared

ITEMS = tuple(f"Z109-WS·2001-Y-BGS-000{number}" for number in range(1, 6))
CORRECTED, HOOKED, RENUMBERED, OPENED, PLAIN = ITEMS
HEADS = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")


def table(path: Path, *rows: tuple[str, ...]) -> str:
    """Write a table and return its path."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def founded(jinkui: Jinkui) -> None:
    """Import a table, then let somebody work with all of its units but one."""
    place = jinkui.home.parent
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆")
    head = ("档号", "题名", "日期", "保管期限")
    jinkui("catalogue", "import", table(place / "件.csv", head, *((one, "第一批", "2001", "永久") for one in ITEMS)))
    jinkui(
        "describe", table(place / "c.csv", ("档号", "题名"), (CORRECTED, "更正后")), "--reason", "封面", "--by", "王甲"
    )
    batch = place / "batch"
    table(batch / "catalogue.csv", head, (HOOKED, "第一批", "2001", "永久"))
    (batch / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    (batch / f"{HOOKED}.txt").write_text("words of a page\n" * 20, "utf-8")
    jinkui("ingest", str(batch), code=12)
    jinkui("renumber", RENUMBERED, RENUMBERED.replace("0003", "0903"), "--reason", "重号")
    opened = (OPENED, "开放", "档案法", "甲", "乙", "2021-09-01", "2021-09-01", "仅目录")
    jinkui("opening", "apply", table(place / "o.csv", HEADS, opened))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def number_of(jinkui: Jinkui) -> str:
    """Return the number of the import."""
    return next(str(one["batch_id"]) for one in jinkui.json("catalogue", "list", "--submissions")["submissions"])


def test_what_stays_is_named_with_who_did_what_to_it(jinkui: Jinkui) -> None:
    number = number_of(jinkui)
    foreseen = jinkui.json("catalogue", "undo", number, "--reason", "错表", "--dry-run")
    assert (foreseen["would_take_back"], foreseen["kept"]) == (1, 4)
    why = {one["code"]: str(one["why"]) for one in foreseen["stays"]}
    assert "王甲 described it anew" in why[CORRECTED]
    assert "封面" in why[CORRECTED]
    assert "files were hooked" in why[HOOKED]
    assert RENUMBERED in why[RENUMBERED.replace("0003", "0903")]
    assert "--withdraw" in why[OPENED]
    assert len(jinkui.json("catalogue", "list", "--batch", number)["units"]) == 5, "nothing was done"
    done = jinkui.json("catalogue", "undo", number, "--reason", "错表", "--withdraw")
    assert (done["taken_back"], done["closed"], done["kept"]) == (2, 1, 3)
    assert jinkui.json("search", "第一批", "--public")["total"] == 0
    before = {one["code"] for one in jinkui.json("catalogue", "list")["units"]}
    assert {PLAIN, OPENED}.isdisjoint(before)
    jinkui("rebuild")
    assert {one["code"] for one in jinkui.json("catalogue", "list")["units"]} == before


def test_one_unit_of_an_import_is_taken_back_and_the_others_stay(jinkui: Jinkui, tmp_path: Path) -> None:
    number = number_of(jinkui)
    jinkui("dispose", "plan", "--mistake", "x", "--code", PLAIN, "--dry-run", code=5)
    jinkui("catalogue", "undo", number, "--reason", "误录", "--code", "Z109-9", code=4)
    done = jinkui.json("catalogue", "undo", number, "--reason", "误录", "--code", PLAIN)
    assert (done["taken_back"], done["kept"]) == (1, 0)
    assert PLAIN not in {one["code"] for one in jinkui.json("catalogue", "list")["units"]}
    kept = jinkui.json("catalogue", "undo", number, "--reason", "误录", "--code", CORRECTED, code=12)
    assert (kept["taken_back"], [one["code"] for one in kept["stays"]]) == (0, [CORRECTED])


def test_a_wrong_import_that_somebody_corrected_leaves_by_an_express_word(jinkui: Jinkui, tmp_path: Path) -> None:
    number = number_of(jinkui)
    undo = ("catalogue", "undo", number, "--reason", "错表")
    refused = jinkui("dispose", "plan", "--mistake", "x", "--code", CORRECTED, "--dry-run", code=5)
    assert "--corrected-too" in refused
    assert "--reason" in refused
    told = jinkui(*undo, "--dry-run")
    assert "2 of them were corrected" in told
    assert "--corrected-too" in told
    foreseen = jinkui.json(*undo, "--corrected-too", "--dry-run")
    renumbered = RENUMBERED.replace("0003", "0903")
    assert foreseen["would_take_back"] == 3
    assert {one["code"] for one in foreseen["stays"]} == {HOOKED, OPENED}
    who = {one["code"]: str(one["why"]) for one in foreseen["corrected"]}
    assert who.keys() == {CORRECTED, renumbered}
    assert "王甲" in who[CORRECTED]
    one = jinkui.json(*undo, "--code", CORRECTED, "--corrected-too")
    assert (one["taken_back"], one["kept"]) == (1, 0)
    done = jinkui.json(*undo, "--corrected-too", "--withdraw")
    assert (done["taken_back"], {one["code"] for one in done["stays"]}) == (3, {HOOKED})

    def left() -> set[str]:
        return {one["code"] for one in jinkui.json("catalogue", "list")["units"] if one["level"] == "件"}

    assert left() == {HOOKED}
    jinkui("rebuild")
    assert left() == {HOOKED}
    assert jinkui.json("catalogue", "reconcile", number, code=0)["adds_up"]
    told = jinkui("explain", CORRECTED)
    for said in (f"import {number}", "taken back by", "错表", "更正后", "王甲"):
        assert said in told
    assert "撤销：错表" in jinkui("explain", CORRECTED, lang="zh")
    assert [one["revision"] for one in jinkui.json("explain", f"990001:{CORRECTED}")["descriptions"]] == [1, 2, 3]
    jinkui("explain", "Z109-WS·2001-Y-BGS-0077", code=4)
    again = jinkui("catalogue", "import", str(tmp_path / "件.csv"))
    assert "--reason WHY" in again
    assert CORRECTED in left()


def told_of(jinkui: Jinkui, code: str) -> list[tuple[str, str]]:
    """Return what happened to a unit: what kind of thing, and in words."""
    return [(one["type"], one["what"]) for one in jinkui.json("explain", code)["entries"]]


def test_explain_tells_that_a_unit_was_imported_taken_back_by_whom_and_imported_again(jinkui: Jinkui) -> None:
    number = number_of(jinkui)
    imported = ("unit-imported", f"described by the import {number} (件.csv 6)")
    assert told_of(jinkui, PLAIN) == [imported]
    jinkui("catalogue", "undo", number, "--reason", "错表", "--by", "李乙", "--code", PLAIN)
    taken_back = ("unit-taken-back", "taken back by 李乙: 错表")
    assert told_of(jinkui, PLAIN) == [imported, taken_back]
    jinkui("catalogue", "import", str(jinkui.home.parent / "件.csv"))
    again = ("unit-imported-again", f"described again by the import {number} (件.csv 6)")
    assert told_of(jinkui, PLAIN) == [imported, taken_back, again]
    sequences = [one["sequence"] for one in jinkui.json("explain", PLAIN)["entries"]]
    assert sequences == sorted({*sequences})
    assert "李乙 撤销了著录：错表" in jinkui("explain", PLAIN, lang="zh")
    assert [kind for kind, _ in told_of(jinkui, CORRECTED)] == ["unit-imported", "unit-described"]


def test_explain_of_a_record_tells_what_had_its_code_before_and_was_taken_back(jinkui: Jinkui) -> None:
    jinkui("catalogue", "undo", number_of(jinkui), "--reason", "错表", "--by", "李乙", "--code", PLAIN)
    batch = jinkui.home.parent / "later"
    table(batch / "catalogue.csv", ("档号", "题名", "日期", "保管期限"), (PLAIN, "真正的", "2001", "永久"))
    (batch / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    (batch / f"{PLAIN}.txt").write_text("words of a page\n" * 20, "utf-8")
    jinkui("ingest", str(batch), code=12)
    told = jinkui("explain", PLAIN)
    assert "version 1 stored" in told
    assert "before that:" in told
    assert "taken back by 李乙" in " ".join(told.split())


def test_a_volume_stays_below_which_another_import_described_items(jinkui: Jinkui, tmp_path: Path) -> None:
    volumes = table(
        tmp_path / "案卷.csv",
        ("全宗号", "目录号", "案卷号", "案卷题名"),
        ("J7", "1", "1", "卷一"),
        ("J7", "1", "2", "卷二"),
    )
    told = jinkui.json("catalogue", "import", volumes)
    items = (("全宗号", "目录号", "案卷号", "件号", "题名"), ("J7", "1", "1", "1", "件一"))
    jinkui("catalogue", "import", table(tmp_path / "卷内.csv", *items))
    done = jinkui.json("catalogue", "undo", told["import"], "--reason", "错表")
    assert done["taken_back"] == 1
    assert "there is no batch" in jinkui("catalogue", "undo", "0" * 16, "--reason", "错表", code=4)
    assert ["stands below" in str(one["why"]) for one in done["stays"]] == [True]
    left = {one["title"]: one["unit_id"] for one in jinkui.json("catalogue", "list", "--fonds", "J7")["units"]}
    assert "卷二" not in left
    assert jinkui.json("show", left["件一"])["above"][-1] == jinkui.json("show", left["卷一"])["archival_code"]


def test_the_tables_of_an_import_leave_when_nothing_of_it_is_left(jinkui: Jinkui, tmp_path: Path) -> None:
    other = table(tmp_path / "他.csv", ("档号", "题名"), ("Z109-WS·2002-Y-BGS-0001", "误表"))
    number = jinkui.json("catalogue", "import", other)["import"]
    plan = ("dispose", "plan", "--mistake", "误导入", "--batch", number, "--dry-run")
    foreseen = jinkui.json(*plan)
    assert foreseen["records"] == []
    assert "catalogue undo" in str(foreseen["staying"][0]["why"])
    assert f"--batch {number}" in jinkui("catalogue", "undo", number, "--reason", "错表")
    assert [one["archival_code"] for one in jinkui.json(*plan)["records"]] == [f"BATCH-{number}"]
    again = jinkui.json("catalogue", "import", other)
    assert again["tables"][0]["new"] == 1


@pytest.mark.parametrize("withdraw", [(), ("--withdraw",), ("--withdraw", "--corrected-too")])
def test_what_somebody_works_with_after_the_plan_was_made_stays_and_is_told(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, withdraw: tuple[str, ...]
) -> None:
    codes = [f"Z109-WS·2002-Y-BGS-000{number}" for number in range(1, 5)]
    rows = [(one, "又一批", "2002", "永久") for one in codes]
    number = jinkui.json(
        "catalogue", "import", table(tmp_path / "又.csv", ("档号", "题名", "日期", "保管期限"), *rows)
    )["import"]

    def colleagues(*asked: object) -> None:
        corrected = table(tmp_path / "d.csv", ("档号", "题名"), (codes[0], "甲更正"))
        jinkui("describe", corrected, "--reason", "封面", "--by", "李乙")
        opened = (codes[1], "开放", "档案法", "甲", "乙", "2021-09-01", "2021-09-01", "仅目录")
        jinkui("opening", "apply", table(tmp_path / "o.csv", HEADS, opened))
        close_first(*asked)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr("cli.commands.catalogue.submissions.close_first", colleagues)
    done = jinkui.json("catalogue", "undo", number, "--reason", "错表", *withdraw)
    assert (done["taken_back"], done["kept"]) == (2, 2)
    why = {one["code"]: str(one["why"]) for one in done["stays"]}
    assert "李乙 described it anew" in why[codes[0]]
    assert "decided to open" in why[codes[1]]
    listed = {one["code"]: one["title"] for one in jinkui.json("catalogue", "list", "--batch", number)["units"]}
    assert listed == {codes[0]: "甲更正", codes[1]: "又一批"}
    assert jinkui.json("search", "又一批", "--public")["total"] == 1
