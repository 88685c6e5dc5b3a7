"""What was opened, by day: newest first, as catalogues and workbooks, in a feed and a sitemap; what closed is in none."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from search.doors.portal.browsing import openings_page, sitemap
from search.doors.portal.browsing.told import Given, SiteWords, Told
from search.published.views import PublishedViews
from tests.test_search.test_doors.test_browsing.test_fonds_page import client, codes_on, view

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def views(tmp_path: Path) -> PublishedViews:
    views = PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1))
    each = (
        view("J019-1-0001", opened="2024-03-01", document_number="岭府〔1986〕1号"),
        view("J019-1-0002", opened="2025-03-01", level="案卷"),
        view("J019-1-0002-1", opened="2025-03-01", level="件"),
        view("J019-1-0002-2", opened="2025-09-01", level="件"),
        view("K020-1-0001", opened="2024-03-01", title="=HYPERLINK(1)<b>&", author="办公厅", date="约1871年"),
        view("K020-1-0002", opened=""),
    )
    views.put_all([(one, b"") for one in each])
    return views


def rows_of(site: TestClient, path: str) -> list[tuple[object, ...]]:
    """Return the rows of a workbook of the site."""
    answer = site.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment;")
    return [tuple(row) for row in load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)]  # type: ignore[union-attr]


def test_the_newest_openings_come_first_and_a_volume_stands_for_the_items_opened_with_it(
    views: PublishedViews, tmp_path: Path
) -> None:
    site = client(views, tmp_path)
    told = ["J019-1-0002-2", "J019-1-0002", "J019-1-0001", "K020-1-0001"]
    assert codes_on(site.get("/recent").text) == told
    assert [one for one in codes_on(site.get("/").text) if one in told] == told
    views.marks.put("J019-1-0002")
    assert codes_on(site.get("/recent").text) == ["J019-1-0002-2", "J019-1-0002-1", "J019-1-0001", "K020-1-0001"]


def test_a_day_of_opening_has_its_catalogue_as_a_page_and_as_a_workbook(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path)
    listed = site.get("/openings/990001").text
    days = ["2025-09-01", "2025-03-01", "2024-03-01"]
    assert [listed.index(f"/openings/990001/{day}") for day in days] == sorted(
        listed.index(f"/openings/990001/{day}") for day in days
    )
    assert '<span class="meta">1 卷 1 件</span>' in listed
    page = site.get("/openings/990001/2024-03-01").text
    assert codes_on(page) == ["J019-1-0001", "K020-1-0001"]
    assert "/openings/990001/2024-03-01.xlsx" in page
    addresses = [f"http://testserver/records/{one}" for one in ("J019-1-0001", "K020-1-0001")]
    assert rows_of(site, "/openings/990001/2024-03-01.xlsx") == [
        ("序号", "档号", "题名", "责任者", "文号", "日期", "层级", "网上范围", "网址"),
        (1, "J019-1-0001", "题名 J019-1-0001", None, "岭府〔1986〕1号", None, "件", "仅目录", addresses[0]),
        (2, "K020-1-0001", "'=HYPERLINK(1)<b>&", "办公厅", None, "约1871年", "件", "仅目录", addresses[1]),
    ]
    assert rows_of(site, "/openings/990001/2025-03-01.xlsx?lang=en")[1][6] == "file"


@pytest.mark.parametrize(
    ("day", "said", "counted"), [("2025-03-01", "2025年3月1日", "1 卷 1 件"), ("2024-03-01", "2024年3月1日", "2 件")]
)
def test_a_day_counts_on_its_own_page_what_the_list_of_days_says(
    views: PublishedViews, tmp_path: Path, day: str, said: str, counted: str
) -> None:
    site = client(views, tmp_path)
    listed, page = (site.get(path).text for path in ("/openings/990001", f"/openings/990001/{day}"))
    assert f'<time datetime="{day}">{said}</time></a><span class="meta">{counted}</span>' in listed
    assert re.search(rf"<h1>[^<]*{said}[^<]*</h1>\s*<p class=\"also\"><span class=\"meta\">{counted}</span>", page)


def test_fonds_and_series_of_a_day_are_counted_apart_and_numbered_with_the_records(
    views: PublishedViews, tmp_path: Path
) -> None:
    views.put(view("J019", opened="2024-03-01"))
    views.put(view("J019-1", level="类别", opened="2024-03-01"))
    site = client(views, tmp_path)
    counted = '<span class="meta">1 个全宗 · 1 个类别 · 2 件</span>'
    assert counted in site.get("/openings/990001").text
    assert counted in site.get("/openings/990001/2024-03-01").text
    assert "1 fonds · 1 series · 2 items" in site.get("/openings/990001/2024-03-01?lang=en").text
    assert [row[0] for row in rows_of(site, "/openings/990001/2024-03-01.xlsx")][1:] == [1, 2, 3, 4]
    views.marks.put("J019")
    assert '<span class="meta">1 个类别 · 2 件</span>' in site.get("/openings/990001/2024-03-01?lang=zh").text
    views.put(view("K021", opened="2023-03-01"))
    assert '<span class="meta">1 个全宗</span>' in site.get("/openings/990001/2023-03-01").text


def test_a_catalogue_loses_at_once_what_is_closed(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path)
    views.marks.put("J019-1-0001")
    assert codes_on(site.get("/openings/990001/2024-03-01").text) == ["K020-1-0001"]
    assert [row[1] for row in rows_of(site, "/openings/990001/2024-03-01.xlsx")] == ["档号", "K020-1-0001"]
    views.remove("K020-1-0001")
    assert site.get("/openings/990001/2024-03-01").status_code == 404
    assert site.get("/openings/990001/2024-03-01.xlsx").status_code == 404
    assert "2024-03-01" not in site.get("/openings/990001").text


def test_the_same_catalogue_is_the_same_bytes(views: PublishedViews, tmp_path: Path) -> None:
    first, second = (client(views, tmp_path).get("/openings/990001/2024-03-01.xlsx").content for _ in range(2))
    assert first == second
    assert load_workbook(BytesIO(first)).properties.modified.date() == date(2024, 3, 1)


def test_a_long_catalogue_comes_in_parts(
    views: PublishedViews, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (openings_page, __import__("search.doors.portal.browsing.routes", fromlist=["x"])):
        monkeypatch.setattr(room, "LINES_A_SHEET", 1)
    site = client(views, tmp_path)
    page = site.get("/openings/990001/2024-03-01").text
    assert "/openings/990001/2024-03-01.xlsx?part=2" in page
    assert rows_of(site, "/openings/990001/2024-03-01.xlsx?part=2")[1][:2] == (2, "K020-1-0001")
    assert site.get("/openings/990001/2024-03-01.xlsx?part=3").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/recent?page=2", "/recent?page=x", "/openings/000000", "/openings/990001?page=2", "/openings/990001/2024-3-1",
     "/openings/990001/2024-03-02", "/openings/990001/20240301", "/openings/990001/2024-03-01?page=2",
     "/openings/990001/2024-03-01.xlsx?part=0", "/openings/990001/x.xlsx", "/sitemaps/0.xml", "/sitemaps/9.xml",
     "/sitemaps/x.xml", "/about/000000"],
)  # fmt: skip
def test_an_address_of_what_is_not_there_is_not_found(views: PublishedViews, tmp_path: Path, path: str) -> None:
    answer = client(views, tmp_path).get(path)
    assert answer.status_code == 404
    assert "页面不存在" in answer.text


def test_the_feed_tells_what_was_opened_last_and_nothing_that_closed(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path, SiteWords("https://open.example.org"))
    answer = site.get("/feed.xml")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.text)
    assert feed.findtext("a:updated", namespaces=ATOM) == "2025-09-01T00:00:00Z"
    links = [one.get("href") for one in feed.findall("a:entry/a:link", ATOM)]
    assert links[0] == "https://open.example.org/records/J019-1-0002-2"
    assert feed.findall("a:entry/a:title", ATOM)[-1].text == "=HYPERLINK(1)<b>&"
    views.marks.put("J019-1-0002-2")
    feed = ElementTree.fromstring(site.get("/feed.xml").text)
    assert feed.findtext("a:updated", namespaces=ATOM) == "2025-03-01T00:00:00Z"
    assert len(feed.findall("a:entry", ATOM)) == 3


def test_the_feed_calls_a_repository_as_the_page_of_its_readers_does(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path, SiteWords(repositories={"990001": Told(name_hant="嶺瀾省檔案館")}))
    assert " · 嶺瀾省檔案館 · " in site.get("/feed.xml?lang=zh-Hant").text
    assert "嶺瀾省檔案館" not in site.get("/feed.xml?lang=zh").text


def test_the_sitemap_has_every_page_that_stays_and_none_of_what_closed(
    views: PublishedViews, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "RECORDS_A_PART", 4)
    site = client(views, tmp_path, SiteWords("https://open.example.org"))
    assert "Sitemap: https://open.example.org/sitemap.xml" in site.get("/robots.txt").text
    views.marks.put("K020-1-0002")

    def listed(path: str) -> list[str]:
        text = site.get(path.removeprefix("https://open.example.org")).text
        return [one.text or "" for one in ElementTree.fromstring(text).findall("*/s:loc", MAP)]

    parts = listed("/sitemap.xml")
    assert len(parts) == 3
    found = [one for part in parts for one in listed(part)]
    records = [one.rpartition("/")[2] for one in found if "/records/" in one]
    assert records == ["K020-1-0001", "J019-1-0001", "J019-1-0002-1", "J019-1-0002", "J019-1-0002-2"]
    for one in found:
        assert site.get(one.removeprefix("https://open.example.org")).status_code == 200, one
    views.put(view("J019-1-0000", opened="2025-12-01"))
    assert listed(parts[1]) == [one for one in found if "/records/" in one][:4], (
        "what opens later moves no part of before"
    )


def test_pages_tell_engines_their_one_address_and_what_they_are_about(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path, SiteWords("https://open.example.org"))
    page = site.get("/records/990001/K020-1-0001?q=x&lang=zh").text
    assert '<link rel="canonical" href="https://open.example.org/records/K020-1-0001?lang=zh">' in page
    assert 'itemtype="https://schema.org/ArchiveComponent"' in page
    assert '<meta itemprop="name" content="=HYPERLINK(1)&lt;b&gt;&amp;">' in page
    assert page.count("<script") == page.count('<script src="/static/')
    for path in ("/search?q=x", "/nowhere"):
        told = site.get(path).text
        assert '<meta name="robots" content="noindex">' in told
        assert "canonical" not in told


def test_a_repository_tells_what_its_settings_say_and_how_much_of_it_is_here(
    views: PublishedViews, tmp_path: Path
) -> None:
    told = Told(hours=Given("周一\n<b>周二</b>", "Monday"), closed=Given("填表", "Fill in a form"))
    site = client(views, tmp_path, SiteWords(repositories={"990001": told}))
    page = site.get("/about/990001").text
    assert "<p>周一</p><p>&lt;b&gt;周二&lt;/b&gt;</p>" in page
    assert "怎样申请利用未开放的档案" in page
    assert "怎样对已开放的档案提出异议" not in page
    assert "2 个全宗 · 1 卷 5 件" in page
    assert "Monday" in site.get("/about/990001?lang=en").text
    site.cookies.clear()
    assert "這裡沒有登記聯絡方式" in client(views, tmp_path).get("/about/990001?lang=zh-Hant").text
    assert "/about/990001" in site.get("/about").text
    assert "/about/990001" in site.get("/help").text


def test_what_is_not_found_is_said_to_be_perhaps_not_open(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path)
    assert "也可能是这份档案没有开放" in site.get("/records/990001/nothing").text
    assert "The record may also be closed" in site.get("/nowhere?lang=en").text
