"""Rows set aside between the two times that an import looks at them."""

from pathlib import Path

from ingest.cataloguing.brought.spooled import SpooledRows
from ingest.profiles.profile import built_in_profiles
from ingest.tables.table import Columns, TableRow


def test_rows_are_given_again_whole_and_in_order_as_often_as_wanted(tmp_path: Path) -> None:
    columns = Columns("案卷.csv", "", ("档号", "题名", "柜锁"))
    profile = built_in_profiles()[0]
    rows = [profile.read(TableRow(columns, n, (f"J019-1-{n:04}", f"第{n}卷", "缺页"))) for n in range(2, 2_503)]
    with SpooledRows(tmp_path) as spooled:
        for row in rows:
            spooled.add(f"unit {row.number}", row)
        for _ in range(2):
            assert [*spooled] == [(f"unit {row.number}", row) for row in rows]
    assert rows[0].rest == (("柜锁", "缺页"),) and rows[0].values["title"] == "第2卷"


def test_of_no_rows_there_are_none(tmp_path: Path) -> None:
    with SpooledRows(tmp_path) as spooled:
        assert [*spooled] == []
