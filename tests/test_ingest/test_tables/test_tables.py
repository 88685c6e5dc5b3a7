"""Tables of any length come as a stream of rows, as people see them, each with its place."""

import tracemalloc
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from archives.errors import FormatError, ToolFailedError
from formats.processes.children import ChildExecutor
from formats.processes.confinement import Confinement
from formats.processes.opened import Opened
from formats.spreadsheet.cells import How
from ingest.profiles.profile import fitting_profile
from ingest.tables.packed import PackedSheet, PackedTable, packed_table, unpacked
from ingest.tables.table import Table, tables_of
from tests.support.dbf import make_dbf, make_fpt

NAMES = {"档号": "code", "题名": "title", "日期": "date", "dh": "code", "tm": "title", "保管期限": "retention"}
HEAD = ["档号", "题名", "日期"]


def _tables(path: Path, names: Mapping[str, str] = NAMES) -> tuple[Table, ...]:
    with Opened.at(path) as opened:
        return tables_of(packed_table(opened), names, file=path.name)


def _texts(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    (table,) = _tables(path)
    return [(row.number, row.texts) for row in table.rows()]


def _workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_text_is_read_in_its_encoding_with_its_sign_between_cells(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    titles = [f"關於第{n}號水庫工程資金安排問題的批覆" for n in range(40)]
    head = ["檔號", "題名", "日期"]  # which all of them can write
    lines = [separator.join(head), *(separator.join([f"J019-1-{n}", one, "1983"]) for n, one in enumerate(titles))]
    path = tmp_path / "目录.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    rows = _texts(path)
    assert [texts[1] for _, texts in rows] == titles
    assert [number for number, _ in rows] == list(range(2, 42))


def test_utf_16_without_a_mark_is_read_in_either_order(tmp_path: Path) -> None:
    for codec in ("utf-16-le", "utf-16-be"):
        path = tmp_path / f"{codec}.csv"
        path.write_bytes(("档号,题名\n" + "J019-1-1,关于水库的批复\n" * 9).encode(codec))
        assert _texts(path)[0] == (2, ("J019-1-1", "关于水库的批复")), codec


def test_the_encoding_is_judged_by_letters_wherever_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"DH,TM\n" + b"J019-1-1,a title\n" * 20_000 + "J019-1-2,关于水库的批复\n".encode("gb18030"))
    (table,) = _tables(path)
    *_, last = table.rows()
    assert last.texts[1] == "关于水库的批复"


def test_lines_in_another_encoding_are_read_in_theirs_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    own = "".join(f"J019-1-{n},关于水库工程的批复\n" for n in range(50))
    path.write_bytes(f"档号,题名\n{own}".encode() + "J019-1-99,关于青峤县水利局的请示\n".encode("gb18030"))
    (table,) = _tables(path)
    *_, last = table.rows()
    assert last.texts[1] == "关于青峤县水利局的请示"
    assert [one.code for one in table.findings] == ["encoding-mixed"]


def test_quotation_marks_between_tabulators_may_be_letters(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text('档号\t题名\nJ019-1-1\t"三反"运动的报告\nJ019-1-2\t关于"五反"\n', "utf-8")
    assert [texts[1] for _, texts in _texts(path)] == ['"三反"运动的报告', '关于"五反"']


def test_a_row_that_is_never_closed_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('档号,题名\nJ019-1-1,好\nJ019-1-2,"不\n', "utf-8")
    with pytest.raises(FormatError, match="line 3"):
        _tables(path)


def test_every_worksheet_with_headings_is_a_table_and_the_others_are_told(tmp_path: Path) -> None:
    sheets = {
        "案卷目录": [HEAD, ["J019-1-1", "水库", "1983"]],
        "说明": [["本表由档案科编制"]],
        "卷内文件目录": [HEAD, ["J019-1-1-1", "批复", "1983"]],
    }
    first, second = _tables(_workbook(tmp_path / "a.xlsx", sheets))
    assert [first.columns.worksheet, second.columns.worksheet] == ["案卷目录", "卷内文件目录"]
    assert [one.code for one in first.findings] == ["worksheet-not-read"]
    assert second.findings == ()


def test_headings_stand_below_a_title_and_what_is_labelled_there_is_kept(tmp_path: Path) -> None:
    rows: list[list[object]] = [["案卷目录"], ["全宗号：J019", None, "目录号：2"], [*HEAD], ["1", "水库", "1983"]]
    (table,) = _tables(_workbook(tmp_path / "a.xlsx", {"Sheet1": rows}))
    assert table.header_row == 3
    assert table.columns.above == {"全宗号": "J019", "目录号": "2"}
    assert [row.number for row in table.rows()] == [4]


def test_a_merged_cell_counts_for_every_row_of_it_though_the_file_says_so_last(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "a.xlsx", {"a": [["保管期限", "题名"], ["永久", "一"], [None, "二"], [None, "三"]]})
    from openpyxl import load_workbook

    book = load_workbook(path)
    book["a"].merge_cells("A2:A3")
    book.save(path)
    (table,) = _tables(path)
    assert [row.texts for row in table.rows()] == [("永久", "一"), ("永久", "二"), ("", "三")]
    assert [one.code for one in table.findings] == ["cells-merged"]


@pytest.mark.parametrize("rows", [1, 2])
def test_a_heading_merged_over_two_columns_of_days_heads_both(tmp_path: Path, rows: int) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["档号", "题名", "日期"])
    if rows == 2:
        book.active.append([])
    book.active.append(["B012-1-1", "甲", "1957.1.3", "1957.12.28"])
    for merged in (f"C1:D{rows}", *((f"A1:A{rows}", f"B1:B{rows}") if rows == 2 else ())):
        book.active.merge_cells(merged)
    book.save(tmp_path / "a.xlsx")
    (table,) = _tables(tmp_path / "a.xlsx")
    assert table.columns.headings == ("档号", "题名", "日期", "日期 止")
    (row,) = table.rows()
    read = fitting_profile(table.columns).read(row)
    assert (read.values["date"], read.rest) == ("1957.1.3至1957.12.28", ())


def test_what_says_the_same_as_above_has_its_text_and_says_so(tmp_path: Path) -> None:
    rows = [HEAD, ["J019-1-1", "一", "1983"], ["J019-1-2", "二", "同上"]]
    (table,) = _tables(_workbook(tmp_path / "a.xlsx", {"a": rows}))
    *_, last = table.rows()
    assert last.texts[2] == "1983"
    assert last.hows == {2: How.DITTO}


def test_totals_and_headings_again_are_no_records_and_are_counted(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [*HEAD],
        ["J019-1-1", "统计表", "1983"],
        [*HEAD],
        ["合计", "1件", None],
        ["J019-1-2", "二", "1984"],
    ]
    (table,) = _tables(_workbook(tmp_path / "a.xlsx", {"a": rows}))
    beside: list[int] = []
    assert [row.number for row in table.rows(beside)] == [2, 5]
    assert beside == [3, 4]


def test_a_dbf_table_has_its_fields_for_headings_whatever_they_are(tmp_path: Path) -> None:
    path = make_dbf(tmp_path / "a.dbf", [("X1", "C", 10), ("X2", "C", 10)], [["一", "二"]])
    (table,) = _tables(path)
    assert table.columns.headings == ("X1", "X2")
    assert [(row.number, row.texts) for row in table.rows()] == [(2, ("一", "二"))]


def test_a_table_without_headings_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("一,二\n三,四\n", "utf-8")
    with pytest.raises(FormatError, match="headings"):
        _tables(path)


@pytest.mark.parametrize("above", [[], [["来源：旧库", "立档：某局"]]])
def test_cells_that_no_heading_stands_above_are_kept_however_far_below(tmp_path: Path, above: list[list[str]]) -> None:
    rows = [["J019-1-1", f"题名{n}", "1980"] for n in range(40)]
    path = _workbook(tmp_path / "a.xlsx", {"目录": [*above, HEAD, *rows, ["J019-1-2", "宽行", "1980", "甲", "乙"]]})
    (table,) = _tables(path)
    *_, last = table.rows()
    pairs = dict(zip(last.columns.headings, last.texts, strict=False))
    assert (pairs["D"], pairs["E"]) == ("甲", "乙")
    assert pairs.get("来源") == ("旧库" if above else None)


def test_a_title_is_known_as_it_stood_before_the_rest_was_joined(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "a.xlsx",
        {"目录": [HEAD, ["J019-1-1", "绝密", "1980"], ["", "关于某事"], ["J019-1-2", "乙", "1981"]]},
    )
    (table,) = _tables(path)
    first, second = table.rows()
    assert (first.texts[1], first.alone, second.alone) == ("绝密关于某事", {1: "绝密"}, {})


def test_rows_are_never_all_in_memory(tmp_path: Path) -> None:
    peaks = []
    for count in (10_000, 40_000):
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("档号,题名,日期\n")
            for number in range(count):
                file.write(f"J019-1-{number},关于第{number}号水库除险加固工程资金安排问题的批复,1983\n")
        tracemalloc.start()
        (table,) = _tables(path)
        assert sum(1 for _ in table.rows()) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 4 << 20


@pytest.mark.parametrize("lines", [b"[1,false]", b"x", b'[1,false,["a",["b"]]]', b'["1",false,["a"]]', b""])
def test_what_a_child_did_not_promise_is_not_taken(lines: bytes) -> None:
    import zlib

    packed = zlib.compress(lines + b"\n" if lines else b"")
    sheet = PackedSheet("", False, (), (), (), (), False, 1, packed)
    with pytest.raises(ToolFailedError):
        list(unpacked(sheet))
    with pytest.raises(ToolFailedError):
        tables_of(PackedTable((sheet,)), NAMES, file="a.csv")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "dbf"])
def test_what_a_child_reads_is_what_is_read_here(tmp_path: Path, kind: str) -> None:
    memo: Path | None = None
    path = tmp_path / f"目录.{kind}"
    if kind == "csv":
        path.write_bytes("档号,题名\nJ019-1-1,关于水库的批复\n".encode("gb18030") * 300)
    elif kind == "xlsx":
        _workbook(path, {"a": [HEAD, ["J019-1-1", 7, None]], "b": [HEAD, ["J019-1-2", "x", "1983"]]})
    else:
        memo = tmp_path / "目录.fpt"
        blocks = make_fpt(memo, ["很长的附注" * 100])
        make_dbf(path, [("DH", "C", 10), ("BZ", "M", 10)], [["J019-1-1", str(blocks[0])]], version=0xF5)
    confined = Confinement((tmp_path,), optional=True)
    with (
        ChildExecutor(1, timeout_seconds=60, memory_bytes=1 << 30, confined=confined) as children,
        Opened.at(path) as opened,
        Opened.at(memo or path) as beside,
    ):
        there = children.submit(packed_table, opened, beside if memo else None).result()
        here = packed_table(opened, beside if memo else None)
    assert [[*unpacked(one)] for one in there.sheets] == [[*unpacked(one)] for one in here.sheets]
    assert there == here
    assert kind != "dbf" or [*unpacked(here.sheets[0])][1][2] == ["J019-1-1", "很长的附注" * 100]
