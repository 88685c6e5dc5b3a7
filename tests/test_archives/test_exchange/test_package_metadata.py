"""METS, PREMIS and description: valid against their schemas, and read back as they were written."""

from datetime import UTC, date, datetime
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from archives.errors import FormatError
from archives.exchange.alto import read_alto, write_alto
from archives.exchange.description_xml import write_dc, write_record_xml
from archives.exchange.mets import MetadataFile, write_mets
from archives.exchange.package_metadata import read_record
from archives.exchange.premis import write_premis
from archives.exchange.xml import parse_xml
from archives.findings import warning
from archives.message import message
from archives.record.checksum import digests_of
from archives.record.dates.parse import parse_record_date
from archives.record.description import (
    Description,
    Fonds,
    Repository,
    SecurityClassification,
    parse_retention,
)
from archives.record.identifiers import PackageId, RepositoryCode, parse_archival_code
from archives.record.record import (
    Agent,
    AgentKind,
    Event,
    EventOutcome,
    FileObject,
    FormatIdentification,
    Record,
    Representation,
    RepresentationName,
)
from archives.text.page import Box, Line, Page, Word
from tests.support.corpora import shared
from tests.support.places import SHARED

SCHEMAS = SHARED / "schemas"
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40
)


def make_record(**changed: object) -> Record:
    """Return a record that uses every element."""
    home = Repository(RepositoryCode("990001"), "岭澜省档案馆", "Linglan", "馆", RepositoryCode("990000"))
    description = Description(
        code=parse_archival_code("Z109-WS·2011-Y-BGS-0001"),
        title="关于<防汛>&“水利”的通知",
        author="办公厅",
        document_number="岭府办〔2011〕1号",
        formed=parse_record_date("2011年9月"),
        year=2011,
        retention=parse_retention("D30"),
        security=SecurityClassification.CONFIDENTIAL,
        declassified_on=date(2021, 1, 1),
        declassification_basis="通知",
        opening_proposal="开放",
        pages=1,
        note="附注",
        other=(("盒号", "007"), ("盒号 *", "8")),
    )
    original = FileObject(
        PurePosixPath("data/representations/original/data/页 1.jpg"),
        digests_of(b"x"),
        FormatIdentification("fmt/43", "JPEG", "1.01", "image/jpeg", "byte match", "careful"),
        "卷/a%0Ab.jpg",
        page=1,
        properties=(("width_px", "3"),),
    )
    text = FileObject(
        PurePosixPath("data/representations/text/data/0001.txt"),
        digests_of(b"y"),
        FormatIdentification(None, "text", "", "text/plain", "", ""),
        "0001.txt",
        page=1,
        derived_from=(original.path,),
        created_by="PP-OCR",
    )
    fields: dict[str, object] = {
        "package_id": PackageId("00000000-0000-4000-8000-000000000001"),
        "description": description,
        "repository": home,
        "fonds": Fonds(home.code, "Z109", "全宗", "办公厅", "1980-2015", "介绍"),
        "representations": (
            Representation(RepresentationName.ORIGINAL, (original,)),
            Representation(RepresentationName.TEXT, (text,)),
        ),
        "events": (Event("ingestion", MOMENT, "d", EventOutcome.SUCCESS, "甲", "note", (original.path,)),),
        "agents": (Agent("jinkui 1", AgentKind.SOFTWARE, "1"), Agent("甲", AgentKind.PERSON)),
        "created_at": MOMENT,
        "findings": (
            warning("x", message("坏{n}{m}", "bad{n}{m}", n=1, m=message("二", "two")), file="f", row=3, cell="C3"),
        ),
        "batch_id": "b",
        "empty_folders": (PurePosixPath("data/representations/original/data/附件/空 1"),),
    }
    return Record(**{**fields, **changed})  # type: ignore[arg-type]  # the fields above


def documents_of(record: Record) -> tuple[bytes, bytes, bytes]:
    """Return METS, PREMIS and record.xml."""
    premis = write_premis(record)
    described = write_record_xml(
        record.description, record.repository, record.fonds, batch_id=record.batch_id, level="文件"
    )
    files = [
        MetadataFile(PurePosixPath("data/metadata/descriptive/record.xml"), digests_of(described), "DA/T 46"),
        MetadataFile(PurePosixPath("data/metadata/preservation/premis.xml"), digests_of(premis), "PREMIS"),
    ]
    return write_mets(record, metadata_files=files, software_version="1"), premis, described


class _Local(etree.Resolver):
    def resolve(self, system_url: str | None, public_id: str | None, context: object) -> object:  # type: ignore[override]  # lxml-stubs names an opaque type
        name = (system_url or "").rpartition("/")[2]
        return self.resolve_filename(str(SCHEMAS / name), context)


def schema(name: str) -> etree.XMLSchema:
    """Return a published schema, without a network; skips where the schemas are absent."""
    place = shared(f"schemas/{name}")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(str(place), parser))


def test_a_record_comes_back_equal() -> None:
    record = make_record()
    assert read_record(*documents_of(record)) == record


@settings(max_examples=60)
@given(title=XML_TEXT, other=XML_TEXT)
def test_any_title_comes_back(title: str, other: str) -> None:
    record = make_record()
    described = record.description.__class__(record.description.code, title=title, other=(("列", other),))
    changed = make_record(description=described)
    assert read_record(*documents_of(changed)).description == described


def test_characters_that_xml_cannot_hold_do_not_lose_the_record() -> None:
    record = make_record()
    described = record.description.__class__(record.description.code, title="a\x00b\x1bc")
    back = read_record(*documents_of(make_record(description=described)))
    assert back.description.title == "a\ufffdb\ufffdc"


def test_mets_and_premis_are_valid() -> None:
    mets, premis, _ = documents_of(make_record())
    for name, document in (("mets.xsd", mets), ("premis-v3-0.xsd", premis)):
        judge = schema(name)
        assert judge.validate(etree.fromstring(document)), judge.error_log
    assert b"Z109" in write_dc(make_record().description, make_record().repository, identifier="urn:x", types=("Text",))


def test_alto_is_valid_and_comes_back() -> None:
    words = (Word("防汛", Box(1, 2, 30, 10), 0.9876), Word("\U00020000", Box(31, 2, 9, 10), 1.0))
    page = Page(100, 200, 300, "zh-Hant", "vertical", (Line(words, Box(1, 2, 39, 10), " "),), "PP-OCR")
    data = write_alto(page, image_name="a&b.jpg", software="jinkui")
    judge = schema("alto-4-3.xsd")
    assert judge.validate(etree.fromstring(data)), judge.error_log
    assert read_alto(data) == page


@pytest.mark.parametrize(
    "data",
    [b"", b"<a>", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>'],
)
def test_hostile_xml_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        parse_xml(data)


def test_every_hostile_sample_is_refused() -> None:
    folder = shared("corpora/hostile-xml")
    samples = [path for path in folder.rglob("*.xml") if b"<!" in path.read_bytes() and b"DOCTYPE" in path.read_bytes()]
    assert samples
    for path in samples:
        with pytest.raises(FormatError):
            parse_xml(path.read_bytes())
