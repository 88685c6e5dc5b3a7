"""A sheet is shown as a table with its headings above its columns, hits marked in its cells, and no character is lost."""

from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.doors.portal.marked import table_text
from search.doors.portal.record.address import record_path
from search.doors.portal.record.grid import Grid, grid_of, is_number, is_table
from search.doors.portal.record.hits import marks_on
from search.index.document import TextOrigin
from search.published.view import PublishedPage
from tests.test_search.test_doors.test_portal import Site, make_view

SHEET = "雨量\n站名\t四月\t五月\n石桥\t31\t12.5\n以下为补测\n青溪\t\t40"


def shown(text: str, words: str = "") -> ElementTree.Element:
    """Return a sheet as it is shown, read as XML."""
    made = table_text(text, grid_of(text), marks_on(text, words), 1)
    return ElementTree.fromstring(f"<div>{made}</div>")


def said(element: ElementTree.Element) -> str:
    return "".join(element.itertext())


def test_rows_of_cells_are_a_table_and_a_text_with_one_tab_is_none() -> None:
    assert is_table("雨量\n站\t毫米\n石桥\t31")
    assert not is_table("通知\n一、\t要求\n二、落实")
    assert not is_table("")


def test_headings_stand_above_their_columns_and_what_stands_above_the_sheet_before_it() -> None:
    table = shown(SHEET)
    assert [said(one) for one in table.findall("p")] == ["雨量"]
    assert [(one.get("scope"), said(one)) for one in table.iter("th")] == [
        ("col", "站名"),
        ("col", "四月"),
        ("col", "五月"),
    ]
    rows = [[said(cell) for cell in row] for row in table.findall("table/tbody/tr")]
    assert rows == [["石桥", "31", "12.5"], ["以下为补测"], ["青溪", "", "40"]]
    assert [one.get("colspan") for one in table.iter("td") if one.get("colspan")] == ["3"]


def test_numbers_are_told_from_words() -> None:
    assert [said(one) for one in shown(SHEET).iter("td") if one.get("class") == "number"] == ["31", "12.5", "40"]
    told = ("-3", "1,234.50", "¥12", "98.5%", " 7 ", "1.2E+05")
    assert [one for one in told if not is_number(one)] == []
    assert [one for one in ("", "第1站", "3月", "1986-04", "一") if is_number(one)] == []


@pytest.mark.parametrize("first", ["1\t2\t3", "站名\t\t五月", "站名\t四月"])
def test_a_first_row_that_does_not_name_every_column_is_a_row(first: str) -> None:
    grid = grid_of(f"{first}\n石桥\t31\t12")
    assert (grid.headings, len(grid.rows)) == ((), 2)


def test_a_hit_is_marked_in_its_cell_and_the_current_one_can_be_gone_to() -> None:
    table = shown(SHEET, "石桥")
    (mark,) = table.iter("mark")
    assert (mark.get("id"), said(mark)) == ("hit", "石桥")
    assert [said(cell) for cell in table.iter("td") if cell.find("mark") is not None] == ["石桥"]


@given(st.text(alphabet="石1 \t\n<&", max_size=60))
def test_no_cell_loses_a_character(text: str) -> None:
    grid = grid_of(text)
    lines = [[span] for span in grid.above] + [list(row) for row in (grid.headings, *grid.rows) if row]
    assert ["\t".join(text[slice(*span)] for span in line) for line in lines] == [
        line for line in text.split("\n") if line.strip()
    ]
    assert isinstance(grid, Grid)
    assert unescape(said(shown(text))).replace("\n", "") == "".join(
        line.replace("\t", "") for line in text.split("\n") if line.strip()
    )


def test_the_page_of_a_sheet_has_a_table_that_can_be_scrolled_by_keys(tmp_path: Path) -> None:
    site = Site(tmp_path)
    pages = tuple(PublishedPage(n, text, None, origin=TextOrigin.EXTRACTED) for n, text in ((1, SHEET), (2, "正文")))
    site.views.put(replace(make_view("5"), pages=pages))
    page = site.client.get(record_path(make_view("5"), page=1, words="石桥")).text
    assert '<div class="read table" tabindex="0" role="region" aria-label="取自文件的文字" lang="zh-Hans">' in page
    assert '<td><mark id="hit">石桥</mark></td>' in page
    assert "按原行显示" not in page
    assert "按原行显示" in site.client.get(record_path(make_view("5"), page=2)).text


def test_a_text_from_a_file_stands_without_a_box_that_says_there_is_no_image(tmp_path: Path) -> None:
    site = Site(tmp_path)
    each: tuple[tuple[int, str, TextOrigin | Literal[""]], ...]
    each = ((1, "正文", TextOrigin.EXTRACTED), (2, "正文", TextOrigin.RECOGNISED), (3, "", ""))
    pages = tuple(PublishedPage(number, text, None, origin=origin) for number, text, origin in each)
    site.views.put(replace(make_view("5"), pages=pages))
    told = [site.client.get(record_path(make_view("5"), page=number)).text for number in (1, 2, 3)]
    assert ["此页没有图像" in one for one in told] == [False, True, True]
    assert [one.count("<figure>") for one in told] == [0, 0, 0]
