from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice

import pikepdf
import pypdfium2
import pytest

from archives.errors import ToolMissingError
from archives.message import Language
from preservation.handouts.fonts import chinese_font
from preservation.handouts.form import Blank, Filled, Form, Words, built_in_forms
from preservation.handouts.ink import GETA
from preservation.handouts.printed_form import Printed, print_form

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
FORMS = built_in_forms()

pytestmark = pytest.mark.skipif(chinese_font() is None, reason="no Chinese font: fonts-noto-cjk")


def printed(
    form: Form,
    rows: Iterable[Mapping[str, str]] = (),
    head: Mapping[str, str] | None = None,
    *,
    language: Language = "zh",
) -> Printed:
    return print_form(form, [Filled(head or {}, rows)], language=language, printed_at=NOON)


def pages(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range() for page in document]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(("name", "language"), [*((name, "zh") for name in sorted(FORMS)), ("volume-contents", "en")])
def test_a_form_that_nothing_was_filled_into_is_printed_on_its_own_paper(name: str, language: Language) -> None:
    form = FORMS[name]
    done = printed(form, language=language)
    with pypdfium2.PdfDocument(done.data) as document:
        width, height = document[0].get_size()
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (form.paper.width_mm, form.paper.height_mm)
    if not form.cells:
        assert squeezed(form.title.text(language)) in squeezed(pages(done.data)[0])
    assert not done.findings


@pytest.mark.parametrize("name", ["volume-contents", "volumes-and-contents"])
def test_title_head_headings_and_number_stand_on_every_page(name: str) -> None:
    form = FORMS[name]
    rows = [{column.key: f"值{number}" for column in form.columns} for number in range(60)]
    head = {blank.key: f"头{blank.key}" for blank in form.head}
    found = pages(printed(form, rows, head).data)[1 if form.cover else 0 :]
    assert len(found) > 1
    for number, text in enumerate(found, 1):
        said = squeezed(text)
        assert f"第{number}页共{len(found)}页" in said
        assert all(squeezed(column.heading.zh) in said for column in form.columns)
        assert squeezed(form.title.zh) in said
        assert all(value in said for value in head.values())


@pytest.mark.parametrize("name", ["volume-contents", "volumes-and-contents"])
def test_nothing_of_a_cell_is_cut_off(name: str) -> None:
    form = FORMS[name]
    letters = iter(map(chr, range(0x4E00, 0x9000)))
    rows = [{c.key: "".join(islice(letters, length)) for c in form.columns} for length in (1, 15, 1, 280)]
    found = pages(printed(form, rows).data)
    assert set("".join(text for row in rows for text in row.values())) <= set("".join(found))


def test_what_has_no_place_to_break_is_broken_all_the_same() -> None:
    form = FORMS["volume-contents"]
    texts = ["a" * 300, "https://example.org/" + "x" * 120, "（" * 80, "——" * 60, "“”" * 90]
    data = printed(form, [{"note": text} for text in texts]).data
    with pypdfium2.PdfDocument(data) as document:
        page = document[0].get_textpage()
        boxes = [page.get_charbox(number) for number in range(page.count_chars())]
    assert max(right for _, _, right, _ in boxes) <= (form.paper.width_mm - form.paper.right_mm) * 72 / 25.4


def test_rows_are_counted_where_they_bring_no_number_and_in_each_volume_anew() -> None:
    form = FORMS["volumes-and-contents"]
    rows = [
        {"level": "案卷", "volume": "7", "title": "甲卷"},
        {"title": "甲一"},
        {"title": "甲二", "sequence": "2-1"},
        {"level": "案卷", "volume": "8", "title": "乙卷"},
        {"title": "乙一"},
    ]
    said = squeezed(pages(printed(form, rows).data)[1])
    assert "案卷号：7案卷题名：甲卷1甲一2-1甲二案卷号：8案卷题名：乙卷1乙一" in said


@pytest.mark.parametrize("before", [0, 11])
def test_the_line_of_a_volume_stands_before_its_items_on_every_page_and_never_last(before: int) -> None:
    form = replace(FORMS["volumes-and-contents"], cover=())
    rows = [{"title": f"先{number}"} for number in range(before)]
    rows += [{"level": "案卷", "title": "某卷"}, *({"title": f"件{number}"} for number in range(25))]
    for text in pages(printed(form, rows).data):
        said = squeezed(text)
        if "件" in said.partition("备注")[2].replace("文件", ""):
            assert said.index("某卷") < said.index("件", said.index("备注"))
        assert "某卷第" not in said


@pytest.mark.parametrize("count", [1, 11])
def test_the_foot_is_on_the_paper_however_many_rows_there_are(count: int) -> None:
    foot = tuple(
        Blank(f"k{number}", Words(f"签字{number}（部门负责人）", f"Signature {number}")) for number in range(7)
    )
    form = replace(FORMS["volume-contents"], foot=foot, fills=False)
    data = printed(form, [{"title": "题名" * 20}] * count).data
    found = pages(data)
    assert all(blank.label.zh in squeezed(found[-1]) for blank in foot)
    with pypdfium2.PdfDocument(data) as document:
        page = document[len(document) - 1].get_textpage()
        assert min(page.get_charbox(number)[1] for number in range(page.count_chars())) > 10 * 72 / 25.4


def test_a_cover_with_more_than_one_page_has_room_for_goes_on_overleaf() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(900))
    found = pages(printed(FORMS["volume-cover"], head={"title": text, "volume": "末卷号"}).data)
    assert len(found) > 1
    assert set(text) <= set("".join(found))
    assert "末卷号" in squeezed(found[-1])


def test_a_long_note_goes_on_and_the_signatures_stand_at_its_end() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(1600))
    found = pages(printed(FORMS["box-note"], head={"situation": text, "checked_by": "张三"}).data)
    assert set(text) <= set("".join(found))
    assert "检查人：张三" in squeezed(found[-1])
    assert len(found) > 1


def test_letters_of_many_scripts_are_printed() -> None:
    texts = [
        "Привет, Łódź – naïve",
        "𠮷㐂",
        "ΑΒΓ αβγ",
        "한글",
        "ひらがな",
        "cafe\u0301",
        "①②㈱℃№",
        "a\tb",
        "老\u200b人",
        "葛\U000e0100",
    ]
    assert not printed(FORMS["volume-list"], [{"title": text} for text in texts]).findings


@pytest.mark.parametrize("char", ["\ue000", "م", "𪚥"])
def test_what_no_font_has_is_marked_and_told_with_its_place(char: str) -> None:
    rows = [{"title": "甲"}, {"code": "J019-2-15-003", "title": f"王{char}{char}"}, {"note": char}]
    done = printed(FORMS["volume-list"], rows)
    if not done.findings:
        pytest.skip("a font that is installed here has it")
    (finding,) = done.findings
    assert finding.code == "glyph-missing"
    for language, heading in (("zh", "案卷题名"), ("en", "Title of volume")):
        said = finding.message.text(language)  # type: ignore[arg-type]  # both are languages
        assert f"U+{ord(char):04X}" in said
        assert "J019-2-15-003" in said
        assert heading in said
        assert "3" in said
    assert sum(text.count(GETA) for text in pages(done.data)) == 3


def test_every_font_is_embedded_with_the_letters_used_only_and_the_forms_are_those_of_the_mainland() -> None:
    data = printed(FORMS["archived-items"], [{"title": "骨直 Łódź"}]).data
    names = []
    with pikepdf.open(BytesIO(data)) as document:
        for page in document.pages:
            for font in page.Resources.Font.values():
                names.append(str(font.BaseFont))
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
    assert all("+" in name for name in names)
    assert any(name.endswith("SC") for name in names)
    assert len(data) < 100_000


def test_without_a_chinese_font_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("preservation.handouts.ink.chinese_font", lambda: None)
    with pytest.raises(ToolMissingError, match="fonts-noto-cjk"):
        printed(FORMS["box-note"])


def test_it_says_when_it_was_printed_and_what_it_is() -> None:
    with pikepdf.open(BytesIO(printed(FORMS["box-note"]).data)) as document:
        said = document.open_metadata()
        assert (said["dc:title"], said["xmp:CreateDate"]) == ("备考表", "2026-11-26T12:00:00+00:00")
