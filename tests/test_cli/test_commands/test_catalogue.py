"""Tables of a catalogue go in row by row, with content or without; no row is lost for a doubtful value."""

import csv
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import bagit
import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from archives.record.elements.table import ELEMENTS
from archives.units.state import State
from ingest.cataloguing import importing
from preservation.actions.units import describing
from preservation.locks import Locks
from preservation.package import restore_program
from tests.support.command_line import Jinkui, Prepared
from tests.support.dbf import make_dbf, make_fpt

VOLUMES = ("全宗号", "目录号", "案卷号", "案卷题名", "起止日期", "保管期限", "存放位置")
ITEMS = ("全宗号", "目录号", "案卷号", "顺序号", "题名", "日期", "页号")
VOLUME = ("J019", "2", "0015", "水利工程请示批复", "19830104-19831220", "长期", "1库2列")
FIRST = ("J019", "2", "0015", "1", "关于修渠的请示", "198305", "1")
SECOND = ("J019", "2", "0015", "2", "关于修渠的批复", "一九八三年六月", "9")

HEAVY = [
    "cv2",
    "docx",
    "elasticsearch",
    "fastapi",
    "fontTools",
    "fpdf",
    "lunar_python",
    "numpy",
    "olefile",
    "onnxruntime",
    "opencc",
    "openpyxl",
    "openvino",
    "pdfminer",
    "pikepdf",
    "PIL",
    "prometheus_client",
    "pygfried",
    "pypdfium2",
    "pytesseract",
    "python_calamine",
    "rapidocr",
    "rfc3161_client",
    "starlette",
    "urllib.request",
    "uvicorn",
    "xlrd",
]
"""What takes long to load, and is used by commands that read, draw, recognise or serve."""


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990121", "--name", "青峤县档案馆")
    fonds = table(
        jinkui.home.parent / "fonds.csv", ("全宗号", "全宗名称", "立档单位"), ("J019", "水利局", "青峤县水利局")
    )
    jinkui("fonds", "import", fonds, "--repository", "990121")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def table(path: Path, headings: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    """Write a table and return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return str(path)


def both(tmp_path: Path, *items: tuple[str, ...]) -> tuple[str, str]:
    """Write a table of one volume and a table of its items."""
    return table(tmp_path / "案卷.csv", VOLUMES, VOLUME), table(
        tmp_path / "卷内.csv", ITEMS, *(items or (FIRST, SECOND))
    )


def codes(jinkui: Jinkui, *options: str) -> list[str]:
    """Return the codes that the catalogue lists."""
    return [one["code"] for one in jinkui.json("catalogue", "list", *options)["units"]]


def test_volumes_and_items_are_joined_by_their_codes(jinkui: Jinkui, tmp_path: Path) -> None:
    told = jinkui.json("catalogue", "import", *both(tmp_path))
    assert [(one["read"], one["new"], one["known"]) for one in told["tables"]] == [(1, 1, 0), (2, 2, 0)]
    assert codes(jinkui) == ["J019-2-0015", "J019-2-0015-1", "J019-2-0015-2"]
    shown = jinkui.json("show", "J019-2-0015-2")
    assert (shown["level"], shown["above"]) == ("件", ["J019", "J019-2", "J019-2-0015"])
    assert shown["description"]["date"] == "1983-06"
    assert "长期" in jinkui("show", "J019-2-0015-2", lang="zh")
    assert codes(jinkui, "--below", "J019-2-0015") == ["J019-2-0015-1", "J019-2-0015-2"]
    assert codes(jinkui, "--level", "案卷") == ["J019-2-0015"]


def test_of_a_fonds_that_nobody_described_it_is_said_where_its_units_are(jinkui: Jinkui, tmp_path: Path) -> None:
    lone = table(tmp_path / "卷内.csv", ("档号", "题名"), ("K033-1-1-1", "件"))
    jinkui("catalogue", "import", lone, code=12)
    for asked in (("show", "K033"), ("catalogue", "list", "--under", "K033")):
        said = jinkui(*asked, code=4)
        assert "nobody has described the fonds K033" in said
        assert "catalogue list --fonds K033" in said
    assert "nobody has described" not in jinkui("show", "K034", code=4)


def test_items_find_their_volume_though_zeros_were_lost(jinkui: Jinkui, tmp_path: Path) -> None:
    volumes = [(code, f"卷 {code}") for code in ("J019-2-15", "J019-2-0016", "J019-2-17", "J019-2-017")]
    items = [(f"J019-2-{code}", f"件 {code}") for code in ("0015-1", "16-1", "0017-1")]
    tables = [
        table(tmp_path / "案卷.csv", ("档号", "案卷题名"), *volumes),
        table(tmp_path / "卷内.csv", ("档号", "题名"), *items),
        table(tmp_path / "后补.csv", ("档号", "题名"), *((f"{code[:-1]}2", title) for code, title in items)),
    ]
    jinkui("catalogue", "import", *tables[:2], code=12)
    jinkui("catalogue", "import", tables[2], code=12)
    below = {code: codes(jinkui, "--below", code) for code, _ in volumes}
    assert below == {
        "J019-2-15": ["J019-2-0015-1", "J019-2-0015-2"],
        "J019-2-0016": ["J019-2-16-1", "J019-2-16-2"],
        "J019-2-17": [],  # or the other: nobody can tell
        "J019-2-017": [],
    }


def test_a_doubtful_value_costs_no_row(jinkui: Jinkui, tmp_path: Path) -> None:
    odd = ("J019", "2", "0015", "3", "关于修渠的通知", "某年某月", "甲")
    told = jinkui.json("catalogue", "import", *both(tmp_path, FIRST, odd), code=12)
    assert {one["count"] for one in told["dirt"]} == {1}
    described = jinkui.json("show", "J019-2-0015-3")["description"]
    assert described["date"] == ""
    assert ["日期（照录）", "某年某月"] in described["other"]


def test_a_table_cannot_say_that_a_unit_was_taken_back_or_purged(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = [(f"J019-3-000{n}", f"卷{n}", state) for n, state in enumerate(("已销毁", "已清除", "已撤销", "在别处"), 1)]
    told = jinkui.json("catalogue", "import", table(tmp_path / "a.csv", ("档号", "题名", "状态"), *rows), code=12)
    assert [(one["code"], one["count"]) for one in told["dirt"]] == [("state-unreadable", 3)]
    units = jinkui.json("catalogue", "list")["units"]
    assert [one["state"] for one in units] == ["已销毁", "", "", ""]
    assert ["状态（照录）", "已清除"] in jinkui.json("show", "J019-3-0002")["description"]["other"]


def test_two_tables_of_one_name_are_refused(jinkui: Jinkui, tmp_path: Path) -> None:
    for year in ("2019", "2020"):
        (tmp_path / year).mkdir()
        table(tmp_path / year / "目录.csv", ("档号", "题名"), (f"J019-WS·{year}·Y-0001", "一"))
    both_years = [str(tmp_path / year / "目录.csv") for year in ("2019", "2020")]
    jinkui("catalogue", "import", *both_years, code=6)
    assert jinkui.json("catalogue", "list")["count"] == 0
    for one in both_years:
        jinkui("catalogue", "import", one)
    assert jinkui.json("catalogue", "list")["count"] == 2


def test_a_date_is_shown_as_it_is_written_and_marked_where_nobody_could_read_it(jinkui: Jinkui, tmp_path: Path) -> None:
    dates = ("[1963]", "约1963年", "某年某月", "1957.7-1956.9", "")
    rows = [(f"J019-1-{at}", f"卷{at}", date) for at, date in enumerate(dates, 1)]
    jinkui("catalogue", "import", table(tmp_path / "卷.csv", ("档号", "案卷题名", "日期"), *rows), code=12)
    listed = jinkui("catalogue", "list", lang="zh")
    assert all(told in listed for told in ("[1963]", "约1963年", "某年某月（未能识读）", "1957.7-1956.9（未能识读）"))
    assert [one["date_written"] for one in jinkui.json("catalogue", "list")["units"]] == [*dates]
    first, second, third = (jinkui("show", f"J019-1-{at}", lang="zh") for at in (1, 2, 3))
    assert "[1963]（考证所得）" in first
    assert "约1963年" in second and "1963~" not in second
    assert "日期（照录，未能识读）" in third
    assert jinkui.json("show", "J019-1-1")["description"]["date"] == "1963"


def test_what_is_said_once_above_is_shown_below_in_words(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", table(tmp_path / "卷.csv", ("档号", "案卷题名", "语种"), ("J019-1-1", "卷", "汉语")))
    jinkui("catalogue", "import", table(tmp_path / "内.csv", ("档号", "题名"), ("J019-1-1-1", "件")))
    told = jinkui("show", "J019-1-1-1", lang="zh")
    assert "汉语（承自 J019-1-1 卷）" in told
    assert "zh-Hans" not in told


def test_what_is_found_alike_in_many_rows_is_told_once_with_its_count(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = [(f"J019-WS·2015·Y·BGS-{n:04}", f"第{n}件", "2015", "内部") for n in range(1, 61)]
    told = jinkui.json("catalogue", "import", table(tmp_path / "归档.csv", ("档号", "题名", "日期", "密级"), *rows))
    (found,) = told["findings"]
    assert found["code"] == "never-open"
    assert "60 places: 归档.csv D2" in found["message"]


def test_the_same_tables_again_are_the_same_import(jinkui: Jinkui, tmp_path: Path) -> None:
    first = jinkui.json("catalogue", "import", *both(tmp_path))
    again = jinkui.json("catalogue", "import", *both(tmp_path))
    assert again["import"] == first["import"]
    assert [(one["new"], one["known"]) for one in (*first["tables"], *again["tables"])] == [
        (1, 0),
        (2, 0),
        (0, 1),
        (0, 2),
    ]
    assert jinkui.json("catalogue", "list")["count"] == 3


def test_the_tables_are_kept_as_they_came(jinkui: Jinkui, tmp_path: Path) -> None:
    tables = both(tmp_path)
    jinkui("catalogue", "import", *tables)
    for one in tables:
        kept = [p.read_bytes() for p in (jinkui.home / "stores" / "first").rglob(Path(one).name)]
        assert kept == [Path(one).read_bytes()]


def test_of_two_imports_at_once_the_second_is_planned_when_the_first_is_in(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, planned = ("J019-1-1", "卷"), list[str]()
    first, second = (table(tmp_path / name, ("档号", "案卷题名"), row) for name in ("甲.csv", "乙.csv"))

    @contextmanager
    def waited_for(_: Locks, repository: str) -> Iterator[None]:
        if not planned:  # somebody else had it, and is done by now
            planned.append(repository)
            jinkui("catalogue", "import", first)
        yield

    monkeypatch.setattr(Locks, "imports", waited_for)
    told = jinkui.json("catalogue", "import", second)
    assert [(one["new"], one["known"]) for one in told["tables"]] == [(0, 1)]
    assert codes(jinkui) == ["J019-1-1"]


@pytest.mark.parametrize("by_sheet", [False, True])
def test_a_code_that_an_import_brings_meanwhile_is_given_to_nothing_else(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_sheet: bool
) -> None:
    jinkui("catalogue", "import", table(tmp_path / "甲.csv", ("档号", "案卷题名"), ("J019-1-1", "甲卷")))
    second, waited = table(tmp_path / "乙.csv", ("档号", "案卷题名"), ("J019-1-2", "乙卷")), list[str]()

    @contextmanager
    def waited_for(_: Locks, repository: str) -> Iterator[None]:
        if not waited:  # an import had it, and is done by now
            waited.append(repository)
            jinkui("catalogue", "import", second)
        yield

    monkeypatch.setattr(Locks, "imports", waited_for)
    sheet = table(tmp_path / "r.csv", ("原档号", "新档号"), ("J019-1-1", "J019-1-2"))
    given = ("--sheet", sheet) if by_sheet else ("J019-1-1", "J019-1-2")
    jinkui("renumber", *given, "--reason", "x", code=6)
    assert waited == ["990121"]
    assert codes(jinkui) == ["J019-1-1", "J019-1-2"]


def test_a_plan_writes_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    told = jinkui.json("catalogue", "import", *both(tmp_path), "--dry-run")
    assert told["levels"] == {"J019 件": 2, "J019 案卷": 1}
    assert jinkui.json("catalogue", "list")["count"] == 0


def test_what_the_catalogue_has_already_is_left_as_it_is(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    third = ("J019", "2", "0015", "3", "关于修渠的通知", "1983", "20")
    other = table(tmp_path / "再来.csv", ITEMS, FIRST, third)
    told = jinkui.json("catalogue", "import", other)
    assert [(one["new"], one["known"]) for one in told["tables"]] == [(1, 1)]
    assert jinkui.json("show", "J019-2-0015-1")["description"]["title"] == FIRST[4]
    assert jinkui.json("show", "J019-2-0015-3")["above"] == ["J019", "J019-2", "J019-2-0015"]


def test_an_import_is_taken_back_and_may_come_again(jinkui: Jinkui, tmp_path: Path) -> None:
    tables = both(tmp_path)
    number = jinkui.json("catalogue", "import", *tables)["import"]
    corrected = table(tmp_path / "c.csv", ("档号", "题名"), ("J019-2-0015-1", "更正后"))
    jinkui("describe", corrected, "--reason", "as on the cover")
    heads = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
    opened = ("J019-2-0015-2", "开放", "依据", "甲", "乙", "2021-09-01", "2021-09-01", "仅目录")
    jinkui("opening", "apply", table(tmp_path / "o.csv", heads, opened))
    assert [jinkui.json("search", "修渠的批复", *how)["total"] for how in ((), ("--public",))] == [1, 1]
    told = jinkui.json("catalogue", "undo", number, "--reason", "the wrong table", code=12)
    assert (told["taken_back"], told["kept"]) == (0, 3), "what was corrected, what was opened, the volume of both"
    told = jinkui.json("catalogue", "undo", number, "--reason", "the wrong table", "--withdraw")
    assert (told["taken_back"], told["kept"], told["closed"]) == (1, 2, 1)
    assert codes(jinkui) == ["J019-2-0015", "J019-2-0015-1"]
    assert [jinkui.json("search", "修渠的批复", *how)["total"] for how in ((), ("--public",))] == [0, 0]
    told = jinkui.json("catalogue", "import", *tables, "--dry-run")
    assert [(one["new"], one["known"]) for one in told["tables"]] == [(0, 1), (1, 1)], (
        "the volume and one item were kept"
    )
    jinkui("catalogue", "import", *tables)
    assert len(codes(jinkui)) == 3
    assert jinkui.json("show", "J019-2-0015-1")["description"]["title"] == "更正后"
    assert jinkui.json("search", "修渠的批复", "--public")["total"] == 0, (
        "it was closed, and is until it is decided anew"
    )
    told = jinkui.json("catalogue", "undo", number, "--reason", "again the wrong table")
    assert (told["taken_back"], told["kept"]) == (1, 2)
    jinkui("catalogue", "undo", "0000000000000000", "--reason", "x", code=4)


def test_a_state_secret_stops_the_import_before_anything_is_written(jinkui: Jinkui, tmp_path: Path) -> None:
    secret = table(tmp_path / "清单.csv", (*ITEMS, "密级"), (*FIRST, ""), (*SECOND, "机密★10年"))
    jinkui("catalogue", "import", secret, code=5)
    assert codes(jinkui) == []


@pytest.mark.parametrize(("heading", "text"), [("MJ", "3"), ("密级", "三级"), ("保密期限", "20年")])
def test_a_row_of_which_nobody_can_tell_whether_it_is_secret_stays_out_and_is_told(
    jinkui: Jinkui, tmp_path: Path, heading: str, text: str
) -> None:
    unclear = table(tmp_path / "卷内.csv", (*ITEMS, heading), (*FIRST, ""), (*SECOND, text))
    told = jinkui.json("catalogue", "import", unclear, code=12)
    assert [(one["read"], one["new"], one["left_out"]) for one in told["tables"]] == [(2, 1, 1)]
    told_of = [(one["code"], one["row"]) for one in told["findings"]]
    assert told_of == [("security-unknown", 3), ("tables-not-kept", None)]
    assert codes(jinkui) == ["J019-2-0015-1"]
    raw = b"".join(path.read_bytes() for path in (jinkui.home / "stores").rglob("*") if path.is_file())
    assert SECOND[4].encode() not in raw


def test_an_old_table_is_read_with_the_memos_that_lie_beside_it(jinkui: Jinkui, tmp_path: Path) -> None:
    (block,) = make_fpt(tmp_path / "wj.FPT", ["很长的附注" * 50])
    fields = [("DH", "C", 12), ("TM", "C", 40), ("BZ", "M", 10)]
    path = make_dbf(tmp_path / "wj.dbf", fields, [["J019-2-15-1", "关于修渠的请示", str(block)]], version=0xF5)
    jinkui("catalogue", "import", str(path))
    assert jinkui.json("show", "J019-2-15-1")["description"]["note"] == "很长的附注" * 50


def marked_workbook(path: Path, mark: Callable[[Workbook], None]) -> str:
    """Write a workbook with a table of items, marked somewhere outside its rows, and return its path."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (ITEMS, FIRST, SECOND):
        sheet.append(row)
    mark(book)
    book.save(path)
    return str(path)


def on_another_worksheet(book: Workbook) -> None:
    """Mark a worksheet without headings."""
    book.create_sheet("说明").append(["机密"])


def on_a_hidden_worksheet(book: Workbook) -> None:
    """Mark one that nobody sees."""
    on_another_worksheet(book)
    book.worksheets[1].sheet_state = "hidden"


def above_the_headings(book: Workbook) -> None:
    """Mark a title row."""
    book.worksheets[0].insert_rows(1)
    book.worksheets[0]["A1"] = "机密★30年"


def in_the_head_of_pages(book: Workbook) -> None:
    """Mark what is printed on each page."""
    head = book.worksheets[0].oddHeader
    assert head is not None
    head.center.text = "绝密"


def in_a_comment(book: Workbook) -> None:
    """Mark beside a cell."""
    book.worksheets[0]["A2"].comment = Comment("秘密", "某")


@pytest.mark.parametrize(
    "mark", [on_another_worksheet, on_a_hidden_worksheet, above_the_headings, in_the_head_of_pages, in_a_comment]
)
def test_what_is_marked_outside_the_rows_stops_the_import(
    jinkui: Jinkui, tmp_path: Path, mark: Callable[[Workbook], None]
) -> None:
    marked = marked_workbook(tmp_path / "a.xlsx", mark)
    jinkui("catalogue", "import", marked, code=5)
    assert codes(jinkui) == []
    assert not list((jinkui.home / "stores").rglob("a.xlsx"))


def test_a_table_whose_name_is_a_marking_stops_the_import(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", table(tmp_path / "绝密.csv", ITEMS, FIRST), code=5)
    assert codes(jinkui) == []


def test_a_word_that_was_judged_to_be_no_marking_stops_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    marked = marked_workbook(tmp_path / "a.xlsx", on_another_worksheet)
    told = jinkui.json("catalogue", "import", marked, "--not-secret", "a.xlsx!说明 A1=title of a film", code=12)
    assert [one["code"] for one in told["findings"] if one["code"] == "judged-not-secret"] == ["judged-not-secret"]
    assert len(codes(jinkui)) == 2


def test_levels_that_are_ticked_or_chosen_from_are_no_markings(jinkui: Jinkui, tmp_path: Path) -> None:
    def choices(book: Workbook) -> None:
        for level in ("公开", "秘密", "机密", "绝密"):
            book.worksheets[-1].append([level]) if len(book.worksheets) > 1 else book.create_sheet("选项").append(
                [level]
            )

    jinkui("catalogue", "import", marked_workbook(tmp_path / "a.xlsx", choices), code=12)
    ticked = table(tmp_path / "b.csv", (*ITEMS, "公开", "秘密", "机密"), (*FIRST[:3], "7", *FIRST[4:], "√", "", ""))
    jinkui("catalogue", "import", ticked)
    assert len(codes(jinkui)) == 3


def test_rows_that_a_profile_leaves_out_as_secret_are_copied_nowhere(jinkui: Jinkui, tmp_path: Path) -> None:
    profile = tmp_path / "own.toml"
    profile.write_text('title = "own"\nsecret-rows = "leave out"\n', encoding="utf-8")
    secret = table(
        tmp_path / "清单.csv", (*ITEMS, "密级"), (*FIRST, ""), (*SECOND[:4], "canarytitle", *SECOND[5:], "机密")
    )
    told = jinkui.json("catalogue", "import", secret, "--profile", str(profile), code=12)
    assert [one["left_out"] for one in told["tables"]] == [1]
    assert codes(jinkui) == ["J019-2-0015-1"]
    raw = b"".join(path.read_bytes() for path in jinkui.home.rglob("*") if path.is_file())
    assert b"canarytitle" not in raw


def test_a_code_that_says_a_level_neither_comes_in_nor_is_given(jinkui: Jinkui, tmp_path: Path) -> None:
    marked = table(tmp_path / "a.csv", ("档号", "题名"), ("J019-WS·1980·Y·机密-0001", "甲"))
    assert "A2" in jinkui("catalogue", "import", marked, code=5)
    jinkui("catalogue", "import", table(tmp_path / "b.csv", ("档号", "题名"), ("J019-2-1", "甲")))
    jinkui("renumber", "J019-2-1", "J019-绝密-0001", "--reason", "x", code=5)
    sheet = table(tmp_path / "c.csv", ("原档号", "新档号"), ("J019-2-1", "J019-绝密-0001"))
    jinkui("renumber", "--sheet", sheet, "--reason", "x", code=5)
    assert codes(jinkui) == ["J019-2-1"]


def test_nothing_of_a_row_that_is_left_out_stands_in_a_finding(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", table(tmp_path / "a.csv", ("档号", "题名"), ("J019-2-1", "甲")))
    jinkui("renumber", "J019-2-1", "J019-2-9", "--reason", "x")
    profile = tmp_path / "own.toml"
    profile.write_text('title = "own"\nsecret-rows = "leave out"\n', encoding="utf-8")
    rows = (
        ("J019-2-1", "canary one", "1983", "机密"),
        ("", "canary two", "", ""),
        ("J019-2-3", "canary three", "19831350", "绝密"),
        ("J019-2-4", "乙", "1983", ""),
    )
    secret = table(tmp_path / "清单.csv", ("档号", "题名", "日期", "密级"), *rows)
    told = jinkui.json("catalogue", "import", secret, "--profile", str(profile), code=12)
    assert [one["code"] for one in told["findings"]] == ["title-continued", "row-secret"]
    assert told["dirt"] == []
    raw = b"".join(path.read_bytes() for path in jinkui.home.rglob("*") if path.is_file())
    assert b"canary" not in raw


def test_the_memos_of_a_table_are_kept_with_it_and_are_part_of_its_number(jinkui: Jinkui, tmp_path: Path) -> None:
    numbers = set()
    for text, code in (("很长的附注" * 50, 0), ("另一份附注" * 50, 12)):
        (block,) = make_fpt(tmp_path / "wj.FPT", [text])
        fields = [("DH", "C", 12), ("TM", "C", 40), ("BZ", "M", 10)]
        path = make_dbf(tmp_path / "wj.dbf", fields, [["J019-2-15-1", "关于修渠的请示", str(block)]], version=0xF5)
        numbers.add(jinkui.json("catalogue", "import", str(path), code=code)["import"])
    assert len(numbers) == 2
    assert {path.name for path in (jinkui.home / "stores").rglob("wj.*")} == {"wj.dbf", "wj.FPT"}


def test_what_is_described_without_content_can_be_corrected(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    rows = table(tmp_path / "c.csv", ("档号", "状态", "盒号"), ("J019-2-0015", "未数字化", "003"))
    jinkui("describe", rows, "--reason", "as in the store room", "--by", "王档")
    shown = jinkui.json("show", "J019-2-0015")
    assert (shown["state"], shown["description"]["box"]) == ("未数字化", "003")
    assert [one["person"] for one in shown["history"]][1] == "王档"
    assert codes(jinkui, "--state", "未数字化") == ["J019-2-0015"]


def test_a_catalogue_that_is_rebuilt_is_the_same(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    rows = table(tmp_path / "c.csv", ("档号", "盒号"), ("J019-2-0015", "003"))
    jinkui("describe", rows, "--reason", "as in the store room")
    before = units_of(jinkui)
    jinkui("rebuild")
    assert units_of(jinkui) == before


def units_of(jinkui: Jinkui) -> list[tuple[object, ...]]:
    """Return every row of the catalogue about units, but when each was taken over, and in which package it was said."""
    with closing(sqlite3.connect(jinkui.home / "catalogue.db")) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(unit)") if row[1] != "sequence"]
        every = [
            database.execute(f"SELECT {said} FROM {name} ORDER BY 1, 2").fetchall()
            for said, name in ((", ".join(columns), "unit"), ("*", "unit_revision"))
        ]
    assert list(map(len, every)) == [3, 4]
    return [*every[0], *every[1]]


def test_packages_of_rows_are_audited_drilled_and_restored_as_all_others(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    jinkui("audit")
    jinkui("check", str(jinkui.home / "stores" / "first" / "packages"))
    jinkui("restore-drill")
    (rows,) = list((jinkui.home / "stores" / "second").rglob("units.jsonl"))
    rows.write_bytes(rows.read_bytes().replace("修渠".encode(), "修桥".encode()))
    jinkui("audit", code=12)
    jinkui("repair", "--yes")
    jinkui("audit")


def restored(jinkui: Jinkui, *arguments: object, code: int = 0) -> str:
    """Run a store's own program as somebody does who has a store and Python and nothing of ours; return what it complains of."""
    program = jinkui.home / "stores" / "second" / "restore.py"
    command = [sys.executable, "-I", "-S", str(program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stderr


def said_now(path: Path) -> dict[str, dict[str, Any]]:
    """Return rows by code."""
    every = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {one["elements"]["code"]: one for one in every}


def test_the_program_in_the_stores_knows_every_element() -> None:
    assert {element.key: element.name for element in ELEMENTS} == restore_program.ELEMENTS
    assert State.PURGED.value == restore_program.PURGED


def test_a_store_and_python_give_what_is_said_now_of_everything(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    jinkui(
        "ingest",
        scanned(tmp_path, ("档号", "题名", "语种"), ("J019-2-0015-2", "", "汉语"), ("J019-9", "只有信息包", "汉语")),
    )
    jinkui("describe", table(tmp_path / "c.csv", ("档号", "题名"), ("J019-2-0015-2", "=更正后")), "--reason", "r")
    restored(jinkui, "descriptions", tmp_path / "all")
    found = said_now(tmp_path / "all" / "descriptions.jsonl")
    listed = {one["code"]: one for one in jinkui.json("catalogue", "list")["units"]}
    assert {code: (one["unit_id"], one["elements"]["title"]) for code, one in found.items()} == {
        code: (one["unit_id"], one["title"]) for code, one in listed.items()
    }
    assert found["J019-9"]["revision"] == 0
    entered = [*csv.DictReader((tmp_path / "all" / "fonds.csv").read_text("utf-8-sig").splitlines())]
    wanted_fonds = [(one["number"], one["name"]) for one in jinkui.json("fonds", "list")["fonds"]]
    assert [(one["全宗号"], one["全宗名称"]) for one in entered] == wanted_fonds, "that stand in the journal alone"
    sheet = (tmp_path / "all" / "descriptions.csv").read_text("utf-8-sig")
    assert "'=更正后" in sheet
    assert "关于修渠的批复" not in sheet
    (package,) = {
        p.parents[3].name
        for p in jinkui.home.glob("stores/second/packages/*/*/*/*/v1/content/data/units.jsonl")
        if '0015-1"' in p.read_text("utf-8")
    }
    wanted = {
        listed["J019-2-0015-2"]["unit_id"]: ["J019-2-0015", "J019-2-0015-2"],
        package.replace("%3a", ":").split(":")[-1]: ["J019-2-0015", "J019-2-0015-1", "J019-2-0015-2"],
    }
    for number, (identifier, codes_of) in enumerate(wanted.items()):
        restored(jinkui, "get", f"urn:uuid:{identifier}", tmp_path / f"got{number}")
        jinkui("export", identifier if number else "J019-2-0015-2", str(tmp_path / f"exported{number}"))
        for name in (f"got{number}", f"exported{number}"):
            assert bagit.Bag(str(tmp_path / name)).validate()
            now = said_now(tmp_path / f"{name}.present.jsonl")
            assert sorted(now) == codes_of
            assert now["J019-2-0015-2"]["elements"]["title"] == "=更正后"
    (rows_file,) = [p for p in jinkui.home.glob("stores/second/**/units.jsonl") if "更正" in p.read_text("utf-8")]
    rows_file.write_bytes(rows_file.read_bytes().replace("更正".encode(), "更改".encode()))
    assert "DAMAGED" in restored(jinkui, "descriptions", tmp_path / "again", code=10)
    assert len(said_now(tmp_path / "again" / "descriptions.jsonl")) == 4, "what is damaged costs nothing else"
    jinkui("export", "J019-2-0015", str(tmp_path / "volume"))
    assert not (tmp_path / "volume").exists()
    assert len(said_now(tmp_path / "volume.present.jsonl")) == 3


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_is_exported_comes_back_in_as_it_was(
    jinkui: Jinkui, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = ("J019", "2", "0015", "3", "关于修渠的通知", "某年某月", "20-25")
    jinkui("catalogue", "import", *both(tmp_path, FIRST, SECOND, odd), code=12)
    jinkui("catalogue", "export", str(tmp_path / f"first.{ending}"))
    other = Jinkui(tmp_path / "other", capsys)
    other("init")
    other("repository", "add", "990121", "--name", "青峤县档案馆")
    other.json("catalogue", "import", str(tmp_path / f"first.{ending}"))
    other("catalogue", "export", str(tmp_path / f"again.{ending}"))
    assert rows(tmp_path / f"again.{ending}") == rows(tmp_path / f"first.{ending}")
    assert other.json("show", "J019-2-0015-2")["above"] == ["J019", "J019-2", "J019-2-0015"]


def rows(path: Path) -> list[list[object]]:
    """Return the cells of a sheet, row by row."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [list(row) for row in csv.reader(file)]
    return [[*row] for one in load_workbook(path).worksheets for row in one.iter_rows(values_only=True)]


def test_a_sheet_that_was_exported_corrects(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    jinkui("catalogue", "export", str(tmp_path / "out.csv"), lang="zh")
    headings, *units = rows(tmp_path / "out.csv")
    title = headings.index("题名")
    units[1][title] = "关于修渠的请示（更正）"
    corrected = table(tmp_path / "corrected.csv", tuple(map(str, headings)), *(tuple(map(str, one)) for one in units))
    told = jinkui.json("describe", corrected, "--reason", "as on the paper")
    assert (told["corrected"], told["unchanged"], len(told["changes"])) == (1, 3, 1)


def test_the_catalogue_is_exported_as_ead3(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    jinkui("catalogue", "export", str(tmp_path / "out.xml"))
    found = etree.parse(tmp_path / "out.xml")
    titles = [one.text for one in found.iter("{*}unittitle")]
    assert titles[-3:] == [VOLUME[3], FIRST[4], SECOND[4]]
    jinkui("catalogue", "export", str(tmp_path / "out.doc"), code=2)


def test_the_list_of_a_volume_is_printed(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    jinkui("print", "volume-contents", str(tmp_path / "out.pdf"), "--below", "J019-2-0015", lang="zh")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
    told = jinkui.json("print", "volume-contents", str(tmp_path / "out.xlsx"), "--below", "J019-2-0015")
    assert told["rows"] == 2
    cells = {str(cell) for row in rows(tmp_path / "out.xlsx") for cell in row if cell}
    assert {FIRST[4], SECOND[4]} <= cells
    jinkui("print", "volume-list", str(tmp_path / "list.xlsx"), "--fonds", "J019")
    listed = next(row for row in rows(tmp_path / "list.xlsx") if VOLUME[3] in row)
    assert "2" in listed, "the number of its items"
    heads = {str(cell) for row in rows(tmp_path / "list.xlsx")[:6] for cell in row if cell}
    assert any("2" in one.split(": ") for one in heads), f"the series of all its volumes: {heads}"
    jinkui("print", "no-such-form", str(tmp_path / "x.pdf"), code=4)
    assert "dispose run" in jinkui("print", "destruction-register", str(tmp_path / "x.pdf"), "--fonds", "J019", code=2)
    assert not (tmp_path / "x.pdf").exists()


def test_every_volume_box_and_year_has_a_form_of_its_own(jinkui: Jinkui, tmp_path: Path) -> None:
    filed = ("档号", "题名", "日期", "盒号")
    items = [
        (f"J019-WS·{year}·Y-BGS-{number:04}", f"件{number}", f"{year}0102", box)
        for year, number, box in ((1986, 1, "1"), (1986, 2, "1"), (1986, 3, "2"), (1987, 1, ""))
    ]
    volumes = [(f"J019-1-{number:04}", f"卷{number}", "永久") for number in (1, 2, 3)]
    inside = [
        (f"J019-1-{volume:04}-{number:03}", f"卷{volume}件{number}") for volume, number in ((1, 1), (1, 3), (3, 1))
    ]
    jinkui("catalogue", "import", table(tmp_path / "件.csv", filed, *items))
    jinkui("catalogue", "import", table(tmp_path / "卷.csv", ("档号", "案卷题名", "保管期限"), *volumes))
    jinkui("catalogue", "import", table(tmp_path / "内.csv", ("档号", "题名"), *inside))

    def printed(form: str, *about: str) -> tuple[tuple[int, int, int], str]:
        file = tmp_path / f"{form}.xlsx"
        told = jinkui.json("print", form, str(file), *(about or ("--fonds", "J019")))
        cells = "|".join(str(cell) for row in rows(file) for cell in row if cell)
        return (told["forms"], told["rows"], told["left_out"]), cells

    assert printed("archived-items")[0] == (2, 4, 0)
    told, cells = printed("volume-contents")
    assert told == (2, 3, 0)
    assert "1|卷1件1|" in cells and "3|卷1件3|" in cells, "the numbers of items, not of lines"
    assert printed("volumes-and-contents")[0] == (1, 6, 0)
    assert printed("volume-cover")[0] == (3, 3, 0)
    assert printed("volume-note", "--below", "J019-1-0002") == (
        (1, 1, 0),
        printed("volume-note", "--below", "J019-1-0002")[1],
    )
    told, cells = printed("box-spine")
    assert told == (2, 3, 1)
    assert "0001～0002" in cells
    told, cells = printed("fonds-list", "--fonds", "J019")
    assert told == (1, 1, 0)
    assert "J019" in cells
    assert printed("box-note", "--below", "J019-1-0002")[0] == (1, 0, 0)


def scanned(tmp_path: Path, headings: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    """Write a batch of one text a row, named by its code, and return its folder."""
    folder = tmp_path / "batch"
    folder.mkdir()
    table(folder / "catalogue.csv", headings, *rows)
    for code, *_ in rows:
        (folder / f"{code}.txt").write_text(f"The text of {code}.", encoding="utf-8")
    return str(folder)


def test_files_are_hooked_to_what_is_described_by_its_code_alone(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    jinkui(
        "describe", table(tmp_path / "c.csv", ("档号", "状态"), ("J019-2-0015-1", "未数字化")), "--reason", "as it is"
    )
    before = jinkui.json("show", "J019-2-0015-1")
    told = jinkui.json("ingest", scanned(tmp_path, ("档号",), ("J019-2-0015-1",)))
    assert [one["outcome"] for one in told["records"]] == ["stored"]
    (guessed,) = told["findings"]
    assert guessed["code"] == "language-guessed", "its files are read in some language, though the catalogue has none"
    shown = jinkui.json("show", "J019-2-0015-1")
    assert (shown["description"]["language"], [row["revision"] for row in shown["history"]]) == ("", [1, 2])
    assert shown["package_id"] == before["unit_id"]
    assert "[]" not in jinkui("show", "J019-2-0015-1")
    assert (shown["description"]["title"], shown["description"]["date"]) == (FIRST[4], "1983-05")
    assert jinkui.json("search", "text of")["total"] == 1
    listed = jinkui.json("catalogue", "list")
    assert [one["code"] for one in listed["units"]] == ["J019-2-0015", "J019-2-0015-1", "J019-2-0015-2"]
    assert [one["state"] for one in listed["units"]] == ["", "", ""]
    again = jinkui.json("ingest", str(tmp_path / "batch"))
    assert [one["outcome"] for one in again["records"]] == ["already_in"]
    told = jinkui.json("describe", str(tmp_path / "c.csv"), "--reason", "the same sheet once more")
    assert (told["corrected"], [one["code"] for one in told["findings"]]) == (0, ["state-of-files"])
    jinkui("rebuild")
    assert jinkui.json("catalogue", "list") == listed
    assert jinkui.json("show", "J019-2-0015-1")["description"] == shown["description"]


def test_an_exported_sheet_that_comes_with_files_says_nothing_new(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = [("J019-2-0015-1", "一", "未数字化"), ("J019-2-0015-2", "二", "未数字化")]
    jinkui("catalogue", "import", table(tmp_path / "a.csv", ("档号", "题名", "状态"), *rows))
    batch = Path(scanned(tmp_path, ("档号",), ("J019-2-0015-1",), ("J019-2-0015-2",)))
    jinkui("catalogue", "export", str(batch / "catalogue.csv"))
    told = jinkui.json("ingest", str(batch))
    assert [one["code"] for one in told["findings"]] == ["language-guessed"]
    table(batch / "catalogue.csv", ("档号", "题名", "状态"), *rows)
    assert [one["outcome"] for one in jinkui.json("ingest", str(batch))["records"]] == ["already_in"] * 2
    for code, title, _ in rows:
        shown = jinkui.json("show", code)
        assert (shown["description"]["title"], shown["description"]["other"]) == (title, [])
        assert [row["revision"] for row in shown["history"]] == [1]


def test_a_batch_that_says_more_than_the_catalogue_describes_anew(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    batch = scanned(tmp_path, ("档号", "备注"), ("J019-2-0015-1", "缺一页"))
    jinkui("ingest", batch)
    shown = jinkui.json("show", "J019-2-0015-1")
    assert (shown["description"]["note"], shown["description"]["title"]) == ("缺一页", FIRST[4])
    assert [(row["reason"], row["source"]) for row in shown["history"]] == [
        ("", "卷内.csv 2"),
        ("ingest", "catalogue.csv 2"),
    ]
    assert "随批次接收的表所写" in jinkui("show", "J019-2-0015-1", lang="zh")


def test_a_described_unit_without_files_in_the_batch_is_no_record(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    batch = scanned(tmp_path, ("档号",), ("J019-2-0015-1",))
    table(Path(batch) / "catalogue.csv", ("档号",), ("J019-2-0015-1",), ("J019-2-0015-2",))
    for options in ((), ("--update",)):
        told = jinkui.json("ingest", batch, *options, code=12)
        assert {one["archival_code"]: one["outcome"] for one in told["records"]}["J019-2-0015-2"] == "rejected"


def test_what_a_table_says_beside_the_elements_stays(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = (("J019-1-1", "一卷", "12", "D:\\扫描\\J019\\1"),)
    jinkui("catalogue", "import", table(tmp_path / "a.csv", ("档号", "案卷题名", "件数", "图像路径"), *rows))
    assert jinkui.json("show", "J019-1-1")["description"]["other"] == [["件数", "12"], ["图像路径", rows[0][3]]]


def test_a_row_whose_code_another_of_its_table_has_is_not_lost_when_the_import_goes_on(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package with the first is stored when the one with the second is made, as after a kill between them."""
    monkeypatch.setattr(describing, "MOST_ROWS", 1)
    monkeypatch.setattr(importing, "_AT_ONCE", 1)
    file = table(tmp_path / "a.csv", ("档号", "题名"), ("J019-1-1", "一"), ("J019-1-2", "二"), ("J019-1-1", "又一"))
    jinkui("catalogue", "import", file, code=12)
    assert codes(jinkui) == ["J019-1-1", "J019-1-1", "J019-1-2"]


def test_a_volume_of_which_no_item_is_described_is_hooked_with_its_pages_as_they_are_called(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    jinkui("catalogue", "import", table(tmp_path / "案卷.csv", VOLUMES, VOLUME))
    batch = scanned(tmp_path, ("档号",))
    table(Path(batch) / "catalogue.csv", ("档号",), ("J019-2-0015",))
    for page in ("FM", "ML001", "001", "001-1", "BK"):
        place = Path(batch) / "J019-2-0015" / f"J019-2-0015-{page}.txt"
        place.parent.mkdir(exist_ok=True)
        place.write_text(page, "utf-8")
    jinkui("ingest", batch)
    shown = jinkui.json("show", "J019-2-0015")
    originals = [one["page_label"] for one in shown["files"] if "/original/" in one["path"]]
    assert originals == ["FM", "ML001", "001", "001-1", "BK"]


def test_commands_that_only_look_load_nothing_that_is_heavy(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", *both(tmp_path))
    looking = (("show", "J019-2-0015-2"), ("catalogue", "list", "--fonds", "J019"), ("store", "list"))
    program = f"import sys; from cli.main import run; done = [run(['--home', {str(jinkui.home)!r}, *one]) for one in {looking}]; "
    told = f"print(done, [one for one in {HEAVY} if one in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program + told], check=True, capture_output=True, text=True)
    assert done.stderr == "[0, 0, 0] []\n"
