"""DBF tables say what old programs wrote, in the letters they wrote it in, and what is missing is said."""

import struct
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from archives.findings import Finding
from formats.processes.opened import Opened
from formats.spreadsheet.dbase import is_dbase
from formats.spreadsheet.dbase_memos import memo_names
from formats.spreadsheet.opening import opened_spreadsheet
from tests.support.dbf import make_dbf, make_dbt, make_fpt

FIELDS = [("QZH", "C", 4), ("AJH", "N", 4), ("TM", "C", 60), ("RQ", "D", 8)]
ROW = ["J019", "12", "关于修建清溪水库的批复", "19830503"]


def _read(path: Path, memo: Path | None = None) -> tuple[list[tuple[int, list[str]]], list[Finding]]:
    opened = Opened.at(memo) if memo else None
    with opened_spreadsheet(path, memo=opened) as book:
        (sheet,) = book.worksheets()
        rows = []
        for row in sheet.rows:
            cells = {one.column: one.text for one in row.cells}
            rows.append((row.number, [cells.get(n, "") for n in range(1, max(cells, default=0) + 1)]))
    return rows, sheet.findings


def test_records_are_read_below_the_names_of_their_fields(tmp_path: Path) -> None:
    rows, found = _read(make_dbf(tmp_path / "wj.dbf", FIELDS, [ROW]))
    assert rows == [
        (1, ["QZH", "AJH", "TM", "RQ"]),
        (2, ["J019", "12", "关于修建清溪水库的批复", "1983-05-03"]),
    ]
    assert found == []


@pytest.mark.parametrize(
    ("encoding", "code_page", "text"),
    [
        ("gbk", 0x00, "关于修建清溪水库的批复，朱镕基"),
        ("gbk", 0x03, "关于修建清溪水库的批复，朱镕基"),
        ("gbk", 0x4D, "关于修建清溪水库的批复"),
        ("big5", 0x78, "關於修建清溪水庫的批覆"),
        ("big5", 0x00, "關於修建清溪水庫的批覆，並准予備查在案"),
        ("utf-8", 0x00, "关于修建清溪水库的批复"),
        ("cp1252", 0x03, "Lettre de M. Bérard à propos de l'église"),
    ],
)
def test_letters_are_read_as_they_were_written_whatever_the_code_page_says(
    tmp_path: Path, encoding: str, code_page: int, text: str
) -> None:
    records = [["J019", "1", text, ""]] * 5
    rows, _ = _read(make_dbf(tmp_path / "wj.dbf", FIELDS, records, encoding=encoding, code_page=code_page))
    assert rows[1][1][2] == text


def test_a_title_cut_in_the_middle_of_a_letter_does_not_cost_the_others(tmp_path: Path) -> None:
    fields = [("TM", "C", 11)]
    rows, _ = _read(make_dbf(tmp_path / "wj.dbf", fields, [["关于修建清溪水库"], ["水库的批复"]]))
    assert rows[1][1][0].startswith("关于修建清")
    assert rows[2][1] == ["水库的批复"]


def test_letters_that_fill_their_fields_tell_the_encoding_where_few_others_do(tmp_path: Path) -> None:
    path = make_dbf(
        tmp_path / "a.dbf",
        [("XM", "C", 8), ("RQ", "C", 10)],
        [("青水公社", "1962.06.26")] * 40 + [("青水公社", "某年春")],
    )
    rows, found = _read(path)
    assert rows[-1][1] == ["青水公社", "某年春"]
    assert found == [], "three letters alone may be Big5 or Japanese as well"


def test_deleted_records_are_told_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    rows, found = _read(make_dbf(tmp_path / "wj.dbf", FIELDS, [ROW, ROW, ROW], deleted=[2]))
    assert [number for number, _ in rows] == [1, 2, 4]
    assert [one.code for one in found] == ["rows-deleted"]
    assert "3" in found[0].message.text("zh")


def test_a_table_that_is_cut_short_says_so(tmp_path: Path) -> None:
    path = make_dbf(tmp_path / "wj.dbf", FIELDS, [ROW] * 3)
    path.write_bytes(path.read_bytes()[:-40])
    rows, found = _read(path)
    assert len(rows) == 3
    assert [one.code for one in found] == ["table-cut-short"]


def test_a_day_that_there_is_not_stays_as_written(tmp_path: Path) -> None:
    rows, _ = _read(make_dbf(tmp_path / "wj.dbf", [("TM", "C", 4), ("RQ", "D", 8)], [["a", "19830231"], ["b", ""]]))
    assert rows[1][1] == ["a", "19830231"]
    assert rows[2][1] == ["b"]


def test_memos_of_foxpro_are_read_from_their_own_file(tmp_path: Path) -> None:
    (block,) = make_fpt(tmp_path / "wj.fpt", ["长的附注" * 40])
    path = make_dbf(tmp_path / "wj.dbf", [("TM", "C", 10), ("BZ", "M", 10)], [["题", str(block)]], version=0xF5)
    rows, found = _read(path, tmp_path / "wj.fpt")
    assert rows[1][1] == ["题", "长的附注" * 40]
    assert found == []


def test_memos_of_dbase_iii_end_with_their_sign(tmp_path: Path) -> None:
    blocks = make_dbt(tmp_path / "wj.dbt", ["第一", "第二" * 300])
    records = [["题", str(block)] for block in blocks]
    path = make_dbf(tmp_path / "wj.dbf", [("TM", "C", 10), ("BZ", "M", 10)], records, version=0x83)
    rows, _ = _read(path, tmp_path / "wj.dbt")
    assert [one[1][1] for one in rows[1:]] == ["第一", "第二" * 300]


def test_a_table_without_its_memos_says_that_they_are_missing(tmp_path: Path) -> None:
    path = make_dbf(tmp_path / "wj.dbf", [("TM", "C", 10), ("BZ", "M", 10)], [["题", "1"]], version=0xF5)
    rows, found = _read(path)
    assert rows[1][1] == ["题"]
    assert [one.code for one in found] == ["memo-file-missing"]
    assert "wj.fpt" in memo_names("wj.dbf")


def test_numbers_of_visual_foxpro_are_what_it_shows(tmp_path: Path) -> None:
    fields = [("A", "I", 4), ("B", "Y", 8), ("C", "T", 8), ("D", "L", 1)]
    julian = date(1983, 5, 3).toordinal() + 1_721_425
    record: list[bytes | str] = [
        struct.pack("<i", -7),
        struct.pack("<q", -12_500),
        struct.pack("<ii", julian - 1, 0),
        b"T",
    ]
    rows, _ = _read(make_dbf(tmp_path / "wj.dbf", fields, [record], version=0x30))
    assert rows[1][1] == ["-7", "-1.25", "1983-05-03", "TRUE"]


def test_other_files_are_no_tables_of_this_kind() -> None:
    assert not is_dbase(b"\x03" + bytes(100))
    assert not is_dbase(b"\x03\x60\x05\x04 a text that begins so by chance" * 4)
    assert not is_dbase(b"")


def _unseen(path: Path, memo: Path | None = None) -> list[tuple[str, str, str]]:
    with opened_spreadsheet(path, memo=Opened.at(memo) if memo else None) as book:
        (sheet,) = book.worksheets()
        list(sheet.rows)
    return sheet.unseen


TITLES = [("DH", "C", 8), ("TM", "C", 12)]


def test_records_that_the_head_does_not_count_are_read_and_told(tmp_path: Path) -> None:
    path = make_dbf(
        tmp_path / "wj.dbf", TITLES, [["1-1-1", "甲"], ["1-1-2", "乙"], ["1-1-3", "丙"]], claims=2, code_page=0x4D
    )
    rows, found = _read(path)
    assert rows[3:] == [(4, ["1-1-3", "丙"])]
    assert [one.code for one in found] == ["records-beyond-count"]


def test_what_was_deleted_is_known_by_its_cells_and_its_fields(tmp_path: Path) -> None:
    path = make_dbf(tmp_path / "wj.dbf", TITLES, [["1-1-1", "甲"], ["1-1-2", "乙"]], deleted=[2], code_page=0x4D)
    assert _unseen(path) == [("A3", "1-1-2", "DH"), ("B3", "乙", "TM")]


def test_what_stands_behind_the_last_record_is_told_and_known(tmp_path: Path) -> None:
    path = make_dbf(tmp_path / "wj.dbf", TITLES, [["1-1-1", "甲"]], code_page=0x4D)
    path.write_bytes(path.read_bytes() + "机密 行动计划".encode("gbk") + bytes(40))
    rows, found = _read(path)
    assert (len(rows), [one.code for one in found]) == (2, ["bytes-behind-records"])
    assert [text for _, text, _ in _unseen(path)] == ["机密", "行动计划"]


@pytest.mark.parametrize("kind", list("GPWQX"))
def test_a_field_of_a_type_that_is_not_known_is_read_where_it_is_text_and_told(tmp_path: Path, kind: str) -> None:
    path = make_dbf(
        tmp_path / "wj.dbf",
        [*TITLES, ("BZ", kind, 10)],
        [["1-1-1", "甲", "别丢了我"], ["1-1-2", "乙", ""]],
        code_page=0x4D,
    )
    rows, found = _read(path)
    assert rows[1][1] == ["1-1-1", "甲", "别丢了我"]
    assert [one.code for one in found] == ["field-type-unknown"]
    empty = make_dbf(tmp_path / "e.dbf", [*TITLES, ("BZ", kind, 10)], [["1-1-1", "甲", b"\0" * 10]], code_page=0x4D)
    assert _read(empty)[1] == []


def test_what_reads_as_text_among_the_flags_of_foxpro_is_known(tmp_path: Path) -> None:
    fields = [*TITLES, ("_NULL", "0", 8)]
    path = make_dbf(
        tmp_path / "wj.dbf", fields, [["1-1-1", "甲", b"\x05"], ["1-1-2", "乙", "机密件"]], version=0x30, code_page=0x4D
    )
    rows, found = _read(path)
    assert rows[0][1] == ["DH", "TM"]
    assert _unseen(path) == [("_NULL3", "机密件", "_NULL")]
    assert [one.code for one in found] == ["field-type-unknown"]


def test_a_memo_that_is_not_in_its_file_is_told(tmp_path: Path) -> None:
    make_fpt(tmp_path / "wj.fpt", ["附注"])
    path = make_dbf(
        tmp_path / "wj.dbf", [("TM", "C", 10), ("BZ", "M", 10)], [["题", "900"]], version=0xF5, code_page=0x4D
    )
    rows, found = _read(path, tmp_path / "wj.fpt")
    assert rows[1][1] == ["题"]
    assert [one.code for one in found] == ["memo-not-whole"]


@pytest.mark.parametrize(("make", "version", "name"), [(make_fpt, 0xF5, "wj.fpt"), (make_dbt, 0x83, "wj.dbt")])
def test_memos_that_no_record_has_are_known(
    tmp_path: Path, make: Callable[[Path, Sequence[str]], list[int]], version: int, name: str
) -> None:
    first, _, third = make(tmp_path / name, ["甲" * 300, "机密", "丙"])
    records = [["题", str(first)], ["名", str(third)]]
    path = make_dbf(tmp_path / "wj.dbf", [("TM", "C", 10), ("BZ", "M", 10)], records, version=version, code_page=0x4D)
    assert [text for _, text, _ in _unseen(path, tmp_path / name)] == ["机密"]
