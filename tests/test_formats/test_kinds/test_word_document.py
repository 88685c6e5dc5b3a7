"""Whatever the pages of a Word document show is its text, wherever in the file it stands; what they do not show is not."""

from pathlib import Path

import pytest

from archives.errors import FormatError
from formats.kinds import word_document
from formats.kinds.kind import Enclosed
from tests.support.files import findings_of, pages_of, put, zip_bytes

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns:w="{{w}}" xmlns:r="{_RELATIONS}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def p(text: str, properties: str = "") -> str:
    """Return a paragraph of one run."""
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def word_bytes(body: str, *, space: str = _W, **parts: str) -> bytes:
    """Return a Word document with this body; ``parts`` are its other parts by what they are to it, all ``rId_<kind>``."""
    spaces = _SPACES.format(w=space)
    related = "".join(
        f'<Relationship Id="rId_{kind}" Type="{_RELATIONS}/{kind.rstrip("0123456789")}" Target="parts/{kind}.xml"/>'
        for kind in parts
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    members = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{_RELATIONS}/officeDocument" '
        'Target="/word/main.xml"/></Relationships>',
        "word/main.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
        "word/_rels/main.xml.rels": f'<Relationships xmlns="{package}">{related}</Relationships>',
    }
    members |= {f"word/parts/{kind}.xml": f"<w:x {spaces}>{xml}</w:x>" for kind, xml in parts.items()}
    return zip_bytes(members)


def text_of(folder: Path, data: bytes) -> str:
    """Return the text of a document, which gives no finding."""
    path = put(folder, "a.docx", data)
    assert findings_of(word_document.KIND, path) == []
    (page,) = pages_of(word_document.KIND, path)
    return page


@pytest.mark.parametrize(
    "body",
    [
        f"<w:sdt><w:sdtContent>{p('WORD')}</w:sdtContent></w:sdt>",
        f"<w:sdt><w:sdtContent><w:sdt><w:sdtContent>{p('WORD')}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>",
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>WORD</w:t></w:r></w:sdtContent></w:sdt></w:p>",
        "<w:p><w:ins><w:r><w:t>WORD</w:t></w:r></w:ins></w:p>",
        "<w:p><w:moveTo><w:r><w:t>WORD</w:t></w:r></w:moveTo></w:p>",
        "<w:p><w:smartTag><w:r><w:t>WORD</w:t></w:r></w:smartTag></w:p>",
        "<w:p><w:fldSimple w:instr='X'><w:r><w:t>WORD</w:t></w:r></w:fldSimple></w:p>",
        "<w:p><w:hyperlink><w:r><w:t>WO</w:t></w:r><w:r><w:t>RD</w:t></w:r></w:hyperlink></w:p>",
        f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{p('WORD')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>",
        f"<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{p('WORD')}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
        f"<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>{p('WORD')}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
        f"<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc>{p('WORD')}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>",
        "<w:p><m:oMath><m:r><m:t>WORD</m:t></m:r></m:oMath></w:p>",
        (
            "<w:p><w:r><w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='NO'/><w:listEntry w:val='WORD'/>"
            "</w:ddList></w:ffData></w:r></w:p>"
        ),
        (
            "<w:p><w:r><w:ruby><w:rt><w:r><w:t>over</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>WORD</w:t></w:r></w:rubyBase>"
            "</w:ruby></w:r></w:p>"
        ),
        p("WORD", "<w:vanish w:val='0'/>"),
    ],
)
def test_what_a_page_shows_is_found_wherever_it_stands(tmp_path: Path, body: str) -> None:
    assert text_of(tmp_path, word_bytes(p("before") + body)).splitlines()[:2] == ["before", "WORD"]
    assert text_of(tmp_path, word_bytes(body, space=_STRICT)).splitlines()[0] == "WORD"


@pytest.mark.parametrize(
    "body",
    [
        "<w:p><w:del><w:r><w:delText>WORD</w:delText></w:r></w:del></w:p>",
        "<w:p><w:moveFrom><w:r><w:t>WORD</w:t></w:r></w:moveFrom></w:p>",
        "<w:p><w:r><w:instrText>WORD</w:instrText></w:r></w:p>",
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('WORD')}</w:tc></w:tr></w:tbl>",
        p("WORD", "<w:vanish/>"),
        f"<w:sdt><w:sdtContent>{p('WORD', '<w:vanish/>')}</w:sdtContent></w:sdt>",
        p("WORD", "<w:rStyle w:val='derived'/>"),
        "<w:p><w:pPr><w:pStyle w:val='derived'/></w:pPr><w:r><w:t>WORD</w:t></w:r></w:p>",
    ],
)
def test_what_a_page_does_not_show_is_not_its_text(tmp_path: Path, body: str) -> None:
    styles = (
        "<w:style w:styleId='hides'><w:rPr><w:vanish/></w:rPr></w:style>"
        "<w:style w:styleId='derived'><w:basedOn w:val='hides'/></w:style>"
    )
    assert text_of(tmp_path, word_bytes(p("seen") + body, styles=styles)) == "seen"


def test_of_two_forms_of_one_box_one_is_read(tmp_path: Path) -> None:
    box = f"<v:textbox><w:txbxContent>{p('WORD')}</w:txbxContent></v:textbox>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert text_of(tmp_path, word_bytes(f"<w:p><w:r>{both}</w:r></w:p>")) == "WORD"


def test_headings_come_first_then_the_body_footings_notes_and_comments(tmp_path: Path) -> None:
    references = "".join(
        f'<w:sectPr><w:{kind}Reference r:id="rId_{kind}{n}"/></w:sectPr>'
        for kind in ("footer", "header")
        for n in (1, 2)
    )
    parts = {
        name: p(name) for name in ("comments", "endnotes", "footnotes", "footer1", "footer2", "header1", "header2")
    }
    text = text_of(tmp_path, word_bytes(p("body") + references, **parts))
    assert text.split() == ["header1", "header2", "body", "footer1", "footer2", "footnotes", "endnotes", "comments"]


def test_files_embedded_in_it_are_handed_over(tmp_path: Path) -> None:
    assert word_document.KIND.read
    read = list(word_document.KIND.read(put(tmp_path, "a.docx", word_bytes(p("x"), package="", oleObject=""))))
    assert [one.name for one in read if isinstance(one, Enclosed)] == ["package.xml", "oleObject.xml"]


def test_what_was_deleted_or_hidden_is_told_before_it_is_opened(tmp_path: Path) -> None:
    assert word_document.KIND.hides
    body = p("WORD", "<w:vanish/>") + "<w:p><w:del><w:r><w:delText>OLD</w:delText></w:r></w:del></w:p>"
    hidden = list(word_document.KIND.hides(put(tmp_path, "a.docx", word_bytes(body))))
    assert [(one.code, "WORD" in str(one.said), "OLD" in str(one.said)) for one in hidden] == [
        ("hidden-text", True, False),
        ("deleted-text", False, True),
    ]


def test_a_damaged_part_is_named_as_damaged(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"damaged \(word/main.xml\)"):
        pages_of(word_document.KIND, put(tmp_path, "a.docx", word_bytes("<w:p>")))
