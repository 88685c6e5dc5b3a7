"""What is marked anywhere in the file of a table stops its import, wherever the file keeps it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from formats.processes.opened import Opened
from ingest.cataloguing.brought.tables import read_tables
from ingest.profiles.markings import row_markings
from ingest.tables.packed import PackedTable, packed_table
from tests.support.dbf import make_dbf, make_fpt

FIELDS = [("DH", "C", 8), ("TM", "C", 40), ("BZ", "C", 20)]
RECORDS = [["1-1-1", "关于修建清溪水库的批复", "普通"], ["1-1-2", "关于修渠的请示", "机密"]]


def _reader(opened: Opened, memo: Opened | None = None) -> PackedTable:
    return packed_table(opened, memo)


def _stops(path: Path) -> list[str]:
    """Return the places at which an import of a table is stopped."""
    tables = read_tables([path], None, _reader)
    places = [marked.place for one in tables for marked in one.marked]
    for one in tables:
        for cells, row in one.rows():
            places += row_markings(cells, row, today=date(2026, 1, 1)).classified_cells
    return places


def _beyond_the_count(path: Path) -> None:
    make_dbf(path, FIELDS, RECORDS, claims=1)


def _deleted(path: Path) -> None:
    make_dbf(path, FIELDS, RECORDS, deleted=[2])


def _behind(path: Path) -> None:
    make_dbf(path, FIELDS, RECORDS[:1])
    path.write_bytes(path.read_bytes() + "机密 行动计划".encode("gbk"))


def _of_another_type(kind: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        make_dbf(path, [*FIELDS[:2], ("MJ", kind, 20)], RECORDS)

    return make


def _memo_without_a_record(path: Path) -> None:
    make_fpt(path.with_suffix(".fpt"), ["机密"])
    make_dbf(path, [*FIELDS[:2], ("BZ", "M", 10)], [[*RECORDS[0][:2], ""]], version=0xF5)


@pytest.mark.parametrize(
    "make", [_beyond_the_count, _deleted, _behind, _memo_without_a_record, *map(_of_another_type, "GPWQX0")]
)
def test_nothing_of_a_dbf_table_passes_unjudged(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "a.dbf")
    assert len(_stops(tmp_path / "a.dbf")) == 1
