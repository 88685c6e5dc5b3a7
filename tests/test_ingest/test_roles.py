"""The parts of a document (正本, 附件, 定稿, 处理单): told by names, read in the order of filing, said in the package."""

from pathlib import Path

import pytest
from lxml import etree

from archives.record.names import role_of
from archives.record.record import ROLE, RepresentationName
from ingest.batch.page_order import Named, in_order
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
