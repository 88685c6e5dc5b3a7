"""Under the headings of a table: later lists with labels of their own, the rest of a title, notes and totals, levels."""

import json
import zlib
from collections.abc import Sequence

import pytest

from ingest.profiles.profile import fitting_profile, usual_names
from ingest.profiles.reading import ProfiledRow
from ingest.tables.packed import PackedSheet, PackedTable
from ingest.tables.table import Table, tables_of

ITEMS = ["顺序号", "文号", "责任者", "题名", "日期", "页号", "备注"]
VOLUMES = ["全宗号", "目录号", "案卷号", "案卷题名", "起止日期", "页数", "保管期限"]
OF_15 = [["卷内文件目录"], ["全宗号：31", "", "目录号：2", "", "案卷号：15"], ITEMS]
TWO = [["31", "8", "1", "甲材料", "1981", "10", "永久"], ["31", "8", "2", "乙材料", "1982", "20", "永久"]]


def table_of(rows: Sequence[Sequence[str]], *, file: str = "a.xlsx") -> Table:
    """Return the table that rows are on a worksheet, an empty one where nothing stands."""
    lines = [json.dumps([number, False, row]) for number, row in enumerate(rows, 1) if row]
    packed = zlib.compress("".join(f"{one}\n" for one in lines).encode())
    sheet = PackedSheet("", False, (), (), (), (), False, len(lines), packed)
    (table,) = tables_of(PackedTable((sheet,)), usual_names(), file=file)
    return table


def read(table: Table) -> list[ProfiledRow]:
    """Read the rows of a table under the profile that fits."""
    profile = fitting_profile(table.columns)
    return [profile.read(row) for row in table.rows()]


def told(table: Table) -> list[tuple[str, str]]:
    """Return the codes and severities of what was found."""
    return [(one.code, one.severity.value) for one in table.findings]


@pytest.mark.parametrize(
    "second",
    [
        [["卷内文件目录"], ["全宗号：31", "", "目录号：2", "", "案卷号：16"], ITEMS],
        [["案卷号:", "16"], ITEMS],
        [["第 2 页 共 3 页"], ["卷内目录（续）"], ["全宗号：31  目录号：2  案卷号：16"], ITEMS],
        [["案卷号：16"]],
        [["卷内文件目录"], ["案卷号：16"], ["顺序号", "题名", "责任者", "日期", "页号"]],
    ],
)
def test_the_labels_of_a_later_list_hold_for_the_rows_after_it(second: list[list[str]]) -> None:
    row = ["1", "题名", "公司", "1982.1.5", "1"] if len(second[-1]) == 5 else ["1", "", "公司", "题名", "1982.1.5", "1"]
    first = [["1", "", "公司", "计划", "1981.1.5", "1"], ["2", "", "公司", "总结", "1981.12.5", "7"]]
    table = table_of([*OF_15, *first, [], *second, row])
    rows = read(table)
    assert [one.code for one in rows] == ["31-2-15-1", "31-2-15-2", "31-2-16-1"]
    assert (rows[2].values["title"], rows[2].values["author"]) == ("题名", "公司")
    assert ("list-begins", "note") in told(table)


def test_a_row_of_one_cell_before_records_is_none_of_a_later_list() -> None:
    rows = read(table_of([["题名", "日期", "页数"], ["甲", "1951", "3"], ["乙"], ["丙", "1952", "3"]]))
    assert [one.values["title"] for one in rows] == ["甲", "乙", "丙"]


def test_the_rest_of_a_title_in_the_row_below_belongs_to_it_and_is_told() -> None:
    lines = [
        ["1", "", "公司", "关于计划及完成", "1981", "1"],
        ["", "", "", "指标的"],
        ["", "", "", "报告"],
        ["2", "", "", "批复"],
    ]
    table = table_of([*OF_15, *lines, ["", "", "", "一、党务类"], ["3", "", "", "名册"]])
    assert [(one.code, one.values["title"]) for one in read(table)] == [
        ("31-2-15-1", "关于计划及完成指标的报告"),
        ("31-2-15-2", "批复"),
        ("31-2-15-3", "名册"),
    ]
    assert told(table) == [("rows-taken-for-notes", "warning"), ("title-continued", "warning")]
    assert [row.number for row in table.outside()] == [1, 2, 3, 5, 6, 8], (
        "where a marking of secrecy is looked for, too"
    )


@pytest.mark.parametrize(
    "row",
    [
        ["合　计", "", "", "", "", "30"],
        ["备考：本目录共2卷，1986年移交县档案馆。"],
        ["移交人：张三", "", "", "接收人：李四", "", "", "1986年5月"],
        ["（以下空白）"],
        ["", "", "", "以下空白"],
        ["接下页"],
    ],
)
def test_what_stands_at_the_foot_is_no_record_and_is_told(row: list[str]) -> None:
    table = table_of([VOLUMES, *TWO, row])
    assert [one.code for one in read(table)] == ["31-8-1", "31-8-2"]
    assert told(table) == [("rows-beside-records", "note")]


@pytest.mark.parametrize("row", [["", "", "", "", "", "30"], ["1955年以前的案卷已于1986年移交县档案馆保存"]])
def test_what_seems_to_be_a_note_or_a_subtotal_is_told_with_its_text(row: list[str]) -> None:
    table = table_of([VOLUMES, *TWO, row])
    assert [one.code for one in read(table)] == ["31-8-1", "31-8-2"]
    assert told(table) == [("rows-taken-for-notes", "warning")]
    assert row[-1][:10] in table.findings[0].message.text("zh")


@pytest.mark.parametrize("row", [["31", "8", "3"], ["31", "8", "4", "（空号）"], ["", "", "7"]])
def test_a_row_that_has_a_number_is_kept(row: list[str]) -> None:
    table = table_of([VOLUMES, *TWO, row])
    assert len(read(table)) == 3
    assert table.findings == ()


@pytest.mark.parametrize(
    "row",
    [
        ["说明：关于乙事的经过", "1952.4", "某局:甲"],
        ["附注：王某来信一件", "1953.5"],
        ["接收：丙厂捐赠的奖状", "1954.6"],
        ["第12页手稿", "1955.7"],
        ["备注：丁事", "1956"],
    ],
)
def test_a_title_that_looks_like_a_foot_is_a_record_where_no_column_has_codes(row: list[str]) -> None:
    table = table_of([["题名", "日期", "责任者"], ["关于甲事的通知", "1952.3", "某局"], row])
    assert [one.values["title"] for one in read(table)] == ["关于甲事的通知", row[0]]
    assert table.findings == ()


@pytest.mark.parametrize(
    ("row", "told_as"),
    [
        (["制表人：张三", "1990.5"], [("rows-beside-records", "note")]),
        (["第 2 页 共 3 页"], [("rows-beside-records", "note")]),
        (["说明：本目录由某局移交"], [("rows-taken-for-notes", "warning")]),
    ],
)
def test_a_foot_below_titles_is_told_as_loudly_as_it_is_doubtful(
    row: list[str], told_as: list[tuple[str, str]]
) -> None:
    table = table_of([["题名", "日期", "责任者"], ["关于甲事的通知", "1952.3", "某局"], row])
    assert len(read(table)) == 1
    assert told(table) == told_as


def test_a_short_list_above_a_richer_one_is_read_like_it() -> None:
    first = [["档号", "题名"], ["J019-11-0001", "早列之一"], ["J019-11-0002", "早列之二"]]
    second = [["档号", "题名", "责任者", "日期"], ["J019-12-0001", "后列", "某局", "1980"]]
    table = table_of([["某局目录"], *first, *second])
    rows = read(table)
    assert [(one.code, one.values["title"], one.values.get("author")) for one in rows] == [
        ("J019-11-0001", "早列之一", None),
        ("J019-11-0002", "早列之二", None),
        ("J019-12-0001", "后列", "某局"),
    ]
    assert told(table)[-1] == ("list-begins", "note")


def test_rows_above_the_headings_of_which_nothing_is_read_are_told() -> None:
    table = table_of(
        [["某局目录"], ["全宗号：31"], ["目录号", "2"], ["档号", "题名", "日期"], ["31-2-1", "甲", "1951"]]
    )
    assert told(table) == [("rows-above-headings", "note")]
    assert "3 “目录号 2”" in table.findings[0].message.text("zh")


def test_a_label_that_names_nothing_known_is_in_every_row_and_told() -> None:
    head = ["档号", "题名", "日期", "类别"]
    above = [["婚姻登记目录"], ["登记处：石门公社", "", "机构：办公室", "制表人：张三", "类别：凭证"]]
    table = table_of([*above, head, ["J1-1-1", "甲", "1978"], ["J1-1-2", "乙", "1978", "账簿"]])
    first, second = read(table)
    assert first.rest == (("登记处", "石门公社"), ("机构", "办公室"))
    assert second.rest == (("类别", "账簿"), ("登记处", "石门公社"), ("机构", "办公室"))
    assert told(table) == [("labels-above", "note"), ("labels-above", "note")]


@pytest.mark.parametrize("heading", ["层次", "级别", "著录层次", "类型", "层级", "著录层级"])
def test_levels_are_known_by_what_stands_under_a_heading(heading: str) -> None:
    rows = read(table_of([["档号", heading, "题名"], ["31-1-1", "案卷", "甲"], ["31-1-1-1", "件", "乙"]]))
    assert [(one.level, one.rest) for one in rows] == [("案卷", ()), ("件", ())]


@pytest.mark.parametrize("kinds", [("文件", "文件"), ("照片", "文件"), ("报表", "账簿"), ("", "")])
def test_a_column_of_something_else_is_none_of_levels(kinds: tuple[str, str]) -> None:
    rows = read(table_of([["档号", "类型", "题名"], ["31-1-1", kinds[0], "甲"], ["31-1-2", kinds[1], "乙"]]))
    assert [one.rest for one in rows] == [(("类型", kind),) if kind else () for kind in kinds]


LINES = [["案卷号", "案卷题名", "起止日期", "", "页数"], ["", "", "起", "止", ""]]
VOLUME = ["1", "甲卷", "1957.1.3", "1957.12.28", "45"]


@pytest.mark.parametrize(
    "headings",
    [
        LINES,
        [["案  卷  号", "案  卷  题  名", "起 止 年 月", "", "页数"], ["", "", "起", "止", ""]],
        [["案卷号", "题名", "起止时间", "", "件数"], ["", "", "开始", "结束", ""]],
        [["案卷号", "题名", "日期", "", "件数"], ["", "", "自", "至", ""]],
        [["案卷号", "题名", "起止日期", "", "页数"]],
        [["案卷号", "题名", "起止日期", "起止日期", "页数"]],
        [["案卷号", "题名", "起止日期（起）", "起止日期（止）", "页数"]],
    ],
)
def test_two_columns_of_days_under_one_heading_are_one_span(headings: list[list[str]]) -> None:
    (row,) = read(table_of([["全宗号：B012 目录号：5"], *headings, VOLUME]))
    assert (row.code, row.level) == ("B012-5-1", "案卷")
    assert row.values["date"] == "1957.1.3至1957.12.28"
    assert not [text for _, text in row.rest if "1957" in text]


def test_two_columns_that_are_no_span_stay_two() -> None:
    table = table_of([["档号", "题名", "日期", "日期", "责任者"], ["B012-1-1", "甲", "1957", "1958", "局"]])
    (row,) = read(table)
    assert (row.values["date"], row.rest) == ("1957", (("日期", "1958"),))


def test_pages_under_one_heading_are_from_the_first_to_the_last() -> None:
    heads = [["案卷号", "顺序号", "题名", "页号", "", "日期"], ["", "", "", "起", "止", ""]]
    (row,) = read(table_of([["全宗号：B012 目录号：5"], *heads, ["1", "1", "甲", "3", "9", "1957"]]))
    assert (row.code, row.values["page_range"]) == ("B012-5-1-1", "3-9")


def test_headings_of_two_lines_come_again_on_every_printed_page() -> None:
    table = table_of(
        [["全宗号：31 目录号：2"], *LINES, VOLUME, *LINES, ["2", *VOLUME[1:]], ["目录号：3"], *LINES, VOLUME]
    )
    rows = read(table)
    assert [one.code for one in rows] == ["31-2-1", "31-2-2", "31-3-1"]
    assert {one.values["date"] for one in rows} == {"1957.1.3至1957.12.28"}


def test_a_later_list_may_have_headings_of_two_lines() -> None:
    later = [["案卷号", "页数", "案卷题名", "起止日期", ""], ["", "", "", "起", "止"]]
    table = table_of(
        [["全宗号：31 目录号：2"], *LINES, VOLUME, ["目录号：3"], *later, ["1", "45", "乙卷", "1958.1", "1958.2"]]
    )
    assert [(one.code, one.values["date"]) for one in read(table)][1] == ("31-3-1", "1958.1至1958.2")


OF_VOLUME = "案卷题名：一九六三年支农 物资分配文件"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([["全宗号：31  目录号：2  案卷号：15"], [OF_VOLUME]], [["案卷号：16"], ["案卷题名：抗旱文件"]]),
        ([[OF_VOLUME], ["全宗号：31  目录号：2  案卷号：15"]], [["案卷题名：抗旱文件"], ["案卷号：16"]]),
        ([[f"全宗号：31  目录号：2 案卷号：15 {OF_VOLUME}"]], [["案卷号：16 案卷题名：抗旱文件"]]),
    ],
)
def test_the_title_of_a_volume_above_its_items_stays_with_them_and_is_none_of_theirs(
    first: list[list[str]], second: list[list[str]]
) -> None:
    items = [["1", "", "公司", "计划", "1981.1.5", "1"], ["2", "", "公司", "", "1981.12.5", "7"]]
    third = [["案卷号：17"], ITEMS, items[0]]
    table = table_of([["卷内文件目录"], *first, ITEMS, *items, ["卷内文件目录"], *second, ITEMS, items[0], *third])
    rows = read(table)
    assert [one.code for one in rows] == ["31-2-15-1", "31-2-15-2", "31-2-16-1", "31-2-17-1"]
    assert [one.values.get("title", "") for one in rows] == ["计划", "", "计划", "计划"]
    whole = (("案卷题名", "一九六三年支农 物资分配文件"),)
    assert [one.rest for one in rows] == [whole, whole, (("案卷题名", "抗旱文件"),), ()]
    assert ("labels-above", "note") in told(table)


def test_the_title_of_a_volume_is_no_title_of_registrations_in_it() -> None:
    table = table_of(
        [
            ["全宗号：B031 目录号：HY 案卷号：7"],
            ["案卷题名：一九七八年结婚登记"],
            ["序号", "男方", "女方"],
            ["1", "刘甲", "何乙"],
        ]
    )
    (row,) = read(table)
    assert (row.values["title"], row.rest) == ("刘甲、何乙婚姻登记材料", (("案卷题名", "一九七八年结婚登记"),))


def test_rows_that_are_no_records_are_told_in_their_order() -> None:
    table = table_of(
        [*OF_15, ["1", "", "公司", "计划", "1981.1.5", "1"], ["卷内文件目录"], ["案卷题名：乙"], ["案卷号：16"], ITEMS]
    )
    (found,) = [one for one in table.findings if one.code == "rows-beside-records"]
    assert "5, 6, 7, 8" in found.message.text("zh")
