"""The page of results tells a record once, with its pages below it, and leads to fewer of them."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archives.message import message
from archives.record.rights import OnlineScope
from search.doors.portal.app import create_app
from search.doors.portal.record.address import record_path
from search.index.memory import MemoryIndex
from search.published.view import PublishedPage, PublishedView
from search.published.views import PublishedViews
from tests.test_search.test_doors.test_portal import make_view
from tests.test_search.test_index.test_search_index import make_record


class Results:
    """A portal over records of some pages, two of one repository and two of another."""

    def __init__(self, folder: Path) -> None:
        self.views = PublishedViews(folder / "public.db", today=lambda: date(2026, 1, 1))
        self.index = MemoryIndex()
        for number, (repository, year, pages) in enumerate(
            (("990001", 1960, 5), ("990001", 1961, 1), ("990101", 1961, 1), ("990101", 1962, 1)), 1
        ):
            self.put(str(number), repository, year, ["石桥 防汛", *["石桥水库"] * (pages - 1)])
        app = create_app(self.views, self.index, folder / "images", site_name=message("金匮", "Jinkui"))
        self.client = TestClient(app, headers={"accept-language": "zh"})

    def put(self, number: str, repository: str, year: int, texts: list[str]) -> PublishedView:
        """Publish a record, and let it be found."""
        view = replace(
            make_view(number),
            repository=repository,
            repository_name=f"第{repository}馆",
            repository_name_en="",
            pages=tuple(PublishedPage(page, text, None) for page, text in enumerate(texts, 1)),
        )
        self.views.put(view)
        record = make_record(number, *texts, text="著录", repository=repository)
        self.index.replace(number, replace(record, year=year), sequence=1)
        return view

    def told(self, **asked: str) -> str:
        """Return the page of results."""
        return unescape(self.client.get("/search", params=asked).text)


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path)


def test_a_record_stands_once_with_the_first_of_its_pages_and_how_many_more(results: Results) -> None:
    told = results.told(q="石桥")
    assert "共 4 件，命中 8 页" in told
    assert told.count("<h2><a") == 4
    first = told[told.index("<h2><a") : told.index("</ul>", told.index("<h2><a"))]
    view = results.views.get_by_id("1")
    assert view is not None
    assert re.findall(r'href="([^"]+)"', first) == [record_path(view, page=n, words="石桥") for n in (1, 1, 2)]
    assert told.count("另有 3 页") == 1


def test_words_behind_the_eighth_are_told_to_be_left_out(results: Results) -> None:
    eight = "石桥 防汛 " + " ".join(f"-没有{n}" for n in "一二三四五六")
    assert "没有检索" not in results.told(q=eight)
    told = results.told(q=f"{eight} 水库 <b>水</b>")
    assert "一次最多检索 8 个词（200 个字），没有检索：水库、<b>水</b>" in told
    assert "共 4 件" in told, "what is left out narrows nothing"
    assert "not searched: 水库" in results.told(q=f"{eight} 水库", lang="en")
    assert "沒有檢索：水库" in results.told(q=f"{eight} 水库", lang="zh-Hant"), "what was typed stays as it was"


def test_pages_with_more_of_the_words_stand_before_others(results: Results) -> None:
    told = results.told(q="石桥 水库")
    assert "共 1 件，命中 5 页" in told
    assert re.findall(r"[?]page=(\d)", told) == ["2", "2", "3"]


def choices(told: str) -> list[tuple[str, str, bool, str]]:
    """Return the choices that a page of results offers: name, records, whether chosen, address."""
    found = re.findall(
        r'<a href="(/search[^"]+)"( aria-current="true"[^>]*)?>([^<]+)</a> <span class="meta">(\d+)', told
    )
    return [(name, number, bool(chosen), path) for path, chosen, name, number in found]


def test_every_count_leads_to_what_it_counts_and_back(results: Results) -> None:
    told = results.told(q="石桥", year="1961")
    assert "共 2 件" in told
    offered = choices(told)
    assert [one[:3] for one in offered] == [
        ("第990001馆", "1", False),
        ("第990101馆", "1", False),
        ("Z109 全宗", "1", False),
        ("Z109 全宗", "1", False),
        ("1960", "1", False),
        ("1961", "2", True),
        ("1962", "1", False),
    ]
    found = [re.findall(r"共 (\d) 件", unescape(results.client.get(one[3]).text)) for one in offered]
    assert found == [["1"], ["1"], ["1"], ["1"], ["1"], ["4"], ["1"]]


def test_kinds_and_full_text_are_offered_by_name_where_there_are_several(results: Results) -> None:
    photograph = replace(make_record("4", text="石桥", repository="990101"), genre="ZP", year=1962)
    results.index.replace("4", photograph, sequence=2)
    offered = {(name, number): path for name, number, _, path in choices(results.told(q="石桥"))}
    assert {("文书", "3"), ("照片", "1"), ("全文由机器识别", "3"), ("无全文（仅目录、照片、录音录像等）", "1")} <= set(
        offered
    )
    narrowed = unescape(results.client.get(offered["照片", "1"]).text)
    assert "共 1 件" in narrowed
    assert ("照片", "1", True) in [one[:3] for one in choices(narrowed)]


def test_how_texts_came_about_is_offered_by_name_and_an_address_of_any_text_stays_valid(results: Results) -> None:
    for number, origin in (("5", "extracted"), ("6", "")):
        results.put(number, "990001", 1960, ["石桥"])
        results.index.replace(number, replace(make_record(number, "石桥"), text_origin=origin), sequence=2)
    offered = choices(results.told(q="石桥"))[-3:]
    names = ["全文由机器识别", "全文取自文件", "无全文（仅目录、照片、录音录像等）"]
    assert [(name, number) for name, number, *_ in offered] == list(zip(names, "411", strict=True))
    assert [re.findall(r"共 (\d) 件", results.client.get(one[3]).text) for one in offered] == [["4"], ["1"], ["1"]]
    told = results.told(q="石桥", text="yes")
    assert "共 5 件" in told
    (chosen,) = [one for one in choices(told) if one[2]]
    assert chosen[:2] == ("有全文", "5")
    assert "共 6 件" in unescape(results.client.get(chosen[3]).text)
    assert "全文由機器辨識" in results.told(q="石桥", lang="zh-Hant")
    assert "Machine-recognised text" in results.told(q="石桥", lang="en")


def test_results_come_in_the_order_that_was_asked_for_and_keep_it(results: Results) -> None:
    told = results.told(q="石桥", order="date", repository="990001")
    assert 'order=date" aria-current="true">日期' in told
    assert all("order=date" in one[3] for one in choices(told))
    assert 'aria-current="true">相关' in results.told(q="石桥", order="<script>"), "what is no order is ours"


def test_a_fonds_is_named_only_where_something_of_it_is_public(results: Results) -> None:
    results.index.replace("9", replace(make_record("9", "石桥"), fonds="Z999"), sequence=2)
    told = results.told(q="石桥")
    assert "Z109 全宗" in told
    assert "Z999" not in told


@pytest.mark.parametrize(("year", "records"), [("1960-1961", "3"), ("1999", "0")])
def test_years_that_are_among_no_counts_lead_back_too(results: Results, year: str, records: str) -> None:
    told = results.told(q="石桥", year=year)
    ((_, number, _, path),) = [one for one in choices(told) if one[2]]
    assert number == records
    assert "共 4 件" in unescape(results.client.get(path).text)


@pytest.mark.parametrize("year", ["nineteen", "1960-1961-1962", "<script>", "19600000", "'"])
def test_a_year_that_is_none_narrows_nothing(results: Results, year: str) -> None:
    assert "共 4 件" in results.told(q="石桥", year=year)
    assert "<script" not in results.client.get("/search", params={"q": "石桥", "year": year}).text


def test_what_closed_is_in_no_count(results: Results) -> None:
    results.views.marks.put("3")
    results.views.marks.put("4")
    told = results.told(q="石桥")
    assert "共 2 件，命中 6 页" in told
    assert "990101" not in told
    assert "1962" not in told


def test_a_page_that_is_not_published_is_not_shown_though_it_is_found(results: Results) -> None:
    view = results.views.get_by_id("2")
    assert view is not None
    shown = [page.text for page in view.pages]
    results.index.replace("2", make_record("2", *shown, "石桥 canary"), sequence=2)
    results.index.replace("9", make_record("9", "石桥 canary", title="canary"), sequence=2)
    told = results.told(q="石桥")
    assert "canary" not in told
    assert "共 4 件，命中 8 页" in told, "nor counted"


def test_a_page_that_the_index_holds_as_it_was_before_is_not_shown(results: Results) -> None:
    results.index.replace("2", make_record("2", "石桥 canary"), sequence=2)
    told = results.told(q="canary")
    assert "没有找到" in told
    assert "石桥 canary" not in told


def test_a_result_shows_the_page_with_the_words_in_small(results: Results) -> None:
    assert 'class="glance"' not in results.told(q="防汛")
    view = results.put("1", "990001", 1960, ["石桥 防汛"])
    page = replace(view.pages[0], image="0001.jpg", beside="0001.zip", beside_sha256="0" * 64)
    results.views.put(replace(view, pages=(page,)))
    told = results.told(q="防汛")
    assert told.count('class="glance"') == 1
    assert '<img src="/images/1/0001/thumbnail.jpg" alt="" loading="lazy">' in told
    results.views.marks.put("1")
    assert "/images/1/" not in results.told(q="防汛")


def test_a_photograph_that_no_words_are_read_on_is_shown_in_small(results: Results) -> None:
    put_described(results, text="大坝合龙照片")
    assert 'class="glance"' not in results.told(q="合龙")
    view = results.put("1", "990001", 1960, [])
    bare, pictured = (PublishedPage(n, "", f"000{n}.jpg", beside=beside) for n, beside in ((1, ""), (2, "0002.zip")))
    results.views.put(replace(view, pages=(bare, pictured)))
    told = results.told(q="合龙")
    assert told.count('class="glance"') == 1
    assert '<a class="glance" href="/records/1?q=%E5%90%88%E9%BE%99" tabindex="-1"' in told
    assert '<img src="/images/1/0002/thumbnail.jpg" alt="" loading="lazy">' in told
    results.views.put(replace(view, pages=()))
    assert 'class="glance"' not in results.told(q="合龙"), "only its catalogue is online"


def test_a_record_of_which_only_the_catalogue_is_online_says_so(results: Results) -> None:
    told = results.told(q="石桥")
    assert re.findall(r'<span class="readable">([^<]+)</span>', told) == ["网上 5 页", *["网上 1 页"] * 3]
    assert 'class="only"' not in told
    view = results.views.get_by_id("1")
    assert view is not None
    put_described(results, text="合龙")
    bare = replace(view, scope=OnlineScope.CATALOGUE_ONLY, pages=())
    results.views.put(bare)
    label = '<span class="only" title="网上只有目录；要看原件，请到保存它的馆（室）查阅。">仅目录</span>'
    assert results.told(q="合龙").count(label) == 1
    assert 'class="readable"' not in results.told(q="合龙")
    assert ">Catalogue only</span>" in results.told(q="合龙", lang="en")
    results.views.put(replace(bare, level="案卷"))
    results.views.put(replace(view, view_id="7", code_key="7", volume="1", level="件"))
    assert 'class="only"' not in results.told(q="合龙", lang="zh"), "an item of the volume can be read"
    results.views.marks.put("7")
    assert label in results.told(q="合龙")


def put_described(results: Results, text: str) -> None:
    """Let the first record be found by its description, too."""
    record = make_record("1", "石桥 防汛", text=text, title="防汛通知", repository="990001")
    results.index.replace("1", replace(record, author="办公厅"), sequence=2)


def test_words_are_marked_in_the_title_and_in_what_else_has_them(results: Results) -> None:
    put_described(results, text="防汛通知\n办公厅")
    told = results.told(q="防汛 办公厅")
    assert "<mark>防汛</mark>通知</a></h2>" in told
    assert '<span class="meta">责任者</span> <mark>办公厅</mark>' in told
    assert "文号" not in told.partition('<ol class="hits">')[2].partition("</ol>")[0]


def test_words_asked_for_under_one_name_are_marked_there_alone(results: Results) -> None:
    put_described(results, text="防汛通知\n办公厅")
    told = results.told(author="办公厅", title="防汛")
    assert "<mark>防汛</mark>通知</a></h2>" in told
    assert "石桥 <mark>防汛" not in told
    assert "<mark>办公厅</mark>" in results.told(author="办公厅")
    assert "<mark>防汛" not in results.told(author="办公厅")


def test_what_an_index_alone_says_of_a_description_is_told_of_no_record(results: Results) -> None:
    results.index.replace("1", make_record("1", text="案由 石桥", repository="990001"), sequence=2)
    told = results.told(q="案由")
    assert "共 1 件" in told
    assert "案由" not in told.partition('<ol class="hits">')[2].partition("</ol>")[0]


def test_a_code_is_told_to_have_the_words_where_nothing_else_has(results: Results) -> None:
    put_described(results, text="Z109-WS·1986-Y-BGS-1")
    assert '<span class="meta">档号</span> Z109-WS·1986-Y-<mark>BGS</mark>-1' in results.told(q="BGS")
    assert "档号</span>" not in results.told(q="防汛")


def test_every_year_is_offered_in_its_order_however_many_there_are(results: Results) -> None:
    for year in range(1900, 1950):
        results.put(f"y{year}", "990001", year, ["自来水"])
    offered = [(name, number) for name, number, *_ in choices(results.told(q="自来水"))]
    assert offered == [(str(year), "1") for year in range(1900, 1950)]


def test_how_many_values_are_not_offered_is_said_with_the_name_of_the_filter(results: Results) -> None:
    assert "未列出" not in results.told(q="石桥")
    for number in range(43):
        put_of_fonds(results, f"A{number:02}", records=2 if number == 42 else 1)
    told = results.told(q="自来水")
    names = [name for name, *_ in choices(told) if name.startswith("A")]
    assert names == ["A42 自来水厂", *(f"A{number:02} 自来水厂" for number in range(39))]
    assert "<h2>全宗（件数最多的 40 个，另有 3 个未列出）</h2>" in told
    assert "（件數最多的 40 個，另有 3 個未列出）</h2>" in results.told(q="自来水", lang="zh-Hant")
    assert "<h2>Fonds (the 40 with the most; 3 more not listed)</h2>" in results.told(q="自来水", lang="en")
    chosen = results.told(q="自来水", fonds="990001/A41", lang="zh")
    assert ("A41 自来水厂", "1", True) in [one[:3] for one in choices(chosen)]
    assert "件数最多的 40 个，另有 2 个未列出" in chosen


def put_of_fonds(results: Results, fonds: str, *, records: int) -> None:
    """Publish records of a fonds, and let them be found."""
    for number in range(records):
        view = results.put(f"{fonds}-{number}", "990001", 1960, ["自来水"])
        results.views.put(replace(view, fonds_number=fonds, fonds_name="自来水厂"))
        record = make_record(view.view_id, "自来水", repository="990001")
        results.index.replace(view.view_id, replace(record, fonds=fonds, year=1960), sequence=2)
