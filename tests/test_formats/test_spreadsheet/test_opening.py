"""A workbook is read whoever wrote it: what it says, what is hidden and merged, what stands beside its cells."""

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlrd
from openpyxl.comments import Comment

from archives.errors import FormatError
from formats.spreadsheet.cells import How, Merged, SeenCell, SeenRow, Worksheet
from formats.spreadsheet.opening import opened_spreadsheet
from tests.support.compound_files import xls_bytes
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


SEEN = [
    (5, "0000", "0005", How.SHOWN),
    (2014.1, "0.00", "2014.10", How.SHOWN),
    (2014.1, "General", "2014.1", How.NUMBER),
    (41912, "yyyy-mm-dd", "2014-09-30", How.DATE),
    (41912, 'yyyy"年"m"月"', "2014-09", How.DATE),
    (41912, 'm"月"d"日"', "9月30日", How.YEARLESS),
    (1.25, "# ?/?", "1 1/4", How.SHOWN),
    (0.256, "0.0%", "25.6%", How.SHOWN),
    (12.456, "0", "12", How.ROUNDED),
    (20, '"机密★"0"年"', "机密★20年", How.SHOWN),
    (123456789012345678, "0", "123456789012346000", How.LONG),
]


def test_an_old_workbook_shows_its_numbers_as_their_formats_do(tmp_path: Path) -> None:
    rows: list[list[str | tuple[float, str]]] = [
        [name, (value, code)] for name, (value, code, _, _) in zip("甲乙丙丁戊己庚辛壬癸子", SEEN, strict=True)
    ]
    data = xls_bytes(*rows, ("0007", ""), hidden=[1], merged=(2, 4, 0, 0))
    ((sheet, seen),) = read(put(tmp_path, "a.xls", data))
    expected = [(text, how) for _, _, text, how in SEEN]
    assert [(row.cells[1].text, row.cells[1].how) for row in seen[: len(SEEN)]] == expected
    assert seen[-1].cells == (SeenCell(1, "0007"),)
    assert [row.number for row in seen if row.is_hidden] == [2]
    assert sheet.merged == [Merged(3, 1, 5, 1)]


def test_an_old_workbook_that_the_reader_of_formats_does_not_understand_is_read_by_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(xlrd, "open_workbook", broken)
    path = put(tmp_path, "a.xls", xls_bytes(("档号", (5, "0000")), heading="&R秘密"))
    assert cells(path) == [("档号", How.WRITTEN), ("5", How.NUMBER)]
    assert read(path)[0][0].beside == [("head", "秘密")]


def test_how_words_of_a_workbook_are_pronounced_is_told_apart_from_its_cells(tmp_path: Path) -> None:
    spoken = b"</t><rPh sb='0' eb='1'><t>to</t></rPh><rPh sb='1' eb='2'><t>kyo</t></rPh></is>"
    path = rewritten(tmp_path, {"sheet1.xml": (b"&#39064;&#21517;</t></is>", b"&#39064;&#21517;" + spoken)})
    with opened_spreadsheet(path) as book:
        texts = [cell.text for sheet in book.worksheets() for row in sheet.rows for cell in row.cells]
        assert (texts[1], list(book.readings())) == ("题名", ["tokyo"])


DC = "http://purl.org/dc/elements/1.1/"
ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/>
</style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>
</office:document-content>"""


def ods(folder: Path, *cells: str, more: str = "", name: str = "a.ods") -> Path:
    """Write an OpenDocument workbook whose worksheet has these cells under one another."""
    rows = "".join(f"<table:table-row>{cell}</table:table-row>" for cell in cells)
    tables = f'<table:table table:name="目录">{rows}</table:table>{more}'
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}
    return put(folder, name, zip_bytes({**parts, "content.xml": ODS.format(tables=tables).encode()}))


def stored(kind: str, value: str, text: str) -> str:
    """Return a cell as OpenDocument has it: its value, and the text that is shown."""
    attribute = {"date": "date-value", "string": "string-value"}.get(kind, "value")
    return f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}"><text:p>{text}</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (stored("float", "5", "0005"), ("0005", How.SHOWN)),
        (stored("float", "2014.1", "2014.10"), ("2014.10", How.SHOWN)),
        (stored("float", "2014.1", "2014.1"), ("2014.1", How.NUMBER)),
        (stored("float", "12.456", "12"), ("12", How.ROUNDED)),
        (stored("percentage", "0.256", "25.6%"), ("25.6%", How.SHOWN)),
        (stored("float", "1.25", "1 <text:s/>1/4 "), ("1 1/4", How.SHOWN)),
        (stored("float", "1.23456789012346E+017", "123456789012346000"), ("123456789012346000", How.LONG)),
        (stored("date", "2014-09-30", "2014年9月30日"), ("2014-09-30", How.DATE)),
        (stored("date", "2014-03-05", "14-03-05"), ("2014-03-05", How.DATE)),
        (stored("date", "2014-03-05", "3/5/14"), ("2014-03-05", How.DATE)),
        (stored("date", "2014-09-01", "2014年9月"), ("2014-09", How.DATE)),
        (stored("date", "2014-09-01", "Sep-14"), ("2014-09", How.DATE)),
        (stored("date", "2014-09-30", "30 Sep 2014"), ("2014-09-30", How.DATE)),
        (stored("date", "2014-01-01", "2014"), ("2014", How.DATE)),
        (stored("date", "2014-09-30", "二〇一四年九月三十日"), ("2014-09-30", How.DATE)),
        (stored("date", "2014-09-30", "9月30日"), ("9月30日", How.YEARLESS)),
        (stored("date", "2014-12-14", "12月14日"), ("12月14日", How.YEARLESS)),
        (stored("date", "2014-09-30T12:30:00", "2014-09-30 12:30"), ("2014-09-30 12:30", How.DATE)),
        (stored("string", "0007", "0007"), ("0007", How.WRITTEN)),
        (stored("string", "", "#REF!"), ("#REF!", How.ERROR)),
        ('<table:table-cell table:formula="of:=[.A1]"/>', ("", How.NO_VALUE)),
    ],
)
def test_an_open_document_workbook_says_what_is_seen(tmp_path: Path, cell: str, expected: tuple[str, How]) -> None:
    assert cells(ods(tmp_path, cell)) == [expected]


def test_what_an_open_document_workbook_hides_merges_and_notes_is_told(tmp_path: Path) -> None:
    def text(said: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'

    noted = text("注").replace(
        "<text:p>", "<office:annotation><dc:creator>x</dc:creator><text:p>机密</text:p></office:annotation><text:p>", 1
    )
    merged = text("合").replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"', 1)
    more = (
        '<table:table table:name="藏" table:style-name="ta2"><table:table-column table:visibility="collapse" '
        'table:number-columns-repeated="2"/><table:table-row table:number-rows-repeated="1000000"><table:table-cell/>'
        f'</table:table-row><table:table-row table:visibility="collapse">{text("末")}</table:table-row></table:table>'
    )
    path = ods(
        tmp_path,
        noted,
        merged,
        "<table:covered-table-cell/>"
        + text("二").replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="3"', 1),
        more=more,
    )
    (first, rows), (second, others) = read(path)
    assert (first.is_hidden, second.is_hidden, second.hidden_columns) == (False, True, [(1, 2)])
    assert first.beside == [("A1", "机密")]
    assert first.merged == [Merged(2, 1, 3, 1)]
    assert [[(cell.column, cell.text) for cell in row.cells] for row in rows] == [
        [(1, "注")],
        [(1, "合")],
        [(2, "二"), (3, "二"), (4, "二")],
    ]
    assert [(row.number, row.is_hidden, row.cells[0].text) for row in others] == [(1_000_001, True, "末")]


def test_an_open_document_workbook_that_is_encrypted_says_so(tmp_path: Path) -> None:
    manifest = b'<m:manifest xmlns:m="urn:x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    path = put(tmp_path, "a.ods", zip_bytes({"content.xml": b"\x00\x01", "META-INF/manifest.xml": manifest}))
    with pytest.raises(FormatError, match="encrypted"):
        read(path)


def test_old_and_open_workbooks_say_what_they_say_of_themselves(tmp_path: Path) -> None:
    xls = put(tmp_path, "a.xls", xls_bytes(("档号",), title="机密★10年"))
    about = f'<m xmlns:dc="{DC}"><dc:title>机密★10年</dc:title><dc:subject> </dc:subject></m>'
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "meta.xml": about.encode()}
    ods = put(tmp_path, "a.ods", zip_bytes({**parts, "content.xml": ODS.format(tables="").encode()}))
    for path in (xls, ods):
        with opened_spreadsheet(path) as book:
            assert list(book.properties()) == [("title", "机密★10年")]


def _raw(path: Path, rows: str) -> Path:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as before:
        members = {name: before.read(name) for name in before.namelist()}
    with zipfile.ZipFile(path, "w") as after:
        for name, data in members.items():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            text = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
            after.writestr(name, text if is_sheet else data)
    return path


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_rows_of_one_number_are_all_read_and_told(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}">{_cell(f"A{n}", text)}</row>' for n, text in ((1, "a"), (2, "b"), (2, "c"), (3, "d")))
    with opened_spreadsheet(_raw(tmp_path / "a.xlsx", rows)) as book:
        (sheet,) = book.worksheets()
        seen = [(row.number, row.cells[0].text) for row in sheet.rows]
    assert seen == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    assert [one.code for one in sheet.findings] == ["rows-numbered-twice"]


def test_a_cell_that_stands_in_the_file_twice_is_told_and_what_it_said_before_is_known(tmp_path: Path) -> None:
    path = _raw(tmp_path / "a.xlsx", f'<row r="1">{_cell("B1", "first")}{_cell("B1", "second")}</row>')
    with opened_spreadsheet(path) as book:
        (sheet,) = book.worksheets()
        assert [one.text for row in sheet.rows for one in row.cells] == ["second"]
    assert [one.code for one in sheet.findings] == ["cell-twice"]
    assert "B1" in sheet.findings[0].message.text("en")
    assert sheet.unseen == [("B1", "first", "")]


@pytest.mark.parametrize("page", [b"<html><table><tr><td>1</td></tr></table>", b"\xef\xbb\xbf\n<!DOCTYPE HTML><html>"])
def test_a_web_page_under_the_name_of_a_workbook_is_called_what_it_is(tmp_path: Path, page: bytes) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(page)
    with pytest.raises(FormatError) as caught, opened_spreadsheet(path):
        pass
    assert "web page" in str(caught.value)
    assert ".xlsx" in str(caught.value.advice)
