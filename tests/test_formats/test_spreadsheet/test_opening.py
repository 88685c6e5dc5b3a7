"""A workbook is read whoever wrote it: what it says, what is hidden and merged, what stands beside its cells."""

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from archives.errors import FormatError
from formats.spreadsheet.cells import How, Merged, SeenCell, SeenRow, Worksheet
from formats.spreadsheet.opening import opened_spreadsheet
from tests.support.files import put, xlsx_bytes, zip_bytes
from tests.support.places import SHARED

TRIAL = SHARED / "trials" / "01-xlsx-empty-fill"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(path: Path) -> list[tuple[Worksheet, list[SeenRow]]]:
    """Return every worksheet with its rows."""
    with opened_spreadsheet(path) as book:
        return [(sheet, list(sheet.rows)) for sheet in book.worksheets()]


def cells(path: Path) -> list[tuple[str, How]]:
    """Return the cells of the first worksheet in their order."""
    return [(cell.text, cell.how) for row in read(path)[0][1] for cell in row.cells]


def rewritten(folder: Path, replacing: dict[str, tuple[bytes, bytes]]) -> Path:
    """Return a workbook in which something of some parts is written otherwise."""
    whole = put(folder, "whole.xlsx", xlsx_bytes(("档号", "题名"), ("A-1", 5)))
    path = folder / "a.xlsx"
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            old, new = next((pair for part, pair in replacing.items() if name.endswith(part)), (b"", b""))
            data = before.read(name)
            assert old in data
            after.writestr(name, data.replace(old, new) if old else data)
    return path


def test_numbers_dates_truth_and_errors_are_told_apart(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["一", 5, 0.5, date(2014, 9, 30), True, "=A1", "#REF!"])
    sheet["B1"].number_format = "0000"
    sheet["G1"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    assert cells(tmp_path / "a.xlsx") == [
        ("一", How.WRITTEN),
        ("0005", How.SHOWN),
        ("0.5", How.NUMBER),
        ("2014-09-30", How.DATE),
        ("TRUE", How.WRITTEN),
        ("", How.NO_VALUE),
        ("#REF!", How.ERROR),
    ]


def test_what_is_hidden_merged_or_beside_the_cells_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("a", "b", "c"), ("d", "e", "f"), ("g", "h", "i")):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.merge_cells("A2:A3")
    sheet["B1"].comment = Comment("机密★20年", "x")
    assert sheet.oddHeader is not None
    sheet.oddHeader.center.text = "秘密"
    book.create_sheet("second").sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    (first, rows), (second, _) = read(tmp_path / "a.xlsx")
    assert [row.is_hidden for row in rows] == [False, True, False]
    assert first.hidden_columns == [(3, 3)]
    assert first.merged == [Merged(2, 1, 3, 1)]
    assert sorted(text for _, text in first.beside) == ["机密★20年", "秘密"]
    assert (first.is_hidden, second.is_hidden) == (False, True)


def test_escaped_characters_are_what_they_stand_for_and_pronunciation_is_left_out(tmp_path: Path) -> None:
    old = b'<c r="A1" t="inlineStr"><is>'
    new = old + b"<r><t>a_x000D_\nb_x005F_x0041_</t></r><rPh sb='0' eb='1'><t>han</t></rPh>"
    path = rewritten(tmp_path, {"sheet1.xml": (old, new)})
    assert cells(path)[0] == ("a\nb_x0041_档号", How.WRITTEN)


@pytest.mark.parametrize(
    "replacing",
    [
        {"styles.xml": (b"<fill>", b"<fill/><fill>")},
        {"sheet1.xml": (b' r="A1"', b""), "workbook.xml": (b"<workbookPr", b"<workbookPr")},
        {"sheet1.xml": (b'<dimension ref="A1:B2"', b'<dimension ref="A1"')},
        {"sheet1.xml": (MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")},
        {"workbook.xml.rels": (b'Target="/xl/worksheets/sheet1.xml"', b'Target="worksheets\\sheet1.xml"')},
    ],
    ids=["an empty fill", "no reference", "a wrong dimension", "strict", "a path of another system"],
)
def test_what_other_programs_write_is_read(tmp_path: Path, replacing: dict[str, tuple[bytes, bytes]]) -> None:
    path = rewritten(tmp_path, replacing)
    assert [text for text, _ in cells(path)] == ["档号", "题名", "A-1", "5"]


def test_an_open_document_is_read_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    rows = "".join(
        f"<table:table-row>{cell.format(a)}{cell.format(b)}</table:table-row>"
        for a, b in (("档号", "题名"), ("A-1", "一"))
    )
    content = f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="目录">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    mime = b"application/vnd.oasis.opendocument.spreadsheet"
    path = put(
        tmp_path,
        "a.xlsx",
        zip_bytes({"mimetype": mime, "content.xml": content.encode(), "META-INF/manifest.xml": manifest}),
    )
    ((sheet, read_rows),) = read(path)
    assert sheet.name == "目录"
    assert read_rows == [
        SeenRow(1, (SeenCell(1, "档号"), SeenCell(2, "题名"))),
        SeenRow(2, (SeenCell(1, "A-1"), SeenCell(2, "一"))),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        zip_bytes({"content.xml": b"<"}),
        zip_bytes({"a": b""}),
    ],
    ids=["nothing", "text", "half a compound file", "half an open document", "another archive"],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FormatError):
        read(put(tmp_path, "a.xlsx", data))


def test_an_encrypted_workbook_is_said_to_be(tmp_path: Path) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(FormatError, match="encrypted") as refused:
        read(put(tmp_path, "a.xlsx", data))
    assert refused.value.advice is not None


@pytest.mark.skipif(not TRIAL.is_dir(), reason="needs the shared trials")
def test_the_sheets_of_other_programs_are_read_or_refused(tmp_path: Path) -> None:
    del tmp_path
    whole = [
        TRIAL / "batch",
        *(TRIAL / "neighbours" / one for one in ("font-family-34", "strict-open-xml", "style-without-name")),
    ]
    assert ["T001" in cells(one / "catalogue.xlsx")[7][0] for one in whole] == [True] * 4
    for one in ("damaged-member", "sheet-cut-short", "unknown-entity"):
        with pytest.raises(FormatError):
            read(TRIAL / "neighbours" / one / "catalogue.xlsx")
