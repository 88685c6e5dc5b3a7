"""The portal shows what is published, and nothing else can be reached from it."""

import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import islice
from pathlib import Path
from threading import Event

import pytest
from fastapi.testclient import TestClient

from archives.errors import SearchError
from archives.message import message
from archives.record.dates.shown import read_date
from archives.record.rights import OnlineScope
from search.doors.portal.app import create_app
from search.doors.portal.record.address import record_path
from search.doors.portal.words import WORDS
from search.index.answer import Answer
from search.index.memory import MemoryIndex
from search.index.query import Query
from search.published.lists.pages import recent
from search.published.view import PublishedPage, PublishedView
from search.published.views import PublishedViews
from search.published.views_file import for_reading
from tests.support.corpora import naughty_strings
from tests.test_search.test_index.test_search_index import make_record


def make_view(
    number: str, *, title: str = "防汛通知", scope: OnlineScope = OnlineScope.FULL_TEXT, text: str = "防汛工作"
) -> PublishedView:
    """Return a view of two pages, or of none where only its description is online."""
    full = scope is OnlineScope.FULL_TEXT
    pages = (PublishedPage(1, text, "0001.jpg"), PublishedPage(2, "第二页", None)) if full else ()
    return PublishedView(
        view_id=number, repository="990001", repository_name="岭澜省档案馆", repository_name_en="Linglan Archives",
        code_key=f"Z109-WS·1986-Y-BGS-{number}", fonds_number="Z109", fonds_name="全宗",
        elements={
            "archival_code": f"Z109-WS·1986-Y-BGS-{number}", "title": title, "author": "办公厅",
            "document_number": "岭府〔1986〕1号", "date": "1986年4月", "year": 1986, "language": "zh-Hans",
        },
        scope=scope, pages=pages, sequence=1, opened=date(2021, 9, 1),
    )  # fmt: skip


class Site:
    """A portal over one published record, one of which only the description is online, and an index."""

    def __init__(self, folder: Path) -> None:
        self.views = PublishedViews(folder / "public.db", today=lambda: date(2026, 1, 1))
        self.index = MemoryIndex()
        self.images = folder / "images"
        for view in (make_view("1"), make_view("2", title="水库目录", scope=OnlineScope.CATALOGUE_ONLY)):
            self.views.put(view)
            self.index.replace(
                view.view_id,
                make_record(view.view_id, *(page.text for page in view.pages), text=view.said("title")),
                sequence=1,
            )
        (self.images / "1").mkdir(parents=True)
        (self.images / "1" / "0001.jpg").write_bytes(b"\xff\xd8jpeg")
        (folder / "secret.txt").write_text("canary")
        app = create_app(self.views, self.index, self.images, site_name=message("金匮", "Jinkui"))
        self.client = TestClient(app, headers={"accept-language": "zh"}, raise_server_exceptions=False)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_search_marks_the_hit_and_leads_to_its_page(site: Site) -> None:
    found = site.client.get("/search", params={"q": "防汛"})
    assert "<mark>防汛</mark>工作" in found.text
    href = record_path(make_view("1"), page=1, words="防汛").replace("&", "&amp;")
    assert href in found.text
    page = site.client.get(href.replace("&amp;", "&"))
    assert page.status_code == 200
    assert '<mark id="hit">防汛</mark>工作' in page.text
    assert "/images/1/0001.jpg" in page.text
    assert site.client.get("/images/1/0001.jpg").content == b"\xff\xd8jpeg"


def test_a_page_that_is_not_there_or_not_open_is_not_found(site: Site) -> None:
    pages = {one.number for one in make_view("1").pages}
    assert site.client.get(record_path(make_view("1"))).status_code == 200
    for number in (max(pages), max(pages) + 1, 99):
        answered = site.client.get(record_path(make_view("1"), page=number))
        assert answered.status_code == (200 if number in pages else 404)
    assert site.client.get(record_path(make_view("2"), page=1)).status_code == 200, "a description has no pages to turn"


def test_only_the_description_of_a_catalogue_record_is_there(site: Site) -> None:
    page = site.client.get(record_path(make_view("2")))
    assert "请到馆查阅" in page.text
    assert "<figure>" not in page.text


def test_of_a_volume_it_is_said_that_its_description_only_is_there(site: Site) -> None:
    site.views.put(replace(make_view("3", scope=OnlineScope.CATALOGUE_ONLY), level="案卷"))
    assert "本卷只公开目录" in site.client.get(record_path(make_view("3"))).text


def test_an_open_record_without_a_page_to_show_is_not_said_to_be_a_description_only(site: Site) -> None:
    site.views.put(replace(make_view("3"), pages=()))
    page = site.client.get(record_path(make_view("3"))).text
    assert "本件已经开放" in page
    assert "只公开目录" not in page


def test_of_a_page_without_an_image_it_is_not_said_that_the_image_decides(site: Site) -> None:
    said = WORDS["page_text_note"].text("zh")
    assert said in site.client.get(record_path(make_view("1"), page=1)).text
    assert said not in site.client.get(record_path(make_view("1"), page=2)).text


def test_unknown_and_closed_have_the_same_answer(site: Site) -> None:
    closed = make_view("1")
    before = site.client.get(record_path(closed))
    site.views.remove("1")
    after = site.client.get(record_path(closed))
    unknown = site.client.get("/records/990001/X-1")
    assert before.status_code == 200
    assert (after.status_code, after.text) == (unknown.status_code, unknown.text) == (404, after.text)
    assert site.client.get("/images/1/0001.jpg").text == unknown.text
    assert "防汛工作" not in site.client.get("/search", params={"q": "防汛"}).text


@pytest.mark.parametrize(
    "path",
    [
        "/images/1/../../secret.txt",
        "/images/1/..%2f..%2fsecret.txt",
        "/static/../app.py",
        "/images/..%2f/secret.txt",
        "/docs",
        "/openapi.json",
        "/records/990001/%00",
    ],
)
def test_nothing_else_can_be_reached(site: Site, path: str) -> None:
    answer = site.client.get(path)
    assert answer.status_code == 404
    assert "canary" not in answer.text


def test_every_answer_carries_the_headers_that_keep_it_in_bounds(site: Site) -> None:
    paths = ("/", "/search?q=x", "/about", "/nowhere", "/about/", "/images/1/0001.jpg", "/static/site.css")
    for path in (*paths, record_path(make_view("1"))):
        headers = site.client.get(path).headers
        assert "script-src" not in headers["content-security-policy"].replace("script-src 'self';", "")
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-cache"


def test_a_defect_is_answered_within_the_same_bounds(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PublishedViews, "repositories", lambda *_, **__: 1 / 0)
    answer = site.client.get("/")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "ZeroDivision" not in answer.text


def test_the_site_answers_to_its_own_names_only(site: Site) -> None:
    app = create_app(
        site.views, site.index, site.images, site_name=message("金匮", "Jinkui"), hosts=("::1", "open.example.org")
    )
    client = TestClient(app)
    for host in ("open.example.org", "OPEN.example.org:8077", "[::1]:8077"):
        assert client.get("/", headers={"host": host}).status_code == 200
    for host in ("evil.example", "open.example.org.evil.example", "open.example.org@evil.example", "", "a b"):
        refused = client.get("/about/", headers={"host": host})
        assert refused.status_code == 400
        assert "default-src 'none'" in refused.headers["content-security-policy"]
        assert "location" not in refused.headers


def test_only_reading_is_allowed(site: Site) -> None:
    assert site.client.post("/search").status_code == 405
    assert site.client.delete("/").status_code == 405
    assert site.client.head("/").status_code == 200


def test_the_interface_speaks_one_language_at_a_time(site: Site) -> None:
    english = site.client.get("/about?lang=en").text
    chinese = site.client.get("/about?lang=zh").text
    assert WORDS["about_text"].en in english
    assert WORDS["about_text"].zh not in english
    assert WORDS["about_text"].zh in chinese
    assert WORDS["about_text"].en not in chinese


def test_hostile_strings_are_shown_unchanged_and_harmless(tmp_path: Path) -> None:
    strings = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "&lt;b&gt;"]
    strings += [text for text in naughty_strings() if text.strip()][::5]
    site = Site(tmp_path)
    for text in strings:
        try:
            text.encode()
        except UnicodeEncodeError:
            continue
        site.views.put(make_view("1", title=text, text=text))
        page = site.client.get(record_path(make_view("1"))).text
        assert page.count("<script") == page.count('<script src="/static/')
        assert "<img src=x" not in page
        assert not text.isprintable() or text in unescape(page)
        found = site.client.get("/search", params={"q": text})
        assert found.status_code in (200, 400)
        assert "<script" not in found.text


def test_a_query_that_is_too_long_is_answered_politely(site: Site) -> None:
    assert site.client.get("/search", params={"q": "长" * 201}).status_code == 400


def test_when_search_is_away_the_rest_goes_on(tmp_path: Path) -> None:
    class Away(MemoryIndex):
        """An index whose server is gone."""

        def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
            raise SearchError(message("不在", "away"))

    site = Site(tmp_path)
    app = create_app(site.views, Away(), site.images, site_name=message("金匮", "Jinkui"))
    client = TestClient(app, raise_server_exceptions=False)
    away = client.get("/search?q=x1986")
    assert (away.status_code, 'value="x1986"' in away.text, 'href="/#browse"' in away.text) == (503, True, True)
    assert client.get("/").status_code == 200
    assert client.get(record_path(make_view("1"))).status_code == 200


def test_a_search_that_takes_too_long_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.doors.portal.app.SEARCH_SECONDS", 0.0)
    answer = site.client.get("/search?q=防")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert unescape(WORDS["busy_advice"].zh) in unescape(answer.text)
    assert site.client.get("/").status_code == 200


def test_pages_that_tell_of_all_records_read_none_but_those_that_they_show(site: Site) -> None:
    views, asked = site.views, list[str]()
    connection = views._connection
    connection.set_trace_callback(asked.append)
    assert views.repositories() == (("990001", "岭澜省档案馆", "Linglan Archives", 2),)
    assert recent(views, offset=0, limit=12) == ["1", "2"]
    connection.set_trace_callback(None)
    steps = [row[3] for sql in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [step for step in steps if step.startswith("SCAN view") and "COVERING INDEX" not in step] == []
    assert any("COVERING INDEX" in step for step in steps)


def test_searches_beyond_what_can_wait_are_told_at_once_and_hold_up_no_other_page(site: Site) -> None:
    held = Event()

    class Slow(MemoryIndex):
        """An index that answers when it is told to."""

        def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
            held.wait(60)
            return super().search(query, offset=offset, limit=limit)

    app = create_app(site.views, Slow(), site.images, site_name=message("金匮", "Jinkui"))
    cores = os.cpu_count() or 1
    number = 20 * cores + 45  # more than the threads that other pages have
    with TestClient(app) as client, ThreadPoolExecutor(number) as threads:
        asked = [threads.submit(client.get, "/search?q=x") for _ in range(number)]
        refused = [one.result().status_code for one in islice(as_completed(asked), number - 5 * cores)]
        assert set(refused) == {503}
        assert client.get("/").status_code == 200
        held.set()
        assert Counter(one.result().status_code for one in asked) == {503: len(refused), 200: 5 * cores}


def test_what_opens_for_reading_cannot_write(site: Site, tmp_path: Path) -> None:
    shown = PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1), opened=for_reading)
    assert shown.ids() == site.views.ids() != ()
    with pytest.raises(SearchError):
        shown.put(make_view("3"))
    with pytest.raises(SearchError):
        shown.clear()
    nowhere = PublishedViews(tmp_path / "no" / "public.db", today=lambda: date(2026, 1, 1), opened=for_reading)
    with pytest.raises(SearchError):
        nowhere.ids()
    assert not (tmp_path / "no").exists()


def test_a_search_counts_and_pages_only_what_is_shown(site: Site) -> None:
    for number in range(3, 53):
        view = make_view(str(number))
        site.views.put(view)
        site.index.replace(view.view_id, make_record(view.view_id, "防汛工作"), sequence=1)
    assert "共 51 件，命中 51 页" in site.client.get("/search", params={"q": "防汛"}).text
    for number in range(3, 50):
        site.views.marks.put(str(number))
    found = site.client.get("/search", params={"q": "防汛"}).text
    assert "共 4 件，命中 4 页" in found
    assert found.count("<mark>防汛</mark>") == 8  # in the text of each, and in the title
    assert "page=2" not in found


def test_an_earlier_state_of_what_is_published_is_not_served_again(site: Site, tmp_path: Path) -> None:
    def portal() -> TestClient:
        name = message("金匮", "Jinkui")
        app = create_app(site.views, site.index, site.images, site_name=name, served=tmp_path / "served")
        return TestClient(app, raise_server_exceptions=False)

    site.views.commit(closed=7)
    running = portal()
    assert running.get("/").status_code == 200
    site.views.clear()
    site.views.put(make_view("1"))
    site.views.commit(closed=6)
    for client in (running, portal()):
        for path in ("/", "/about", "/search?q=防汛", record_path(make_view("1")), "/images/1/0001.jpg"):
            assert client.get(path).status_code == 503
    site.views.commit(closed=8)
    assert running.get(record_path(make_view("1"))).status_code == 200


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("不详", "日期不详", "date not known"),
        ("大跃进时期", "大跃进时期", "大跃进时期"),
        ("19830310-19831118", "1983年3月10日—11月18日", "10 Mar – 18 Nov 1983"),
        ("[1952]", "1952年（考证所得）", "1952 (inferred)"),
        ("民国三十六年", "1947年（原作“民国三十六年”）", "1947 (written “民国三十六年”)"),
    ],
)
def test_a_date_is_told_as_it_is_read_and_as_written_where_that_says_more(
    site: Site, written: str, zh: str, en: str
) -> None:
    view = make_view("1")
    site.views.put(replace(view, elements={**view.elements, "date": written}))
    site.index.replace("1", make_record("1", *(page.text for page in view.pages)), sequence=2)
    for language, said in (("zh", zh), ("en", en)):
        for path in ("/", "/search?q=防汛"):
            listed = read_date(written).text("zh" if language == "zh" else "en")
            assert listed in site.client.get(path, headers={"accept-language": language}).text
        described = site.client.get(record_path(view), headers={"accept-language": language}).text
        assert re.search(rf"<dd[^>]*>{re.escape(said)}</dd>", described)
