"""What is marked anywhere in the file of a table stops its import, wherever the file keeps it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from openpyxl import Workbook

from formats.processes.opened import Opened
from ingest.cataloguing.brought.tables import read_tables
from ingest.profiles.markings import row_markings
from ingest.tables.packed import PackedTable, packed_table
from tests.support.dbf import make_dbf, make_fpt

FIELDS = [("DH", "C", 8), ("TM", "C", 40), ("BZ", "C", 20)]
RECORDS = [["1-1-1", "关于修建清溪水库的批复", "普通"], ["1-1-2", "关于修渠的请示", "机密"]]


def _reader(opened: Opened, memo: Opened | None = None) -> PackedTable:
    return packed_table(opened, memo)


def _stops(path: Path) -> list[str]:
    """Return the places at which an import of a table is stopped."""
    tables = read_tables([path], None, _reader)
    places = [marked.place for one in tables for marked in one.marked]
    for one in tables:
        for cells, row in one.rows():
            places += row_markings(cells, row, today=date(2026, 1, 1)).classified_cells
    return places


def _beyond_the_count(path: Path) -> None:
    make_dbf(path, FIELDS, RECORDS, claims=1)


def _deleted(path: Path) -> None:
    make_dbf(path, FIELDS, RECORDS, deleted=[2])


def _behind(path: Path) -> None:
    make_dbf(path, FIELDS, RECORDS[:1])
    path.write_bytes(path.read_bytes() + "机密 行动计划".encode("gbk"))


def _of_another_type(kind: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        make_dbf(path, [*FIELDS[:2], ("MJ", kind, 20)], RECORDS)

    return make


def _memo_without_a_record(path: Path) -> None:
    make_fpt(path.with_suffix(".fpt"), ["机密"])
    make_dbf(path, [*FIELDS[:2], ("BZ", "M", 10)], [[*RECORDS[0][:2], ""]], version=0xF5)


@pytest.mark.parametrize(
    "make", [_beyond_the_count, _deleted, _behind, _memo_without_a_record, *map(_of_another_type, "GPWQX0")]
)
def test_nothing_of_a_dbf_table_passes_unjudged(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "a.dbf")
    assert len(_stops(tmp_path / "a.dbf")) == 1


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_SHEET = "xl/worksheets/sheet1.xml"


def _with_parts(path: Path, change: dict[str, tuple[str, str]], parts: dict[str, str], *, last: str = "备注") -> Path:
    """Write a workbook of one harmless table, exchange words of its parts, and add others."""
    book = Workbook()
    assert book.active is not None
    for row in (["档号", "题名", last], ["1-1-1", "关于修渠的请示", "普通"], ["1-1-2", "关于修渠的批复", "普通"]):
        book.active.append(row)
    book.save(path)
    with ZipFile(path) as before:
        members = {name: before.read(name).decode() for name in before.namelist()}
    for name, (old, new) in change.items():
        assert old in members[name]
        members[name] = members[name].replace(old, new, 1)
    with ZipFile(path, "w", ZIP_DEFLATED) as after:
        for name, text in (members | parts).items():
            after.writestr(name, text)
    return path


def _comments(count: int) -> str:
    every = "".join(f'<comment ref="A{n}" authorId="0"><text><t>ok</t></text></comment>' for n in range(count))
    last = '<comment ref="B3" authorId="0"><text><t>机密</t></text></comment>'
    return f'<comments xmlns="{_MAIN}"><commentList>{every}{last}</commentList></comments>'


_VALIDATION = (
    '</sheetData><dataValidations count="1"><dataValidation type="none" showInputMessage="1" sqref="A1"'
    ' promptTitle="机密" prompt="x"/></dataValidations>'
)
_ROW = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>机密</t></is></c></row></sheetData>'
_RELATIONS = "xl/_rels/workbook.xml.rels"
_SHARED = (
    f'<Relationship Id="rId99" Type="{_OFFICE}/relationships/sharedStrings" Target="strings.xml"/></Relationships>'
)
_CUSTOM = (
    f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
    '<property pid="2" name="密级"><vt:lpwstr>JM</vt:lpwstr></property></Properties>'
)
_CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title><c:tx><c:rich><a:p>'
    "<a:r><a:t>机</a:t></a:r><a:r><a:t>密</a:t></a:r></a:p></c:rich></c:tx></c:title></c:chart></c:chartSpace>"
)


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"docProps/core.xml": ("</cp:coreProperties>", "<cp:category>机密</cp:category></cp:coreProperties>")}, {}),
        ({}, {"docProps/custom.xml": _CUSTOM}),
        ({_SHEET: ("</sheetData>", _VALIDATION)}, {}),
        ({"xl/workbook.xml": ("</sheets>", '</sheets><definedNames><definedName name="m">"机密"</definedName></definedNames>')}, {}),
        ({}, {"xl/macrosheets/sheet1.xml": f'<macrosheet xmlns="{_MAIN}">{_ROW}</macrosheet>'}),
        ({}, {"xl/worksheets/sheet9.xml": f'<worksheet xmlns="{_MAIN}">{_ROW}</worksheet>'}),
        ({}, {"xl/charts/chart1.xml": _CHART}),
        ({}, {"xl/comments1.xml": _comments(10_001)}),
        ({}, {"xl/comments2.xml": _comments(3)[:-20]}),
        ({}, {"xl/机密.txt": "x"}),
        ({_RELATIONS: ("</Relationships>", _SHARED)}, {"xl/strings.xml": f'<sst xmlns="{_MAIN}"><si><r><t>机</t></r><r><t>密</t></r></si></sst>'}),
    ],
)  # fmt: skip
def test_nothing_that_a_workbook_holds_passes_unjudged(
    tmp_path: Path, change: dict[str, tuple[str, str]], parts: dict[str, str]
) -> None:
    assert _stops(_with_parts(tmp_path / "a.xlsx", change, parts))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_nothing_that_stands_beside_the_parts_of_a_workbook_passes_unjudged(tmp_path: Path, encoding: str) -> None:
    path = _with_parts(tmp_path / "a.xlsx", {}, {})
    said = ZipInfo("xl/x.bin")
    said.comment = "机密★10年".encode(encoding)
    for name, member in (("b.xlsx", None), ("c.xlsx", said), ("d.xlsx", ZipInfo("note.txt"))):
        (tmp_path / name).write_bytes(path.read_bytes())
        with ZipFile(tmp_path / name, "a") as book:
            if member is None:
                book.comment = "机密★10年".encode(encoding)
            else:
                book.writestr(member, "备注\n绝密★长期\n".encode(encoding) if member is not said else b"\0\1")
        assert len(_stops(tmp_path / name)) == 1, name


def test_a_harmless_workbook_is_stopped_nowhere_and_says_nothing(tmp_path: Path) -> None:
    path = _with_parts(tmp_path / "a.xlsx", {}, {})
    assert _stops(path) == []
    assert [found for one in read_tables([path], None, _reader) for found in one.table.findings] == []


def test_what_a_table_part_says_again_of_headings_is_no_marking(tmp_path: Path) -> None:
    ticks = (
        f'<table xmlns="{_MAIN}" id="1" name="t" displayName="t" ref="A1:C3"><tableColumns count="1">'
        '<tableColumn id="1" name="机密"/></tableColumns></table>'
    )
    path = _with_parts(tmp_path / "a.xlsx", {}, {"xl/tables/table1.xml": ticks}, last="机密")
    assert _stops(path) == []  # a heading below which a level is ticked


@pytest.mark.parametrize(
    "part",
    [
        '<table:content-validations><table:content-validation table:title="机密"/></table:content-validations>',
        "<table:tracked-changes><table:deletion><text:p>机密</text:p></table:deletion></table:tracked-changes>",
    ],
)
def test_nothing_that_an_open_document_holds_passes_unjudged(tmp_path: Path, part: str) -> None:
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in row)
        + "</table:table-row>"
        for row in (["档号", "题名"], ["1-1-1", "关于修渠的请示"])
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{one}="{space}:{one}:1.0"' for one in ("office", "table", "text"))
    for name, more, stops in (("a.ods", part, True), ("b.ods", "", False)):
        with ZipFile(tmp_path / name, "w") as book:
            book.writestr(
                "content.xml",
                f"<office:document-content {names}><office:body><office:spreadsheet>{more}"
                f'<table:table table:name="目录">{rows}</table:table></office:spreadsheet></office:body>'
                "</office:document-content>",
            )
        assert bool(_stops(tmp_path / name)) is stops


_EAD = """<?xml version="1.0" encoding="UTF-8"?>
<ead xmlns="http://ead3.archivists.org/schema/"><control><recordid>x</recordid><filedesc><titlestmt>
<titleproper>目录</titleproper></titlestmt></filedesc></control>
<archdesc level="otherlevel" otherlevel="repository"><did><unittitle>某馆</unittitle></did><dsc>
<c level="file"><did><unitid>1-1</unitid><unittitle>水利卷</unittitle><dao href="a.jpg"/></did><scopecontent><head>范围</head>
<p>普通</p></scopecontent></c>
<c level="file"><did><unitid>1-2</unitid><unittitle>修渠卷</unittitle></did><accessrestrict><p>秘密</p></accessrestrict></c>
</dsc></archdesc></ead>
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("目录</titleproper>", "机密★10年</titleproper>"),
        ("目录</titleproper>", "<emph>机</emph>密</titleproper>"),
        ("<archdesc", "<!-- 绝密★长期 --><archdesc"),
        ("</ead>", "</ead><!-- 绝密 -->"),
        ("<ead ", "<?note 绝密?><ead "),
        ("<recordid>x", '<recordid instanceurl="机密">x'),
        ("某馆", "绝密★长期"),
        ("<dsc>", '<dsc label="机密">'),
        ("水利卷</unittitle>", "水利卷<!-- 机密 --></unittitle>"),
        ('href="a.jpg"', 'href="机密"'),
        ("<c level", "<!-- 机密 --><c level"),
        ("</dsc>", "<p>绝密</p></dsc>"),
        ("</dsc>", "</dsc><note><p>绝密</p></note>"),
        ("<head>范围", "<head>机密"),
        ("<p>公开</p>", "<p>公开<!-- 机密 --></p>"),
    ],
)
def test_nothing_that_a_finding_aid_holds_passes_unjudged(tmp_path: Path, old: str, new: str) -> None:
    harmless = _EAD.replace("<p>秘密</p>", "<p>公开</p>")
    assert old in harmless
    (tmp_path / "a.xml").write_text(harmless.replace(old, new, 1), "utf-8")
    assert _stops(tmp_path / "a.xml")


def test_what_a_row_of_a_finding_aid_says_is_judged_with_the_row_alone(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(_EAD, "utf-8")
    (one,) = read_tables([tmp_path / "a.xml"], None, _reader)
    assert one.marked == ()
    assert len(_stops(tmp_path / "a.xml")) == 1
    (tmp_path / "b.xml").write_text(_EAD.replace("秘密", "公开"), "utf-8")
    assert _stops(tmp_path / "b.xml") == []
