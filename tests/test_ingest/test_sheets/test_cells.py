"""A cell that cannot be read, or says another thing than the archival code, is named; nothing written is lost."""

from datetime import date

import pytest

from archives.record.description import Retention
from ingest.sheets.catalogue import CatalogueRow, read_catalogue
from ingest.sheets.languages import Languages
from ingest.sheets.table import Sheet, SheetCell, SheetRow


def read(code: str = "Z109-WS·2011-D30-BGS-0001", **cells: str) -> CatalogueRow:
    """Return the one row of a sheet."""
    named = {"code": code, "title": "件", **cells}
    row = SheetRow(2, {key: SheetCell(text, f"{key}2") for key, text in named.items()})
    (found,) = read_catalogue(
        Sheet("catalogue.csv", 1, tuple(named), (), (row,)), languages=Languages("zh-Hans"), today=date(2026, 1, 1)
    )
    return found


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("security", "绝对", "security-unknown"),
        ("declassified_on", "某日", "declassified-on-unreadable"),
    ],
)
def test_a_row_with_a_cell_that_cannot_be_read_is_not_taken_in(key: str, text: str, code: str) -> None:
    row = read(**{key: text})
    assert row.description is None
    assert [(f.code, f.severity, f.cell) for f in row.findings] == [(code, "error", f"{key}2")]
    assert text in row.findings[0].message.text("zh")


def test_what_cannot_be_read_of_year_date_and_pages_is_kept_as_written() -> None:
    row = read(year="去年", date="五月", pages="若干")
    assert row.description is not None
    assert (row.description.year, row.description.formed, row.description.pages) == (2011, None, None)
    assert row.description.other == (("年度（照录）", "去年"), ("日期（照录）", "五月"), ("页数（照录）", "若干"))
    assert [(f.code, f.severity) for f in row.findings] == [
        ("number-unreadable", "warning"),
        ("date-unreadable", "warning"),
        ("number-unreadable", "warning"),
    ]


def test_a_cell_that_is_not_what_the_archival_code_says_counts_and_is_told() -> None:
    row = read(year="2012年", retention="永久")
    assert row.description is not None
    assert (row.description.year, row.description.retention) == (2012, Retention("永久"))
    assert [(f.code, f.cell, f.message.text("en")) for f in row.findings] == [
        ("retention-differs", "retention2", "the retention period 永久 is not the archival code's D30"),
        ("year-differs", "year2", "the year 2012 is not the archival code's 2011"),
    ]


def test_an_empty_cell_says_what_the_archival_code_says() -> None:
    row = read()
    assert row.description is not None
    assert (row.description.year, row.description.retention) == (2011, Retention("定期", 30))


def test_a_retention_of_no_years_in_the_archival_code_costs_nobody_the_sheet() -> None:
    row = read("Z109-WS·2011-D0-BGS-0001", retention="永久")
    assert row.description is not None
    assert row.description.retention == Retention("永久")
    assert read("Z109-WS·2011-D0-BGS-0001").findings == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2088-01-01", "date-in-future"),
        ("2026年5月", "date-in-future"),
        ("2011-2088", "date-in-future"),
        ("1978", "date-far-from-code"),
        ("2013年1月1日", "date-far-from-code"),
        ("1998-2009", "date-far-from-code"),
        ("before 1949", "date-far-from-code"),
    ],
)
def test_a_date_that_can_hardly_be_meant_is_told_and_kept(text: str, code: str) -> None:
    row = read(date=text)
    assert row.description is not None
    assert row.description.formed is not None
    severity = "warning" if code == "date-in-future" else "note"  # a matter may have ended long after its first date
    assert [(one.code, one.severity, one.cell) for one in row.findings] == [(code, severity, "date2")]
    assert text in row.findings[0].message.text("zh")


@pytest.mark.parametrize(
    "text",
    [
        "2011-05-01",
        "2010年12月",
        "2012-01-31",
        "1995-2011",
        "2010s",
        "21世纪",
        "2005-",
        "before 2012",
        "不详",
        "c. 2011",
    ],
)
def test_a_date_near_the_year_in_the_archival_code_is_not_told(text: str) -> None:
    assert read(date=text).findings == ()


def test_a_date_of_the_current_year_is_not_in_the_future_and_a_code_without_a_year_says_nothing() -> None:
    assert read("Z109-WS·2026-D30-BGS-0001", date="2026").findings == ()
    assert read("A001-0001", date="1978").findings == ()
