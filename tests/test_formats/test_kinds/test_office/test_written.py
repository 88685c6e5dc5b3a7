"""What presentations, OpenDocument and RTF show is their text; what they do not show is not."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats.characterize import characterize
from formats.identify import identify
from formats.kinds.office import open_document, presentation, rich_text
from tests.support.files import findings_of, odt_bytes, pages_of, pptx_bytes, put, zip_bytes

STYLES = (
    '<office:automatic-styles><style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    "</office:automatic-styles>"
)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("<text:h>WORD</text:h>", "WORD"),
        ("<text:p>A<text:s text:c='2'/>B<text:tab/>C<text:span>D</text:span>E</text:p>", "A  B\tCDE"),
        ("<text:list><text:list-item><text:p>WORD</text:p></text:list-item></text:list>", "WORD"),
        (
            "<text:p>a<text:note><text:note-body><text:p>WORD</text:p></text:note-body></text:note>b</text:p>",
            "ab\nWORD",
        ),
        ("<text:p>a<draw:frame><draw:text-box><text:p>WORD</text:p></draw:text-box></draw:frame></text:p>", "a\nWORD"),
        ("<text:p>a<office:annotation><text:p>WORD</text:p></office:annotation></text:p>", "a\nWORD"),
        (
            (
                "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell>"
                "<text:p>b</text:p></table:table-cell></table:table-row></table:table>"
            ),
            "a\tb",
        ),
        ("<text:p>a</text:p><text:tracked-changes><text:p>WORD</text:p></text:tracked-changes>", "a"),
        ("<text:p>a<text:span text:style-name='H'>WORD</text:span></text:p>", "a"),
        ("<text:p>a</text:p><text:p text:style-name='H'>WORD</text:p>", "a"),
        (
            (
                "<office:forms><form:form><form:text form:value='b' form:current-value='WORD'/><form:button form:label='OK'/>"
                "<form:password form:value='P'/></form:form></office:forms><text:p>a</text:p>"
            ),
            "a\nWORD\nOK",
        ),
    ],
)
def test_what_an_open_document_shows_is_its_text(tmp_path: Path, content: str, seen: str) -> None:
    data = odt_bytes(content, styles_of_content=STYLES)
    assert pages_of(open_document.KIND, put(tmp_path, "a.odt", data)) == [seen]


def test_headings_and_feet_of_an_open_document_are_read(tmp_path: Path) -> None:
    styles = "<style:header><text:p>HEAD</text:p></style:header><style:footer><text:p>FOOT</text:p></style:footer>"
    assert pages_of(open_document.KIND, put(tmp_path, "a.odt", odt_bytes(styles=styles))) == ["HEAD\nFOOT\n水库报告"]


def test_an_encrypted_open_document_is_known_and_said_to_be_encrypted(tmp_path: Path) -> None:
    path = put(tmp_path, "a.odt", odt_bytes(encrypted=True))
    assert [found.code for found in characterize(path, identify(path)).findings] == ["file-encrypted"]


def test_slides_are_pages_in_their_order_with_notes_and_what_the_layout_says(tmp_path: Path) -> None:
    words = "<a:p><a:r><a:t>{}</a:t></a:r></a:p>"
    place = "<p:sp><p:nvPr><p:ph type='title'/></p:nvPr>" + words.format("PLACE") + "</p:sp>"
    layout = "<p:sp>" + words.format("LAYOUT") + "</p:sp>" + place
    data = pptx_bytes("ONE", "TWO", slideLayout=layout, diagramData=words.format("DIAGRAM"))
    path = put(tmp_path, "a.pptx", data)
    assert pages_of(presentation.KIND, path) == ["ONE\nLAYOUT\nDIAGRAM", "TWO"]
    assert presentation.KIND.look
    assert presentation.KIND.look(path).pages == 2


def test_pages_of_notes_are_read_with_their_heads_and_feet_and_without_their_numbers(tmp_path: Path) -> None:
    shape = "<p:sp><p:nvPr><p:ph{}/></p:nvPr><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sp>"
    places = {" type='hdr'": "HEAD", " type='body'": "NOTES", " type='ftr'": "FOOT", " type='sldNum'": "7", "": "MORE"}
    notes = "".join(shape.format(*one) for one in places.items())
    path = put(tmp_path, "a.pptx", pptx_bytes("ONE", notesSlide=notes))
    assert pages_of(presentation.KIND, path) == ["ONE\nHEAD\nNOTES\nFOOT\nMORE"]


def test_slides_of_an_open_document_show_the_heads_and_feet_of_their_master(tmp_path: Path) -> None:
    spaces = 'xmlns:o="o" xmlns:t="t" xmlns:d="d" xmlns:p="p" xmlns:s="s"'
    frame = "<d:frame p:class='{}'><d:text-box><t:p>{}</t:p></d:text-box></d:frame>"
    frames = "".join(
        map(frame.format, ("title", "footer", "page-number"), ("Click here", "MASTERFOOT", "&lt;number&gt;"))
    )
    pages = "<d:page d:name='p1' d:master-page-name='M' p:use-header-name='h1'><t:p>WORD</t:p></d:page>"
    declared = "<p:header-decl p:name='h1'>HEAD</p:header-decl><p:header-decl p:name='h2'>UNUSED</p:header-decl>"
    members = {
        "mimetype": "application/vnd.oasis.opendocument.presentation",
        "content.xml": f"<o:c {spaces}><o:body><o:presentation>{declared}{pages}</o:presentation></o:body></o:c>",
        "styles.xml": f"<o:s {spaces}><s:master-page s:name='M'>{frames}</s:master-page></o:s>",
    }
    path = put(tmp_path, "a.odp", zip_bytes({name: text.encode() for name, text in members.items()}))
    assert pages_of(open_document.KIND, path) == ["p1\nWORD\nMASTERFOOT\nHEAD"]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (rb"{\pntext 1.\tab}WORD", "1.\tWORD"),
        (rb"WORD\par next", "WORD\nnext"),
        (rb"\'cb\'ae\'bf\'e2", "水库"),
        (rb"{\fonttbl{\f1\fcharset136 x;}}\f1 \'a4\'f4\'ae\'77", "水庫"),
        (rb"\u27700?\u24211?", "水库"),
        (rb"\uc2\u27700\'cb\'ae x", "水 x"),
        (rb"a{\footnote NOTE}b", "a\nNOTEb"),
        (rb"{\header HEAD}body", "HEADbody"),
        (rb"a{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt BOX}}", "a\nBOX"),
        (rb"a{\*\generator X;}{\info{\title T}}{\pict 0102}b", "ab"),
        (rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt SHOWN}}", "SHOWN"),
        (rb"a\v HIDDEN\v0  b{\deleted GONE}", "a b"),
        (rb"a\bin4 }}{{b", "ab"),
        (rb"x\cell y\cell\row z", "x\ty\t\nz"),
    ],
)
def test_what_rich_text_shows_is_its_text(tmp_path: Path, written: bytes, seen: str) -> None:
    path = put(tmp_path, "a.rtf", rb"{\rtf1\ansi\ansicpg936 " + written + b"}")
    assert (pages_of(rich_text.KIND, path), findings_of(rich_text.KIND, path)) == ([seen], [])


def test_rich_text_that_is_cut_short_is_read_and_told(tmp_path: Path) -> None:
    path = put(tmp_path, "a.rtf", rb"{\rtf1 WORD{\b more")
    assert (pages_of(rich_text.KIND, path), findings_of(rich_text.KIND, path)) == (["WORDmore"], ["text-incomplete"])


def test_hidden_rich_text_is_told_before_it_is_opened(tmp_path: Path) -> None:
    assert rich_text.KIND.hides
    (hidden,) = rich_text.KIND.hides(put(tmp_path, "a.rtf", rb"{\rtf1 a{\v SECRET}}"))
    assert "SECRET" in str(hidden.said)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from([rb"\b", b"{", b"}", rb"\'9", rb"\'b0", rb"\u-5", b"text", rb"\*", rb"\bin9", rb"\f9", b"\\"])
    )
)
def test_rich_text_however_broken_is_read(tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]) -> None:
    assert (
        len(pages_of(rich_text.KIND, put(tmp_path_factory.mktemp("rtf"), "a.rtf", rb"{\rtf1" + b"".join(parts)))) == 1
    )
