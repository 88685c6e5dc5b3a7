"""Findings of intake live until somebody settles them, whatever is run again meanwhile."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.support.files import docx_bytes

pytestmark = pytest.mark.children
ODD, SOUND = "Z109-WS·2011-Y-BGS-0001", "Z109-WS·2011-Y-BGS-0002"
REASON = "known to the office"


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with: a batch with an empty file and a stray one was taken in."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", "--name-en", "Linglan", "--kind", "馆")
    fonds = jinkui.home.parent / "fonds.csv"
    fonds.write_text("全宗号,全宗名称,立档单位\nZ109,全宗,单位\n", "utf-8")
    jinkui("fonds", "import", str(fonds))
    batch = jinkui.home.parent / "batch"
    write_batch(batch, {"a.txt": b"", "b.docx": docx_bytes("字"), "stray.txt": b"stray"})
    jinkui("ingest", str(batch), code=12)


def write_batch(folder: Path, files: dict[str, bytes], *, title: str = "题名") -> None:
    """Write a batch of two documents."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    with (folder / "catalogue.csv").open("w", encoding="utf-8", newline="") as sheet:
        rows = (ODD, title, "2011", "a.txt"), (SOUND, "二", "2011", "b.docx")
        csv.writer(sheet).writerows([("档号", "题名", "日期", "文件"), *rows])


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def listed(jinkui: Jinkui, *chosen: str) -> list[dict[str, Any]]:
    """Return the findings that are listed."""
    found: list[dict[str, Any]] = jinkui.json("findings", "list", *chosen)["findings"]
    return found


def taken_in_again(jinkui: Jinkui, tmp_path: Path, *options: str, code: int) -> dict[str, list[str]]:
    """Take the batch in again; return the kinds of what is told of each record."""
    told = jinkui.json("ingest", str(tmp_path / "batch"), *options, code=code)
    return {one["archival_code"]: [found["code"] for found in one["findings"]] for one in told["records"]}


def test_findings_are_listed_by_record_batch_and_kind(jinkui: Jinkui, tmp_path: Path) -> None:
    empty, stray = listed(jinkui)
    assert (empty["code"], empty["archival_code"], empty["title"], empty["file"]) == (
        "file-empty",
        ODD,
        "题名",
        "a.txt",
    )
    assert (stray["code"], stray["archival_code"], stray["file"]) == ("file-without-row", None, "stray.txt")
    assert listed(jinkui, "--record", ODD) == [empty]
    assert listed(jinkui, "--record", SOUND) == []
    assert listed(jinkui, "--kind", "file-without-row") == [stray]
    assert listed(jinkui, "--batch", empty["batch_id"]) == [empty, stray]
    assert listed(jinkui, "--kind", "image-damaged") == []
    assert "no batch 0" in jinkui("findings", "list", "--batch", "0", code=4)
    assert "file-emty" in jinkui("findings", "list", "--kind", "file-emty", code=4)
    assert jinkui.json("findings", "show", empty["id"]) == empty
    report = tmp_path / "findings.csv"
    jinkui("findings", "list", "--report", str(report))
    assert "file-empty" in report.read_text("utf-8-sig")


def test_a_second_run_does_not_make_a_finding_vanish_and_settling_does(jinkui: Jinkui, tmp_path: Path) -> None:
    assert taken_in_again(jinkui, tmp_path, code=12) == {ODD: ["file-empty"], SOUND: []}
    empty, stray = listed(jinkui)
    jinkui("findings", "settle", empty["id"], "--reason", REASON, "--by", "王敏")
    assert listed(jinkui) == [stray]
    jinkui("findings", "settle", "--batch", stray["batch_id"], "--reason", "scrap")
    assert listed(jinkui) == []
    assert taken_in_again(jinkui, tmp_path, code=0) == {ODD: [], SOUND: []}
    settled = jinkui.json("findings", "show", empty["id"])["settled"]
    assert (settled["by"], settled["reason"]) == ("王敏", REASON)
    for told in (jinkui("show", ODD), jinkui("explain", ODD)):
        assert "王敏" in told
        assert REASON in told
    assert [one["code"] for one in jinkui.json("show", ODD)["findings"]] == ["file-empty"]
    jinkui("rebuild")
    assert [one["settled"] is None for one in listed(jinkui, "--settled")] == [False, False]


def test_what_is_settled_already_is_said_to_be_by_whom_and_when(jinkui: Jinkui) -> None:
    empty, stray = (one["id"] for one in listed(jinkui))
    jinkui("findings", "settle", empty, "--reason", REASON, "--by", "王敏")
    day = jinkui.json("findings", "show", empty)["settled"]["at"][:10]
    refused = jinkui("findings", "settle", empty, "--reason", "again", code=6)
    assert {said in "".join(refused.split()) for said in (empty, "王敏", day, "".join(REASON.split()))} == {True}
    both = jinkui("findings", "settle", empty, stray, "--reason", "scrap")
    assert "1 finding is settled" in both
    assert "王敏" in both
    assert jinkui.json("findings", "show", empty)["settled"]["reason"] == REASON


def test_the_next_version_has_what_still_is_so_and_what_is_new(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("findings", "settle", "--record", ODD, "--reason", REASON)
    write_batch(tmp_path / "batch", {}, title="另一个")
    taken_in_again(jinkui, tmp_path, "--update", code=12)
    assert listed(jinkui, "--record", ODD) == []  # the same finding about the same bytes
    assert [one["settled"]["reason"] for one in listed(jinkui, "--record", ODD, "--settled")] == [REASON]
    write_batch(tmp_path / "batch", {"a.txt": b"\xff\xfe\x00", "b.docx": b""}, title="另一个")
    taken_in_again(jinkui, tmp_path, "--update", code=12)
    assert [one["code"] for one in listed(jinkui, "--record", SOUND)][:1] == ["file-empty"]
    jinkui("renumber", SOUND, f"{SOUND}A")
    (renamed, *_) = listed(jinkui, "--record", f"{SOUND}A")
    assert renamed["code"] == "file-empty"


def test_nothing_is_settled_that_was_not_named(jinkui: Jinkui) -> None:
    assert "--batch" in jinkui("findings", "settle", "--reason", REASON, code=2)
    known = listed(jinkui)[0]["id"]
    assert "--reason" in jinkui("findings", "settle", known, "--reason", "  ", code=2)
    assert "ffffffffffff" in jinkui("findings", "settle", known, "ffffffffffff", "--reason", REASON, code=4)
    jinkui("findings", "settle", "--kind", "no-such-kind", "--reason", REASON, code=4)
    jinkui("findings", "show", "ffffffffffff", code=4)
    assert len(listed(jinkui)) == 2


def test_what_was_wrong_with_a_row_is_over_when_its_record_goes_in(jinkui: Jinkui, tmp_path: Path) -> None:
    third, batch = "Z109-WS·2011-Y-BGS-0003", tmp_path / "third"
    batch.mkdir()
    (batch / "c.txt").write_text("c")
    sheet = batch / "catalogue.csv"
    sheet.write_text(f"档号,题名,日期,语种,文件\n{third},,2011,zh,c.txt\n", "utf-8")
    jinkui("ingest", str(batch), code=12)
    assert [one["code"] for one in listed(jinkui, "--record", third)] == ["code-unknown"]
    sheet.write_text(f"档号,题名,日期,语种,文件\n{third},三,2011,zh,c.txt\n", "utf-8")
    jinkui("ingest", str(batch))
    assert listed(jinkui, "--record", third) == []
    jinkui("rebuild")
    assert listed(jinkui, "--record", third) == []


def named_by_a_row(batch: Path, *, data: bytes = b"stray") -> None:
    """Add a row for the stray file to the sheet of the batch."""
    (batch / "stray.txt").write_bytes(data)
    with (batch / "catalogue.csv").open("a", encoding="utf-8", newline="") as sheet:
        csv.writer(sheet).writerow(("Z109-WS·2011-Y-BGS-0003", "三", "2011", "stray.txt"))


def test_a_file_that_a_row_names_by_now_is_settled_by_that_look(jinkui: Jinkui, tmp_path: Path) -> None:
    (_, stray) = listed(jinkui)
    named_by_a_row(tmp_path / "batch")
    assert "settled with it" in jinkui("ingest", str(tmp_path / "batch"), "--update", code=12)
    assert [one["code"] for one in listed(jinkui)] == ["file-empty"]
    settled = jinkui.json("findings", "show", stray["id"])["settled"]
    assert "a row names the file (batch" in settled["reason"]
    assert "对应的行" in settled["reason"]
    jinkui("rebuild")
    assert [one["code"] for one in listed(jinkui)] == ["file-empty"]


def test_a_file_of_that_name_with_other_bytes_settles_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    named_by_a_row(tmp_path / "batch", data=b"another")
    jinkui("ingest", str(tmp_path / "batch"), "--update", code=12)
    assert [one["code"] for one in listed(jinkui)] == ["file-empty", "file-without-row"]


def test_what_a_corrected_sheet_has_no_more_is_settled_and_what_it_still_has_is_not(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    batch = tmp_path / "fourth"
    batch.mkdir()
    (batch / "d.txt").write_text("d")
    sheet = batch / "catalogue.csv"
    row = "Z109-WS·2011-Y-BGS-0004,四,2011,d.txt"
    sheet.write_text(f"档号,题名,日期,文件,\n{row},x\n", "utf-8")
    first = jinkui.json("ingest", str(batch), code=12)["batch_id"]
    before = [one["code"] for one in listed(jinkui, "--batch", first)]
    assert "column-without-heading" in before
    sheet.write_text(f"档号,题名,日期,文件,\n{row},y\n", "utf-8")
    jinkui("ingest", str(batch), "--update", code=12)
    assert [one["code"] for one in listed(jinkui, "--batch", first)] == before
    sheet.write_text(f"档号,题名,日期,文件\n{row}\n", "utf-8")
    jinkui.json("ingest", str(batch), "--update")
    assert listed(jinkui, "--batch", first) == []


def test_another_batch_in_the_same_folder_settles_nothing_of_the_first(jinkui: Jinkui, tmp_path: Path) -> None:
    folder, batches = tmp_path / "in", list[str]()
    folder.mkdir()
    for number, column in (("0006", ","), ("0007", "")):
        (folder / "x.txt").write_text(number)
        row = f"Z109-WS·2011-Y-BGS-{number},{number},2011,x.txt"
        (folder / "catalogue.csv").write_text(f"档号,题名,日期,文件{column}\n{row}{column and ',x'}\n", "utf-8")
        done = jinkui.json("ingest", str(folder), code=12 if column else 0)
        batches.append(done["batch_id"])
    assert done["settled"] == 0
    assert "column-without-heading" in [one["code"] for one in listed(jinkui, "--batch", batches[0])]


def test_a_fonds_that_is_described_by_now_is_unknown_no_more(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = tmp_path / "other"
    batch.mkdir()
    rows = [("Z110-WS·2011-Y-BGS-0001", "一", "2011", "e.txt"), ("Z111-WS·2011-Y-BGS-0001", "二", "2011", "f.txt")]
    with (batch / "catalogue.csv").open("w", encoding="utf-8", newline="") as sheet:
        csv.writer(sheet).writerows([("档号", "题名", "日期", "文件"), *rows])
    for _, title, _, name in rows:
        (batch / name).write_text(title)
    jinkui("ingest", str(batch), code=12)
    assert len(listed(jinkui, "--kind", "fonds-unknown")) == 2
    fonds = tmp_path / "more.csv"
    fonds.write_text("全宗号,全宗名称,立档单位\nZ110,全宗,单位\n", "utf-8")
    assert jinkui.json("fonds", "import", str(fonds))["settled"] == 1
    (left,) = listed(jinkui, "--kind", "fonds-unknown")
    assert left["archival_code"].startswith("Z111")
    told = jinkui("findings", "list", "--kind", "fonds-unknown", "--settled")
    assert "described" in told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_batch_is_named_to_every_command_as_any_of_them_shows_it(jinkui: Jinkui, lang: str) -> None:
    number = listed(jinkui)[0]["batch_id"]
    for name in (number, number[:6], f"BATCH-{number}", "batch"):
        assert len(listed(jinkui, "--batch", name)) == 2, name
        assert jinkui.json("batch", "show", name)["batch_id"] == number
        assert jinkui.json("dispose", "plan", "--mistake", "r", "--batch", name, "--dry-run")["batch"] == number
        assert jinkui.json("catalogue", "list", "--batch", name)["units"] == []
        assert {one["number"] for one in jinkui.json("catalogue", "reconcile", name)["sums"]} == {number, ""}
    for words in (("findings", "list", "--batch"), ("catalogue", "list", "--batch"), ("catalogue", "reconcile")):
        assert "jinkui batch list" in jinkui(*words, "nowhere", code=4, lang=lang)


def test_an_import_is_named_as_a_batch_is(jinkui: Jinkui, tmp_path: Path) -> None:
    table = tmp_path / "案卷.csv"
    table.write_text("档号,案卷题名,日期\nZ109-2-15,防汛,1953-13-40\n", "utf-8")
    jinkui("catalogue", "import", str(table), code=12)
    (found,) = [one for one in listed(jinkui) if one["file"] == "案卷.csv"]
    for name in (found["batch_id"][:5], f"BATCH-{found['batch_id']}", "案卷.csv"):
        assert listed(jinkui, "--batch", name) == [found]
        assert jinkui.json("catalogue", "list", "--batch", name)["count"] == 1
    jinkui("findings", "settle", "--batch", "案卷.csv", "--reason", "as on the cover")
    assert jinkui.json("catalogue", "undo", "案卷.csv", "--reason", "wrong table")["taken_back"] == 1


def test_a_row_that_cannot_go_in_says_which_of_its_files_are_missing_too(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = tmp_path / "twins"
    batch.mkdir()
    (batch / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    (batch / "b.txt").write_bytes(b"b")
    rows = ((ODD + "9", "一", "gone.txt"), (ODD + "9", "二", "b.txt"), (ODD + "8", "", "away.txt"), (ODD + "7", "", ""))
    with (batch / "catalogue.csv").open("w", encoding="utf-8", newline="") as sheet:
        csv.writer(sheet).writerows([("档号", "题名", "文件"), *rows])
    told = jinkui.json("ingest", str(batch), "--dry-run", code=12)
    found = [[one["code"] for one in record["findings"]] for record in told["records"]]
    assert found == [
        ["code-twice", "file-missing"],
        ["code-twice"],
        ["code-unknown", "file-missing"],
        ["code-unknown", "files-missing"],
    ]


def test_a_column_that_is_not_known_is_named_by_its_cell(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = tmp_path / "odd"
    write_batch(batch, {"a.txt": b"a", "b.docx": docx_bytes("字")})
    text = (batch / "catalogue.csv").read_text("utf-8").replace("日期", "题目")
    (batch / "catalogue.csv").write_text(text, "utf-8")
    found = jinkui.json("ingest", str(batch), "--dry-run", code=12)["findings"]
    assert [one["cell"] for one in found if one["code"] == "column-unknown"] == ["C1"]


def batch_of(folder: Path, rows: dict[str, tuple[str, str]], *headings: str) -> str:
    """Write a batch: titles and files by code, the headings of its columns; return its folder."""
    folder.mkdir(exist_ok=True)
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    with (folder / "catalogue.csv").open("w", encoding="utf-8", newline="") as sheet:
        every = [(code, title, file, "某人") for code, (title, file) in rows.items()]
        csv.writer(sheet).writerows([headings or ("档号", "题名", "文件", "责任着"), *every])
    return str(folder)


def first_batch(jinkui: Jinkui, tmp_path: Path) -> str:
    """Take in a batch with a column that is not known, and a file that no row names; return its number."""
    folder = batch_of(tmp_path / "first", {ODD + "1": ("一", "one.txt"), ODD + "2": ("二", "two.txt")})
    for name in ("one.txt", "two.txt", "three.txt"):
        (tmp_path / "first" / name).write_text(name, "utf-8")
    number: str = jinkui.json("ingest", folder, code=12)["batch_id"]
    assert sorted(one["code"] for one in listed(jinkui, "--batch", number)) == ["column-unknown", "file-without-row"]
    return number


@pytest.mark.parametrize("name", ["first", "second"])
@pytest.mark.parametrize("update", [(), ("--update",)])
def test_a_mended_batch_answers_the_findings_about_the_first_whatever_its_folder_is_called(
    jinkui: Jinkui, tmp_path: Path, name: str, update: tuple[str, ...]
) -> None:
    first = first_batch(jinkui, tmp_path)
    mended = tmp_path / name
    (tmp_path / "first").rename(mended)
    (mended / "three.txt").rename(mended / "drei.txt")
    rows = {ODD + "1": ("一", "one.txt"), ODD + "2": ("二", "two.txt"), ODD + "3": ("三", "drei.txt")}
    if not update:  # what differs from what is stored is left alone: the sheet is mended where nothing was stored of it
        batch_of(mended, rows, "档号", "题名", "文件", "盒号")
        told = jinkui.json("ingest", str(mended), code=12)
        assert {one["outcome"] for one in told["records"]} == {"differs", "stored"}
        assert "column-unknown" in {one["code"] for one in listed(jinkui, "--batch", first)}
    batch_of(mended, rows, "档号", "题名", "文件", "责任者")
    told = jinkui.json("ingest", str(mended), "--update", code=0)
    assert listed(jinkui, "--batch", first) == []
    answered = listed(jinkui, "--batch", first, "--settled")
    assert all(f"(batch {told['batch_id']})" in one["settled"]["reason"] for one in answered if update)


def test_what_is_still_so_or_did_not_come_again_waits_for_a_person_and_says_by_which_command(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    first = first_batch(jinkui, tmp_path)
    (tmp_path / "first" / "three.txt").unlink()
    rows = {ODD + "1": ("一", "one.txt"), ODD + "2": ("二", "two.txt")}
    jinkui("ingest", batch_of(tmp_path / "first", rows, "档号", "题名", "文件", "责任着"), "--update", code=12)
    waiting = listed(jinkui, "--batch", first)
    assert sorted(one["code"] for one in waiting) == ["column-unknown", "file-without-row"]
    assert all("jinkui findings settle" in one["advice"] for one in waiting)
    jinkui("findings", "settle", "--batch", first, "--reason", REASON)
    assert listed(jinkui, "--batch", first) == []


def test_a_batch_of_other_rows_answers_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    first = first_batch(jinkui, tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "one.txt").write_text("one", "utf-8")
    jinkui("ingest", batch_of(other, {ODD + "1": ("一", "one.txt")}, "档号", "题名", "文件", "责任者"), "--update")
    assert len(listed(jinkui, "--batch", first)) == 2


def test_a_batch_that_was_refused_wholly_is_answered_by_the_one_that_has_its_codes(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    rows = {ODD + "1": ("一", "one.txt")}
    first = jinkui.json("ingest", batch_of(tmp_path / "first", rows), code=12)["batch_id"]
    assert "column-unknown" in {one["code"] for one in listed(jinkui, "--batch", first)}
    second = tmp_path / "second"
    second.mkdir()
    (second / "one.txt").write_text("one", "utf-8")
    jinkui("ingest", batch_of(second, rows, "档号", "题名", "文件", "责任者"))
    assert listed(jinkui, "--batch", first) == []


def test_what_differs_lives_until_it_is_stored_and_what_was_mended_is_told_as_settled(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    first = listed(jinkui)[0]["batch_id"]
    other = tmp_path / "other"
    write_batch(other, {"a.txt": b"no more empty\n" * 20, "b.docx": docx_bytes("字")}, title="改")
    told = jinkui.json("ingest", str(other), code=12)
    assert told["records"][0]["outcome"] == "differs"
    number = told["batch_id"]
    waits = listed(jinkui, "--batch", number)
    assert {"description-differs", "file-differs"} <= {one["code"] for one in waits}
    differing = [one for one in waits if one["code"].endswith("-differs")]
    assert ODD in {one["archival_code"] for one in differing}
    assert not any("改" in str(one["message"]) for one in differing), (
        "no words of a record are kept outside its package"
    )
    assert jinkui.json("batch", "show", number)["refused"] == []
    assert "again with --update" in jinkui("ingest", str(other), code=12)
    for name in ("a.txt", "catalogue.csv", "batch.toml", "b.docx"):
        (tmp_path / "batch" / name).write_bytes((other / name).read_bytes())
    (tmp_path / "batch" / "stray.txt").unlink()
    jinkui("ingest", str(tmp_path / "batch"), "--update", code=0)
    assert listed(jinkui, "--batch", number) == []
    assert all(one["settled"] for one in listed(jinkui, "--batch", number, "--settled"))
    named = {one["batch_id"]: one["name"] for one in jinkui.json("batch", "list")["batches"]}
    assert (named[first], named[number]) == ("batch", "other"), "a batch keeps the name with which it came"
    for chosen in (("--record", ODD), ("--batch", "batch")):
        (empty,) = (one for one in listed(jinkui, *chosen, "--settled") if one["code"] == "file-empty")
        assert "version 2" in empty["settled"]["reason"]
        assert number in empty["settled"]["reason"]
        assert jinkui.json("findings", "show", empty["id"]) == empty
    for words in ([empty["id"]], ["--record", ODD]):
        refused = " ".join(jinkui("findings", "settle", *words, "--reason", REASON, code=6).split())
        assert f"it is so no more in version 2 (batch {number})" in refused
        assert "已无此问题" not in refused


def test_what_was_settled_for_one_version_is_listed_again_when_it_differs_from_a_later_one(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    word = docx_bytes("字")  # one file: made twice it has two times of writing
    write_batch(right, {"a.txt": b"one text\n" * 20, "b.docx": word}, title="对")
    write_batch(wrong, {"a.txt": b"another text\n" * 20, "b.docx": word}, title="错")
    jinkui("ingest", str(right), "--update")
    number = jinkui.json("ingest", str(wrong), code=12)["batch_id"]
    first = {one["id"] for one in listed(jinkui, "--batch", number)}
    assert len(first) == 2
    jinkui("ingest", str(wrong), code=12)
    assert {one["id"] for one in listed(jinkui, "--batch", number)} == first, "told once, as long as it lives"
    jinkui("ingest", str(wrong), "--update")
    assert listed(jinkui, "--batch", number) == []
    jinkui("ingest", str(right), "--update")
    assert listed(jinkui, "--batch", number) == []
    assert jinkui.json("ingest", str(wrong), code=12)["records"][0]["outcome"] == "differs"
    again = listed(jinkui, "--batch", number)
    assert {one["code"] for one in again} == {"description-differs", "file-differs"}
    assert not {one["id"] for one in again} & first
    assert all("version 4" in str(one["message"]) for one in again)
    jinkui("findings", "settle", "--batch", number, "--reason", REASON)
    jinkui("ingest", str(wrong), code=12)
    assert listed(jinkui, "--batch", number) == [], "a settlement holds for the version that it was made on"


def test_a_refused_row_whose_record_came_later_is_told_as_settled(jinkui: Jinkui, tmp_path: Path) -> None:
    code = "Z109-WS·2011-Y-BGS-0009"
    folder = tmp_path / "later"
    folder.mkdir()
    (folder / "catalogue.csv").write_text(f"档号,题名,日期\n{code},迟到,2011\n", "utf-8")
    number = jinkui.json("ingest", str(folder), code=12)["batch_id"]
    assert [one["code"] for one in listed(jinkui, "--batch", number)] == ["files-missing"]
    (folder / f"{code}.txt").write_text("here it is\n" * 20, "utf-8")
    later = jinkui.json("ingest", str(folder))["batch_id"]
    assert listed(jinkui, "--batch", number) == []
    (found,) = listed(jinkui, "--batch", number, "--settled")
    assert later in found["settled"]["reason"]
