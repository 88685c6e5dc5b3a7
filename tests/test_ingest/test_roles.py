"""The parts of a document (正本, 附件, 定稿, 处理单): told by names, read in the order of filing, said in the package."""

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from archives.record.names import role_of
from archives.record.record import ROLE, RepresentationName
from archives.record.volume.components import component_at, components_of
from ingest.batch.file_column import FileColumn
from ingest.batch.listing import list_batch
from ingest.batch.page_order import Named, in_order
from ingest.batch.tree import Tree
from ingest.sheets.table import Sheet, SheetCell, SheetRow
from ingest.volumes.components import one_row_a_record
from ingest.workflow import ingest
from preservation.package.new_package import METS
from tests.support.intake import CODE, batch, planned, record, workplace


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("正本.ofd", "正本"),
        ("J019-2-15-附件1.xlsx", "附件"),
        ("关于修渠的通知（定稿）.docx", "定稿"),
        ("附件/预算表.xlsx", "附件"),
        ("收文处理单.pdf", "处理单"),
        ("发文稿纸_2.jpg", "处理单"),
        ("附件二：预算.pdf", "附件"),
        ("关于报送附件清单的说明.pdf", ""),
        ("001.jpg", ""),
    ],
)
def test_a_name_tells_which_part_of_a_document_a_file_is(name: str, role: str) -> None:
    assert role_of(name) == role


def test_parts_are_read_in_the_order_of_filing_and_said_in_the_package(tmp_path: Path) -> None:
    names = ("处理单.txt", "定稿.txt", "正本.txt", "附件10.txt", "附件2.txt")
    files = [planned(tmp_path / name, data=name.encode("utf-8")) for name in names]
    ordered, findings = in_order([Named(file, file.path.stem) for file in files], lambda _: False)
    assert [file.path.stem for file in ordered] == ["正本", "附件2", "附件10", "定稿", "处理单"]
    assert not findings
    with workplace(tmp_path / "place") as place:
        list(ingest(batch(tmp_path, record(*ordered)), place, progress=lambda _: None))
        held = place.archive.refresh().find(CODE)
        newest = place.archive.holdings.newest(held.package_id)
        originals = next(one for one in newest.record.representations if one.name is RepresentationName.ORIGINAL)
        roles = ["正本", "附件", "附件", "定稿", "处理单"]
        assert [dict(file.properties)[ROLE] for file in originals.files] == roles
        mets = etree.fromstring(place.archive.vault.read(place.archive.vault.inventory(newest.anchor), METS))
        files_there = mets.iterfind(".//{*}fileGrp[@ID='group-original']/{*}file")
        assert [one.get("USE") for one in files_there] == roles
        pages = [one.get("LABEL") for one in mets.iterfind(".//{*}div[@ID='pages-record']/{*}div")]
        assert pages == ["正本 1", "附件1 1", "附件2 1", "定稿 1", "处理单 1"]
        assert [held.label_text(page) for page in range(1, 6)] == pages


def test_a_cell_or_rows_of_their_own_say_which_part_each_file_is(tmp_path: Path) -> None:
    for name in ("a.ofd", "b.docx", "c.xlsx", "x=y.pdf"):
        (tmp_path / name).write_bytes(b"1")
    column = FileColumn(Tree(list_batch(tmp_path).files, ()))

    def said(text: str) -> list[tuple[str, str, int]]:
        return [(name, role, len(found.files)) for name, found, role in column.named_in(text)]

    assert said("正本=a.ofd；定稿：b.docx") == [("a.ofd", "正本", 1), ("b.docx", "定稿", 1)]
    assert said("红头文件＝a.ofd,附件1=c.xlsx") == [("a.ofd", "正本", 1), ("c.xlsx", "附件", 1)]
    assert said("领导批示:c.xlsx") == [("c.xlsx", "领导批示", 1)], "as it is written, where nobody knows better"
    assert said("x=y.pdf") == [("x=y.pdf", "", 1)]
    assert said("正本=z.pdf") == [("正本=z.pdf", "", 0)]


def test_rows_of_one_record_that_name_a_file_each_are_one_row() -> None:
    headings = {"code": "A", "title": "B", "files": "C", "角色": "D", "pages": "E", "date": "F"}

    def row(number: int, *texts: str) -> SheetRow:
        cells = {key: SheetCell(text, f"{at}{number}") for (key, at), text in zip(headings.items(), texts, strict=True)}
        return SheetRow(number, {key: cell for key, cell in cells.items() if cell.text})

    rows = (
        row(2, CODE, "", "s.pdf", "处理单", "1", ""),
        row(3, CODE, "关于修渠的通知", "a.ofd", "正本", "2", "2014-05-06"),
        row(4, CODE, "预算表", "c.xlsx", "附件", "3", "2014-05-06"),
        row(5, "J019-WS·2014·Y·BGS-0002", "另一件", "d.pdf", "正本", "", ""),
        replace(row(6, "J019-WS·2014·Y·BGS-0003", "又一件", "", "", "", ""), taken_from=frozenset({4})),
        row(7, "J019-WS·2014·Y·BGS-0004", "一件", "e.pdf", "正本", "", "2014"),
        row(8, "J019-WS·2014·Y·BGS-0004", "一件", "f.pdf", "附件", "", "2015"),
    )
    sheet = Sheet("目录.xlsx", 1, ("code", "title", "files", "pages", "date"), ("角色",), rows)
    first, second, third, *contradicting = one_row_a_record(sheet).rows
    assert [first.text(key) for key in ("title", "files", "pages", "attachments", "角色", "date")] == [
        "关于修渠的通知", "处理单=s.pdf；正本=a.ofd；附件=c.xlsx", "6", "预算表", "", "2014-05-06",
    ]  # fmt: skip
    assert (first.number, second.text("files"), third.text("files")) == (2, "正本=d.pdf", "")
    assert [one.number for one in contradicting] == [7, 8]
    assert third.taken_from == {2}, "from the one row that the record has"


def test_parts_have_their_order_and_their_own_pages() -> None:
    parts = components_of([(1, "正本"), (4, "附件"), (6, "附件"), (7, "")], 9)
    assert [(one.name, one.first, one.last) for one in parts] == [("正本", 1, 3), ("附件1", 4, 5), ("附件2", 6, 6)]
    assert [one.label(page) if (one := component_at(parts, page)) else "" for page in (1, 5, 6, 8)] == [
        "正本 1", "附件1 2", "附件2 1", "",
    ]  # fmt: skip
    assert not components_of([], 0)
