"""Files embedded in documents, workbooks and presentations are read by themselves, or it is said how many are not."""

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import olefile
import pytest

from formats.identify import identify
from formats.text import ExtractedText, extract_text
from tests.support.compound_files import compound_bytes, doc_bytes, ppt_bytes
from tests.support.files import SAMPLES, docx_bytes, image_bytes, odt_bytes, put, xlsx_bytes, zip_bytes

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
WORD = "嵌入的文字"


def read(folder: Path, name: str, data: bytes) -> ExtractedText:
    """Return the text of a file with what is embedded in it."""
    path = put(folder, name, data)
    return extract_text(path, identify(path))


def native_bytes(name: str, data: bytes) -> bytes:
    """Return a stream in which a program packed a file ([MS-OLEDS] 2.3.6)."""
    named = name.encode("gb18030") + b"\0"
    place = b"C:\\temp\\" + named
    body = struct.pack("<H", 2) + named + place + struct.pack("<HHI", 0, 3, len(place)) + place
    body += struct.pack("<I", len(data)) + data
    return struct.pack("<I", len(body)) + body


def with_parts(data: bytes, sheet: str, parts: Mapping[str, tuple[str, bytes]], folder: Path) -> bytes:
    """Return a package with more parts, each with what it is to one of its parts."""
    with zipfile.ZipFile(put(folder, "base", data)) as base:
        members: dict[str, bytes | str] = {name: base.read(name) for name in base.namelist()}
    place, _, name = sheet.rpartition("/")
    rows = "".join(
        f'<Relationship Id="e{n}" Type="{OFFICE}/{kind}" Target="/{part}"/>'
        for n, (part, (kind, _)) in enumerate(parts.items())
    )
    members[f"{place}/_rels/{name}.rels"] = f'<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'
    return zip_bytes(members | {part: inside for part, (_, inside) in parts.items()})


def streams_of(data: bytes) -> dict[str, bytes]:
    """Return the streams of a compound file."""
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        return {name: file.openstream(name).read() for (name,) in file.listdir()}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("package", docx_bytes(WORD)),
        ("oleObject", compound_bytes({"\x01Ole10Native": native_bytes("说明.txt", WORD.encode())})),
        ("oleObject", compound_bytes({"Package": docx_bytes(WORD)})),
        ("oleObject", doc_bytes(WORD)),
    ],
)
def test_what_is_embedded_in_a_sheet_is_read(tmp_path: Path, kind: str, data: bytes) -> None:
    parts = {"xl/embeddings/a.bin": (kind, data)}
    extracted = read(tmp_path, "a.xlsx", with_parts(xlsx_bytes(), "xl/worksheets/sheet1.xml", parts, tmp_path))
    assert WORD in extracted.pages[-1]
    assert extracted.findings == ()


def test_what_is_embedded_in_a_word_document_of_before_2007_is_read_or_counted(tmp_path: Path) -> None:
    document = compound_bytes(
        {
            **streams_of(doc_bytes("正文")),
            "ObjectPool/Package": docx_bytes(WORD),
        }
    )
    extracted = read(tmp_path, "a.doc", document)
    assert extracted.pages[0] == "正文"
    assert WORD in extracted.pages[1]
    rich = compound_bytes({**streams_of(doc_bytes("正文")), "ObjectPool/Contents": rb"{\rtf1 RICHWORD}"})
    assert read(tmp_path, "c.doc", rich).pages[1].strip("\0") == "RICHWORD"
    unknown = compound_bytes({**streams_of(doc_bytes("正文")), "ObjectPool/\x01Ole": b"x", "ObjectPool/Data": b"y"})
    assert [found.code for found in read(tmp_path, "b.doc", unknown).findings] == ["embedded-not-read"]


def test_what_is_embedded_in_a_presentation_of_before_2007_is_read_or_counted(tmp_path: Path) -> None:
    unknown = compound_bytes({"Data": b"x"})
    extracted = read(tmp_path, "a.ppt", ppt_bytes("一", embedded=[doc_bytes(WORD), unknown, unknown]))
    assert extracted.pages == ("一", WORD)
    (found,) = extracted.findings
    assert (found.code, "2" in found.message.text("en")) == ("text-no-reader", True)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx", "a.odt"])
def test_pictures_in_a_document_are_said_not_to_be_read_and_icons_are_not(tmp_path: Path, name: str) -> None:
    folder = {"a.docx": "word/media/", "a.xlsx": "xl/media/", "a.pptx": "ppt/media/", "a.odt": "Pictures/"}[name]
    pictures = {f"{folder}1.png": image_bytes(size=(600, 300)), f"{folder}2.png": image_bytes(size=(64, 64))}
    pictures |= {
        f"{folder}3.emf": b"x",
        f"{folder}4.jpg": b"broken",
        "docProps/media.png": image_bytes(size=(600, 300)),
    }
    path = put(tmp_path, name, SAMPLES[name])
    with zipfile.ZipFile(path, "a") as archive:
        for place, data in pictures.items():
            archive.writestr(place, data)
    (found,) = extract_text(path, identify(path)).findings
    assert (found.code, str(found.severity), "2" in found.message.text("en")) == ("pictures-not-read", "note", True)


def test_a_document_of_pictures_only_still_says_that_it_gives_no_text(tmp_path: Path) -> None:
    path = put(tmp_path, "a.odt", odt_bytes("<text:p/>"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("Pictures/1.png", image_bytes(size=(600, 300)))
    codes = [found.code for found in extract_text(path, identify(path)).findings]
    assert codes == ["pictures-not-read", "text-none"]


def test_a_compound_file_with_nothing_that_is_read_says_so(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "a.bin", compound_bytes({"Data": b"x"})).findings
    assert found.code == "text-no-reader"


def test_what_a_chart_was_drawn_from_is_its_text(tmp_path: Path) -> None:
    chart = (
        '<c:chartSpace xmlns:c="c"><c:cat><c:strRef><c:strCache><c:pt><c:v>一月</c:v></c:pt></c:strCache></c:strRef>'
        "</c:cat><c:val><c:numRef><c:numCache><c:pt><c:v>12.5</c:v></c:pt></c:numCache></c:numRef></c:val></c:chartSpace>"
    )
    parts = {"word/charts/chart1.xml": ("chart", chart.encode())}
    text = read(tmp_path, "a.docx", with_parts(docx_bytes("正文"), "word/document.xml", parts, tmp_path)).pages[0]
    assert ("一月" in text, "12.5" in text) == (True, True)
