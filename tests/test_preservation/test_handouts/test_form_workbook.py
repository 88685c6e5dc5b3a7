from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from preservation.handouts.form import Filled, Words, built_in_forms
from preservation.handouts.form_workbook import form_workbook

FORMS = built_in_forms()


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_is_a_workbook_with_title_headings_rows_and_paper(name: str) -> None:
    form = FORMS[name]
    rows = [{column.key: f"{column.key}值" for column in form.columns}] if form.columns else []
    head = {blank.key: f"{blank.key}头" for blank in (*form.cover, *form.head, *form.cells, *form.foot)}
    book = load_workbook(BytesIO(form_workbook(form, [Filled(head, rows)], language="zh")))
    sheet = book[form.title.zh]
    assert sheet["A1"].value == form.title.zh
    said = [[cell.value for cell in row] for row in sheet.iter_rows()]
    if form.columns:
        assert [column.heading.zh for column in form.columns] in said
        assert [f"{column.key}值" for column in form.columns] in said
        assert sheet.print_title_rows
    assert sheet.page_setup.orientation == ("landscape" if form.paper.width_mm > 210 else "portrait")
    assert ("封面" in book.sheetnames) == bool(form.cover and form.columns)


@pytest.mark.parametrize(
    "text", ["=1+1", "0007", "1983", "+86", "@x", "#N/A", "TRUE", "1e5", "2026-11-26", "a\x00b", "a\ufffeb", "'='"]
)
def test_every_cell_is_text(text: str) -> None:
    book = load_workbook(BytesIO(form_workbook(FORMS["volume-list"], [Filled({}, [{"title": text}])], language="zh")))
    cell = book["案卷目录"]["C4"]
    assert (cell.data_type, cell.value) == ("s", text.replace("\x00", "�").replace("\ufffe", "�"))
    assert cell.number_format == "@"


@pytest.mark.parametrize("title", ["List of volumes with their contents", "卷内目录[一/二]", "a:b*c?d\\e"])
def test_any_title_is_a_name_of_a_worksheet(title: str) -> None:
    form = replace(FORMS["volume-list"], title=Words(title, title), cover=())
    (sheet,) = load_workbook(BytesIO(form_workbook(form, [Filled({}, [])], language="zh"))).worksheets
    assert sheet["A1"].value == title
