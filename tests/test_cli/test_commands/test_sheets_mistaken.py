"""Sheets that are not what a command reads: told so, by name and with what to do; columns of which nothing is understood, too."""

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from PIL import Image

from archives.message import Language
from preservation.actions.settling.reasons import told_reason
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import write
from tests.test_cli.test_commands.test_opening_units import BARE, ONE, with_a_catalogue

WORD = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>',
}
HEAD = "档号,题名,结论,依据,审核人,批准人,审核日期,开放日期,网上范围"
ROW = f"{ONE},题,开放,法,甲,乙,2021-09-01,2021-10-01,仅目录"


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_a_catalogue, tmp_path, capsys)


def sheet(folder: Path, *lines: str) -> str:
    path = folder / "表.csv"
    write(path, "\n".join(lines) + "\n")
    return str(path)


@pytest.mark.parametrize("command", ["preview", "apply"])
@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("对外题名", "公开题名"),
        ("公开提名", "公开题名"),
        ("公开题目", "公开题名"),
        ("公开标题", "公开题名"),
        ("公开名称", "公开题名"),
        ("标题", "公开题名"),
        ("Public titel", "“public title”"),
        ("补充", "补充"),
        ("", "without a heading"),
    ],
)
def test_beside_a_column_that_is_not_understood_nothing_opens_and_what_closes_is_applied(
    jinkui: Jinkui, tmp_path: Path, command: str, heading: str, told: str
) -> None:
    shut = f"{BARE},题,不开放,法,甲,乙,2021-09-01,,"
    one = sheet(tmp_path, f"{HEAD},{heading}", f"{ROW},有关材料", shut)
    answer = jinkui.json("opening", command, one, code=12)
    found = [(one["code"], one["severity"], one["row"], one["cell"]) for one in answer["findings"]]
    assert found == [("column-ignored", "warning", 1, "J1"), ("column-not-understood", "error", 2, "J1")]
    assert all(told in one["message"] and "correct the heading" in one["advice"] for one in answer["findings"])
    if command == "preview":
        assert answer["records"] == []
    else:
        assert [(one["archival_code"], one["conclusion"]) for one in answer["applied"]] == [(BARE, "不开放")]
    shown = jinkui("opening", command, one, code=12)
    assert "J1" in shown and told in shown and "nothing of it is opened" in shown


def test_columns_that_stand_in_our_own_lists_for_people_are_no_remark(jinkui: Jinkui, tmp_path: Path) -> None:
    due = tmp_path / "due.csv"
    jinkui("opening", "due", "--all", "--report", str(due))
    assert jinkui.json("opening", "apply", str(due))["findings"] == []
    one = sheet(tmp_path, f"序号,{HEAD},备注", f"1,{ROW},甲处会签")
    assert jinkui.json("opening", "apply", one)["findings"] == []


def test_a_column_that_withdrawing_does_not_understand_is_told_and_what_is_named_is_closed(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    one = sheet(tmp_path, "档号,馆代码,原因", f"{ONE},,隐私")
    told = jinkui.json("opening", "withdraw", "--sheet", one, "--reason", "见表", code=12)
    assert [(found["code"], found["cell"]) for found in told["findings"]] == [("column-ignored", "C1")]
    assert [done["archival_code"] for done in told["closings"]] == [ONE]
    assert "原因" in jinkui("opening", "withdraw", "--sheet", one, "--reason", "见表", code=12)


def test_a_column_that_renumbering_does_not_understand_is_told(jinkui: Jinkui, tmp_path: Path) -> None:
    one = sheet(tmp_path, "原档号,新档号,题名,启用日期", f"{BARE},J019-9-9,题,2026-01-01")
    told = jinkui.json("renumber", "--sheet", one, "--reason", "错", "--dry-run", code=12)
    assert [(found["code"], found["cell"]) for found in told["findings"]] == [("column-ignored", "D1")]


@pytest.mark.parametrize(
    "arguments",
    [
        ("describe", "{}", "--reason", "改", "--dry-run"),
        ("catalogue", "import", "{}", "--dry-run"),
        ("opening", "withdraw", "--sheet", "{}", "--reason", "错"),
        ("renumber", "--sheet", "{}", "--reason", "错"),
        ("purge", "plan", "--by", "wang", "--reason", "错", "--out", "plan.json", "--sheet", "{}"),
    ],
)
def test_a_sheet_of_decisions_is_not_taken_for_another(
    jinkui: Jinkui, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    one = sheet(tmp_path, HEAD, ROW)
    failure = jinkui.json(*(one if part == "{}" else part for part in arguments), code=8)["error"]
    assert (failure["code"], failure["subject"]) == ("format", "表.csv")
    assert "a sheet of opening decisions" in failure["message"] + failure["advice"]
    assert "jinkui opening apply FILE" in failure["advice"]


def test_a_sheet_of_fonds_corrects_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    one = sheet(tmp_path, "档号,全宗号,全宗名称,立档单位,起止年", f"{ONE},J019,甲,乙,1950-")
    failure = jinkui.json("describe", one, "--reason", "改", code=8)["error"]
    assert "jinkui fonds import FILE" in failure["advice"]


def test_the_list_of_places_to_correct_is_told_for_what_it_is(jinkui: Jinkui, tmp_path: Path) -> None:
    table, places = sheet(tmp_path, "档号,题名,日期", "J019-7-1,题,昨天"), tmp_path / "待更正.csv"
    jinkui("catalogue", "import", table, "--dry-run", "--to-correct", str(places), code=12)
    for command in (("describe", "--reason", "改"), ("catalogue", "import")):
        failure = jinkui.json(*command, str(places), code=8)["error"]
        assert "mend the tables by it and import those again" in failure["advice"]


@pytest.mark.parametrize(
    "command",
    [("describe", "--reason", "改"), ("purge", "plan", "--by", "w", "--reason", "x", "--out", "p.json", "--sheet")],
)
def test_where_units_are_named_no_title_is_asked_for(jinkui: Jinkui, tmp_path: Path, command: tuple[str, ...]) -> None:
    failure = jinkui.json(*command, sheet(tmp_path, "甲,乙", "1,2"), code=8)["error"]
    assert "missing columns: archival code (or unit identifier)" in failure["message"]


def test_a_name_in_the_title_is_met_by_another_title(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("describe", sheet(tmp_path, "档号,题名", f"{BARE},关于给予王建国同志处分的决定"), "--reason", "改")
    one = sheet(tmp_path, HEAD, ROW.replace(ONE, BARE))
    found = jinkui.json("opening", "preview", one, code=12)["findings"]
    assert {(one["code"], "public title" in one["advice"]) for one in found if one["code"] == "private-name"} == {
        ("private-name", True)
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        (("journal", "verify", "--against"), 8, ("不是检查点", "is no checkpoint")),
        (("key", "import"), 8, ("jinkui key export", "jinkui key export")),
        (("dispose", "approve", "--by", "wang"), 8, ("不是销毁计划", "this is no disposal plan")),
        (("home", "restore"), 4, ("jinkui home backup", "jinkui home backup")),
    ],
)
def test_a_file_that_is_not_what_a_command_reads_is_named_with_what_to_do(
    jinkui: Jinkui, tmp_path: Path, lang: str, command: tuple[str, ...], code: int, told: tuple[str, str]
) -> None:
    empty = tmp_path / "空.csv"
    empty.write_bytes(b"")
    failure = json.loads(jinkui(*command, str(empty), "--json", code=code, lang=lang))["error"]
    assert "空.csv" in failure["message"] and failure["advice"]
    assert told[lang == "en"] in failure["message"] + failure["advice"]


def test_an_empty_profile_is_none(jinkui: Jinkui, tmp_path: Path) -> None:
    empty = tmp_path / "空.toml"
    empty.write_bytes(b"")
    table = sheet(tmp_path, "档号,题名", "J019-7-1,题")
    failure = jinkui.json("catalogue", "import", table, "--dry-run", "--profile", str(empty), code=3)["error"]
    assert "空.toml" in failure["message"] and "jinkui catalogue profile" in failure["message"]


@pytest.mark.parametrize(
    ("lang", "has", "has_not"), [("zh", "已更正：照原件", "corrected"), ("en", "corrected: 照原件", "已更正")]
)
def test_why_a_finding_was_settled_is_told_in_one_language(lang: Language, has: str, has_not: str) -> None:
    told = told_reason("已更正：照原件 corrected: 照原件").text(lang)
    assert (told, has_not in told) == (has, False)
    again = told_reason("再次接收时文件已有对应的行（批次 7c17） taken in again: a row names the file (batch 7c17)")
    assert again.text("zh") == "再次接收时文件已有对应的行（批次 7c17）"
    assert again.text("en") == "taken in again: a row names the file (batch 7c17)"
    assert told_reason("看过 all is well").text(lang) == "看过 all is well"


PAY = ("姓名,应发工资,实发工资,备注", "张三,5000,4500,", "李四,6000,5200,病假")


@pytest.mark.parametrize("further", [(), ("--dry-run",)])
def test_a_table_of_which_no_row_has_a_code_or_a_title_is_no_catalogue(
    jinkui: Jinkui, tmp_path: Path, further: tuple[str, ...]
) -> None:
    before = jinkui.json("catalogue", "list")
    for lines in (PAY, ("档号,责任者,日期", ",张三,2001-01-01", ",李四,2002-01-01")):
        failure = jinkui.json("catalogue", "import", sheet(tmp_path, *lines), *further, code=8)["error"]
        assert (failure["code"], failure["subject"]) == ("format", "表.csv")
        assert "no row has an archival code or a title" in failure["message"]
    assert "--profile" in failure["advice"]
    assert jinkui.json("catalogue", "list") == before


def test_rows_with_neither_code_nor_title_are_refused_and_the_others_come_in(jinkui: Jinkui, tmp_path: Path) -> None:
    lines = ("档号,题名,责任者", "J019-9-1,一题,甲", ",,张三", ",无号的,乙", "J019-9-2,,丙", ",,李四")
    told = jinkui.json("catalogue", "import", sheet(tmp_path, *lines), code=12)
    (found,) = (one for one in told["findings"] if one["code"] == "row-nameless")
    assert (found["severity"], found["row"], found["cell"]) == ("error", 3, "B3")
    assert "B3" in found["message"] and "B6" in found["message"]
    (table,) = told["tables"]
    assert (table["read"], table["new"], table["left_out"]) == (5, 3, 2)


def a_word_document(path: Path) -> None:
    with ZipFile(path, "w") as document:
        for name, text in WORD.items():
            document.writestr(name, text)


def a_workbook(path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["档号", "题名"])
    book.save(path.with_name("workbook.xlsx"))
    path.write_bytes(path.with_name("workbook.xlsx").read_bytes())


@pytest.mark.parametrize(
    ("name", "make", "told"),
    [
        ("目录.docx", a_word_document, "a Word document"),
        ("目录.xlsx", a_word_document, "a Word document"),
        ("目录.csv", a_word_document, "a Word document"),
        ("目录.pdf", lambda path: path.write_bytes(b"%PDF-1.4\n%\xe2\xe3\n"), "a PDF file"),
        ("目录.csv", lambda path: Image.new("L", (4, 4)).save(path, "PNG"), "a PNG image"),
        ("目录.xls", lambda path: Image.new("L", (4, 4)).save(path, "JPEG"), "a JPEG image"),
        ("目录.csv", a_workbook, "a workbook or an archive under the name of a text"),
    ],
)
def test_a_file_that_is_no_table_is_told_for_what_it_is(
    jinkui: Jinkui, tmp_path: Path, name: str, make: Callable[[Path], object], told: str
) -> None:
    make(path := tmp_path / name)
    for command in (("opening", "apply"), ("describe", "--reason", "改"), ("catalogue", "import")):
        failure = jinkui.json(*command, str(path), code=8)["error"]
        assert failure["subject"] == name
        assert told in failure["message"]


def test_a_sheet_of_descriptions_is_none_of_closings_and_is_told_what_is_missing(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    one = sheet(tmp_path, "档号,题名", f"{ONE},题")
    for further in ((), ("--reason", "隐私")):
        failure = jinkui.json("opening", "withdraw", "--sheet", one, *further, code=8)["error"]
        assert "missing columns: a further one, such as repository, reason" in failure["message"]
        assert "it looks like the catalogue sheet of a batch" in failure["advice"]
    said = jinkui("opening", "withdraw", "--sheet", one, code=8, lang="zh")
    assert "缺少列：另一列，如馆代码、理由" in said
