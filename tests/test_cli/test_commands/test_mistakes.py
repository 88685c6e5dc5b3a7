"""What was taken in by mistake leaves by plan and two signatures, and can be taken in again, right this time."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Jinkui, Prepared

DESCRIBED, NEW = "Z109-WS·2001-D10-BGS-0001", "Z109-WS·2001-Y-BGS-0002"
PERSONS = ("planner", "li", "wang")
DECISION = ("开放", "档案法", "甲", "乙", "2021-09-01", "2021-09-01", "全文")
DECISIONS = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")


def table(path: Path, *rows: tuple[str, ...]) -> str:
    """Write a table and return its path."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def make_batch(folder: Path, *codes: str) -> Path:
    """Write a batch of text documents whose words are their codes'."""
    rows = [(code, f"Title of the batch {code[-4:]}", "2001", "永久" if "-Y-" in code else "10年") for code in codes]
    table(folder / "catalogue.csv", ("档号", "题名", "日期", "保管期限"), *rows)
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    for code in codes:
        (folder / f"{code}.txt").write_text(f"wrongly delivered {code[-4:]}\n" * 20, "utf-8")
    return folder


def founded(jinkui: Jinkui) -> None:
    """Describe a unit, take a batch in that brings its content and another record, and open both."""
    place = jinkui.home.parent
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆")
    known = (DESCRIBED, "As in the inventory", "2001", "10年", "未数字化")
    jinkui("catalogue", "import", table(place / "件.csv", ("档号", "题名", "日期", "保管期限", "状态"), known))
    jinkui("ingest", str(make_batch(place / "2026-03", DESCRIBED, NEW)), code=12)
    keys = [given for one in PERSONS for given in ("--id", one, "--key-file", str(place / f"{one}.key"))]
    (place / "pass").write_text("correct horse")
    jinkui("person", "add", *PERSONS, *keys, "--passphrase-file", str(place / "pass"))
    decided = table(place / "open.csv", DECISIONS, (DESCRIBED, *DECISION), (NEW, *DECISION))
    jinkui("opening", "apply", decided)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def removed(jinkui: Jinkui, tmp_path: Path, *what: str) -> dict[str, Any]:
    """Plan to remove something, let two people sign it, and carry it out."""
    plan = str(tmp_path / "plan.json")
    jinkui("dispose", "plan", "--by", "planner", "--out", plan, "--mistake", "不是本馆档案", *what)
    for person in ("li", "wang"):
        secret = ("--key-file", str(tmp_path / f"{person}.key"), "--passphrase-file", str(tmp_path / "pass"))
        jinkui("dispose", "approve", plan, "--by", person, *secret)
    watched = ("--supervisor", "钱一", "--supervisor", "孙二", "--yes", "--out", str(tmp_path / "register"))
    return jinkui.json("dispose", "run", plan, *watched)


def test_a_look_at_what_would_go_names_every_package_and_writes_nothing(jinkui: Jinkui) -> None:
    before = jinkui.json("journal", "verify")["entries"]
    foreseen = jinkui.json("dispose", "plan", "--mistake", "x", "--batch", "2026-03", "--dry-run")
    listed = [(one["archival_code"], one["what"], one["public"], one["described"]) for one in foreseen["records"]]
    batch = foreseen["batch"]
    assert listed == [
        (DESCRIBED, "record", True, 1),
        (NEW, "record", True, 0),
        (f"BATCH-{batch}", "submission", False, 0),
    ]
    assert foreseen["plan_id"] is None
    assert jinkui.json("journal", "verify")["entries"] == before
    for named in (batch, f"BATCH-{batch}", f"990001:BATCH-{batch}"):
        again = jinkui.json("dispose", "plan", "--mistake", "x", "--batch", named, "--dry-run")
        assert again["records"] == foreseen["records"]
    told = jinkui("dispose", "plan", "--mistake", "x", "--batch", "2026-03", "--dry-run", lang="zh")
    assert "现在仍可见" in told
    assert "jinkui opening withdraw" in told
    assert "没有写入" in told


def test_what_a_batch_came_with_stays_while_anything_needs_it(jinkui: Jinkui) -> None:
    jinkui("hold", "place", NEW, "--reason", "诉讼")
    foreseen = jinkui.json("dispose", "plan", "--mistake", "x", "--batch", "2026-03", "--dry-run")
    assert [one["archival_code"] for one in foreseen["records"]] == [DESCRIBED]
    assert [one["reason"] for one in foreseen["excluded"]] == ["held"]
    assert [one["archival_code"] for one in foreseen["staying"]] == [f"BATCH-{foreseen['batch']}"]
    jinkui("dispose", "plan", "--mistake", "x", "--code", f"BATCH-{foreseen['batch']}", "--dry-run", code=5)


def test_a_record_that_came_before_a_batch_or_after_it_in_another_is_told_and_stays(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    later = make_batch(tmp_path / "later", DESCRIBED)
    (later / f"{DESCRIBED}.txt").write_text("the right page\n", "utf-8")
    jinkui("ingest", str(later), "--update", code=12)
    for batch, why in (("2026-03", "newer-version"), ("later", "other-batch")):
        foreseen = jinkui.json("dispose", "plan", "--mistake", "x", "--batch", batch, "--dry-run")
        left_out = [(one["archival_code"], one["reason"]) for one in foreseen["excluded"]]
        assert left_out == [(DESCRIBED, why)], batch
        assert len(foreseen["staying"]) == (why == "other-batch"), "what only former versions came with may leave"


def test_a_batch_that_is_taken_back_is_gone_everywhere_and_comes_in_again(jinkui: Jinkui, tmp_path: Path) -> None:
    unit_id = jinkui.json("show", DESCRIBED)["package_id"]
    assert jinkui.json("search", "wrongly delivered", "--public")["total"] == 2
    done = removed(jinkui, tmp_path, "--batch", "2026-03")
    assert len(done["disposed"]) == 3

    def agrees() -> None:
        shown = jinkui.json("show", DESCRIBED)
        assert shown["unit_id"] == unit_id
        assert (shown["has_content"], shown["state"]) == (False, "未数字化")
        assert shown["description"]["title"] == "As in the inventory", "what the batch said of it went with the batch"
        assert "误接收" in jinkui("show", NEW, code=4, lang="zh")
        listed = jinkui.json("catalogue", "list")["units"]
        assert [one["code"] for one in listed if one["level"] == "件"] == [DESCRIBED]
        for public in ((), ("--public",)):
            assert jinkui.json("search", "wrongly delivered", *public)["total"] == 0
        assert jinkui.json("search", "inventory", "--public")["total"] == 0, "it was taken back from the public"
        assert jinkui.json("search", "inventory")["total"] == 1, "the staff find what is described"
        assert jinkui.json("audit")["copies"] == []
        assert jinkui.json("journal", "verify")["unproved"] == []

    agrees()
    jinkui("rebuild")
    agrees()
    again = jinkui.json("ingest", str(tmp_path / "2026-03"), "--removed-too", code=12)
    assert {one["outcome"] for one in again["records"]} <= {"stored", "stored_with_findings"}
    now = jinkui.json("show", DESCRIBED)
    assert now["package_id"] != unit_id, "the name of a package that was destroyed is given to none again"
    jinkui("rebuild")
    assert jinkui.json("show", DESCRIBED)["package_id"] == now["package_id"]
    listed = jinkui.json("catalogue", "list")["units"]
    assert [one["unit_id"] for one in listed if one["code"] == DESCRIBED] == [unit_id], "it is the same unit"
    told = [one["type"] for one in jinkui.json("explain", DESCRIBED)["entries"]]
    assert told.count("package-disposed") == 1
    assert "opening-withdrawn" in told
    assert jinkui.json("search", "wrongly delivered", "--public")["total"] == 0, "nothing is open before it is decided"
    assert jinkui.json("audit")["copies"] == []


def test_a_record_that_was_removed_comes_back_by_an_express_word_only(jinkui: Jinkui, tmp_path: Path) -> None:
    plan_id = removed(jinkui, tmp_path, "--code", NEW)["plan_id"]
    folder = str(tmp_path / "2026-03")
    foreseen = jinkui.json("ingest", folder, "--dry-run", code=12)
    assert [one["outcome"] for one in foreseen["records"]] == ["would be already_in", "would be rejected"]
    again = jinkui.json("ingest", folder, code=12)
    assert [one["outcome"] for one in again["records"]] == ["already_in", "rejected"]
    (found,) = (one for one in again["records"][1]["findings"] if one["code"] == "removed")
    for said in (plan_id, "不是本馆档案"):
        assert said in str(found["message"])
    assert "--removed-too" in str(found["advice"])
    assert "误接收" in jinkui("ingest", folder, code=12, lang="zh")
    jinkui("show", NEW, code=4)
    assert jinkui.json("search", "wrongly delivered")["total"] == 1
    back = jinkui.json("ingest", folder, "--removed-too", code=12)
    assert [one["outcome"] for one in back["records"]] == ["already_in", "stored_with_findings"]
    assert jinkui.json("search", "wrongly delivered")["total"] == 2


def test_after_a_removal_every_command_says_that_it_was_removed_and_how(jinkui: Jinkui, tmp_path: Path) -> None:
    import_id = next(
        one["batch_id"]
        for one in jinkui.json("catalogue", "list", "--submissions")["submissions"]
        if one["what"] == "import"
    )
    batch = jinkui.json("dispose", "plan", "--mistake", "x", "--batch", "2026-03", "--dry-run")["batch"]
    both = removed(jinkui, tmp_path, "--code", NEW)["plan_id"]
    told = jinkui.json("catalogue", "reconcile", batch)
    (out,) = (one for one in told["rows_out"] if one["code"] == NEW)
    assert both in str(out["reason"])
    assert "不是本馆档案" in str(out["reason"])
    assert "import" not in str(out["reason"]), "nobody is sent to bring it in again"
    (tmp_path / "plan.json").unlink()
    plan_id = removed(jinkui, tmp_path, "--batch", batch)["plan_id"]
    for words, code in ((("findings", "list", "--batch", batch), 4), (("catalogue", "reconcile", batch), 0)):
        said = jinkui(*words, code=code)
        assert plan_id in said, words
        assert "removed on" in said, words
    assert jinkui.json("catalogue", "reconcile", import_id)["adds_up"]
    (one,) = jinkui.json("batch", "list")["batches"]
    assert one["state"] == "removed"
    for told_by in (("batch", "list"), ("batch", "show", batch), ("explain", NEW), ("explain", f"BATCH-{batch}")):
        said = jinkui(*told_by, lang="zh")
        assert "移除" in said, told_by
        assert "销毁" not in said, told_by


def test_a_batch_that_was_removed_comes_back_by_an_express_word_only(jinkui: Jinkui, tmp_path: Path) -> None:
    plan_id = removed(jinkui, tmp_path, "--batch", "2026-03")["plan_id"]
    before = jinkui.json("journal", "verify")["entries"]
    folder = str(tmp_path / "2026-03")
    for options in ((), ("--dry-run",)):
        refused = jinkui("ingest", folder, *options, code=5)
        assert plan_id in refused
        assert "不是本馆档案" in refused
        assert "--removed-too" in refused
    assert jinkui.json("journal", "verify")["entries"] == before, "nothing of it is kept"
    foreseen = jinkui.json("ingest", folder, "--removed-too", "--dry-run", code=12)
    assert {one["outcome"] for one in foreseen["records"]} <= {"would be stored", "would be stored_with_findings"}
    later = make_batch(tmp_path / "later", NEW)
    again = jinkui.json("ingest", str(later), code=12)
    assert [one["outcome"] for one in again["records"]] == ["rejected"], "another batch with the code is asked, too"


def test_what_a_batch_came_with_is_found_by_its_names(jinkui: Jinkui, tmp_path: Path) -> None:
    listed = jinkui.json("catalogue", "list", "--submissions")["submissions"]
    assert [(one["what"], one["name"], one["records"]) for one in listed] == [
        ("import", "件.csv", 0),
        ("batch", "2026-03", 2),
    ]
    batch = next(one for one in listed if one["what"] == "batch")
    for name in (batch["code"], batch["batch_id"], batch["package_id"], f"990001:{batch['code']}"):
        shown = jinkui.json("show", name)
        assert (shown["package_id"], shown["records"]) == (batch["package_id"], 2)
        assert {one["came_as"] for one in shown["files"]} == {"catalogue.csv", "batch.toml"}
        assert jinkui.json("versions", name)["package_id"] == batch["package_id"]
        told = [one["type"] for one in jinkui.json("explain", name)["entries"]]
        assert {"batch-received", "package-stored"} <= {*told}
        assert jinkui.json("audit", "--package", name)["checked_copies"] == 2
    out = tmp_path / "out"
    jinkui("export", batch["code"], str(out), "--as-it-came")
    assert {path.name for path in out.iterdir()} == {"catalogue.csv", "batch.toml"}
    jinkui("export", batch["code"], str(tmp_path / "bag"))
    jinkui("check", str(tmp_path / "bag"))
    assert "销毁" not in jinkui("show", batch["code"], lang="zh")
    jinkui("show", "BATCH-nothing", code=4)
    jinkui("explain", "BATCH-nothing", code=4)


def test_the_story_of_what_is_gone_can_be_told(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = jinkui.json("dispose", "plan", "--mistake", "x", "--batch", "2026-03", "--dry-run")["batch"]
    jinkui("renumber", NEW, "Z109-WS·2001-Y-BGS-0009", "--reason", "r")
    left = removed(jinkui, tmp_path, "--code", NEW.replace("0002", "0009"))
    assert len(left["disposed"]) == 1
    for code in (NEW, "Z109-WS·2001-Y-BGS-0009"):
        told = jinkui.json("explain", code)
        assert told["is_here"] is False
        assert {"package-stored", "disposal-planned", "disposal-approved", "package-disposed"} <= {
            one["type"] for one in told["entries"]
        }
        assert "不是本馆档案" in jinkui("explain", code, lang="zh")
    assert jinkui.json("show", f"BATCH-{batch}")["records"] == 1
    register = next(
        one for one in jinkui.json("catalogue", "list", "--submissions")["submissions"] if one["what"].startswith("reg")
    )
    jinkui("dispose", "plan", "--mistake", "x", "--code", register["code"], "--dry-run", code=5)
    (tmp_path / "plan.json").unlink()
    removed(jinkui, tmp_path, "--batch", batch)
    jinkui("show", f"BATCH-{batch}", code=4)
    told = jinkui.json("explain", f"BATCH-{batch}")
    assert told["is_here"] is False
    assert [one["type"] for one in told["entries"]].count("batch-received") == 1
    jinkui("ingest", str(tmp_path / "2026-03"), "--removed-too", code=12)
    again = [one["type"] for one in jinkui.json("explain", f"BATCH-{batch}")["entries"]]
    assert again.count("batch-received") == 2, "it was received again"


def test_a_volume_leaves_with_its_items_and_those_that_were_described_before_stay_described(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    volume = "Z109-2-15"
    known = table(tmp_path / "卷内.csv", ("档号", "题名"), (f"{volume}-001", "目录所载"))
    jinkui("catalogue", "import", known)
    folder = tmp_path / "volumes"
    table(folder / "案卷目录.csv", ("档号", "案卷题名", "语种"), (volume, "水利工程", "汉语"))
    items = ((f"{volume}-001", "批次所载", "001", "汉语"), (f"{volume}-002", "新的一件", "2", "汉语"))
    table(folder / "卷内目录.csv", ("档号", "题名", "页号", "语种"), *items)
    for page in ("001", "002"):
        (folder / volume).mkdir(exist_ok=True)
        (folder / volume / f"{volume}-{page}.txt").write_text(f"canary{page}", "utf-8")
    jinkui("ingest", str(folder), code=12)
    jinkui("dispose", "plan", "--mistake", "x", "--code", f"{volume}-001", "--dry-run", code=4)
    foreseen = jinkui.json("dispose", "plan", "--mistake", "x", "--code", volume, "--dry-run")
    assert [(one["what"], one["items"], one["described"]) for one in foreseen["records"]] == [("volume", 2, 1)]
    assert ["--batch" in str(one["why"]) for one in foreseen["staying"]] == [True], "what it came with has another name"
    before = {one["code"]: one["unit_id"] for one in jinkui.json("catalogue", "list", "--under", "Z109-2")["units"]}
    removed(jinkui, tmp_path, "--batch", "volumes")

    def left() -> dict[str, tuple[str, bool]]:
        units = jinkui.json("catalogue", "list", "--under", "Z109-2")["units"]
        return {one["code"]: (one["title"], one["has_content"]) for one in units}

    assert left() == {f"{volume}-001": ("目录所载", False)}
    jinkui("rebuild")
    assert left() == {f"{volume}-001": ("目录所载", False)}
    assert jinkui.json("search", "canary001")["total"] == 0
    jinkui("ingest", str(folder), "--removed-too", code=12)
    assert {code: content for code, (_, content) in left().items()} == {
        volume: True,
        f"{volume}-001": True,
        f"{volume}-002": True,
    }
    now = {one["code"]: one["unit_id"] for one in jinkui.json("catalogue", "list", "--under", "Z109-2")["units"]}
    assert now[f"{volume}-001"] == before[f"{volume}-001"], "the item that was described is the same unit"
    assert now[volume] != before[volume], "the volume that only the batch knew is another one"


def test_what_became_of_a_batch_stays_told_when_it_was_removed(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = make_batch(tmp_path / "odd", "Z109-WS·2001-Y-BGS-0009")
    with (batch / "catalogue.csv").open("a", encoding="utf-8") as sheet:
        sheet.write("Z109-WS·2001-Y-BGS-0010,No file came,2001,永久\n")
    number = jinkui.json("ingest", str(batch), code=12)["batch_id"]

    def told() -> dict[str, Any]:
        found: dict[str, Any] = {one["batch_id"]: one for one in jinkui.json("batch", "list")["batches"]}[number]
        return found

    before = told()
    assert (before["records"], before["refused"], before["state"]) == (1, 1, "done")
    removed(jinkui, tmp_path, "--batch", number)
    for made_again in (False, True):
        if made_again:
            jinkui("rebuild")
        after = told()
        assert (after["records"], after["refused"], after["state"]) == (1, 1, "removed")
        shown = jinkui.json("batch", "show", number)
        assert shown["before_removal"] == {"records": 1, "refused": 1, "kinds": {"files-missing": 1}}
    said = jinkui("batch", "show", number)
    assert "before it was removed: 1 record was in, 1 row was refused (files-missing 1)" in said
    assert "its findings left with it" in said
    jinkui("findings", "list", "--batch", number, code=4)


def test_what_is_refused_or_not_found_says_what_to_do_next(jinkui: Jinkui, tmp_path: Path) -> None:
    plan = str(tmp_path / "plan.json")
    jinkui("dispose", "plan", "--by", "planner", "--out", plan, "--mistake", "x", "--code", NEW)
    secret = ("--key-file", str(tmp_path / "planner.key"), "--passphrase-file", str(tmp_path / "pass"))
    told = {
        "dispose approve PLAN --by SOMEBODY-ELSE": jinkui(
            "dispose", "approve", plan, "--by", "planner", *secret, code=5
        ),
        "jinkui explain CODE": jinkui("opening", "withdraw", "Z109-NONE-1", "--reason", "x", code=4),
        "give the path of the batch's folder": jinkui("ingest", str(tmp_path / "nosuch"), code=4),
        "jinkui hold list": jinkui("hold", "lift", "none", "--reason", "x", code=4),
        "see jinkui findings settle --help": jinkui("findings", "settle", "--reason", "x", code=2),
    }
    for advice, said in told.items():
        assert advice in said, said
    Path(plan).unlink()
    removed(jinkui, tmp_path, "--batch", "2026-03")
    assert f"jinkui explain {NEW} tells what happened" in jinkui("show", NEW, code=4)


def test_a_record_that_a_wrong_batch_changed_goes_back_and_the_rest_of_the_batch_leaves(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    before = jinkui.json("show", NEW)
    wrong = make_batch(tmp_path / "wrong", NEW, "Z109-WS·2001-Y-BGS-0009")
    sheet = (wrong / "catalogue.csv").read_text("utf-8").replace("Title of the batch 0002", "Another title")
    (wrong / "catalogue.csv").write_text(sheet, "utf-8")
    (wrong / f"{NEW}.txt").write_text("wrong page\n", "utf-8")
    (wrong / "orphan.txt").write_text("orphan\n", "utf-8")
    number = jinkui.json("ingest", str(wrong), "--update", code=12)["batch_id"]
    done = removed(jinkui, tmp_path, "--batch", "wrong")
    assert [one["archival_code"] for one in done["staying"]] == [NEW, f"BATCH-{number}"]
    said = jinkui("dispose", "plan", "--mistake", "x", "--code", f"BATCH-{number}", "--dry-run", code=5)
    assert NEW in said
    assert "or remove the whole batch" not in said
    (one,) = (one for one in jinkui.json("batch", "list")["batches"] if one["batch_id"] == number)
    assert (one["state"], one["removed"]) == ("done", 1)
    assert "1 record was removed" in jinkui("batch", "show", number)
    back = tmp_path / "back"
    told = jinkui("export", NEW, str(back), "--as-it-came", "--version", "1")
    assert f"jinkui ingest {back} --update" in told
    again = jinkui.json("ingest", str(back), "--update", code=12)
    assert [one["outcome"] for one in again["records"]] == ["updated"]
    after = jinkui.json("show", NEW)
    assert after["description"] == before["description"]
    assert jinkui.json("search", "wrong page")["total"] == 0
    foreseen = jinkui.json("dispose", "plan", "--mistake", "x", "--batch", "wrong", "--dry-run")
    assert [one["reason"] for one in foreseen["excluded"]] == ["newer-version"]
    (tmp_path / "plan.json").unlink()
    removed(jinkui, tmp_path, "--batch", "wrong")
    jinkui("show", f"BATCH-{number}", code=4)
    assert jinkui.json("show", NEW)["description"] == before["description"]
    assert jinkui.json("audit")["copies"] == []
