"""A table is read within limits, and one that is over a limit is refused, told, and takes no memory of ours."""

import resource
import zipfile
from pathlib import Path

import pytest

from archives.errors import FormatError
from formats.processes.children import ChildExecutor
from formats.processes.confinement import Confinement
from formats.processes.opened import Opened
from ingest.sheets.grid import Grid, GridRow, GridSheet, grid_of, read_grid
from ingest.sheets.headings import fold_heading
from ingest.sheets.table import read_sheet
from tests.support.files import put, xlsx_bytes
from tests.support.places import SHARED

NAMES = {fold_heading("档号"): "code", fold_heading("题名"): "title"}
REFUSED = SHARED / "trials" / "01-xlsx-empty-fill"


def rewritten(path: Path, sheet: bytes) -> Path:
    """Return a workbook whose first sheet holds these rows of XML."""
    whole = path.with_name("whole.xlsx")
    whole.write_bytes(xlsx_bytes(("档号", "题名")))
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, head + sheet + b"</sheetData></worksheet>" if name.endswith("sheet1.xml") else data)
    return path


def cell(name: str, text: str = "x") -> bytes:
    """Return a cell as a workbook writes it."""
    return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def in_a_child(path: Path) -> Grid:
    """Read a table where people's tables are read."""
    confined = Confinement((path.parent,), optional=True)
    with (
        ChildExecutor(1, timeout_seconds=60, memory_bytes=1 << 30, confined=confined) as children,
        Opened.at(path) as one,
    ):
        return children.submit(grid_of, one).result()


def test_what_a_child_reads_is_what_is_read_here(tmp_path: Path) -> None:
    book = put(tmp_path, "a.xlsx", xlsx_bytes(("档号", "题名", None), ("A-1", 7.0, None), (None, None), ("B", True)))
    expected = (GridRow(1, ("档号", "题名")), GridRow(2, ("A-1", ("7", "number"))), GridRow(4, ("B", "TRUE")))
    assert read_grid(book) == in_a_child(book) == (GridSheet("水情", expected),)


def test_a_row_that_is_wider_than_its_headings_loses_nothing(tmp_path: Path) -> None:
    table = put(tmp_path, "a.csv", "档号,题名\nA-1,一,,再\n".encode())
    sheet = read_sheet(table, NAMES, required=("code",))
    assert sheet.rows[0].text("D1") == "再"
    assert sheet.unknown == ("D1",)


def test_a_small_workbook_that_unfolds_to_gibibytes_is_refused_and_takes_no_memory_of_ours(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d">' % n + cell(f"XFD{n}") + b"</row>" for n in range(1, 20_000))
    bomb = rewritten(tmp_path / "a.xlsx", rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FormatError, match="more than 1000 columns"):
        in_a_child(bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10


def test_rows_far_below_are_read_and_keep_their_numbers(tmp_path: Path) -> None:
    book = rewritten(tmp_path / "a.xlsx", b'<row r="200000">' + cell("A200000", "low") + b"</row>")
    assert read_grid(book)[0].rows == (GridRow(200_000, ("low",)),)


@pytest.mark.parametrize(
    ("text", "words"),
    [("a\n" * 500_001, "more than 500000 rows"), ("a," * 1001 + "b\n", "more than 1000 columns")],
    ids=["rows", "columns"],
)
def test_a_table_over_a_limit_is_refused_and_says_which(tmp_path: Path, text: str, words: str) -> None:
    table = put(tmp_path, "a.csv", text.encode())
    with pytest.raises(FormatError, match=words) as refused:
        read_sheet(table, NAMES, required=("code",))
    assert refused.value.advice is not None
    assert refused.value.subject == "a.csv"


@pytest.mark.skipif(not REFUSED.is_dir(), reason="needs the shared trials")
def test_what_the_library_cannot_read_is_never_a_defect_of_ours() -> None:
    sheets = [REFUSED / "batch" / "catalogue.xlsx", *REFUSED.glob("neighbours/*/catalogue.xlsx")]
    assert len(sheets) > 3
    for sheet in sheets:
        try:
            read_sheet(sheet, NAMES, required=())
        except FormatError as refused:
            assert str(sheet.parent) not in str(refused)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('="0007",="1-2"', ("0007", "1-2")),
        ('"=""0007""",b', ("0007", "b")),
        ('A-1, "a, b"', ("A-1", "a, b")),
        ('A-1, 5" disk', ("A-1", '5" disk')),
        ('A-1, "a" b', ("A-1", '"a" b')),
        ("=1+1,='a'", ("=1+1", "='a'")),
    ],
)
def test_what_programs_put_around_a_text_is_no_part_of_it(tmp_path: Path, text: str, cells: tuple[str, ...]) -> None:
    (sheet,) = read_grid(put(tmp_path, "a.csv", f"档号,题名\n{text}\n".encode()))
    assert sheet.rows[1].cells == cells


@pytest.mark.parametrize(
    ("text", "line"), [('a,b\n1,"2\n3,4\n', 2), ('a,b\n"1\n1",2\n3,"4" 5\n', 4), ('sep=,\na,b\n1,"2', 3)]
)
def test_a_quotation_mark_that_is_not_closed_is_named_by_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(FormatError) as raised:
        read_grid(put(tmp_path, "a.csv", text.encode()))
    assert f"line {line} " in raised.value.message.text("en")
    assert "quotation mark" in str(raised.value.advice and raised.value.advice.text("en"))
