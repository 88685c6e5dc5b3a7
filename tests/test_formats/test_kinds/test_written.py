"""What people write in other programs: text, markup, mail, documents, workbooks, and sound that lies beside them."""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import openpyxl.comments
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import FormatError
from formats.kinds import mail, markup, plain_text, word_document, workbook
from formats.kinds.kind import Kind
from formats.kinds.markup import without_markup
from formats.kinds.media import sound
from tests.support.files import docx_bytes, findings_of, mail_bytes, pages_of, put, wave_bytes, xlsx_bytes, zip_bytes


def test_a_text_too_large_to_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate((64 << 20) + 1)
    with pytest.raises(FormatError):
        pages_of(plain_text.KIND, path)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("<p>水&amp;土</p>", "水&土"),
        ("<script>evil()</script>好", "好"),
        ("<STYLE\n>p{}</style >好", "好"),
        ("1 < 2", "1 < 2"),
        ("<w:r><w:t>jum</w:t></w:r><w:proofErr w:type='x'/><w:r><w:t>ped</w:t></w:r>", "jumped"),
        ("水<b>库</b>报<a href='/'>告</a>", "水库报告"),
        ("<abstract>水</abstract><body>库</body>", "水  库"),
        ("<w:binData w:name='x'>AAAA\n////</w:binData>好<pkg:binaryData>UEsD</pkg:binaryData>", "好"),
        (f"<v:shape o:gfxdata='{'UEsD' * 2000}'>好</v:shape>", "好"),
    ],
)
def test_only_what_is_to_be_read_is_left_of_markup(written: str, seen: str) -> None:
    assert without_markup(written).strip() == seen


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("<a><![CDATA[水位 < 12 & 见 <b>表</b>]]></a>", "水位 < 12 & 见 <b>表</b>"),
        ("一<!-- 不见 > 也不见 -->二", "一 二"),
        ("<a><![CDATA[一<!-- 可见 -->]]><!-- <![CDATA[不见]]> --></a>", "一 可见"),
        (
            '姓名 <input name=n value=\'王喆\'> <INPUT type=hidden value=X><input type="password" value="P">',
            "姓名 王喆",
        ),
        ("<!-- 没有结束 的注释", "没有结束 的注释"),
    ],
)
def test_what_stands_between_odd_marks_is_read_as_it_is_seen(written: str, seen: str) -> None:
    assert " ".join(without_markup(written).replace("<!--", "").replace("-->", "").split()) == seen


@given(st.text(alphabet="<>&;a script/\n", max_size=200))
def test_markup_however_broken_leaves_no_mark_and_loses_nothing_around_it(text: str) -> None:
    seen = without_markup(f"水{text}土")
    assert not re.search("<[^>]*>", seen)
    assert seen.startswith("水")
    assert seen.endswith("土")


@given(st.lists(st.sampled_from(["水", "土", "<p>", "</p >", "<br/>", "<a href='/'>", "<script>a<b</script>", " "])))
def test_every_word_between_marks_is_left_in_its_order(parts: list[str]) -> None:
    seen = without_markup("".join(parts))
    assert "".join(seen.split()) == "".join(part for part in parts if part in ("水", "土"))


def test_objects_in_a_document_of_one_file_are_said_not_to_be_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.xml", b"<w:p><w:t>a</w:t><w:object><o:OLEObject Type='Embed'/></w:object></w:p>")
    assert findings_of(markup.KIND, path) == ["embedded-not-read"]


def test_a_page_of_html_is_one_page_in_whatever_encoding(tmp_path: Path) -> None:
    (text,) = pages_of(markup.KIND, put(tmp_path, "a.html", "<b>汛期水位</b>".encode("gb18030")))
    assert text.strip() == "汛期水位"


def test_a_mail_gives_its_heading_its_body_and_what_is_attached(tmp_path: Path) -> None:
    (text,) = pages_of(mail.KIND, put(tmp_path, "a.eml", mail_bytes(attachment="值班表.xlsx")))
    assert text.splitlines()[0] == "From: a@example.org"
    assert "Subject: 值班" in text
    assert "今晚值班" in text
    assert text.splitlines()[-1] == "Attachment: 值班表.xlsx"


def test_a_mail_in_html_is_read_without_its_markup(tmp_path: Path) -> None:
    (text,) = pages_of(mail.KIND, put(tmp_path, "a.eml", mail_bytes(html="<p>急</p><script>x()</script>")))
    assert "急" in text
    assert "x()" not in text


def test_anything_is_a_mail_of_some_sort(tmp_path: Path) -> None:
    assert pages_of(mail.KIND, put(tmp_path, "a.eml", b"\xff\xfe\0\0"))


def test_paragraphs_and_tables_are_read_in_their_order(tmp_path: Path) -> None:
    (text,) = pages_of(word_document.KIND, put(tmp_path, "a.docx", docx_bytes("一", "二")))
    assert text == "一\n二\n站名\t水位"


def test_every_sheet_is_a_page_under_its_name(tmp_path: Path) -> None:
    (text,) = pages_of(workbook.KIND, put(tmp_path, "a.xlsx", xlsx_bytes(("石桥", None, 12.4), (None,))))
    assert text == "水情\n石桥\t\t12.4"


@pytest.mark.parametrize("kind", [word_document.KIND, workbook.KIND], ids=["document", "workbook"])
def test_a_bomb_is_refused_before_any_library_unpacks_it(tmp_path: Path, kind: Kind) -> None:
    bomb = put(tmp_path, "a", zip_bytes({"word/document.xml": b"\0" * (40 << 20)}))
    with pytest.raises(FormatError, match="bomb"):
        pages_of(kind, bomb)


def test_sound_is_measured(tmp_path: Path) -> None:
    assert sound.KIND.look
    seen = sound.KIND.look(put(tmp_path, "a.wav", wave_bytes(seconds=0.25, channels=2)))
    assert seen.pages is None
    assert dict(seen.properties) == {
        "duration_seconds": "0.250",
        "sample_rate_hz": "8000",
        "sample_bits": "16",
        "channels": "2",
    }


def _workbook_with(**parts: str) -> bytes:
    """Return a workbook of one sheet whose members are changed: by name, what to put in place of what."""
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(("石桥", 12.4), ("青鹞站", 2)))) as container:
        members = {name: container.read(name).decode() for name in container.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    for change in parts.values():
        old, new = change.split(" => ")
        assert old in members[sheet]
        members[sheet] = members[sheet].replace(old, new)
    return zip_bytes(members)


def test_a_sheet_is_read_beyond_what_it_says_it_has(tmp_path: Path) -> None:
    data = _workbook_with(a='<dimension ref="A1:B2"/> => <dimension ref="A1"/>')
    assert pages_of(workbook.KIND, put(tmp_path, "a.xlsx", data)) == ["水情\n石桥\t12.4\n青鹞站\t2"]


def test_a_formula_that_nobody_computed_is_told(tmp_path: Path) -> None:
    path = put(tmp_path, "a.xlsx", _workbook_with(a="<v>12.4</v> => <f>SUM(A1:A2)</f><v></v>"))
    assert findings_of(workbook.KIND, path) == ["formula-without-value"]
    whole = put(tmp_path, "b.xlsx", _workbook_with(a="<v>12.4</v> => <f>SUM(A1:A2)</f><v>12.4</v>"))
    assert findings_of(workbook.KIND, whole) == []


def test_notes_headings_and_feet_of_a_sheet_are_its_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B7"] = "水位"
    sheet["B7"].comment = openpyxl.comments.Comment("岑梧桐批注", "x")
    sheet.HeaderFooter.oddHeader.center.text = "防汛 & 抗旱"
    sheet.HeaderFooter.oddFooter.right.text = "第 &P 页"
    book.save(tmp_path / "a.xlsx")
    (text,) = pages_of(workbook.KIND, tmp_path / "a.xlsx")
    assert "B7\t岑梧桐批注" in text
    assert "防汛" in text
    assert "页" in text


@pytest.mark.parametrize(
    ("value", "seen"),
    [(datetime(2014, 5, 1), "2014-05-01"), (datetime(2014, 5, 1, 8, 30), "2014-05-01 08:30"), (0.1 + 0.2, "0.3")],
)
def test_values_are_read_as_a_person_writes_them(tmp_path: Path, value: object, seen: str) -> None:
    assert pages_of(workbook.KIND, put(tmp_path, "a.xlsx", xlsx_bytes((value,)))) == [f"水情\n{seen}"]


@pytest.mark.parametrize(
    "head",
    [b'<meta charset="euc-kr">', b"<meta http-equiv='Content-Type' content='text/html; charset=euc-kr'>", b""],
)
def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path: Path, head: bytes) -> None:
    path = put(tmp_path, "a.html", b"<html><head>" + head + b"</head><body>" + "회의록".encode("euc-kr") + b"</body>")
    assert markup.KIND.look
    assert "회의록" in pages_of(markup.KIND, path)[0]
    assert dict(markup.KIND.look(path).properties) == {"encoding": "EUC-KR"}


def test_the_encoding_of_a_text_is_recorded_and_its_doubts_told(tmp_path: Path) -> None:
    assert plain_text.KIND.look
    big5 = put(tmp_path, "a.txt", "關於召開防汛會議的通知".encode("big5"))
    assert dict(plain_text.KIND.look(big5).properties) == {"encoding": "Big5"}
    assert (pages_of(plain_text.KIND, big5), findings_of(plain_text.KIND, big5)) == (
        ["關於召開防汛會議的通知"],
        ["encoding-guessed"],
    )
    doubtful = put(tmp_path, "b.txt", bytes(range(0xE0, 0xFE)))
    assert findings_of(plain_text.KIND, doubtful) == ["encoding-doubtful"]
