"""What stands among records and is none is passed over and said; a record that looks a little like it is kept."""

from datetime import date
from pathlib import Path

import pytest

from ingest.sheets.catalogue import CATALOGUE_HEADINGS, CatalogueRow, read_catalogue
from ingest.sheets.languages import Languages
from ingest.sheets.table import Sheet, read_sheet
from tests.support.files import put

HEAD = "档号,题名,责任者,日期,页数\n"
ONE = "Z109-1-1,一,甲,2014,2\n"


def read(folder: Path, text: str) -> Sheet:
    """Read a catalogue that was written as CSV."""
    return read_sheet(put(folder, "a.csv", text.encode()), CATALOGUE_HEADINGS, required=())


def rows(sheet: Sheet) -> tuple[CatalogueRow, ...]:
    """Read its rows."""
    return read_catalogue(sheet, languages=Languages(), today=date(2026, 1, 1))


@pytest.mark.parametrize(
    "row",
    [
        "合计,1件,,,2",
        ",合计：,,,2页",
        "总计,,,,",
        "合计：250条,,,,",
        ",,本页共计 12 件，36页,,",
        ",共65条,,,",
        "Total,1 record,,,2",
        "档号,题 名,责任者,日期,页数",
        "制表人：张三,,审核：李四,日期：2014-10-01,",
        "注：本目录一式两份。,,,,",
        "第1页 共3页,,,,",
    ],
)
def test_totals_headings_again_and_signatures_are_no_records_and_cost_none(tmp_path: Path, row: str) -> None:
    sheet = read(tmp_path, f"{HEAD}{ONE}{row}\n{ONE.replace('1-1', '1-2')}")
    assert [(one.number, one.findings) for one in rows(sheet)] == [(2, ()), (4, ())]
    assert [(one.code, one.row, one.severity) for one in sheet.findings] == [("rows-beside-records", 3, "note")]


@pytest.mark.parametrize(
    "row",
    [
        "Z109-1-2,合计,,,2",
        "Z109-1-2,共3页,,,",
        ",共建文明单位的通知,,,2",
        "Z109-1-2,总计表,甲,2014,3",
        "Z109-1-2,注：一,,,",
        "合计,全县人口合计,县志办,2014,3",
        "3,,,,",
    ],
)
def test_a_row_that_may_be_a_record_is_never_passed_over(tmp_path: Path, row: str) -> None:
    assert [one.number for one in rows(read(tmp_path, f"{HEAD}{ONE}{row}\n"))] == [2, 3]


def test_the_numbers_of_columns_are_known_below_the_headings_only(tmp_path: Path) -> None:
    assert [one.number for one in rows(read(tmp_path, f"{HEAD}1,2,3,4,5\n{ONE}1,2,3,4,5\n"))] == [3, 4]


@pytest.mark.parametrize("second", [",,,(年月日),(页)", ",,,起,", "档号,题名,责任者,起,"])
def test_headings_in_two_rows_are_read_as_one(tmp_path: Path, second: str) -> None:
    sheet = read(tmp_path, f"{HEAD}{second}\n{ONE}")
    (row,) = rows(sheet)
    assert row.description is not None
    assert (row.description.title, row.description.pages) == ("一", 2)
    assert [(one.code, one.row) for one in sheet.findings] == [("headings-in-two-rows", 2)]


def test_a_heading_over_two_columns_stands_before_each_of_theirs(tmp_path: Path) -> None:
    sheet = read(tmp_path, "档号,题名,日期,,页数\n,,起,止,\nZ109-1-1,一,2014-01-01,2014-03-01,3\n")
    (row,) = rows(sheet)
    assert row.description is not None
    assert row.description.formed is not None
    assert (row.description.formed.written, row.description.other) == ("2014-01-01", (("日期 止", "2014-03-01"),))


@pytest.mark.parametrize("second", [",,乙,2014,3", ",,乙,,", "Z109-1-2,起,,,", ",[信函],,,", ",(),,,"])
def test_a_record_below_the_headings_is_no_second_row_of_them(tmp_path: Path, second: str) -> None:
    assert [one.number for one in rows(read(tmp_path, f"{HEAD}{second}\n{ONE}"))] == [2, 3]


@pytest.mark.parametrize("mark", ["同上", "〃", "″", "-〃-", "Ditto", "do."])
def test_a_cell_that_stands_for_the_one_above_it_says_what_that_says_and_that_is_told(
    tmp_path: Path, mark: str
) -> None:
    _, second, third = rows(read(tmp_path, f"{HEAD}{ONE}Z109-1-2,二,{mark},{mark},2\nZ109-1-3,三,{mark},2015,2\n"))
    assert second.description is not None
    assert third.description is not None
    assert (second.description.author, str(second.description.formed and second.description.formed.edtf)) == (
        "甲",
        "2014",
    )
    assert third.description.author == "甲"
    assert [(one.code, one.cell) for one in second.findings] == [("read-as-above", "C3"), ("read-as-above", "D3")]


def test_a_mark_for_the_cell_above_where_none_is_there_is_told(tmp_path: Path) -> None:
    first, _ = rows(read(tmp_path, f"{HEAD}Z109-1-1,一,〃,2014,2\nZ109-1-2,二,乙,2014,2\n"))
    assert [(one.code, one.cell) for one in first.findings] == [("nothing-above", "C2")]


def test_a_number_in_powers_of_ten_is_named_by_its_cell(tmp_path: Path) -> None:
    _, found = rows(read(tmp_path, f"{HEAD.strip()},箱号\n{ONE}Z109-1-2,二,甲,2014,2,1.23E+11\n"))
    assert [(one.code, one.cell) for one in found.findings] == [("digits-lost", "F3")]


def test_columns_without_heading_and_text_are_not_spoken_of(tmp_path: Path) -> None:
    sheet = read(tmp_path, f"{HEAD}{ONE.strip()},,,,,,,,x\n")
    assert [(one.code, one.cell) for one in sheet.findings] == [("column-without-heading", "M1")]


def test_of_two_columns_for_one_thing_it_is_said_which_counts(tmp_path: Path) -> None:
    sheet = read(tmp_path, "档号,题名,题名\nZ109-1-1,一,二\n")
    assert [one.code for one in sheet.findings] == ["column-twice"]


def test_a_column_to_tick_is_no_slip_of_the_pen(tmp_path: Path) -> None:
    sheet = read(tmp_path, f"{HEAD.strip()},绝密,机密,秘密,公开,永久\n{ONE.strip()},,,,√,√\n")
    assert [(one.code, one.severity) for one in sheet.findings] == [("column-unknown", "note")] * 5


def test_a_code_that_stands_for_the_one_above_it_costs_its_own_row_only(tmp_path: Path) -> None:
    first, second = rows(read(tmp_path, f"{HEAD}{ONE}同上,二,甲,2014,2\n"))
    assert first.description is not None
    assert [(one.code, one.cell) for one in second.findings] == [("code-unreadable", "A3")]
