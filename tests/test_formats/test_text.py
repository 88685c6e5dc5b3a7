"""Text is taken out of whatever has any; what cannot be read is one finding and never an exception."""

import os
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives.advice import ADVICE
from archives.record.record import FormatIdentification
from formats.characterize import characterize
from formats.identify import identify
from formats.kinds.kind import Enclosed, Kind
from formats.kinds.office import by_libreoffice
from formats.kinds.office.by_libreoffice import program_folder
from formats.kinds.registry import KINDS, kind_of
from formats.processes.opened import Opened
from formats.text import ExtractedText, TextLimits, extract_text, extract_text_apart
from tests.support.compound_files import doc_bytes
from tests.support.files import SAMPLES, image_bytes, odt_bytes, ofd_bytes, pdf_bytes, put, zip_bytes

TOLD = {
    "text-not-extracted",
    "text-none",
    "encoding-doubtful",
    "encoding-broken",
    "encoding-guessed",
    "text-incomplete",
}
WITHOUT_READER = ("a.7z",)
BY_LIBREOFFICE = frozenset(by_libreoffice.KIND.endings)
READ = sorted(mime for kind in KINDS if kind.read for mime in kind.endings)


def told_of(mime: str) -> set[str]:
    """Return what may be told of a format; of one that LibreOffice reads, where that is not installed, only that nothing does."""
    return {"text-no-reader"} if mime in BY_LIBREOFFICE and program_folder() is None else TOLD


def as_type(mime: str) -> FormatIdentification:
    """Return an identification that says so much."""
    return FormatIdentification("fmt/0", "x", "", mime, "")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_gives_its_text_or_none_and_no_finding(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, name, SAMPLES[name])
    found = identify(path)
    extracted = extract_text(path, found)
    assert [told.code for told in extracted.findings] == (["text-no-reader"] if name in WITHOUT_READER else [])
    assert bool("".join(extracted.pages)) is (found.mime in READ)


@pytest.mark.parametrize("mime", READ)
@pytest.mark.parametrize("data", [b"", b"\0\xff\xfe" * 20, b"<" * 50], ids=["empty", "rubbish", "marks"])
def test_rubbish_under_any_name_is_text_or_one_finding(tmp_path: Path, mime: str, data: bytes) -> None:
    path = put(tmp_path, "a", data)
    extracted = extract_text(path, as_type(mime))
    assert {found.code for found in extracted.findings} <= told_of(mime)
    assert "".join(extracted.pages) or extracted.findings or not data or characterize(path, as_type(mime)).findings


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.rtf", rb"{\rtf1 a{\v SECRET}}"),
        ("a.doc", doc_bytes("a\r", "SECRET\r", unseen=[1])),
        ("a.odt", odt_bytes("<text:p>a</text:p><text:tracked-changes><text:deletion/></text:tracked-changes>")),
    ],
)
def test_text_that_is_left_out_because_nobody_sees_it_is_noted_and_not_quoted(
    tmp_path: Path, name: str, data: bytes
) -> None:
    path = put(tmp_path, name, data)
    extracted = extract_text(path, identify(path))
    assert extracted.pages == ("a",)
    (found,) = extracted.findings
    assert (found.code, str(found.severity)) == ("hidden-text-left-out", "note")
    assert "SECRET" not in str(found.message)


def test_a_file_that_vanished_is_a_finding(tmp_path: Path) -> None:
    assert [f.code for f in extract_text(tmp_path / "gone", as_type("text/plain")).findings] == ["text-not-extracted"]


def test_a_kind_without_text_gives_nothing_and_no_finding(tmp_path: Path) -> None:
    assert extract_text(put(tmp_path, "a.wav", b"x"), as_type("audio/wav")) == ExtractedText()


@pytest.mark.parametrize(
    "mime", ["video/mp4", "video/x-msvideo", "audio/mpeg", "audio/wav", "application/x-7z-compressed", "x/y"]
)
def test_a_kind_that_nothing_reads_is_told_the_same_where_it_is_opened_apart(tmp_path: Path, mime: str) -> None:
    path = put(tmp_path, "a", b"x" * 20)
    with Opened(os.open(path, os.O_RDONLY), "卷/名.bin") as opened:
        assert extract_text_apart(opened, as_type(mime)) == extract_text(path, as_type(mime))


def test_what_nothing_reads_is_kept_and_said_to_be_unread(tmp_path: Path) -> None:
    drawing = FormatIdentification("fmt/21", "AutoCAD Drawing", "R14", "image/vnd.dwg", "byte match")
    (found,) = extract_text(put(tmp_path, "a.dwg", b"x"), drawing).findings
    assert found.code == "text-no-reader"
    assert "AutoCAD Drawing R14" in found.message.text("en")


def test_a_file_without_a_letter_is_said_to_give_no_text(tmp_path: Path) -> None:
    blank = put(tmp_path, "a.ofd", ofd_bytes((10, 10, " ")))
    assert [found.code for found in extract_text(blank, identify(blank)).findings] == ["text-none"]


def test_pages_that_can_be_drawn_are_left_to_be_recognised(tmp_path: Path) -> None:
    scanned = put(tmp_path, "a.pdf", pdf_bytes(jpeg=image_bytes("JPEG")))
    assert extract_text(scanned, identify(scanned)) == ExtractedText(("",))


def test_files_inside_files_are_read_to_a_depth_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = iter([Enclosed("a.log", "水位".encode()), Enclosed("b.xyz", b"\x01\x02")])
    box = Kind(endings={"x/box": ()}, look=None, draw=None, read=lambda path: iter(inside))
    monkeypatch.setattr("formats.text.kind_of", lambda mime: box if mime == "x/box" else kind_of(mime))
    extracted = extract_text(put(tmp_path, "a", b"x"), as_type("x/box"))
    assert extracted.pages == ("水位",)
    (found,) = extracted.findings
    assert found.code == "text-no-reader"
    assert "b.xyz" in found.message.text("en")


def test_a_file_that_holds_itself_is_not_read_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Kind(endings={"x/box": ()}, look=None, draw=None, read=lambda path: iter([Enclosed("a", b"x")]))
    monkeypatch.setattr("formats.text.kind_of", lambda mime: endless)
    extracted = extract_text(put(tmp_path, "a", b"x"), as_type("x/box"))
    assert [found.code for found in extracted.findings] == ["text-not-extracted"]
    assert "a/a/a" in extracted.findings[0].message.text("en")


def test_line_ends_blanks_and_zeros_are_made_plain(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", b"\r\n\r\none  \r\n\0two\r  three\n\n")
    assert extract_text(path, as_type("text/plain")).pages == ("one\ntwo\n  three",)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (TextLimits(pages=1), ("page 1",)),
        (TextLimits(characters=8), ("page 1", "pa")),
        (TextLimits(pages=2, characters=12), ("page 1", "page 2")),
    ],
)
def test_text_beyond_a_limit_is_left_out_and_told(
    tmp_path: Path, limits: TextLimits, expected: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = Kind(endings={"x/pages": ()}, look=None, draw=None, read=lambda path: iter(["page 1", "page 2", "page 3"]))
    monkeypatch.setattr("formats.text.kind_of", lambda mime: many)
    extracted = extract_text(tmp_path / "a", as_type("x/pages"), limits)
    assert extracted.pages == expected
    assert [found.code for found in extracted.findings] == ["text-cut-off"]
    assert extract_text(tmp_path / "a", as_type("x/pages")) == ExtractedText(("page 1", "page 2", "page 3"))


def test_halves_of_characters_can_be_written_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    half = Kind(endings={"x/half": ()}, look=None, draw=None, read=lambda path: iter(["a\ud800b"]))
    monkeypatch.setattr("formats.text.kind_of", lambda mime: half)
    assert extract_text(tmp_path / "a", as_type("x/half")).pages == ("a?b",)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(mime=st.sampled_from(READ), data=st.binary(max_size=300))
def test_any_bytes_are_plain_text_or_one_finding(
    tmp_path_factory: pytest.TempPathFactory, mime: str, data: bytes
) -> None:
    extracted = extract_text(put(tmp_path_factory.mktemp("text"), "a", data), as_type(mime))
    assert {found.code for found in extracted.findings} <= told_of(mime)
    assert not {"\r", "\0"} & set("".join(extracted.pages))


def test_what_a_parser_says_is_quoted_in_either_language(tmp_path: Path) -> None:
    path = put(tmp_path, "a.docx", SAMPLES["a.docx"])
    with zipfile.ZipFile(path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    put(tmp_path, "a.docx", zip_bytes(members | {"word/document.xml": b"\0\0broken"}))
    (found,) = extract_text(path, as_type(identify(put(tmp_path, "b.docx", SAMPLES["a.docx"])).mime)).findings
    said = found.message.text("zh")
    assert found.code == "text-not-extracted"
    assert "第 1 行第 1 列" in said
    assert not re.search(r"[a-z]+ [a-z]+", re.sub("“.*?”", "", said))
    assert "索取" in ADVICE[found.code].text("zh")
    assert "<string>" not in str(found.message)
