"""What is brought is known by the bytes that were read, and by no others."""

import hashlib
import os
from pathlib import Path

import pytest

from archives.errors import ConflictError
from formats.processes.opened import Opened
from ingest.cataloguing.brought.tables import read_tables
from ingest.tables.packed import PackedTable, packed_table
from tests.support.dbf import make_dbf, make_dbt

TEXT = "档号,题名,备注\nJ019-1-1,甲,普通\n"


def _reader(opened: Opened, memo: Opened | None = None) -> PackedTable:
    return packed_table(opened, memo)


def test_a_table_that_is_exchanged_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text(TEXT, "utf-8")
    other.write_text(TEXT.replace("普通", "机密"), "utf-8")

    def exchange(opened: Opened, memo: Opened | None = None) -> PackedTable:
        os.replace(other, path)
        return _reader(opened, memo)

    with pytest.raises(ConflictError, match="changed while it was read"):
        read_tables([path], None, exchange)  # what has no name any more was touched, too


@pytest.mark.parametrize("is_put_back", [False, True])
def test_a_table_that_is_changed_while_it_is_read_is_refused(tmp_path: Path, *, is_put_back: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT.replace("普通", "机密"), "utf-8")

    def change(opened: Opened, memo: Opened | None = None) -> PackedTable:
        path.write_text(TEXT, "utf-8")
        packed = _reader(opened, memo)
        path.write_text(TEXT.replace("普通", "机密" if is_put_back else "工程"), "utf-8")
        return packed

    with pytest.raises(ConflictError, match="changed while it was read"):
        read_tables([path], None, change)


def test_the_file_of_memos_is_brought_with_its_table(tmp_path: Path) -> None:
    (block,) = make_dbt(tmp_path / "a.dbt", ["附注"])
    path = make_dbf(
        tmp_path / "a.dbf", [("DH", "C", 9), ("TM", "C", 9), ("BZ", "M", 10)], [["1-1-1", "甲", str(block)]]
    )
    (table,) = read_tables([path], None, _reader)
    assert [(one.path.name, one.sha256) for one in table.files] == [
        (file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in (path, tmp_path / "a.dbt")
    ]
    assert [one.sha256 for one in (file.planned() for file in table.files)] == [one.sha256 for one in table.files]
