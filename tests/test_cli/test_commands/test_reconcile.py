"""What came in adds up to the last row and file, from what was kept."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from ingest import submission
from ingest.examine import examined_files as examined
from tests.support.command_line import Jinkui, Prepared
from tests.support.files import image_bytes
from tests.test_cli.test_commands.test_catalogue import FIRST, ITEMS, SECOND, VOLUME, VOLUMES, founded, table


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def test_imports_and_batches_add_up_to_the_last_row_and_file(jinkui: Jinkui, tmp_path: Path) -> None:
    volumes = table(tmp_path / "案卷.csv", VOLUMES, VOLUME, VOLUME)
    items = table(tmp_path / "卷内.csv", (*ITEMS, "密级"), (*FIRST, ""), (*SECOND, ""))
    number = jinkui.json("catalogue", "import", volumes, items, code=12)["import"]
    batch = tmp_path / "batch"
    (batch / "J019-2-0015-1").mkdir(parents=True)
    (batch / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    table(batch / "catalogue.csv", ("档号",), ("J019-2-0015-1",), ("J019-2-0015-99",))
    for name in ("J019-2-0015-1/001.jpg", "J019-2-0015-1/002.jpg", "stray.jpg"):
        (batch / name).write_bytes(image_bytes("JPEG"))
    jinkui("ingest", str(batch), code=12)
    book = tmp_path / "核对.xlsx"
    told = jinkui.json("catalogue", "reconcile", "--xlsx", str(book))
    assert told["adds_up"]
    of_import = next(one for one in told["sums"] if one["number"] == number)
    counted = {key: of_import[key] for key in ("fonds", "series", "read", "came_in", "was_in", "refused", "hooked")}
    assert counted == {
        "fonds": "J019",
        "series": "2",
        "read": 4,
        "came_in": 4,
        "was_in": 0,
        "refused": 0,
        "hooked": 0,
    }
    of_batch = [one for one in told["sums"] if one["number"] not in (number, "")]
    assert sum(one["read"] for one in of_batch) == 2
    assert sum(one["came_in"] for one in of_batch) == 1
    assert (sum(one["hooked"] for one in of_batch), sum(one["orphans"] for one in of_batch)) == (2, 1)
    assert [one["file"] for one in told["orphans"]] == ["stray.jpg"]
    assert load_workbook(book).sheetnames[0]
    assert jinkui.json("catalogue", "reconcile", number)["sums"][-1]["read"] == 4
    jinkui("catalogue", "reconcile", "0" * 16, code=4)
    table(batch / "catalogue.csv", ("档号",), ("J019-2-0015-98",), ("J019-2-0015-99",))
    none = jinkui.json("ingest", str(batch), code=12)["batch_id"]
    told = jinkui.json("catalogue", "reconcile", none)
    assert told["adds_up"]
    assert (told["sums"][-1]["read"], told["sums"][-1]["refused"]) == (2, 2)
    assert "catalogue.csv" not in [one["file"] for one in told["orphans"]], "a sheet of which every row was refused"


def test_what_was_taken_back_is_a_term_of_its_own_and_its_findings_are_settled(jinkui: Jinkui, tmp_path: Path) -> None:
    odd = ("J019", "2", "0016", "水利工程", "某年某月", "长期", "1库2列")
    volumes = table(tmp_path / "案卷.csv", VOLUMES, VOLUME, odd)
    number = jinkui.json("catalogue", "import", volumes, code=12)["import"]
    again = jinkui.json(
        "catalogue", "import", table(tmp_path / "再.csv", ("档号", "题名"), ("J019-2-0016", "水利工程"))
    )["import"]
    corrected = table(tmp_path / "c.csv", ("档号", "题名"), ("J019-2-0015", "更正后"))
    jinkui("describe", corrected, "--reason", "as on the cover")

    def counted(import_id: str, *, code: int = 0) -> dict[str, int]:
        (line,) = jinkui.json("catalogue", "reconcile", import_id, code=code)["sums"][:-1]
        return {key: line[key] for key in ("read", "came_in", "taken_back", "was_in", "refused")}

    whole = {"read": 2, "came_in": 2, "taken_back": 0, "was_in": 0, "refused": 0}
    assert counted(number) == whole, "what was corrected came from where it came from"
    (found,) = [one for one in jinkui.json("findings", "list")["findings"] if one["row"] == 3]
    told = jinkui.json("catalogue", "undo", number, "--reason", "the wrong table")
    assert (told["taken_back"], told["kept"], told["settled"]) == (1, 1, 1)
    assert found["id"] not in [one["id"] for one in jinkui.json("findings", "list")["findings"]]
    assert counted(number) == {**whole, "came_in": 1, "taken_back": 1}
    out = jinkui.json("catalogue", "reconcile", again)
    assert (out["adds_up"], out["rows_out"][0]["code"]) == (True, "J019-2-0016"), "and why it is not in"
    jinkui("catalogue", "import", volumes, code=12)
    assert counted(number) == whole


def test_units_that_the_catalogue_lost_do_not_add_up(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = (("J019-3-0001", "卷", ""), ("J019-3-0002", "卷", ""))
    number = jinkui.json("catalogue", "import", table(tmp_path / "a.csv", ("档号", "题名", "密级"), *rows))["import"]
    assert jinkui.json("catalogue", "reconcile", number)["adds_up"]
    with closing(sqlite3.connect(jinkui.home / "catalogue.db")) as catalogue:
        catalogue.execute("DELETE FROM unit WHERE code_key = 'J019-3-0001'")
        catalogue.commit()
    lost = jinkui.json("catalogue", "reconcile", number, code=12)
    assert not lost["adds_up"]
    jinkui("rebuild")
    assert jinkui.json("catalogue", "reconcile", number)["adds_up"]


def test_of_a_table_that_may_not_be_kept_a_list_of_its_rows_adds_up(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = (
        ("J019-3-0001", "卷", ""),
        ("J019-3-0002", "海防工事", "MJ-3"),
        ("J019-4-0001", "卷", ""),
        ("J019-3-0001", "卷", ""),
    )
    sheet = table(tmp_path / "a.csv", ("档号", "题名", "密级"), *rows)
    number = jinkui.json("catalogue", "import", sheet, code=12)["import"]
    told = jinkui.json("catalogue", "reconcile", number)
    counted = [(one["fonds"], one["series"], one["read"], one["came_in"], one["refused"]) for one in told["sums"][:-1]]
    assert counted == [("J019", "3", 3, 2, 1), ("J019", "4", 1, 1, 0)], (
        "by fonds and inventory, the row that is out too"
    )
    (out,) = told["rows_out"]
    assert (out["file"], out["row"], out["code"]) == ("a.csv", 3, ""), "where it stood, and no word of it"
    assert "left out" in out["reason"]
    for file in jinkui.home.rglob("*"):
        assert not file.is_file() or "海防".encode() not in file.read_bytes(), file
        assert not file.is_file() or b"J019-3-0002" not in file.read_bytes(), file


def test_the_list_of_rows_gives_way_to_the_tables_once_they_may_be_kept(jinkui: Jinkui, tmp_path: Path) -> None:
    sheet = table(
        tmp_path / "a.csv", ("档号", "题名", "密级"), ("J019-3-0001", "卷", ""), ("J019-3-0002", "卷", "MJ-3")
    )
    number = jinkui.json("catalogue", "import", sheet, code=12)["import"]
    assert jinkui.json("catalogue", "import", sheet, code=12)["import"] == number, "said again, the same comes of it"
    kept = {one["code"] for one in jinkui.json("catalogue", "list", "--submissions")["submissions"]}
    assert kept == {f"ROWS-{number}"}
    table(tmp_path / "a.csv", ("档号", "题名", "密级"), ("J019-3-0001", "卷", ""), ("J019-3-0002", "卷", ""))
    again = jinkui.json("catalogue", "import", sheet)["import"]
    told = jinkui.json("catalogue", "reconcile", again)
    assert (told["adds_up"], told["sums"][-1]["came_in"], told["sums"][-1]["was_in"]) == (True, 1, 1)
    jinkui("catalogue", "undo", number, "--reason", "the wrong table")
    assert jinkui.json("catalogue", "reconcile", number)["sums"][-1]["taken_back"] == 1


@pytest.mark.parametrize("ending", ["ead.xml", "xlsx.bak"])
def test_a_table_adds_up_whatever_its_name_ends_with(jinkui: Jinkui, tmp_path: Path, ending: str) -> None:
    jinkui("catalogue", "import", table(tmp_path / "a.csv", ("档号", "题名"), ("J019-3-0001", "卷")))
    book = tmp_path / f"out.{ending}"
    jinkui("catalogue", "export", str(book.with_suffix("") if ending.endswith("bak") else book))
    if ending.endswith("bak"):
        book.with_suffix("").rename(book)
    number = jinkui.json("catalogue", "import", str(book))["import"]
    told = jinkui.json("catalogue", "reconcile", number)
    whole = told["sums"][-1]
    assert (told["adds_up"], whole["read"], whole["came_in"], whole["was_in"]) == (True, 2, 1, 1), "with its fonds"
    assert told["orphans"] == []


def test_files_of_a_batch_that_are_no_sheets_take_the_place_of_no_list_of_rows(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    batch.mkdir()
    table(batch / "目录.csv", ("档号", "题名", "密级"), ("J019-3-0001", "卷", ""), ("J019-3-0002", "卷", "MJ-3"))
    (batch / "J019-3-0001.jpg").write_bytes(image_bytes("JPEG"))
    for name in ("说明.txt", "x.toml", "人名.dbf", "x.fpt"):
        (batch / name).write_text("= 说明", "utf-8")
    number = jinkui.json("ingest", str(batch), code=12)["batch_id"]
    told = jinkui.json("catalogue", "reconcile", number)
    assert (told["adds_up"], told["sums"][-1]["read"], told["sums"][-1]["refused"]) == (True, 2, 1)
    assert {one["file"] for one in told["orphans"]} == {"说明.txt", "x.toml", "人名.dbf", "x.fpt"}


def test_rows_that_are_left_out_leave_no_gaps_in_numbers(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = [(f"J019-3-{number:04}", "卷", "MJ-3" if number == 3 else "") for number in (1, 2, 3, 4, 5, 7)]
    told = jinkui.json(
        "catalogue", "import", table(tmp_path / "a.csv", ("档号", "题名", "密级"), *rows), "--dry-run", code=12
    )
    (gaps,) = [one for one in told["dirt"] if one["code"] == "number-gap"]
    assert (gaps["count"], "A7" in gaps["first"]) == (1, True)


def test_of_a_batch_with_a_row_of_unknown_secrecy_no_word_of_it_is_kept(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = [("J019-3-0001", "卷", ""), ("J019-3-0002", "海防工事", "MJ-3"), ("J019-4-0001", "", "")]
    (tmp_path / "batch").mkdir()
    table(tmp_path / "batch" / "目录.csv", ("档号", "题名", "密级"), *rows)
    for code in ("J019-3-0001", "J019-3-0002"):
        (tmp_path / "batch" / f"{code}.txt").write_text(f"text of {code}")
    told = jinkui.json("ingest", str(tmp_path / "batch"), code=12)
    assert "tables-not-kept" in [one["code"] for one in told["findings"]]
    for file in jinkui.home.rglob("*"):
        for word in ("海防", "MJ-3", "J019-3-0002"):
            assert not file.is_file() or word.encode() not in file.read_bytes(), (file, word)
    assert jinkui.json("ingest", str(tmp_path / "batch"), code=12)["batch_id"] == told["batch_id"]
    added = jinkui.json("catalogue", "reconcile", told["batch_id"])
    counted = [(one["fonds"], one["series"], one["read"], one["came_in"], one["refused"]) for one in added["sums"][:-1]]
    assert counted == [("J019", "3", 2, 1, 1), ("J019", "4", 1, 0, 1)]
    assert [(one["row"], one["code"]) for one in added["rows_out"]] == [(3, ""), (4, "J019-4-0001")]
    assert all(one["reason"] for one in added["rows_out"])
    (listed,) = jinkui.json("batch", "list")["batches"]
    assert (listed["batch_id"], listed["records"], listed["refused"]) == (told["batch_id"], 1, 2)


def test_a_secret_that_was_left_out_explains_no_other_row(jinkui: Jinkui, tmp_path: Path) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text('title = "x"\nname = "x"\nsecret-rows = "leave out"\n', "utf-8")
    head = ("档号", "题名", "密级")
    secret = table(
        tmp_path / "b.csv", head, ("J019-3-0001", "甲", ""), ("J019-3-0002", "乙", ""), ("J019-3-0003", "丙", "机密")
    )
    number = jinkui.json("catalogue", "import", secret, "--profile", str(profile), code=12)["import"]
    assert jinkui.json("catalogue", "reconcile", number)["adds_up"]
    with closing(sqlite3.connect(jinkui.home / "catalogue.db")) as catalogue:
        catalogue.execute("DELETE FROM unit WHERE code_key = 'J019-3-0002'")
        catalogue.commit()
    told = jinkui.json("catalogue", "reconcile", number, code=12)
    assert not told["adds_up"]
    assert told["sums"][-1]["unexplained"] == 1


def test_a_row_that_a_batch_refused_is_refused_though_it_is_described(jinkui: Jinkui, tmp_path: Path) -> None:
    codes = ("J019-3-0001", "J019-3-0002")
    jinkui("catalogue", "import", table(tmp_path / "a.csv", ("档号", "题名"), *((code, "卷") for code in codes)))
    batch = tmp_path / "batch"
    batch.mkdir()
    table(batch / "目录.csv", ("档号", "语种"), *((code, "汉语") for code in codes))
    (batch / f"{codes[0]}.txt").write_text("text", "utf-8")
    number = jinkui.json("ingest", str(batch), code=12)["batch_id"]
    told = jinkui.json("catalogue", "reconcile", number)
    whole = told["sums"][-1]
    assert (told["adds_up"], whole["came_in"], whole["was_in"], whole["refused"]) == (True, 1, 0, 1)
    (out,) = told["rows_out"]
    assert (out["code"], "no file belongs" in out["reason"]) == (codes[1], True)


def filed(folder: Path, rows: Sequence[tuple[str, ...]], *names: str) -> Path:
    """Write a batch of text files."""
    folder.mkdir(exist_ok=True)
    table(folder / "目录.csv", ("档号", "题名", "语种"), *rows)
    for name in names:
        (folder / f"{name}.txt").write_text(f"text of {name}", "utf-8")
    return folder


def files_told(jinkui: Jinkui, number: str, code: int = 0) -> tuple[int, ...]:
    """Return the files of a batch: all, hooked, in already, refused, orphans."""
    whole = jinkui.json("catalogue", "reconcile", number, code=code)["sums"][-1]
    return tuple(whole[name] for name in ("files", "hooked", "files_in", "files_refused", "orphans"))


def test_files_of_rows_that_were_refused_are_counted_though_they_are_not_kept(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = [("J019-3-0001", "甲", "汉语"), ("J019-3-0002", "", "汉语")]
    batch = filed(tmp_path / "batch", rows, "J019-3-0001", "J019-3-0002", "loose")
    number = jinkui.json("ingest", str(batch), code=12)["batch_id"]
    assert files_told(jinkui, number) == (3, 1, 0, 1, 1)


def test_files_that_were_in_already_and_rows_without_any_add_up(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = [("J019-3-0001", "甲", "汉语"), ("J019-3-0002", "乙", "汉语")]
    first = filed(tmp_path / "first", rows[:1], "J019-3-0001")
    jinkui("ingest", str(first))
    both = filed(tmp_path / "both", rows, "J019-3-0001", "J019-3-0002")
    number = jinkui.json("ingest", str(both))["batch_id"]
    assert files_told(jinkui, number) == (2, 1, 1, 0, 0)
    sheet = filed(tmp_path / "sheet", [("J019-3-0002", "丙", "汉语")])
    described = jinkui.json("ingest", str(sheet), "--update")["batch_id"]
    assert files_told(jinkui, described) == (0, 0, 0, 0, 0)
    assert files_told(jinkui, number) == (2, 0, 2, 0, 0), "its record has come again since"


def test_a_file_that_is_nowhere_does_not_add_up(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = filed(tmp_path / "batch", [("J019-3-0001", "甲", "汉语")], "J019-3-0001", "loose", "lost")
    monkeypatch.setattr(
        submission,
        "examined_files",
        lambda files, place: examined([f for f in files if f.relative != "lost.txt"], place),
    )
    number = jinkui.json("ingest", str(batch), code=12)["batch_id"]
    assert files_told(jinkui, number, code=12) == (3, 1, 0, 0, 1)


def _worksheets(path: Path, **worksheets: Sequence[Sequence[str]]) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in worksheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([*row])
    book.save(path)


def test_rows_of_several_worksheets_are_known_by_worksheet_and_number(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    pages = batch / "J019-2-0015"
    pages.mkdir(parents=True)
    (batch / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    _worksheets(
        batch / "目录.xlsx",
        归档文件目录=[("档号", "题名"), ("J019-WS·2005-Y-0001", "没有文件"), ("J019-WS·2005-Y-0002", "也没有")],
        案卷目录=[("档号", "案卷题名"), ("J019-2-0015", "水利")],
        卷内文件目录=[("案卷号", "件号", "题名", "页号"), ("0015", "1", "通知", "1"), ("0015", "2", "批复", "2")],
        作废=[("档号", "题名"), ("J019-2-0099", "作废")],
    )
    for name in ("001.jpg", "002.jpg"):
        (pages / name).write_bytes(image_bytes("JPEG"))
    jinkui("ingest", str(batch), code=12)
    told = jinkui.json("catalogue", "reconcile")
    assert told["adds_up"]
    whole = told["sums"][-1]
    assert (whole["read"], whole["came_in"], whole["refused"], whole["unexplained"]) == (6, 3, 3, 0)
    out = [(one["file"], one["row"], one["code"]) for one in told["rows_out"]]
    assert out == [
        ("目录.xlsx", 2, "J019-WS·2005-Y-0001"),
        ("目录.xlsx", 3, "J019-WS·2005-Y-0002"),
        ("目录.xlsx!作废", 2, "J019-2-0099"),
    ]


def test_a_list_of_volumes_and_one_of_their_items_in_two_files_add_up_as_they_came_in(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    batch = tmp_path / "两张表"
    (batch / "0023-1-0012").mkdir(parents=True)
    (batch / "案卷目录.csv").write_text("档号,案卷题名,年度,保管期限\n0023-1-0012,农业生产,1985,永久\n", "utf-8")
    items = "案卷号,件号,题名,日期,页号\n12,1,关于甲的通知,19850101,1\n12,2,关于乙的通知,19850102,2\n"
    (batch / "卷内文件目录.csv").write_text(items, "utf-8")
    for page in (1, 2):
        (batch / "0023-1-0012" / f"000{page}.jpg").write_bytes(image_bytes("JPEG"))
    number = jinkui.json("ingest", str(batch), code=12)["batch_id"]
    told = jinkui.json("catalogue", "reconcile", number)
    assert told["adds_up"]
    assert (told["sums"][-1]["read"], told["sums"][-1]["came_in"], told["sums"][-1]["refused"]) == (3, 3, 0)


def with_cover(folder: Path) -> Path:
    """Write a batch whose workbook has a cover sheet before the catalogue, of which one row is refused."""
    folder.mkdir()
    book = Workbook()
    assert book.active is not None
    book.active.title = "封面"
    book.active.append(["移交清单"])
    sheet = book.create_sheet("卷内目录")
    for row in (("档号", "题名", "语种"), (CODE, "题名一", "汉语"), (f"{CODE}/?", "", "汉语")):
        sheet.append(row)
    book.save(folder / "目录.xlsx")
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    (folder / f"{CODE}.txt").write_text("words of a page\n" * 20, "utf-8")
    return folder


CODE = "Z109-WS·2001-Y-BGS-0001"


def sheets_told(done: dict[str, Any]) -> set[str]:
    """Return what the sheet is called by what is told of its rows."""
    return {found["file"] for one in done["records"] for found in one["findings"] if found["row"]}


def test_a_sheet_behind_a_cover_is_called_by_its_worksheet_too(jinkui: Jinkui, tmp_path: Path) -> None:
    done = jinkui.json("ingest", str(with_cover(tmp_path / "batch")), code=12)
    assert sheets_told(done) == {"目录.xlsx!卷内目录"}
    told = jinkui.json("catalogue", "reconcile", done["batch_id"])
    assert (told["adds_up"], told["sums"][-1]["read"], told["sums"][-1]["refused"]) == (True, 2, 1)
    assert [one["file"] for one in told["rows_out"]] == ["目录.xlsx!卷内目录"]


def test_what_was_recorded_without_the_worksheet_is_known_as_the_same(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = with_cover(tmp_path / "batch")
    with monkeypatch.context() as earlier:
        earlier.setattr("ingest.sheets.table.name_in", lambda file, *_: file)
        done = jinkui.json("ingest", str(batch), code=12)
    assert sheets_told(done) == {"目录.xlsx"}
    told = jinkui.json("catalogue", "reconcile", done["batch_id"])
    assert (told["adds_up"], told["sums"][-1]["read"], told["sums"][-1]["refused"]) == (True, 2, 1)
    before = jinkui.json("findings", "list")["findings"]
    again = jinkui.json("ingest", str(batch), code=12)
    assert again["batch_id"] == done["batch_id"]
    assert [one["outcome"] for one in again["records"]][:1] == ["already_in"]
    assert len(jinkui.json("findings", "list")["findings"]) == len(before), "each once"
    assert jinkui.json("catalogue", "reconcile", done["batch_id"])["adds_up"]
