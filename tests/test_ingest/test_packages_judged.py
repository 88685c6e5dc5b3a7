"""What a package says it is, and whether validators that nobody here wrote find it valid: METS, CSIP, AIP."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from lxml import etree

from archives.record.checksum import digests_of
from archives.record.description import Description
from archives.record.identifiers import PackageId, parse_archival_code
from archives.record.record import FormatIdentification, PackageKind
from archives.record.volume.structure import VolumeItem, VolumeStructure
from formats.processes.tools import run_tool
from ingest.contents import Contents, KeptAttachment, PageText
from ingest.package import build_package
from preservation.package.new_package import DC, METS, RECORD_XML, NewPackage
from tests.support.files import docx_bytes, image_bytes, mail_bytes, pdf_bytes, put, wave_bytes, xlsx_bytes
from tests.support.intake import examined, planned
from tests.support.places import SHARED
from tests.test_archives.test_exchange.test_package_metadata import SCHEMAS
from tests.test_ingest.test_package import PACKAGING, content_of, scanned

JUDGE = SHARED / "tools" / "judge"
MAIL = mail_bytes(attachment="a.txt")
OLD_VOLUME, BY_ITEM, PHOTOGRAPH, OBJECT, SOUND = (
    "J019-2-15",
    "J019-WS·2014·Y·办公室-0001",
    "J019-ZP·2014·Y·办公室-0107",
    "J019-SW·2014·Y·办公室-0001",
    "J019-LY·2014·D10·办公室-0108",
)


def package_of(
    contents: Contents, code: str = BY_ITEM, kind: PackageKind = PackageKind.RECORD, number: int = 1
) -> NewPackage:
    """Return the package of a record with this code."""
    packaging = replace(PACKAGING, package_id=PackageId(f"00000000-0000-4000-8000-{number:012}"), kind=kind)
    return build_package(Description(parse_archival_code(code), "题<名>&"), contents, (), packaging)


def contents_of(folder: Path, *files: tuple[str, bytes]) -> Contents:
    """Return original files, each with a page of text of its own."""
    seen = examined(*(planned(folder / name, data=data) for name, data in files)).files
    return Contents(seen, (1,) * len(seen), page_texts=tuple(PageText(n + 1, n, "text") for n in range(len(seen))))


def said_of(package: NewPackage) -> tuple[str, list[str], str]:
    """Return a package's content category, DCMI types and level of aggregation."""
    mets, dc, record = (etree.fromstring(content_of(package, path)) for path in (METS, DC, RECORD_XML))
    types = [element.text or "" for element in dc.iter("{*}type")]
    (level,) = (element.text or "" for element in record.iter("{*}聚合层次"))
    return mets.get("TYPE", ""), types, level


@pytest.mark.parametrize(
    ("code", "files", "said"),
    [
        (BY_ITEM, {"a.docx": docx_bytes("字")}, ("Textual works – Digital", ["Text"], "文件")),
        (BY_ITEM, {"a.eml": MAIL}, ("Textual works – Digital", ["Text"], "文件")),
        (BY_ITEM, {"a.tif": image_bytes()}, ("Textual works – Print", ["Text"], "文件")),
        (BY_ITEM, {"a.xlsx": xlsx_bytes((1, 2))}, ("Datasets", ["Dataset"], "文件")),
        (PHOTOGRAPH, {"a.jpg": image_bytes()}, ("Photographs – Digital", ["StillImage"], "文件")),
        (SOUND, {"a.wav": wave_bytes()}, ("Audio – Media-independent (digital)", ["Sound"], "文件")),
        (OBJECT, {"a.jpg": image_bytes()}, ("Physical object", ["PhysicalObject"], "文件")),
        (OLD_VOLUME, {"a.jpg": image_bytes()}, ("Other Graphic Images – Digital", ["StillImage"], "案卷")),
        (OLD_VOLUME, {"a.bin": b"\x00\x01\x02\xff"}, ("Other", [], "案卷")),
        (
            PHOTOGRAPH,
            {"a.jpg": image_bytes(), "Thumbs.db": b"\xd0\xcf\x11\xe0", ".DS_Store": b"\x00"},
            ("Photographs – Digital", ["StillImage"], "文件"),
        ),
        (PHOTOGRAPH, {"a.jpg": image_bytes(), "b.wav": wave_bytes()}, ("Mixed", ["StillImage", "Sound"], "文件")),
    ],
)
def test_a_package_says_what_it_is_and_no_constant(
    tmp_path: Path, code: str, files: dict[str, bytes], said: tuple[str, list[str], str]
) -> None:
    assert said_of(package_of(contents_of(tmp_path, *files.items()), code)) == said


def test_what_was_read_from_a_picture_was_on_paper(tmp_path: Path) -> None:
    assert said_of(package_of(scanned(tmp_path), OLD_VOLUME))[:2] == ("Textual works – Print", ["Text"])
    assert said_of(package_of(scanned(tmp_path / "b"), PHOTOGRAPH))[:2] == ("Photographs – Digital", ["StillImage"])


def test_a_picture_in_which_no_word_was_read_is_no_writing_on_paper(tmp_path: Path) -> None:
    contents = scanned(tmp_path)
    for page in contents.read_pages:
        page.text.write_bytes(b"\n")
    assert said_of(package_of(contents, OLD_VOLUME))[:2] == ("Other Graphic Images – Digital", ["StillImage"])


def test_what_a_batch_came_with_is_no_record(tmp_path: Path) -> None:
    package = package_of(contents_of(tmp_path, ("a.csv", b"a,b\n")), "BATCH-1", PackageKind.SUBMISSION)
    assert said_of(package)[2] == "批次"


def odd_packages(folder: Path) -> Iterator[NewPackage]:
    """Yield packages of every kind of content, one of a file whose media type nobody registered, one without a file."""
    yield package_of(scanned(folder / "scans"), BY_ITEM, number=1)
    files = {"a b+c&#é 字.pdf": pdf_bytes(), "m.eml": MAIL, "a.wav": wave_bytes(), "a.jpg": image_bytes()}
    yield package_of(contents_of(folder / "files", *files.items()), PHOTOGRAPH, number=2)
    yield package_of(Contents((), ()), OLD_VOLUME, number=3)
    yield package_of(contents_of(folder / "in", ("a.csv", b"a,b\n")), "BATCH-1", PackageKind.SUBMISSION, number=4)
    (one,) = contents_of(folder / "odd", ("a.bin", b"\x00\x01")).originals
    odd = FormatIdentification("fmt/0", "Odd", "", "image/x-nobody; version=1", "")
    yield package_of(Contents((replace(one, format=odd),), (0,)), BY_ITEM, number=5)
    mail = contents_of(folder / "mail", ("m.eml", MAIL))
    taken = put(folder, "taken", b"x")
    kept = KeptAttachment(0, "b/名 单.txt", taken, digests_of(b"x"), odd, 2)
    texts = (*mail.page_texts, PageText(2, 0, "x", 0))
    yield package_of(replace(mail, page_texts=texts, attachments=(kept,)), BY_ITEM, number=6)
    items = tuple(
        VolumeItem(
            f"00000000-0000-4000-8000-{90 + n:012}", Description(parse_archival_code(f"{OLD_VOLUME}-{n}"), "件"), (n,)
        )
        for n in (1, 2)
    )
    volume = VolumeStructure({1: "FM", 2: "001"}, items)
    yield package_of(replace(scanned(folder / "volume"), volume=volume), OLD_VOLUME, number=7)


def test_mets_is_valid_with_the_words_of_e_ark(tmp_path: Path) -> None:
    words = SCHEMAS / "csip-vocabularies" / "CSIPVocabularyContentCategory.xml"
    if not words.exists():
        pytest.skip("../shared/schemas is not beside the repository")
    terms = {element.text for element in etree.parse(str(words)).iter("{*}Term")}
    for package in odd_packages(tmp_path):
        root = etree.fromstring(content_of(package, METS))
        assert root.get("TYPE") in terms
        assert all(division.get("LABEL") for division in root.iter("{*}div"))
        assert all(file.get("ID", "").startswith("ID") for file in root.iter("{*}file"))


def test_nobody_s_validator_of_e_ark_packages_finds_an_error(tmp_path: Path) -> None:
    if not JUDGE.exists() or not shutil.which("java"):
        pytest.skip("../shared/tools/judge or Java is not there")
    for package in odd_packages(tmp_path):
        folder, reports = tmp_path / "packages" / package.package_id.urn, tmp_path / package.package_id.value
        reports.mkdir()
        for file in package.payload:
            target = folder / file.path.relative_to(PurePosixPath("data"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content_of(package, file.path))
        command = [str(JUDGE), "csip", "-i", str(folder), "-o", str(reports)]
        run_tool(command, timeout_seconds=240, environment={"JAVA_HOME": ""}, folder=tmp_path)  # it leaves a log
        (report,) = (json.loads(written.read_text("utf-8")) for written in reports.glob("*.json"))
        wrong = [(one["id"], one["testing"]["issues"]) for one in report["validation"] if one["testing"].get("issues")]
        assert report["summary"]["result"] == "VALID", wrong
