"""Tables are read as people keep them: any encoding, a title above, headings in two languages, numbers as text."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives.errors import FormatError, NotFoundError
from formats.processes.opened import Opened
from ingest.cataloguing.renumbering import RENUMBERING_HEADINGS
from ingest.profiles.profile import usual_names
from ingest.sheets import decisions, fonds
from ingest.sheets.catalogue import CATALOGUE_HEADINGS
from ingest.sheets.decisions import DECISION_HEADINGS
from ingest.sheets.fonds import FONDS_HEADINGS
from ingest.sheets.headings import KINDS, called, fold_heading
from ingest.sheets.table import Sheet, read_sheet, sheet_of
from ingest.volumes import columns
from tests.support.files import put, xlsx_bytes, zip_bytes

NAMES = {fold_heading(name): field for name, field in (("档号", "code"), ("题名", "title"), ("title", "title"))}


def read(path: Path, *required: str) -> Sheet:
    """Read a table with two fields."""
    return read_sheet(path, NAMES, required=required)


def csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a CSV table."""
    return put(folder, "a.csv", text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_every_encoding_with_the_names_of_its_cells(tmp_path: Path, encoding: str) -> None:
    (row,) = read(csv(tmp_path, "档号,题名\nA-1,汛期水位\n", encoding)).rows
    assert (row.number, row.text("code"), row.text("title"), row.cell_name("title")) == (2, "A-1", "汛期水位", "B2")


def test_a_workbook_gives_text_whatever_its_cells_hold(tmp_path: Path) -> None:
    book = xlsx_bytes(("档号", "题名", "盒号"), ("A-1", datetime(2011, 5, 1), 7.0), (12, True, 7.5))
    first, second = read(put(tmp_path, "a.xlsx", book)).rows
    assert (first.text("title"), first.text("盒号")) == ("2011-05-01", "7")
    assert (second.text("code"), second.text("title"), second.text("盒号")) == ("12", "TRUE", "7.5")
    assert second.cells["code"].was_number
    assert not first.cells["code"].was_number


def test_rows_above_the_header_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    sheet = read(csv(tmp_path, "归档文件目录\n\n档号,题名\n,\nA-1,一\n"))
    assert sheet.header_row == 3
    assert [row.number for row in sheet.rows] == [5]


@pytest.mark.parametrize("below", ["", "\n\n", ",\n", "合计,3件\n", "档号,题名\n"])
def test_headings_without_a_row_of_a_record_are_told(tmp_path: Path, below: str) -> None:
    sheet = read(csv(tmp_path, f"档号,题名\n{below}"))
    assert sheet.rows == ()
    (told,) = (found for found in sheet.findings if found.code == "sheet-without-rows")
    assert (told.severity, told.file, told.row) == ("warning", "a.csv", sheet.header_row)


@pytest.mark.parametrize("heading", ["题名", " 题 名 ", "题名（必填）", "*题名", "Title", "题名/Title", "题名 title"])
def test_headings_are_known_whatever_people_add_to_them(tmp_path: Path, heading: str) -> None:
    assert read(csv(tmp_path, f"档号,{heading}\nA-1,一\n")).rows[0].text("title") == "一"


def test_a_heading_that_names_two_fields_names_none(tmp_path: Path) -> None:
    assert read(csv(tmp_path, "档号,题名,档号/题名\nA-1,一,x\n")).unknown == ("档号/题名",)


def test_of_two_headings_for_one_field_the_first_counts(tmp_path: Path) -> None:
    sheet = read(csv(tmp_path, "档号,题名,title,title\nA-1,一,two,three\n"))
    assert sheet.fields == ("code", "title")
    assert sheet.unknown == ("title *", "title * *")
    assert sheet.rows[0].text("title") == "一"


def test_a_column_without_a_heading_is_named_by_its_cell(tmp_path: Path) -> None:
    assert read(csv(tmp_path, "档号,题名,\nA-1,一,x\n")).rows[0].text("C1") == "x"


def test_a_cell_that_a_row_does_not_have_is_empty_and_nowhere(tmp_path: Path) -> None:
    row = read(csv(tmp_path, "档号,题名\nA-1\n")).rows[0]
    assert (row.text("title"), row.cell_name("title")) == ("", None)


def test_a_sign_that_spreadsheets_need_before_a_formula_is_taken_away(tmp_path: Path) -> None:
    assert read(csv(tmp_path, "档号,题名\nA-1,'=一\n")).rows[0].text("title") == "=一"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", "甲,乙\n一,二\n".encode()),
        ("a.csv", b'"open'),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.xlsx", b"no workbook"),
        ("a.xlsx", zip_bytes({"a": b"x"})),
        ("a.xlsx", zip_bytes({"xl/workbook.xml": b"\0" * (40 << 20)})),
    ],
    ids=["empty", "no headings", "an open quote", "half a character", "no ZIP", "no workbook", "a bomb"],
)
def test_a_table_that_cannot_be_used_is_told_with_what_to_do(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(FormatError) as unusable:
        read(put(tmp_path, name, data))
    assert unusable.value.advice
    assert name in unusable.value.message.text("en")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_table_that_is_not_there_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError):
        read(tmp_path / name)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="code"):
        read_sheet(csv(tmp_path, "题名,页数\n一,1\n"), {**NAMES, "页数": "pages"}, required=("code",))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(cells=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20), min_size=2, max_size=5))
def test_a_written_row_comes_back(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    headings = ["档号", "题名", *(f"列{n}" for n in range(len(cells) - 2))]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in (headings, cells)]
    sheet = read(csv(tmp_path_factory.mktemp("table"), "\n".join(quoted)))
    fields = ["code", "title", *headings[2:]]
    expected = {f: c.strip().removeprefix("'") for f, c in zip(fields, cells, strict=True)}
    found = {field: row.text(field).removeprefix("'") for row in sheet.rows for field in fields}
    assert found == expected or not any(expected.values())


def refused(path: Path, *required: str, worksheet: str | None = None) -> tuple[str, str]:
    """Return why a sheet is refused and what to do, in English."""
    with pytest.raises(FormatError) as told, Opened.at(path) as opened:
        sheet_of(opened, DECISION_HEADINGS, required=required, worksheet=worksheet)
    assert told.value.advice is not None
    return told.value.message.text("en"), told.value.advice.text("en")


def test_a_sheet_of_unknown_headings_says_which_it_has_and_which_it_lacks(tmp_path: Path) -> None:
    said, advice = refused(csv(tmp_path, "list of 2020\nnummer,title\n1,x\n"), "code", "conclusion")
    assert said == (
        "a.csv: no row of headings was found; most like one is row 2: “nummer”, “title”; missing columns: archival code, conclusion"
    )
    assert "jinkui template" in advice
    assert "looks like" not in advice


def test_the_worksheet_that_is_most_like_one_is_named(tmp_path: Path) -> None:
    said, _ = refused(put(tmp_path, "a.xlsx", xlsx_bytes(("nummer", "title"), (1, 2))), "code")
    assert "row 1 of the worksheet “水情”: “nummer”, “title”" in said


def test_an_empty_sheet_is_said_to_be_empty(tmp_path: Path) -> None:
    assert refused(csv(tmp_path, "\n"), "code")[0] == "a.csv: the sheet is empty"


@pytest.mark.parametrize(
    ("headings", "command"),
    [
        ("档号,题名,文件", "jinkui ingest"),
        ("全宗号,全宗名称,立档单位", "jinkui fonds import"),
        ("原档号,新档号", "jinkui renumber --sheet"),
        ("全宗号,目录号,案卷号,题名,页号", "jinkui catalogue import"),
    ],
)
def test_a_sheet_of_another_kind_is_told_with_its_command(tmp_path: Path, headings: str, command: str) -> None:
    said, advice = refused(csv(tmp_path, f"{headings}\n1,2,3\n"), "code", "conclusion")
    assert "conclusion" in said
    assert command in advice


def test_headings_that_lack_a_column_name_it_as_people_write_it_and_the_kind_that_they_are_of(tmp_path: Path) -> None:
    said, advice = refused(csv(tmp_path, "档号,馆代码,题名,文件,日期\n1,2,3,4,5\n"), "code", "conclusion")
    assert "lack a column: conclusion" in said
    assert "“题名”" in said
    assert "the catalogue sheet of a batch" in advice


def test_every_kind_of_sheet_is_told_by_headings_that_its_reader_knows() -> None:
    decisions, fonds, codes, batch, volumes, _to_correct = KINDS  # no command reads the last
    items = {fold_heading(word) for words in columns._WORDS.values() for word in words}
    for kind, known in (
        (decisions, DECISION_HEADINGS),
        (fonds, FONDS_HEADINGS),
        (codes, RENUMBERING_HEADINGS),
        (batch, CATALOGUE_HEADINGS),
        (volumes, {*CATALOGUE_HEADINGS, *usual_names(), *items}),
    ):
        assert {fold_heading(one) for one in kind.headings} <= {*known}, kind.said


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        (DECISION_HEADINGS, decisions.REQUIRED),
        (FONDS_HEADINGS, fonds.REQUIRED),
        (RENUMBERING_HEADINGS, ("old", "new")),
        (CATALOGUE_HEADINGS, ("code", "title")),
    ],
)
def test_a_missing_column_is_called_what_its_reader_knows(names: dict[str, str], fields: tuple[str, ...]) -> None:
    for field in fields:
        assert [names[fold_heading(called(field).text(language))] for language in ("zh", "en")] == [field, field]


def test_a_file_that_is_no_table_is_named_with_what_to_do(tmp_path: Path) -> None:
    for name, data, said in (
        ("a.zip", zip_bytes({"a.csv": b"x"}), "ZIP archive"),
        ("b.xlsx", b"PK\x03\x04 cut off", "no whole workbook"),
        ("c.dbf", b"nothing of the kind", "neither a workbook"),
        ("d.xlsx", b"", "empty"),
    ):
        why, advice = refused(put(tmp_path, name, data), "code")
        assert why.startswith(f"{name}: ")
        assert said in why
        assert advice
