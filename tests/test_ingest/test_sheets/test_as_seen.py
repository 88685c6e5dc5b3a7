"""A sheet says what a person sees in it; what is not so plain is told with its cell and what to do."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from archives.findings import Finding
from ingest.sheets.catalogue import CATALOGUE_HEADINGS, REQUIRED, CatalogueRow, read_catalogue
from ingest.sheets.headings import field_of, nearest
from ingest.sheets.languages import Languages
from ingest.sheets.table import Sheet, read_sheet
from tests.support.files import put

HEADINGS = ("档号", "题名", "日期", "文号", "箱号")
ROW = ("Z109-WS·2011-Y-BGS-0001", "一", "2011-05-01", "测办1号", "7")


def sheet_of(folder: Path, change: Callable[[Worksheet], object], *rows: tuple[str | None, ...]) -> Sheet:
    """Return a workbook with these rows under the headings, changed in one way, as it is read."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADINGS, *(rows or (ROW,))):
        sheet.append(list(row))
    change(sheet)
    book.save(folder / "a.xlsx")
    return read_sheet(folder / "a.xlsx", CATALOGUE_HEADINGS, required=REQUIRED)


def rows_of(sheet: Sheet) -> tuple[CatalogueRow, ...]:
    """Return the rows of a sheet."""
    return read_catalogue(sheet, languages=Languages(), today=date(2026, 1, 1))


def places(findings: tuple[Finding, ...]) -> list[tuple[str, str | None]]:
    """Return what was found, each with its cell."""
    return [(found.code, found.cell) for found in findings]


def put_in(cell: str, value: str | float | date, number_format: str = "General") -> Callable[[Worksheet], object]:
    """Return what writes a cell under a format."""

    def change(sheet: Worksheet) -> None:
        sheet[cell] = value
        sheet[cell].number_format = number_format

    return change


@pytest.mark.parametrize(
    ("cell", "value", "number_format", "expected"),
    [
        ("C2", 2011.1, "General", [("date-ambiguous", "C2")]),
        ("C2", 2011.1, "0.00", []),
        ("C2", date(2014, 9, 30), "m月d日", [("date-without-year", "C2"), ("date-unreadable", "C2")]),
        ("D2", date(2026, 3, 5), "m-d", [("date-without-year", "D2")]),
        ("D2", date(2026, 3, 5), "yyyy-mm-dd", [("made-a-date", "D2")]),
        ("D2", "=A9", "General", [("formula-without-value", "D2")]),
        ("E2", 12.345, "0.0", [("cell-rounded", "E2")]),
        ("E2", 5, "[DBNum1]0", [("cell-shown-otherwise", "E2")]),
        ("D2", 12345678901234567, "0", [("digits-lost", "D2")]),
        ("D2", 12, "General", [("zeros-lost", "D2")]),
        ("D2", 12, "0000", []),
    ],
)
def test_a_cell_that_is_not_what_it_seems_is_named(
    tmp_path: Path, cell: str, value: str | float | date, number_format: str, expected: list[tuple[str, str]]
) -> None:
    (row,) = rows_of(sheet_of(tmp_path, put_in(cell, value, number_format)))
    assert places(row.findings) == expected
    assert row.description is not None


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#####"])
def test_an_error_is_no_text_of_the_record(tmp_path: Path, error: str) -> None:
    table = put(tmp_path, "a.csv", f"档号,题名,文号\n{ROW[0]},一,{error}\n".encode())
    (row,) = rows_of(read_sheet(table, CATALOGUE_HEADINGS, required=REQUIRED))
    assert places(row.findings) == [("cell-error", "C2")]
    assert row.description is not None
    assert row.description.document_number == ""


def test_a_classification_without_a_value_is_not_taken_in(tmp_path: Path) -> None:
    (row,) = rows_of(sheet_of(tmp_path, lambda sheet: [put_in("F1", "文件密级")(sheet), put_in("F2", "=A9")(sheet)]))
    assert row.description is None
    assert ("security-unknown", "F2") in places(row.findings)


def test_dates_are_as_exact_as_they_are_seen(tmp_path: Path) -> None:
    (row,) = rows_of(sheet_of(tmp_path, put_in("C2", date(2014, 9, 1), "yyyy年m月")))
    assert row.description is not None
    assert row.description.formed is not None
    assert row.description.formed.edtf == "2014-09"


def test_a_merged_value_counts_for_every_row_and_is_told(tmp_path: Path) -> None:
    rows = [(f"Z109-WS·2011-Y-BGS-000{n}", "件", "2011" if n == 1 else None, None, None) for n in (1, 2, 3)]
    sheet = sheet_of(tmp_path, lambda sheet: sheet.merge_cells("C2:C4"), *rows)
    dates = [row.description.formed.edtf for row in rows_of(sheet) if row.description and row.description.formed]
    assert dates == ["2011", "2011", "2011"]
    assert "cells-merged" in [found.code for found in sheet.findings]


def test_a_hidden_row_is_read_and_told(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["E"].hidden = True

    sheet = sheet_of(tmp_path, hide)
    assert places(rows_of(sheet)[0].findings) == [("row-hidden", None)]
    assert "columns-hidden" in [found.code for found in sheet.findings]


def test_other_worksheets_are_told_and_those_with_records_are_a_warning(tmp_path: Path) -> None:
    def add(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent.create_sheet("说明").append(["填表说明"])
        more = sheet.parent.create_sheet("卷内目录")
        more.append(HEADINGS)
        more.append(ROW)

    found = [one for one in sheet_of(tmp_path, add).findings if one.code == "worksheet-not-read"]
    assert [one.severity.value for one in found] == ["note", "warning"]
    assert "卷内目录" in found[1].message.text("zh")


def test_the_records_may_stand_in_another_worksheet_than_the_first(tmp_path: Path) -> None:
    def before(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent.create_sheet("封面", 0).append(["归档文件目录"])

    assert [row.text("title") for row in sheet_of(tmp_path, before).rows] == ["一"]


def test_every_column_that_is_not_known_is_named_with_the_nearest_that_is(tmp_path: Path) -> None:
    table = put(tmp_path, "a.csv", "档号,题名,文件编呺,柜架号\nZ109-1,一,1,2\n".encode())
    found = [
        one for one in read_sheet(table, CATALOGUE_HEADINGS, required=REQUIRED).findings if one.code == "column-unknown"
    ]
    assert [next(h for h in ("文件编呺", "柜架号") if h in one.message.text("zh")) for one in found] == [
        "文件编呺",
        "柜架号",
    ]
    assert "文件编号" in found[0].message.text("zh")
    assert "最接近" not in found[1].message.text("zh")


@pytest.mark.parametrize(
    ("heading", "meant"),
    [("题各", "title"), ("提名", "title"), ("挡号", "code"), ("档案好", "code"), ("形成曰期", "date"), ("发文机光", "author"),
     ("贵任者", "author"), ("密集", "security"), ("年代", "year"), ("备住", "note"), ("文件编码", "document_number"),
     ("文件题名称", "title"), ("页书", "pages"), ("标题名", "title"), ("保菅期限", "retention"), ("语钟", "language"),
     ("Titel", "title"), ("Tittle", "title"), ("Refrence", "code"), ("Creater", "author"), ("Filenames", "files"),
     ("Languge", "language"), ("Retension", "retention"), ("Classificaton", "security")],
)  # fmt: skip
def test_a_slip_of_the_pen_is_told_with_what_was_meant(heading: str, meant: str) -> None:
    found = nearest(heading, CATALOGUE_HEADINGS)
    assert found is not None
    assert CATALOGUE_HEADINGS[found] == meant


PRACTICE = """
    盒号 件号 序号 页号 张数 份数 件数 卷号 案卷号 目录号 全宗号 全宗名称 机构 问题 机构或问题 机构代码 分类号 类别 类目 主题词 关键词 人名
    摘要 文种 规格 载体 载体类型 存放位置 库房 柜号 架号 排架号 归档日期 归档部门 立卷人 检查人 起止日期 起止页号 终止日期 保密期限 开放状态
    控制标识 互见号 备考 图号 图幅 比例尺 项目名称 项目编号 设计单位 照片号 底片号 摄影者 拍摄时间 文字说明 姓名 性别 出生年月 身份证号 单位
    登记日期 收文号 收文日期 来文单位 来文字号 主送 抄送 签发人 处理结果 紧急程度 门类 组号 册号 袋号 卡片号 附件 解密 旧档号 QZH MLH AJH JH YH
    Box Folder Barcode Subject Keywords Abstract Scope Location Format Level Rights Publisher Relation Item Volume Series
""".split()  # noqa: SIM905


@pytest.mark.parametrize("heading", PRACTICE)
def test_a_word_of_practice_is_no_slip_for_another(heading: str) -> None:
    assert field_of(heading, CATALOGUE_HEADINGS) or nearest(heading, CATALOGUE_HEADINGS) is None


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u00ad", "\u200e", "\u202a", "\ufe0f", "\u00a0", "\u2060"])
@pytest.mark.parametrize("place", [0, 4, 23])
def test_what_nobody_sees_is_no_part_of_a_code_or_a_heading(tmp_path: Path, mark: str, place: int) -> None:
    code = ROW[0][:place] + mark + ROW[0][place:]
    table = put(tmp_path, "a.csv", f"档{mark}号,题名\n{code},一\n".encode())
    (row,) = rows_of(read_sheet(table, CATALOGUE_HEADINGS, required=REQUIRED))
    assert row.description is not None
    assert row.description.code.written == ROW[0]


@pytest.mark.parametrize(
    ("headings", "cells", "expected"),
    [
        ("檔號,題名,責任者,頁數", "Z109-1,一,某局,3", ("一", "某局", 3)),
        ("Reference,Title,Creator,Extent", "Z109-1,一,某局,3 pages", ("一", "某局", 3)),
        ("dc.identifier,dc.title[zh],dc.creator,dcterms:extent", "Z109-1,一,某局,3 p.", ("一", "某局", 3)),
        ("Ref No.,Document Title,Author/Creator,No. of Pages", "Z109-1,一,某局,3 leaves", ("一", "某局", 3)),
        ("Shelfmark,Caption,Creators,Page count", "Z109-1,一,某局,3 folios", ("一", "某局", 3)),
        ("典藏號,題名,拍攝者,張數", "Z109-1,一,某局,3張", ("一", "某局", 3)),
        ("Identifier,Reference code,Title,Author", "17,Z109-1,一,某局", ("一", "某局", None)),
    ],
)
def test_the_headings_of_the_trade_are_known(
    tmp_path: Path, headings: str, cells: str, expected: tuple[str, str, int | None]
) -> None:
    table = put(tmp_path, "a.csv", f"{headings}\n{cells}\n".encode())
    (row,) = rows_of(read_sheet(table, CATALOGUE_HEADINGS, required=REQUIRED))
    assert row.description is not None
    assert (row.description.title, row.description.author, row.description.pages) == expected
    assert row.description.code.key == "Z109-1"


@pytest.mark.parametrize(
    "heading", ["起止日期", "拍摄时间", "Covering dates", "Date of Doc.", "eventDates", "Date range"]
)
def test_a_span_of_days_is_read_below_the_headings_that_have_one(tmp_path: Path, heading: str) -> None:
    table = put(tmp_path, "a.csv", f"档号,题名,{heading}\nZ109-1,一,1914-1918\n".encode())
    (row,) = rows_of(read_sheet(table, CATALOGUE_HEADINGS, required=REQUIRED))
    assert row.description is not None
    assert row.description.formed is not None
    assert (row.description.formed.edtf, row.findings) == ("1914/1918", ())


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，", "；"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_text_table_is_read_whatever_divides_its_cells_and_however_it_is_encoded(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    text = "\n".join(
        separator.join(row) for row in (("档号", "题名", "附注"), ("Z109-1", "关于汛期水位的通知", "第一期"))
    )
    sheet = read_sheet(put(tmp_path, "a.csv", text.encode(encoding)), CATALOGUE_HEADINGS, required=REQUIRED)
    assert sheet.rows[0].text("title") == "关于汛期水位的通知"
    assert sheet.findings == ()


def test_big5_is_told_from_gb18030_and_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    text = "檔號,題名\nZ109-1,關於汛期水位與流量報告的通知\n"
    sheet = read_sheet(put(tmp_path, "a.csv", text.encode("big5")), CATALOGUE_HEADINGS, required=REQUIRED)
    assert sheet.rows[0].text("title") == "關於汛期水位與流量報告的通知"
    latin = put(tmp_path, "b.csv", "Identifier,Title\nZ109-1,Über die Flüsse\n".encode("latin-1"))
    assert "encoding-guessed" in [one.code for one in read_sheet(latin, CATALOGUE_HEADINGS, required=REQUIRED).findings]


def test_headings_that_come_again_on_every_printed_page_are_no_records(tmp_path: Path) -> None:
    table = put(tmp_path, "a.csv", "档号,题名\nZ109-1,一\n档号,题名\nZ109-2,二\n".encode())
    assert [row.number for row in read_sheet(table, CATALOGUE_HEADINGS, required=REQUIRED).rows] == [2, 4]
