"""Items that say 案卷号 alone find their volumes in the list that came beside them, where one only can be meant."""

from pathlib import Path

import pytest

from formats.processes.opened import Opened
from ingest.cataloguing.brought.beside import with_volumes_beside
from ingest.cataloguing.brought.tables import read_tables
from ingest.profiles.reading import ProfiledRow
from ingest.tables.packed import PackedTable, packed_table

ITEMS = "案卷号,件号,题名,日期\n1,1,甲件,1951.1.1\n2,1,乙件,1951.2.1\n"


def _reader(opened: Opened, memo: Opened | None = None) -> PackedTable:
    del memo
    return packed_table(opened)


def _items(folder: Path, *lists: str, items: str = ITEMS) -> list[ProfiledRow]:
    paths = [folder / f"{n}.csv" for n in range(len(lists) + 1)]
    for path, text in zip(paths, (items, *lists), strict=True):
        path.write_text(text, "utf-8")
    read = with_volumes_beside(read_tables(paths, None, _reader))
    return [row for one in read if one.table.columns.file == "0.csv" for _, row in one.rows()]


@pytest.mark.parametrize(
    ("volumes", "codes"),
    [
        ("全宗号,目录号,案卷号,案卷题名,起止日期\nJ045,2,1,甲,1951\nJ045,2,2,乙,1951\n", ["J045-2-1-1", "J045-2-2-1"]),
        ("全宗号,目录号,案卷号,案卷题名,起止日期\nJ045,2,0001,甲,1951\nJ045,2,0002,乙,1951\n", ["J045-2-0001-1", "J045-2-0002-1"]),
        ("档号,案卷题名,起止日期\nJ045-2-0001,甲,1951\nJ045-2-0002,乙,1951\n", ["J045-2-0001-1", "J045-2-0002-1"]),
        ("全宗号,目录号,案卷号,案卷题名,起止日期\nJ045,2,1,甲,1951\nJ045,3,2,乙,1951\n", ["J045-2-1-1", "J045-3-2-1"]),
        ("全宗号,目录号,案卷号,案卷题名,起止日期\nJ045,2,1,甲,1951\n", ["J045-2-1-1", "J045-2-2-1"]),
        ("全宗号,目录号,案卷号,案卷题名,起止日期\nJ045,2,1,甲,1951\nJ045,3,1,乙,1951\n", ["", ""]),
    ],
)  # fmt: skip
def test_an_item_has_the_volume_that_its_number_plainly_means(tmp_path: Path, volumes: str, codes: list[str]) -> None:
    items = _items(tmp_path, volumes)
    assert [one.code for one in items] == codes
    assert [one.parent for one in items] == [code.removesuffix("-1") for code in codes]
    assert [note.code for one in items for note in one.notes] == ["code-part-missing" for code in codes if not code]


def test_what_an_item_says_of_its_volume_chooses_among_several(tmp_path: Path) -> None:
    volumes = "全宗号,目录号,案卷号,案卷题名,起止日期\nJ045,2,1,甲,1951\nJ045,3,1,乙,1951\n"
    items = "目录号,案卷号,件号,题名,日期\n3,1,7,甲件,1951.1.1\n"
    (item,) = _items(tmp_path, volumes, items=items)
    assert (item.code, item.rest) == ("J045-3-1-7", ())


def test_an_item_without_a_number_of_its_own_is_of_the_volume_all_the_same(tmp_path: Path) -> None:
    volumes = "全宗号,目录号,案卷号,案卷题名,起止日期\nJ045,2,1,甲,1951\n"
    items = "案卷号,件号,题名,日期,页号\n1,,甲件,1951.1.1,3\n"
    (item,) = _items(tmp_path, volumes, items=items)
    assert (item.code, item.parent, dict(item.rest)) == ("", "J045-2-1", {"案卷号": "1"})
    assert "QZH" not in item.notes[0].message.text("zh")


def test_without_a_list_beside_it_an_item_says_which_parts_it_lacks(tmp_path: Path) -> None:
    said = [dict(note.message.values)["names"] for one in _items(tmp_path) for note in one.notes]
    assert said == ["QZH,MLH", "QZH,MLH"]


def test_every_row_that_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(ITEMS, "utf-8")
    heard: list[int] = []
    (read,) = read_tables([path], None, _reader, told=lambda: heard.append(1))
    assert len(heard) == 0
    assert len([*read.rows()]) == len(heard) == 2
