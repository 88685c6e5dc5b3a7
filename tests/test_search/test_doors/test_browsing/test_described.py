"""What engines and other sites are told of a page: its languages, its picture, its recording; of what is not open nothing."""

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
from search.doors.portal.browsing.told import Institution, SiteWords
from search.doors.portal.record.address import record_path
from search.published.view import PublishedPage
from tests.test_search.test_doors.test_portal import Site, make_view

BASE = "https://open.example.org"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    words = SiteWords(BASE)
    app = create_app(made.views, made.index, made.images, site_name=message("金匮", "Jinkui"), words=words)
    made.client = TestClient(app, headers={"accept-language": "zh"})
    return made


def told(page: str, name: str) -> list[str]:
    """Return what a page says under a property of Open Graph."""
    return re.findall(rf'<meta property="og:{name}" content="([^"]*)">', unescape(page))


def may_fetch(robots: str, path: str) -> bool:
    """Say whether robots.txt lets an address be fetched: the longest rule decides (RFC 9309 §2.2.2)."""
    matching = []
    for rule, _, pattern in (line.partition(": ") for line in robots.splitlines()):
        if rule in ("Allow", "Disallow"):
            wanted = re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$")
            if re.match(wanted, path):
                matching.append((len(pattern), rule == "Allow"))
    return max(matching, default=(0, True))[1]


def test_engines_may_fetch_small_pictures_and_no_others(site: Site) -> None:
    robots = site.client.get("/robots.txt").text
    assert may_fetch(robots, "/images/1/0001/thumbnail.jpg") and may_fetch(robots, "/records/1")
    for path in ("/images/1/0001.jpg", "/images/1/0001/0/0_0.jpg", "/images/1/0001/thumbnail.jpg/x", "/search?q=a"):
        assert not may_fetch(robots, path)


def test_a_page_names_itself_in_every_language(site: Site) -> None:
    page = unescape(site.client.get("/records/1?page=2").text)
    languages = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))
    here = f"{BASE}/records/1?page=2"
    assert languages == {
        "zh-Hans": f"{here}&lang=zh",
        "zh-Hant": f"{here}&lang=zh-Hant",
        "en": f"{here}&lang=en",
        "x-default": here,
    }
    assert f'<link rel="canonical" href="{here}">' in page
    chosen = site.client.get("/records/1?page=2&lang=en")
    assert f'<link rel="canonical" href="{here}&lang=en">' in unescape(chosen.text)


def test_a_record_is_told_with_its_first_picture_and_a_description_with_none(site: Site) -> None:
    page = site.client.get(record_path(make_view("1"))).text
    assert told(page, "title") == ["防汛通知"]
    assert told(page, "image") == []
    view = make_view("1")
    tiled = tuple(replace(one, beside=f"000{one.number}.tiles") for one in view.pages)
    site.views.put(replace(view, pages=tiled))
    (image,) = told(site.client.get("/records/1").text, "image")
    assert image == f"{BASE}/images/1/0001/thumbnail.jpg"
    assert may_fetch(site.client.get("/robots.txt").text, image.removeprefix(BASE))
    assert told(site.client.get(record_path(make_view("2"))).text, "image") == []


def test_a_record_of_a_government_site_is_told_as_an_article_of_its_fonds(site: Site) -> None:
    words = SiteWords(BASE, institution=Institution(site_code="4199000001"))
    app = create_app(site.views, site.index, site.images, site_name=message("金匮", "Jinkui"), words=words)
    view = replace(make_view("1"), opened=date(2021, 9, 1))
    site.views.put(view)
    page = TestClient(app).get("/records/1", params={"lang": "zh"}).text
    tags = dict(re.findall(r'<meta name="([A-Z][A-Za-z]+)" content="([^"]*)">', page))
    assert tags == {
        "SiteName": "金匮",
        "SiteDomain": "open.example.org",
        "SiteIDCode": "4199000001",
        "ColumnName": view.fonds_name,
        "ArticleTitle": "防汛通知",
        "PubDate": "2021-09-01",
        "ContentSource": view.repository_name,
    }


def test_of_what_is_closed_nothing_is_told(site: Site) -> None:
    site.views.marks.put("1")
    page = site.client.get(record_path(make_view("1"))).text
    assert "og:" not in page
    assert "hreflang=" not in page.partition("</head>")[0]
    assert "防汛通知" not in page


@pytest.mark.parametrize(("name", "kind"), [("0001.mp4", "VideoObject"), ("0001.wav", "AudioObject")])
def test_a_recording_is_told_as_what_it_is(site: Site, name: str, kind: str) -> None:
    pages = (PublishedPage(1, "", None, recording=name, recording_sha256="0" * 64),)
    site.views.put(replace(make_view("7"), pages=pages))
    page = site.client.get("/records/7").text
    assert f'itemtype="https://schema.org/ArchiveComponent https://schema.org/{kind}"' in page
    assert f'<link itemprop="contentUrl" href="{BASE}/recordings/7/{name}">' in page
    site.views.put(replace(make_view("7"), pages=(), scope=OnlineScope.CATALOGUE_ONLY))
    assert "contentUrl" not in site.client.get("/records/7").text


def test_the_days_of_a_record_are_told_as_an_interval(site: Site) -> None:
    view = make_view("1")
    site.views.put(replace(view, elements={**view.elements, "date": "19800110-19811218"}))
    page = site.client.get("/records/1").text
    assert '<meta itemprop="temporalCoverage" content="1980-01-10/1981-12-18">' in page


def test_pages_have_titles_of_their_own(site: Site) -> None:
    titles = [
        re.findall("<title>(.*)</title>", site.client.get(path).text)[0]
        for path in ("/records/1", "/records/1?page=2", "/search?q=防汛", "/search?q=防汛&page=2")
    ]
    assert titles == ["防汛通知 – 金匮", "防汛通知 (第 2 页) – 金匮", "防汛 – 金匮", "防汛 (2) – 金匮"]


@pytest.mark.parametrize(
    ("path", "begins"), [("/favicon.ico", b"\x00\x00\x01\x00"), ("/apple-touch-icon.png", b"\x89PNG")]
)
def test_what_browsers_ask_for_by_themselves_is_there(site: Site, path: str, begins: bytes) -> None:
    answer = site.client.get(path)
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert "content-security-policy" in answer.headers
