"""The map of the site leads readers to all that there is; the number of a government's site stands at the foot."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from search.doors.portal.browsing.told import FootLink, Given, Institution, OwnPage, SiteWords
from search.doors.portal.site import map as site_map
from search.published.views import PublishedViews
from tests.test_search.test_doors.test_browsing.test_fonds_page import client, view

_OWN = Institution(pages=(OwnPage("privacy", Given("隐私声明", "Privacy"), Given("无")),))


@pytest.fixture
def views(tmp_path: Path) -> PublishedViews:
    views = PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1))
    other = replace(view("M040-1-0001"), repository="990002", repository_name="乙馆", repository_name_en="Second")
    for one in (view("J019-1-0001"), view("K020-1-0001"), view("L030-1-0001"), other):
        views.put(one)
    return views


def test_every_page_leads_to_the_map_which_leads_to_all_that_there_is(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path, SiteWords(institution=_OWN))
    assert '<li><a href="/sitemap">网站地图</a></li>' in site.get("/nowhere").text
    page = site.get("/sitemap").text
    leads = set(re.findall(r'href="(/[^"]*)"', page.partition("<main")[2].partition("</main>")[0]))
    for code, fonds in (("990001", ("J019", "K020", "L030")), ("990002", ("M040",))):
        assert {f"/fonds/{code}", f"/openings/{code}", f"/about/{code}"} <= leads
        assert {f"/fonds/{code}/{one}" for one in fonds} <= leads
    assert {"/", "/search", "/recent", "/help", "/about", "/pages/privacy"} <= leads
    for path in leads:
        assert site.get(path).status_code == 200, path
    assert "<h1>Site map</h1>" in site.get("/sitemap?lang=en").text
    assert "<h1>網站地圖</h1>" in site.get("/sitemap?lang=zh-Hant").text
    assert "/sitemap</loc>" in site.get("/sitemaps/lists.xml").text


def test_the_map_names_no_more_than_some_fonds_and_leads_to_the_others(
    views: PublishedViews, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_map, "MOST_FONDS", 2)
    page = client(views, tmp_path).get("/sitemap").text
    assert "/fonds/990001/K020" in page
    assert "/fonds/990001/L030" not in page
    assert '<a href="/fonds/990001">全部 3 个全宗</a>' in page
    assert "全部 1 个全宗" not in page


def test_what_closes_goes_from_the_map_at_once(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path)
    assert "/fonds/990002" in site.get("/sitemap").text
    views.marks.put("M040-1-0001")
    assert "/fonds/990002" not in site.get("/sitemap").text


def test_the_number_of_a_site_stands_at_its_foot_once(views: PublishedViews, tmp_path: Path) -> None:
    def foot(institution: Institution, lang: str = "zh") -> str:
        page = client(views, tmp_path, SiteWords(institution=institution)).get("/", params={"lang": lang}).text
        return page.partition("<footer>")[2]

    coded = Institution(site_code="4199000001")
    assert "<p>网站标识码：4199000001</p>" in foot(coded)
    assert "<p>Government site code: 4199000001</p>" in foot(coded, "en")
    assert "網站標識碼" in foot(coded, "zh-Hant")
    assert "网站标识码" not in foot(Institution())
    told = replace(coded, links=(FootLink(Given("网站标识码：4199000001")),))
    assert foot(told).count("4199000001") == 1
