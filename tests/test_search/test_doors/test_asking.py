"""Asking again: the form with every field, its addresses, and what is offered where nothing was found."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from archives.message import message
from search.doors.portal.app import create_app
from search.index.memory import MemoryIndex
from search.published.views import PublishedViews
from tests.test_search.test_doors.test_portal import make_view
from tests.test_search.test_index.test_questions import make_record

_FIELDS = ("title", "author", "document_number", "of_fonds", "year", "genre")


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[TestClient]:
    views = PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1))
    index = MemoryIndex()
    for number, title, author, genre in (("1", "石桥的通知", "县水利局", "WS"), ("2", "水库的报告", "石桥公社", "KJ")):
        views.put(replace(make_view(number), pages=()))
        index.replace(number, make_record(number, title, author=author, genre=genre), sequence=1)
    index.replace("9", make_record("9", "canary大坝"), sequence=1)
    views.put(replace(make_view("9"), pages=()))
    views.marks.put("9")
    app = create_app(views, index, tmp_path / "images", site_name=message("金匮", "Jinkui"))
    with TestClient(app, headers={"accept-language": "zh"}) as client:
        yield client


def told(portal: TestClient, **asked: str) -> str:
    """Return the page of results."""
    answer = portal.get("/search", params=asked)
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.mark.parametrize(
    ("asked", "records"),
    [
        ({"title": "石桥"}, 1),
        ({"author": "石桥"}, 1),
        ({"q": "石桥"}, 2),
        ({"q": "石桥 -公社"}, 1),
        ({"of_fonds": "Z109"}, 2),
        ({"of_fonds": "水利局", "genre": "KJ"}, 1),
        ({"year": "1986年"}, 2),
        ({"year": "1985－1986"}, 2),
        ({"q": "石桥", "year": "1990"}, 0),
        ({"title": "石桥", "author": "石桥"}, 0),
    ],
)
def test_what_is_typed_into_a_field_is_found_there_alone(
    portal: TestClient, asked: dict[str, str], records: int
) -> None:
    assert f"共 {records} 件" in told(portal, **asked)


def test_the_form_works_without_script_and_keeps_what_was_typed(portal: TestClient) -> None:
    shown = told(portal, title='石桥 "x>', genre="KJ", year="1986-1990")
    assert '<details class="advanced" open>' in shown, "nothing was found: who asked asks otherwise"
    for name in _FIELDS:
        assert re.search(rf'<(input|select) form="asked" id="f-{name}" name="{name}"', shown)
        assert f'<label for="f-{name}">' in shown
    raw = portal.get("/search", params={"title": '石桥 "x>'}).text
    assert 'value="石桥 &#34;x&gt;"' in raw
    assert '<option value="KJ" selected>' in shown
    assert 'name="year" value="1986-1990"' in shown
    assert '<details class="advanced">' in told(portal, q="石桥")
    assert "Advanced search" in told(portal, q="石桥", lang="en")


def test_above_results_the_form_is_folded_and_says_what_stands_in_it(portal: TestClient) -> None:
    assert '<details class="advanced">\n  <summary>高级检索</summary>' in told(
        portal, q="石桥", genre="WS", year="1986"
    )
    shown = told(portal, title="石桥", of_fonds="Z109", year="1986")
    assert '<details class="advanced">' in shown
    summary = shown[shown.index("<summary>高级检索") : shown.index("</summary>")]
    assert re.findall(r'<span class="typed">(.*?)</span>', summary) == [
        "题名：石桥",
        "全宗号或全宗名：Z109",
    ]


def test_without_words_the_form_is_open_and_nothing_is_said_to_be_missing(portal: TestClient) -> None:
    shown = told(portal)
    assert shown.index("<h1>高级检索</h1>") < shown.index('id="q"') < shown.index('id="f-title"')
    assert "<title>高级检索 – " in shown
    assert '<details class="advanced"' not in shown, "it cannot be folded: there is nothing else"
    assert "没有找到" not in shown
    assert "共 0 件" not in shown
    assert 'href="/search"' in portal.get("/").text
    assert "<title>检索结果 – " in told(portal, year="1986")


def test_a_year_that_is_none_is_told_and_narrows_nothing(portal: TestClient) -> None:
    shown = told(portal, q="石桥", year="abcd")
    assert "年度“abcd”无法识别" in shown
    assert "共 2 件" in shown
    assert '<details class="advanced" open>' in shown
    assert 'value="abcd"' in shown


def test_an_operator_is_told_to_be_a_word_and_each_side_is_offered(portal: TestClient) -> None:
    shown = told(portal, q="水库 OR 通知")
    assert "“OR”当作普通的词检索，不是运算符" in shown
    assert re.findall(r'<li><a href="/search[^"]+">([^<]+)</a>', shown) == ["只检索“水库”", "只检索“通知”"]
    assert "共 2 件" in told(portal, q="1985..1987")
    assert "共 2 件" in told(portal, q="石桥", year="1985..1987")


def test_years_are_from_the_earlier_to_the_later_whichever_comes_first(portal: TestClient) -> None:
    shown = told(portal, q="石桥", year="1990-1980")
    assert "共 2 件" in shown
    assert 'value="1980-1990"' in shown


def test_what_narrowed_is_told_by_name_and_can_be_taken_away(portal: TestClient) -> None:
    shown = told(portal, q="天文", repository="990001", fonds="Z109", genre="WS")
    for said in ("馆（室）：岭澜省档案馆", "全宗：Z109 全宗", "门类：文书"):
        assert f"<li>{said}</li>" in shown
    assert 'title="取消这一限定">Z109 全宗</a>' in shown
    assert 'class="order"' not in shown, "there is nothing to put in order"


def test_links_keep_the_fields_and_name_no_empty_one(portal: TestClient) -> None:
    (path,) = re.findall(
        r'href="(/search[^"]+)" aria-current="true"[^>]*>1986<', told(portal, author="石桥", year="1986")
    )
    assert parse_qs(urlsplit(path).query) == {"author": ["石桥"]}


def test_where_nothing_was_found_each_offer_leads_to_what_it_counts(portal: TestClient) -> None:
    shown = told(portal, q="石桥 水厍", title="报告")
    assert "检索条件" in shown
    assert "<li>题名：报告</li>" in shown
    offers = re.findall(r'<li><a href="(/search[^"]+)">([^<]+)</a> <span class="meta">(\d+) 件', shown)
    assert [(name, number) for _, name, number in offers] == [
        ("不要求“水厍”", "1"),
        ("“厍”作“库”：水库", "1"),
    ]
    for path, _, number in offers:
        assert f"共 {number} 件" in unescape(portal.get(path).text)


def test_a_page_behind_the_last_offers_nothing_in_its_place(portal: TestClient) -> None:
    shown = told(portal, q="石桥", page="9")
    assert "共 2 件" in shown
    assert "可以试试" not in shown
    assert "没有找到" not in shown
    assert "没有第 9 页" in shown
    assert '<a href="/search?q=%E7%9F%B3%E6%A1%A5&page=1">第一页</a>' in shown


@pytest.mark.parametrize("words", ["*", '"', "??", "%", "-水库"])
def test_what_cannot_be_looked_for_is_said_and_not_called_missing(portal: TestClient, words: str) -> None:
    shown = told(portal, q=words)
    assert "没有检索" in shown
    assert "没有找到" not in shown
    assert "共 0 件" not in shown


def test_where_nothing_was_found_ways_lead_to_what_there_is(portal: TestClient) -> None:
    shown = told(portal, q="不存在的词")
    for path in ("/#browse", "/help#help-search", "/about"):
        assert f'<a href="{path}">' in shown
    assert '<h2 id="browse">' in portal.get("/").text
    assert 'id="help-search"' in portal.get("/help").text


def test_what_is_closed_is_offered_by_no_way(portal: TestClient) -> None:
    shown = told(portal, q="大埧 石桥")
    assert "canary" not in shown
    assert "大坝" not in shown
    assert "只检索" not in told(portal, q="大坝")


@pytest.mark.parametrize("name", [*_FIELDS, "q"])
@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "' OR 1=1 --", "‮", "x" * 5000, "\x00", "%s{}", "。"])
def test_hostile_values_of_every_field_are_answered_and_escaped(portal: TestClient, name: str, value: str) -> None:
    answer = portal.get("/search", params={name: value})
    assert answer.status_code in (200, 400)
    assert "<script>" not in answer.text
    assert len(answer.text) < 20_000
