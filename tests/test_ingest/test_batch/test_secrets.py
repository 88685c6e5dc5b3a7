"""A state secret stops its whole batch wherever it is marked; what mentions one, or was judged to be none, does not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from archives.errors import RefusedError
from archives.record.secrecy import SecurityClassification
from ingest.batch.plan import BatchPlan
from ingest.readers.registry import read_batch
from tests.support.compound_files import xls_bytes
from tests.support.files import put
from tests.support.intake import KNOWN
from tests.support.places import ROOT

CODES = tuple(f"Z109-WS·2011-Y-BGS-000{number}" for number in (1, 2))
HONEST = (ROOT / "tests" / "support" / "honest_titles.txt").read_text("utf-8").splitlines()


def batch(
    folder: Path, *columns: str, cells: tuple[str, ...] = (), names: tuple[str, str] = ("1.txt", "2.txt")
) -> Path:
    """Write a batch of two documents; ``cells`` are those of the second row in the columns that are added."""
    rows = [("档号", "题名", "文件", *columns), (CODES[0], "一", names[0]), (CODES[1], "二", names[1], *cells)]
    put(folder, "catalogue.csv", "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode())
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"text")
    return folder


def workbook(folder: Path, change: Callable[[Workbook], object]) -> Path:
    """Write a batch of one document whose workbook is changed in one way."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(("档号", "题名", "文件"))
    book.worksheets[0].append((CODES[0], "一", "1.txt"))
    change(book)
    folder.mkdir(parents=True, exist_ok=True)
    book.save(folder / "catalogue.xlsx")
    put(folder, "1.txt", b"text")
    return folder


def places_of(folder: Path) -> str:
    """Return what the refusal of a batch says."""
    with pytest.raises(RefusedError) as refused:
        read_batch(folder, KNOWN)
    assert refused.value.exit_code == 5
    assert "--not-secret" in str(refused.value.advice)
    return str(refused.value)


def plan(folder: Path, **judged: str) -> BatchPlan:
    """Plan a batch in which these places were judged to be no markings."""
    return read_batch(folder, replace(KNOWN, not_secret=judged))


@pytest.mark.parametrize(
    "heading", ["密级和保密期限", "保密等级", "涉密等级", "定密", "classification", "密級", "备注", "access", "x"]
)
@pytest.mark.parametrize("text", ["机密★20年", "秘密", "絕密", "Secret"])
def test_a_level_stops_the_batch_under_any_heading(tmp_path: Path, heading: str, text: str) -> None:
    assert "D3" in places_of(batch(tmp_path / "in", heading, cells=(text,)))


def test_a_level_in_a_second_column_of_classification_counts(tmp_path: Path) -> None:
    assert "E3" in places_of(batch(tmp_path / "in", "密级", "密级", cells=("公开", "机密")))


def _hidden(book: Workbook) -> None:
    sheet = book.create_sheet("旧表")
    sheet.sheet_state = "veryHidden"
    sheet["C7"] = "绝密★长期"


def _above(book: Workbook) -> None:
    book.worksheets[0].insert_rows(1)
    book.worksheets[0]["A1"] = "机密★10年"


def _comment(book: Workbook) -> None:
    book.worksheets[0]["B2"].comment = Comment("机密", "x")


def _format(book: Workbook) -> None:
    book.worksheets[0]["D2"] = 20
    book.worksheets[0]["D2"].number_format = '"机密★"0"年"'


def _merged(book: Workbook) -> None:
    book.worksheets[0].append((CODES[1], "二", "1.txt"))
    for cell, text in (
        ("D1", "密级"),
        ("E1", "解密日期"),
        ("F1", "解密依据"),
        ("D2", "秘密"),
        ("E2", "2001-01-01"),
        ("F2", "令"),
    ):
        book.worksheets[0][cell] = text
    book.worksheets[0].merge_cells("D2:D3")


def _head_in_three_parts(book: Workbook) -> None:
    head = book.worksheets[0].oddHeader
    assert head is not None
    head.left.text, head.center.text, head.right.text = "归档文件目录", "第 &P 页", "机密★10年"


def _head_of_the_first_page(book: Workbook) -> None:
    head = book.worksheets[0].firstHeader
    assert head is not None
    book.worksheets[0].HeaderFooter.differentFirst = True
    head.center.text = "绝密"


def _formula(book: Workbook) -> None:
    book.worksheets[0]["D2"] = '="机密"'


def _keywords(book: Workbook) -> None:
    book.properties.keywords = "机密★20年"


def _ticked(book: Workbook) -> None:
    for cell, text in (("D1", "公开"), ("E1", "秘密"), ("F1", "机密"), ("F2", "√")):
        book.worksheets[0][cell] = text


def _ticked_below_two_headings(book: Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.insert_rows(2)
    for cell, text in (("C2", ""), ("D1", "密级"), ("D2", "机密"), ("E2", "公开"), ("D3", "√")):
        sheet[cell] = text
    for merged in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
        sheet.merge_cells(merged)


def _below_the_total(book: Workbook) -> None:
    book.worksheets[0].append(("合计", "1件"))
    book.worksheets[0].append(("秘密★5年",))


def _ditto(book: Workbook) -> None:
    book.worksheets[0].append((CODES[1], "二", "1.txt", "同上"))
    book.worksheets[0]["D1"], book.worksheets[0]["D2"] = "保密", "机密"


def _template(book: Workbook) -> None:
    sheet = book.worksheets[0]
    for cell, text in (
        ("D1", "密级（绝密/机密/秘密/公开）"),
        ("E1", "绝密"),
        ("F1", "机密"),
        ("G1", "秘密"),
        ("D2", "公开"),
    ):
        sheet[cell] = text
    lists = book.create_sheet("填写说明")
    lists.append(("密级", "公开", "内部", "秘密", "机密", "绝密"))
    lists.append(("密级", "公开/内部/秘密/机密/绝密"))
    for text in ("Classification", "Public", "Restricted", "Confidential", "Secret", "Top Secret"):
        lists.append((text,))
    for text in ("等级", "绝密", "机密", "秘密"):
        lists.append(("", "", text))


def test_a_form_with_lists_of_levels_and_columns_to_tick_stops_nothing(tmp_path: Path) -> None:
    assert len(plan(workbook(tmp_path / "in", _template)).records) == 1


@pytest.mark.parametrize("text", ["3", "特", "X级"])
def test_a_code_of_secrecy_that_is_not_known_is_not_taken_in(tmp_path: Path, text: str) -> None:
    found = plan(batch(tmp_path / "in", "密级代码", cells=(text,)))
    assert [("security-unknown", "D3") in [(one.code, one.cell) for one in row.findings] for row in found.rejected] == [
        True
    ]


@pytest.mark.parametrize("text", ["20年", "长期", "2030-12-31"])
def test_a_term_of_secrecy_without_a_level_keeps_its_row_out(tmp_path: Path, text: str) -> None:
    found = plan(batch(tmp_path / "in", "保密期限", cells=(text,)))
    assert [("security-unknown", "D3") in [(one.code, one.cell) for one in row.findings] for row in found.rejected] == [
        True
    ]
    (_, told) = plan(batch(tmp_path / "told", "密级", "保密期限", cells=("公开", text))).records
    assert "security-unknown" in [one.code for one in told.findings]


@pytest.mark.parametrize(
    ("heading", "text"),
    [("保密期限", "无"), ("保密期限", "/"), ("保管期限", "30年"), ("密级", "——"), ("密级", "/"), ("密级", "－")],
)
def test_a_stroke_says_that_there_is_no_level(tmp_path: Path, heading: str, text: str) -> None:
    found = plan(batch(tmp_path / "in", heading, cells=(text,)))
    assert found.rejected == ()
    assert found.records[1].description.security is None


def test_a_code_beside_a_level_that_is_known_is_only_told(tmp_path: Path) -> None:
    _, second = plan(batch(tmp_path / "in", "密级", "密级代码", cells=("公开", "9"))).records
    assert ("security-unknown", "E3") in [(found.code, found.cell) for found in second.findings]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (_hidden, "旧表!C7"),
        (_above, "A1"),
        (_comment, "B2"),
        (_format, "D2"),
        (_merged, "D3"),
        (lambda book: book.create_sheet("机密"), "机密!"),
        (_head_in_three_parts, "oddHeader"),
        (_head_of_the_first_page, "firstHeader"),
        (_formula, "D2"),
        (_keywords, "keywords"),
        (_ticked, "F2"),
        (_ticked_below_two_headings, "D3"),
        (_below_the_total, "A4"),
        (_ditto, "D3"),
    ],
    ids=["hidden worksheet", "above the headings", "comment", "number format", "merged", "name of a worksheet",
         "right in the head", "head of the first page", "formula without value", "properties", "tick", "tick below two headings",
         "below the total", "同上"],
)  # fmt: skip
def test_a_level_anywhere_in_a_workbook_stops_the_batch(
    tmp_path: Path, change: Callable[[Workbook], object], place: str
) -> None:
    assert place in places_of(workbook(tmp_path / "in", change))


def test_a_level_in_the_head_of_an_old_workbook_stops_the_batch(tmp_path: Path) -> None:
    put(
        tmp_path,
        "catalogue.xls",
        xls_bytes(("档号", "题名", "文件"), (CODES[0], "一", "1.txt"), heading="&L归档文件目录&R机密★10年"),
    )
    put(tmp_path, "1.txt", b"text")
    assert "head" in places_of(tmp_path)


@pytest.mark.parametrize(
    "name", ["机密/1.txt", "秘密_1.txt", "1（机密）.txt", "卷一/绝密★10年/1.txt", "TOP SECRET.txt"]
)
def test_a_level_in_the_name_of_a_file_or_folder_stops_the_batch(tmp_path: Path, name: str) -> None:
    assert name in places_of(batch(tmp_path / "in", names=(name, "2.txt")))


@pytest.mark.parametrize(
    "name",
    ["机密", "绝密级", "1984年机密件", "移交（秘密）", "绝密文件", "SECRET", "Top Secret", "TOP_SECRET-3", "2024-SECRET", "CONFIDENTIAL"],
)  # fmt: skip
def test_a_batch_folder_that_is_called_as_a_level_stops_the_batch(tmp_path: Path, name: str) -> None:
    assert name in places_of(batch(tmp_path / name))
    assert name in places_of(batch(tmp_path / "in", names=(f"{name}/1.txt", "2.txt")))
    judged = read_batch(tmp_path / name, replace(KNOWN, not_secret={name: "项目代号"}))
    assert [text for _, text, _ in judged.not_secret] == [name]


@pytest.mark.parametrize(
    "name",
    ["secret-garden", "THE SECRET GARDEN", "secretary", "SECRETARIAT-2024", "batch-secret-santa", "秘密花园", "保密办移交",
     "机密会议室改造", "工作秘密", "解密档案", "UNCLASSIFIED", "declassified-2024", "非密", "保密局1993"],
)  # fmt: skip
def test_a_batch_folder_that_only_speaks_of_a_level_stops_nothing(tmp_path: Path, name: str) -> None:
    assert len(plan(batch(tmp_path / name)).records) == 2


def test_a_file_of_a_record_that_was_declassified_may_be_called_so(tmp_path: Path) -> None:
    columns, cells = ("密级", "解密日期", "解密依据"), ("机密", "2001-01-01", "解密通知")
    found = plan(batch(tmp_path / "in", *columns, cells=cells, names=("1.txt", "机密/2.txt")))
    assert [record.description.security for record in found.records] == [None, SecurityClassification.SECRET]


def test_honest_titles_stop_nothing(tmp_path: Path) -> None:
    rows = [("档号", "题名", "附注", "文件"), *((f"Z109-{n}", t, t, f"{n}.txt") for n, t in enumerate(HONEST))]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    put(tmp_path / "in", "catalogue.csv", text.encode())
    for number in range(len(HONEST)):
        (tmp_path / "in" / f"{number}.txt").write_bytes(b"text")
    found = plan(tmp_path / "in")
    assert (len(found.records), len(found.rejected)) == (200, 0)
    assert {record.description.security for record in found.records} == {None}


def test_what_an_archivist_judged_to_be_no_marking_goes_in_with_the_reason(tmp_path: Path) -> None:
    folder = batch(tmp_path / "in", "备注", cells=("秘密",))
    found = plan(folder, D3="片名")
    assert found.not_secret == (("D3", "秘密", "片名"),)
    assert [one.code for one in found.findings if "片名" in one.message.text("zh")] == ["judged-not-secret"]
    assert [record.description.security for record in found.records] == [None, None]
    with pytest.raises(RefusedError):
        plan(folder, C3="片名")


def told_idle(found: BatchPlan) -> str:
    """Return what is told of answers that answer nothing."""
    return " ".join(one.message.text("en") for one in found.findings if one.code == "not-secret-idle")


def test_an_answer_for_a_place_that_marks_nothing_is_named(tmp_path: Path) -> None:
    marked = batch(tmp_path / "in", "密级", "备注", cells=("内部", "秘密"))
    with pytest.raises(RefusedError) as refused:
        plan(marked, G9="片名")
    assert "E3" in str(refused.value)
    assert "G9" in str(refused.value)
    found = plan(marked, D3="栏目名", E3="片名", G9="片名", B3="片名")
    assert {place for place, _, _ in found.not_secret} == {"D3", "E3"}
    told = told_idle(found)
    assert "G9" in told and "B3" in told
    assert "D3" not in told and "E3" not in told


@pytest.mark.parametrize(
    ("heading", "text"), [("密级", "工作秘密"), ("备注", "商业秘密"), ("密级", "内部"), ("涉密等级", "内部资料")]
)
def test_what_is_no_state_secret_goes_in_and_is_said_never_to_be_opened(
    tmp_path: Path, heading: str, text: str
) -> None:
    second = plan(batch(tmp_path / "in", heading, cells=(text,))).records[1]
    assert "never-open" in [found.code for found in second.findings]
    assert second.description.security is not None
    assert second.description.security.is_withheld


@pytest.mark.parametrize("place", ["D2", "D2:D4"])
def test_an_answer_for_merged_cells_counts_for_every_row_of_them(tmp_path: Path, place: str) -> None:
    def change(book: Workbook) -> None:
        sheet = book.worksheets[0]
        for number in (2, 3):
            sheet.append((f"Z109-WS·2011-Y-BGS-000{number}", "题名", "1.txt"))
        sheet["D1"], sheet["D2"] = "备注", "秘密"
        sheet.merge_cells("D2:D4")

    folder = workbook(tmp_path / "in", change)
    assert "D2, D3, D4" in places_of(folder)
    found = read_batch(folder, replace(KNOWN, not_secret={place: "片名"}))
    assert [one for one, _, _ in found.not_secret] == ["D2", "D3", "D4"]
    assert told_idle(found) == ""
    assert [one.description.security for one in found.records] == [None, None, None]
