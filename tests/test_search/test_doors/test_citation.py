"""A record is cited as the reader has it before them: the page, the address that stays, the day."""

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
from search.doors.portal.browsing.told import SiteWords
from search.doors.portal.record.address import record_path
from search.doors.portal.record.citation import citation
from search.published.view import PublishedPage
from tests.test_search.test_doors.test_portal import Site, make_view

DAY = date(2026, 1, 1)
HERE = "https://open.example.org/records/1"


def told(page: PublishedPage | None = None, **said: str | int) -> tuple[str, str, str]:
    """Return the plain citation in both languages and the reference, of a view of which this is said."""
    view = make_view("1")
    view = replace(view, elements={**view.elements, **said})
    cited = citation(view, page, address=HERE, day=DAY)
    return cited.plain.text("zh"), cited.plain.text("en"), cited.reference


def test_everything_is_named_that_finds_the_page_again() -> None:
    zh, en, reference = told(PublishedPage(4, "", None, label="003"))
    assert zh == f"岭澜省档案馆，Z109-WS·1986-Y-BGS-1，防汛通知，1986年4月，第3页，{HERE}（2026年1月1日查阅）"
    assert en == (f"Linglan Archives, Z109-WS·1986-Y-BGS-1, 防汛通知, Apr 1986, p. 3, {HERE} (consulted 1 Jan 2026)")
    assert reference == f"办公厅. 防汛通知：Z109-WS·1986-Y-BGS-1[A/OL]. 岭澜省档案馆，1986-04：3. {HERE}."


@pytest.mark.parametrize(
    ("written", "year", "numbers"),
    [
        ("1986年4月12日", "", "，1986-04-12"), ("1986", "", "，1986"), ("1986-1990", "", "，1986-1990"),
        ("[1952]", "", "，[1952]"), ("约1871年", "", "，[1871]"), ("不详", "", ""), ("不详", "1953", "，1953"),
        ("大跃进时期", "1958", "，1958"), ("", "", ""),
    ],
)  # fmt: skip
def test_a_reference_has_its_date_in_numbers(written: str, year: str, numbers: str) -> None:
    reference = told(date=written, year=year)[2]
    assert reference.endswith(f"[A/OL]. 岭澜省档案馆{numbers}. {HERE}.")


@pytest.mark.parametrize(
    ("page", "number"),
    [
        (PublishedPage(7, "", None), "7"),
        (PublishedPage(7, "", None, label="012v"), "第12页背面"),
        (PublishedPage(1, "", None, label="FM"), "封面"),
        (PublishedPage(9, "", None, label="正本 12"), "正本 第12页"),
    ],
)
def test_a_page_is_cited_by_what_it_is_called_on_paper(page: PublishedPage, number: str) -> None:
    assert told(page)[2].partition("1986-04：")[2].partition(". ")[0] == number


def test_what_is_not_said_is_left_out_and_lines_are_joined() -> None:
    zh, _, reference = told(author="", title="防汛\n通知", date="")
    assert zh == f"岭澜省档案馆，Z109-WS·1986-Y-BGS-1，防汛 通知，{HERE}（2026年1月1日查阅）"
    assert reference.startswith("防汛 通知：Z109-WS")


@pytest.mark.parametrize("address", ["", "https://open.example.org"])
def test_the_page_shows_both_as_text_that_can_be_selected(tmp_path: Path, address: str) -> None:
    site = Site(tmp_path)
    name = message("金匮", "Jinkui")
    app = create_app(site.views, site.index, site.images, site_name=name, words=SiteWords(address))
    asked = TestClient(app, headers={"accept-language": "zh"})
    page = asked.get(record_path(make_view("1"), page=2, words="防汛", search="year=1986")).text
    plain, reference = (
        unescape(re.findall(rf'<p id="cite-{one}"[^>]*>([^<]+)</p>', page)[0]) for one in ("plain", "reference")
    )
    here = f"{address or 'http://testserver'}/records/1?page=2"
    assert here in plain and f". {here}." in reference
    assert not re.search(r"20\d\d-\d\d-\d\d", reference), "the day of reading is in the plain citation alone"
    assert "year" not in plain and "q=" not in plain
    assert re.search(r'<p class="copying" hidden', page), "without script there is no button"
    assert page.count("<script") == page.count('<script src="/static/') > 0
    assert asked.get("/static/citation.js").status_code == 200


def test_a_description_is_cited_without_a_page_and_in_traditional_words(tmp_path: Path) -> None:
    site = Site(tmp_path)
    view = make_view("3", title="档案馆", scope=OnlineScope.CATALOGUE_ONLY)
    site.views.put(view)
    page = site.client.get(record_path(view) + "?lang=zh-Hant").text
    assert (
        "岭澜省档案馆，Z109-WS·1986-Y-BGS-3，档案馆，1986年4月，http://testserver/records/3（2026年1月1日查閱）" in page
    )


def test_a_hostile_title_is_cited_as_text(tmp_path: Path) -> None:
    site = Site(tmp_path)
    view = make_view("1", title='<script>alert(1)</script>{0}{title}" onload="x')
    site.views.put(view)
    page = site.client.get(record_path(view)).text
    assert "<script>alert" not in page
    assert '<script>alert(1)</script>{0}{title}" onload="x' in unescape(page)
