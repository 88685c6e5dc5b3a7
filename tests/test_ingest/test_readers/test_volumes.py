"""A batch of volumes: their list and that of their items are put together, and each volume is one record with its pages."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from archives.record.marked import marked_places
from ingest.batch.plan import BatchPlan, PlannedRecord
from ingest.volumes.planned import FilePages
from tests.support.files import image_bytes
from tests.test_ingest.test_readers.test_catalogued_folder import codes, plan

VOLUME, OTHER = "J019-2-15", "J019-2-16"
VOLUMES = (("档号", "案卷题名", "起止日期", "件数"), (VOLUME, "水利工程", "19830104-19831220", "3"))
ITEMS = (
    ("档号", "题名", "责任者", "页号"),
    (f"{VOLUME}-001", "通知", "水利局", "1"),
    (f"{VOLUME}-002", "批复", "县政府", "3-4"),
    (f"{VOLUME}-003", "总结", "水利局", "005"),
)
PAGES = ("FM", "ML001", "001", "002", "003", "003-1", "004", "005", "006", "BK")
JPEG = image_bytes()


def write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write a table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def put_pages(folder: Path, *names: str) -> None:
    """Put images into a batch."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(JPEG)


def pages_of(folder: Path, pages: Sequence[str] = PAGES, code: str = VOLUME) -> None:
    """Put the images of a volume into its folder."""
    put_pages(folder, *(f"{code}/{code}-{page}.jpg" for page in pages))


def the_volume(found: BatchPlan) -> PlannedRecord:
    """Return the only record of a batch."""
    assert [row.findings for row in found.rejected] == []
    (record,) = found.records
    return record


def told(record: PlannedRecord) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the labels of a volume's pages in order, and its items' codes with what they say of their pages."""
    assert record.volume is not None
    items = [(item.description.code.written, item.pages.pages) for item in record.volume.items if item.description]
    return [file.label for file in record.files], items


WANTED = (list(PAGES), [(f"{VOLUME}-001", "1"), (f"{VOLUME}-002", "3-4"), (f"{VOLUME}-003", "005")])


@pytest.mark.parametrize("names", [("案卷目录", "卷内目录"), ("案卷级目录", "卷内级目录"), ("volumes", "items")])
def test_two_files(tmp_path: Path, names: tuple[str, str]) -> None:
    write(tmp_path / f"{names[0]}.csv", VOLUMES)
    write(tmp_path / f"{names[1]}.csv", ITEMS)
    write(tmp_path / "全宗介绍.csv", [("甲", "乙")])
    pages_of(tmp_path)
    found = plan(tmp_path, fonds={("990001", "J019")})
    assert told(the_volume(found)) == WANTED
    assert {*codes(found)} <= {"language-guessed", "file-without-row"}
    assert {file.relative for file in found.submission} == {"全宗介绍.csv", *(f"{name}.csv" for name in names)}


@pytest.mark.parametrize("names", [("案卷目录", "卷内文件目录"), ("Sheet1", "Sheet2"), ("卷内文件目录", "案卷目录")])
def test_two_worksheets(tmp_path: Path, names: tuple[str, str]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in names:
        sheet = book.create_sheet(name)
        for row in ITEMS if name in ("卷内文件目录", "Sheet2") else VOLUMES:
            sheet.append([*row])
    book.save(tmp_path / "catalogue.xlsx")
    pages_of(tmp_path)
    found = plan(tmp_path, fonds={("990001", "J019")})
    assert told(the_volume(found)) == WANTED
    assert {*codes(found)} <= {"language-guessed"}


@pytest.mark.parametrize("level", [True, False])
def test_one_sheet_with_both_kinds_of_row(tmp_path: Path, level: bool) -> None:
    rows = [("档号", "题名", "责任者", "页号", "层级"), (VOLUME, "水利工程", "", "", "案卷" if level else "")]
    rows += [(*item, "件" if level else "") for item in ITEMS[1:]]
    write(tmp_path / "catalogue.csv", rows)
    pages_of(tmp_path)
    found = plan(tmp_path, fonds={("990001", "J019")})
    assert told(the_volume(found)) == WANTED
    assert {*codes(found)} <= {"language-guessed"}


def test_codes_in_parts(tmp_path: Path) -> None:
    write(
        tmp_path / "案卷目录.csv",
        [("全宗号", "目录号", "案卷号", "案卷题名"), ("J019", "2", "15", "水利"), ("J019", "2", "16", "林业")],
    )
    items = [
        ("全宗号", "目录号", "案卷号", "件号", "题名", "页号"),
        ("J019", "2", "0015", "1", "通知", "1"),
        ("J019", "2", "15", "2", "批复", "3"),
    ]
    write(tmp_path / "卷内目录.csv", items)
    pages_of(tmp_path, PAGES)
    pages_of(tmp_path, ("001",), OTHER)
    found = plan(tmp_path, fonds={("990001", "J019")})
    volume, other = found.records
    assert told(volume) == (list(PAGES), [(f"{VOLUME}-001", "1"), (f"{VOLUME}-002", "3")])
    assert told(other) == (["001"], [])
    assert [one.code for one in found.findings if one.severity != "note"] == []


def test_the_code_of_the_volume_stands_in_the_row_of_the_item(tmp_path: Path) -> None:
    write(tmp_path / "案卷目录.csv", VOLUMES)
    write(
        tmp_path / "卷内目录.csv",
        [("档号", "顺序号", "题名", "页号"), (VOLUME, "1", "通知", "1"), (VOLUME, "2", "批复", "3")],
    )
    pages_of(tmp_path)
    items = told(the_volume(plan(tmp_path, fonds={("990001", "J019")})))[1]
    assert items == [(f"{VOLUME}-001", "1"), (f"{VOLUME}-002", "3")]


def test_pages_named_by_items(tmp_path: Path) -> None:
    write(tmp_path / "案卷目录.csv", VOLUMES)
    write(tmp_path / "卷内目录.csv", [row[:3] for row in ITEMS])
    names = ("FM.jpg", f"{VOLUME}-001/001.jpg", f"{VOLUME}-001/002.jpg", f"{VOLUME}-003/001.jpg", "BK.jpg")
    put_pages(tmp_path, *(f"{VOLUME}/{name}" for name in names))
    record = the_volume(plan(tmp_path, fonds={("990001", "J019")}))
    assert told(record)[0] == ["FM", "1/001", "1/002", "3/001", "BK"]
    assert [str(file.place) for file in record.files] == [*names]


@pytest.mark.parametrize("folder", ["J019/2/15", "图像/J019/2/0015", "J019-2/15"])
def test_folders_may_be_the_parts_of_the_code(tmp_path: Path, folder: str) -> None:
    write(tmp_path / "案卷目录.csv", VOLUMES)
    write(tmp_path / "卷内目录.csv", ITEMS)
    put_pages(tmp_path, *(f"{folder}/{page}.jpg" for page in PAGES))
    record = the_volume(plan(tmp_path, fonds={("990001", "J019")}))
    assert told(record) == WANTED
    assert [str(file.place) for file in record.files] == [f"{page}.jpg" for page in PAGES]


@pytest.mark.parametrize("folders", [("001", "002", "003"), ("1", "2", "3")])
def test_folders_of_items_may_be_the_parts_of_their_codes(tmp_path: Path, folders: tuple[str, ...]) -> None:
    write(tmp_path / "案卷目录.csv", VOLUMES)
    write(tmp_path / "卷内目录.csv", [row[:3] for row in ITEMS])
    put_pages(tmp_path, *(f"J019/2/15/{folder}/{page}.jpg" for folder in folders for page in ("001", "002")))
    record = the_volume(plan(tmp_path, fonds={("990001", "J019")}))
    assert told(record)[0] == ["1/001", "1/002", "2/001", "2/002", "3/001", "3/002"]


def test_a_volume_that_the_list_lacks_is_made_of_the_codes_of_its_items(tmp_path: Path) -> None:
    write(tmp_path / "案卷目录.csv", VOLUMES)
    alone = "J019-WS·2015·Y-0001"
    write(tmp_path / "卷内目录.csv", [*ITEMS, ("J019-2-99-001", "孤件", "", "1"), (alone, "另件", "", "1")])
    pages_of(tmp_path)
    put_pages(tmp_path, "J019-2-99-001.jpg", f"{alone}.jpg")
    found = plan(tmp_path, fonds={("990001", "J019")})
    assert [(one.description.code.written, one.volume is not None) for one in found.records] == [
        (VOLUME, True), ("J019-2-99", True), (alone, False),
    ]  # fmt: skip
    assert found.records[1].description.title == "[孤件]"
    assert {"item-without-volume", "volume-without-row"} <= {*codes(found)}


@pytest.mark.parametrize("name", ["卷内文件目录.csv", "catalogue.csv"])
def test_items_alone_are_items_of_the_volumes_that_their_codes_name(tmp_path: Path, name: str) -> None:
    """For their pages are those of a volume, whose images lie in its folder."""
    more = [(f"{OTHER}-001", "续", "", "1"), (f"{OTHER}-002", "再续", "", "4")]
    write(tmp_path / name, [*ITEMS, *more])
    pages_of(tmp_path)
    pages_of(tmp_path, code=OTHER)
    found = plan(tmp_path, fonds={("990001", "J019")})
    assert found.rejected == ()
    assert [(one.description.code.written, one.description.title) for one in found.records] == [
        (VOLUME, "[通知等3件]"), (OTHER, "[续等2件]"),
    ]  # fmt: skip
    assert told(found.records[0]) == WANTED
    assert [one.row for one in found.findings if one.code == "volume-without-row"] == [2, 5]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ((f"{VOLUME}-002", "", "县政府", "3"), "title-missing"),
        ((f"{VOLUME}-0/2", "批复", "县政府", "3"), "code-unreadable"),
    ],
)
def test_an_item_whose_row_cannot_be_used_holds_its_place_and_is_withheld(
    tmp_path: Path, bad: Sequence[str], code: str
) -> None:
    write(tmp_path / "案卷目录.csv", VOLUMES)
    write(tmp_path / "卷内目录.csv", [*ITEMS[:2], bad, ITEMS[3]])
    pages_of(tmp_path)
    record = the_volume(plan(tmp_path, fonds={("990001", "J019")}))
    assert told(record)[1] == [(f"{VOLUME}-001", "1"), (bad[0], "3"), (f"{VOLUME}-003", "005")]
    assert record.volume is not None
    said = record.volume.items[1].description
    assert said is not None
    assert (said.title, said.author) == (bad[1] or bad[0], "县政府")
    assert marked_places(said, (), day=date(2026, 1, 1)) != ()
    found = {(one.code, one.severity, one.row) for one in record.findings}
    assert {(code, "warning", 3), ("item-stands-in", "warning", 3)} <= found


def test_rows_of_one_code_are_one_item_that_holds_the_pages_of_all(tmp_path: Path) -> None:
    write(tmp_path / "案卷目录.csv", VOLUMES)
    write(tmp_path / "卷内目录.csv", [*ITEMS[:3], (f"{VOLUME}-002", "总结", "", "5")])
    pages_of(tmp_path)
    record = the_volume(plan(tmp_path, fonds={("990001", "J019")}))
    assert record.volume is not None
    files = [FilePages(file.relative, file.label, "", at, 1) for at, file in enumerate(record.files, 1)]
    structure, _ = record.volume.structure(files, stored=None, new_id=str)
    assert [(one.description.title, structure.pages_told(one)) for one in structure.items] == [
        ("通知", "001–002"),
        ("批复", "003–006"),
    ]


def test_a_volume_is_left_out_with_an_item_of_unknown_secrecy_and_costs_no_neighbour(tmp_path: Path) -> None:
    write(tmp_path / "案卷目录.csv", [*VOLUMES, (OTHER, "林业", "1984", "1")])
    items = [(*row, "密级" if row is ITEMS[0] else "") for row in ITEMS]
    items[2] = (*ITEMS[2], "MJ-3")
    write(tmp_path / "卷内目录.csv", [*items, (f"{OTHER}-001", "请示", "林业局", "1", "")])
    pages_of(tmp_path)
    pages_of(tmp_path, ("001",), OTHER)
    found = plan(tmp_path, fonds={("990001", "J019")})
    assert [one.description.code.written for one in found.records] == [OTHER]
    assert {row.code_text: row.findings[-1].code for row in found.rejected} == {
        VOLUME: "volume-of-unknown-secrecy",
        ITEMS[1][0]: "volume-rejected",
        ITEMS[2][0]: "security-unknown",
        ITEMS[3][0]: "volume-rejected",
    }
    assert not [file for file in found.submission if file.relative.endswith(".jpg")]


def test_records_whose_codes_only_look_alike_stay_records(tmp_path: Path) -> None:
    rows = [
        ("档号", "题名"),
        ("J019-WS·2014-Y-0001", "一"),
        ("J019-WS·2014-Y-0001-1", "附"),
        ("J019-WS·2014-Y-0002", "二"),
    ]
    write(tmp_path / "catalogue.csv", rows)
    put_pages(tmp_path, *(f"{code}/001.jpg" for code, _ in rows[1:]))
    found = plan(tmp_path, fonds={("990001", "J019")})
    assert [record.volume for record in found.records] == [None] * 3


def test_a_batch_may_say_what_its_pages_are_called(tmp_path: Path) -> None:
    write(tmp_path / "案卷目录.csv", VOLUMES)
    (tmp_path / "batch.toml").write_text('[[pages]]\nname = "c(\\\\d)"\nkind = "cover"\n', "utf-8")
    pages_of(tmp_path, ("C1", "001"))
    assert told(the_volume(plan(tmp_path, fonds={("990001", "J019")})))[0] == ["FM1", "001"]


def test_what_a_name_does_not_say_is_said(tmp_path: Path) -> None:
    write(tmp_path / "案卷目录.csv", VOLUMES)
    pages_of(tmp_path, ("001", "002", "004", "夹页说明"))
    record = the_volume(plan(tmp_path, fonds={("990001", "J019")}))
    assert [one.code for one in record.findings] == ["page-label-unknown", "page-gap"]
    assert record.findings[0].file == f"{VOLUME}/{VOLUME}-夹页说明.jpg"


@pytest.mark.parametrize(("text", "merged"), [("同上", ""), ("", "B3:B5"), ("同上", "B3:B4")])
def test_a_row_that_takes_a_text_from_one_of_unknown_secrecy_is_left_out_with_it(
    tmp_path: Path, text: str, merged: str
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    codes_of = [f"J019-WS·2014-Y-000{number}" for number in range(1, 5)]
    titles = ("甲", "海防工事", text, text)
    for row in [("档号", "题名", "密级"), *zip(codes_of, titles, ("", "MJ-3", "", ""), strict=True)]:
        sheet.append([*row])
    if merged:
        sheet.merge_cells(merged)
    book.save(tmp_path / "catalogue.xlsx")
    put_pages(tmp_path, *(f"{code}.jpg" for code in codes_of))
    found = plan(tmp_path, fonds={("990001", "J019")})
    assert [one.description.title for one in found.records] == ["甲"]
    assert [[one.code for one in row.findings] for row in found.rejected] == [
        ["security-unknown"],
        ["row-takes-from-left-out"],
        ["row-takes-from-left-out"],
    ]
    assert "海防" not in repr((found.rejected, found.findings, found.row_list))
    assert [json.loads(line).get("left_out") for line in found.row_list.splitlines()] == [
        None, "secrecy-unknown", "takes-from-left-out", "takes-from-left-out",
    ]  # fmt: skip


def write_worksheets(path: Path, worksheets: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Write a workbook of worksheets by name."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in worksheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([*row])
    book.save(path)


RECORD = "J019-WS·2005-Y-0001"
THREE = {
    "归档文件目录": (("档号", "题名"), (RECORD, "归档文件")),
    "案卷目录": VOLUMES,
    "卷内文件目录": ITEMS,
}


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 1, 0), (1, 0, 2)])
def test_lists_of_records_of_volumes_and_of_items_are_read_together(tmp_path: Path, order: tuple[int, ...]) -> None:
    names = [*THREE]
    write_worksheets(tmp_path / "目录.xlsx", {names[at]: THREE[names[at]] for at in order})
    (tmp_path / "batch.toml").write_text('[defaults]\n"责任者" = "县委"\n', "utf-8")
    pages_of(tmp_path)
    put_pages(tmp_path, f"{RECORD}/001.jpg")
    (tmp_path / RECORD / "空").mkdir()
    found = plan(tmp_path, fonds={("990001", "J019")})
    assert [row.findings for row in found.rejected] == []
    volume, record = found.records
    assert told(volume) == WANTED
    assert volume.description.title == "水利工程"
    assert (record.description.title, record.description.author) == ("归档文件", "县委")
    assert [file.relative for file in record.files] == [f"{RECORD}/001.jpg"]
    assert record.empty_folders == ("空",)
    assert {*codes(found)} <= {"language-guessed", "sheet-taken"}


def test_a_list_of_volumes_that_is_asked_for_has_its_items(tmp_path: Path) -> None:
    write_worksheets(tmp_path / "目录.xlsx", THREE)
    pages_of(tmp_path)
    found = plan(tmp_path, sheet="案卷目录", fonds={("990001", "J019")})
    assert told(the_volume(found)) == WANTED
    assert codes(found).count("worksheet-not-read") == 1, "the list of records was not asked for"


def test_worksheets_beside_a_pair_that_are_no_lists_of_records_are_told(tmp_path: Path) -> None:
    write_worksheets(tmp_path / "目录.xlsx", {**THREE, "作废": (("档号", "题名"), ("J019-2-99", "作废"))})
    pages_of(tmp_path)
    put_pages(tmp_path, f"{RECORD}.jpg")
    found = plan(tmp_path, fonds={("990001", "J019")})
    assert [one.description.title for one in found.records] == ["水利工程", "归档文件"]
    (told_of,) = [one for one in found.findings if one.code == "worksheet-not-read"]
    assert ("sheet", "作废") in told_of.message.values


@pytest.mark.parametrize("place", ["0023-1-0012/001.jpg", "0023-1-0012-001.jpg", "0023-1-0012/0023-1-0012-001.jpg"])
def test_a_volume_whose_number_lost_its_zeros_is_told_what_may_be_meant(tmp_path: Path, place: str) -> None:
    write(tmp_path / "案卷目录.csv", [("全宗号", "目录号", "案卷号", "案卷题名"), ("0023", "1", "12", "水利")])
    write(tmp_path / "卷内目录.csv", [("案卷号", "件号", "题名", "页号"), ("12", "1", "通知", "1")])
    put_pages(tmp_path, place)
    found = plan(tmp_path, fonds={("990001", "0023")})
    (missing,) = [one for row in found.rejected for one in row.findings if one.code == "files-missing"]
    assert missing.advice is not None
    assert "只差前导零的：0023-1-0012；" in missing.advice.text("zh")
    assert "leading zeros only: 0023-1-0012;" in missing.advice.text("en")


def test_a_volume_that_lacks_its_files_is_told_of_no_other_code(tmp_path: Path) -> None:
    write(tmp_path / "案卷目录.csv", [("档号", "案卷题名"), ("0023-1-12", "水利"), ("0023-1-0012", "林业")])
    put_pages(tmp_path, "0023-1-0012/001.jpg")
    found = plan(tmp_path, fonds={("990001", "0023")})
    missing = [one for row in found.rejected for one in row.findings if one.code == "files-missing"]
    assert all(one.advice is None or "0023-1-0012" not in one.advice.text("zh") for one in missing)
