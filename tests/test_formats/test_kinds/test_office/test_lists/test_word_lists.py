"""Numbers that Word counts by itself are part of what a document shows."""

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from lxml import etree

from formats.kinds import word_document
from formats.kinds.office.lists.counting import _written
from tests.support.files import pages_of

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def level(depth: int, form: str, text: str, more: str = "") -> str:
    """Return a level of a list."""
    start = '<w:start w:val="1"/>'
    return f'<w:lvl w:ilvl="{depth}">{start}<w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbered(folder: Path, *levels: str, paragraphs: list[tuple[int | None, str]], changed: str = "") -> str:
    """Return the text of a document whose paragraphs are of these depths of a list, None of none.

    Those that begin with ``!`` are of the same list by another number, under which it is ``changed``.
    """
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="77">{"".join(levels)}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    other = f'<w:num {W} w:numId="78"><w:abstractNumId w:val="77"/>{changed}</w:num>'
    numbering.append(parse_xml(other))
    for depth, text in paragraphs:
        paragraph: etree._Element = document.add_paragraph(text)._p
        if depth is not None:
            place = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{78 if text[0] == "!" else 77}"/></w:numPr>'
            paragraph.insert(0, parse_xml(f"<w:pPr {W}>{place}</w:pPr>"))
    document.save(str(folder / "a.docx"))
    (page,) = pages_of(word_document.KIND, folder / "a.docx")
    return page


def test_articles_are_numbered_as_they_are_seen(tmp_path: Path) -> None:
    page = numbered(
        tmp_path,
        level(0, "chineseCountingThousand", "第%1条"),
        level(1, "decimal", "%1.%2"),
        paragraphs=[(0, "总则"), (1, "甲"), (1, "乙"), (None, "说明"), (0, "附则"), (1, "丙")],
    )
    assert page.splitlines() == ["第一条 总则", "一.1 甲", "一.2 乙", "说明", "第二条 附则", "二.1 丙"]


def test_bullets_are_no_numbers(tmp_path: Path) -> None:
    assert numbered(tmp_path, level(0, "bullet", "•"), paragraphs=[(0, "甲"), (0, "乙")]).splitlines() == ["甲", "乙"]


def test_a_list_goes_on_or_begins_anew_as_its_number_says(tmp_path: Path) -> None:
    one = level(0, "decimal", "%1.")
    paragraphs: list[tuple[int | None, str]] = [(0, "a"), (0, "!b"), (0, "!c"), (0, "d")]
    assert numbered(tmp_path, one, paragraphs=paragraphs).split("\n") == ["1. a", "2. !b", "3. !c", "4. d"]
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    anew = numbered(tmp_path, one, paragraphs=paragraphs, changed=start)
    assert anew.split("\n") == ["1. a", "7. !b", "8. !c", "9. d"]
    other = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "(%1)")}</w:lvlOverride>'
    looks = numbered(tmp_path, one, paragraphs=paragraphs, changed=other)
    assert looks.split("\n") == ["1. a", "(B) !b", "(C) !c", "4. d"]


def test_levels_are_in_digits_go_on_or_show_words_only_as_they_say(tmp_path: Path) -> None:
    page = numbered(
        tmp_path,
        level(0, "upperRoman", "%1"),
        level(1, "decimal", "%1.%2", '<w:lvlRestart w:val="0"/><w:isLgl/>'),
        level(2, "none", "注：%3"),
        paragraphs=[(0, "a"), (1, "b"), (2, "c"), (0, "d"), (1, "e")],
    )
    assert page.split("\n") == ["I a", "1.1 b", "注： c", "II d", "2.2 e"]


@pytest.mark.parametrize(
    ("number", "form", "written"),
    [
        (3, "lowerRoman", "iii"),
        (49, "upperRoman", "XLIX"),
        (28, "lowerLetter", "bb"),
        (10, "chineseCounting", "十"),
        (12, "chineseCounting", "十二"),
        (103, "chineseCounting", "一百零三"),
        (110, "chineseCounting", "一百一十"),
        (7, "decimalZero", "07"),
        (0, "decimalZero", "00"),
        (5, "ordinal", "5th"),
        (21, "ordinal", "21st"),
        (112, "ordinal", "112th"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (110, "chineseLegalSimplified", "壹佰壹拾"),
        (3, "ideographTraditional", "丙"),
        (12, "decimalEnclosedParen", "⑿"),
        (14, "decimalFullWidth", "１４"),
        (20, "ideographDigital", "二〇"),
        (5, "hebrew1", "5"),
    ],
)
def test_numbers_are_written_as_their_format_says(number: int, form: str, written: str) -> None:
    assert _written(number, form) == written
