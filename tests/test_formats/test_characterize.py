"""Files of others: identified, looked into, their text taken out; what is broken is a finding and kills nothing."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archives.errors import ToolError
from archives.record.record import FormatIdentification
from formats.characterize import Characterization, characterize
from formats.examined import look_at
from formats.identify import identify
from formats.page_image import is_page_source, load_page
from formats.processes.children import ChildExecutor
from formats.processes.opened import Opened
from formats.text import ExtractedText, extract_text
from tests.support.corpora import shared
from tests.support.files import SAMPLES as FILES
from tests.support.files import image_bytes, pdf_bytes, put, wave_bytes, zip_bytes
from tests.support.places import SAMPLES

DOCUMENTS = SAMPLES / "batches" / "990101-documents"


def look(path: Path) -> tuple[FormatIdentification, Characterization, ExtractedText]:
    """Do everything ingest does with a file, its first page too."""
    found = identify(path)
    character = characterize(path, found)
    if is_page_source(found.mime) and character.pages and not character.findings:
        load_page(path, found.mime, 0)
    return found, character, extract_text(path, found)


@pytest.mark.parametrize(
    ("suffix", "puid", "mime", "text"),
    [
        ("pdf", "fmt/", "application/pdf", "分级储备"),
        ("docx", "fmt/412", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "十二点四米"),
        ("ofd", None, "application/ofd", "防汛值班制度"),
        ("xlsx", "fmt/214", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "石桥"),
        ("eml", "fmt/", "message/rfc822", "汛期值班表"),
        ("txt", "x-fmt/111", "text/plain", "石桥水库"),
        ("jpg", "fmt/", "image/jpeg", None),
        ("wav", "fmt/", "audio/", None),
    ],
)
def test_each_kind_of_document_is_known_and_read(suffix: str, puid: str | None, mime: str, text: str | None) -> None:
    (path,) = (p for p in DOCUMENTS.iterdir() if p.name.endswith(f".{suffix}") and p.name.startswith("J019"))
    found, character, extracted = look(path)
    assert (found.puid or "").startswith(puid or "")
    assert found.mime.startswith(mime)
    assert character.findings == ()
    assert extracted.findings == ()
    assert text is None or text in "".join(extracted.pages)


def test_broken_files_are_findings(tmp_path: Path) -> None:
    cases = {
        "empty.pdf": b"",
        "no.jpg": b"no image at all",
        "cut.tif": b"II*\x00\x08\x00\x00\x00\x01\x00",
        "x.pdf": b"%PDF-1.4\n",
    }
    codes = {}
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)
        codes[name] = {finding.code for finding in look(tmp_path / name)[1].findings}
    assert codes["empty.pdf"] == {"file-empty"}
    assert all(codes.values())


@pytest.mark.parametrize("ending", ["ofd", "docx", "xlsx", "pptx", "odt"])
def test_a_document_that_is_a_bomb_is_said_to_be_one(tmp_path: Path, ending: str) -> None:
    character = look(put(tmp_path, f"a.{ending}", zip_bytes({"OFD.xml": b" " * (40 << 20)})))[1]
    told = {finding.code: finding.message.text("en") for finding in character.findings}
    assert "bomb" in told["file-unreadable"]


def test_a_zip_of_something_else_is_not_said_to_be_refused(tmp_path: Path) -> None:
    told = [look(put(tmp_path, name, zip_bytes({"a": "b"})))[1].findings for name in ("a.zip", "a.docx")]
    assert [[finding.code for finding in one] for one in told] == [[], ["extension-mismatch"]]


def test_a_wrong_extension_is_a_finding_and_the_format_is_known(tmp_path: Path) -> None:
    source = next(p for p in DOCUMENTS.iterdir() if p.suffix == ".jpg")
    wrong = tmp_path / "page.tif"
    wrong.write_bytes(source.read_bytes())
    found, character, _ = look(wrong)
    assert found.mime == "image/jpeg"
    assert [finding.code for finding in character.findings] == ["extension-mismatch"]


def codes(path: Path) -> list[str]:
    """Return what is found wrong with a file."""
    return [finding.code for finding in characterize(path, identify(path)).findings]


@pytest.mark.parametrize("name", FILES)
def test_a_whole_file_under_its_own_name_has_no_finding(tmp_path: Path, name: str) -> None:
    assert codes(put(tmp_path, name, FILES[name])) == []


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.pdf", image_bytes("JPEG"), ["extension-mismatch"]),
        ("a.bmp", image_bytes("PNG"), ["extension-mismatch"]),
        ("a.dat", image_bytes("BMP"), ["extension-mismatch"]),
        ("A.JPG", image_bytes("JPEG"), []),
        ("a.xyzzy", b"\x01\x02nothing", ["format-unknown"]),
        ("a.wav", b"no sound", ["extension-mismatch"]),
        ("a.wav", b"\x01no sound", ["format-unknown"]),
        ("a.wav", wave_bytes()[:20], ["file-unreadable"]),
        ("a.tif", image_bytes("TIFF")[:200], ["file-unreadable"]),
        ("a.pdf", pdf_bytes(password="secret"), ["file-encrypted"]),
        ("a.pdf", b"", ["file-empty"]),
        ("a.txt", "水位".encode(), []),
    ],
)
def test_what_is_wrong_with_a_file_is_told_once(tmp_path: Path, name: str, data: bytes, expected: list[str]) -> None:
    assert codes(put(tmp_path, name, data)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "a.json",
        "a.jsonl",
        "a.geojson",
        "a.log",
        "a.ini",
        "a.conf",
        "a.yaml",
        "a.toml",
        "a.sql",
        "a.py",
        "a.c",
        "a.js",
        "a.css",
        "a.bat",
        "a.tsv",
        "a.md",
        "a.dat",
        "a.bin",
        "a.xyzzy",
        "a",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_what_is_plainly_text_is_read_as_text_whatever_its_name(tmp_path: Path, name: str, encoding: str) -> None:
    path = put(tmp_path, name, '{"标题": "石桥水库防汛值班记录，水位十二点四米"}\n'.encode(encoding))
    with Opened.at(path) as opened:
        found, character, *_ = look_at(opened)
    read = extract_text(path, found)
    assert (character.findings, read.findings) == ((), ())
    assert "石桥水库" in read.pages[0]


def test_what_the_content_of_a_text_shows_besides_is_kept(tmp_path: Path) -> None:
    subtitle = put(tmp_path, "a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nhello\n")
    assert (identify(subtitle).puid, identify(subtitle).mime) == ("fmt/1218", "text/plain")
    assert identify(put(tmp_path, "a.json", b"{}")).mime == "application/json"
    assert codes(put(tmp_path, "a.mdb", b"no database")) == ["extension-mismatch"]
    assert codes(put(tmp_path, "a.json", bytes(range(256)))) == ["format-by-name-only"]


def test_a_broken_file_under_a_wrong_name_is_told_as_both(tmp_path: Path) -> None:
    assert codes(put(tmp_path, "a.png", image_bytes("TIFF")[:200])) == [
        "extension-mismatch",
        "file-unreadable",
    ]


def test_what_is_known_by_its_name_only_is_told_unless_it_is_text(tmp_path: Path) -> None:
    path = put(tmp_path, "a.bin", b"x")
    for mime, expected in (("application/x-nobody", ["format-by-name-only"]), ("text/csv", [])):
        known = FormatIdentification("fmt/0", "x", "", mime, "extension match", "match on extension only")
        assert [found.code for found in characterize(path, known).findings] == expected


def test_a_file_that_does_not_open_has_neither_properties_nor_pages(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf", b"%PDF-1.4\n")
    found = characterize(path, identify(path))
    assert (found.properties, found.pages) == ((), None)


@pytest.mark.parametrize("corpus", ["format-corpus", "hostile-images", "ofd", "scans"])
def test_no_file_of_others_kills_more_than_its_child(corpus: str) -> None:
    files = [path for path in sorted(shared(f"corpora/{corpus}").rglob("*")) if path.is_file()]
    assert files
    with ChildExecutor(2, timeout_seconds=20, memory_bytes=2 << 30) as children:
        for path, future in [(path, children.submit(look, path)) for path in files]:
            failure = future.exception()
            assert failure is None or isinstance(failure, ToolError) or type(failure).__name__ == "FormatError", path


def boxed(brand: bytes) -> bytes:
    """Return a JPEG 2000 file that says to be of another brand."""
    return image_bytes("JPEG2000").replace(b"ftypjp2 ", b"ftyp" + brand, 1)


def moving() -> bytes:
    """Return a PNG that moves."""
    out = io.BytesIO()
    frames = [Image.new("L", (40, 30), grey) for grey in (255, 0)]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpf", boxed(b"jpx ")),
        ("a.jp2", boxed(b"jpx ")),
        ("a.j2k", image_bytes("JPEG2000")[image_bytes("JPEG2000").index(b"\xff\x4f\xff\x51") :]),
        ("a.webp", image_bytes("WEBP", dpi=None)),
    ],
    ids=["JPX", "JPX as JP2", "codestream", "WebP"],
)
def test_an_image_is_one_page_under_any_name_that_it_usually_has(tmp_path: Path, name: str, data: bytes) -> None:
    path = put(tmp_path, name, data)
    seen = characterize(path, identify(path))
    assert (seen.pages, seen.findings) == (1, ())


def test_of_a_moving_picture_the_first_is_a_page_and_the_others_are_told(tmp_path: Path) -> None:
    path = put(tmp_path, "a.png", moving())
    seen = characterize(path, identify(path))
    assert (seen.pages, [found.code for found in seen.findings]) == (1, ["pictures-beside-page"])


def test_a_tiff_of_the_large_kind_is_a_page(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("L", (60, 40), 200).save(out, "TIFF", big_tiff=True)
    path = put(tmp_path, "a.tif", out.getvalue())
    found = identify(path)
    assert (found.mime, characterize(path, found).pages) == ("image/tiff", 1)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_an_image_that_is_cut_short_is_damaged_and_not_unknown(tmp_path: Path, form: str) -> None:
    rng = np.random.default_rng(1)
    out = io.BytesIO()
    Image.fromarray(rng.integers(0, 255, (200, 200), dtype=np.uint8)).save(out, form)
    path = put(tmp_path, f"a.{form.lower()}", out.getvalue()[: len(out.getvalue()) // 2])
    assert codes(path) == ["image-damaged"]
