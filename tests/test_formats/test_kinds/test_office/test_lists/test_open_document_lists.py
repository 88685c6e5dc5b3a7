"""Numbers that OpenDocument programs count by themselves are part of what a document shows."""

from pathlib import Path

from formats.kinds.office import open_document
from tests.support.files import odt_bytes, pages_of, put

NUMBER = "<text:list-level-style-number text:level='{}' style:num-format='{}' {}/>"


def style(name: str, *levels: str) -> str:
    """Return a style of lists."""
    return f"<text:list-style style:name='{name}'>{''.join(levels)}</text:list-style>"


def items(*texts: str) -> str:
    """Return items of a paragraph each."""
    return "".join(f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in texts)


def lines(folder: Path, styles: str, content: str) -> list[str]:
    """Return the lines of a document with these styles of lists."""
    data = odt_bytes(content, styles_of_content=f"<office:automatic-styles>{styles}</office:automatic-styles>")
    (page,) = pages_of(open_document.KIND, put(folder, "a.odt", data))
    return page.splitlines()


def test_articles_and_what_lies_in_them_are_numbered_as_they_are_seen(tmp_path: Path) -> None:
    levels = (
        NUMBER.format(1, "一, 二, 三, ...", "style:num-prefix='第' style:num-suffix='条'"),
        NUMBER.format(2, "1", "text:display-levels='2' style:num-suffix=')' text:start-value='3'"),
    )
    inner = f"<text:list>{items('甲', '乙')}</text:list>"
    article = f"<text:list-item><text:p>总则</text:p><text:p>又</text:p>{inner}</text:list-item>"
    content = f"<text:list text:style-name='L'>{article}{items('附则')}</text:list>"
    assert lines(tmp_path, style("L", *levels), content) == ["第一条 总则", "又", "一.3) 甲", "一.4) 乙", "第二条 附则"]


def test_a_list_begins_anew_unless_it_goes_on_and_an_item_may_say_its_number(tmp_path: Path) -> None:
    listed = "<text:list text:style-name='L' {}>{}</text:list>"
    nine = "<text:list-item text:start-value='9'><text:p>c</text:p></text:list-item>"
    head = "<text:list-header><text:p>h</text:p></text:list-header>"
    content = listed.format("", items("a", "b") + nine + head) + listed.format("", items("d"))
    content += listed.format("text:continue-numbering='true'", items("e"))
    expected = ["i. a", "ii. b", "ix. c", "h", "i. d", "ii. e"]
    assert lines(tmp_path, style("L", NUMBER.format(1, "i", "style:num-suffix='.'")), content) == expected


def test_bullets_lists_without_numbers_and_what_lies_in_cells_have_none(tmp_path: Path) -> None:
    bullet = "<text:list-level-style-bullet text:level='1' text:bullet-char='•'/>"
    cell = "<table:table><table:table-row><table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table>"
    styles = style("B", bullet) + style("N", NUMBER.format(1, "", ""))
    content = "".join(f"<text:list text:style-name='{name}'>{items('a')}</text:list>" for name in "BNX") + cell
    assert lines(tmp_path, styles, content) == ["a", "a", "a", "c"]


def test_headings_are_numbered_by_their_outline_and_as_newer_programs_write_it(tmp_path: Path) -> None:
    level = "<text:outline-level-style text:level='{}' style:num-format='1' {}/>"
    listed = "style:num-list-format='第%1%章'", "style:num-list-format='%1%.%2%'"
    outline = "".join(level.format(number, form) for number, form in enumerate(listed, 1))
    content = "".join(
        f"<text:h text:outline-level='{depth}'>{text}</text:h>" for depth, text in ((1, "a"), (2, "b"), (1, "c"))
    )
    assert lines(tmp_path, f"<text:outline-style>{outline}</text:outline-style>", content) == [
        "第1章 a",
        "1.1 b",
        "第2章 c",
    ]
