from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from archives.message import Language
from archives.record.dates.parse import parse_record_date
from archives.record.elements.kinds import Written
from archives.record.elements.table import ELEMENTS, describe
from ingest.sheets.grid import cell_text, read_grid
from preservation.handouts.catalogue_sheet import (
    FACTS,
    Column,
    catalogue_columns,
    cells_of,
    keys_with_values,
    named_value,
    write_catalogue,
)

COLUMNS = (Column("code", "档号"), Column("title", "题名"), Column("note", "备注"))
ENDINGS = [".xlsx", ".csv"]


def read(path: Path) -> list[list[str]]:
    (sheet,) = read_grid(path)
    return [[cell_text(cell) for cell in row.cells] for row in sheet.rows]


@pytest.mark.parametrize("ending", ENDINGS)
@given(
    texts=st.lists(
        st.sampled_from(
            [
                "007",
                "=1+1",
                "+86",
                "-",
                "@SUM(A1)",
                "＝甲",
                "1e5",
                "1.23E+11",
                "2026-11-26",
                "TRUE",
                "a\nb",
                'a"b,c',
                "a\u2028b",
                "𠮷",
                "’",
                "'a",
                "_x0041_",
                "_x0041_x0042_",
                "_x005F_x0041_",
            ]
        )
        | st.text(
            st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn", "Zs", "Zl", "Zp"], exclude_characters="'#="),
            min_size=1,
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_comes_back_as_it_is(tmp_path: Path, ending: str, texts: list[str]) -> None:
    path = tmp_path / f"catalogue{ending}"
    assert write_catalogue(path, COLUMNS, ({"code": "J019", "title": text, "note": "x"} for text in texts)) == ()
    assert read(path) == [["档号", "题名", "备注"], *(["J019", text, "x"] for text in texts)]


@pytest.mark.parametrize(
    ("ending", "value"),
    [
        (".xlsx", "x" * 40_000),
        (".xlsx", "a\x07b"),
        (".xlsx", "a\ufffeb"),
        (".csv", "a\x07b"),
        (".csv", "'=a"),
        (".xlsx", "'=a"),
    ],
)
def test_what_a_sheet_cannot_hold_is_told_with_its_row_and_column(tmp_path: Path, ending: str, value: str) -> None:
    path = tmp_path / f"c{ending}"
    (found,) = write_catalogue(path, COLUMNS, [{"title": "a"}, {"title": value, "note": "b"}])
    assert (found.row, found.file) == (3, path.name)
    assert "题名" in found.message.text("zh")
    assert ".xml" in found.message.text("en")


def test_cells_and_columns_of_a_workbook_are_text_for_whoever_writes_into_them(tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    write_catalogue(path, COLUMNS, [{"code": "007", "title": "=1+1"}])
    sheet = load_workbook(path).worksheets[0]
    assert {(cell.data_type, cell.number_format) for cell in (sheet["A2"], sheet["B2"])} == {("s", "@")}
    assert {sheet.column_dimensions[letter].number_format for letter in "ABC"} == {"@"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_is_left_of_a_file_that_could_not_be_written_whole(tmp_path: Path, ending: str) -> None:
    def rows() -> object:
        yield {"title": "a"}
        raise KeyError("gone")

    with pytest.raises(KeyError):
        write_catalogue(tmp_path / f"c{ending}", COLUMNS, rows())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_columns_are_headed_as_sheets_are_read(language: Language) -> None:
    keys = [*FACTS, *(element.key for element in ELEMENTS), "other:盒内位置", "persons:男方", "x"]
    columns = catalogue_columns(keys, language)
    headings = {column.key: column.heading for column in columns}
    for element in ELEMENTS:
        if element.kind.parse:
            assert headings[element.key] in element.headings
    assert [column.key for column in columns][: len(FACTS)] == list(FACTS)
    assert headings["other:盒内位置"] in ("其他著录项：盒内位置", "other elements：盒内位置")
    assert headings["persons:男方"] in ("人名：男方", "persons：男方")
    assert [named_value(headings[key]) for key in ("other:盒内位置", "persons:男方", "title")] == [
        ("other", "盒内位置"), ("persons", "男方"), None,
    ]  # fmt: skip
    assert len(set(headings.values())) == len(headings)


def test_no_heading_of_a_fact_is_one_of_an_element() -> None:
    of_elements = {heading.casefold() for element in ELEMENTS for heading in element.headings}
    assert not {said.text(language).casefold() for said in FACTS.values() for language in ("zh", "en")} & of_elements


def test_a_description_is_in_its_cells_as_it_is_written() -> None:
    given_values = {
        "code": (Written("J019-2-15-003"),), "title": (Written("防汛"),), "pages": (Written("012"),),
        "retention": (Written("永久"),), "language": (Written("zh-Hans"),),
        "other": (Written("0012", {"名称": "盒号"}), Written("甲", {"名称": "经手"}), Written("乙", {"名称": "经手"})),
    }  # fmt: skip
    values = {element.field: element.kind.read(given_values.get(element.key, ())) for element in ELEMENTS}
    description = describe(values | {"formed": parse_record_date("民国三十六年五月")})
    cells = cells_of(description)
    assert cells == {
        "code": "J019-2-15-003", "title": "防汛", "date": "民国三十六年五月", "retention": cells["retention"], "pages": "12",
        "language": "zh-Hans", "other:盒号": "0012", "other:经手": "甲\n乙",
    }  # fmt: skip
    for element in ELEMENTS:
        if element.kind.parse and element.key in cells:
            assert element.kind.parse(cells[element.key]) == element.of(description)
    assert keys_with_values([{"a": "", "b": "1"}, {"c": "2"}]) == {"b", "c"}
