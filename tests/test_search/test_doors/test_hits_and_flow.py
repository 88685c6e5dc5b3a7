"""Hits are marked in the text and on the picture, one leads to the next; the text flows as paragraphs and loses nothing."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from archives.text.page import Box, Line, Page, Word
from search.doors.portal.record.address import record_path
from search.doors.portal.record.flow import flow_of
from search.doors.portal.record.hits import marks_on
from search.index.document import TextOrigin
from search.published.pages import write_page
from search.published.shown.page_file import page_file, told_in
from search.published.shown.word_places import TextPlaces, boxes_of, text_places
from search.published.view import PublishedPage
from tests.support.corpora import naughty_strings
from tests.test_search.test_doors.test_portal import Site, make_view
from tests.test_search.test_doors.test_record_pages import SIZE, drawn


def read_page(*lines: str, width: int = SIZE[0], height: int = SIZE[1]) -> Page:
    """Return a page on which lines were read, each character 20 pixels wide, one line every 40."""
    made = tuple(
        Line((Word(text, Box(100, 40 * n, 20 * len(text), 20), 0.9),), Box(100, 40 * n, 20 * len(text), 20))
        for n, text in enumerate(lines, 1)
    )
    return Page(width, height, 300, "zh", "horizontal", made)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_the_box_of_a_hit_is_that_of_its_characters_within_the_line() -> None:
    page = read_page("关于防汛工作的通知", "各地防汛机构")
    places = text_places(page, page.text, width_px=SIZE[0], height_px=SIZE[1])
    first, second = boxes_of(places, page.text, marks_on(page.text, "防汛"))
    assert first == (Box(140, 40, 40, 20),)
    assert second == (Box(140, 80, 40, 20),)


def test_places_go_by_the_picture_that_is_shown_and_not_at_all_by_one_of_another_shape() -> None:
    page = read_page("防汛")
    half = text_places(page, "防汛", width_px=SIZE[0] // 2, height_px=SIZE[1] // 2)
    assert half.lines[0].line.box == Box(50, 20, 20, 10)
    assert text_places(page, "防汛", width_px=SIZE[1], height_px=SIZE[0]).lines == ()


def test_a_line_that_the_text_has_otherwise_has_no_place_and_the_others_keep_theirs() -> None:
    page = read_page("第一行", "第二行", "第三行")
    places = text_places(page, "第一行\n改过的\n第三行", width_px=SIZE[0], height_px=SIZE[1])
    assert [(line.line.start, line.line.box.top) for line in places.lines] == [(0, 40), (8, 120)]


def test_the_file_of_a_page_gives_back_what_was_told_of_it() -> None:
    page = read_page("防汛", "水库")
    places = text_places(page, page.text, width_px=SIZE[0], height_px=SIZE[1])
    images = drawn()
    told = told_in(page_file(images, places))
    assert (told.places, (told.width_px, told.height_px)) == (places, SIZE)
    assert page_file(images, places) == page_file(images, places)


def test_hits_lead_through_the_pages_and_back(site: Site) -> None:
    texts = ("无", "防汛和防汛", "无", "防汛", "无")
    folder = site.images / "7"
    pages = tuple(
        write_page(folder, PublishedPage(n, text, None, origin=TextOrigin.RECOGNISED), drawn(), read_page(text))
        for n, text in enumerate(texts, 1)
    )
    view = replace(make_view("7"), pages=pages)
    site.views.put(view)
    went, at = [], record_path(view, words="防汛")
    while at:
        page = site.client.get(at).text
        assert page.count('<mark id="hit">') == 1
        assert page.count('class="current"') == 1
        went.append(re.findall(r"本页第 (\d) 处，共 (\d) 处", page)[0])
        found = re.search(r'<a href="([^"]+)">下一处', page)
        at = unescape(found[1]) if found else ""
    assert went == [("1", "2"), ("2", "2"), ("1", "1")]
    back = re.search(r'<a href="([^"]+)">上一处', page)
    assert back is not None
    assert "本页第 2 处，共 2 处" in site.client.get(unescape(back[1])).text
    assert '<a class="back" href="/search?q=%E9%98%B2%E6%B1%9B">回到检索结果' in page
    assert "<rect" not in site.client.get(record_path(view, page=1, words="防汛")).text


def test_lines_that_fill_their_column_flow_into_the_next_one_and_others_do_not() -> None:
    full = "一二三四五六七八九十一二三四五六七八九十"
    page = read_page("标题", full, full, "末行。", full, "又一段。")
    places = text_places(page, page.text, width_px=SIZE[0], height_px=SIZE[1])
    flow = flow_of(page.text, places, "")
    assert [len(lines) for lines in flow.paragraphs] == [1, 3, 2]
    without = flow_of("\n".join([full, full, full, "末行。", "", "又一段。"]), TextPlaces(), "")
    assert [len(lines) for lines in without.paragraphs] == [4, 1]
    assert [len(lines) for lines in flow_of("甲\n乙\n丙", TextPlaces(), "").paragraphs] == [1, 1, 1]


def test_lines_of_words_go_on_as_far_as_their_words_let_them() -> None:
    def line(text: str, top: int, *, left: int = 100, size: int = 20) -> Line:
        box = Box(left, top, len(text) * size // 2, size)
        return Line((Word(text, box, 0.9),), box)

    letter = [
        "Sir, I have the honour to report that dredging of the East",
        "Harbour was resumed on the 2nd instant. The dredger Canton",
        "Queen has removed some four thousand cubic yards of silt.",
        "The labourers' wages were paid in silver, and the",
        "colour of the water at the pier remains dark.",
    ]
    lines = [line("Letter on the dredging", 40, left=240, size=28)]
    lines += [line(text, 90 + 28 * n) for n, text in enumerate(letter)]
    lines += [line(text, 245 + 28 * n) for n, text in enumerate(letter)]
    lines.append(line("I remain, Sir, your obedient servant.", 400))
    page = Page(SIZE[0], SIZE[1], 300, "en", "horizontal", tuple(lines))
    flow = flow_of(page.text, text_places(page, page.text, width_px=SIZE[0], height_px=SIZE[1]), "")
    assert [len(one) for one in flow.paragraphs] == [1, 5, 5, 1]


def test_what_a_file_has_as_paragraphs_stays_so() -> None:
    one = "为做好今冬明春农田水利建设，县人民政府决定组织全县劳力兴修水利，加固堤围，清理淤塞渠道。"
    other = "青溪水库大坝渗漏问题，由县水利局会同有关公社限期处理，所需水泥、钢材由县物资局优先安排。"
    text = "\n".join(["水利", one, other, "防汛期间各级领导要到第一线指挥。", one, other])
    assert [len(lines) for lines in flow_of(text, TextPlaces(), "").paragraphs] == [1] * 6
    heads = [
        'From: "Chan Tai Man" <chan@example.org>',
        "To: shuili@example.cn",
        "Date: Tue, 10 Jun 2003 09:12:00 +0800",
    ]
    mail = "\n".join([*heads, "Subject: 青溪水库六月份水位资料往来", "", "各位同事："])
    assert [len(lines) for lines in flow_of(mail, TextPlaces(), "").paragraphs] == [1] * 5


def test_a_stamp_of_filing_stands_aside_and_numbers_alone_are_none() -> None:
    text = "Z109\n1986\n0012\n办公室\n永久\n3\n岭澜省人民政府办公厅文件\n正文"
    flow = flow_of(text, TextPlaces(), "Z109-WS·1986·Y·办公室-0012")
    assert " ".join(text[slice(*span)] for span in flow.stamp) == "Z109 1986 0012 办公室 永久 3"
    assert len(flow.paragraphs) == 2
    assert flow_of("1\n2\n3\n4\n正文", TextPlaces(), "Z109-WS·1986·Y·办公室-0012").stamp == ()


def test_no_text_loses_a_character_by_flowing(site: Site) -> None:
    for text in (*naughty_strings()[::7], "a-\nb", "甲\n\n乙  丙\n\t丁", "well-\nknown words\n" * 9):
        flow = flow_of(text, TextPlaces(), "Z109")
        spans = [*flow.stamp, *(span for lines in flow.paragraphs for span in lines)]
        assert spans == sorted(spans)
        assert "".join(text[a:b] for a, b in spans).replace("\n", "") == "".join(
            line for line in text.split("\n") if line.strip()
        )


@pytest.mark.parametrize(
    ("origin", "said"),
    [(TextOrigin.RECOGNISED, "机器识别的文字"), (TextOrigin.EXTRACTED, "取自文件的文字"), ("", "本页文字")],
)
def test_a_text_is_called_what_it_is(site: Site, origin: TextOrigin, said: str) -> None:
    view = replace(make_view("5"), pages=(PublishedPage(1, "正文", None, origin=origin),))
    site.views.put(view)
    assert f"<h2>{said}</h2>" in site.client.get(record_path(view)).text
