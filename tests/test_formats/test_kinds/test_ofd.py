"""OFD: known by its namespace, read in the order of the page whatever the order in the file."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives.errors import FormatError
from formats.kinds.ofd import KIND
from tests.support.files import ofd_bytes, pages_of, put, zip_bytes


def read(path: Path) -> list[str]:
    """Return the text of every page."""
    return pages_of(KIND, path)


def test_lines_are_read_from_the_top_and_pieces_from_the_left(tmp_path: Path) -> None:
    path = put(tmp_path, "a.ofd", ofd_bytes((10, 30, "下"), (50, 10.9, "右"), (10, 10, "左")))
    assert read(path) == ["左右\n下"]


def test_a_page_without_text_is_an_empty_page(tmp_path: Path) -> None:
    assert read(put(tmp_path, "a.ofd", ofd_bytes((10, 10, " ")))) == [""]


def test_names_are_found_in_whatever_case_the_container_has_them(tmp_path: Path) -> None:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    members = {
        "ofd.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>/DOC_0/document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document {space}><ofd:Page BaseLoc="P.xml"/></ofd:Document>',
        "Doc_0/P.xml": f"<ofd:Page {space}><ofd:TextObject><ofd:TextCode>甲</ofd:TextCode></ofd:TextObject></ofd:Page>",
    }
    assert read(put(tmp_path, "a.ofd", zip_bytes(members))) == ["甲"]


def test_a_template_lies_under_its_page(tmp_path: Path) -> None:
    space = 'xmlns="http://www.ofdspec.org/2016"'
    text = '<TextObject Boundary="0 {y} 9 9"><TextCode>{text}</TextCode></TextObject>'
    members = {
        "OFD.xml": f"<OFD {space}><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>",
        "D.xml": f'<Document {space}><TemplatePage ID="9" BaseLoc="T.xml"/><Page BaseLoc="P.xml"/></Document>',
        "T.xml": f"<Page {space}>{text.format(y=0, text='红头')}</Page>",
        "P.xml": f'<Page {space}><Template TemplateID="9"/>{text.format(y=50, text="正文")}</Page>',
    }
    assert read(put(tmp_path, "a.ofd", zip_bytes(members))) == ["红头\n正文"]


@pytest.mark.parametrize("version", ["1.1", "1.0", ""])
def test_its_version_is_told_when_it_names_one(tmp_path: Path, version: str) -> None:
    assert KIND.recognise
    found = KIND.recognise(put(tmp_path, "a", ofd_bytes(version=version)))
    assert found is not None
    assert (found.version, found.puid, found.mime) == (version, None, "application/ofd")


@pytest.mark.parametrize(
    "data",
    [
        ofd_bytes(namespace="http://example.org/ofd"),
        zip_bytes({"OFD.xml": "<OFD"}),
        zip_bytes({"other.xml": "<OFD/>"}),
        b"PK no zip",
    ],
    ids=["another namespace", "broken XML", "no OFD.xml", "no ZIP"],
)
def test_another_container_is_not_taken_for_one(tmp_path: Path, data: bytes) -> None:
    assert KIND.recognise
    assert KIND.recognise(put(tmp_path, "a.ofd", data)) is None


def test_a_page_that_is_missing_is_a_format_error_that_names_it(tmp_path: Path) -> None:
    space = 'xmlns="http://www.ofdspec.org/2016"'
    members = {
        "OFD.xml": f"<OFD {space}><DocRoot>D.xml</DocRoot></OFD>",
        "D.xml": f'<Document {space}><Page BaseLoc="gone.xml"/></Document>',
    }
    with pytest.raises(FormatError, match=r"gone\.xml"):
        read(put(tmp_path, "a.ofd", zip_bytes(members)))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    pieces=st.lists(
        st.tuples(st.integers(0, 200), st.integers(0, 280), st.sampled_from("甲乙丙丁戊")), min_size=1, max_size=8
    )
)
def test_no_piece_of_text_is_lost_or_doubled(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[float, float, str]]
) -> None:
    path = put(tmp_path_factory.mktemp("ofd"), "a.ofd", ofd_bytes(*pieces))
    (text,) = read(path)
    assert sorted(text.replace("\n", "")) == sorted(piece for _, _, piece in pieces)


def _page_with(objects: str, *, annotation: str = "") -> bytes:
    """Return an OFD of one page with these objects, and one annotation when it is given."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listing = "<ofd:Annotations>Notes/All.xml</ofd:Annotations>" if annotation else ""
    return zip_bytes(
        {
            "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>D/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "D/Document.xml": f'<ofd:Document {space}><ofd:Pages><ofd:Page ID="7" BaseLoc="P.xml"/></ofd:Pages>{listing}'
            "</ofd:Document>",
            "D/P.xml": f"<ofd:Page {space}>{objects}</ofd:Page>",
            "D/Notes/All.xml": f'<ofd:Annotations {space}><ofd:Page PageID="7"><ofd:FileLoc>One.xml</ofd:FileLoc></ofd:Page>'
            "</ofd:Annotations>",
            "D/Notes/One.xml": f"<ofd:PageAnnot {space}>{annotation}</ofd:PageAnnot>",
        }
    )


def _text(x: float, y: float, *codes: str, size: float = 4) -> str:
    inner = "".join(f"<ofd:TextCode {code}</ofd:TextCode>" for code in codes)
    return f'<ofd:TextObject Boundary="{x} {y} 80 6" Size="{size}">{inner}</ofd:TextObject>'


def test_a_run_without_a_place_of_its_own_begins_where_the_one_before_does(tmp_path: Path) -> None:
    objects = _text(20, 40, 'X="0" Y="8">青鹞水', 'X="30">库', 'X="35">除险') + _text(20, 60, 'X="0" Y="4">下')
    assert read(put(tmp_path, "a.ofd", _page_with(objects))) == ["青鹞水库除险\n下"]


@pytest.mark.parametrize(("visible", "seen"), [("", "同意\n正文"), ('Visible="false"', "正文")])
def test_what_is_written_on_a_page_is_its_text_when_it_is_seen(tmp_path: Path, visible: str, seen: str) -> None:
    note = f'<ofd:Annot {visible}><ofd:Appearance Boundary="100 20 80 20">{_text(0, 0, "Y=" + chr(34) + "8" + chr(34) + ">同意")}</ofd:Appearance></ofd:Annot>'
    data = _page_with(_text(20, 40, 'Y="8">正文'), annotation=note)
    assert read(put(tmp_path, "a.ofd", data)) == [seen]


def test_parts_of_a_line_that_stand_higher_stay_in_it(tmp_path: Path) -> None:
    objects = (
        _text(20, 40, 'Y="8">粤办函', size=5)
        + _text(50, 38, 'Y="8">〔2014〕', size=5)
        + _text(75, 40, 'Y="8">号', size=5)
    )
    assert read(put(tmp_path, "a.ofd", _page_with(objects))) == ["粤办函〔2014〕号"]


def test_columns_are_read_one_after_the_other_and_tables_row_by_row(tmp_path: Path) -> None:
    left, right = (
        ["左边一行有很多字", "左边二行有很多字", "左边三行有很多字"],
        ["右边一行有很多字", "右边二行有很多字", "右边三行有很多字"],
    )
    columns = "".join(
        _text(20, 40 + 8 * n, f'Y="4">{one}') + _text(110, 40 + 8 * n, f'Y="4">{other}')
        for n, (one, other) in enumerate(zip(left, right, strict=True))
    )
    heading = _text(20, 20, 'Y="4">横跨两栏的标题')
    assert read(put(tmp_path, "a.ofd", _page_with(heading + columns))) == ["\n".join(["横跨两栏的标题", *left, *right])]
    table = "".join(_text(20, 40 + 8 * n, 'Y="4">站名') + _text(110, 40 + 8 * n, 'Y="4">水位') for n in range(4))
    assert read(put(tmp_path, "b.ofd", _page_with(table))) == ["\n".join(["站名水位"] * 4)]
