"""Every kind of dirt is told once, with its count and its rows; clean tables have none."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest

from archives.errors import FormatError
from archives.record.identifiers import parse_archival_code
from archives.record.volume.page_cell import parse_page_spans
from ingest.dirt.dirt import Dirt
from ingest.dirt.kinds import KINDS, DirtKind, DirtRow
from ingest.dirt.values import pages_of
from ingest.profiles.loading import parse_profile
from ingest.profiles.profile import Profile, fitting_profile
from ingest.profiles.reading import ProfiledRow
from ingest.tables.table import Columns, TableRow

TODAY = date(2026, 11, 26)
VOLUMES = "档号 案卷题名 起止日期 保管期限 页数 件数"
ITEMS = "档号 题名 责任者 文号 日期 保管期限 密级 页数 页号"


def _rows(headings: str, texts: Sequence[Sequence[str]], *, file: str, first: int = 2) -> Iterator[ProfiledRow]:
    columns = Columns(file, "", tuple(headings.split()))
    profile = fitting_profile(columns)
    for number, one in enumerate(texts, first):
        yield profile.read(TableRow(columns, number, tuple(one)))


def clean_volumes(count: int = 50) -> list[list[str]]:
    return [
        [f"J019-1-{n:04}", f"青峤县水利局{n}号水库工程的文件", "19830104-19831220", "永久", "60", "20"]
        for n in range(1, count + 1)
    ]


def clean_items(volumes: int = 50, items: int = 20) -> list[list[str]]:
    return [
        [
            f"J019-1-{volume:04}-{n:03}",
            f"青峤县水利局关于第{volume}号水库第{n}期工程（续建）资金安排问题的“批复”",
            "青峤县水利局",
            f"青水〔1983〕{n}号",
            f"1983{2 + n % 10:02}{1 + volume % 28:02}",
            "永久",
            "",
            "3",
            str(3 * n - 2),
        ]
        for volume in range(1, volumes + 1)
        for n in range(1, items + 1)
    ]


def _dirt(volumes: Sequence[Sequence[str]], items: Sequence[Sequence[str]], dirt: Dirt) -> None:
    for row in _rows(VOLUMES, volumes, file="案卷目录.xlsx"):
        dirt.take(row)
    for row in _rows(ITEMS, items, file="卷内文件目录.xlsx"):
        dirt.take(row)


def _told(volumes: Sequence[Sequence[str]], items: Sequence[Sequence[str]]) -> dict[str, DirtKind]:
    with Dirt(today=TODAY, read_code=parse_archival_code) as dirt:
        _dirt(volumes, items, dirt)
        told = {one.code: one for one in dirt.told()}
        assert all(len([*dirt.rows(code)]) == one.count for code, one in told.items())
        assert {one.code: one.count for one in dirt.told()} == {code: one.count for code, one in told.items()}
    return told


def test_a_thousand_clean_rows_have_no_findings() -> None:
    assert _told(clean_volumes(), clean_items()) == {}


BY_ITEM = "档号 题名 责任者 文号 日期 年度 保管期限 密级 页数 备注"


def test_records_by_item_beside_volumes_have_no_volume_and_need_none() -> None:
    rows = [
        [
            f"J019-WS·2015-Y-BGS-{n:04}",
            f"关于{n}的通知",
            "县政府",
            f"〔2015〕{n}号",
            "2015-03-04",
            "2015",
            "永久",
            "公开",
            "2",
            "",
        ]
        for n in range(1, 200)
    ]
    with Dirt(today=TODAY) as dirt:
        _dirt(clean_volumes(5), clean_items(5), dirt)
        for row in _rows(BY_ITEM, rows, file="归档文件目录.xlsx"):
            dirt.take(row)
        assert dirt.told() == ()


@pytest.mark.parametrize(
    ("headings", "rows"),
    [
        ("ref title date extent", [[f"HC/1/{n}", f"Smith & Co. letter \"{n}\" (100%)", "c. 1871", "1 item"] for n in range(1, 30)]),
        ("档号 题名 日期", [[f"J001-1-{n}", f"第{n}件", "民国三十六年五月"] for n in range(1, 30)]),
        ("档号 题名 日期", [[f"J001-1-{n}", f"第{n}件", "[1952]"] for n in range(1, 30)]),
        ("QZH MLH AJH SXH TM RQ YH BGQX", [["J1", "1", str(v), str(n), f"第{n}件", "19830503", str(n), "长期"] for v in (9, 10) for n in range(1, 13)]),
        ("档号 男方姓名 女方姓名 登记日期", [[f"J101-2-1978-{n}", "张建国", "李秀英", "1978.5.1"] for n in range(1, 30)]),
        ("照片号 题名 摄影者 拍摄时间", [[f"J019-ZP·2019·D30-001-{n:03}", "大会", "王五", "20190501"] for n in range(1, 30)]),
        ("档号 题名 日期 页号", [[f"J001-1-1-{page}", "一件", "1950", str(page)] for page in (1, 5, 30, 42, 90)]),
        ("档号 题名 页数 页号", [[f"J001-1-1-{n}", "一件", "3", f"{2 * n - 1}-{2 * n + 1}"] for n in range(1, 9)]),
    ],
)  # fmt: skip
def test_honest_tables_of_other_kinds_have_no_findings(headings: str, rows: list[list[str]]) -> None:
    with Dirt(today=TODAY) as dirt:
        for row in _rows(headings, rows, file="a.xlsx"):
            dirt.take(row)
        assert dirt.told() == ()


ITEM_DIRT: tuple[tuple[str, int, str, str], ...] = (
    ("title-missing", 1, "", ""),
    ("date-impossible", 4, "19830231", ""),
    ("date-reversed", 4, "19831220-19830104", ""),
    ("date-unreadable", 4, "去年春天", ""),
    ("date-in-future", 4, "20530503", ""),
    ("retention-unreadable", 5, "3号柜", ""),
    ("security-unreadable", 6, "三级", ""),
    ("pages-unreadable", 7, "若干", ""),
    ("page-range-unreadable", 8, "见背面", ""),
    ("page-range-reversed", 8, "15-12", ""),
    ("characters-forbidden", 1, "关于<水库>的批复", "关于〈水库〉的批复"),
    ("characters-unseen", 1, "关于\u200b水库的批复", "关于水库的批复"),
    ("characters-lost", 1, "关于水??库的批复", ""),
    ("characters-private", 1, "关于\ue123水库的批复", ""),
    ("spaces-doubled", 1, "关于  水库的批复", "关于 水库的批复"),
    ("title-missing", 1, "—", ""),
    ("title-missing", 1, "12", ""),
    ("title-missing", 1, "（无题名）", ""),
    ("line-breaks", 1, "关于水库\n工程的批复", "关于水库工程的批复"),
    ("document-number-differs", 3, "青水〔1988〕9号", "19831102"),
    ("pages-none", 7, "0", ""),
    ("code-short", 0, "J019-0001.9", ""),
    ("digits-lost", 3, "1.98E+07", ""),
    ("nothing-above", 2, "同上", ""),
    ("code-unreadable", 0, "J019*1*5", ""),
    ("code-missing", 0, "", ""),
    ("code-written-otherwise", 0, "Ｊ019－1－0001－009", "J019-1-0001-009"),
)


@pytest.mark.parametrize(("kind", "column", "text", "proposed"), ITEM_DIRT)
def test_what_is_doubtful_in_a_row_is_told_with_its_cell(kind: str, column: int, text: str, proposed: str) -> None:
    items = clean_items()
    for place in (8, 28, 48):
        items[place][column] = text if column else text.replace("0001", f"{1 + place // 20:04}")
    told = _told([], items)
    found = told[kind]
    assert (found.count, len(found.first)) == (3, 3)
    first = found.first[0]
    assert (first.file, first.number) == ("卷内文件目录.xlsx", 10)
    assert first.proposed == proposed
    if kind != "code-missing":
        assert (first.cell, first.written) == (f"{'ABCDEFGHI'[column]}10", text)


def _changed(items: list[list[str]], column: int, texts: dict[int, str]) -> list[list[str]]:
    for place, text in texts.items():
        items[place][column] = text
    return items


def test_numbers_that_lost_their_zeros_are_told_with_what_they_were() -> None:
    items = _changed(clean_items(), 0, {7: "J019-1-0001-8", 28: "J019-1-2-009"})
    told = _told(clean_volumes(), items)
    assert set(told) == {"zeros-lost"}
    assert [(one.written, one.proposed) for one in told["zeros-lost"].first] == [("8", "008"), ("2", "0002")]


def test_a_few_padded_numbers_among_others_are_the_odd_ones() -> None:
    rows = [[f"J019-1-{n}", "题名", "1983"] for n in range(1, 30)]
    rows[4][0] = "J019-1-005"
    with Dirt(today=TODAY) as dirt:
        for row in _rows("档号 题名 日期", rows, file="a.xlsx"):
            dirt.take(row)
        (told,) = dirt.told()
    assert [(one.written, one.proposed) for one in told.first] == [("005", "5")]


def test_a_code_that_rows_share_is_told_at_the_later_ones() -> None:
    items = [*clean_items(), clean_items()[4], clean_items()[9]]
    told = _told(clean_volumes(), items)
    assert told["code-twice"].count == 2
    assert told["code-twice"].first[0].beside == "6"
    assert set(told) == {"code-twice", "item-count-differs"}


def test_codes_that_differ_in_zeros_only_are_told() -> None:
    items = [*clean_items(1), ["J019-1-0001-5", "另一件", "", "", "1983", "永久", "", "", ""]]
    assert _told([], items)["code-alike"].count == 1


def test_numbers_that_are_missing_are_told_each_at_the_row_after() -> None:
    items = [one for place, one in enumerate(clean_items()) if place not in (4, 5, 27)]
    told = _told([], items)
    assert told["number-gap"].count == 3
    assert [one.proposed for one in told["number-gap"].first] == ["5", "6", "8"]
    assert set(told) == {"number-gap", "pages-differ"}


def test_volumes_that_are_missing_are_told() -> None:
    volumes = [one for place, one in enumerate(clean_volumes()) if place != 7]
    told = _told(volumes, clean_items())
    assert told["volume-missing"].count == 20
    assert told["number-gap"].count == 1


def test_a_volume_that_is_in_the_catalogue_already_is_not_missing() -> None:
    volumes = [one for place, one in enumerate(clean_volumes()) if place != 7]
    with Dirt(today=TODAY, is_held=lambda code: code == "J019-1-0008") as dirt:
        _dirt(volumes, clean_items(), dirt)
        assert [one.code for one in dirt.told()] == ["number-gap"]


def test_a_volume_whose_title_stands_above_its_items_is_missing_and_told_with_it() -> None:
    heads = ("顺序号", "题名", "日期", "案卷题名")
    columns = Columns("a.xlsx", "", heads, {"全宗号": "B012", "目录号": "9", "案卷号": "1"}, ("一九六四年水利文件",))
    rows = [TableRow(columns, n, (str(n), f"第{n}件通知", "1964.4.2", "一九六四年水利文件")) for n in range(5, 7)]
    for is_held in (False, True):
        held = frozenset({"B012-9-1"} if is_held else ())
        with Dirt(today=TODAY, is_held=held.__contains__) as dirt:
            for row in rows:
                dirt.take(fitting_profile(columns).read(row))
            told = {one.code: one for one in dirt.told()}
        assert ("volume-missing" in told) is not is_held
        if not is_held:
            assert told["volume-missing"].count == 2
            assert "B012-9-1 一九六四年水利文件" in told["volume-missing"].message.text("zh")


def test_rows_of_another_fonds_are_told_and_are_not_without_volume() -> None:
    items = _changed(clean_items(), 0, {5: "J020-1-0001-006", 70: "J020-1-0004-011"})
    told = _told([], items)
    assert told["fonds-differs"].count == 2
    assert told["fonds-differs"].first[0].proposed == "J019"
    assert "volume-missing" not in _told(clean_volumes(), items)


def test_the_fonds_of_a_row_is_what_its_code_says_not_what_stands_above_the_table() -> None:
    columns = Columns("a.xlsx", "", tuple(BY_ITEM.split()), {"全宗号": "J019"})
    texts = [(f"J019-WS·2015·Y·BGS-{n:04}", f"第{n}件", "", "", "2015") for n in range(1, 101)]
    texts[40] = ("J020-WS·2015·Y·BGS-0041", *texts[40][1:])
    with Dirt(today=TODAY) as dirt:
        for number, one in enumerate(texts, 2):
            dirt.take(fitting_profile(columns).read(TableRow(columns, number, one)))
        told = {one.code: one.first for one in dirt.told()}
    assert [one.number for one in told["fonds-differs"]] == [42]


@pytest.mark.parametrize("missing", [6, 9], ids=["made of its parts", "with parts missing"])
def test_a_code_that_is_not_written_among_those_that_are_is_told(missing: int) -> None:
    """Whether or not the columns beside it would make one."""
    headings = "档号 全宗号 年度 保管期限 机构或问题 件号 题名"
    texts = [
        [f"J019-WS·2015·Y·BGS-{n:04}", "J019", "2015", "永久", "办公室", f"{n:04}", f"第{n}件"] for n in range(1, 13)
    ]
    texts[6][0] = texts[9][0] = ""
    texts[9][5] = ""
    with Dirt(today=TODAY) as dirt:
        for row in _rows(headings, texts, file="归档文件目录.xlsx"):
            dirt.take(row)
        told = {one.code: one.first for one in dirt.told()}
    assert missing + 2 in [one.number for one in told["code-missing"]]
    assert "code-part-missing" not in told
    assert {one.proposed for one in told["code-missing"]} == {"J019-WS·2015-Y-办公室-0007", ""}


def test_codes_that_are_to_be_made_of_parts_are_not_missing() -> None:
    headings = "档号 全宗号 年度 保管期限 件号 题名"
    texts = [["", "J019", "2015", "永久", f"{n:04}", f"第{n}件"] for n in range(1, 13)]
    with Dirt(today=TODAY) as dirt:
        for row in _rows(headings, texts, file="归档文件目录.xlsx"):
            dirt.take(row)
        assert dirt.told() == ()


def test_a_fonds_that_nobody_registered_is_told() -> None:
    with Dirt(today=TODAY, fonds=["J001"]) as dirt:
        _dirt(clean_volumes(1), [], dirt)
        assert [one.code for one in dirt.told()] == ["fonds-unknown"]
        assert "jinkui fonds import" in str(dirt.told()[0].advice)


def test_items_of_another_retention_than_their_volume_are_told() -> None:
    items = _changed(clean_items(), 5, {3: "短期", 44: "10年"})
    told = _told(clean_volumes(), items)
    assert set(told) == {"retention-below-volume"}
    assert (told["retention-below-volume"].count, told["retention-below-volume"].first[0].beside) == (2, "2")
    volumes = clean_volumes()
    volumes[2][3] = "短期"
    assert _told(volumes, clean_items())["retention-above-volume"].count == 20


def test_volumes_whose_items_are_not_as_many_as_they_say_are_told() -> None:
    volumes = clean_volumes()
    volumes[3][5] = "21"
    items = [one for one in clean_items() if "-0007-" not in one[0]]
    told = _told(volumes, items)
    assert (told["items-missing"].count, told["item-count-differs"].count) == (1, 1)
    assert (told["item-count-differs"].first[0].written, told["item-count-differs"].first[0].proposed) == ("21", "20")


def test_a_list_of_volumes_alone_misses_no_items() -> None:
    assert _told(clean_volumes(), []) == {}


@pytest.mark.parametrize(
    ("kind", "place", "text"),
    [("page-range-descends", 4, "2"), ("page-beyond-volume", 19, "61"), ("pages-differ", 19, "60")],
)
def test_page_numbers_that_do_not_go_together_are_told(kind: str, place: int, text: str) -> None:
    told = _told(clean_volumes(), _changed(clean_items(), 8, {place: text}))
    assert told[kind].count == 1


def test_page_ranges_that_overlap_are_told() -> None:
    items = clean_items(1)
    for place, one in enumerate(items):
        one[8] = f"{3 * place + 1}-{3 * place + 3}"
    assert _told([], items) == {}
    told = _told([], _changed(items, 8, {3: "8-12", 9: "28-31"}))
    assert told["page-range-overlaps"].count == 1
    assert told["pages-differ"].count == 2


def test_dates_outside_those_of_the_volume_are_told() -> None:
    told = _told(clean_volumes(), _changed(clean_items(), 4, {5: "19850101", 6: "1983"}))
    (row,) = told["date-outside-volume"].first
    assert (row.number, row.written, row.proposed) == (7, "1985-01-01", "1983-01-04至1983-12-20")
    assert set(told) == {"date-outside-volume", "document-number-differs"}


def test_a_list_without_the_number_of_its_fonds_is_told_how_a_profile_says_it() -> None:
    with Dirt(today=TODAY) as dirt:
        for row in _rows("目录号 案卷号 案卷题名 起止日期", [["2", "1", "卷", "1961"]], file="打印稿.xlsx"):
            for note in row.notes:
                assert note.code == "code-part-missing"
            dirt.take(row)
        (told,) = [one for one in dirt.told() if one.code == "code-part-missing"]
    assert 'QZH = { constant = "B012" }' in told.advice.text("zh")
    with Dirt(today=TODAY) as dirt:
        for row in _rows("全宗号 目录号 案卷号 题名 顺序号", [["B012", "2", "", "件", "1"]], file="卷内.xlsx"):
            dirt.take(row)
        (told,) = [one for one in dirt.told() if one.code == "code-part-missing"]
    assert "constant" not in told.advice.text("en")


def test_what_differs_from_the_catalogue_is_told_by_the_names_of_elements() -> None:
    rows = (DirtRow("a.csv", "", 2, "E2", "J019-1-1", "note", "改过", ""),)
    kind = DirtKind("unit-differs", KINDS["unit-differs"].severity, KINDS["unit-differs"].message, KINDS["unit-differs"].advice, 1, rows, KINDS["unit-differs"].message)  # fmt: skip
    assert "J019-1-1 备注: — → 改过" in kind.told_at(3).text("zh")
    assert "note: — → 改过" in kind.told_at(3).text("en")


def test_a_year_that_is_not_that_of_the_date_is_told() -> None:
    rows = [["J019-1-1", "一", "甲", "1号", "2015-03-04", "2005", "永久", "", "1", ""], ["J019-1-2", "二", "甲", "2号", "2015-03-04", "2016", "永久", "", "1", ""]]  # fmt: skip
    with Dirt(today=TODAY) as dirt:
        for row in _rows(BY_ITEM, rows, file="a.xlsx"):
            dirt.take(row)
        assert [(one.code, one.count) for one in dirt.told()] == [("year-differs", 1)]


def test_what_a_code_says_otherwise_than_its_row_is_told() -> None:
    rows = [["J019-WS·2015-Y-BGS-0001", "关于甲", "甲", "", "2015", "2014", "永久", "", "1", ""], ["J019-WS·2015-D30-BGS-0002", "关于乙", "甲", "", "2015", "2015", "10年", "", "1", ""], ["J019-WS·2015-D30-BGS-0003", "关于丙", "甲", "", "2015", "2015", "定期（30年）", "", "1", ""]]  # fmt: skip
    with Dirt(today=TODAY) as dirt:
        for row in _rows(BY_ITEM, rows, file="a.xlsx"):
            dirt.take(row)
        (told,) = dirt.told()
    assert told.code == "code-differs"
    assert [(one.element, one.written, one.proposed) for one in told.first] == [
        ("year", "2014", "2015"),
        ("retention", "10年", "D30"),
    ]


def test_what_a_profile_could_not_read_is_told_with_what_is_written_there() -> None:
    said = '[maps.q]\n"1" = "永久"\n[elements]\nretention = { columns = "BGQX", map = "q" }\n'
    columns = Columns("a.dbf", "", ("DH", "TM", "BGQX"))
    profile = Profile(parse_profile(said, file="p.toml"))
    with Dirt(today=TODAY) as dirt:
        dirt.take(profile.read(TableRow(columns, 2, ("J1-1-1", "题名", "7"))))
        told = {one.code: one.first[0] for one in dirt.told()}
    found = told["value-not-in-map"]
    assert (found.cell, found.element, found.written) == ("C2", "retention", "7")


def test_every_row_of_a_kind_is_there_though_only_the_first_are_told() -> None:
    with Dirt(today=TODAY) as dirt:
        _dirt([], [[one[0], "", *one[2:]] for one in clean_items()], dirt)
        (told,) = dirt.told()
        rows: list[DirtRow] = [*dirt.rows("title-missing")]
    assert (told.count, len(told.first), len(rows)) == (1000, 200, 1000)
    assert rows[-1].number == 1001


def test_hidden_rows_are_told() -> None:
    with Dirt(today=TODAY) as dirt:
        for row in _rows(ITEMS, clean_items(1), file="a.xlsx"):
            dirt.take(replace(row, is_hidden=row.number == 3))
        assert [(one.code, one.count) for one in dirt.told()] == [("row-hidden", 1)]


def test_every_kind_is_said_in_both_languages_with_what_to_do() -> None:
    for said in KINDS.values():
        assert said.message.text("en").isascii()
        assert said.advice.text("zh") != said.advice.text("en")


def test_the_parts_that_are_wanting_are_named_and_the_sheet_to_correct_offers_the_code() -> None:
    headings = "全宗号 目录号 案卷号 案卷题名 起止日期"
    with Dirt(today=TODAY) as dirt:
        for row in _rows(headings, [["31", "", "KJ-7", "总账", "1991"], ["", "1", "8", "总账", "1992"]], file="a.csv"):
            dirt.take(row)
        (kind,) = (one for one in dirt.told() if one.code == "code-part-missing")
        rows = [*dirt.rows("code-part-missing")]
    assert "目录号（MLH）" in kind.message.text("zh")
    assert "fonds number (QZH)" in kind.message.text("en")
    assert [(one.cell, one.written, one.proposed) for one in rows] == [
        ("B2", "全宗号 31；案卷号 KJ-7", "31-{MLH}-KJ-7"),
        ("A3", "目录号 1；案卷号 8", "{QZH}-1-8"),
    ]


def test_numbers_are_compared_for_lost_zeros_within_one_fonds_and_series_only() -> None:
    codes = ["31-1-1", "31-1-2", *(f"J045-2-{n:04}" for n in range(1, 4)), "12-1-1", "12-SW-0001", "12-SW-0002"]
    with Dirt(today=TODAY) as dirt:
        for row in _rows("档号 案卷题名 起止日期", [[code, f"{code}号案卷", "1951"] for code in codes], file="a.csv"):
            dirt.take(row)
        assert dirt.told() == ()
        for row in _rows("档号 案卷题名 起止日期", [["J045-2-4", "四号", "1951"]], file="a.csv", first=20):
            dirt.take(row)
        (found,) = dirt.told()
    assert [(found.code, row.code, row.proposed) for row in found.first] == [("zeros-lost", "J045-2-4", "0004")]


def test_a_date_of_a_field_of_its_own_kind_names_its_cell() -> None:
    with Dirt(today=TODAY) as dirt:
        for row in _rows(
            "档号 姓名 性别 出生年月 下乡时间 下乡地点",
            [["J1-1-1", "吴向东", "男", "1952.2.30", "1969.1", "林场"]],
            file="a.csv",
        ):
            dirt.take(row)
        (found,) = dirt.told()
    assert [(found.code, one.cell) for one in found.first] == [("date-impossible", "D2")]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("34", 34, 0), ("34-41", 34, 41), ("P34", 34, 0), ("34,36-41", 34, 41), ("12v", 12, 0), ("34(共3页)", 34, 0)],
)
def test_pages_are_read_as_volumes_read_them(text: str, first: int, last: int) -> None:
    assert pages_of(text) == (first, last, "")
    assert parse_page_spans(text)


@pytest.mark.parametrize("text", ["见背面", "AB12", "甲"])
def test_what_names_no_page_to_a_volume_names_none_to_a_table(text: str) -> None:
    assert pages_of(text).dirt == "page-range-unreadable"
    with pytest.raises(FormatError):
        parse_page_spans(text)
