"""What a file hides from whoever looks at it is told; what it shows is not."""

from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from fpdf import FPDF
from openpyxl.comments import Comment

from archives.record.record import FormatIdentification
from formats.hidden import hidden_content
from formats.kinds.registry import KINDS
from formats.text import extract_text
from tests.support.files import SAMPLES, pdf_bytes, put

DOCX, XLSX = (f"application/vnd.openxmlformats-officedocument.{kind}" for kind in (
    "wordprocessingml.document", "spreadsheetml.sheet"))  # fmt: skip
HIDING = sorted(mime for kind in KINDS if kind.hides for mime in kind.endings)


def codes(path: Path, mime: str) -> list[str]:
    """Return the codes of what is found."""
    return [found.code for found in hidden_content(path, mime=mime)]


def make_document(path: Path, *, hide: str = "") -> Path:
    """Write a document; ``hide`` a run by itself, by its style, in a table or in the heading lines."""
    document = docx.Document()
    paragraph = document.add_paragraph("shown ")
    document.styles.add_style("Secret", 2).font.hidden = True
    if hide == "table":
        paragraph = document.add_table(1, 1).cell(0, 0).paragraphs[0]
    if hide == "heading lines":
        paragraph = document.sections[0].header.paragraphs[0]
    if hide:
        run = paragraph.add_run("canary")
        if hide == "style":
            run.style = "Secret"
        else:
            run.font.hidden = True
    document.save(str(path))
    return path


@pytest.mark.parametrize("hide", ["run", "style", "table", "heading lines"])
def test_hidden_text_of_a_document_is_told_and_left_out_of_its_text(tmp_path: Path, hide: str) -> None:
    path = make_document(tmp_path / "a.docx", hide=hide)
    assert codes(path, DOCX) == ["hidden-text"]
    (text,) = extract_text(path, FormatIdentification("fmt/412", "x", "", DOCX, "")).pages
    assert "shown" in text
    assert "canary" not in text
    assert codes(make_document(path), DOCX) == []


def test_comments_of_a_document_are_told_for_they_are_read_with_its_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_comment(document.add_paragraph("shown").runs, text="canary", author="Somebody")
    document.save(str(tmp_path / "a.docx"))
    (found,) = hidden_content(tmp_path / "a.docx", mime=DOCX)
    assert (found.code, "canary" in found.message.text("en")) == ("comment", True)


def test_comments_in_a_sheet_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet["A1"] = "shown"
    sheet["A1"].comment = Comment("canary", "Somebody")
    book.save(tmp_path / "a.xlsx")
    assert codes(tmp_path / "a.xlsx", XLSX) == ["comment"]


@pytest.mark.parametrize(
    ("hide", "expected"), [("sheet", "hidden-sheet"), ("row", "hidden-rows"), ("column", "hidden-columns"), ("", None)]
)
def test_hidden_sheets_rows_and_columns_are_told(tmp_path: Path, hide: str, expected: str | None) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("shown").append(["shown", 1])
    other = book.create_sheet("canary")
    other.append(["a", "b"])
    if hide == "sheet":
        other.sheet_state = "veryHidden"
    elif hide == "row":
        other.row_dimensions[1].hidden = True
    elif hide == "column":
        other.column_dimensions["B"].hidden = True
    book.save(tmp_path / "a.xlsx")
    assert codes(tmp_path / "a.xlsx", XLSX) == ([expected] if expected else [])


def make_pdf(path: Path, *, hide: str = "") -> Path:
    """Write a page; ``hide`` a word in white, or under a black bar."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=14)
    pdf.text(20, 30, "shown words")
    if hide == "white":
        pdf.set_text_color(255, 255, 255)
    if hide:
        pdf.text(20, 60, "canary")
    if hide == "covered":
        pdf.rect(10, 50, 80, 20, style="F")
    pdf.output(str(path))
    return path


@pytest.mark.parametrize(("hide", "expected"), [("white", ["unseen-words"]), ("covered", ["unseen-words"]), ("", [])])
def test_words_that_a_page_does_not_show_are_told(tmp_path: Path, hide: str, expected: list[str]) -> None:
    path = make_pdf(tmp_path / "a.pdf", hide=hide)
    found: Any = hidden_content(path, mime="application/pdf")
    assert [one.code for one in found] == expected
    for one in found:
        assert "canary" in str(one.message)
        assert "shown" not in str(one.message)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("mime", HIDING)
def test_whatever_is_looked_into_gives_findings_and_no_exception(tmp_path: Path, name: str, mime: str) -> None:
    assert all(found.code for found in hidden_content(put(tmp_path, name, SAMPLES[name]), mime=mime))


def test_a_workbook_under_another_name_is_read_all_the_same(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("shown").append(["canary"])
    book.save(tmp_path / "a.xlsx")
    path = (tmp_path / "a.xlsx").rename(tmp_path / "a.docx")
    extracted = extract_text(path, FormatIdentification("fmt/214", "x", "", XLSX, ""))
    assert "canary" in "".join(extracted.pages)


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("a.mdb", b"\0\1\0\0Standard Jet DB\0", "application/x-msaccess"),
        ("a.xyzzy", b"\1\2\3", "application/octet-stream"),
        ("a.7z", SAMPLES["a.7z"], "application/x-7z-compressed"),
        ("a.ppt", SAMPLES["a.ole"][:700], "application/vnd.ms-powerpoint"),
        ("a.pub", b"x", "application/x-mspublisher"),
        ("a.jpg", b"\xff\xd8broken", "image/jpeg"),
        ("a.pdf", pdf_bytes(password="secret"), "application/pdf"),
        ("a.json", bytes(range(256)), "application/json"),
    ],
)
def test_a_file_that_nothing_can_look_into_says_so(
    tmp_path: Path, name: str, data: bytes, mime: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formats.kinds.office.by_libreoffice.program_folder", lambda: None)
    assert set(codes(put(tmp_path, name, data), mime)) == {"hidden-unknown"}


@pytest.mark.parametrize(
    ("name", "mime"),
    [("a.txt", "text/plain"), ("a.eml", "message/rfc822"), ("a.png", "image/png"), ("a.wav", "audio/x-wav")],
)
def test_a_file_that_is_looked_into_and_hides_nothing_has_no_finding(tmp_path: Path, name: str, mime: str) -> None:
    assert codes(put(tmp_path, name, SAMPLES[name]), mime) == []
    assert codes(put(tmp_path, "empty", b""), "application/x-empty") == []
