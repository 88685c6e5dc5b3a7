"""A profile says what the columns of a table mean; without one the headings of practice do."""

import re
from datetime import date
from pathlib import Path

import pytest

from archives.errors import ConfigurationError, NotFoundError, UsageProblem
from archives.findings import Severity
from formats.processes.opened import Opened
from formats.spreadsheet.cells import How
from ingest.profiles.loading import parse_profile
from ingest.profiles.markings import row_markings
from ingest.profiles.profile import Profile, built_in_profiles, fitting_profile, load_profile, usual_names
from ingest.profiles.reading import Field, ProfiledRow
from ingest.profiles.spec import ELEMENT_KEYS
from ingest.tables.packed import packed_table
from ingest.tables.table import Columns, TableRow, tables_of
from tests.support.dbf import make_dbf
from tests.support.places import ROOT


def _row(headings: str, *texts: str, file: str = "a.xlsx", worksheet: str = "", **above: str) -> TableRow:
    return TableRow(Columns(file, worksheet, tuple(headings.split()), above), 7, texts)


def _read(row: TableRow, profile: str = "") -> ProfiledRow:
    chosen = Profile(parse_profile(profile, file="p.toml")) if profile else fitting_profile(row.columns)
    return chosen.read(row)


PARTS = """
[parts]
QZH = "QZH"
MLH = { columns = ["MLH"], constant = "1" }
AJH = "AJH"
JH = "JH"
[code]
"件" = "{QZH}-{MLH}-{AJH:04}-{JH:03}"
"案卷" = "{QZH}-{MLH}-{AJH:04}"
"""


def test_a_code_is_built_from_parts_with_padding() -> None:
    read = _read(_row("QZH MLH AJH JH TM", "J019", "2", "12", "7", "批复"), PARTS)
    assert (read.code, read.parent, read.level) == ("J019-2-0012-007", "J019-2-0012", "件")
    assert read.parts == {"QZH": "J019", "MLH": "2", "AJH": "12", "JH": "7"}
    assert read.values == {"title": "批复"}
    assert (read.rest, read.notes) == ((), ())


@pytest.mark.parametrize(
    ("written", "padded"),
    [
        ("7", "007"),
        ("0007", "007"),
        ("１２", "012"),
        ("7.0", "007"),
        ("45-1", "045-1"),
        ("1234", "1234"),
        ("附1", "附1"),
        (" 7 ", "007"),
    ],
)
def test_padding_is_of_the_number_whatever_stands_around_it(written: str, padded: str) -> None:
    assert _read(_row("QZH AJH JH TM", "J019", "12", written, "批复"), PARTS).code == f"J019-1-0012-{padded}"


def test_a_row_with_fewer_parts_is_a_volume() -> None:
    read = _read(_row("QZH MLH AJH JH TM", "J019", "2", "12", "", "水库"), PARTS)
    assert (read.code, read.level) == ("J019-2-0012", "案卷")


def test_a_part_that_is_missing_is_said_with_its_name_and_the_row_goes_in() -> None:
    read = _read(_row("QZH MLH AJH JH TM", "", "2", "12", "1", "水库"), PARTS)
    assert read.code == ""
    assert [one.code for one in read.notes] == ["code-part-missing"]
    assert "QZH" in read.notes[0].message.text("zh")
    assert (read.notes[0].file, read.notes[0].row) == ("a.xlsx", 7)
    assert read.values["title"] == "水库"


def test_what_stands_in_brackets_of_a_template_is_left_out_where_it_is_empty() -> None:
    said = '[parts]\nJG = "JG"\n[code]\n"件" = "{QZH}-{ND}[-{JG}]-{JH:04}"\n'
    assert _read(_row("QZH ND JG JH TM", "J019", "2015", "BGS", "3", "x"), said).code == "J019-2015-BGS-0003"
    assert _read(_row("QZH ND JG JH TM", "J019", "2015", "", "3", "x"), said).code == "J019-2015-0003"


def test_values_are_mapped_and_what_was_written_is_kept() -> None:
    said = '[maps.qx]\n"1" = "永久"\n"2" = "长期"\n[elements]\nretention = { columns = ["BGQX"], map = "qx" }\n'
    read = _read(_row("DH TM BGQX", "J019-1-1", "x", "01"), said)
    assert (read.values["retention"], read.written["retention"], read.cells["retention"]) == ("永久", "01", "C7")
    odd = _read(_row("DH TM BGQX", "J019-1-1", "x", "9"), said)
    assert odd.values["retention"] == "9"
    assert [(one.code, one.cell) for one in odd.notes] == [("value-not-in-map", "C7")]
    assert _read(_row("DH TM BGQX", "J019-1-1", "x", "永久"), said).notes == ()


def test_several_columns_are_one_element_in_the_order_of_the_profile() -> None:
    said = '[elements]\nnote = { columns = [["BZ2", "BZ1"]], join = " / " }\ntitle = ["T1", "T2"]\n'
    read = _read(_row("DH T1 T2 BZ1 BZ2", "J019-1-1", "", "题", "甲", "乙"), said)
    assert (read.values["note"], read.values["title"], read.rest) == ("乙 / 甲", "题", ())


def test_first_and_last_day_become_one_date() -> None:
    read = _read(_row("档号 题名 起始日期 终止日期", "J019-1-1", "x", "19830104", "19831220"))
    assert read.values["date"] == "19830104至19831220"
    assert (
        _read(_row("档号 题名 起始日期 终止日期", "J019-1-1", "x", "19830104", "19830104")).values["date"] == "19830104"
    )


def test_a_profile_that_names_the_heading_of_two_columns_has_both_ends() -> None:
    said = '[elements]\ndate = ["起止日期", "归档日期"]\n'
    columns = Columns("a.xlsx", "", ("档号", "题名", "起止日期 起", "起止日期 止", "归档日期"))
    row = TableRow(columns, 2, ("J019-1-1", "x", "1983.1.4", "1983.12.20", "1984"))
    profile = Profile(parse_profile(said, file="a.toml"))
    read = profile.read(row)
    assert read.values["date"] == "1983.1.4至1983.12.20"
    assert (read.rest, profile.about(columns)) == ((("归档日期", "1984"),), ())


def test_what_has_no_element_is_never_lost() -> None:
    read = _read(_row("档号 题名 文件题名 经办人", "J019-1-1", "甲", "乙", "王五"))
    assert read.values["title"] == "甲"
    assert read.rest == (("文件题名", "乙"), ("经办人", "王五"))


def test_a_part_that_contradicts_the_code_is_said_and_kept() -> None:
    read = _read(_row("全宗号 案卷号 档号 题名", "J019", "0013", "J019-1-12-3", "x"))
    assert read.code == "J019-1-12-3"
    assert [(one.code, one.cell) for one in read.notes] == [("code-differs-from-parts", "B7")]
    assert read.rest == (("案卷号", "0013"),)
    assert _read(_row("全宗号 案卷号 档号 题名", "J019", "0012", "J019-1-12-3", "x")).notes == ()


@pytest.mark.parametrize(
    ("file", "worksheet", "level"),
    [
        ("案卷目录.xlsx", "Sheet1", "案卷"),
        ("a.xlsx", "卷内文件目录", "件"),
        ("案卷目录和卷内目录.xlsx", "", "件"),
        ("a.csv", "", "件"),
    ],
)
def test_the_name_of_a_table_says_its_level_where_it_says_one(file: str, worksheet: str, level: str) -> None:
    assert _read(_row("档号 题名", "J019-1-1", "x", file=file, worksheet=worksheet)).level == level


@pytest.mark.parametrize(
    ("text", "level"),
    [("案卷级", "案卷"), ("file", "案卷"), ("Fonds", "全宗"), ("文件级", "件"), ("series", "类别"), ("组", "组")],
)
def test_a_column_says_the_level_before_all_else(text: str, level: str) -> None:
    assert _read(_row("著录层级 档号 题名", text, "J019-1-1", "x", file="卷内目录.csv")).level == level


def test_what_stands_above_the_headings_counts_where_there_is_no_column() -> None:
    read = _read(_row("案卷号 题名", "12", "x", file="案卷目录.xls", 全宗号="J019", 目录号="2"))
    assert read.code == "J019-2-12"


def test_persons_dates_and_places_are_typed() -> None:
    read = _read(
        _row(
            "档号 男方姓名 女方姓名 登记日期 登记地 男方出生日期",
            "J101-1-1",
            "张建国",
            "李秀英",
            "1978.5.1",
            "青峤公社",
            "1950.2",
        )
    )
    assert read.persons == (("男方", "张建国"), ("女方", "李秀英"))
    assert Field("place", "登记地", "青峤公社") in read.fields
    assert Field("date", "男方出生日期", "1950.2") in read.fields
    assert read.values["date"] == "1978.5.1"
    assert read.values["title"] == "张建国、李秀英婚姻登记材料"
    assert "title" not in read.cells
    assert ("张建国" in dict(read.rest).values()) is False


def test_a_title_that_is_put_together_has_names_as_they_are_written() -> None:
    read = _read(_row("全宗号 目录号 案卷号 件号 男方 女方", "B031", "HY", "7", "3", "李 明", "王秀珍（王秀贞）"))
    assert (read.code, read.values["title"]) == ("B031-HY-7-3", "李 明、王秀珍（王秀贞）婚姻登记材料")


def test_names_in_one_cell_are_several_persons() -> None:
    read = _read(_row("档号 题名 人名", "J101-1-1", "合影", "张三、李四；王五"))
    assert [name for _, name in read.persons] == ["张三", "李四", "王五"]
    assert read.values["persons"] == "张三、李四；王五"


@pytest.mark.parametrize(
    ("written", "path"),
    [
        (r"D:\扫描\J019\1\0012\001.jpg", "J019/1/0012/001.jpg"),
        (r"\\server\scan\J019\001.tif", "server/scan/J019/001.tif"),
        (r".\J019\001.jpg", "J019/001.jpg"),
        ("file:///E:/J019/a b.jpg", "J019/a b.jpg"),
        (r"J019\001.jpg;J019\002.jpg", "J019/001.jpg;J019/002.jpg"),
        ("/J019/001.jpg", "J019/001.jpg"),
    ],
)
def test_paths_of_images_are_freed_of_what_the_old_machine_had(written: str, path: str) -> None:
    said = '[images]\ncolumns = "LJ"\ncut = ["D:\\\\扫描"]\n'
    read = _read(_row("DH TM LJ", "J019-1-1", "x", written), said)
    assert (read.image, read.notes) == (path, ())


def test_a_path_that_leads_out_of_its_folder_is_no_image_and_said() -> None:
    read = _read(_row("档号 题名 图像路径", "J019-1-1", "x", r"..\..\etc\passwd"))
    assert read.image == ""
    assert [one.code for one in read.notes] == ["image-path-unusable"]


def test_the_same_as_above_is_no_code_and_no_number_of_an_item() -> None:
    columns = Columns("a", "", ("QZH", "AJH", "JH", "TM"))
    row = TableRow(columns, 7, ("J019", "12", "3", "x"), {1: How.DITTO, 2: How.DITTO})
    assert _read(row, PARTS).parts == {"QZH": "J019", "MLH": "1", "AJH": "12"}


@pytest.mark.parametrize(
    ("how", "text", "code"),
    [
        (How.ERROR, "#REF!", "cell-error"),
        (How.NO_VALUE, "", "formula-without-value"),
        (How.LONG, "1234567890123456", "digits-lost"),
        (How.DATE, "2026-03-05", "made-a-date"),
        (How.NUMBER, "5", ""),
        (How.SHOWN, "0005", ""),
    ],
)
def test_a_cell_that_says_no_value_is_told_and_is_no_text(how: How, text: str, code: str) -> None:
    columns = Columns("a", "", ("档号", "题名", "文号", "形成日期"))
    read = _read(TableRow(columns, 7, ("J019-1-1", "x", text, "1983-05-03"), {2: how, 3: How.DATE}))
    assert [(one.code, one.cell) for one in read.notes] == ([(code, "C7")] if code else [])
    assert read.values.get("document_number", "") == ("" if how in (How.ERROR, How.NO_VALUE) else text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[elements]\ntitel = 'TM'", "elements › titel"),
        ("unknown = 1", "unknown"),
        ("[code]\n'件' = '{QZH'", "code › 件"),
        ("[code]\n'件' = '{XYZ}-{JH}'", "XYZ"),
        ("[code]\n'箱' = '{QZH}'", "code › 箱"),
        ("[elements]\ntitle = 3", "elements › title"),
        ("[elements]\ntitle = { column = 'TM' }", "elements › title › column"),
        ("[elements]\nretention = { columns = 'Q', map = 'qx' }", "retention"),
        ("secret-rows = 'go on'", "secret-rows"),
        ("[fields]\na = { columns = 'A', type = 'number' }", "fields › a › type"),
        ("[elements]\ntitle", "p.toml"),
        ("usual-headings = 'no'", "usual-headings"),
    ],
)
def test_what_is_not_understood_of_a_profile_is_said_with_file_and_key(text: str, key: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse_profile(text, file="p.toml")
    for said in (refused.value.message.text("zh"), refused.value.message.text("en")):
        assert "p.toml" in said
        assert key in said


def test_a_profile_is_a_file_or_one_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[elements]\n"题名" = "NR"\n', "utf-8")
    own = load_profile(path)
    assert (own.name, own.names["nr"], own.names["档号"], own.secret_rows) == ("own", "title", "code", "stop")
    assert load_profile("marriage").title.text("zh") == "婚姻登记档案目录"
    with pytest.raises(NotFoundError) as refused:
        load_profile("none")
    assert "marriage" in str(refused.value.advice)


def test_a_column_that_a_profile_names_and_the_table_lacks_is_said() -> None:
    own = Profile(parse_profile("[elements]\ntitle = 'NR'\nnote = ['BZ', '备注']", file="p.toml"))
    found = own.about(Columns("a.dbf", "", ("DH", "TM", "BZ")))
    assert [one.code for one in found] == ["profile-column-missing"]
    assert "NR" in found[0].message.text("zh")


VOLUMES = Columns("案卷.xlsx", "", ("档号", "案卷题名", "起止日期", "保管期限", "卷内页数"))


def test_the_profile_of_another_kind_of_table_is_said_with_the_one_that_fits() -> None:
    (found,) = load_profile("objects").about(VOLUMES)
    assert (found.code, found.severity) == ("profile-doubtful", Severity.WARNING)
    assert "probably is the wrong profile" in found.message.text("en")
    assert "the profile “volumes” of ours (list of volumes) fits" in found.message.text("en")
    (found,) = load_profile("marriage").about(Columns("a.dbf", "", ("DH",)))
    assert "of ours" not in found.message.text("en"), "none of ours fits"
    assert found.advice is not None


def test_an_own_profile_of_which_most_columns_are_not_there_says_how_many_are() -> None:
    own = Profile(parse_profile("[elements]\ntitle = 'NR'\nnote = 'BZ'\ndate = '起止日期'", file="p.toml"))
    doubted, missing = own.about(VOLUMES)
    assert (doubted.code, missing.code) == ("profile-doubtful", "profile-column-missing")
    assert "of 3 things that the profile p names the table has columns for 1" in doubted.message.text("en")


@pytest.mark.parametrize("name", ["volumes", "usual"])
def test_a_profile_that_fits_or_the_usual_headings_are_not_doubted(name: str) -> None:
    assert load_profile(name).about(VOLUMES) == ()


def test_what_is_chosen_for_a_table_is_never_doubted() -> None:
    for one in built_in_profiles()[1:]:
        columns = Columns("a.xlsx", "", tuple(group[0] for group in one.spec.fits))
        assert fitting_profile(columns).about(columns) == (), one.name


def test_without_usual_headings_only_what_is_named_is_known() -> None:
    read = _read(_row("题名 NR", "甲", "乙"), "usual-headings = false\n[elements]\ntitle = 'NR'")
    assert read.values == {"title": "乙"}
    assert read.rest == (("题名", "甲"),)


TABLES = {
    "volumes": "全宗号 目录号 案卷号 案卷题名 起止日期 件数 页数 保管期限 备注",
    "volume-items": "全宗号 目录号 案卷号 顺序号 文号 责任者 题名 日期 页号 备注",
    "filing": "件号 责任者 文号 题名 日期 密级 页数 备注 年度 机构或问题",
    "dbf-volumes": "QZH MLH AJH TM QZRQ BGQX YS JS",
    "dbf-items": "QZH MLH AJH SXH ZRZ WH TM RQ YH BZ",
    "science": "档号 案卷题名 项目名称 编制单位 编制日期 保管期限",
    "marriage": "档号 男方姓名 女方姓名 登记日期 结婚证字号",
    "sent-down": "档号 姓名 性别 下乡时间 下乡地点",
    "recruitment": "档号 姓名 招工单位 招工时间",
    "property": "档号 产权人 房屋坐落 产权证号",
    "photographs": "照片号 题名 摄影者 拍摄时间 人物 文字说明",
    "recordings": "档号 题名 录制者 录制时间 时长",
    "objects": "档号 名称 类别 时间 规格 数量",
    "item-list": "ref title date extent",
    "usual": "档号 题名 日期",
}


@pytest.mark.parametrize(("name", "headings"), TABLES.items())
def test_the_usual_tables_are_known_by_their_headings(name: str, headings: str) -> None:
    assert fitting_profile(Columns("a.xlsx", "", tuple(headings.split()))).name == name


def test_every_profile_of_ours_has_a_table_here() -> None:
    assert {one.name for one in built_in_profiles()} == set(TABLES)


@pytest.mark.parametrize(("name", "headings"), TABLES.items())
def test_every_column_of_the_usual_tables_goes_where_it_belongs(name: str, headings: str) -> None:
    texts = [f"{place + 1}" for place in range(len(headings.split()))]
    read = _read(_row(headings, *texts))
    said = [*read.values.values(), *read.parts.values(), *(f.text for f in read.fields), read.code, read.item_count]
    assert {*texts} <= {*said, *(text for _, text in read.rest)}
    assert [heading for heading, _ in read.rest if heading in ("题名", "TM", "日期", "保管期限", "title", "date")] == []


def test_pinyin_fields_of_a_dbf_table_are_read_under_the_usual_profile(tmp_path: Path) -> None:
    fields = [("QZH", "C", 4), ("MLH", "C", 3), ("AJH", "N", 4), ("SXH", "N", 3), ("TM", "C", 60), ("ZRZ", "C", 30), ("WH", "C", 30), ("RQ", "C", 8), ("YH", "C", 8), ("BZ", "C", 20)]  # fmt: skip
    record = ["J019", "1", "12", "3", "关于水库的批复", "青峤县水利局", "青水〔1983〕9号", "19830503", "12", ""]
    path = make_dbf(tmp_path / "wj.dbf", fields, [record])
    with Opened.at(path) as opened:
        (table,) = tables_of(packed_table(opened), usual_names(), file=path.name)
    (row,) = table.rows()
    read = fitting_profile(table.columns).read(row)
    assert (read.code, read.level, read.parent) == ("J019-1-12-3", "件", "J019-1-12")
    assert read.values == {
        "title": "关于水库的批复", "author": "青峤县水利局", "document_number": "青水〔1983〕9号", "date": "19830503",
        "page_range": "12", "sequence": "3",
    }  # fmt: skip


def test_elements_of_profiles_are_keys_that_a_unit_has() -> None:
    for one in built_in_profiles():
        assert set(one.spec.elements) <= ELEMENT_KEYS


def test_volumes_and_their_items_may_stand_in_one_table() -> None:
    headings = "全宗号 目录号 案卷号 件号 题名 日期 页数 页号"
    volume = _read(_row(headings, "J019", "1", "12", "", "水库工程", "1983", "60", ""))
    item = _read(_row(headings, "J019", "1", "12", "3", "批复", "1983", "3", "7"))
    assert (volume.level, volume.code, item.level, item.parent) == ("案卷", "J019-1-12", "件", "J019-1-12")


def test_a_registration_in_a_volume_is_an_item() -> None:
    assert _read(_row("全宗号 案卷号 男方 女方", "J101", "3", "张建国", "李秀英")).level == "件"


@pytest.mark.parametrize("text", ["机", "JM", "机密", "绝"])
def test_short_levels_in_a_column_of_levels_are_state_secrets_whatever_heads_it(text: str) -> None:
    row = _row("DH TM MJ", "J019-1-1", "x", text)
    assert row_markings(row, _read(row), today=date(2026, 1, 1)).classified_cells == ("C7",)


def test_a_state_secret_is_seen_in_whatever_column_it_stands() -> None:
    headings = "档号 题名 密级 备注"
    for row in (_row(headings, "J019-1-1", "x", "机密", ""), _row(headings, "J019-1-1", "x", "", "机密★10年")):
        marked = row_markings(row, _read(row), today=date(2026, 1, 1))
        assert len(marked.classified_cells) == 1
    for row in (
        _row(headings, "J019-1-1", "保密局关于机密文件管理的通知", "", ""),
        _row(headings, "J019-1-1", "x", "工作秘密", ""),
    ):
        assert row_markings(row, _read(row), today=date(2026, 1, 1)).classified_cells == ()


@pytest.mark.parametrize(
    ("headings", "texts", "cell"),
    [
        ("档号 题名 密级 security", ("公开", "机密"), "D7"),
        ("档号 题名 security 密级", ("公开", "机密"), "D7"),
        ("档号 题名 备注 note", ("机密", "普通"), "C7"),
        ("档号 题名 责任者 author", ("机密", "某局"), "C7"),
        ("档号 题名 保管期限 retention", ("机密", "永久"), "C7"),
        ("档号 题名", ("机密", "x"), "C7"),
        ("档号 题名", ("x", "机密"), "D7"),
    ],
)
def test_no_cell_is_judged_in_the_place_of_another(headings: str, texts: tuple[str, ...], cell: str) -> None:
    row = _row(headings, "J019-1-1", "某事", *texts)
    assert row_markings(row, _read(row), today=date(2026, 1, 1)).classified_cells == (cell,)


@pytest.mark.parametrize(
    ("profile", "cell"),
    [
        ('[elements]\nsecurity = { constant = "机密" }', "密级7"),
        ('[elements]\nnote = { columns = "LX", map = "lx" }\n[maps.lx]\n"1" = "机密"', "C7"),
        ('[elements]\nsecurity = { columns = "LX", map = "lx" }\n[maps.lx]\n"1" = "机"', "C7"),
        ('[fields]\n"类型" = { columns = "LX", type = "text", map = "lx" }\n[maps.lx]\n"1" = "绝密"', "C7"),
        ('[fields]\n"是否涉密" = { columns = "XZ", type = "text" }', "D7"),
        ('[elements]\nnote = { columns = [["A", "B"]], join = "密" }', "E7"),
    ],
)
def test_what_a_profile_makes_of_cells_is_judged_too(profile: str, cell: str) -> None:
    row = _row("档号 题名 LX XZ A B", "J019-1-1", "某事", "1", "是", "绝", "级")
    assert row_markings(row, _read(row, profile), today=date(2026, 1, 1)).classified_cells == (cell,)


def test_a_classification_that_nobody_can_read_is_told_with_what_an_import_can_do() -> None:
    row = _row("档号 题名 密级", "J019-1-1", "x", "甲七")
    found = row_markings(row, _read(row), today=date(2026, 1, 1)).findings
    advice = [one.advice.text("zh") for one in found if one.code == "security-unknown" and one.advice]
    assert advice
    assert all("--update" not in one and "导入" in one for one in advice)


@pytest.mark.parametrize(("path", "is_marked"), [("1983/机密/0001.jpg", True), ("1983/保密局/0001.jpg", False)])
def test_the_folder_of_an_image_is_judged_as_its_name_is(path: str, *, is_marked: bool) -> None:
    row = _row("档号 题名 图像路径", "J019-1-1", "某事", path)
    assert row_markings(row, _read(row), today=date(2026, 1, 1)).classified_cells == (("C7",) if is_marked else ())


def test_what_a_map_makes_public_is_judged_as_it_was_written() -> None:
    row = _row("档号 题名 MJ", "J019-1-1", "某事", "机密")
    read = _read(row, '[elements]\nsecurity = { columns = "MJ", map = "m" }\n[maps.m]\n"机密" = "公开"')
    assert row_markings(row, read, today=date(2026, 1, 1)).classified_cells == ("C7",)


def test_the_example_of_the_papers_is_a_profile() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "profiles.md").read_text("utf-8"), re.DOTALL)
    headings = "CJ QZH MLH AJH JH TM LWDW QSRQ ZZRQ BZ1 BZ2 BGQX SQR CSNY LJ"
    row = _row(headings, "2", "J019", "", "12", "3", "批复", "县委", "1983", "1984", "甲", "乙", "1", "张三", "1950", r"D:\扫描\J019\1.jpg")  # fmt: skip
    read = _read(row, example)
    assert (read.level, read.code, read.parent) == ("件", "J019-1-0012-003", "J019-1-0012")
    assert read.values == {
        "title": "批复", "author": "县委", "date": "1983至1984", "note": "甲；乙", "retention": "永久", "language": "zh-Hans",
    }  # fmt: skip
    assert (read.persons, read.image, read.rest) == ((("申请人", "张三"),), "J019/1.jpg", (("出生日期", "1950"),))


def test_the_papers_name_every_profile_of_ours() -> None:
    text = (ROOT / "docs" / "profiles.md").read_text("utf-8")
    assert [one.name for one in built_in_profiles() if one.name != "usual" and f"`{one.name}`" not in text] == []


@pytest.mark.parametrize(
    ("headings", "texts", "rest", "open_code"),
    [
        ("全宗号 案卷号 案卷题名 起止日期", ["31", "KJ-7", "总账", "1991"], {"全宗号": "31", "案卷号": "KJ-7"}, "31-{MLH}-KJ-7"),
        ("QZH MLH AJH XH NFXM NVXM", ["J045", "5", "1", "", "张", "李"], {"QZH": "J045", "MLH": "5", "AJH": "1"}, "J045-5-1-{JH}"),
        ("姓名 下乡时间 案卷号 序号", ["陈", "1968", "1", "3"], {"案卷号": "1", "序号": "3"}, "{QZH}-{MLH}-1-3"),
        ("全宗号 目录号 案卷号 产权人 坐落", ["", "3", "0001", "王", "北街"], {"目录号": "3", "案卷号": "0001"}, "{QZH}-3-0001"),
    ],
)  # fmt: skip
def test_parts_of_a_code_that_cannot_be_built_stay_and_what_is_wanting_is_said(
    headings: str, texts: list[str], rest: dict[str, str], open_code: str
) -> None:
    read = _read(_row(headings, *texts))
    assert read.code == ""
    assert rest.items() <= dict(read.rest).items()
    (note,) = read.notes
    said = dict(note.message.values)
    assert (note.code, said["proposed"], note.cell is not None) == ("code-part-missing", open_code, True)
    assert all(text in str(said["text"]) for text in rest.values())


def test_parts_that_stand_above_a_table_stay_with_a_row_whose_code_cannot_be_built() -> None:
    read = _read(_row("案卷号 题名 起止日期", "KJ-1", "总账", "1991", 全宗号="12"))
    assert (read.code, read.rest) == ("", (("案卷号", "KJ-1"), ("全宗号", "12")))


def test_a_part_that_the_code_does_not_hold_is_kept_beside_it() -> None:
    read = _read(_row("全宗号 目录号 案卷号 分类号 案卷题名 起止日期", "31", "1", "7", "B2", "总账", "1991"))
    assert (read.code, read.rest) == ("31-1-7", (("分类号", "B2"),))


@pytest.mark.parametrize(
    ("headings", "texts", "code", "parent"),
    [
        ("全宗号 目录号 案卷号 产权人 坐落", ["J047", "3", "0001", "王", "北街"], "J047-3-0001", ""),
        ("全宗号 类别号 案卷号 姓名 招工时间", ["J047", "ZG", "12", "王", "1970"], "J047-ZG-12", ""),
        ("全宗号 目录号 案卷号 件号 男方 女方", ["J047", "3", "1", "2", "张", "李"], "J047-3-1-2", "J047-3-1"),
        ("QZH MLH AJH XH NFXM NVXM", ["J045", "5", "1", "2", "张", "李"], "J045-5-1-2", "J045-5-1"),
    ],
)  # fmt: skip
def test_a_row_of_one_kind_of_records_has_a_code_when_it_has_all_parts(
    headings: str, texts: list[str], code: str, parent: str
) -> None:
    read = _read(_row(headings, *texts))
    assert (read.level, read.code, read.parent, read.notes) == ("件", code, parent, ())


@pytest.mark.parametrize(
    ("headings", "texts", "level", "code", "parent"),
    [
        ("照片组号 组题名 起止时间 张数 摄影者", ["J045-ZP·1998-Y-0001", "抗洪", "1998", "3", "陈"], "组", "J045-ZP·1998-Y-0001", ""),
        ("组号 组题名 起止时间 摄影者", ["31-ZP·1998-Y-0001", "展览", "1998", "陈"], "组", "31-ZP·1998-Y-0001", ""),
        ("全宗号 组号 组题名 摄影者", ["31", "31-ZP-0001", "展览", "陈"], "组", "31-ZP-0001", ""),
        ("案卷号 案卷题名 起止日期", ["J045-2-0001", "甲", "1951"], "案卷", "J045-2-0001", ""),
        ("案卷号 件号 题名 页号", ["J045-2-0001", "3", "甲", "1"], "件", "J045-2-0001-3", "J045-2-0001"),
        ("件号 题名 责任者 年度", ["31-WS·1990·Y-0001", "甲", "局", "1990"], "件", "31-WS·1990·Y-0001", ""),
    ],
)  # fmt: skip
def test_a_whole_code_in_the_cell_of_its_last_part_is_the_code(
    headings: str, texts: list[str], level: str, code: str, parent: str
) -> None:
    read = _read(_row(headings, *texts, file="照片组目录.csv" if level == "组" else "a.csv"))
    assert (read.level, read.code, read.parent) == (level, code, parent)
    assert [one.code for one in read.notes] == []


@pytest.mark.parametrize("number", ["KJ-7", "1998-Y-0001", "WS-1990-3", "45-1"])
def test_a_number_with_a_hyphen_is_no_whole_code(number: str) -> None:
    assert _read(_row("案卷号 案卷题名 起止日期", number, "甲", "1951")).code == ""
    assert _read(_row("全宗号 目录号 案卷号 案卷题名", "31", "1", number, "甲")).code == f"31-1-{number}"


def test_a_photograph_names_its_group_though_its_own_number_does_not() -> None:
    read = _read(_row("照片号 组号 题名 摄影者", "31-Z-9-1", "31-ZP·1998-Y-0001", "剪彩", "陈"))
    assert (read.code, read.parent, read.rest) == ("31-Z-9-1", "31-ZP·1998-Y-0001", (("组号", "31-ZP·1998-Y-0001"),))


STATED = """
[parts]
XH = "XH"
[code]
"件" = "{QZH}-{MLH}-{AJH}-{XH:03}"
[level]
constant = "件"
"""


def test_a_level_that_a_profile_states_holds_whichever_parts_a_row_has_and_whatever_the_table_is_called() -> None:
    row = _row("QZH MLH AJH XH TM", "J045", "5", "1", "2", "登记", file="婚姻案卷目录.dbf")
    assert (_read(row, STATED).level, _read(row, STATED).code) == ("件", "J045-5-1-002")
    assert _read(row, STATED + 'filled = "usual"\n').level == "案卷"
    assert _read(row, STATED + 'tables = "usual"\n').level == "案卷"
    assert _read(row, STATED.replace('constant = "件"', "")).level == "案卷"


@pytest.mark.parametrize("level", ["案卷", "件"])
def test_a_level_that_a_profile_states_has_a_code_of_its_parts(level: str) -> None:
    said = f'[level]\nconstant = "{level}"\n'
    assert _read(_row("QZH MLH AJH TM", "J045", "5", "1", "甲"), said).code == "J045-5-1"


@pytest.mark.parametrize(
    ("headings", "texts", "values"),
    [
        ("档号 名称 类别 时间 来源 规格", ["12-SW-0001", "铜印", "印章", "1951", "移交", "4×4"], {"title": "铜印", "date": "1951"}),
        ("档号 实物名称 形成时间 数量", ["31-SW-0001", "铜印", "1958", "1"], {"title": "铜印", "date": "1958"}),
        ("档号 奖品名称 颁奖单位 获奖时间", ["31-SW-0002", "奖牌", "商业部", "1988"], {"title": "奖牌", "author": "商业部", "date": "1988"}),
        ("档号 名称 日期", ["31-SW-0001", "铜印", "1958"], {"title": "铜印"}),
        ("档号 题名 名称 日期", ["31-1-1", "批复", "农业局", "1958"], {"title": "批复"}),
    ],
)  # fmt: skip
def test_what_an_object_is_called_is_its_title(headings: str, texts: list[str], values: dict[str, str]) -> None:
    assert values.items() <= _read(_row(headings, *texts)).values.items()


def test_the_number_of_a_negative_is_no_former_code_and_photographs_are_no_pages() -> None:
    photograph = _read(_row("档号 题名 摄影者 底片号", "31-ZP·1999-Y-0001-001", "剪彩", "陈", "A1"))
    group = _read(_row("档号 组题名 张数 摄影者", "31-ZP·1999-Y-0001", "展览", "3", "陈", file="照片组目录.csv"))
    discs = _read(_row("档号 组题名 张数 录制者", "31-LX·1999-Y-0001", "会议", "2", "陈", file="录像组目录.csv"))
    assert (photograph.rest, photograph.values.keys() & {"former_code"}) == ((("底片号", "A1"),), set())
    assert (group.rest, group.values.keys() & {"pages"}) == ((("张数", "3"),), set())
    assert (discs.rest, discs.values.keys() & {"pages"}) == ((("数量", "2"),), set())


@pytest.mark.parametrize(
    ("heading", "written", "kept"),
    [
        ("时长（分）", "95", "95分"),
        ("播放时长(单位：分钟)", "95.5", "95.5分钟"),
        ("时长（分）", "1小时35分", "1小时35分"),
        ("时长（必填）", "95", "95"),
        ("规格（cm）", "4.5×4.5", "4.5×4.5cm"),
        ("规格（长×宽，㎝）", "60*40", "60*40㎝"),
        ("规格（cm）", "—", "—"),
        ("规格（cm）", "A4", "A4"),
        ("规格", "60×40", "60×40"),
    ],
)
def test_the_unit_in_a_heading_stays_with_the_value(heading: str, written: str, kept: str) -> None:
    read = _read(_row(f"档号 题名 录制者 {heading}", "31-LX-1", "会议", "台", written))
    assert kept in {*read.values.values(), *(text for _, text in read.rest)}


def test_the_area_of_a_house_has_its_unit_and_other_brackets_are_none() -> None:
    read = _read(_row("档号 产权人 坐落（街道） 建筑面积（㎡）", "J047-3-1", "王", "12", "1,250.00"))
    assert read.rest == (("坐落", "12"), ("建筑面积", "1,250.00㎡"))


def test_a_profile_of_which_no_column_is_there_is_refused_with_what_it_names_and_what_there_is() -> None:
    profile = Profile(parse_profile('[elements]\ntitle = ["甲", "乙"]\n', file="p.toml"))
    with pytest.raises(UsageProblem) as told:
        profile.require_any_column([Columns("a.csv", "", ("档号", "题名"))])
    said = told.value.message.text("en")
    assert said.startswith("a.csv: it has none of the columns of the profile p, and nothing was imported")
    assert "the profile names: 甲, 乙; the table has: 档号, 题名" in said
    assert told.value.advice is not None
    profile.require_any_column([Columns("a.csv", "x", ("档号", "题名")), Columns("a.csv", "y", ("甲",))])
    only_values = Profile(parse_profile('[elements]\nretention = { constant = "永久" }\n', file="p.toml"))
    only_values.require_any_column([Columns("a.csv", "", ("档号", "题名"))])
