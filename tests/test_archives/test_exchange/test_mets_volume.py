"""A volume says in METS what its pages are called and which item stands on which, and is read back as it was."""

from dataclasses import replace
from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archives.exchange.description_xml import write_items_xml, write_record_xml
from archives.exchange.mets import MetadataFile, write_mets
from archives.exchange.package_metadata import read_record
from archives.exchange.premis import write_premis
from archives.record.checksum import digests_of
from archives.record.description import Description
from archives.record.identifiers import parse_archival_code
from archives.record.record import FileObject, FormatIdentification, Record, Representation, RepresentationName
from archives.record.volume.structure import VolumeItem, VolumeStructure
from tests.test_archives.test_exchange.test_package_metadata import XML_TEXT, documents_of, make_record, schema

LABELS = {1: "FM", 2: "ML001", 3: "001", 4: "002", 5: "002-1", 6: "003", 7: "BK"}
DESCRIPTIVE = PurePosixPath("data/metadata/descriptive")


def item(number: int, *pages: int, title: str = "关于<防汛>&的通知") -> VolumeItem:
    """Return an item of the volume J2-17."""
    description = Description(parse_archival_code(f"J2-17-{number:03}"), title, pages=len(pages))
    return VolumeItem(f"00000000-0000-4000-8000-{number:012}", description, pages)


def volume_of(structure: VolumeStructure) -> Record:
    """Return a volume of seven pages."""
    jpeg = FormatIdentification("fmt/43", "JPEG", "1.01", "image/jpeg", "byte match")
    files = tuple(
        FileObject(
            PurePosixPath(f"data/representations/original/data/{page}.jpg"),
            digests_of(b"x"),
            jpeg,
            f"{page}.jpg",
            page=page,
        )
        for page in LABELS
    )
    return make_record(representations=(Representation(RepresentationName.ORIGINAL, files),), volume=structure)


def written(record: Record) -> tuple[bytes, bytes, bytes, bytes]:
    """Return METS, PREMIS, record.xml and items.xml."""
    assert record.volume is not None
    premis, items = write_premis(record), write_items_xml(record.volume.items)
    said = write_record_xml(record.description, record.repository, record.fonds, batch_id=record.batch_id, level="案卷")
    files = [
        MetadataFile(DESCRIPTIVE / "record.xml", digests_of(said), "DA/T 46"),
        MetadataFile(DESCRIPTIVE / "items.xml", digests_of(items), "DA/T 46"),
        MetadataFile(PurePosixPath("data/metadata/preservation/premis.xml"), digests_of(premis), "PREMIS"),
    ]
    return write_mets(record, metadata_files=files, software_version="1"), premis, said, items


STRUCTURE = VolumeStructure(LABELS, (item(1, 3, 4, 5), item(2, 5, 6)))


def test_a_volume_is_read_back_as_it_was() -> None:
    record = volume_of(STRUCTURE)
    assert read_record(*written(record)) == record


def test_a_volume_is_its_items_in_order_with_their_pages_and_those_between_are_its_own() -> None:
    root = etree.fromstring(written(volume_of(STRUCTURE))[0])
    (volume,) = root.iterfind(".//{*}div[@TYPE='volume']")
    told = [(one.get("TYPE"), one.get("ORDERLABEL"), [page.get("ORDERLABEL") for page in one]) for one in volume]
    assert [(kind, label) for kind, label, _ in told] == [
        ("page", "FM"), ("page", "ML001"), ("item", "J2-17-001"), ("item", "J2-17-002"), ("page", "BK"),
    ]  # fmt: skip
    assert [pages for kind, _, pages in told if kind == "item"] == [["001", "002", "002-1"], ["002-1", "003"]]
    (first, _) = volume.iterfind("{*}div[@TYPE='item']")
    assert first.get("CONTENTIDS") == "urn:uuid:00000000-0000-4000-8000-000000000001"
    reference = root.find(f".//{{*}}dmdSec[@ID='{first.get('DMDID')}']/{{*}}mdRef")
    assert reference is not None
    assert reference.get("{http://www.w3.org/1999/xlink}href", "").endswith("items.xml")
    (cover,) = root.iterfind(".//{*}structMap[@ID='pages']//{*}div[@ORDERLABEL='FM']")
    assert (cover.get("ORDER"), cover.get("LABEL")) == ("1", "封面")


def test_mets_of_a_volume_is_valid() -> None:
    judge = schema("mets.xsd")
    for structure in (
        STRUCTURE,
        VolumeStructure(LABELS),
        VolumeStructure({}, (item(1),)),
        replace(STRUCTURE, labels={}),
    ):
        assert judge.validate(etree.fromstring(written(volume_of(structure))[0])), judge.error_log


def test_a_record_that_is_no_volume_is_written_as_before() -> None:
    mets = documents_of(make_record())[0]
    assert b"ORDERLABEL" not in mets
    assert b'LABEL="page 1"' in mets
    assert b"items" not in mets
    assert read_record(*documents_of(make_record())).volume is None


@given(title=XML_TEXT, labels=st.lists(XML_TEXT.filter(str.strip), min_size=7, max_size=7))
def test_titles_and_labels_of_any_letters_are_read_back(title: str, labels: list[str]) -> None:
    called = VolumeStructure(dict(zip(LABELS, labels, strict=True)), (item(1, 3, title=title),))
    record = volume_of(called)
    assert read_record(*written(record)) == record


def test_the_same_page_is_one_file_whoever_stands_on_it() -> None:
    mets = etree.fromstring(written(volume_of(replace(STRUCTURE, items=(item(1, 3), item(2, 3)))))[0])
    pages = mets.findall(".//{*}div[@TYPE='item']/{*}div[@ORDERLABEL='001']/{*}fptr")
    assert [page.get("FILEID") for page in pages] == ["ID-original-3", "ID-original-3"]
